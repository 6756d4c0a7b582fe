import type { Column, ColumnDescription, Issue, Shapes } from '@micrarium/model';
import { baseName, type FileEntry, folderOf, stemOf } from '../../bytes/file-tree.ts';
import type { Item } from '../../recognition/item.ts';
import type { ReadOptions, SetHeader, TrackReader, TrackSink } from '../track-reader.ts';
import { parquetIssue } from './issues.ts';
import { openParquet, ParquetFormatError, type ParquetTable } from './open-table.ts';
import { type StoredFeature, metadataKey, type TableDescription, tableFiles, type TableName } from './stored-tables.ts';
import { VertexCursor } from './vertex-cursor.ts';

const batchRows = 16_384;
const ownObjectColumns = ['object_id', 'frame', 'time', 'x', 'y', 'z', 'link_id', 'track_id'];
const ownEdgeColumns = ['source_object_id', 'target_object_id', 'link_id', 'gap', 'split', 'merge'];

/**
 * Reads our stored tables back, whole, and any Parquet table with the columns object_id, frame, x and y. Link and
 * track ids in the file are not read: they are computed from the edges.
 */
export const parquetReader: TrackReader = {
  async stream(item, sink, options = {}) {
    const issues: Issue[] = [];
    for (const files of setsOf(item)) {
      const walk = new SetWalk(files, sink, options, item.path, issues);
      try {
        await walk.run();
      } catch (error) {
        if (!(error instanceof ParquetFormatError)) throw error;
        const code = error.tooManyRows ? 'parquet-too-many-rows' : 'parquet-unreadable';
        issues.push(parquetIssue(code, `${walk.at}: ${error.message}`, { where: { file: walk.at } }));
        await walk.close();
      }
    }
    return { issues };
  },
};

/** The tables of one set. */
type SetFiles = { [Table in TableName]?: FileEntry } & { objects: FileEntry };

/** Groups the tables of an item by folder, in order of their numbers; one file of any name is a table of objects. */
function setsOf(item: Item): SetFiles[] {
  const objects = item.tree.entries.filter(({ path }) => baseName(path) === tableFiles.objects);
  if (objects.length === 0) return item.files[0] ? [{ objects: item.files[0] }] : [];
  const byNumber = (a: FileEntry, b: FileEntry) =>
    folderOf(a.path).localeCompare(folderOf(b.path), 'en', { numeric: true });
  return objects.sort(byNumber).map((entry) => {
    const folder = folderOf(entry.path);
    const files: SetFiles = { objects: entry };
    for (const [table, name] of Object.entries(tableFiles) as [TableName, string][]) {
      const found = item.tree.entries.find(({ path }) => path === (folder === '' ? name : `${folder}/${name}`));
      if (found) files[table] = found;
    }
    return files;
  });
}

/** Reads one set, table after table. */
class SetWalk {
  /** Path of the table being read. */
  at: string;
  private readonly files: SetFiles;
  private readonly sink: TrackSink;
  private readonly options: ReadOptions;
  private readonly name: string;
  private readonly issues: Issue[];
  private begun = false;

  constructor(files: SetFiles, sink: TrackSink, options: ReadOptions, itemPath: string, issues: Issue[]) {
    this.files = files;
    this.sink = sink;
    this.options = options;
    this.name = stemOf(itemPath);
    this.issues = issues;
    this.at = files.objects.path;
  }

  async run(): Promise<void> {
    const { files } = this;
    const objects = await this.open(files.objects);
    if (!hasColumns(objects, ['object_id', 'frame', 'x', 'y'])) {
      this.issues.push(
        parquetIssue('parquet-no-tracks', `columns are ${shortList(objects.columns.map(({ name }) => name))}`, {
          where: { file: this.at },
        }),
      );
      return;
    }
    const edges = files.edges && (await this.open(files.edges));
    const objectFeatures = this.features(objects, ownObjectColumns);
    const edgeFeatures = edges ? this.features(edges, ownEdgeColumns) : [];
    const header = headerOf(objects, this.name, objectFeatures, edgeFeatures);
    await this.sink.header(header);
    this.begun = true;
    await this.readObjects(objects, header, objectFeatures);
    if (edges) await this.readEdges(edges, edgeFeatures);
    else this.issues.push(parquetIssue('no-edges-table', 'there is no edges.parquet', { where: { file: this.at } }));
    if (files.sourceTracks) await this.readSourceTracks(await this.open(files.sourceTracks));
    await this.close();
  }

