import { buildTrackGraph, type Column, type ColumnDescription, type TrackGraph, type TrackSet } from '@micrarium/model';
import { columnCell, numberCell, textCell } from './cells.ts';

/** Options of the tables. */
export interface CsvOptions {
  signal?: AbortSignal;
  /** Fraction of the rows of this table, 0..1. */
  onProgress?(fraction: number): void;
}

/** Separator of several parents in one cell. */
export const parentSeparator = ';';

/** One column of a table as written: what it is, and its cells. */
export interface CsvColumn extends ColumnDescription {
  cell(row: number): string;
}

const rowsAtATime = 4096;

/**
 * The wide table of objects of a set as CSV bytes, some rows at a time: object_id, frame, time, x, y, z, link_id,
 * track_id, parent_object_ids (separated by `;`), then the features. UTF-8, comma, line feed, header line first;
 * absent values are empty.
 */
export async function* objectsCsv(set: TrackSet, options: CsvOptions = {}): AsyncGenerator<Uint8Array> {
  yield* csvTable(objectCsvColumns(set), set.objects.count, options);
}

/** The table of edges as CSV bytes: source_object_id, target_object_id, link_id, gap, split, merge, then the features. */
export async function* edgesCsv(set: TrackSet, options: CsvOptions = {}): AsyncGenerator<Uint8Array> {
  yield* csvTable(edgeCsvColumns(set), set.edges.count, options);
}

/** Rows of any table as CSV bytes. */
export async function* csvTable(
  columns: readonly CsvColumn[],
  count: number,
  options: CsvOptions = {},
): AsyncGenerator<Uint8Array> {
  const encoder = new TextEncoder();
  let text = `${columns.map(({ name }) => textCell(name)).join(',')}\n`;
  for (let row = 0; row < count; row++) {
    const start = text.length;
    for (let i = 0; i < columns.length; i++) text += i === 0 ? columns[i]!.cell(row) : `,${columns[i]!.cell(row)}`;
    // A line with nothing on it would be no row.
    if (columns.length === 1 && text.slice(start).trim() === '') text = `${text.slice(0, start)}""`;
    text += '\n';
    if (row % rowsAtATime !== rowsAtATime - 1) continue;
    options.signal?.throwIfAborted();
    yield encoder.encode(text);
    text = '';
    options.onProgress?.((row + 1) / count);
  }
  yield encoder.encode(text);
}

/** Columns of the object table. The graph is walked when the first cell is asked for: many ask for the names only. */
export function objectCsvColumns(set: TrackSet): CsvColumn[] {
  const { objects } = set;
  let walked: TrackGraph | undefined;
  const graph = () => (walked ??= buildTrackGraph(objects.count, set.edges));
  const unitOf = (unit: string | undefined) => (unit === undefined ? {} : { unit });
  const space = unitOf(set.spaceUnit ?? set.sourceSpaceUnit);
  const time = unitOf(set.timeUnit ?? set.sourceTimeUnit);
  const numbers = (about: ColumnDescription, values: Float64Array | Int32Array): CsvColumn => ({
    ...about,
    cell: (row) => numberCell(values[row]!),
  });
  const ids = (about: ColumnDescription, of: 'linkOfObject' | 'trackOfObject'): CsvColumn => ({
    ...about,
    cell: (row) => {
      const id = graph()[of][row]!;
      return id < 0 ? '' : String(id);
    },
  });
  const own: CsvColumn[] = [
    numbers({ name: 'object_id', type: 'int', description: 'Unique id of the object in the set' }, objects.id),
    numbers({ name: 'frame', type: 'int', description: 'Zero-based time index' }, objects.frame),
    ...(objects.time ? [numbers({ name: 'time', type: 'float', description: 'Time', ...time }, objects.time)] : []),
    numbers({ name: 'x', type: 'float', description: 'Position', ...space }, objects.x),
    numbers({ name: 'y', type: 'float', description: 'Position', ...space }, objects.y),
    ...(objects.z ? [numbers({ name: 'z', type: 'float', description: 'Position', ...space }, objects.z)] : []),
    ids({ name: 'link_id', type: 'int', description: 'Unbranched chain of edges the object lies in' }, 'linkOfObject'),
    ids(
      { name: 'track_id', type: 'int', description: 'Connected component of edges the object lies in' },
      'trackOfObject',
    ),
    parentColumn(set, graph),
  ];
  return [...own, ...featureCells(objects.columns, own)];
}

