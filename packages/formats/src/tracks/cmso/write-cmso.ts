import { type Column, type TimeUnit, type TrackSet, columnValue } from '@micrarium/model';
import { lossNames, lossReport } from '../loss/report.ts';
import { type Surviving, wholly } from '../loss/surviving.ts';
import type { FileSink, TrackWriter } from '../track-reader.ts';
import { CsvFile, numberCell } from './csv-file.ts';
import { cmsoTables } from './data-package.ts';
import { decomposeLinks } from './decompose.ts';
import { edgeKeys } from './feature-tables.ts';
import { cmsoIssue } from './issues.ts';
import { type WrittenField, type WrittenFile, dataPackageV1, dataPackageV2, packageName } from './package-json.ts';

/** Choices of the writer. */
export interface CmsoWriterOptions {
  /** Write edges over gaps as links of their own (CMSO Tracks v0.1, form C), for readers that take links as gap-free. */
  strict?: boolean;
}

/**
 * Makes the writer of CMSO data packages: `objects.csv`, `links.csv`, `tracks.csv`, `datapackage.json` (Data Package
 * v2) and `dp.json` (as biotracks writes it); features of edges and tracks in `edges.csv` and `track_features.csv`. Several sets become one package each, in numbered folders.
 */
export function createCmsoWriter(options: CmsoWriterOptions = {}): TrackWriter {
  return {
    layout: 'folder',
    extension: '',
    losses: (sets) => lossReport(sets, sets.map(surviving), lossNames(cmsoIssue, { outlines: 'cmso-no-shapes' })),
    surviving: (sets) => sets.map(surviving),
    async write(sets, sink, { signal, onProgress, title } = {}) {
      for (const [i, set] of sets.entries()) {
        signal?.throwIfAborted();
        const folder = sets.length === 1 ? '' : `${i + 1}-${packageName(set.name)}/`;
        const name = sets.length === 1 ? (title ?? set.name) : set.name;
        await writePackage(
          set,
          name,
          { create: (path) => sink.create(folder + path) },
          options.strict ?? false,
          signal,
        );
        onProgress?.((i + 1) / sets.length);
      }
    },
  };
}

/** What comes back of a set: everything but its outlines. */
function surviving(set: TrackSet): Surviving {
  const { shapes: _, ...objects } = set.objects;
  return { ...wholly(set), set: { ...set, objects } };
}

async function writePackage(
  set: TrackSet,
  title: string,
  sink: FileSink,
  strict: boolean,
  signal: AbortSignal | undefined,
): Promise<void> {
  const fields = objectFields(set);
  const objects = await writeObjects(set, fields, sink, signal);
  const { links, tracks } = await writeLinks(set, sink, strict);
  const text = async (path: string, content: string) => {
    const writer = await sink.create(path);
    await writer.write(new TextEncoder().encode(content));
    await writer.close();
  };
  const features = await writeFeatures(set, sink);
  await text('datapackage.json', dataPackageV2(set, title, fields, { objects, links, tracks }, features));
  await text('dp.json', dataPackageV1(set, title, fields, true));
}

const timeSuffix: Partial<Record<TimeUnit, string>> = {
  nanosecond: 'ns',
  microsecond: 'us',
  millisecond: 'ms',
  second: 's',
  minute: 'min',
  hour: 'h',
};

/** Columns of the objects table: those of CMSO first, then the features under names that are not taken. */
function objectFields(set: TrackSet): WrittenField[] {
  const space = set.spaceUnit ? { unit: set.spaceUnit } : {};
  const time = set.timeUnit;
  const fields: WrittenField[] = [
    { name: 'cmso_object_id', type: 'int', description: 'Id of the object: one thing in one frame' },
    { name: 'cmso_frame_id', type: 'int', description: 'Index of the frame' },
    { name: 'cmso_x_coord', type: 'float', ...space },
    { name: 'cmso_y_coord', type: 'float', ...space },
    ...(set.objects.z ? [{ name: 'cmso_z_coord', type: 'float' as const, ...space }] : []),
    ...(set.objects.time
      ? [
          {
            name: time ? `cmso_time_${timeSuffix[time] ?? time}` : 'cmso_time',
            type: 'float' as const,
            ...(time ? { unit: time } : {}),
          },
        ]
      : []),
  ];
  const taken = ['cmso_z_coord', ...fields.map(({ name }) => name)];
  return [...fields, ...featureFields(set.objects.columns, taken)];
}

/** Features under names that are not taken: one called like a column of CMSO would be read as that column. */
function featureFields(columns: readonly Column[], reserved: readonly string[]): WrittenField[] {
  const taken = new Set(reserved);
  return columns.map((whole) => {
    const { values: _values, missing: _missing, ...column } = whole;
    const missing = missingText(whole);
    const { name: wanted, type, unit, description, sourceKey } = column;
    const plain = wanted.trim() === wanted ? wanted : wanted.trim() || 'feature';
    const base = /^cmso_time(_|$)/.test(plain) || taken.has(plain) ? `feature_${plain}` : plain || 'feature';
    let name = base;
    for (let n = 2; taken.has(name); n++) name = `${base}_${n}`;
    taken.add(name);
    return {
      name,
      type,
      ...(unit ? { unit } : {}),
      ...(description ? { description } : {}),
      ...(sourceKey ? { sourceKey } : {}),
      ...(missing === undefined ? {} : { missing }),
      column,
    };
  });
}

