import { type ColumnDescription, type Issue, defineIssues, type TrackSet } from '@micrarium/model';
import type { FileSink, TrackWriter, WriteOptions } from '../track-reader.ts';
import { lossIssue, lossNames, lossReport } from '../loss/report.ts';
import { type Surviving, namedByFolder } from '../loss/surviving.ts';
import { textCell } from './cells.ts';
import { type CsvColumn, csvTable, edgeCsvColumns, featureCells, objectCsvColumns } from './objects-csv.ts';
import { survivingFolder } from './surviving.ts';

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
    meaning:
      'Text that a spreadsheet would compute as a formula gets an apostrophe in front; an empty text reads back as absent.',
  },
});

/** Codes for what CSV tables lose. */
export const csvLosses = lossNames(csvIssue, {
  outlines: 'csv-without-outlines',
  entity: 'csv-without-outlines',
  provenance: 'csv-without-provenance',
  'feature-values': 'csv-text-guarded',
});

/**
 * Writes sets as CSV in a folder: `objects.csv` (wide: track, link and parent ids and all features), `edges.csv`,
 * `source_tracks.csv` where the source had tracks, and `columns.csv` with type, unit and meaning of every column, so
 * that header names stay plain. Several sets go to the folders `set-1`, `set-2`...
 */
export const csvWriter: TrackWriter = {
  layout: 'folder',
  extension: '.csv',
  losses: (sets) => [...lossReport(sets, surviving(sets), csvLosses), ...unitsOfNoTime(sets)],
  surviving,
  async write(sets, sink, options = {}) {
    for (const [number, set] of sets.entries()) {
      const folder = sets.length === 1 ? '' : `set-${number + 1}/`;
      const progress = (fraction: number) => options.onProgress?.((number + fraction) / sets.length);
      await writeSet(set, sink, folder, { ...options, onProgress: progress });
    }
  },
};

/**
 * Units of times that stand nowhere, since there is no column of times; the reports of other formats, which keep a unit
 * without a time or have frames alone, do not count them.
 */
export function unitsOfNoTime(sets: readonly TrackSet[]): Issue[] {
  return sets.flatMap(({ name, objects, provenance, timeUnit, sourceTimeUnit }) => {
    const unit = timeUnit ?? sourceTimeUnit;
    const isReported = provenance.frameInterval !== undefined && timeUnit !== 'frame';
    if (objects.time || unit === undefined || isReported) return [];
    return [lossIssue('loss-of-units', `the unit of times: ${unit}`, { where: { field: name }, severity: 'info' })];
  });
}

function surviving(sets: readonly TrackSet[]): Surviving[] {
  return namedByFolder(sets.map(survivingFolder), (i) => `set-${i + 1}`);
}

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
