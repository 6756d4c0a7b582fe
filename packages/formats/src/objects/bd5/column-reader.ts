import { numberAt } from '../../containers/hdf5/values.ts';
import type { Hdf5File, Hdf5Member, Hdf5Table, Slab } from './hdf5-reader.ts';

const utf8 = new TextDecoder('utf-8', { fatal: true });
const latin1 = new TextDecoder('windows-1252');

/** End of the text of a fixed-width cell: the first NUL, or what is before trailing blanks. */
export function cellEnd(bytes: Uint8Array, start: number, stop: number, spacePadded: boolean): number {
  let end = start;
  while (end < stop && bytes[end] !== 0) end++;
  if (spacePadded) while (end > start && bytes[end - 1] === 0x20) end--;
  return end;
}

/** Text of a fixed-width cell: up to the first NUL, or without trailing blanks; UTF-8 where valid whatever the type says. */
export function cellText(bytes: Uint8Array, spacePadded: boolean): string {
  const used = bytes.subarray(0, cellEnd(bytes, 0, bytes.length, spacePadded));
  if (used.every((byte) => byte < 0x80)) return String.fromCharCode(...used);
  try {
    return utf8.decode(used);
  } catch {
    return latin1.decode(used);
  }
}

/** Cells of one slab of a table, by column; numbers may be stored as text and text as numbers. */
export class SlabCells {
  private readonly table: Hdf5Table;
  private readonly slab: Slab;
  private readonly readers = new Map<Hdf5Member, (at: number) => number>();

  constructor(table: Hdf5Table, slab: Slab) {
    this.table = table;
    this.slab = slab;
  }

  /** Number in a cell; NaN where the text is none. */
  number(member: Hdf5Member, row: number): number {
    if (member.kind === 'string' || member.kind === 'varstring' || member.kind === 'other') {
      const text = this.text(member, row).trim();
      return text === '' ? Number.NaN : Number(text);
    }
    let read = this.readers.get(member);
    if (!read) this.readers.set(member, (read = numberAt(member.type, this.slab.bytes)));
    return read(row * this.table.rowBytes + member.offset);
  }

  /** Numbers of a column of the slab; NaN where there is no such column. */
  numbers(member: Hdf5Member | undefined): Float64Array {
    const { rows } = this.slab;
    const values = new Float64Array(rows);
    if (!member) return values.fill(Number.NaN);
    for (let row = 0; row < rows; row++) values[row] = this.number(member, row);
    return values;
  }

  /** Text in a cell. */
  text(member: Hdf5Member, row: number): string {
    const at = row * this.table.rowBytes + member.offset;
    if (member.kind === 'string') return cellText(this.slab.bytes.subarray(at, at + member.size), member.spacePadded);
    if (member.kind === 'varstring') return this.slab.texts.get(member.name)?.[row] ?? '';
    if (member.kind === 'other') return '';
    return String(this.number(member, row));
  }

  /** Texts of a column of the slab; equal ones that follow each other are one string. */
  texts(member: Hdf5Member): string[] {
    const { rows, bytes } = this.slab;
    const { rowBytes } = this.table;
    const texts: string[] = [];
    for (let row = 0; row < rows; row++) {
      const at = row * rowBytes + member.offset;
      const isSame = row > 0 && member.kind === 'string' && sameBytes(bytes, at - rowBytes, at, member.size);
      texts.push(isSame ? texts[row - 1]! : this.text(member, row));
    }
    return texts;
  }
}

function sameBytes(bytes: Uint8Array, a: number, b: number, length: number): boolean {
  for (let i = 0; i < length; i++) if (bytes[a + i] !== bytes[b + i]) return false;
  return true;
}

/** Column of a table by the first of several names it has. */
export function memberNamed(table: Hdf5Table, ...names: string[]): Hdf5Member | undefined {
  for (const name of names) {
    const member = table.members.find((candidate) => candidate.name === name);
    if (member) return member;
  }
  return undefined;
}

/** Rows of a small table as records of text. */
export async function smallTable(file: Hdf5File, table: Hdf5Table, limit = 100_000): Promise<Map<string, string>[]> {
  const rows: Map<string, string>[] = [];
  for await (const slab of file.slabs(table)) {
    const cells = new SlabCells(table, slab);
    for (let row = 0; row < slab.rows && rows.length < limit; row++)
      rows.push(new Map(table.members.map((member) => [member.name, cells.text(member, row)])));
  }
  return rows;
}
