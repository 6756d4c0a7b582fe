import type { ImageDescription, PixelBlock } from '@micrarium/model';
import { describe, expect, test } from 'vitest';
import type { ImagePixels } from '../image-reader.ts';
import { decodeJpeg } from '../jpeg/decode.ts';
import { jpegSamples } from '../jpeg/samples.test-data.ts';
import { depositFindings } from './deposit-rules.ts';
import { gridOfEight } from './pixel-marks.ts';

type Made = (x: number, y: number) => number | [number, number, number];

/** A picture of a function of its places; colour where that gives three values. */
function made(width: number, height: number, value: Made, more: Partial<ImageDescription> = {}): ImagePixels {
  const samples = typeof value(0, 0) === 'number' ? 1 : 3;
  const type = more.type ?? 'uint8';
  const data = type === 'uint16' ? new Uint16Array(width * height * samples) : new Uint8Array(width * height * samples);
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++)
      [value(x, y)].flat().forEach((one, n) => (data[(y * width + x) * samples + n] = one));
  const block: PixelBlock = { width, height, samples, type, data };
  return {
    description: {
      name: 'cells',
      sizes: { t: 1, c: 1, z: 1, y: height, x: width },
      type,
      ...(samples > 1 ? { samples } : {}),
      channels: [{ name: '' }],
      ...more,
    },
    levels: [{ width, height, depth: 1, tileWidth: width, tileHeight: height }],
    readRegion: async () => block,
  };
}

const codes = async (image: ImagePixels, file = 'cells.tif'): Promise<string[]> =>
  (await depositFindings(image, { file })).map(({ code }) => code);

/** Noise that is the same every time, 0 to `top`. */
const noise =
  (top: number) =>
  (x: number, y: number): number => {
    let h = Math.imul(x * 7919 + y * 104_729 + 13, 2_654_435_761);
    h ^= h >>> 15;
    h = Math.imul(h, 2_246_822_519);
    return ((h ^ (h >>> 13)) >>> 0) % (top + 1);
  };

/** A field of cells as a microscope gives it: round, soft, of many brightnesses, some saturated. */
const cellField = Uint8Array.from({ length: 400 * 300 }, (_, at) => {
  const [x, y] = [at % 400, Math.floor(at / 400)];
  let value = noise(12)(x, y) + 10;
  for (let n = 0; n < 40; n++) {
    const [cx, cy, r] = [noise(399)(n, 1), noise(299)(n, 2), 8 + noise(14)(n, 3)];
    const d = Math.hypot(x - cx, y - cy) / r;
    if (d < 1) value += (300 * (1 - d * d) * (1 + noise(9)(n, 4))) / 6;
  }
  return Math.min(255, Math.round(value));
});
/** The field goes on as it begins: planes are up to 400 pixels wide here. */
const cells = (x: number, y: number): number => cellField[(y % 300) * 400 + (x % 400)]!;

/** Five rows of a font of 5 x 7 dots, for a time such as 12:30. */
const glyphs: Readonly<Record<string, readonly string[]>> = {
  '0': ['.###.', '#...#', '#...#', '#...#', '#...#', '#...#', '.###.'],
  '1': ['..#..', '.##..', '..#..', '..#..', '..#..', '..#..', '.###.'],
  '2': ['.###.', '#...#', '....#', '..##.', '.#...', '#....', '#####'],
  '3': ['#####', '...##', '..##.', '...##', '....#', '#..##', '.###.'],
  '4': ['...##', '..###', '.##.#', '##..#', '#####', '....#', '....#'],
};

function withText(text: string, left: number, top: number, dot: number, below: (x: number, y: number) => number): Made {
  return (x, y) => {
    const column = Math.floor((x - left) / dot);
    const letter = glyphs[text[Math.floor(column / 6)] ?? ''];
    const row = Math.floor((y - top) / dot);
    return x >= left && y >= top && letter?.[row]?.[column % 6] === '#' ? 255 : Math.min(254, below(x, y));
  };
}