/**
 * What stands for no value in a column of texts: nothing where an empty cell can, else a word that no row has; `null`
 * where every row has a value, so that an empty cell is an empty text.
 */
function missingText({ values, missing }: Column): string | null | undefined {
  if (!Array.isArray(values)) return undefined;
  if (!values.some((text, row) => text === '' && missing?.[row] !== 1)) return undefined;
  if (!missing?.includes(1)) return null;
  const taken = new Set(values);
  let word = 'NA';
  for (let n = 2; taken.has(word); n++) word = `NA_${n}`;
  return word;
}

async function writeObjects(
  set: TrackSet,
  fields: readonly WrittenField[],
  sink: FileSink,
  signal: AbortSignal | undefined,
): Promise<WrittenFile> {
  const file = await CsvFile.create(
    sink,
    'objects.csv',
    fields.map(({ name }) => name),
  );
  const { id, frame, x, y, z, time, columns, count } = set.objects;
  const featureFieldsOf = fields.filter(({ column }) => column !== undefined);
  // A position that is not known is an absent value; NaN in CMSO packages means that there is no object.
  const known = (value: number) => (Number.isNaN(value) ? '' : numberCell(value));
  for (let row = 0; row < count; row++) {
    if (row % 65_536 === 0) signal?.throwIfAborted();
    const cells = [numberCell(id[row]!), String(frame[row]!), known(x[row]!), known(y[row]!)];
    if (z) cells.push(known(z[row]!));
    if (time) cells.push(known(time[row]!));
    for (const [i, column] of columns.entries()) cells.push(featureCell(column, row, featureFieldsOf[i]!));
    await file.row(cells);
  }
  return { path: 'objects.csv', ...(await file.close()) };
}

function featureCell(column: Column, row: number, { missing }: WrittenField): string {
  const value = columnValue(column, row);
  if (value === undefined) return missing ?? '';
  return typeof value === 'number' ? numberCell(value) : String(value);
}

async function writeLinks(set: TrackSet, sink: FileSink, strict: boolean) {
  const { offsets, rows, trackOfLink } = decomposeLinks(set, strict);
  const links = await CsvFile.create(sink, 'links.csv', ['cmso_link_id', 'cmso_object_id']);
  for (let link = 0; link < trackOfLink.length; link++)
    for (let at = offsets[link]!; at < offsets[link + 1]!; at++)
      await links.row([String(link), numberCell(set.objects.id[rows[at]!]!)]);
  const linksFile = { path: 'links.csv', ...(await links.close()) };
  const tracks = await CsvFile.create(sink, 'tracks.csv', ['cmso_track_id', 'cmso_link_id']);
  for (let link = 0; link < trackOfLink.length; link++) await tracks.row([String(trackOfLink[link]!), String(link)]);
  return { links: linksFile, tracks: { path: 'tracks.csv', ...(await tracks.close()) } };
}

/** Features of edges and of whole tracks, in tables of our own: only version 2 of the descriptor names them. */
async function writeFeatures(set: TrackSet, sink: FileSink) {
  const tables: { name: string; file: WrittenFile; fields: WrittenField[] }[] = [];
  const { edges, objects, sourceTracks } = set;
  if (edges.columns.length > 0) {
    const fields = [
      ...edgeKeys.map((name): WrittenField => ({ name, type: 'int' })),
      ...featureFields(edges.columns, edgeKeys),
    ];
    const file = await CsvFile.create(
      sink,
      'edges.csv',
      fields.map(({ name }) => name),
    );
    for (let edge = 0; edge < edges.count; edge++)
      await file.row([
        numberCell(objects.id[edges.source[edge]!]!),
        numberCell(objects.id[edges.target[edge]!]!),
        ...edges.columns.map((column, i) => featureCell(column, edge, fields[edgeKeys.length + i]!)),
      ]);
    tables.push({ name: cmsoTables.edgeFeatures, file: { path: 'edges.csv', ...(await file.close()) }, fields });
  }
  if (sourceTracks && sourceTracks.columns.length > 0) {
    const fields = featureFields(sourceTracks.columns, edgeKeys);
    const file = await CsvFile.create(
      sink,
      'track_features.csv',
      fields.map(({ name }) => name),
    );
    for (let row = 0; row < sourceTracks.count; row++)
      await file.row(sourceTracks.columns.map((column, i) => featureCell(column, row, fields[i]!)));
    tables.push({
      name: cmsoTables.trackFeatures,
      file: { path: 'track_features.csv', ...(await file.close()) },
      fields,
    });
  }
  return tables;
}
