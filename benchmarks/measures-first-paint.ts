/**
 * What a visitor of the page of measures waits for until the proliferation curve is painted: a table of objects is deposited
 * and published, then the page is opened several times in a browser. Counted from the request for the stored numbers (the
 * page's program is there then) and from the opening of the page; beside it, the same counts made anew from the stored
 * Parquet by ranges.
 *
 * node benchmarks/measures-first-paint.ts [objects] [frames] [openings]
 */
import { createWriteStream, readFileSync } from 'node:fs';
import { once } from 'node:events';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { httpSource } from '../packages/formats/src/bytes/byte-source.ts';
import { openParquet } from '../packages/formats/src/tracks/parquet/open-table.ts';
import { newPage } from '../tests/journeys/browser.ts';
import { publishFile, tryPage } from './page-trial.ts';

/** Cells that wander; every track lives through the whole film. */
async function writeWanderers(path: string, objects: number, frames: number): Promise<void> {
  const cells = Math.floor(objects / frames);
  let state = 1;
  const random = () => (state = (state * 48_271) % 2_147_483_647) / 2_147_483_647;
  const [x, y] = [new Float64Array(cells), new Float64Array(cells)].map((one) => one.map(() => random() * 2000));
  const out = createWriteStream(path);
  out.write('track_id,frame,x,y,radius\n');
  for (let frame = 0; frame < frames; frame++) {
    const rows: string[] = [];
    for (let cell = 0; cell < cells; cell++) {
      x![cell]! += random() - 0.5;
      y![cell]! += random() - 0.5;
      rows.push(`${cell},${frame},${x![cell]!.toFixed(3)},${y![cell]!.toFixed(3)},${(4 + 2 * random()).toFixed(2)}\n`);
    }
    if (!out.write(rows.join(''))) await once(out, 'drain');
  }
  out.end();
  await once(out, 'close');
}

/** Milliseconds of one opening of the page. */
interface Opening {
  /** From the request for the stored numbers to the painted curve. */
  fromRequest: number;
  fromAnswer: number;
  /** From the opening of the page. */
  fromOpening: number;
}

/** Notes when the first curve was painted: the task behind the frame that shows it. */
async function watchFirstCurve(page: Page): Promise<void> {
  await page.addInitScript(() => {
    const seen = new MutationObserver(() => {
      const curve = document.querySelector('.measures .plot svg path');
      if (!curve || curve.getBoundingClientRect().width === 0) return;
      seen.disconnect();
      requestAnimationFrame(() => {
        const { port1, port2 } = new MessageChannel();
        port1.onmessage = () => performance.mark('first-curve');
        port2.postMessage(undefined);
      });
    });
    seen.observe(document, { subtree: true, childList: true });
  });
}

async function openOnce(page: Page, address: string): Promise<Opening> {
  await page.goto('about:blank');
  await page.goto(address, { waitUntil: 'commit' });
  await page.waitForFunction(() => performance.getEntriesByName('first-curve').length > 0);
  return await page.evaluate(() => {
    const painted = performance.getEntriesByName('first-curve')[0]!.startTime;
    const entries = performance.getEntriesByType('resource') as PerformanceResourceTiming[];
    const asked = entries.find(({ name }) => /\/measures\?/.test(name))!;
    return {
      fromRequest: painted - asked.startTime,
      fromAnswer: painted - asked.responseEnd,
      fromOpening: painted,
    };
  });
}

/** The same counts from the stored objects: only the column of frames is read. */
async function countFromParquet(address: string): Promise<{ milliseconds: number; bytes: number; objects: number }> {
  const size = Number((await fetch(address, { method: 'HEAD' })).headers.get('content-length'));
  const source = httpSource('objects.parquet', address, size);
  const started = performance.now();
  let bytes = 0;
  const table = await openParquet({
    ...source,
    read: async (...range) => {
      const got = await source.read(...range);
      bytes += got.byteLength;
      return got;
    },
  });
  const counts = new Map<number, number>();
  for (const { start, end } of table.runs) {
    const { values } = await table.read('frame', start, end);
    for (const value of values as Iterable<number | bigint>)
      counts.set(Number(value), (counts.get(Number(value)) ?? 0) + 1);
  }
  const objects = [...counts.values()].reduce((sum, count) => sum + count, 0);
  return { milliseconds: performance.now() - started, bytes, objects };
}

const [objects, frames, openings] = [1_000_000, 50, 7].map((usual, at) => Number(process.argv[2 + at] ?? usual)) as [
  number,
  number,
  number,
];
await tryPage('measures-paint', async ({ folder, browser, serve }) => {
  const file = join(folder, 'wanderers.csv');
  await writeWanderers(file, objects, frames);
  const server = await serve();
  const { study, item } = await publishFile(server, file, { title: 'A million cells', kind: 'tracks' });
  const page = await newPage(browser);
  await watchFirstCurve(page);
  const address = `${server.url}/measures/${study}/1/${item}`;
  // The first opening fills the caches of server and browser, as for whoever comes second.
  const first = await openOnce(page, address);
  const later: Opening[] = [];
  for (let at = 0; at < openings; at++) later.push(await openOnce(page, address));
  if (page.errors.length > 0) throw new Error(page.errors.join('\n'));
  const counted = await countFromParquet(
    `${server.url}/api/v1/studies/${study}/versions/1/items/${item}/content/tracks-0/objects.parquet`,
  );
  if (counted.objects !== Math.floor(objects / frames) * frames)
    throw new Error(`the stored table has ${counted.objects} objects`);
  const client = await page.context().newCDPSession(page);
  const { usedSize } = await client.send('Runtime.getHeapUsage');
  const peak = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${server.process.pid}/status`, 'utf8'));
  const megabytes = { page: usedSize / 1e6, server: (Number(peak?.[1]) * 1024) / 1e6 };
  console.log(JSON.stringify({ benchmark: 'measures-first-paint', objects, frames, first, later, counted, megabytes }));
});