/** Columns of the edge table. */
export function edgeCsvColumns(set: TrackSet): CsvColumn[] {
  const { objects, edges } = set;
  const graph = buildTrackGraph(objects.count, edges);
  const flag = (name: string, description: string, is: (edge: number) => boolean): CsvColumn => ({
    name,
    type: 'bool',
    description,
    cell: (edge) => (is(edge) ? 'true' : 'false'),
  });
  const id = (name: string, description: string, rows: Uint32Array): CsvColumn => ({
    name,
    type: 'int',
    description,
    cell: (edge) => numberCell(objects.id[rows[edge]!]!),
  });
  const frame = (rows: Uint32Array, edge: number) => objects.frame[rows[edge]!]!;
  const own: CsvColumn[] = [
    id('source_object_id', 'Earlier object', edges.source),
    id('target_object_id', 'Later object', edges.target),
    {
      name: 'link_id',
      type: 'int',
      description: 'Unbranched chain the edge lies in',
      cell: (edge) => String(graph.linkOfEdge[edge]),
    },
    flag(
      'gap',
      'The edge spans more than one frame',
      (edge) => frame(edges.target, edge) - frame(edges.source, edge) > 1,
    ),
    flag('split', 'The earlier object has several outgoing edges', (edge) => graph.outDegree[edges.source[edge]!]! > 1),
    flag('merge', 'The later object has several incoming edges', (edge) => graph.inDegree[edges.target[edge]!]! > 1),
  ];
  return [...own, ...featureCells(edges.columns, own)];
}

/** Feature columns, renamed where one of ours has their name. */
export function featureCells(columns: readonly Column[], own: readonly ColumnDescription[]): CsvColumn[] {
  const taken = new Set(own.map(({ name }) => name));
  return columns.map((column) => {
    const { values: _v, missing: _m, ...description } = column;
    let { name } = description;
    for (let number = 2; taken.has(name); number++) name = `${description.name}_${number}`;
    taken.add(name);
    return { ...description, name, cell: (row) => columnCell(column, row) };
  });
}

/** Ids of the objects an object came from: none, one, or several at a merge. */
function parentColumn(set: TrackSet, graph: () => TrackGraph): CsvColumn {
  const { id } = set.objects;
  let found: ReturnType<typeof parentsOf> | undefined;
  return {
    name: 'parent_object_ids',
    type: 'string',
    description: `Objects of earlier frames this one came from, separated by "${parentSeparator}" at a merge`,
    cell(row) {
      const { first, others } = (found ??= parentsOf(set, graph()));
      if (first[row] === -1) return '';
      const parents = [first[row]!, ...(others.get(row) ?? [])];
      return parents.map((parent) => numberCell(id[parent]!)).join(parentSeparator);
    },
  };
}

/** The first parent of each object, -1 where it has none, and the others of those that have several. */
function parentsOf(
  { objects, edges }: TrackSet,
  graph: TrackGraph,
): { first: Int32Array; others: Map<number, number[]> } {
  const first = new Int32Array(objects.count).fill(-1);
  const others = new Map<number, number[]>();
  for (let edge = 0; edge < edges.count; edge++) {
    const target = edges.target[edge]!;
    const parent = edges.source[edge]!;
    if (first[target] === -1) first[target] = parent;
    else if (graph.inDegree[target]! > 1) {
      const more = others.get(target);
      if (more) more.push(parent);
      else others.set(target, [parent]);
    }
  }
  return { first, others };
}
