/** Writes JPEG of the kinds no common program writes, straight from ITU-T T.81, for tests of the decoder. */

/** Bits, with a zero byte stuffed behind every 0xff. */
class BitsOut {
  readonly bytes: number[] = [];
  #held = 0;
  #count = 0;

  put(value: number, count: number): void {
    for (let bit = count - 1; bit >= 0; bit--) {
      this.#held = (this.#held << 1) | ((value >> bit) & 1);
      if (++this.#count === 8) this.#byte();
    }
  }

  #byte(): void {
    this.bytes.push(this.#held);
    if (this.#held === 0xff) this.bytes.push(0);
    this.#held = 0;
    this.#count = 0;
  }

  /** Fills the byte with ones, as before a marker. */
  flush(): void {
    while (this.#count > 0) this.put(1, 1);
  }
}

const segment = (marker: number, body: number[]): number[] => [
  0xff,
  marker,
  (body.length + 2) >> 8,
  (body.length + 2) & 255,
  ...body,
];
const word = (value: number): number[] => [value >> 8, value & 255];
const sizeOf = (value: number): number => 32 - Math.clz32(Math.abs(value));
const lowBits = (value: number, size: number): number => (value < 0 ? value + (1 << size) - 1 : value);

/** Codes of 5 bits for 0 to 16: the code is the value. */
const dcTable = segment(0xc4, [
  0,
  0,
  0,
  0,
  0,
  17,
  0,
  0,
  0,
  0,
  0,
  0,
  0,
  0,
  0,
  0,
  0,
  ...Array.from({ length: 17 }, (_, n) => n),
]);
/** Codes of 8 bits for every run and size: the code is the place in the list. */
const acSymbols = [
  0,
  0xf0,
  ...Array.from({ length: 16 }, (_, run) => Array.from({ length: 15 }, (_, n) => (run << 4) | (n + 1))),
].flat();
const acTable = segment(0xc4, [0x10, 0, 0, 0, 0, 0, 0, 0, acSymbols.length, 0, 0, 0, 0, 0, 0, 0, 0, ...acSymbols]);

interface Plane {
  width: number;
  height: number;
  samples: number;
  bits: number;
  data: Uint16Array;
}

/** Lossless JPEG (annex H); `restart` in pixels, whole rows or 0. */
export function losslessJpeg(
  { width, height, samples, bits, data }: Plane,
  predictor: number,
  restart: number,
): Uint8Array {
  const out = new BitsOut();
  const scan: number[] = [];
  let restarts = 0;
  let first = true;
  const at = (x: number, y: number, s: number): number => data[(y * width + x) * samples + s]!;
  for (let y = 0; y < height; y++) {
    if (y > 0 && restart > 0 && (y * width) % restart === 0) {
      out.flush();
      scan.push(...out.bytes.splice(0), 0xff, 0xd0 + (restarts++ & 7));
      first = true;
    }
    for (let x = 0; x < width; x++)
      for (let s = 0; s < samples; s++) {
        const [a, b, c] = [
          x > 0 ? at(x - 1, y, s) : 0,
          y > 0 ? at(x, y - 1, s) : 0,
          x > 0 && y > 0 ? at(x - 1, y - 1, s) : 0,
        ];
        const guesses = [0, a, b, c, a + b - c, a + ((b - c) >> 1), b + ((a - c) >> 1), (a + b) >> 1];
        const guess = first ? (x === 0 ? 1 << (bits - 1) : a) : x === 0 ? b : guesses[predictor]!;
        // Differences are modulo 2^16, from -32767 to 32768.
        let difference = (at(x, y, s) - guess) & 0xffff;
        if (difference > 32_768) difference -= 65_536;
        const size = difference === 32_768 ? 16 : sizeOf(difference);
        out.put(size, 5);
        if (size < 16) out.put(lowBits(difference, size), size);
      }
    first = false;
  }
  out.flush();
  const ids = Array.from({ length: samples }, (_, n) => n + 1);
  return Uint8Array.from([
    0xff,
    0xd8,
    ...segment(0xc3, [bits, ...word(height), ...word(width), samples, ...ids.flatMap((id) => [id, 0x11, 0])]),
    ...dcTable,
    ...(restart > 0 ? segment(0xdd, word(restart)) : []),
    ...segment(0xda, [samples, ...ids.flatMap((id) => [id, 0]), predictor, 0, 0]),
    ...scan,
    ...out.bytes,
    0xff,
    0xd9,
  ]);
}

const zigzag = [
  0, 1, 8, 16, 9, 2, 3, 10, 17, 24, 32, 25, 18, 11, 4, 5, 12, 19, 26, 33, 40, 48, 41, 34, 27, 20, 13, 6, 7, 14, 21, 28,
  35, 42, 49, 56, 57, 50, 43, 36, 29, 22, 15, 23, 30, 37, 44, 51, 58, 59, 52, 45, 38, 31, 39, 46, 53, 60, 61, 54, 47,
  55, 62, 63,
];

/** Extended sequential JPEG of 12 bits, one component, all quantisation steps 1. */
export function extendedJpeg(width: number, height: number, data: Uint16Array): Uint8Array {
  const out = new BitsOut();
  let predicted = 0;
  for (let top = 0; top < height; top += 8)
    for (let left = 0; left < width; left += 8) {
      const block = transformed(
        (x, y) => data[Math.min(height - 1, top + y) * width + Math.min(width - 1, left + x)]! - 2048,
      );
      const difference = block[0]! - predicted;
      predicted = block[0]!;
      out.put(sizeOf(difference), 5);
      out.put(lowBits(difference, sizeOf(difference)), sizeOf(difference));
      let run = 0;
      for (let n = 1; n < 64; n++) {
        const value = block[zigzag[n]!]!;
        if (value === 0) {
          run++;
          continue;
        }
        for (; run > 15; run -= 16) out.put(acSymbols.indexOf(0xf0), 8);
        out.put(acSymbols.indexOf((run << 4) | sizeOf(value)), 8);
        out.put(lowBits(value, sizeOf(value)), sizeOf(value));
        run = 0;
      }
      if (run > 0) out.put(0, 8);
    }
  out.flush();
  return Uint8Array.from([
    0xff,
    0xd8,
    ...segment(0xdb, [0, ...Array.from({ length: 64 }, () => 1)]),
    ...segment(0xc1, [12, ...word(height), ...word(width), 1, 1, 0x11, 0]),
    ...dcTable,
    ...acTable,
    ...segment(0xda, [1, 1, 0, 0, 63, 0]),
    ...out.bytes,
    0xff,
    0xd9,
  ]);
}

/** The transform of T.81, A.3.3, by its definition. */
function transformed(sample: (x: number, y: number) => number): number[] {
  const factor = (n: number): number => (n === 0 ? Math.SQRT1_2 : 1);
  return Array.from({ length: 64 }, (_, at) => {
    const [u, v] = [at & 7, at >> 3];
    let sum = 0;
    for (let y = 0; y < 8; y++)
      for (let x = 0; x < 8; x++)
        sum += sample(x, y) * Math.cos(((2 * x + 1) * u * Math.PI) / 16) * Math.cos(((2 * y + 1) * v * Math.PI) / 16);
    return Math.round((factor(u) * factor(v) * sum) / 4);
  });
}
