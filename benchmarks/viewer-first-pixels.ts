/**
 * What a visitor's browser fetches and waits for until a time-lapse that declares 100 GB is on the screen: everything
 * counted (page, scripts, fonts, directories, indexes, chunks), nothing cached, from the running server; then how many
 * time points a second are drawn when one goes through all of them with the arrow key and when they are played, and the
 * memory of the page meanwhile. On a quiet machine of two cores that draws by software it takes about three minutes: the window
 * is small then, and each part ends when its time is up, saying how far it came.
 *
 * node benchmarks/viewer-first-pixels.ts [--real 500] [--points 500] [--seconds 70] [--keep PICTURE.png]
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { Page } from 'playwright-core';
import { processesBelow } from '../tests/journeys/server-under-test.ts';
import { decodeJpeg } from '../packages/formats/src/images/jpeg/decode.ts';
import { make } from './measured-process.ts';
import { publishFile, tryPage } from './page-trial.ts';

/** What came over the wire, by address. */
interface Transfer {
  bytes(): number;
  largest(): { url: string; bytes: number }[];
  requests(): number;
}

/** Counts bytes as they come over the wire, headers included, of the page and of its workers. */
async function countTransfer(page: Page): Promise<Transfer> {
  const browser = await page.context().newCDPSession(page);
  // What comes is counted, not looked at: kept for us, it would lie in the memory that is measured here. What the driver of the
  // browser has it keep, 100 MB at most, stays there.
  await browser.send('Network.enable', { maxTotalBufferSize: 0, maxResourceBufferSize: 0 });
  await browser.send('Network.setCacheDisabled', { cacheDisabled: true });
  const urls = new Map<string, string>();
  const got = new Map<string, number>();
  browser.on('Network.requestWillBeSent', ({ requestId, request }) => void urls.set(requestId, request.url));
  browser.on('Network.dataReceived', ({ requestId, encodedDataLength }) => {
    got.set(requestId, (got.get(requestId) ?? 0) + encodedDataLength);
  });
  // What it ends with counts headers too, and is the whole.
  browser.on('Network.loadingFinished', ({ requestId, encodedDataLength }) => {
    got.set(requestId, Math.max(got.get(requestId) ?? 0, encodedDataLength));
  });
  return {
    bytes: () => [...got.values()].reduce((sum, one) => sum + one, 0),
    requests: () => urls.size,
    largest: () =>
      [...got]
        .map(([id, bytes]) => ({ url: (urls.get(id) ?? id).replace(/^https?:\/\/[^/]+/, ''), bytes }))
        .sort((a, b) => b.bytes - a.bytes)
        .slice(0, 25),
  };
}

/** Most seconds until something must be on the stage. */
const patience = 120;

/**
 * Watches the page as a film of small pictures until the stage shows more than its background: a picture of full size takes
 * a machine without graphics card longer than the page takes to open.
 * @returns seconds since `started`, and bytes until then
 */
