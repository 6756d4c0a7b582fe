import { afterEach, expect, test, vi } from 'vitest';
import { openRemoteZarr, RemoteZarrError } from './remote-zarr.ts';

const json = JSON.stringify;
const array = json({
  zarr_format: 2,
  shape: [1, 4, 6],
  chunks: [1, 4, 6],
  dtype: '|u1',
  compressor: null,
  filters: null,
  fill_value: 0,
  order: 'C',
  dimension_separator: '/',
});
const image = json({
  multiscales: [
    {
      version: '0.4',
      axes: [
        { name: 't', type: 'time' },
        { name: 'y', type: 'space', unit: 'micrometer' },
        { name: 'x', type: 'space', unit: 'micrometer' },
      ],
      datasets: [{ path: '0', coordinateTransformations: [{ type: 'scale', scale: [1, 0.5, 0.5] }] }],
    },
  ],
});
const wells = Array.from({ length: 40 }, (_, n) => ({ path: `A/${n + 1}`, rowIndex: 0, columnIndex: n }));
const plate = json({
  plate: {
    version: '0.4',
    rows: [{ name: 'A' }],
    columns: wells.map((_, n) => ({ name: String(n + 1) })),
    wells,
  },
});

/** A server elsewhere with these files, below `/data/`. */
function serve(files: Readonly<Record<string, string | Uint8Array>>, otherwise = 404): string[] {
  const asked: string[] = [];
  vi.stubGlobal('fetch', async (url: string, init: RequestInit) => {
    expect(init.credentials).toBe('omit');
    const path = new URL(url).pathname.replace('/data/', '');
    asked.push(path);
    const body = files[path];
    return body === undefined ? new Response('not here', { status: otherwise }) : new Response(body as BodyInit);
  });
  return asked;
}
afterEach(() => vi.unstubAllGlobals());

const chunk = Uint8Array.from({ length: 24 }, (_, n) => n);

test('opens a folder that cannot be listed, and reads its chunks when they are wanted', async () => {
  const asked = serve({ 'a.zarr/.zattrs': image, 'a.zarr/0/.zarray': array, 'a.zarr/0/0/0/0': chunk });
  const { images, issues } = await openRemoteZarr('https://elsewhere.example/data/a.zarr/.zattrs');
  expect(issues.filter(({ severity }) => severity === 'error')).toEqual([]);
  expect(images[0]!.description).toMatchObject({ name: 'a', sizes: { x: 6, y: 4 }, voxelSize: { x: { value: 0.5 } } });
  expect(asked).not.toContain('a.zarr/0/0/0/0');
  const block = await images[0]!.readRegion({ t: 0, c: 0, z: 0 });
  expect([...(block.data as Uint8Array)]).toEqual([...chunk]);
});

test('takes what a store without a right to list answers as a chunk that is not there', async () => {
  serve({ 'a.zarr/.zattrs': image, 'a.zarr/0/.zarray': array }, 403);
  const { images } = await openRemoteZarr('https://elsewhere.example/data/a.zarr');
  const block = await images[0]!.readRegion({ t: 0, c: 0, z: 0 });
  expect(new Set(block.data as Uint8Array)).toEqual(new Set([0]));
});

test('looks up the first wells of a plate only', async () => {
  const files: Record<string, string> = { 'p.zarr/.zattrs': plate };
  for (const { path } of wells) {
    files[`p.zarr/${path}/.zattrs`] = json({ well: { version: '0.4', images: [{ path: '0' }] } });
    files[`p.zarr/${path}/0/.zattrs`] = image;
    files[`p.zarr/${path}/0/0/.zarray`] = array;
  }
  const asked = serve(files);
  const { images, issues } = await openRemoteZarr('https://elsewhere.example/data/p.zarr/');
  expect(images).toHaveLength(12);
  expect(images[3]!.place).toMatchObject({ row: 'A', column: '4' });
  expect(issues.filter(({ severity }) => severity === 'error')).toEqual([]);
  expect(asked.filter((path) => path.startsWith('p.zarr/A/13'))).toEqual([]);
});

