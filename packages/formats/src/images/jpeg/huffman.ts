/** A Huffman code as a decoder needs it. */
export interface HuffmanTable {
  /** For the next 9 bits: length of the code << 8 | its value; 0 where the code is longer. */
  readonly quick: Uint16Array;
  /** Largest code of each length, -1 where there is none. */
  readonly largest: Int32Array;
  /** What to add to a code of each length to get its place in `values`. */
  readonly shift: Int32Array;
  readonly values: Uint8Array;
}

const quickBits = 9;

/** Builds the table of ITU-T T.81, annex C; `undefined` where the counts ask for more codes than a length has. */
export function huffmanTable(counts: Uint8Array, values: Uint8Array): HuffmanTable | undefined {
  const quick = new Uint16Array(1 << quickBits);
  const largest = new Int32Array(18).fill(-1);
  const shift = new Int32Array(18);
  let code = 0;
  let place = 0;
  for (let length = 1; length <= 16; length++) {
    const count = counts[length - 1]!;
    if (code + count > 1 << length) return undefined;
    shift[length] = place - code;
    for (let n = 0; n < count; n++, code++, place++) {
      if (length > quickBits) continue;
      const from = code << (quickBits - length);
      quick.fill((length << 8) | values[place]!, from, from + (1 << (quickBits - length)));
    }
    if (count > 0) largest[length] = code - 1;
    code <<= 1;
  }
  return { quick, largest, shift, values: values.slice() };
}

/** Bits of the entropy-coded data, up to the next marker; beyond it zeros come, and `ranOut` counts them. */
export class JpegBits {
  readonly #bytes: Uint8Array;
  /** The next byte to be taken. */
  at: number;
  #held = 0;
  #count = 0;
  /** Bytes that were asked for behind the end of the data. */
  ranOut = 0;

  constructor(bytes: Uint8Array, at: number) {
    this.#bytes = bytes;
    this.at = at;
  }

  #fill(): void {
    while (this.#count <= 16) {
      let byte = this.#bytes[this.at];
      if (byte === undefined) {
        this.ranOut++;
        byte = 0;
      } else if (byte === 0xff) {
        // A stuffed zero belongs to the data; anything else is a marker, which is not passed.
        if (this.#bytes[this.at + 1] === 0) this.at += 2;
        else {
          this.ranOut++;
          byte = 0;
        }
      } else this.at++;
      this.#held = ((this.#held << 8) | byte) & 0xffffff;
      this.#count += 8;
    }
  }

  /** The next `count` bits, 0 to 16. */
  take(count: number): number {
    if (count === 0) return 0;
    if (this.#count < count) this.#fill();
    this.#count -= count;
    return (this.#held >>> this.#count) & ((1 << count) - 1);
  }

  /** The next value of a code; -1 where the bits are none. */
  decode({ quick, largest, shift, values }: HuffmanTable): number {
    if (this.#count < 16) this.#fill();
    const known = quick[(this.#held >>> (this.#count - quickBits)) & ((1 << quickBits) - 1)]!;
    if (known !== 0) {
      this.#count -= known >> 8;
      return known & 255;
    }
    for (let length = quickBits + 1; length <= 16; length++) {
      const code = (this.#held >>> (this.#count - length)) & ((1 << length) - 1);
      if (code > largest[length]!) continue;
      this.#count -= length;
      return values[code + shift[length]!] ?? -1;
    }
    return -1;
  }

  /** Number of `size` bits with its sign (T.81, figure F.12). */
  signed(size: number): number {
    if (size === 0) return 0;
    const value = this.take(size);
    return value < 1 << (size - 1) ? value - (1 << size) + 1 : value;
  }

  /** Drops what is left of the byte, as before a marker. */
  align(): void {
    this.#count = 0;
    this.#held = 0;
  }
}

/** Goes on behind the next restart marker. @returns whether there is one; any other marker ends the scan, and what is missing shows as data that ran out */
export function skipRestart(bytes: Uint8Array, bits: JpegBits): boolean {
  bits.align();
  let at = bits.at;
  while (at + 1 < bytes.length && !(bytes[at] === 0xff && bytes[at + 1]! >= 0xd0 && bytes[at + 1]! <= 0xd7)) {
    if (bytes[at] === 0xff && bytes[at + 1]! > 0) return false;
    at++;
  }
  bits.at = Math.min(bytes.length, at + 2);
  return true;
}
