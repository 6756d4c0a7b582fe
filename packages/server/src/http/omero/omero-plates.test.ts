import { OpenAPIHono } from '@hono/zod-openapi';
import type { ImagePixels } from '@micrarium/formats';
import type { StudyItem } from '@micrarium/model';
import { beforeAll, expect, test } from 'vitest';
import type { Application } from '../app.ts';
import type { HttpEnvironment } from '../context.ts';
import type { Services } from '../kernel.ts';
import { problemOf, problemResponse } from '../problems.ts';
import { wantedRegion } from './omero-pictures.ts';
import { omeroRoutes } from './omero-routes.ts';
import { renderedPlane } from './rendering.ts';

const image = (name: string) => ({
  name,
  sizes: { t: 1, c: 1, z: 1, y: 64, x: 96 },
  type: 'uint8' as const,
  channels: [],
});
const item = (id: string, more: Partial<StudyItem>): StudyItem => ({
  id,
  path: `screen/${id}.ome.zarr`,
  files: [],
  format: 'ome-zarr',
  kind: 'image',
  trackSets: [],
  images: [],
  issues: [],
  conversions: [],
  ...more,
});
/** Two rows and three columns; A1 has two fields, B3 one, the others none. */
const plate = item('abc123def456', {
  images: [image('A1 first'), image('A1 second'), image('B3')],
  plate: {
    name: '',
    rows: ['A', 'B'],
    columns: ['1', '2', '3'],
    wells: [
      {
        row: 0,
        column: 0,
        fields: [
          { image: 0, name: '0' },
          { image: 1, name: '1' },
        ],
      },
      { row: 1, column: 2, fields: [{ image: 2, name: '0' }] },
    ],
  },
});
const version = (accession: string, items: StudyItem[]) => ({
  accession,
  version: 1,
  publishedAt: '2026-01-02T03:04:05Z',
  metadata: { values: { title: `Screen ${accession}`, description: 'Wells' }, origins: {} },
  items,
  pairs: [],
  datasets: [{ id: 'd-plates', title: 'Plates', imageItems: items.map(({ id }) => id), quantitativeItems: [] }],
});
const versions = [version('MIC-000001', [plate]), version('MIC-000002', [item('xyz', { images: [image('film')] })])];
const open = new Set(['MIC-000001', 'MIC-000002']);
const services = {
  states: {
    of: async (accession: string) => ({ state: open.has(accession) ? 'published' : 'withdrawn' }),
    closed: async () => new Set(versions.map(({ accession }) => accession).filter((one) => !open.has(one))),
  },
  studies: { getVersion: async (of: string) => versions.find(({ accession }) => accession === of) },
  search: {
    changed: async () => ({ studies: versions.map(({ accession }) => ({ accession, changedAt: '2026-01-02' })) }),
  },
} as unknown as Services;

let ask: (path: string) => Promise<{ status: number; body: unknown }>;
beforeAll(() => {
  const app: Application = new OpenAPIHono<HttpEnvironment>();
  app.onError((fault) => problemResponse(problemOf(fault)));
  omeroRoutes(app, () => services);
  ask = async (path) => {
    const answer = await app.request(`http://site${path}`);
    return { status: answer.status, body: await answer.json() };
  };
});
const body = async (path: string) => (await ask(path)).body;
const id = 'MIC-000001_abc123def456';

test('the JSON interface leads from screens to plates, wells and their images', async () => {
  expect(await body('/api/v0/m/screens/')).toMatchObject({
    data: [{ '@id': 'MIC-000001', Name: 'Screen MIC-000001', 'omero:childCount': 1 }],
    meta: { totalCount: 1 },
  });
  const plates = { data: [{ '@id': id, Name: 'abc123def456.ome.zarr', Rows: 2, Columns: 3 }] };
  for (const path of ['screens/MIC-000001/plates/', 'plates/', 'plates?screen=MIC-000001'])
    expect(await body(`/api/v0/m/${path}`), path).toMatchObject(plates);
  const { data } = (await body(`/api/v0/m/plates/${id}/`)) as { data: Record<string, unknown> };
  expect(data).toMatchObject({
    RowNamingConvention: 'letter',
    ColumnNamingConvention: 'number',
    'omero:wellsampleIndex': [0, 1],
  });
  const wells = new URL(data['url:wells'] as string).pathname;
  expect(await body(wells)).toMatchObject({
    data: [
      {
        '@id': `${id}-0-0`,
        Row: 0,
        Column: 0,
        WellSamples: [{ Image: { '@id': id } }, { Image: { '@id': `${id}_1` } }],
      },
      { '@id': `${id}-1-2`, Row: 1, Column: 2, WellSamples: [{ Image: { '@id': `${id}_2`, Name: 'B3' } }] },
    ],
  });
  // Only A1 has a second field.
  const second = (data['url:wellsampleindex_wells'] as string[])[1]!;
  expect(await body(new URL(second).pathname)).toMatchObject({
    data: [{ '@id': `${id}-0-0`, WellSamples: [{ Image: { Name: 'A1 second' } }] }],
    meta: { totalCount: 1 },
  });
  expect(await body(`/api/v0/m/wells/${id}-1-2/`)).toMatchObject({ data: { Row: 1, Column: 2 } });
  expect(await body('/api/v0/m/wells/?limit=1')).toMatchObject({ meta: { totalCount: 2, limit: 1 } });
});