  /** Ends the set where it was begun. */
  async close(): Promise<void> {
    if (this.begun) await this.sink.end();
    this.begun = false;
  }

  private async open(entry: FileEntry): Promise<ParquetTable> {
    this.at = entry.path;
    const table = await openParquet(await entry.open(), this.options.signal);
    if (table.nested.length > 0)
      this.issues.push(
        parquetIssue('parquet-column-left-out', shortList(table.nested), { where: { file: entry.path } }),
      );
    return table;
  }

  /** Feature columns: as described by us, else all that are not ours. */
  private features(table: ParquetTable, own: readonly string[]): StoredFeature[] {
    const there = new Set(table.columns.map(({ name }) => name));
    const described = descriptionOf(table)?.features;
    if (described) return described.filter(({ stored }) => there.has(stored));
    return table.columns
      .filter(({ name }) => !own.includes(name))
      .map((column) => ({ ...column, stored: column.name }));
  }

  private async readObjects(table: ParquetTable, header: SetHeader, features: readonly StoredFeature[]): Promise<void> {
    const vertices =
      this.files.vertices && !this.options.graphOnly
        ? await VertexCursor.open(await this.open(this.files.vertices))
        : undefined;
    this.at = this.files.objects.path;
    const { sink, options } = this;
    for (const { start, end } of table.runs) {
      options.signal?.throwIfAborted();
      const number = async (name: string) =>
        Float64Array.from((await table.read(name, start, end)).values as Float64Array);
      const [id, frame, x, y] = [
        await number('object_id'),
        await number('frame'),
        await number('x'),
        await number('y'),
      ];
      const z = header.hasZ ? await number('z') : undefined;
      const time = header.hasTime ? await number('time') : undefined;
      const columns = await this.readFeatures(table, features, start, end);
      for (let from = 0; from < end - start; from += batchRows) {
        const to = Math.min(end - start, from + batchRows);
        const ids = id.subarray(from, to);
        const shapes: Shapes | undefined = vertices && (await vertices.take(ids));
        await sink.objects({
          count: to - from,
          id: ids,
          frame: Int32Array.from(frame.subarray(from, to)),
          x: x.subarray(from, to),
          y: y.subarray(from, to),
          ...(z ? { z: z.subarray(from, to) } : {}),
          ...(time ? { time: time.subarray(from, to) } : {}),
          columns: columns.map((column) => cut(column, from, to)),
          ...(shapes ? { shapes } : {}),
        });
      }
      options.onProgress?.(end / Math.max(1, table.rows));
    }
    const left = vertices?.left() ?? 0;
    if (left > 0)
      this.issues.push(
        parquetIssue('shapes-without-object', `${left} vertices are left out`, {
          where: { file: this.files.vertices!.path },
        }),
      );
  }

  private async readEdges(table: ParquetTable, features: readonly StoredFeature[]): Promise<void> {
    this.at = this.files.edges!.path;
    if (!hasColumns(table, ['source_object_id', 'target_object_id']))
      throw new ParquetFormatError('there are no columns source_object_id and target_object_id');
    for (const { start, end } of table.runs) {
      const source = await table.read('source_object_id', start, end);
      const target = await table.read('target_object_id', start, end);
      const columns = await this.readFeatures(table, features, start, end);
      for (let from = 0; from < end - start; from += batchRows) {
        const to = Math.min(end - start, from + batchRows);
        await this.sink.edges({
          count: to - from,
          sourceId: Float64Array.from((source.values as Float64Array).subarray(from, to)),
          targetId: Float64Array.from((target.values as Float64Array).subarray(from, to)),
          columns: columns.map((column) => cut(column, from, to)),
        });
      }
    }
  }

