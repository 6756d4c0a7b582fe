import { createHash } from 'node:crypto';
import { apiBase, routes } from '@micrarium/api';
import { fileTree, memorySource, openZip } from '@micrarium/formats';
import { checkBag } from '@micrarium/repository';
import { checkCrate, type Json } from '@micrarium/standards';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Harness, openHarness } from './harness.ts';
import { describeDraft, fillDraft, publishNext, publishStudy, trackTable } from './publish-study.ts';

let harness: Harness;
let dora: Awaited<ReturnType<Harness['member']>>;
let accession: string;
/** Larger than what a zip writer holds back: its size follows its bytes. */
const large = Array.from({ length: 1_000_000 }, (_, n) => `${n},${n % 97}\n`).join('');
const bagAt = (study = accession, version = 1) => `${apiBase}/studies/${study}/versions/${version}/export.bag.zip`;

beforeAll(async () => {
  harness = await openHarness();
  dora = await harness.member('dora');
  accession = await publishStudy(harness, dora.token, 'Cells in a bag', {
    'tracks.csv': trackTable,
    'raw/100%25 細胞.txt': 'a path with signs',
    'raw/long.txt': large,
    'z.txt': 'the last',
  });
});
afterAll(() => harness.close());

async function unpacked(answer: Response) {
  expect(answer.status).toBe(200);
  const bytes = new Uint8Array(await answer.arrayBuffer());
  expect(String(bytes.length)).toBe(answer.headers.get('content-length'));
  const { tree } = await openZip(memorySource('bag.zip', bytes));
  const entries = tree.entries.map((entry) => ({
    ...entry,
    path: entry.path.slice(entry.path.indexOf('/') + 1),
    open: () => entry.open(),
  }));
  const textOf = async (path: string) => {
    const entry = entries.find((one) => one.path === path);
    return entry && new TextDecoder().decode(await (await entry.open()).read(0, entry.size));
  };
  return { bytes, entries, textOf, checked: await checkBag(fileTree('', entries)) };
}

test('the payload is an RO-Crate that describes the files where they lie in it', async () => {
  const { entries, textOf, checked } = await unpacked(await harness.request(bagAt()));
  expect(checked).toMatchObject({ state: 'valid', version: '1.0', files: 6, issues: [] });
  const crate = JSON.parse((await textOf('data/ro-crate-metadata.json'))!) as Json;
  const below = entries.flatMap(({ path }) => (path.startsWith('data/') ? path.slice(5) : []));
  const around = { fileName: 'ro-crate-metadata.json', paths: new Set([...below, 'files/', 'files/raw/']) };
  expect(checkCrate(crate, around).filter(({ severity }) => severity === 'error')).toEqual([]);
  const graph = (crate as { '@graph': Record<string, unknown>[] })['@graph'];
  const files = graph.filter((one) => one['@type'] === 'File');
  expect(files.map((one) => decodeURIComponent(String(one['@id']))).sort()).toEqual([
    'files/raw/100% 細胞.txt',
    'files/raw/long.txt',
    'files/tracks.csv',
    'files/z.txt',
  ]);
  expect(files.find((one) => one['@id'] === 'files/tracks.csv')).toMatchObject({
    sha256: createHash('sha256').update(trackTable).digest('hex'),
    contentSize: String(trackTable.length),
  });
  expect(graph.find((one) => one['@id'] === './')).toMatchObject({ name: 'Cells in a bag', version: '1' });
  expect(await textOf('manifest-sha512.txt')).toContain('data/files/raw/100%25 細胞.txt');
});

test('a download that broke off is gone on with at any byte, and only if the bag is still the same', async () => {
  const about = await harness.request(bagAt(), { method: 'HEAD' });
  const tag = about.headers.get('etag')!;
  // Before anything was sent whole: what stands in the zip of the files before is read from them.
  const early = await harness.request(bagAt(), { headers: { range: 'bytes=9400000-9500000' } });
  expect(early.status).toBe(206);
  const answer = await harness.request(bagAt());
  expect(answer.headers.get('etag')).toBe(tag);
  const whole = new Uint8Array(await answer.arrayBuffer());
  expect(answer.headers.get('accept-ranges')).toBe('bytes');
  expect(Buffer.compare(new Uint8Array(await early.arrayBuffer()), whole.subarray(9_400_000, 9_500_001))).toBe(0);
  expect(Buffer.compare(whole, new Uint8Array(await (await harness.request(bagAt())).arrayBuffer()))).toBe(0);
  expect(about.headers.get('content-length')).toBe(String(whole.length));
  const part = async (range: string, more: Record<string, string> = {}) => {
    const got = await harness.request(bagAt(), { headers: { range, 'if-range': tag, ...more } });
    return { got, bytes: new Uint8Array(await got.arrayBuffer()) };
  };
  const last = whole.length - 1;
  for (const start of [0, 1, 37, 5000, 300_000, whole.length - 5_000_000, whole.length - 3000, last]) {
    const { got, bytes } = await part(`bytes=${start}-`);
    expect([got.status, got.headers.get('content-range')]).toEqual([206, `bytes ${start}-${last}/${whole.length}`]);
    expect(Buffer.compare(bytes, whole.subarray(start)), String(start)).toBe(0);
  }
  for (const [start, end] of [
    [0, 0],
    [10, 4000],
    [4_000_000, 4_000_100],
  ] as const)
    expect(Buffer.compare((await part(`bytes=${start}-${end}`)).bytes, whole.subarray(start, end + 1))).toBe(0);
  expect((await part(`bytes=${whole.length}-`)).got.status).toBe(416);
  expect((await part('bytes=5-', { 'if-range': '"another"' })).got.status).toBe(200);
  expect((await harness.request(bagAt(), { headers: { 'if-none-match': tag } })).status).toBe(304);
});

