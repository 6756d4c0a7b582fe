import type { Hdf5File, Hdf5Member, Hdf5Table } from './hdf5-reader.ts';

const utf8 = new TextDecoder('utf-8', { fatal: true });
const latin1 = new TextDecoder('windows-1252');

/** Text of a fixed-width cell: up to the first NUL, or without trailing blanks; UTF-8 where valid whatever the type says. */
export function cellText(bytes: Uint8Array, spacePadded: boolean): string {
  let end = bytes.indexOf(0);
  if (end < 0) end = bytes.length;
  if (spacePadded) while (end > 0 && bytes[end - 1] === 0x20) end--;
  const used = bytes.subarray(0, end);
  if (used.every((byte) => byte < 0x80)) return String.fromCharCode(...used);
  try {
    return utf8.decode(used);
  } catch {
    return latin1.decode(used);
  }
}

/** Cells of one slab of a table, by column name; numbers may be stored as text and text as numbers. */
export class SlabCells {
  private readonly file: Hdf5File;
  private readonly table: Hdf5Table;
  private readonly bytes: Uint8Array;
  private readonly view: DataView;

  constructor(file: Hdf5File, table: Hdf5Table, bytes: Uint8Array) {
    this.file = file;
    this.table = table;
    this.bytes = bytes;
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  /** Number in a cell; NaN where the text is none. */
  number(member: Hdf5Member, row: number): number {
    const at = row * this.table.rowBytes + member.offset;
    const { view } = this;
    if (member.kind === 'float') return member.size === 4 ? view.getFloat32(at, true) : view.getFloat64(at, true);
    if (member.kind === 'int' || member.kind === 'uint') return integerAt(view, at, member);
    const text = this.text(member, row).trim();
    return text === '' ? Number.NaN : Number(text);
  }

  /** Text in a cell. */
  text(member: Hdf5Member, row: number): string {
    const at = row * this.table.rowBytes + member.offset;
    if (member.kind === 'string') return cellText(this.bytes.subarray(at, at + member.size), member.spacePadded);
    if (member.kind === 'varstring') return this.file.textAt(this.view.getUint32(at, true));
    if (member.kind === 'other') return '';
    return String(this.number(member, row));
  }
}

function integerAt(view: DataView, at: number, { kind, size }: Hdf5Member): number {
  const signed = kind === 'int';
  if (size === 1) return signed ? view.getInt8(at) : view.getUint8(at);
  if (size === 2) return signed ? view.getInt16(at, true) : view.getUint16(at, true);
  if (size === 4) return signed ? view.getInt32(at, true) : view.getUint32(at, true);
  return Number(signed ? view.getBigInt64(at, true) : view.getBigUint64(at, true));
}

/** Column of a table by the first of several names it has. */
export function memberNamed(table: Hdf5Table, ...names: string[]): Hdf5Member | undefined {
  for (const name of names) {
    const member = table.members.find((candidate) => candidate.name === name);
    if (member) return member;
  }
  return undefined;
}

/** Rows of a small table as records of text, and numbers where asked with `Number`. */
export function smallTable(file: Hdf5File, table: Hdf5Table, limit = 100_000): Map<string, string>[] {
  const rows: Map<string, string>[] = [];
  for (const slab of file.slabs(table)) {
    const cells = new SlabCells(file, table, slab.bytes);
    for (let row = 0; row < slab.rows && rows.length < limit; row++)
      rows.push(new Map(table.members.map((member) => [member.name, cells.text(member, row)])));
  }
  return rows;
}
