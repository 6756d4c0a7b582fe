import { afterEach, expect, test, vi } from 'vitest';
import { RemoteZarrError } from './remote-store.ts';
import { openRemoteZarr } from './remote-zarr.ts';

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
  const opened = await openRemoteZarr('https://elsewhere.example/data/a.zarr/.zattrs');
  const { image: shown, issues } = opened;
  expect(issues.filter(({ severity }) => severity === 'error')).toEqual([]);
  expect(opened.choices).toEqual([]);
  expect(shown!.description).toMatchObject({ name: 'a', sizes: { x: 6, y: 4 }, voxelSize: { x: { value: 0.5 } } });
  expect(asked).not.toContain('a.zarr/0/0/0/0');
  const block = await shown!.readRegion({ t: 0, c: 0, z: 0 });
  expect([...(block.data as Uint8Array)]).toEqual([...chunk]);
});

test('takes what a store without a right to list answers as a chunk that is not there', async () => {
  serve({ 'a.zarr/.zattrs': image, 'a.zarr/0/.zarray': array }, 403);
  const { image: shown } = await openRemoteZarr('https://elsewhere.example/data/a.zarr');
  const block = await shown!.readRegion({ t: 0, c: 0, z: 0 });
  expect(new Set(block.data as Uint8Array)).toEqual(new Set([0]));
});

test('opens any well and field of a plate, and asks for nothing of the others', async () => {
  const files: Record<string, string> = { 'p.zarr/.zattrs': plate };
  for (const { path } of wells) {
    files[`p.zarr/${path}/.zattrs`] = json({ well: { version: '0.4', images: [{ path: 'first' }, { path: '7' }] } });
    for (const field of ['first', '7']) {
      files[`p.zarr/${path}/${field}/.zattrs`] = image;
      files[`p.zarr/${path}/${field}/0/.zarray`] = array;
    }
  }
  const asked = serve(files);
  const address = 'https://elsewhere.example/data/p.zarr/';
  const { image: shown, issues, choices } = await openRemoteZarr(address, { image: 30, field: 1 });
  expect(shown!.place).toMatchObject({ row: 'A', column: '31', field: '7' });
  expect(issues.filter(({ severity }) => severity === 'error')).toEqual([]);
  expect(choices.map(({ kind, names, chosen }) => [kind, names.length, names[chosen]])).toEqual([
    ['well', 40, 'A31'],
    ['field', 2, '7'],
  ]);
  expect(asked.filter((path) => path.startsWith('p.zarr/A/') && !path.startsWith('p.zarr/A/31/'))).toEqual([]);
  expect(asked.filter((path) => path.includes('first'))).toEqual([]);
  // Beyond the last one is the last one.
  const last = await openRemoteZarr(address, { image: 99, field: 99 });
  expect(last.image!.place).toMatchObject({ column: '40', field: '7' });
});

test('an address that is a well has its fields to choose from', async () => {
  serve({
    'p.zarr/A/1/.zattrs': json({ well: { version: '0.4', images: [{ path: '0' }, { path: '1' }] } }),
    'p.zarr/A/1/1/.zattrs': image,
    'p.zarr/A/1/1/0/.zarray': array,
  });
  const opened = await openRemoteZarr('https://elsewhere.example/data/p.zarr/A/1', { image: 1 });
  expect(opened.image!.description.sizes).toMatchObject({ x: 6, y: 4 });
  expect(opened.choices).toEqual([{ kind: 'field', names: ['0', '1'], chosen: 1 }]);
});