async function firstPixels(
  page: Page,
  transfer: Transfer,
  started: number,
): Promise<{ seconds: number; bytes: number }> {
  const screen = await page.context().newCDPSession(page);
  const first = new Promise<{ seconds: number; bytes: number }>((resolve) => {
    screen.on('Page.screencastFrame', ({ data, sessionId }) => {
      const bytes = transfer.bytes();
      void screen.send('Page.screencastFrameAck', { sessionId }).catch(() => undefined);
      const seconds = (performance.now() - started) / 1000;
      if (isFilmShown(decodeJpeg(Buffer.from(data, 'base64'), { maxPixels: 2 ** 20 }))) resolve({ seconds, bytes });
    });
  });
  // The browser may be putting the new page in place of the blank one just then, and refuses.
  for (let tries = 0; ; tries++)
    try {
      const size = { maxWidth: 360, maxHeight: 225 };
      await screen.send('Page.startScreencast', { format: 'jpeg', quality: 90, ...size, everyNthFrame: 1 });
      break;
    } catch (fault) {
      if (tries === 20) throw fault;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  const late = new Promise<never>((_, reject) => {
    const why = () => new Error(`nothing was drawn in ${patience} s at ${page.url()}`);
    setTimeout(() => reject(why()), patience * 1000).unref();
  });
  try {
    return await Promise.race([first, late]);
  } finally {
    await screen.detach();
  }
}

/**
 * Is a part of the middle of the stage bright, and the head above it dark? The lower and right parts are the page's own, and
 * before the viewer is there the page is white.
 */
function isFilmShown({
  width,
  height,
  samples,
  data,
}: {
  width: number;
  height: number;
  samples: number;
  data: ArrayLike<number>;
}): boolean {
  let [bright, all] = [0, 0];
  const brightness = (x: number, y: number) => {
    const at = (y * width + x) * samples;
    return Math.max(data[at]!, data[at + 1]!, data[at + 2]!);
  };
  const head = Array.from({ length: width >> 1 }, (_, at) => brightness(at * 2, 2)).sort((a, b) => a - b);
  if (head[head.length >> 1]! > 60) return false;
  for (let y = Math.floor(height * 0.3); y < height * 0.7; y++)
    for (let x = Math.floor(width * 0.25); x < width * 0.6; x++, all++) if (brightness(x, y) > 100) bright++;
  return bright > all / 20;
}

/** How many time points were gone through and drawn in a time, and the memory of the page after every fiftieth of them. */
interface Walked {
  points: number;
  drawn: number;
  seconds: number;
  /** Drawn, while each was waited for. */
  pointsPerSecond: number;
  /** Most of the page's process, in units of 10^6 bytes, and after how many points each was looked at. */
  megabytes: number;
  course: [points: number, megabytes: number][];
}

/** Looks at the memory of the page as points go by. */
class MemoryCourse {
  most = 0;
  readonly course: [number, number][] = [];
  private next = 0;

  look(points: number): void {
    if (points < this.next) return;
    this.next = points + 50;
    const megabytes = pageMegabytes();
    this.most = Math.max(this.most, megabytes);
    this.course.push([points, megabytes]);
  }
}

function walked(gone: { points: number; drawn: number }, started: number, memory: MemoryCourse): Walked {
  memory.look(Number.POSITIVE_INFINITY);
  memory.course.at(-1)![0] = gone.points;
  const seconds = (performance.now() - started) / 1000;
  return { ...gone, seconds, pointsPerSecond: gone.drawn / seconds, megabytes: memory.most, course: memory.course };
}

/** Goes some points on by the arrow key, in the page itself; each is waited for some milliseconds. @returns how many were drawn */
async function stepOn(page: Page, from: number, steps: number, patience: number): Promise<number> {
  return await page.evaluate(
    async ([first, count, limit]) => {
      const stage = document.querySelector('[data-testid=stage]')!;
      let drawn = 0;
      for (let at = first! + 1; at <= first! + count!; at++) {
        const until = performance.now() + limit!;
        document.body.dispatchEvent(new KeyboardEvent('keydown', { key: 'ArrowRight', bubbles: true }));
        const isDrawn = () => stage.getAttribute('data-drawn') === String(at);
        while (performance.now() < until && !isDrawn()) await new Promise((resolve) => setTimeout(resolve, 4));
        if (isDrawn()) drawn++;
      }
      return drawn;
    },
    [from, steps, patience],
  );
}

/** Points after which the clock is looked at. */
const stride = 10;
/** Most milliseconds a point is waited for. */
const pointPatience = 3000;

/**
 * Goes through the film by the arrow key. For half of the time the next step comes when the one before is drawn, which gives the
 * rate; then each of the rest has its share of the other half, as when a hand hurries on: so all points are gone through.
 */
async function scrub(page: Page, points: number, limit: number): Promise<Walked> {
  await page.getByRole('slider', { name: 'Time' }).fill('0');
  await page.locator('.axis output').first().click();
  const memory = new MemoryCourse();
  const started = performance.now();
  const passed = () => performance.now() - started;
  const half = limit * 500;
  let [at, drawn] = [0, 0];
  const go = async (steps: number, patience: number) => {
    memory.look(at);
    const made = await stepOn(page, at, Math.min(steps, points - 1 - at), patience);
    at = Math.min(points - 1, at + steps);
    return made;
  };
  while (at < points - 1 && passed() < half) drawn += await go(stride / 5, pointPatience);
  const rate = drawn / (passed() / 1000);
  const share = half / Math.max(1, points - 1 - at);
  while (at < points - 1) drawn += await go(stride, share);
  return { ...walked({ points: at, drawn }, started, memory), pointsPerSecond: rate };
}

/**
 * Plays the film from its first to its last time point as fast as the page offers; a point follows when the one before was
 * drawn, so that none is left out.
 */
async function play(page: Page, points: number, limit: number): Promise<Walked> {
  await page.getByRole('slider', { name: 'Time' }).fill('0');
  const place = page.locator('.axis output b').first();
  await page.getByLabel('Speed of playing').selectOption('50');
  const memory = new MemoryCourse();
  const started = performance.now();
  await page.getByRole('button', { name: 'Play: Time' }).click();
  let at = 0;
  while (at < points - 1 && performance.now() - started < limit * 1000) {
    at = Math.max(at, Number.parseInt((await place.textContent()) ?? '', 10) - 1);
    memory.look(at);
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  const result = walked({ points: at, drawn: at }, started, memory);
  await page.getByRole('button', { name: 'Pause: Time' }).click();
  return result;
}

/** Memory of the browser's page processes (the largest is ours), in units of 10^6 bytes. */
function pageMegabytes(): number {
  let most = 0;
  for (const pid of processesBelow(process.pid)) {
    try {
      if (!readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('--type=renderer')) continue;
      const kibibytes = Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0);
      most = Math.max(most, (kibibytes * 1024) / 1e6);
    } catch {
      // It ended meanwhile.
    }
  }
  return Math.round(most);
}

const { values } = parseArgs({
  options: {
    real: { type: 'string', default: '500' },
    points: { type: 'string', default: '500' },
    seconds: { type: 'string', default: '70' },
    keep: { type: 'string' },
  },
});
const begun = performance.now();
/** Says how long it has taken so far. */
const told = (what: string) => console.error(`${((performance.now() - begun) / 1000).toFixed(1)} s: ${what}`);
await tryPage('first-pixels', async ({ folder, browser, serve }) => {
  const film = join(folder, 'hundred-gigabytes.ozx');
  make('generate-time-lapse.ts', film, values.real);
  told('made');
  const server = await serve();
  told('server started');
  const { study, item } = await publishFile(server, film, { title: 'A hundred gigabytes', kind: 'image' });
  told('published');
  const page = await (await browser.newContext({ viewport: { width: 1440, height: 900 } })).newPage();
  const transfer = await countTransfer(page);
  const started = performance.now();
  await page.goto(`${server.url}/viewer/${study}/1/${item}`, { waitUntil: 'commit' });
  const first = await firstPixels(page, transfer, started).catch(async (error: unknown) => {
    if (values.keep !== undefined) await page.screenshot({ path: values.keep });
    console.error(
      transfer
        .largest()
        .map(({ url, bytes }) => `${bytes} ${url}`)
        .join('\n'),
    );
    throw error;
  });
  told('first pixels');
  const requests = transfer.requests();
  await page.waitForLoadState('networkidle');
  const settled = transfer.bytes();
  console.error(
    transfer
      .largest()
      .map(({ url, bytes }) => `${bytes} ${url}`)
      .join('\n'),
  );
  if (values.keep !== undefined) await page.screenshot({ path: values.keep });
  const before = pageMegabytes();
  told('settled');
  const [points, limit] = [Number(values.points), Number(values.seconds)];
  // Drawn by the processor, a small stage leaves the time to what is measured: reading, unpacking, handing over.
  await page.setViewportSize({ width: 900, height: 600 });
  const scrubbed = await scrub(page, points, limit);
  told('scrubbed');
  const played = await play(page, points, limit);
  told('played');
  console.log(
    JSON.stringify({
      benchmark: 'viewer-first-pixels',
      first: { ...first, requests },
      settled,
      before,
      scrubbed,
      played,
      points,
    }),
  );
});
