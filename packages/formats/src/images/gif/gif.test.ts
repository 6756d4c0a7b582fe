import fc from 'fast-check';
import { expect, test } from 'vitest';
import { GifCanvas, GifUnreadable, gifLayout } from './decode.ts';

/** Packs colour numbers after the GIF89a specification, appendix F, with strings as table keys. */
function pack(pixels: readonly number[], codeBits: number): number[] {
  const bits: string[] = [];
  const clear = 1 << codeBits;
  let table = new Map<string, number>();
  let size = codeBits + 1;
  const emit = (code: number): void => void bits.push(code.toString(2).padStart(size, '0'));
  const reset = (): void => {
    emit(clear);
    table = new Map(Array.from({ length: clear }, (_, n) => [String(n), n]));
    size = codeBits + 1;
  };
  reset();
  let current = '';
  let next = clear + 2;
  for (const pixel of pixels) {
    const longer = current === '' ? String(pixel) : `${current},${pixel}`;
    if (table.has(longer)) {
      current = longer;
      continue;
    }
    emit(table.get(current)!);
    if (next < 4096) {
      if (next === 1 << size) size++;
      table.set(longer, next++);
    } else {
      reset();
      next = clear + 2;
    }
    current = String(pixel);
  }
  emit(table.get(current)!);
  if (next === 1 << size && size < 12) size++;
  emit(clear + 1);
  // Codes lie least significant bit first.
  const stream = bits.map((code) => code.split('').toReversed().join('')).join('');
  const bytes: number[] = [];
  for (let at = 0; at < stream.length; at += 8)
    bytes.push(
      Number.parseInt(
        stream
          .slice(at, at + 8)
          .split('')
          .toReversed()
          .join(''),
        2,
      ),
    );
  const blocks: number[] = [];
  for (let at = 0; at < bytes.length; at += 255)
    blocks.push(Math.min(255, bytes.length - at), ...bytes.slice(at, at + 255));
  return [...blocks, 0];
}

interface Picture {
  x: number;
  y: number;
  width: number;
  height: number;
  pixels: number[];
  disposal?: number;
  transparent?: number;
}

const u16 = (value: number): number[] => [value & 255, value >> 8];

function gif(width: number, height: number, colours: number[], pictures: readonly Picture[]): Uint8Array {
  const tableBits = Math.log2(colours.length / 3) - 1;
  const frames = pictures.flatMap(({ x, y, width: w, height: h, pixels, disposal = 0, transparent }) => [
    [0x21, 0xf9, 4, (disposal << 2) | (transparent === undefined ? 0 : 1), 0, 0, transparent ?? 0, 0],
    [0x2c, ...u16(x), ...u16(y), ...u16(w), ...u16(h), 0, Math.max(2, tableBits + 1)],
    pack(pixels, Math.max(2, tableBits + 1)),
  ]);
  const head = [...Buffer.from('GIF89a'), ...u16(width), ...u16(height), 0x80 | tableBits, 0, 0];
  return Uint8Array.from([...head, ...colours, ...frames.flat(), 0x3b]);
}

const palette = (size: number): number[] => Array.from({ length: size }, (_, n) => [n, 255 - n, (n * 7) & 255]).flat();

test('any picture is unpacked as it was packed', () => {
  fc.assert(
    fc.property(
      fc.constantFrom(4, 16, 256),
      fc.integer({ min: 1, max: 90 }),
      fc.integer({ min: 1, max: 90 }),
      fc.nat(),
      fc.boolean(),
      (colours, width, height, seed, flat) => {
        const pixels = Array.from({ length: width * height }, (_, n) =>
          flat ? (n >> 6) % colours : (((n + seed) * 2654435761) >>> 13) % colours,
        );
        const table = palette(colours);
        const bytes = gif(width, height, table, [{ x: 0, y: 0, width, height, pixels }]);
        const shown = new GifCanvas(bytes, gifLayout(bytes)!).at(0);
        expect([...shown]).toEqual(pixels.flatMap((p) => table.slice(3 * p, 3 * p + 3)));
      },
    ),
    { numRuns: 60 },
  );
});

test('pictures of an animation are drawn one over the other and taken away as they say', () => {
  const table = [0, 0, 0, 255, 0, 0, 0, 255, 0, 0, 0, 255];
  const full = { x: 0, y: 0, width: 3, height: 1 };
  const bytes = gif(3, 1, table, [
    { ...full, pixels: [1, 1, 1] },
    { x: 1, y: 0, width: 2, height: 1, pixels: [2, 3], transparent: 3, disposal: 3 },
    { x: 2, y: 0, width: 1, height: 1, pixels: [3], disposal: 2 },
    { x: 0, y: 0, width: 1, height: 1, pixels: [2] },
  ]);
  const canvas = new GifCanvas(bytes, gifLayout(bytes)!);
  const colours = (frame: number): number[] =>
    [0, 1, 2].map((x) => {
      const [r, g, b] = canvas.at(frame).subarray(3 * x, 3 * x + 3);
      return r ? 1 : g ? 2 : b ? 3 : 0;
    });
  const all = [
    [1, 1, 1],
    [1, 2, 1],
    [1, 1, 3],
    [2, 1, 0],
  ];
  for (const order of [
    [0, 1, 2, 3],
    [3, 0],
    [2, 1, 3, 2],
  ])
    for (const n of order) expect(colours(n)).toEqual(all[n]);
});

test('cuts and flipped bytes are refused', () => {
  const whole = gif(20, 20, palette(16), [
    { x: 0, y: 0, width: 20, height: 20, pixels: Array.from({ length: 400 }, (_, n) => n % 13) },
  ]);
  fc.assert(
    fc.property(fc.nat(whole.length), fc.nat(255), fc.nat(whole.length), (at, value, cut) => {
      const bytes = whole.slice(0, cut);
      if (at < cut) bytes[at] = value;
      const layout = gifLayout(bytes);
      if (!layout || layout.width * layout.height > 1e6) return;
      try {
        new GifCanvas(bytes, layout).at(layout.frames.length - 1);
      } catch (error) {
        expect(error).toBeInstanceOf(GifUnreadable);
      }
    }),
    { numRuns: 500 },
  );
});