test.each(['listed', 'numbered'])(
  'images of a %s series have the names and channels of the OME-XML beside them',
  async (how) => {
    const xml = [0, 1, 2].map(
      (n) =>
        `<Image ID="Image:${n}" Name="Embryo ${n}"><AcquisitionDate>2020-01-0${n + 1}T00:00:00</AcquisitionDate>` +
        `<Pixels ID="Pixels:${n}" DimensionOrder="XYZCT" Type="uint8" SizeX="6" SizeY="4" SizeZ="1" SizeC="1" SizeT="1">` +
        `<Channel ID="Channel:${n}:0" Name="GFP ${n}"/></Pixels></Image>`,
    );
    const files: Record<string, string> = {
      's.zarr/.zattrs': json({ 'bioformats2raw.layout': 3 }),
      's.zarr/OME/METADATA.ome.xml': `<OME>${xml.join('')}</OME>`,
      ...(how === 'listed' ? { 's.zarr/OME/.zattrs': json({ series: ['0', '1', '2'] }) } : {}),
    };
    for (const n of [0, 1, 2])
      Object.assign(files, { [`s.zarr/${n}/.zattrs`]: image, [`s.zarr/${n}/0/.zarray`]: array });
    const asked = serve(files);
    const { image: shown, choices } = await openRemoteZarr('https://elsewhere.example/data/s.zarr', { image: 2 });
    expect(choices).toEqual([{ kind: 'series', names: ['Embryo 0', 'Embryo 1', 'Embryo 2'], chosen: 2 }]);
    expect(shown!.description).toMatchObject({ acquiredAt: '2020-01-03T00:00:00', channels: [{ name: 'GFP 2' }] });
    expect(asked).not.toContain('s.zarr/1/0/.zarray');
  },
);

test('labels are asked for when they are wanted, and an image without any has none', async () => {
  const { multiscales } = JSON.parse(image) as { multiscales: unknown };
  const label = json({
    multiscales,
    'image-label': {
      colors: [{ 'label-value': 3, rgba: [255, 0, 0, 255] }],
      properties: [{ 'label-value': 3, class: 'cell' }],
    },
  });
  const files: Record<string, string | Uint8Array> = {
    'a.zarr/.zattrs': image,
    'a.zarr/0/.zarray': array,
    'a.zarr/labels/.zattrs': json({ labels: ['cells'] }),
    'a.zarr/labels/cells/.zattrs': label,
    'a.zarr/labels/cells/0/.zarray': array,
    'a.zarr/labels/cells/0/0/0/0': chunk,
  };
  const asked = serve(files);
  const { image: shown } = await openRemoteZarr('https://elsewhere.example/data/a.zarr');
  expect(asked.filter((path) => path.includes('labels'))).toEqual([]);
  const { labels, issues } = await shown!.labels!();
  expect(issues).toEqual([]);
  expect(labels).toMatchObject([
    { name: 'cells', colors: [{ value: 3, rgba: [255, 0, 0, 255] }], properties: [{ value: 3, class: 'cell' }] },
  ]);
  expect([...((await labels[0]!.image.readRegion({ t: 0, c: 0, z: 0 })).data as Uint8Array)]).toEqual([...chunk]);
  for (const path of Object.keys(files)) if (path.includes('labels')) delete files[path];
  const bare = await openRemoteZarr('https://elsewhere.example/data/a.zarr');
  expect(await bare.image!.labels!()).toEqual({ labels: [], issues: [] });
});

test('metadata with values that JSON does not have, as Python writes them, are read', async () => {
  const omero =
    '"omero":{"channels":[{"label":"DNA","color":"0000FF","window":{"min":NaN,"max":Infinity,"start":0,"end":9}}]}';
  serve({ 'a.zarr/.zattrs': `${image.slice(0, -1)},${omero}}`, 'a.zarr/0/.zarray': array });
  const { image: shown } = await openRemoteZarr('https://elsewhere.example/data/a.zarr');
  expect(shown!.description.channels[0]).toMatchObject({ name: 'DNA' });
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
  const { image: shown } = await openRemoteZarr('https://elsewhere.example/data/a.zarr');
  vi.stubGlobal('fetch', () => Promise.reject(new TypeError('Failed to fetch')));
  const failed = shown!.readRegion({ t: 0, c: 0, z: 0 });
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
  const { image: shown } = await openRemoteZarr('https://elsewhere.example/data/a.zarr');
  const block = await shown!.readRegion({ t: 0, c: 0, z: 0 });
  expect([...(block.data as Uint8Array)]).toEqual([...chunk]);
  expect(asked).toEqual(['bytes=-16', 'bytes=24-39', 'bytes=0-23']);
});
