import { joinedBytes } from '../../bytes/joined-bytes.ts';

/** A GIF whose pixels cannot be unpacked. */
export class GifUnreadable extends Error {
  override readonly name = 'GifUnreadable';
}

/** One picture of a GIF: where it lies on the canvas, its colours and its packed pixels. */
export interface GifFrame {
  x: number;
  y: number;
  width: number;
  height: number;
  interlaced: boolean;
  /** Red, green and blue of each colour. */
  colours: Uint8Array;
  /** Colour that is not drawn. */
  transparent: number | undefined;
  /** What happens before the next picture: 2 clears the rectangle, 3 puts back what was there, else it stays. */
  disposal: number;
  /** Bits of a code at the start. */
  codeBits: number;
  /** Where the sub-blocks with the packed pixels begin. */
  dataAt: number;
}

/** Size of the canvas and its pictures. */
export interface GifLayout {
  width: number;
  height: number;
  frames: GifFrame[];
}

/** Finds the pictures of a GIF (GIF89a specification); `undefined` where the bytes have none. */
export function gifLayout(bytes: Uint8Array): GifLayout | undefined {
  if (bytes.length < 13) return undefined;
  const u16 = (at: number): number => bytes[at]! | ((bytes[at + 1] ?? 0) << 8);
  const [width, height] = [u16(6), u16(8)];
  const tableBytes = (flags: number): number => ((flags & 0x80) !== 0 ? 3 * 2 ** ((flags & 7) + 1) : 0);
  const shared = bytes.subarray(13, 13 + tableBytes(bytes[10]!));
  const frames: GifFrame[] = [];
  let at = 13 + tableBytes(bytes[10]!);
  let control = { transparent: undefined as number | undefined, disposal: 0 };
  while (at < bytes.length) {
    const block = bytes[at];
    if (block === 0x2c && at + 10 < bytes.length) {
      const flags = bytes[at + 9]!;
      const own = tableBytes(flags);
      const colours = own > 0 ? bytes.subarray(at + 10, at + 10 + own) : shared;
      const dataAt = at + 11 + own;
      frames.push({
        x: u16(at + 1),
        y: u16(at + 3),
        width: u16(at + 5),
        height: u16(at + 7),
        interlaced: (flags & 0x40) !== 0,
        colours,
        transparent: control.transparent,
        disposal: control.disposal,
        codeBits: bytes[at + 10 + own] ?? 0,
        dataAt,
      });
      control = { transparent: undefined, disposal: 0 };
      at = dataAt;
    } else if (block === 0x21) {
      if (bytes[at + 1] === 0xf9 && at + 6 < bytes.length) {
        const flags = bytes[at + 3]!;
        control = { transparent: flags & 1 ? bytes[at + 6] : undefined, disposal: (flags >> 2) & 7 };
      }
      at += 2;
    } else break;
    while (at < bytes.length && bytes[at] !== 0) at += 1 + bytes[at]!;
    at++;
  }
  return width === 0 || height === 0 || frames.length === 0 ? undefined : { width, height, frames };
}

/**
 * Colour numbers of one picture (variable-length LZW, least significant bit first).
 * @throws GifUnreadable where the packed pixels are damaged or end early
 */
export function gifPixels(bytes: Uint8Array, frame: GifFrame): Uint8Array {
  const { codeBits, width, height } = frame;
  if (codeBits < 1 || codeBits > 11) throw new GifUnreadable(`codes of ${codeBits} bits`);
  const packed = subBlocks(bytes, frame.dataAt);
  // A code is at least two bits and stands for at most 4096 pixels.
  if (width * height > packed.length * 4 * 4096) throw new GifUnreadable('the packed pixels end early');
  const out = new Uint8Array(width * height);
  const clear = 1 << codeBits;
  const prefix = new Uint16Array(4096);
  const suffix = new Uint8Array(4096);
  const length = new Uint16Array(4096).fill(1, 0, clear);
  for (let n = 0; n < clear; n++) suffix[n] = n;
  let [at, next, size, last, bits, held, from] = [0, clear + 2, codeBits + 1, -1, 0, 0, 0];
  while (at < out.length) {
    while (held < size) {
      if (from >= packed.length) throw new GifUnreadable('the packed pixels end early');
      bits |= packed[from++]! << held;
      held += 8;
    }
    const code = bits & ((1 << size) - 1);
    bits >>>= size;
    held -= size;
    if (code === clear) {
      [next, size, last] = [clear + 2, codeBits + 1, -1];
      continue;
    }
    if (code === clear + 1) break;
    if (code > next || (code === next && last < 0) || (last < 0 && code > clear))
      throw new GifUnreadable('a code comes before it was defined');
    if (last >= 0 && next < 4096) {
      prefix[next] = last;
      length[next] = length[last]! + 1;
      suffix[next] = firstOf(code === next ? last : code, prefix, length, suffix);
      next++;
      if (next === 1 << size && size < 12) size++;
    }
    const run = length[code]!;
    for (let n = run - 1, one = code; n >= 0; n--, one = prefix[one]!)
      if (at + n < out.length) out[at + n] = suffix[one]!;
    at += run;
    last = code;
  }
  if (at < out.length) throw new GifUnreadable('the packed pixels end early');
  return frame.interlaced ? inOrder(out, width, height) : out;
}

