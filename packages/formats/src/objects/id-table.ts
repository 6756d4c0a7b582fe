import { type Texts, larger, release } from './texts.ts';

const encoder = new TextEncoder();

/**
 * Numbers texts from 0 in the order they come, and finds the number of a text: about 20 bytes and the text itself an
 * entry, where a `Map` takes a hundred. Texts are kept as UTF-8, so entries may come as text or as bytes.
 */
export class IdTable {
  private slots: Uint32Array;
  /** Of each slot in use a byte of the hash, never 0: most slots that hold another text are passed without looking at it. */
  private tags: Uint8Array;
  private starts: Uint32Array;
  private text: Uint8Array;
  private scratch = new Uint8Array(256);
  private count = 0;

  /**
   * @param entries how many texts are to come, where that is known: then nothing is copied to make room
   * @param bytes how many bytes they take in all
   */
  constructor(entries = 0, bytes = 0) {
    this.slots = new Uint32Array(2 ** Math.max(12, Math.ceil(Math.log2(entries * 2 + 1))));
    this.tags = new Uint8Array(this.slots.length);
    this.starts = new Uint32Array(Math.max(1 << 11, entries + 2));
    this.text = new Uint8Array(Math.max(1 << 14, bytes));
  }

  /** Number of different texts. */
  get size(): number {
    return this.count;
  }

  /** Number of a text; -1 where it was never added. */
  find(text: string): number {
    return this.findBytes(this.scratch, 0, this.encode(text));
  }

  /** Number of a text, which is added where it is new: then the number is the size before. */
  add(text: string): number {
    return this.addBytes(this.scratch, 0, this.encode(text));
  }

  /** As `add`, for the text of a row. */
  addText(texts: Texts, row: number): number {
    const bytes = texts.bytesAt(row);
    if (bytes > this.scratch.length) this.scratch = new Uint8Array(bytes * 2);
    texts.write(row, this.scratch, 0);
    return this.addBytes(this.scratch, 0, bytes);
  }

  /** As `find`, for UTF-8. */
  findBytes(bytes: Uint8Array, start: number, end: number): number {
    return this.slots[this.slotOf(hash(bytes, start, end), bytes, start, end)]! - 1;
  }

  /** As `add`, for UTF-8. */
  addBytes(bytes: Uint8Array, start: number, end: number): number {
    const hashed = hash(bytes, start, end);
    const slot = this.slotOf(hashed, bytes, start, end);
    const known = this.slots[slot]!;
    if (known > 0) return known - 1;
    const number = this.count++;
    this.slots[slot] = this.count;
    this.tags[slot] = tagOf(hashed);
    const from = this.starts[number]!;
    const to = from + end - start;
    if (to > this.text.length) this.text = larger(this.text, to);
    this.text.set(bytes.subarray(start, end), from);
    if (this.count >= this.starts.length) this.starts = larger(this.starts, this.count + 1);
    this.starts[this.count] = to;
    if (this.count * 2 > this.slots.length) this.rehash();
    return number;
  }

  /** The text of a number. */
  textOf(number: number): string {
    return new TextDecoder().decode(this.text.subarray(this.starts[number], this.starts[number + 1]));
  }

  /** Gives the memory back; nothing can be asked any more. */
  release(): void {
    for (const array of [this.slots, this.tags, this.starts, this.text]) release(array);
  }

  private encode(text: string): number {
    const { length } = text;
    if (length * 3 > this.scratch.length) this.scratch = new Uint8Array(length * 3 + 256);
    const { scratch } = this;
    for (let i = 0; i < length; i++) {
      const code = text.charCodeAt(i);
      if (code > 0x7f) return encoder.encodeInto(text, scratch).written;
      scratch[i] = code;
    }
    return length;
  }

  /** The slot that holds the text, or the empty one where it belongs. */
  private slotOf(hashed: number, bytes: Uint8Array, start: number, end: number): number {
    const { slots, tags, starts, text } = this;
    const mask = slots.length - 1;
    const tag = tagOf(hashed);
    for (let slot = hashed & mask; ; slot = (slot + 1) & mask) {
      const found = tags[slot];
      if (found === 0) return slot;
      if (found !== tag) continue;
      const entry = slots[slot]!;
      const from = starts[entry - 1]!;
      if (starts[entry]! - from !== end - start) continue;
      let i = 0;
      while (i < end - start && text[from + i] === bytes[start + i]) i++;
      if (i === end - start) return slot;
    }
  }

  private rehash(): void {
    const { starts, text } = this;
    const slots = new Uint32Array(this.slots.length * 2);
    const tags = new Uint8Array(slots.length);
    const mask = slots.length - 1;
    for (let entry = 0; entry < this.count; entry++) {
      const hashed = hash(text, starts[entry]!, starts[entry + 1]!);
      let slot = hashed & mask;
      while (tags[slot] !== 0) slot = (slot + 1) & mask;
      slots[slot] = entry + 1;
      tags[slot] = tagOf(hashed);
    }
    release(this.slots);
    release(this.tags);
    this.slots = slots;
    this.tags = tags;
  }
}

/** From the upper bits, which do not choose the slot. */
function tagOf(hashed: number): number {
  return (hashed >>> 24) | 1;
}

/** FNV-1a, four bytes at a time, with a last mixing, so that ids that differ in one digit spread. */
function hash(bytes: Uint8Array, start: number, end: number): number {
  let value = 0x811c9dc5;
  let at = start;
  for (; at + 4 <= end; at += 4) {
    const four = bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24);
    value = Math.imul(value ^ four, 0x01000193);
    value ^= value >>> 15;
  }
  for (; at < end; at++) value = Math.imul(value ^ bytes[at]!, 0x01000193);
  value ^= value >>> 15;
  value = Math.imul(value, 0x2c1b3c6d);
  return (value ^ (value >>> 13)) >>> 0;
}