  private async readSourceTracks(table: ParquetTable): Promise<void> {
    const features = this.features(table, []);
    const columns: Column[] = [];
    for (const feature of features) {
      const parts: Column[] = [];
      for (const { start, end } of table.runs)
        parts.push(...(await this.readFeatures(table, [feature], start, end, true)));
      columns.push(joined(feature, parts, table.rows));
    }
    await this.sink.sourceTracks?.(columns, table.rows);
  }

  private async readFeatures(
    table: ParquetTable,
    features: readonly StoredFeature[],
    start: number,
    end: number,
    always = false,
  ): Promise<Column[]> {
    const columns: Column[] = [];
    for (const feature of features) {
      const { stored, ...column } = feature;
      if (this.options.graphOnly && !always) columns.push(absent(column, end - start));
      else columns.push(fitted(column, await table.read(stored, start, end)));
    }
    return columns;
  }
}

function hasColumns(table: ParquetTable, names: readonly string[]): boolean {
  return names.every((name) => table.columns.some((column) => column.name === name && column.type !== 'string'));
}

function descriptionOf(table: ParquetTable): TableDescription | undefined {
  const text = table.metadata.get(metadataKey);
  if (text === undefined) return undefined;
  try {
    const found = JSON.parse(text) as TableDescription;
    return found.version === 1 && Array.isArray(found.features) && typeof found.set === 'object' ? found : undefined;
  } catch {
    return undefined;
  }
}

function headerOf(
  table: ParquetTable,
  name: string,
  objectFeatures: readonly StoredFeature[],
  edgeFeatures: readonly StoredFeature[],
): SetHeader {
  const plain = ({ stored: _stored, ...column }: StoredFeature): ColumnDescription => column;
  const columns = { objectColumns: objectFeatures.map(plain), edgeColumns: edgeFeatures.map(plain) };
  const has = (column: string) => hasColumns(table, [column]);
  const described = descriptionOf(table)?.set;
  if (described) return { ...described, hasZ: has('z'), hasTime: has('time'), ...columns };
  return { name, entity: 'point', hasZ: has('z'), hasTime: has('time'), ...columns, provenance: {} };
}

/** Values in the storage their described type asks for. */
function fitted(column: ColumnDescription, read: Pick<Column, 'values' | 'missing'>): Column {
  const { values } = read;
  if (column.type === 'string' && !Array.isArray(values))
    return { ...column, ...read, values: Array.from(values, String) };
  if (column.type !== 'string' && Array.isArray(values)) return { ...column, ...read, type: 'string' };
  return { ...column, ...read };
}

function absent(column: ColumnDescription, count: number): Column {
  const missing = new Uint8Array(count).fill(1);
  const values = column.type === 'string' ? Array.from({ length: count }, () => '') : new Float64Array(count);
  return { ...column, values, missing };
}

function cut(column: Column, from: number, to: number): Column {
  const { values, missing } = column;
  return {
    ...column,
    values: Array.isArray(values) ? values.slice(from, to) : values.subarray(from, to),
    ...(missing ? { missing: missing.subarray(from, to) } : {}),
  };
}

function joined({ stored: _stored, ...column }: StoredFeature, parts: readonly Column[], rows: number): Column {
  if (parts.length === 1) return parts[0]!;
  const gaps = parts.some(({ missing }) => missing);
  const missing = new Uint8Array(gaps ? rows : 0);
  const values: string[] | Float64Array =
    column.type === 'string' ? Array.from({ length: rows }, () => '') : new Float64Array(rows);
  let at = 0;
  for (const part of parts) {
    for (let row = 0; row < part.values.length; row++) (values as (string | number)[])[at + row] = part.values[row]!;
    if (part.missing) missing.set(part.missing, at);
    at += part.values.length;
  }
  return { ...column, values, ...(gaps ? { missing } : {}) };
}

function shortList(names: readonly string[]): string {
  return names.slice(0, 8).join(', ') + (names.length > 8 ? ` and ${names.length - 8} more` : '');
}
