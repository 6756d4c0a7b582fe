import { type Column, type ColumnDescription, ColumnBuilder } from '@micrarium/model';
import type { FileEntry } from '../../bytes/file-tree.ts';
import { parseNumber } from '../../tables/delimited/cell-values.ts';
import { detectDialect } from '../../tables/delimited/dialect.ts';
import { NumberList } from '../../tables/delimited/id-index.ts';
import { IssueTally } from '../../tables/delimited/issues.ts';
import { readTableHead } from '../../tables/delimited/table-head.ts';
import { tableRows } from '../../tables/delimited/table-scan.ts';
import { RowsById } from '../graph-check.ts';
import type { TrackSink } from '../track-reader.ts';

/** Values of one statistic by the id of the object, or of the track. */
interface Statistic {
  description: ColumnDescription;
  isOfTracks: boolean;
  ids: Float64Array;
  rows: RowsById;
  values: Float64Array;
}

const notValues = new Set(['unit', 'category', 'collection', 'channel', 'image', 'time', 'trackid', 'parent', 'id']);

/**
 * Reads tables of statistics that lie beside a table of positions: one column a value, named by the title above the
 * table. Tables that say nothing of single objects or tracks (averages, overall counts) are passed over.
 * @param warn told of each table that is not joined, and why
 */
export async function readStatistics(
  entries: readonly FileEntry[],
  warn: (file: string, reason: string) => void,
  signal?: AbortSignal,
): Promise<Statistic[]> {
  const found: Statistic[] = [];
  for (const entry of entries) found.push(...(await readOne(entry, warn, signal)));
  return found;
}

async function readOne(
  entry: FileEntry,
  warn: (file: string, reason: string) => void,
  signal?: AbortSignal,
): Promise<Statistic[]> {
  const source = await entry.open();
  const head = await readTableHead(source, signal);
  const dialect = detectDialect(head, head.length >= source.size);
  const names = dialect?.header.map((name) => name.trim().toLowerCase()) ?? [];
  const idAt = names.indexOf('id');
  if (!dialect || idAt < 0) return [];
  const [unitAt, categoryAt] = [names.indexOf('unit'), names.indexOf('category')];
  const valuesAt = names.flatMap((name, at) =>
    at < unitAt && name !== '' && !name.startsWith('#') && !notValues.has(name) ? [at] : [],
  );
  const ids = new NumberList();
  const lists = valuesAt.map(() => new NumberList());
  let [unit, category] = ['', ''];
  for await (const rows of tableRows(source, dialect, new IssueTally(), signal ? { signal } : {}))
    for (const { cells } of rows) {
      const id = parseNumber(cells[idAt] ?? '', dialect.decimalComma);
      if (id === undefined) continue;
      unit ||= cells[unitAt]?.trim() ?? '';
      category ||= cells[categoryAt]?.trim() ?? '';
      ids.push(id);
      for (const [i, at] of valuesAt.entries())
        lists[i]!.push(parseNumber(cells[at] ?? '', dialect.decimalComma) ?? Number.NaN);
    }
  const keys = ids.toArray();
  const rows = new RowsById(keys);
  if (rows.repeated.length > 0) {
    warn(entry.path, `${rows.repeated.length} of its rows repeat an id`);
    return [];
  }
  const title = titleOf(head);
  return valuesAt.map((at, i) => ({
    description: {
      name: valuesAt.length === 1 && title !== '' ? title : dialect.header[at]!,
      type: 'float',
      ...(unit === '' ? {} : { unit }),
      sourceKey: dialect.header[at]!,
    },
    isOfTracks: /^track$/i.test(category),
    ids: keys,
    rows,
    values: lists[i]!.toArray(),
  }));
}

/** The line above the row of `=`, which tells channels apart: "Intensity Mean Ch=3 Img=1". */
function titleOf(head: Uint8Array): string {
  const text = new TextDecoder('utf-8').decode(head.subarray(0, 2000)).replace(/\r\n?/g, '\n');
  return /^\s*([^\n]+)\n\s*=+\s*\n/.exec(text)?.[1]?.trim() ?? '';
}

/** Adds statistics of objects as columns, and those of tracks as the table of source tracks. */
export function joiningStatistics(sink: TrackSink, statistics: readonly Statistic[]): TrackSink {
  const ofObjects = statistics.filter(({ isOfTracks }) => !isOfTracks);
  const ofTracks = statistics.filter(({ isOfTracks }) => isOfTracks);
  const column = ({ description, rows, values }: Statistic, ids: Float64Array, count: number): Column => {
    const builder = new ColumnBuilder(description, count);
    for (let row = 0; row < count; row++) {
      const at = rows.row(ids[row]!);
      const value = at < 0 ? Number.NaN : values[at]!;
      builder.set(row, Number.isNaN(value) ? undefined : value);
    }
    return builder.finish(count);
  };
  return {
    header: (header) =>
      sink.header({
        ...header,
        objectColumns: [...header.objectColumns, ...ofObjects.map(({ description }) => description)],
      }),
    objects: (batch) =>
      sink.objects({
        ...batch,
        columns: [...batch.columns, ...ofObjects.map((one) => column(one, batch.id, batch.count))],
      }),
    edges: (batch) => sink.edges(batch),
    async end() {
      const ids = Float64Array.from(new Set(ofTracks.flatMap(({ ids: own }) => [...own]))).sort();
      if (ids.length > 0) {
        const track: Column = { name: 'source_track_id', type: 'int', values: ids };
        await sink.sourceTracks?.([track, ...ofTracks.map((one) => column(one, ids, ids.length))], ids.length);
      }
      await sink.end();
    },
  };
}