test('OMERO.web’s grid of a plate has one field of each well, and null where there is no image', async () => {
  const first = {
    id,
    name: 'A1 first',
    wellId: `${id}-0-0`,
    field: 0,
    thumb_url: `/webclient/render_thumbnail/${id}/`,
  };
  for (const path of [`/webgateway/plate/${id}/`, `/webgateway/plate/${id}/0/`])
    expect(await body(path)).toMatchObject({
      rowlabels: ['A', 'B'],
      collabels: ['1', '2', '3'],
      image_sizes: [{ x: 96, y: 64 }],
      grid: [
        [first, null, null],
        [null, null, { name: 'B3', wellId: `${id}-1-2` }],
      ],
    });
  expect(await body(`/webgateway/plate/${id}/1/`)).toMatchObject({
    grid: [
      [{ name: 'A1 second' }, null, null],
      [null, null, null],
    ],
  });
  expect(await body(`/webgateway/well/${id}-0-0/children/`)).toMatchObject([{ id }, { id: `${id}_1` }]);
  expect(await body('/webclient/api/screens/')).toMatchObject({ screens: [{ id: 'MIC-000001', childCount: 1 }] });
  expect(await body('/webclient/api/plates/?id=MIC-000001')).toMatchObject({ plates: [{ id }] });
  expect(await body(`/webclient/api/annotations/?type=map&well=${id}-0-0`)).toMatchObject({
    annotations: [{ link: { parent: { class: 'WellI' } } }],
  });
});

test('what is not there, or not open, is said to be', async () => {
  for (const [path, status] of [
    [`/webgateway/plate/${id}/2/`, 400],
    [`/webgateway/plate/${id}/x/`, 400],
    ['/webgateway/plate/MIC-000002_xyz/', 404],
    ['/webgateway/plate/17/', 404],
    [`/webgateway/well/${id}-0-1/children/`, 404],
    [`/api/v0/m/plates/${id}/wellsampleindex/x/wells/`, 400],
    ['/api/v0/m/screens/MIC-000002/', 404],
    ['/webclient/api/plates/?id=MIC-000002', 404],
    ['/webgateway/get_thumbnails/', 400],
    [`/webgateway/get_thumbnails/0/?id=${id}`, 400],
  ] as const)
    expect((await ask(path)).status, path).toBe(status);
  expect(await body('/webgateway/get_thumbnails/?id=MIC-000009_x&id=17')).toEqual({ 'MIC-000009_x': null, 17: null });
  open.delete('MIC-000001');
  expect((await ask(`/api/v0/m/plates/${id}/`)).status).toBe(404);
  open.add('MIC-000001');
});

test('a region is a part of the plane in the contrast of the whole', async () => {
  const [width, height] = [96, 64];
  const pixels: ImagePixels = {
    description: { ...image('ramp') },
    levels: [{ width, height, depth: 1, tileWidth: width, tileHeight: height }],
    readRegion: async (_plane, region = { x: 0, y: 0, width, height }) => ({
      width: region.width,
      height: region.height,
      samples: 1,
      type: 'uint8',
      data: Uint8Array.from(
        { length: region.width * region.height },
        (_, at) => region.x + (at % region.width) + region.y + Math.floor(at / region.width),
      ),
    }),
  };
  const at = { t: 0, z: 0 };
  const whole = await renderedPlane(pixels, at, { size: 4096 });
  const asked = (region?: string, tile?: string) => wantedRegion(pixels, { region, tile });
  expect(await renderedPlane(pixels, at, { size: 4096, region: asked('0,0,96,64') })).toEqual(whole);
  expect(asked('90,60,40,40')).toEqual({ level: 0, x: 90, y: 60, width: 6, height: 4 });
  expect(asked(undefined, '0,1,0,32,32')).toEqual({ level: 0, x: 32, y: 0, width: 32, height: 32 });
  expect(asked(undefined, '0,0,0')).toEqual({ level: 0, x: 0, y: 0, width: 96, height: 64 });
  const png = await renderedPlane(pixels, at, { size: 4096, region: asked('90,60,40,40') });
  const view = new DataView(png.buffer, png.byteOffset);
  expect([view.getUint32(16), view.getUint32(20)]).toEqual([6, 4]);
  // Darkest and lightest corner differ: neither is stretched to the full contrast by itself.
  expect(await renderedPlane(pixels, at, { size: 4096, region: asked('0,0,6,4') })).not.toEqual(png);
  for (const [region, tile] of [
    [undefined, undefined],
    ['96,0,4,4', undefined],
    ['0,0,0,4', undefined],
    ['0,0,9999,4', undefined],
    ['-1,0,4,4', undefined],
    [undefined, '1,0,0'],
    [undefined, '0,0'],
    [undefined, '0,0,0,4'],
  ] as const)
    expect(() => asked(region, tile), region ?? tile).toThrow();
});