function firstOf(code: number, prefix: Uint16Array, length: Uint16Array, suffix: Uint8Array): number {
  let one = code;
  while (length[one]! > 1) one = prefix[one]!;
  return suffix[one]!;
}

function subBlocks(bytes: Uint8Array, start: number): Uint8Array {
  const parts: Uint8Array[] = [];
  let total = 0;
  for (let at = start; at < bytes.length && bytes[at] !== 0; at += 1 + bytes[at]!) {
    const part = bytes.subarray(at + 1, at + 1 + bytes[at]!);
    parts.push(part);
    total += part.length;
  }
  return joinedBytes(parts, total);
}

/** Rows of an interlaced picture come in four passes. */
function inOrder(rows: Uint8Array, width: number, height: number): Uint8Array {
  const out = new Uint8Array(rows.length);
  let from = 0;
  for (const [first, step] of [
    [0, 8],
    [4, 8],
    [2, 4],
    [1, 2],
  ] as const)
    for (let y = first; y < height; y += step, from += width) out.set(rows.subarray(from, from + width), y * width);
  return out;
}

/** Draws the pictures one over the other, as they are shown; red, green and blue of each pixel. */
export class GifCanvas {
  readonly #bytes: Uint8Array;
  readonly #layout: GifLayout;
  readonly #shown: Uint8Array;
  #before: Uint8Array | undefined;
  #next = 0;

  constructor(bytes: Uint8Array, layout: GifLayout) {
    this.#bytes = bytes;
    this.#layout = layout;
    this.#shown = new Uint8Array(layout.width * layout.height * 3);
  }

  /** The canvas after picture `index`; one before the last asked for starts again from the first. */
  at(index: number): Uint8Array {
    if (index < this.#next - 1) {
      this.#next = 0;
      this.#shown.fill(0);
    }
    while (this.#next <= index) {
      if (this.#next > 0) this.#dispose(this.#layout.frames[this.#next - 1]!);
      const frame = this.#layout.frames[this.#next]!;
      this.#before = frame.disposal === 3 ? this.#shown.slice() : undefined;
      this.#draw(frame);
      this.#next++;
    }
    return this.#shown;
  }

  #dispose(frame: GifFrame): void {
    if (frame.disposal === 3 && this.#before) this.#shown.set(this.#before);
    if (frame.disposal !== 2) return;
    const { width, height } = this.#layout;
    const right = Math.min(width, frame.x + frame.width);
    for (let y = frame.y; y < Math.min(height, frame.y + frame.height); y++)
      if (right > frame.x) this.#shown.fill(0, (y * width + frame.x) * 3, (y * width + right) * 3);
  }

  #draw(frame: GifFrame): void {
    const { width, height } = this.#layout;
    const pixels = gifPixels(this.#bytes, frame);
    const right = Math.min(frame.width, width - frame.x);
    const bottom = Math.min(frame.height, height - frame.y);
    for (let y = 0; y < bottom; y++)
      for (let x = 0; x < right; x++) {
        const colour = pixels[y * frame.width + x]!;
        if (colour === frame.transparent) continue;
        const to = ((frame.y + y) * width + frame.x + x) * 3;
        for (let part = 0; part < 3; part++) this.#shown[to + part] = frame.colours[colour * 3 + part] ?? 0;
      }
  }
}