test.each([
  ['no address', 'not an address', 'no-address'],
  ['a file of this machine', 'file:///etc/passwd', 'no-address'],
  ['a page', 'https://elsewhere.example/data/page', 'no-zarr'],
  ['nothing', 'https://elsewhere.example/data/nothing.zarr', 'no-zarr'],
])('says what is wrong with %s', async (_name, address, fault) => {
  serve({ 'page/zarr.json': '<html>Not found</html>' });
  await expect(openRemoteZarr(address)).rejects.toMatchObject({ fault });
});

test('tells a server that refuses from one that does not answer', async () => {
  serve({}, 500);
  await expect(openRemoteZarr('https://elsewhere.example/data/a.zarr')).rejects.toMatchObject({
    fault: 'refused',
    status: 500,
  });
  vi.stubGlobal('fetch', () => Promise.reject(new TypeError('Failed to fetch')));
  const failed = openRemoteZarr('https://elsewhere.example/data/a.zarr');
  await expect(failed).rejects.toBeInstanceOf(RemoteZarrError);
  await expect(failed).rejects.toMatchObject({
    fault: 'no-answer',
    url: 'https://elsewhere.example/data/a.zarr/zarr.json',
  });
});

test('a server that falls silent within a plane is named by the address that was asked', async () => {
  serve({ 'a.zarr/.zattrs': image, 'a.zarr/0/.zarray': array });
  const { images } = await openRemoteZarr('https://elsewhere.example/data/a.zarr');
  vi.stubGlobal('fetch', () => Promise.reject(new TypeError('Failed to fetch')));
  const failed = images[0]!.readRegion({ t: 0, c: 0, z: 0 });
  await expect(failed).rejects.toThrow('https://elsewhere.example/data/a.zarr/0/0/0/0 gave no answer');
  await expect(failed).rejects.toMatchObject({ cause: { fault: 'no-answer' } });
});

test('reads shards of a server that lets other sites send no range that counts from the end', async () => {
  const bytes = { name: 'bytes', configuration: { endian: 'little' } };
  const sharded = json({
    zarr_format: 3,
    node_type: 'array',
    shape: [1, 4, 6],
    data_type: 'uint8',
    chunk_grid: { name: 'regular', configuration: { chunk_shape: [1, 4, 6] } },
    chunk_key_encoding: { name: 'default', configuration: { separator: '/' } },
    fill_value: 0,
    codecs: [
      {
        name: 'sharding_indexed',
        configuration: { chunk_shape: [1, 4, 6], codecs: [bytes], index_codecs: [bytes], index_location: 'end' },
      },
    ],
    dimension_names: ['t', 'y', 'x'],
  });
  const { multiscales } = JSON.parse(image);
  const group = json({ zarr_format: 3, node_type: 'group', attributes: { ome: { version: '0.5', multiscales } } });
  const index = new Uint8Array(new BigUint64Array([0n, 24n]).buffer);
  const shard = Uint8Array.from([...chunk, ...index]);
  const files: Record<string, string | Uint8Array> = {
    'a.zarr/zarr.json': group,
    'a.zarr/0/zarr.json': sharded,
    'a.zarr/0/c/0/0/0': shard,
  };
  const asked: string[] = [];
  vi.stubGlobal('fetch', async (url: string, init: RequestInit) => {
    const body = files[new URL(url).pathname.replace('/data/', '')];
    const range = (init.headers as { range?: string } | undefined)?.range;
    if (range) asked.push(range);
    // What a browser does with a range that is not allowed.
    if (range?.startsWith('bytes=-')) throw new TypeError('Failed to fetch');
    if (body === undefined) return new Response('not here', { status: 404 });
    if (init.method === 'HEAD') return new Response(null, { headers: { 'content-length': String(body.length) } });
    const [from, to] = (range?.slice(6).split('-') ?? []).map(Number);
    return range
      ? new Response((body as Uint8Array).slice(from, to! + 1) as BodyInit, { status: 206 })
      : new Response(body as BodyInit);
  });
  const { images } = await openRemoteZarr('https://elsewhere.example/data/a.zarr');
  const block = await images[0]!.readRegion({ t: 0, c: 0, z: 0 });
  expect([...(block.data as Uint8Array)]).toEqual([...chunk]);
  expect(asked).toEqual(['bytes=-16', 'bytes=24-39', 'bytes=0-23']);
});
