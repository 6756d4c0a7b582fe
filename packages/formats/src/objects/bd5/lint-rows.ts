import type { EntityKind } from '@micrarium/model';
import type { IssueTally } from '../../tables/delimited/issues.ts';
import { IdTable } from '../id-table.ts';
import { larger } from '../texts.ts';
import { SlabCells, cellEnd, memberNamed } from './column-reader.ts';
import type { Hdf5File, Hdf5Member, Hdf5Table, Slab } from './hdf5-reader.ts';
import type { Bd5IssueCode } from './issues.ts';
import { entityKinds } from './structure.ts';

type Tally = IssueTally<Bd5IssueCode>;

const encoder = new TextEncoder();

/** The IDs of a file, each with the time group and kind of the first object that has it. */
export class KnownIds {
  readonly table = new IdTable();
  private frames = new Int32Array(1 << 10);
  private kinds = new Uint16Array(1 << 10);

  /** Time group of an ID. */
  frameOf(number: number): number {
    return this.frames[number]!;
  }

  /** Kind of an ID: its place in objectDef. */
  kindOf(number: number): number {
    return this.kinds[number]!;
  }

  note(number: number, frame: number, kind: number): void {
    if (number >= this.frames.length) {
      this.frames = larger(this.frames, number + 1);
      const kinds = new Uint16Array(this.frames.length);
      kinds.set(this.kinds);
      this.kinds = kinds;
    }
    this.frames[number] = frame;
    this.kinds[number] = kind;
  }

  /** Number of the ID in a cell, added where it is new; -1 for an empty one. */
  add(table: Hdf5Table, slab: Slab, member: Hdf5Member, row: number): number {
    return this.look(table, slab, member, row, true);
  }

  /** Number of the ID in a cell; -1 where no object has it. */
  find(table: Hdf5Table, slab: Slab, member: Hdf5Member, row: number): number {
    return this.look(table, slab, member, row, false);
  }

  private look(table: Hdf5Table, slab: Slab, member: Hdf5Member, row: number, isNew: boolean): number {
    let { bytes } = slab;
    let start = row * table.rowBytes + member.offset;
    let end: number;
    if (member.kind === 'string') end = cellEnd(bytes, start, start + member.size, member.spacePadded);
    else {
      bytes = encoder.encode(new SlabCells(table, slab).text(member, row));
      [start, end] = [0, bytes.length];
    }
    if (end === start) return -1;
    return isNew ? this.table.addBytes(bytes, start, end) : this.table.findBytes(bytes, start, end);
  }
}

/** What was seen of the times of one time group. */
export interface GroupTime {
  first: number | undefined;
}

/** Looks at the rows of one object table. */
export class ObjectRowsLint {
  private readonly file: Hdf5File;
  private readonly ids: KnownIds;
  private readonly tally: Tally;

  constructor(file: Hdf5File, ids: KnownIds, tally: Tally) {
    this.file = file;
    this.ids = ids;
    this.tally = tally;
  }

  /** @returns the entity of the rows, where they have one */
  async check(table: Hdf5Table, frame: number, kind: number, time: GroupTime): Promise<EntityKind | undefined> {
    const member = (...names: string[]) => memberNamed(table, ...names);
    const [id, entity, part] = [member('ID'), member('entity'), member('sID', 'seqID')];
    let seen: string | undefined;
    let last = -1;
    let lastPart = Number.NEGATIVE_INFINITY;
    let inPart = 0;
    const closePart = (row: number) => {
      if (seen === 'face' && inPart % 3 !== 0)
        this.tally.note('bd5-face-incomplete', { field: table.path, row }, `${table.path}: before row ${row + 1}`);
      inPart = 0;
    };
    for await (const slab of this.file.slabs(table)) {
      const cells = new SlabCells(table, slab);
      const entities = entity && cells.texts(entity);
      const parts = part && cells.numbers(part);
      for (let row = 0; row < slab.rows; row++) {
        const at = slab.first + row + 1;
        seen = this.entity(entities?.[row], seen, table, at);
        const number = id ? this.ids.add(table, slab, id, row) : -1;
        if (number < 0) {
          if (id)
            this.tally.note('bd5-id-empty', { field: table.path, row: at, column: 'ID' }, `${table.path}: row ${at}`);
          continue;
        }
        const goesOn = number === last && seen !== 'circle' && seen !== 'sphere';
        const ownPart = parts?.[row] ?? 0;
        if (!goesOn || ownPart !== lastPart) closePart(at - 1);
        inPart++;
        if (!goesOn) this.newObject(number, frame, kind, seen, table, at);
        else if (ownPart < lastPart) this.apart(number, table, at);
        last = number;
        lastPart = ownPart;
      }
      this.values(table, cells, slab, time, seen);
    }
    closePart(table.rows);
    return entityKinds.find((known) => known === seen);
  }