test('a bag that names its files holds none of them, and is whole once they are fetched', async () => {
  const held = await unpacked(await harness.request(`${bagAt()}?files=held`));
  const { entries, textOf, checked } = await unpacked(await harness.request(`${bagAt()}?files=named`));
  expect(checked).toMatchObject({ state: 'incomplete' });
  expect(entries.map(({ path }) => path)).not.toContain('data/files/tracks.csv');
  for (const manifest of ['manifest-sha256.txt', 'manifest-sha512.txt', 'bag-info.txt'])
    expect(await textOf(manifest)).toBe(await held.textOf(manifest));
  const lines = (await textOf('fetch.txt'))!.trim().split('\n');
  expect(lines.length).toBe(4);
  const fetched = await Promise.all(
    lines.map(async (line) => {
      const [, url, size, path] = /^(\S+) (\d+) (.+)$/.exec(line)!;
      const bytes = new Uint8Array(await (await harness.request(new URL(url!).pathname)).arrayBuffer());
      expect(bytes.length).toBe(Number(size));
      const name = path!.replaceAll('%25', '%');
      return { path: name, size: bytes.length, open: async () => memorySource(name, bytes) };
    }),
  );
  const filled = await checkBag(fileTree('', [...entries, ...fetched]));
  expect(filled.issues.filter(({ severity }) => severity === 'error')).toEqual([]);
  // Its own name and its own tag: a cache must not mistake one for the other.
  const answers = await Promise.all(
    ['held', 'named'].map((files) => harness.request(`${bagAt()}?files=${files}`, { method: 'HEAD' })),
  );
  expect(new Set(answers.map(({ headers }) => headers.get('etag'))).size).toBe(2);
  expect(answers[1]!.headers.get('content-disposition')).toContain(`${accession}-v1-holey-bag.zip`);
  expect((await harness.request(`${bagAt()}?files=some`)).status).toBe(400);
});

test('above ten gigabytes the files are named by themselves', async () => {
  const big = await publishStudy(harness, dora.token, 'As if it were large');
  await harness.services.db
    .updateTable('study_version')
    .set({ byte_count: 10_000_000_001 })
    .where('accession', '=', big)
    .execute();
  const name = async (query: string) =>
    (await harness.request(bagAt(big) + query)).headers.get('content-disposition') ?? '';
  expect(await name('')).toContain('-v1-holey-bag.zip');
  expect(await name('?files=held')).toContain('-v1-bag.zip');
});

test('files that are not open to everybody are not named for fetching', async () => {
  const closed = await publishStudy(harness, dora.token, 'Closed for a while');
  await harness.services.states.change(closed, { state: 'controlled', reason: 'People may be known by them.' });
  const refused = await harness.request(`${bagAt(closed)}?files=named`, { as: dora.token });
  expect(refused.status).toBe(409);
  expect(await refused.json()).toMatchObject({ code: 'state-conflict', detail: expect.stringContaining('files=held') });
  // Too large or not, whoever may read them gets them in the bag.
  await harness.services.db
    .updateTable('study_version')
    .set({ byte_count: 10_000_000_001 })
    .where('accession', '=', closed)
    .execute();
  const { checked, textOf } = await unpacked(await harness.request(bagAt(closed), { as: dora.token }));
  expect(checked).toMatchObject({ state: 'valid' });
  expect(await textOf('data/ro-crate-metadata.json')).toContain('conditionsOfAccess');
  expect((await harness.request(bagAt(closed))).status).toBe(403);
});

test('a reviewer without names gets a bag without names, of what is not published yet', async () => {
  const client = harness.client(dora.token);
  const { id, accession: study } = await client.call(routes.createDraft, {});
  await fillDraft(harness, dora.token, id, { 'tracks.csv': trackTable, 'notes.txt': 'cells' });
  await describeDraft(harness, dora.token, id, 'For the referee');
  const made = await harness.request(`${apiBase}/studies/${study}/private-links`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ version: 1, hidesNames: true }),
    as: dora.cookie,
  });
  expect([200, 201]).toContain(made.status);
  const { secret } = (await made.json()) as { secret: string };
  const headers = { authorization: `Bearer ${secret}` };
  const answer = await harness.request(bagAt(study), { headers });
  expect(answer.headers.get('accept-ranges')).toBe('none');
  const { checked, entries, textOf } = await unpacked(answer);
  expect(checked).toMatchObject({ state: 'valid', issues: [] });
  for (const { path } of entries)
    expect(`${path}\n${await textOf(path)}`).not.toMatch(/dora|Hanako|Yamada|Example University|example\.org/);
  expect(await textOf('data/ro-crate-metadata.json')).toContain('For the referee');
  expect((await harness.request(`${bagAt(study)}?files=named`, { headers })).status).toBe(409);
});

test('a further version, whose files lie in the first, has their digests too', async () => {
  await publishNext(harness, dora.token, accession, 'Cells in a bag', { 'more.csv': trackTable.replace('4,3', '5,3') });
  const { checked, textOf } = await unpacked(await harness.request(bagAt(accession, 2)));
  expect(checked).toMatchObject({ state: 'valid', files: 7, issues: [] });
  expect((await textOf('manifest-sha512.txt'))!.trim().split('\n').length).toBe(7);
  expect(harness.faults).toEqual([]);
});
