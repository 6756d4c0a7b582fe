import { Hdf5Fault } from './fault.ts';

/** Walks over bytes of a structure. Reading past their end is a fault of the file, never an exception of the platform. */
export class Cursor {
  readonly bytes: Uint8Array;
  readonly view: DataView;
  at: number;
  private readonly what: string;

  /** @param what name of the structure, for messages */
  constructor(bytes: Uint8Array, what: string, at = 0) {
    this.bytes = bytes;
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.what = what;
    this.at = at;
  }

  get left(): number {
    return this.bytes.length - this.at;
  }

  private claim(length: number): number {
    const { at } = this;
    if (!(length >= 0 && at + length <= this.bytes.length))
      throw new Hdf5Fault('damaged', `${this.what} ends before its content does`);
    this.at = at + length;
    return at;
  }

  skip(length: number): this {
    this.claim(length);
    return this;
  }

  u8(): number {
    return this.view.getUint8(this.claim(1));
  }

  u16(): number {
    return this.view.getUint16(this.claim(2), true);
  }

  u32(): number {
    return this.view.getUint32(this.claim(4), true);
  }

  /** Unsigned little-endian number of 0 to 8 bytes; inexact above 2^53, which no file can hold. */
  uint(size: number): number {
    const at = this.claim(size);
    let value = 0;
    for (let n = size - 1; n >= 0; n--) value = value * 256 + this.bytes[at + n]!;
    return value;
  }

  /** An address of `size` bytes; `undefined` where all bits are set, which means there is none. */
  address(size: number): number | undefined {
    const at = this.claim(size);
    let value = 0;
    let isNone = true;
    for (let n = size - 1; n >= 0; n--) {
      const byte = this.bytes[at + n]!;
      if (byte !== 255) isNone = false;
      value = value * 256 + byte;
    }
    return isNone ? undefined : value;
  }

  /** The next bytes, without a copy. */
  take(length: number): Uint8Array {
    const at = this.claim(length);
    return this.bytes.subarray(at, at + length);
  }

  /** Text up to a NUL, which is passed; `padded`: the place after it is a multiple of 8 from the text's start. */
  terminated(padded = false): string {
    const end = this.bytes.indexOf(0, this.at);
    if (end < 0) throw new Hdf5Fault('damaged', `${this.what} has a name without an end`);
    const length = end + 1 - this.at;
    return utf8(this.take(padded ? Math.ceil(length / 8) * 8 : length));
  }

  /** @throws Hdf5Fault where other bytes stand here than the four of the signature */
  signature(expected: string): this {
    const found = this.take(4);
    for (let n = 0; n < 4; n++)
      if (found[n] !== expected.charCodeAt(n))
        throw new Hdf5Fault('damaged', `${this.what} lacks its signature ${expected}`);
    return this;
  }

  /** @throws Hdf5Fault where the version is none of those known */
  version(...known: readonly number[]): number {
    const version = this.u8();
    if (!known.includes(version)) throw new Hdf5Fault('unsupported', `${this.what} is of version ${version}`);
    return version;
  }
}

/** UTF-8 text up to the first NUL, else whole; what is no UTF-8 is read as Latin-1. */
export function utf8(bytes: Uint8Array): string {
  const end = bytes.indexOf(0);
  const used = end < 0 ? bytes : bytes.subarray(0, end);
  try {
    return strict.decode(used);
  } catch {
    return latin.decode(used);
  }
}

const strict = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
const latin = new TextDecoder('windows-1252');

/** Bytes needed for numbers up to `limit`, as the format counts them: ⌊log2⌋ / 8 + 1. */
export function bytesForLimit(limit: number): number {
  return Math.floor(Math.floor(Math.log2(Math.max(1, limit))) / 8) + 1;
}
