import { type ColumnDescription, defineIssues, type Issue, type TrackSet } from '@micrarium/model';
import type { FileSink, TrackWriter, WriteOptions } from '../track-reader.ts';
import { isFormula, textCell } from './cells.ts';
import { type CsvColumn, csvTable, edgeCsvColumns, featureCells, objectCsvColumns } from './objects-csv.ts';

/** What CSV tables cannot hold. */
export const csvIssue = defineIssues({
  'csv-without-outlines': {
    severity: 'warning',
    meaning: 'Outlines and meshes have no place in a table with one row per object. They are left out.',
    hint: 'Export Parquet tables or GEFF to keep them.',
  },
  'csv-without-provenance': {
    severity: 'info',
    meaning:
      'Settings of the tracking program and the record of the film have no place in the tables. They are left out.',
    hint: 'Export Parquet tables to keep them.',
  },
  'csv-text-guarded': {
    severity: 'info',
    meaning: 'Text that a spreadsheet would compute as a formula gets an apostrophe in front.',
  },
});

/**
 * Writes sets as CSV in a folder: `objects.csv` (wide: track, link and parent ids and all features), `edges.csv`,
 * `source_tracks.csv` where the source had tracks, and `columns.csv` with type, unit and meaning of every column, so
 * that header names stay plain. Several sets go to the folders `set-1`, `set-2`...
 */
export const csvWriter: TrackWriter = {
  layout: 'folder',
  extension: '.csv',
  losses: (sets) => [...outlineLosses(sets), ...provenanceLosses(sets), ...guardedText(sets)],
  async write(sets, sink, options = {}) {
    for (const [number, set] of sets.entries()) {
      const folder = sets.length === 1 ? '' : `set-${number + 1}/`;
      const progress = (fraction: number) => options.onProgress?.((number + fraction) / sets.length);
      await writeSet(set, sink, folder, { ...options, onProgress: progress });
    }
  },
};

async function writeSet(set: TrackSet, sink: FileSink, folder: string, options: WriteOptions): Promise<void> {
  const { sourceTracks } = set;
  const tables: [name: string, columns: CsvColumn[], count: number][] = [
    ['objects', objectCsvColumns(set), set.objects.count],
    ['edges', edgeCsvColumns(set), set.edges.count],
    ...(sourceTracks
      ? [['source_tracks', featureCells(sourceTracks.columns, []), sourceTracks.count] as [string, CsvColumn[], number]]
      : []),
  ];
  const { signal } = options;
  for (const [number, [name, columns, count]] of tables.entries()) {
    await writeFile(sink, `${folder}${name}.csv`, csvTable(columns, count, signal ? { signal } : {}));
    options.onProgress?.((number + 1) / tables.length);
  }
  const described = tables.flatMap(([table, columns]) => columns.map((column) => ({ table, column })));
  await writeFile(sink, `${folder}columns.csv`, columnsCsv(described));
}

/** The sidecar that says what every column is. */
function columnsCsv(described: readonly { table: string; column: ColumnDescription }[]): AsyncIterable<Uint8Array> {
  const text = (name: string, of: (one: (typeof described)[number]) => string | undefined): CsvColumn => ({
    name,
    type: 'string',
    cell: (row) => {
      const value = of(described[row]!);
      return value === undefined ? '' : textCell(value);
    },
  });
  return csvTable(
    [
      text('table', ({ table }) => `${table}.csv`),
      text('name', ({ column }) => column.name),
      text('type', ({ column }) => column.type),
      text('unit', ({ column }) => column.unit),
      text('description', ({ column }) => column.description),
      text('source_key', ({ column }) => column.sourceKey),
    ],
    described.length,
  );
}

async function writeFile(sink: FileSink, path: string, chunks: AsyncIterable<Uint8Array>): Promise<void> {
  const file = await sink.create(path);
  for await (const chunk of chunks) await file.write(chunk);
  await file.close();
}

function outlineLosses(sets: readonly TrackSet[]): Issue[] {
  let objects = 0;
  for (const { objects: table } of sets) {
    const offsets = table.shapes?.partOffsets;
    for (let row = 0; offsets && row < table.count; row++) if (offsets[row + 1]! > offsets[row]!) objects++;
  }
  return objects === 0 ? [] : [csvIssue('csv-without-outlines', `${objects} objects have outlines`)];
}

function provenanceLosses(sets: readonly TrackSet[]): Issue[] {
  const said = new Set(sets.flatMap(({ provenance }) => Object.keys(provenance)));
  return said.size === 0 ? [] : [csvIssue('csv-without-provenance', `left out: ${[...said].join(', ')}`)];
}

function guardedText(sets: readonly TrackSet[]): Issue[] {
  let cells = 0;
  let first = '';
  for (const { objects, edges, sourceTracks } of sets)
    for (const column of [...objects.columns, ...edges.columns, ...(sourceTracks?.columns ?? [])]) {
      if (!Array.isArray(column.values)) continue;
      for (const [row, text] of column.values.entries())
        if (column.missing?.[row] !== 1 && isFormula(text) && cells++ === 0)
          first = `${column.name}: ${text.slice(0, 40)}`;
    }
  return cells === 0 ? [] : [csvIssue('csv-text-guarded', `${cells} cells, first: ${first}`)];
}
