import { textBytes, writeText } from '../texts.ts';
import { SlabCells, memberNamed } from './column-reader.ts';
import { storedType } from './frame-objects.ts';
import type { Hdf5File, Hdf5Member, Hdf5Table } from './hdf5-reader.ts';
import {
  type Hdf5Column,
  type Hdf5ColumnType,
  type NumberKind,
  columnOffsets,
  putNumber,
  recordBytes,
} from '../../containers/hdf5/written-types.ts';
import type { Hdf5TableNode } from '../../containers/hdf5/write-hdf5.ts';
import { valueKindOf } from './lint-rules.ts';

/** A column as it is written again. */
interface MendedColumn extends Hdf5Column {
  from: Hdf5Member;
  /** Text in the place of that of every row. */
  text?: string;
}

/** Columns of BD5 in the order of the format. */
const order = [
  'oID fID name fUnit dimension xScale yScale zScale sUnit tScale tUnit from to',
  'ID t entity sID x y z radius label value',
]
  .join(' ')
  .split(' ');

/** What is to be changed in a table besides its types and shape. */
export interface TableMending {
  /** Names of columns that are left out. */
  without?: readonly string[];
  /** Text that a column gets in all rows. */
  replace?: Readonly<Record<string, string>>;
  /** Rows that stay; all where left out. */
  keep?: Uint8Array;
  /** Rows in which the columns `from` and `to` are exchanged. */
  turn?: Uint8Array;
}

/** Copies a table with one axis, numbers as numbers, columns in the order of the format; says what it changes. */
export async function mendedTable(
  file: Hdf5File,
  table: Hdf5Table,
  say: (change: string) => void,
  mending: TableMending = {},
): Promise<Hdf5TableNode> {
  const { path } = table;
  if (table.shape.length > 1) say(`tables with a second axis get one: ${path}`);
  const columns: MendedColumn[] = [];
  for (const member of table.members) {
    const name = member.name === 'seqID' ? 'sID' : member.name;
    const isKnown = order.includes(name) || (name === 'fID' && true);
    if (!isKnown || mending.without?.includes(name)) {
      say(`columns are left out: ${member.name}`);
      continue;
    }
    if (name !== member.name) say(`the column ${member.name} is called ${name}`);
    const text = mending.replace?.[name];
    const type = text === undefined ? await typeOf(file, table, member, say) : textType(text);
    columns.push({ name, type, from: member, ...(text === undefined ? {} : { text }) });
  }
  // fID stands before the name where features are defined, behind the ID where they are given.
  const place = ({ name }: MendedColumn) =>
    name === 'fID' && memberNamed(table, 'value') ? order.indexOf('ID') + 0.5 : order.indexOf(name);
  columns.sort((a, b) => place(a) - place(b));
  const rows = mending.keep ? mending.keep.reduce((sum, kept) => sum + kept, 0) : table.rows;
  return { columns, rows, records: () => packed(file, table, columns, mending) };
}

function textType(text: string): Hdf5ColumnType {
  return { kind: 'string', bytes: Math.max(1, textBytes(text)) };
}

async function typeOf(
  file: Hdf5File,
  table: Hdf5Table,
  member: Hdf5Member,
  say: (change: string) => void,
): Promise<Hdf5ColumnType> {
  const wanted = valueKindOf(member.name);
  if (wanted === 'number' || wanted === 'whole') {
    const stored = storedType(member) as NumberKind | undefined;
    const isRight = stored !== undefined && (wanted === 'number' || !stored.startsWith('float'));
    if (isRight) return { kind: stored };
    if (stored === undefined) say(`numbers that were text are numbers: ${member.name}`);
    return { kind: wanted === 'whole' ? 'int32' : 'float64' };
  }
  if (member.kind === 'string') return { kind: 'string', bytes: member.size };
  say(`texts get a fixed width: ${member.name}`);
  let bytes = 1;
  for await (const slab of file.slabs(table))
    for (const text of new SlabCells(table, slab).texts(member)) bytes = Math.max(bytes, textBytes(text));
  return { kind: 'string', bytes };
}

async function* packed(
  file: Hdf5File,
  table: Hdf5Table,
  columns: readonly MendedColumn[],
  { keep, turn }: TableMending,
): AsyncGenerator<Uint8Array> {
  const size = recordBytes(columns);
  const offsets = columnOffsets(columns);
  const ends = { from: memberNamed(table, 'to'), to: memberNamed(table, 'from') };
  for await (const slab of file.slabs(table)) {
    const cells = new SlabCells(table, slab);
    const rows: number[] = [];
    for (let row = 0; row < slab.rows; row++) if (!keep || keep[slab.first + row] === 1) rows.push(row);
    const block = new Uint8Array(rows.length * size);
    const view = new DataView(block.buffer);
    for (const [i, { name, type, from, text }] of columns.entries())
      for (const [n, row] of rows.entries()) {
        const at = n * size + offsets[i]!;
        const isTurned = turn?.[slab.first + row] === 1 && (name === 'from' || name === 'to');
        const member = isTurned ? ends[name as 'from' | 'to']! : from;
        if (type.kind === 'string') writeText(text ?? cells.text(member, row), block.subarray(at, at + type.bytes), 0);
        else putNumber(view, at, type.kind, cells.number(member, row));
      }
    yield block;
  }
}