  private entity(
    text: string | undefined,
    seen: string | undefined,
    table: Hdf5Table,
    row: number,
  ): string | undefined {
    if (text === undefined) return seen;
    const where = { field: table.path, row, column: 'entity' };
    if (!(entityKinds as readonly string[]).includes(text))
      this.tally.note('bd5-entity-unknown', where, `${table.path}: "${text}"`);
    else if (seen !== undefined && seen !== text)
      this.tally.note('bd5-mixed-entity', where, `${table.path}: ${text} beside ${seen}`);
    return seen ?? text;
  }

  private newObject(
    number: number,
    frame: number,
    kind: number,
    entity: string | undefined,
    table: Hdf5Table,
    row: number,
  ): void {
    const { ids } = this;
    const isNew = number >= this.known;
    if (isNew) {
      this.known = number + 1;
      ids.note(number, frame, kind);
      return;
    }
    if (ids.frameOf(number) === frame && ids.kindOf(number) !== kind) return;
    if (ids.frameOf(number) === frame && (entity === 'line' || entity === 'face'))
      return this.apart(number, table, row);
    const where = { field: table.path, row, column: 'ID' };
    const place = ids.frameOf(number) === frame ? 'the same time group' : `time group ${ids.frameOf(number)}`;
    this.tally.note('bd5-duplicate-id', where, `${table.path}: ${ids.table.textOf(number)}, also in ${place}`);
  }

  /** IDs noted so far; the file has one of these lints, so that it counts over all tables. */
  private known = 0;

  private apart(number: number, table: Hdf5Table, row: number): void {
    const what = `${table.path}: ${this.ids.table.textOf(number)} at row ${row}`;
    this.tally.note('bd5-rows-out-of-order', { field: table.path, row }, what);
  }

  private values(table: Hdf5Table, cells: SlabCells, slab: Slab, time: GroupTime, entity: string | undefined): void {
    const isRound = entity === 'circle' || entity === 'sphere';
    for (const name of ['t', 'x', 'y', 'z', ...(isRound ? ['radius'] : [])]) {
      const member = memberNamed(table, name);
      if (!member) continue;
      const values = cells.numbers(member);
      for (let row = 0; row < slab.rows; row++) {
        const value = values[row]!;
        const where = { field: table.path, row: slab.first + row + 1, column: name };
        const place = () => `${table.path}: ${name} = ${cells.text(member, row)} at row ${slab.first + row + 1}`;
        if (!Number.isFinite(value) || (name === 'radius' && value < 0))
          this.tally.note('bd5-value-impossible', where, place());
        else if (name === 't') {
          time.first ??= value;
          if (value !== time.first) this.tally.note('bd5-time-disagrees', where, `${place()}, others ${time.first}`);
        }
      }
    }
  }
}

/** Looks at the rows of a feature table: each names an object of its time group and a feature that is defined, once. */
export async function lintFeatures(
  file: Hdf5File,
  table: Hdf5Table,
  frame: number,
  ids: KnownIds,
  defined: ReadonlySet<number>,
  tally: Tally,
): Promise<void> {
  const [id, fid] = [memberNamed(table, 'ID'), memberNamed(table, 'fID')];
  if (!id || !fid) return;
  const given = new Set<number>();
  for await (const slab of file.slabs(table)) {
    const cells = new SlabCells(table, slab);
    const features = cells.numbers(fid);
    for (let row = 0; row < slab.rows; row++) {
      const number = ids.find(table, slab, id, row);
      const feature = features[row]!;
      const where = { field: table.path, row: slab.first + row + 1 };
      const what = () => `${table.path}: ID ${cells.text(id, row)}, fID ${cells.text(fid, row)}`;
      if (number < 0 || ids.frameOf(number) !== frame || !defined.has(feature))
        tally.note('bd5-feature-unjoined', where, what());
      else {
        // Features are few; their numbers with that of the object make one whole number.
        const key = number * 65_536 + (feature % 65_536);
        if (given.has(key)) tally.note('bd5-feature-repeated', where, what());
        else given.add(key);
      }
    }
  }
}

/** Looks at trackInfo: both ends are there, the second is later, and no link is there twice. */
export async function lintLinks(file: Hdf5File, table: Hdf5Table, ids: KnownIds, tally: Tally): Promise<void> {
  const [from, to] = [memberNamed(table, 'from'), memberNamed(table, 'to')];
  if (!from || !to) return;
  /** Earlier object of the first link to each object, plus one; those of further links. */
  const parents = new Uint32Array(ids.table.size);
  const more = new Set<string>();
  for await (const slab of file.slabs(table)) {
    const cells = new SlabCells(table, slab);
    for (let row = 0; row < slab.rows; row++) {
      const [a, b] = [ids.find(table, slab, from, row), ids.find(table, slab, to, row)];
      const where = { field: table.path, row: slab.first + row + 1 };
      const what = () => `${cells.text(from, row)} → ${cells.text(to, row)}`;
      if (a < 0 || b < 0) tally.note('bd5-dangling-link', where, what());
      else if (ids.frameOf(a) >= ids.frameOf(b)) tally.note('bd5-link-direction', where, what());
      else if (parents[b] === 0) parents[b] = a + 1;
      else if (parents[b] === a + 1 || more.has(`${a} ${b}`)) tally.note('bd5-link-repeated', where, what());
      else more.add(`${a} ${b}`);
    }
  }
}
