import { SqliteFault } from './fault.ts';

/** A stored value. Whole numbers beyond 2^53 lose their last digits. */
export type SqliteValue = number | string | Uint8Array | null;

/** Where a value lies in a row, and as what. */
export interface ValuePlace {
  /** Serial type of the format. */
  type: number;
  at: number;
  end: number;
}

/** A whole number of one to nine bytes, and where the next thing begins. */
export function varint(bytes: Uint8Array, at: number): { value: number; end: number } {
  let value = 0;
  for (let i = 0; i < 9; i++) {
    const byte = bytes[at + i];
    if (byte === undefined) throw new SqliteFault('a row breaks off in a number');
    if (i === 8) return { value: allBits(bytes, at), end: at + 9 };
    value = value * 128 + (byte & 127);
    if (byte < 128) return { value, end: at + i + 1 };
  }
  throw new SqliteFault('a number has no end');
}

/** Nine bytes hold all 64 bits of a signed number: seven of each, and eight of the last. */
function allBits(bytes: Uint8Array, at: number): number {
  let value = 0n;
  for (let i = 0; i < 8; i++) value = (value << 7n) | BigInt(bytes[at + i]! & 127);
  return Number(BigInt.asIntN(64, (value << 8n) | BigInt(bytes[at + 8]!)));
}

const numberBytes = [0, 1, 2, 3, 4, 6, 8, 8, 0, 0];

/** Places of the values of a row, from its header. */
export function placesOf(bytes: Uint8Array, start: number, headBytes: number): ValuePlace[] {
  const places: ValuePlace[] = [];
  let at = headBytes;
  for (let head = start; head < headBytes; ) {
    const { value: type, end } = varint(bytes, head);
    const length = type >= 12 ? Math.floor((type - 12) / 2) : numberBytes[type];
    if (length === undefined || end > headBytes) throw new SqliteFault(`a row has a value of the unknown type ${type}`);
    places.push({ type, at, end: at + length });
    at += length;
    head = end;
  }
  return places;
}

/** Reads a value. */
export function valueAt({ type, at, end }: ValuePlace, bytes: Uint8Array, encoding: string): SqliteValue {
  if (type === 0) return null;
  if (type === 8 || type === 9) return type - 8;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (type === 7) return view.getFloat64(at);
  if (type === 6) return Number(view.getBigInt64(at));
  if (type < 6) {
    let value = view.getInt8(at);
    for (let i = at + 1; i < end; i++) value = value * 256 + bytes[i]!;
    return value;
  }
  const own = bytes.subarray(at, end);
  return type % 2 === 1 ? new TextDecoder(encoding).decode(own) : own.slice();
}
