import { KnownBytes } from '../../bytes/known-bytes.ts';
import { asciiText, decimalScan, parseDecimal } from './decimal.ts';
import { findQuote, passQuotes } from './tags.ts';

/** How the values of an attribute are kept. `survey` only learns what the values are. */
export type SlotKind = 'float' | 'int' | 'bool' | 'string' | 'ignored' | 'survey';

/** One attribute of a repeated element, with the values of the rows of the present batch. */
export class AttributeSlot {
  readonly name: string;
  readonly kind: SlotKind;
  /** A space and the name with `="`, as they stand in the file. */
  readonly opening: KnownBytes;
  /** Are the values kept as numbers? */
  readonly isNumeric: boolean;
  numbers: Float64Array;
  strings: string[] = [];
  /** 1 where the row has no such attribute. */
  missing: Uint8Array;
  /** Rows that have a value; for ignored and surveyed attributes, how often it occurred. */
  filled = 0;
  /** What a survey learned: were all values numbers, and all of them whole? */
  numeric = true;
  whole = true;
  /** Values that do not fit the kind. */
  unreadable = 0;
  firstUnreadable = '';

  constructor(name: string, kind: SlotKind, capacity: number) {
    this.name = name;
    this.kind = kind;
    this.opening = new KnownBytes(new TextEncoder().encode(` ${name}="`));
    this.isNumeric = kind === 'float' || kind === 'int' || kind === 'bool';
    const rows = kind === 'ignored' || kind === 'survey' ? 0 : capacity;
    this.numbers = new Float64Array(kind === 'string' ? 0 : rows);
    this.missing = new Uint8Array(rows).fill(1);
  }

  /** Starts a new batch with arrays of its own: the old ones belong to whoever took the batch. */
  renew(capacity: number): void {
    if (this.kind === 'ignored' || this.kind === 'survey') return;
    if (this.kind === 'string') this.strings = [];
    else this.numbers = new Float64Array(capacity);
    this.missing = new Uint8Array(capacity).fill(1);
    this.filled = 0;
  }

  setNumber(row: number, value: number): void {
    if (this.kind === 'float') this.numbers[row] = value;
    else if (this.kind === 'int') {
      if (!Number.isSafeInteger(value)) return this.note(String(value));
      this.numbers[row] = value;
    } else this.numbers[row] = value === 0 ? 0 : 1;
    if (this.missing[row] === 1) {
      this.missing[row] = 0;
      this.filled++;
    }
  }

  setString(row: number, value: string): void {
    this.strings[row] = value;
    if (this.missing[row] === 1) {
      this.missing[row] = 0;
      this.filled++;
    }
  }

  /** Sets a value that is text, whatever the kind. */
  setText(row: number, text: string): void {
    if (this.kind === 'ignored') this.filled++;
    else if (this.kind === 'string') this.setString(row, text);
    else if (this.kind === 'survey') this.learn(text);
    else {
      const value = numberOfText(text);
      if (value === undefined) this.note(text);
      else this.setNumber(row, value);
    }
  }

  private learn(text: string): void {
    this.filled++;
    const value = numberOfText(text);
    if (value === undefined) this.numeric = this.whole = false;
    else if (!Number.isSafeInteger(value) || /[.eE]/.test(text)) this.whole = false;
  }

  private note(text: string): void {
    this.unreadable++;
    if (this.unreadable === 1) this.firstUnreadable = text.slice(0, 40);
  }
}

/** Numbers as Java writes them, with `NaN` and `Infinity`; `undefined` for anything else. */
export function numberOfText(text: string): number | undefined {
  const trimmed = text.trim();
  if (trimmed === 'NaN') return Number.NaN;
  if (trimmed === '' || /[^-+.\deEInfity]/.test(trimmed)) return undefined;
  const value = Number(trimmed);
  return Number.isNaN(value) ? undefined : value;
}

/** The tag is not all in the window; call again with more bytes. */
export const needsMore = -1;
/** The tag has something unusual (entities, single quotes, spaces around `=`): read it the slow way. */
export const unusual = -2;

/**
 * The attributes of a repeated element (Spot, Edge) as columns. Attribute order may change at any time; the order of
 * the last element is tried first, which makes regular files fast.
 */
export class AttributeRows {
  readonly capacity: number;
  readonly slots: AttributeSlot[] = [];
  /** Rows committed in the present batch. */
  count = 0;
  /** Was the tag read last closed in itself? */
  selfClosed = false;
  private readonly byName = new Map<string, AttributeSlot>();
  private readonly order: AttributeSlot[] = [];
  private runEnd = 0;
  private readonly otherKind: SlotKind;
  private readonly decoder: TextDecoder;

  /** @param otherKind what to do with attributes that have no slot: `survey` or `ignored`, both count them */
  constructor(capacity: number, otherKind: 'ignored' | 'survey', encoding: string) {
    this.capacity = capacity;
    this.otherKind = otherKind;
    this.decoder = new TextDecoder(encoding);
  }

  add(name: string, kind: SlotKind): AttributeSlot {
    const slot = new AttributeSlot(name, kind, this.capacity);
    this.slots.push(slot);
    this.byName.set(name, slot);
    return slot;
  }

  slot(name: string): AttributeSlot | undefined {
    return this.byName.get(name);
  }

  /** Sets one attribute of the row being read, found by the slow way. */
  setText(name: string, text: string): void {
    this.slotOf(name).setText(this.count, text);
  }

