import { countTracks, type TrackSet } from '@micrarium/model';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { memorySink } from '../../images/ome-zarr/memory-sink.ts';
import { randomSet } from '../random-set.test-data.ts';
import { isFormula, textCell } from './cells.ts';
import { objectsCsv } from './objects-csv.ts';
import { objectTableWriter } from './object-table-writer.ts';
import { csvWriter } from './writer.ts';

/** Rows of a CSV text by RFC 4180; a quoted cell keeps its quotes, so that empty text differs from no value. */
function rowsOf(text: string): string[][] {
  const rows: string[][] = [[]];
  for (const [, cell, end] of text.matchAll(/("(?:[^"]|"")*"|[^",\n]*)([,\n])/g)) {
    rows.at(-1)!.push(cell!);
    if (end === '\n') rows.push([]);
  }
  return rows.slice(0, -1);
}

const unquoted = (cell: string) => (cell.startsWith('"') ? cell.slice(1, -1).replaceAll('""', '"') : cell);

async function written(sets: TrackSet[]): Promise<Map<string, string>> {
  const sink = memorySink();
  await csvWriter.write(sets, sink);
  return new Map([...sink.files].map(([path, bytes]) => [path, new TextDecoder().decode(bytes)]));
}

const set: TrackSet = {
  name: 'a',
  spaceUnit: 'micrometer',
  provenance: { software: 'test' },
  objects: {
    count: 4,
    id: Float64Array.of(5, 6, 7, 8),
    frame: Int32Array.of(0, 0, 1, 3),
    x: Float64Array.of(0.1, Number.NaN, -1e-7, 1),
    y: Float64Array.of(1, 2, 3, Number.POSITIVE_INFINITY),
    columns: [
      {
        name: 'label',
        type: 'string',
        description: 'What it is',
        values: ['=HYPERLINK("http://127.0.0.1/x","y")', '', '-2', 'a'],
        missing: Uint8Array.of(0, 0, 0, 1),
      },
      { name: 'x', type: 'bool', values: Uint8Array.of(1, 0, 1, 0) },
    ],
    entity: 'point',
  },
  edges: { count: 3, source: Uint32Array.of(0, 1, 2), target: Uint32Array.of(2, 2, 3), columns: [] },
};

test('objects, edges and columns as tables', async () => {
  const files = await written([set]);
  expect(files.get('objects.csv')).toBe(
    [
      'object_id,frame,x,y,link_id,track_id,parent_object_ids,label,x_2',
      `5,0,0.1,1,0,0,,"'=HYPERLINK(""http://127.0.0.1/x"",""y"")",true`,
      '6,0,NaN,2,1,0,,"",false',
      '7,1,-1e-7,3,2,0,5;6,-2,true',
      '8,3,1,inf,2,0,7,,false',
      '',
    ].join('\n'),
  );
  expect(files.get('edges.csv')).toBe(
    [
      'source_object_id,target_object_id,link_id,gap,split,merge',
      '5,7,0,false,false,true',
      '6,7,1,false,false,true',
      '7,8,2,true,false,false',
      '',
    ].join('\n'),
  );
  const columns = rowsOf(files.get('columns.csv')!);
  expect(columns[0]).toEqual(['table', 'name', 'type', 'unit', 'description', 'source_key']);
  expect(columns).toContainEqual(['objects.csv', 'y', 'float', 'micrometer', 'Position', '']);
  expect(columns).toContainEqual(['objects.csv', 'label', 'string', '', 'What it is', '']);
});

test('what is lost is said before', () => {
  const losses = csvWriter.losses([set]);
  expect(losses.map(({ code, message }) => [code, message])).toEqual([
    ['loss-of-meanings', 'the names of 1 feature change: x'],
    ['csv-text-guarded', '2 values of features: label'],
    ['csv-without-provenance', 'of the provenance: software'],
  ]);
  const { time: _, ...untimed } = set.objects;
  for (const writer of [csvWriter, objectTableWriter]) {
    const said = writer.losses([{ ...set, objects: untimed, timeUnit: 'frame' }]);
    expect(said.map(({ message }) => message)).toContain('the unit of times: frame');
  }
});

test('every table has as many rows and cells as it should, whatever the text', async () => {
  await fc.assert(
    fc.asyncProperty(randomSet, async (random) => {
      const files = await written([random]);
      const objects = rowsOf(files.get('objects.csv')!);
      expect(objects.length).toBe(random.objects.count + 1);
      for (const row of objects) expect(row.length).toBe(objects[0]!.length);
      expect(objects.slice(1).map((row) => Number(row[0]))).toEqual([...random.objects.id]);
      const tracks = new Set(objects.slice(1).map((row) => row[objects[0]!.indexOf('track_id')]!));
      tracks.delete('');
      expect(tracks.size).toBe(countTracks(random.objects, random.edges).tracks);
      for (const [index, column] of random.objects.columns.entries()) {
        if (column.type !== 'string') continue;
        const at = objects[0]!.length - random.objects.columns.length + index;
        const found = objects
          .slice(1)
          .map((row) => unquoted(row[at]!).replace(/^'(?=[=+\-@\t\r\uFF0B\uFF0D\uFF1D\uFF20])/, ''));
        const wanted = Array.from({ length: random.objects.count }, (_, row) =>
          column.missing?.[row] === 1 ? '' : (column.values as string[])[row]!.replace(/^'(?=[=+\-@\t\r])/, ''),
        );
        expect(found).toEqual(wanted);
      }
    }),
    { numRuns: 200 },
  );
});

test('no cell is a formula, numbers stay numbers', () => {
  expect(['=1', '+1-1', '@SUM(1+1)', '-2+3', '\t=1'].map(textCell).map((cell) => cell[0])).toEqual([
    "'",
    "'",
    "'",
    "'",
    "'",
  ]);
  expect(['-2', '+1.5e-3', 'a=b', '-.5'].map(isFormula)).toEqual([false, false, false, false]);
});

test('rows come in parts', async () => {
  const count = 10_000;
  const zeros = new Float64Array(count);
  const objects = {
    ...set.objects,
    count,
    id: zeros.map((_, i) => i),
    frame: new Int32Array(count),
    x: zeros,
    y: zeros,
    columns: [],
  };
  let parts = 0;
  let bytes = 0;
  for await (const part of objectsCsv({ ...set, objects, edges: { ...set.edges, count: 0 } })) {
    parts++;
    bytes += part.length;
  }
  expect(parts).toBe(3);
  expect(bytes).toBeGreaterThan(count * 8);
});
