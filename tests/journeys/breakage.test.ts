import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import * as zarr from 'zarrita';
import {
  type Depositor,
  depositor,
  hasSamples,
  makeOwner,
  makeToken,
  runMicrarium,
  samples,
  studyValues,
  writeJson,
} from './depositor.ts';
import { removeData, type RunningServer, startServer } from './server-under-test.ts';

const film = join(samples, 'images/tiff/FakeTracks.tif');
const tracks = join(samples, 'tracks/trackmate/faketracks-v3.4.2.xml');
const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');

/** Every file below a folder. */
function filesBelow(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
}

interface Item {
  id: string;
  format: string;
}

describe.runIf(hasSamples)('what is broken on the disk is seen from outside', () => {
  let server: RunningServer;
  let ada: Depositor;
  let base: string;
  let filmItem: string;
  let trackItem: string;
  const get = (path: string) => fetch(`${base}${path}`);
  const digest = async (path: string) => {
    const answer = await get(path);
    expect(answer.status, path).toBe(200);
    return sha256(new Uint8Array(await answer.arrayBuffer()));
  };
  /** The one stored file of a name. */
  const stored = (name: string) => {
    const found = filesBelow(join(server.dataFolder, 'derived')).filter((path) => basename(path) === name);
    expect(found, name).toHaveLength(1);
    return found[0]!;
  };
  /** Asks until a form that was dropped has been made again. */
  const untilMade = async (path: string) => {
    for (const until = Date.now() + 60_000; ; ) {
      const answer = await get(path);
      await answer.arrayBuffer();
      if (answer.status === 200 || Date.now() > until) return answer.status;
      expect(answer.status, path).toBe(503);
      expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0);
      await new Promise((resolve) => setTimeout(resolve, 300));
    }
  };
  const rows = async () => {
    const answer = await get(`/items/${trackItem}/objects?limit=1000`);
    expect(answer.status).toBe(200);
    const page = (await answer.json()) as { columns: { name: string }[]; rows: number[][] };
    const at = (name: string) => page.columns.findIndex((column) => column.name === name);
    return page.rows.map((row) => ({ id: row[at('object_id')]!, x: row[at('x')]! }));
  };
  /** A plane of the film as a viewer reads it. */
  const plane = async () => {
    const store = new zarr.FetchStore(`${base}/items/${filmItem}/content/image-0.zarr/0`);
    const array = await zarr.open(store, { kind: 'array' });
    return sha256((await zarr.get(array, [25, 0, 0, null, null])).data as Uint8Array);
  };

  beforeAll(async () => {
    server = await startServer({ environment: { MICRARIUM_PAGES: 'off' } });
    ada = depositor(server.url, (await makeToken(await makeOwner(server), ['deposit'])).secret);
    const metadata = writeJson(ada.folder, 'study.json', studyValues('Spots that move'));
    const run = await ada.deposit([film, tracks, '--metadata', metadata, '--accept-pairs', '--publish']);
    expect(run.code, run.stderr).toBe(0);
    base = `${server.url}/api/v1/studies/${run.answer!.study}/versions/1`;
    const { items } = (await (await get('')).json()) as { items: Item[] };
    filmItem = items.find((item) => item.format === 'imagej-tiff')!.id;
    trackItem = items.find((item) => item.format === 'trackmate')!.id;
  });
  afterAll(async () => {
    await server?.stop();
    if (server) removeData(server);
  });

  test('a stored film that is deleted is missed at once, and made again', async () => {
    const ozx = `/items/${filmItem}/content/image-0.ozx`;
    const [before, seen] = [await digest(ozx), await plane()];
    rmSync(stored('image-0.ozx'));
    const gone = await get(ozx);
    expect(gone.status).toBe(503);
    expect(await gone.json()).toMatchObject({ code: 'form-being-made' });
    expect(await untilMade(ozx)).toBe(200);
    expect([await digest(ozx), await plane()]).toEqual([before, seen]);
  });

  test('bytes of a chunk that change are seen by the viewer and in the export, until the form is dropped', async () => {
    const exported = `/items/${filmItem}/export/ome-zarr-0.4.zip`;
    const [before, zip] = [await plane(), await digest(exported)];
    const file = stored('image-0.ozx');
    const bytes = readFileSync(file);
    // Everything between the first and the last entries is chunks.
    bytes.fill(0x55, Math.floor(bytes.length * 0.1), Math.floor(bytes.length * 0.9));
    writeFileSync(file, bytes);
    expect(await plane().catch(() => 'cannot be read')).not.toBe(before);
    const outcome = await get(exported)
      .then(async (answer) => (answer.ok ? sha256(new Uint8Array(await answer.arrayBuffer())) : answer.status))
      .catch(() => 'broken off');
    expect(outcome).not.toBe(zip);
    rmSync(dirname(file), { recursive: true });
    expect(await untilMade(`/items/${filmItem}/content/image-0.ozx`)).toBe(200);
    expect([await plane(), await digest(exported)]).toEqual([before, zip]);
  });

  test('a value edited in a table is the value everybody is given, until the form is dropped', async () => {
    const before = await rows();
    const [csv, measures, bd5] = ['export/objects.csv', 'measures', 'export/bd5.h5'].map(
      (path) => `/items/${trackItem}/${path}`,
    );
    const state = async () => [await digest(csv!), await digest(bd5!)];
    const measured = await digest(measures!);
    const clean = await state();
    const file = stored('objects.parquet');
    const bytes = readFileSync(file);
    const original = Buffer.alloc(8);
    original.writeDoubleLE(before[0]!.x);
    const at = bytes.indexOf(original);
    expect(at, 'the table holds its numbers plainly').toBeGreaterThan(0);
    bytes.writeDoubleLE(before[0]!.x + 1000, at);
    writeFileSync(file, bytes);
    expect(await rows()).toEqual(before.map((row, index) => (index === 0 ? { ...row, x: row.x + 1000 } : row)));
    const edited = await state();
    for (const [index, one] of edited.entries()) expect(one).not.toBe(clean[index]);
    const table = join(ada.folder, 'edited.csv');
    writeFileSync(table, await (await get(csv!)).text());
    expect(readFileSync(table, 'utf8')).toContain(String(before[0]!.x + 1000));
    const inspected = await runMicrarium(['inspect', table, '--json']);
    expect(JSON.parse(inspected.stdout)).toMatchObject({ counts: { objects: 243 } });

    truncateSync(file, statSync(file).size >> 1);
    // Measures are a table of their own.
    const paths = stored('paths.parquet');
    truncateSync(paths, statSync(paths).size >> 1);
    for (const path of [`/items/${trackItem}/objects`, csv!, measures!]) {
      const answer = await get(path)
        .then(async (one) => (await one.text(), one.status))
        .catch(() => 'broken off');
      expect(answer, path).not.toBe(200);
    }
    for (const form of [file, paths]) rmSync(dirname(dirname(form)), { recursive: true, force: true });
    expect(await untilMade(`/items/${trackItem}/objects`)).toBe(200);
    expect(await untilMade(measures!)).toBe(200);
    expect(await rows()).toEqual(before);
    expect([...(await state()), await digest(measures!)]).toEqual([...clean, measured]);
  });

  test('every derived form may be dropped: all are made again from the originals, the same bytes', async () => {
    const paths = [
      `/items/${filmItem}/content/image-0.ozx`,
      `/items/${filmItem}/content/image-0.thumbnail.png`,
      `/items/${trackItem}/content/tracks-0/objects.parquet`,
      `/items/${trackItem}/content/tracks-0/edges.parquet`,
    ];
    const before = await Promise.all(paths.map(digest));
    const derived = join(server.dataFolder, 'derived');
    for (const name of readdirSync(derived)) rmSync(join(derived, name), { recursive: true });
    for (const path of paths) expect(await untilMade(path), path).toBe(200);
    expect(await Promise.all(paths.map(digest))).toEqual(before);
  });

  test('an original that is removed from the archive is told missing, and the rest stays', async () => {
    const archived = filesBelow(join(server.dataFolder, 'archive')).filter(
      (path) => basename(path) === 'FakeTracks.tif',
    );
    expect(archived).toHaveLength(1);
    rmSync(archived[0]!);
    const answer = await get('/files/FakeTracks.tif');
    expect(answer.status).toBe(410);
    expect(answer.headers.get('content-type')).toContain('application/problem+json');
    expect(await answer.json()).toMatchObject({ code: 'bytes-lost' });
    expect((await get('/files/faketracks-v3.4.2.xml')).status).toBe(200);
    // The rest can be taken along, and what is not in it is named there.
    const whole = await get('/export.zip');
    expect(whole.status).toBe(200);
    expect(Buffer.from(await whole.arrayBuffer()).includes('lost.txt')).toBe(true);
    // A new study with the same bytes needs them sent again: nothing claims to have them.
    const metadata = writeJson(ada.folder, 'again.json', studyValues('Once more'));
    const run = await ada.deposit([film, '--study', 'new', '--metadata', metadata, '--publish']);
    expect(run.code, run.stderr).toBe(0);
    expect(run.answer).toMatchObject({ sent: 1, state: 'published' });
  });
});
