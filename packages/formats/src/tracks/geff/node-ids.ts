import type { TreeStore } from '../../images/ome-zarr/tree-store.ts';
import type { OpenArray } from '../../images/ome-zarr/zarr-level.ts';
import { RowsById } from '../graph-check.ts';
import { GeffArrayError, readRows, toNumbers } from './arrays.ts';

/** Ids of nodes: their own where they fit float64, else row numbers, with a way from one to the other. */
export class NodeIds {
  readonly ids: Float64Array;
  /** Ids as written, where they do not fit. */
  readonly written: BigUint64Array | BigInt64Array | undefined;
  private readonly sorted: Uint32Array | undefined;
  private lookup: RowsById | undefined;

  constructor(parts: readonly (Float64Array | BigUint64Array | BigInt64Array)[], count: number) {
    const big = parts.some((part) => !(part instanceof Float64Array) && part.some((id) => !fits(id)));
    this.ids = new Float64Array(count);
    let at = 0;
    for (const part of parts) {
      for (let i = 0; i < part.length; i++) this.ids[at + i] = Number(part[i]);
      at += part.length;
    }
    if (!big) return;
    const whole = parts[0] instanceof BigInt64Array ? new BigInt64Array(count) : new BigUint64Array(count);
    at = 0;
    for (const part of parts) {
      whole.set(part as BigUint64Array, at);
      at += part.length;
    }
    for (let row = 0; row < count; row++) this.ids[row] = row;
    this.written = whole;
    this.sorted = Uint32Array.from(this.ids).sort((a, b) =>
      whole[a]! < whole[b]! ? -1 : whole[a]! > whole[b]! ? 1 : a - b,
    );
  }

  /** Ids of the ends of edges, in our numbering; -1 for an id that no node has. */
  endsOf(values: Float64Array | BigUint64Array | BigInt64Array): Float64Array {
    if (!this.written) return toNumbers(values);
    return Float64Array.from(values as ArrayLike<bigint | number>, (id) => this.rowOfWritten(BigInt(id)));
  }

  /** Row of one of our ids; -1 where there is none. */
  row(id: number): number {
    this.lookup ??= new RowsById(this.ids);
    return this.lookup.row(id);
  }

  private rowOfWritten(id: bigint): number {
    const { sorted, written } = this;
    let low = 0;
    let high = sorted!.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (written![sorted![middle]!]! < id) low = middle + 1;
      else high = middle;
    }
    const row = sorted![low];
    return row !== undefined && written![row] === id ? row : -1;
  }
}

function fits(id: bigint): boolean {
  return id <= BigInt(Number.MAX_SAFE_INTEGER) && id >= BigInt(Number.MIN_SAFE_INTEGER);
}

/** Reads whole numbers of some rows. */
export async function readIds(
  array: OpenArray,
  from: number,
  to: number,
  signal?: AbortSignal,
): Promise<Float64Array | BigUint64Array | BigInt64Array> {
  const values = await readRows(array, from, to, signal);
  if (values instanceof BigUint64Array || values instanceof BigInt64Array) return values;
  const numbers = toNumbers(values);
  if (!numbers.every(Number.isInteger)) throw new GeffArrayError(`${array.path} holds ids that are not whole numbers`);
  return numbers;
}

/** Bytes of the files below a path. */
export function bytesBelow(
  store: TreeStore,
  tree: { entries: readonly { path: string; size: number }[] },
  path: string,
): number {
  let total = 0;
  const prefix = `${path}/`;
  for (const { path: one, size } of tree.entries) if (one.startsWith(prefix) && store.has(one)) total += size;
  return total;
}