describe('deposit rules', () => {
  test('cells, bright and saturated, are quiet', async () => {
    expect(await codes(made(400, 300, cells))).toEqual([]);
    expect(await codes(made(400, 300, (x, y) => cells(x, y) * 16, { type: 'uint16' }))).toEqual([]);
    expect(await codes(made(64, 64, noise(255)))).toEqual([]);
    // Hundreds of round spots of full brightness.
    const spots = (x: number, y: number): number =>
      Math.hypot((x % 20) - 10, (y % 20) - 10) < 4 ? 255 : noise(40)(x, y);
    expect(await codes(made(400, 300, spots))).toEqual([]);
  });

  test('a scale bar is found in grey and in colour', async () => {
    const bar = (x: number, y: number): boolean => x >= 300 && x < 380 && y >= 280 && y < 285;
    expect(await codes(made(400, 300, (x, y) => (bar(x, y) ? 255 : Math.min(254, cells(x, y)))))).toEqual([
      'burnt-in-marks',
    ]);
    const bright = (x: number, y: number): number => cells(x, y) * 8;
    expect(await codes(made(400, 300, (x, y) => (bar(x, y) ? 65_535 : bright(x, y)), { type: 'uint16' }))).toEqual([
      'burnt-in-marks',
    ]);
    const stained: Made = (x, y) => (bar(x, y) ? [255, 255, 255] : [200, 150 + noise(9)(x, y), 190]);
    expect(await codes(made(400, 300, stained))).toEqual(['burnt-in-marks']);
  });

  test('a time stamp is found, wherever people put it', async () => {
    for (const [left, top, dot] of [
      [8, 8, 2],
      [250, 260, 3],
    ] as const)
      expect(await codes(made(400, 300, withText('1230412', left, top, dot, cells)))).toEqual(['burnt-in-marks']);
  });

  test('letters with soft edges, and a dark bar on a bright picture, are found too', async () => {
    const sharp = withText('1230412', 8, 8, 3, () => 0);
    const soft: Made = (x, y) => {
      if (sharp(x, y) !== 255) return Math.min(110, cells(x, y));
      return (x - 8) % 3 === 1 && (y - 8) % 3 === 1 ? 255 : 190;
    };
    expect(await codes(made(400, 300, soft))).toEqual(['burnt-in-marks']);
    const tissue = (x: number, y: number): number => 200 + noise(30)(x, y);
    const bar: Made = (x, y) => (x >= 300 && x < 380 && y >= 280 && y < 285 ? 0 : tissue(x, y));
    expect(await codes(made(400, 300, bar))).toEqual(['burnt-in-marks']);
    // A black strip at the border is padding.
    expect(await codes(made(400, 300, (x, y) => (x < 100 && y >= 290 ? 0 : tissue(x, y))))).toEqual([]);
  });

  test('merged channels, figures and screenshots', async () => {
    const merged: Made = (x, y) => [cells(x, y), cells((x + 40) % 400, y), 0];
    expect(await codes(made(400, 300, merged))).toEqual(['merged-channels']);
    const stained: Made = (x, y) => [225 - noise(30)(x, y), 180 - noise(60)(x, y), 210 - noise(30)(x, y)];
    expect(await codes(made(400, 300, stained))).toEqual([]);
    const grey: Made = (x, y) => [cells(x, y), cells(x, y), cells(x, y)];
    expect(await codes(made(400, 300, grey))).toEqual([]);
    const page: Made = (x, y) =>
      x > 30 && x < 370 && y > 30 && y < 260 && Math.floor(x / 120) % 2 === 0
        ? [Math.min(254, cells(x, y)), 90, 90]
        : [255, 255, 255];
    expect(await codes(made(400, 300, page))).toContain('looks-like-figure');
    const screen: Made = (x, y) => (y < 200 ? [236, 236, 240] : [noise(255)(x, y), 80, 100]);
    expect(await codes(made(1280, 720, screen))).toContain('looks-like-screenshot');
  });

  test('traces of JPEG are found where pixels were JPEG once', async () => {
    // Blocks of eight whose means are rounded each by itself.
    const blocky: Made = (x, y) => {
      const block = noise(18)(Math.floor(x / 8), Math.floor(y / 8));
      return Math.round(100 + block + 4 * Math.sin(x / 5) * Math.cos(y / 7) + noise(2)(x, y));
    };
    expect(await codes(made(400, 300, blocky))).toEqual(['jpeg-artefacts']);
    expect((await depositFindings(made(400, 300, blocky), { file: 'a.jpg', isJpeg: true })).length).toBe(0);
    expect(decodeJpeg(Buffer.from(jpegSamples.progressiveGrey.jpeg, 'base64')).samples).toBe(1);
    const smooth = Float32Array.from({ length: 256 * 256 }, (_, n) => noise(99)(n % 256, n >> 8));
    expect(gridOfEight({ width: 256, height: 256, values: smooth })).toBeCloseTo(1, 1);
  });

  test.each([
    ['MAX_embryo.tif', 'looks-like-projection'],
    ['embryo_max-projection.tif', 'looks-like-projection'],
    ['embryo_MIP.tif', 'looks-like-projection'],
    ['embryo_t012.tif', 'single-frame'],
    ['Figure 2B.png', 'looks-like-figure'],
    ['Screenshot 2024-05-06 at 10.11.png', 'looks-like-screenshot'],
    ['maximum.tif', undefined],
    ['figure-eight-mutant.tif', undefined],
    ['t-cells.tif', undefined],
    ['MAXIMA_3.tif', undefined],
  ])('the name %s: %s', async (name, code) => {
    const image = made(40, 40, noise(99), { name: name.replace(/\.[^.]*$/, '') });
    expect(await codes(image, `d/${name}`)).toEqual(code === undefined ? [] : [code]);
    const film = { ...image, description: { ...image.description, sizes: { ...image.description.sizes, t: 5, z: 3 } } };
    if (code === 'single-frame' || code === 'looks-like-projection') expect(await codes(film, `d/${name}`)).toEqual([]);
  });
});
