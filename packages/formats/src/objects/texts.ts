const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** Texts of a column, one a row, however they are kept. */
export interface Texts {
  readonly length: number;
  at(row: number): string;
  /** Bytes the text of a row takes in UTF-8. */
  bytesAt(row: number): number;
  /** Writes the text of a row as UTF-8 where there is room for it; the rest stays as it is. */
  write(row: number, target: Uint8Array, at: number): void;
}

/** Bytes a text takes in UTF-8. */
export function textBytes(text: string): number {
  for (let i = 0; i < text.length; i++) if (text.charCodeAt(i) > 0x7f) return encoder.encode(text).length;
  return text.length;
}

/** Writes a text as UTF-8. */
export function writeText(text: string, target: Uint8Array, at: number): void {
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code > 0x7f) {
      encoder.encodeInto(text, target.subarray(at));
      return;
    }
    target[at + i] = code;
  }
}

let scratch = new Uint8Array(256);

/** Is there a character U+0000 in the text of a row? */
export function holdsNul(texts: Texts, row: number): boolean {
  const bytes = texts.bytesAt(row);
  if (bytes > scratch.length) scratch = new Uint8Array(bytes * 2);
  texts.write(row, scratch, 0);
  for (let at = 0; at < bytes; at++) if (scratch[at] === 0) return true;
  return false;
}

/** Texts that are strings already. */
export class StringTexts implements Texts {
  private readonly values: readonly string[];

  constructor(values: readonly string[]) {
    this.values = values;
  }

  get length(): number {
    return this.values.length;
  }

  at(row: number): string {
    return this.values[row]!;
  }

  bytesAt(row: number): number {
    return textBytes(this.values[row]!);
  }

  write(row: number, target: Uint8Array, at: number): void {
    writeText(this.values[row]!, target, at);
  }
}

/** Numbers as texts, made only where somebody asks for one; with something before each where that is given. */
export class NumberTexts implements Texts {
  private readonly values: Float64Array;
  private readonly before: string;

  constructor(values: Float64Array, before = '') {
    this.values = values;
    this.before = before;
  }

  get length(): number {
    return this.values.length;
  }

  at(row: number): string {
    return `${this.before}${this.values[row]!}`;
  }

  bytesAt(row: number): number {
    const value = this.values[row]!;
    return isCount(value) ? this.before.length + digitsOf(value) : this.at(row).length;
  }

  write(row: number, target: Uint8Array, at: number): void {
    let value = this.values[row]!;
    if (!isCount(value)) return writeText(this.at(row), target, at);
    writeText(this.before, target, at);
    for (let to = at + this.before.length + digitsOf(value) - 1; to >= at + this.before.length; to--) {
      const rest = Math.trunc(value / 10);
      target[to] = 48 + (value - rest * 10);
      value = rest;
    }
  }
}

/** Is the number written in digits alone? */
const isCount = (value: number) => value >= 0 && Number.isSafeInteger(value);

function digitsOf(value: number): number {
  let digits = 1;
  for (let least = 10; value >= least; least *= 10) digits++;
  return digits;
}

/** Texts one behind the other as UTF-8: four bytes and the text itself a row, where a string takes forty more. */
export class PackedTexts implements Texts {
  length = 0;
  private bytes = new Uint8Array(1 << 12);
  private ends = new Uint32Array(1 << 10);

  /** @param rows how many are to come, where that is known */
  constructor(rows = 0) {
    if (rows > 0) this.ends = new Uint32Array(rows);
  }

  push(text: string): void {
    const start = this.length === 0 ? 0 : this.ends[this.length - 1]!;
    const end = start + textBytes(text);
    if (end > this.bytes.length) this.bytes = larger(this.bytes, end);
    if (this.length === this.ends.length) this.ends = larger(this.ends, this.length + 1);
    writeText(text, this.bytes, start);
    this.ends[this.length++] = end;
  }

  at(row: number): string {
    return decoder.decode(this.bytes.subarray(this.start(row), this.ends[row]));
  }

  bytesAt(row: number): number {
    return this.ends[row]! - this.start(row);
  }

  write(row: number, target: Uint8Array, at: number): void {
    const { bytes } = this;
    const end = this.ends[row]!;
    for (let from = this.start(row), to = at; from < end; from++, to++) target[to] = bytes[from]!;
  }

  private start(row: number): number {
    return row === 0 ? 0 : this.ends[row - 1]!;
  }
}

/** The same values with more room, half as much again at least. The old array must not be used any more: its memory is given back at once. */
export function larger<Kind extends Uint8Array | Int32Array | Uint32Array | Float64Array>(
  old: Kind,
  least: number,
): Kind {
  const copy = new (old.constructor as new (length: number) => Kind)(Math.max(least, Math.ceil(old.length * 1.5)));
  copy.set(old);
  release(old);
  return copy;
}

/**
 * Gives the memory of an array that nobody needs any more back at once. Left to the collector it stays for a while, and
 * tables that grow to a hundred megabytes leave as much behind.
 */
export function release(array: Uint8Array | Int32Array | Uint32Array | Float64Array): void {
  const { buffer } = array;
  // Codecs of Node leave one byte more, to see that nothing follows.
  const isAlone = buffer instanceof ArrayBuffer && buffer.byteLength - array.byteLength <= 1;
  if (isAlone && buffer.byteLength >= releasedBytes) buffer.transfer?.(0);
}

/** Below this, memory may be shared with others (Node's pool of small buffers). */
const releasedBytes = 1 << 17;
