import type { Hdf5Dataset } from '../../containers/hdf5/dataset.ts';
import type { Hdf5CompoundMember } from '../../containers/hdf5/datatype.ts';
import type { Hdf5Node, OpenHdf5 } from '../../containers/hdf5/open-hdf5.ts';
import { isNumeric, numbersOf, textsOf } from '../../containers/hdf5/values.ts';

/** Some rows of a table: numbers or texts by column. */
export interface FrameRows {
  rows: number;
  columns: Map<string, Float64Array | string[]>;
}

/** A table (DataFrame) of a pandas store. */
export interface StoredFrame {
  /** Its key, as `Frame_0`. */
  key: string;
  /** Columns that can be read, with what they hold. */
  columns: { name: string; isNumber: boolean; isWhole: boolean }[];
  /** Columns kept in a form only Python reads. */
  unread: string[];
  rows(signal?: AbortSignal): AsyncGenerator<FrameRows>;
}

const mostFrames = 1_000_000;

/**
 * Tables of a pandas store at its root, in order of their numbers. Source: pandas/io/pytables.py, classes
 * `FrameFixed` (blocks of like columns) and `AppendableFrameTable` (a PyTables table).
 */
export async function* storedFrames(file: OpenHdf5): AsyncGenerator<StoredFrame> {
  const names = (await file.root.links()).map(({ name }) => name).slice(0, mostFrames);
  names.sort((a, b) => a.localeCompare(b, 'en', { numeric: true }));
  for (const key of names) {
    const group = await file.root.child(key);
    const frame = group && (await storedFrame(group, key));
    if (frame) yield frame;
  }
}

/** The table below a group; `undefined` where pandas put none there. */
export async function storedFrame(group: Hdf5Node, key: string): Promise<StoredFrame | undefined> {
  const kind = await (await group.attribute('pandas_type'))?.text();
  if (kind === 'frame_table') return appendable(group, key);
  return kind === 'frame' ? fixed(group, key) : undefined;
}

/** Does the table hold positions in time? */
export function isPositions({ columns }: StoredFrame): boolean {
  const names = new Set(columns.filter(({ isNumber }) => isNumber).map(({ name }) => name));
  return names.has('x') && names.has('y') && names.has('frame');
}

/** Texts of a list that Python pickled in its oldest, readable form: `(lp0`, `Vname`, `p1`, `aVnext`... */
export function pickledTexts(text: string): string[] {
  return text.split('\n').flatMap((line) => {
    const raw = /^[(la]*V(.*)$/.exec(line)?.[1];
    if (raw !== undefined)
      return [raw.replace(/\\u([0-9a-f]{4})/gi, (_, code: string) => String.fromCharCode(Number.parseInt(code, 16)))];
    return /^[(la]*S(['"])(.*)\1$/.exec(line)?.[2] ?? [];
  });
}

interface Part {
  name: string;
  member: Hdf5CompoundMember;
  /** Type and place of one value. */
  type: Hdf5CompoundMember['type'];
  offset: number;
}

async function appendable(group: Hdf5Node, key: string): Promise<StoredFrame | undefined> {
  const node = await group.child('table');
  const dataset = await node?.dataset();
  if (!node || dataset?.type.class !== 'compound' || dataset.shape.length !== 1) return undefined;
  const attributes = await node.attributes();
  const parts: Part[] = [];
  const unread: string[] = [];
  for (const member of dataset.type.members) {
    if (member.name === 'index') continue;
    const kind = await attributes.find(({ name }) => name === `${member.name}_kind`)?.text();
    const names = kind === undefined ? [] : pickledTexts(kind);
    const { type } = member;
    // A block holds the columns of one type side by side.
    const base = type.class === 'array' ? type.base : type;
    const width = type.class === 'array' ? type.size / type.base.size : 1;
    for (let n = 0; n < width; n++) {
      const name = names[n] ?? (width === 1 ? member.name : `${member.name}_${n}`);
      if (isNumeric(base) || base.class === 'string')
        parts.push({ name, member, type: base, offset: member.offset + n * base.size });
      else unread.push(name);
    }
  }
  return {
    key,
    columns: parts.map(({ name, type }) => describeColumn(name, type)),
    unread,
    rows: (signal) => tableRows(dataset, parts, signal),
  };
}

function describeColumn(name: string, type: Hdf5CompoundMember['type']): StoredFrame['columns'][number] {
  return { name, isNumber: isNumeric(type), isWhole: type.class === 'integer' || type.class === 'bitfield' };
}

async function* tableRows(
  dataset: Hdf5Dataset,
  parts: readonly Part[],
  signal?: AbortSignal,
): AsyncGenerator<FrameRows> {
  const stride = dataset.type.size;
  for await (const { rows, bytes } of dataset.blocks(signal)) {
    const columns: FrameRows['columns'] = new Map();
    for (const { name, type, offset } of parts)
      columns.set(
        name,
        isNumeric(type)
          ? numbersOf(type, bytes, rows, stride, offset)
          : await textsOf(type, bytes, rows, noHeaps, stride, offset),
      );
    yield { rows, columns };
  }
}

/** Texts of fixed length lie in the record itself. */
const noHeaps = undefined as never;

async function fixed(group: Hdf5Node, key: string): Promise<StoredFrame | undefined> {
  const blocks: { names: string[]; values: Hdf5Dataset }[] = [];
  const unread: string[] = [];
  for (let n = 0; n < 1000; n++) {
    const items = await (await group.child(`block${n}_items`))?.dataset();
    const values = await (await group.child(`block${n}_values`))?.dataset();
    if (!items || !values) break;
    const names = items.type.class === 'string' ? await items.texts() : Array.from(await items.numbers(), String);
    const isPlain = values.shape.length === 2 && values.shape[1] === names.length && isNumeric(values.type);
    if (isPlain) blocks.push({ names, values });
    else unread.push(...names);
  }
  if (blocks.length === 0) return undefined;
  return {
    key,
    columns: blocks.flatMap(({ names, values }) => names.map((name) => describeColumn(name, values.type))),
    unread,
    rows: (signal) => blockRows(blocks, signal),
  };
}

const rowsAtOnce = 65_536;

async function* blockRows(
  blocks: readonly { names: string[]; values: Hdf5Dataset }[],
  signal?: AbortSignal,
): AsyncGenerator<FrameRows> {
  const total = Math.min(...blocks.map(({ values }) => values.shape[0]!));
  for (const { values } of blocks) values.assertPlausible();
  for (let first = 0; first < total; first += rowsAtOnce) {
    const rows = Math.min(rowsAtOnce, total - first);
    const columns: FrameRows['columns'] = new Map();
    for (const { names, values } of blocks) {
      const bytes = await values.read({ start: [first, 0], count: [rows, names.length] }, signal);
      const { size } = values.type;
      for (const [n, name] of names.entries())
        columns.set(name, numbersOf(values.type, bytes, rows, size * names.length, n * size));
    }
    yield { rows, columns };
  }
}