  /** Accepts the row being read. */
  commit(): void {
    this.count++;
  }

  /** Forgets the row being read. */
  discard(): void {
    for (const slot of this.slots)
      if (slot.missing[this.count] === 0) {
        slot.missing[this.count] = 1;
        slot.filled--;
      }
  }

  /** Starts a new batch. */
  renew(): void {
    this.count = 0;
    for (const slot of this.slots) slot.renew(this.capacity);
  }

  /**
   * Reads the attributes of a tag into the row being read.
   * @param view over the same bytes
   * @param start position after the element's name
   * @returns position after the tag, or `needsMore`, or `unusual`
   */
  readTag(bytes: Uint8Array, view: DataView, start: number): number {
    const { order } = this;
    const limit = bytes.length;
    let at = start;
    let spaced = false;
    for (let index = 0; ; ) {
      const expected = index < order.length ? order[index] : undefined;
      if (expected !== undefined && expected.kind === 'ignored') {
        const passed = this.passIgnored(view, at, index);
        if (passed > 0) {
          at = passed;
          index = this.runEnd;
          spaced = false;
          continue;
        }
      }
      if (expected !== undefined && expected.opening.isAt(view, at)) {
        index++;
        at = this.readValue(expected, bytes, view, at + expected.opening.length);
        if (at < 0) return at;
        spaced = false;
        continue;
      }
      if (at >= limit) return needsMore;
      const byte = bytes[at]!;
      if (byte === 32 || byte === 10 || byte === 13 || byte === 9) {
        spaced = true;
        at++;
        continue;
      }
      if (byte === 62) {
        this.selfClosed = false;
        return at + 1;
      }
      if (byte === 47) {
        if (at + 1 >= limit) return needsMore;
        if (bytes[at + 1] !== 62) return unusual;
        this.selfClosed = true;
        return at + 2;
      }
      if (!spaced) return unusual;
      spaced = false;
      const slot = this.slotAt(bytes, view, at);
      if (typeof slot === 'number') return slot;
      order[index++] = slot;
      at = this.readValue(slot, bytes, view, at + slot.opening.length - 1);
      if (at < 0) return at;
    }
  }

  /**
   * Passes a run of attributes that nobody wants by their quotes alone; what comes after it must stand there as it did
   * in the last tag.
   * @returns position after the run, 0 where the attributes must be read one by one; `runEnd` is the next in the order
   */
  private passIgnored(view: DataView, start: number, index: number): number {
    const { order } = this;
    let end = index + 1;
    while (end < order.length && order[end]!.kind === 'ignored') end++;
    const after = passQuotes(view, start, (end - index) * 2);
    if (after === 0) return 0;
    if (end < order.length ? !order[end]!.opening.isAt(view, after) : !endsTag(view, after)) return 0;
    for (let i = index; i < end; i++) order[i]!.filled++;
    this.runEnd = end;
    return after;
  }

  private readValue(slot: AttributeSlot, bytes: Uint8Array, view: DataView, start: number): number {
    const limit = bytes.length;
    if (slot.isNumeric) {
      const value = parseDecimal(view, start, limit);
      const end = decimalScan.end;
      if (end > 0 && end < limit && bytes[end] === 34) {
        slot.setNumber(this.count, value);
        return end + 1;
      }
    }
    const quote = findQuote(view, start);
    if (quote < 0) return quote;
    if (slot.kind === 'ignored') slot.filled++;
    else slot.setText(this.count, this.text(bytes, view, start, quote));
    return quote + 1;
  }

  /** Attribute by the name that stands at a position; a negative number where it is not all there or written unusually. */
  private slotAt(bytes: Uint8Array, view: DataView, start: number): AttributeSlot | number {
    const limit = bytes.length;
    let at = start;
    while (at < limit && isNameByte(bytes[at]!)) at++;
    if (at + 1 >= limit) return needsMore;
    if (at === start || bytes[at] !== 61 || bytes[at + 1] !== 34) return unusual;
    return this.slotOf(asciiText(view, start, at));
  }

  private slotOf(name: string): AttributeSlot {
    return this.byName.get(name) ?? this.add(name, this.otherKind);
  }

  private text(bytes: Uint8Array, view: DataView, start: number, end: number): string {
    if (end - start < 16) {
      let at = start;
      while (at < end && bytes[at]! < 128 && bytes[at]! >= 32) at++;
      if (at === end) return asciiText(view, start, end);
    }
    // Line ends and tabs in attribute values are spaces (XML 1.0, section 3.3.3).
    return this.decoder.decode(bytes.subarray(start, end)).replace(/\r\n|[\r\n\t]/g, ' ');
  }
}

/** Does a tag end here, with at most one space before? */
function endsTag(view: DataView, at: number): boolean {
  if (at + 3 > view.byteLength) return false;
  const next = view.getUint8(at) === 32 ? at + 1 : at;
  const byte = view.getUint8(next);
  return byte === 62 || (byte === 47 && view.getUint8(next + 1) === 62);
}

/** Letters, digits, `_`, `-`, `.`, `:`: ASCII names only, others are read the slow way. */
function isNameByte(byte: number): boolean {
  return (
    (byte >= 65 && byte <= 90) ||
    (byte >= 97 && byte <= 122) ||
    (byte >= 48 && byte <= 58) ||
    byte === 95 ||
    byte === 45 ||
    byte === 46
  );
}
