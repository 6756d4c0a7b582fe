import { createWriteStream } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type InspectReport, shapeKey, writeWorkbook } from '@micrarium/formats';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { jsonLines, micrarium } from './run-micrarium.ts';

let folder: string;
const at = (name: string) => join(folder, name);

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'micrarium-tables-'));
  await writeFile(at('odd.csv'), 'who,left,top,when\na,1,2,3\na,4,5,4\nb,6,7,3\n');
  await writeFile(at('again.csv'), 'WHO,left,Top,when\nc,1,2,3\nc,4,5,4\n');
  await writeFile(at('assay.csv'), 'Well,Gene symbol,Viability (%)\nA1,TP53,93\nA2,KIF11,80\n');
  const file = createWriteStream(at('book.xlsx'));
  const columns = ['track', 'frame', 'x', 'y'].map((header) => ({ header }));
  await writeWorkbook(
    [
      {
        name: 'Cells',
        columns,
        rows: [
          [1, 0, 1, 1],
          [1, 1, 2, 2],
        ],
      },
    ],
    {
      write: async (bytes) => void file.write(bytes.slice()),
    },
  );
  await new Promise((done) => file.end(done));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** Two pages of a label image: an uncompressed TIFF of 4 x 4 bytes a page. */
function labelTiff(pages: readonly (readonly number[])[]): Uint8Array {
  const bytes = new Uint8Array(8 + pages.length * (2 + 9 * 12 + 4 + 16));
  const view = new DataView(bytes.buffer);
  view.setUint32(0, 0x002a4949, true);
  let place = 8;
  view.setUint32(4, place, true);
  for (const [n, pixels] of pages.entries()) {
    const data = place + 2 + 9 * 12 + 4;
    const fields = [
      [256, 4],
      [257, 4],
      [258, 8],
      [259, 1],
      [262, 1],
      [273, data],
      [277, 1],
      [278, 4],
      [279, 16],
    ] as const;
    view.setUint16(place, fields.length, true);
    for (const [i, [tag, value]] of fields.entries()) {
      const field = place + 2 + i * 12;
      view.setUint16(field, tag, true);
      view.setUint16(field + 2, 4, true);
      view.setUint32(field + 4, 1, true);
      view.setUint32(field + 8, value, true);
    }
    bytes.set(pixels, data);
    place = data + 16;
    view.setUint32(data - 4, n + 1 < pages.length ? place : 0, true);
  }
  return bytes;
}

test('columns that were given are remembered by the shape of the header, and used for the next table', async () => {
  const mapping = { x: 'left', y: 'top', frame: 'when', track: 'who', frameBase: 1 };
  const map = at('mapping.json');
  const first = await micrarium([
    'inspect',
    at('odd.csv'),
    '--json',
    '--mapping',
    JSON.stringify(mapping),
    '--map',
    map,
  ]);
  expect(jsonLines<InspectReport>(first.stdout)[0]!.counts).toMatchObject({ objects: 3, edges: 1 });
  expect(JSON.parse(await readFile(map, 'utf8'))).toEqual({
    type: 'micrarium-column-mappings',
    version: 1,
    mappings: [{ shape: shapeKey(['who', 'left', 'top', 'when']), columns: ['who', 'left', 'top', 'when'], mapping }],
  });
  const second = await micrarium(['inspect', at('odd.csv'), at('assay.csv'), '--json', '--map', map]);
  const [odd, assay] = jsonLines<InspectReport>(second.stdout);
  expect(odd!.counts).toMatchObject({ objects: 3, edges: 1 });
  expect(odd!.issues.map(({ code }) => code)).not.toContain('mapping-guessed');
  expect(assay!.counts).toBeUndefined();
  const refused = await micrarium(['inspect', at('odd.csv'), '--map', at('assay.csv')]);
  expect([refused.code, refused.stderr]).toEqual([2, expect.stringContaining('--map is no JSON')]);
}, 120_000);

test('workbooks are read by their columns, and tables of features are described', async () => {
  const { stdout } = await micrarium(['inspect', at('book.xlsx'), at('assay.csv'), '--json']);
  const [book, assay] = jsonLines<InspectReport>(stdout);
  expect(book).toMatchObject({ format: 'excel', kind: 'tracks', counts: { objects: 2, edges: 1, tracks: 1 } });
  expect(assay).toMatchObject({
    format: 'delimited',
    kind: 'table',
    tables: [
      {
        name: 'assay',
        rows: 2,
        columns: [
          { name: 'Well', keyedTo: 'well' },
          { name: 'Gene symbol', keyedTo: 'gene' },
          { name: 'Viability (%)', unit: '%' },
        ],
      },
    ],
  });
}, 120_000);

test('objects are made of a mask, linked, and written', async () => {
  const frame = (x: number) => Array.from({ length: 16 }, (_, i) => (i % 4 === x && i < 8 ? 1 : i === 15 ? 2 : 0));
  await writeFile(at('mask.tif'), labelTiff([frame(0), frame(1)]));
  const wrong = await micrarium(['convert', at('mask.tif'), at('a.csv'), '--objects', 'balls']);
  expect([wrong.code, wrong.stderr]).toEqual([2, expect.stringContaining('points, circles or outlines')]);
  const { code, stdout } = await micrarium([
    'convert',
    at('mask.tif'),
    at('objects.csv'),
    '--objects',
    'circles',
    '--accept-loss',
    '--json',
  ]);
  expect([code, stdout]).toEqual([0, expect.stringContaining('computed-from-mask')]);
  const lines = (await readFile(at('objects.csv'), 'utf8')).trim().split('\n');
  expect(lines).toHaveLength(5);
  expect(lines[0]).toContain('radius');
}, 120_000);

test('validate weighs findings by the tier the data are for', async () => {
  await writeFile(at('plain.csv'), 'frame,x,y,track\n0,1,2,1\n1,2,3,1\n');
  const archive = await micrarium(['validate', at('plain.csv'), '--json']);
  const database = await micrarium(['validate', at('plain.csv'), '--json', '--tier', 'database']);
  const weights = (text: string) =>
    Object.fromEntries(
      jsonLines<{ issues: { code: string; severity: string }[] }>(text)[0]!.issues.map(({ code, severity }) => [
        code,
        severity,
      ]),
    );
  expect([archive.code, weights(archive.stdout)['no-units']]).toEqual([0, 'warning']);
  expect([database.code, weights(database.stdout)['no-units']]).toEqual([1, 'error']);
});
