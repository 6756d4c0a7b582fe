import { describe, expect, test } from 'vitest';
import { type ByteSource, memorySource } from '../../bytes/byte-source.ts';
import { fileTree } from '../../bytes/file-tree.ts';
import { findItems } from '../../recognition/find-items.ts';
import { PixelsUnreadable } from '../image-reader.ts';
import { jpegSamples } from '../jpeg/samples.test-data.ts';
import { encodePng } from '../png/encode.ts';
import { buildAvi, type MadeFilm } from './avi-for-tests.ts';
import { packedFrame, unpackFrame } from './avi-frame.ts';
import { openAvi } from './avi.ts';

/** Frames of 3 x 2 pixels in rows of 12 bytes, the last row first: blue, green, red of frame n is n, x, y. */
const bitmap = (n: number): Uint8Array =>
  Uint8Array.from([1, 0].flatMap((y) => [...[0, 1, 2].flatMap((x) => [n, x, y]), 0, 0, 0]));
const shownBitmap = (n: number): number[] => [0, 1].flatMap((y) => [0, 1, 2].flatMap((x) => [y, x, n, 255]));
const film: MadeFilm = {
  width: 3,
  height: 2,
  bits: 24,
  compression: 0,
  frames: [0, 1, 2, 3].map(bitmap),
  index: 'idx1',
};

async function frameOf(bytes: Uint8Array, index: number): Promise<number[]> {
  const source = memorySource('film.avi', bytes);
  const { film: found } = await openAvi(source);
  return Array.from((await unpackFrame(found!, await packedFrame(found!, source, index))).data);
}

describe('AVI', () => {
  test.each(['idx1', 'idx1 from the begin', 'opendml', 'none'] as const)('frames by index: %s', async (index) => {
    const bytes = buildAvi({ ...film, index });
    const opened = await openAvi(memorySource('film.avi', bytes));
    expect(opened.film).toMatchObject({ width: 3, height: 2, isBottomUp: true, framesPerSecond: 12.5 });
    expect(opened.film!.frames.offsets).toHaveLength(4);
    expect(opened.issues.map(({ code }) => code)).toEqual(index === 'none' ? ['film-without-index'] : []);
    for (const n of [3, 0]) expect(await frameOf(bytes, n)).toEqual(shownBitmap(n));
  });

  test('a frame is one range, whatever the size of the film', async () => {
    const frames = Array.from({ length: 300 }, (_, n) => new Uint8Array(4096).fill(n));
    const bytes = buildAvi({ ...film, width: 64, height: 64, bits: 8, frames });
    const ranges: number[] = [];
    const whole = memorySource('film.avi', bytes);
    const source: ByteSource = {
      ...whole,
      read: (offset, length) => {
        ranges.push(length);
        return whole.read(offset, length);
      },
    };
    const { film: found } = await openAvi(source);
    expect(ranges.reduce((sum, length) => sum + length, 0)).toBeLessThan(60_000);
    ranges.length = 0;
    const { data } = await unpackFrame(found!, await packedFrame(found!, source, 200));
    expect(ranges).toEqual([4096]);
    expect(data.slice(0, 4)).toEqual(Uint8ClampedArray.of(200, 200, 200, 255));
  });

  test('palettes, rows from the top, depths, empty frames', async () => {
    const colours = [
      [10, 20, 30],
      [40, 50, 60],
    ] as const;
    const small = { ...film, width: 2, height: 1, palette: colours };
    const eight = buildAvi({ ...small, bits: 8, frames: [Uint8Array.of(1, 0, 0, 0), new Uint8Array(0)] });
    for (const n of [0, 1]) expect(await frameOf(eight, n)).toEqual([40, 50, 60, 255, 10, 20, 30, 255]);
    const rows = Uint8Array.of(1, 2, 3, 0, 4, 5, 6, 0);
    const top = buildAvi({ ...film, width: 1, height: 2, bits: 32, frames: [rows], isTopDown: true });
    expect(await frameOf(top, 0)).toEqual([3, 2, 1, 255, 6, 5, 4, 255]);
    const sixteen = buildAvi({ ...film, width: 1, height: 1, bits: 16, frames: [Uint8Array.of(0, 0x7c, 0, 0)] });
    expect(await frameOf(sixteen, 0)).toEqual([255, 0, 0, 255]);
    // Rows that are not filled up to four bytes.
    const bare = buildAvi({ ...film, width: 1, height: 2, frames: [Uint8Array.of(1, 2, 3, 4, 5, 6)] });
    expect(await frameOf(bare, 0)).toEqual([6, 5, 4, 255, 3, 2, 1, 255]);
  });

  test('JPEG with and without its tables, PNG, YUV', async () => {
    const jpeg = new Uint8Array(Buffer.from(jpegSamples.progressiveGrey.jpeg, 'base64'));
    const packed = await frameOf(buildAvi({ ...film, compression: 'MJPG', frames: [jpeg] }), 0);
    expect(packed.length % 4).toBe(0);
    const png = await encodePng(2, 1, Uint8Array.of(1, 2, 3, 255, 4, 5, 6, 255));
    expect(await frameOf(buildAvi({ ...film, compression: 'png ', frames: [png] }), 0)).toEqual([
      1, 2, 3, 255, 4, 5, 6, 255,
    ]);
    const grey = { ...film, width: 2, height: 2, bits: 12 };
    const planes = Uint8Array.of(16, 235, 126, 126, 128, 128);
    const level = [0, 255, 128, 128].flatMap((value) => [value, value, value, 255]);
    expect(await frameOf(buildAvi({ ...grey, compression: 'I420', frames: [planes] }), 0)).toEqual(level);
    const pairs = Uint8Array.of(16, 128, 235, 128, 126, 128, 126, 128);
    expect(await frameOf(buildAvi({ ...grey, compression: 'YUY2', frames: [pairs] }), 0)).toEqual(level);
    const swapped = Uint8Array.from(pairs, (_, n) => pairs[n ^ 1]!);
    expect(await frameOf(buildAvi({ ...grey, compression: 'UYVY', frames: [swapped] }), 0)).toEqual(level);
  });

  test('a codec that nobody decodes is named; its frames are refused', async () => {
    const source = memorySource('film.avi', buildAvi({ ...film, compression: 'cvid', frames: [bitmap(0)] }));
    const { film: found, issues } = await openAvi(source);
    expect(issues.map(({ code }) => code)).toEqual(['film-codec-unknown']);
    expect(issues[0]!.message).toContain('Cinepak');
    await expect(unpackFrame(found!, await packedFrame(found!, source, 0))).rejects.toThrow(PixelsUnreadable);
  });

  test('is reported as rendered, with what it is', async () => {
    const bytes = buildAvi(film);
    const open = async () => memorySource('a.avi', bytes);
    const [item] = await findItems(fileTree('', [{ path: 'a.avi', size: bytes.length, open }]));
    const reader = await item!.descriptor!.images!.reader();
    const { images, issues } = await reader.open(item!);
    expect(images).toEqual([]);
    expect(issues.map(({ code }) => code)).toEqual(['rendered-not-data']);
    expect(issues[0]!.message).toContain('4 frames of 3 x 2 pixels at 12.5 a second');
  });

  test('cut and changed bytes give findings, never a fault', async () => {
    const whole = buildAvi({ ...film, index: 'opendml' });
    for (let length = 0; length < whole.length; length += 7) {
      const source = memorySource('cut.avi', whole.slice(0, length));
      const opened = await openAvi(source);
      for (const [n] of opened.film?.frames.offsets.entries() ?? [])
        await unpackFrame(opened.film!, await packedFrame(opened.film!, source, n)).catch((error: unknown) =>
          expect(error).toBeInstanceOf(PixelsUnreadable),
        );
    }
    for (let at = 0; at < whole.length; at++) {
      const changed = whole.slice();
      changed[at] = changed[at]! ^ 0xff;
      const source = memorySource('changed.avi', changed);
      const opened = await openAvi(source);
      const first = opened.film && opened.film.frames.offsets.length > 0 ? opened.film : undefined;
      if (first)
        await unpackFrame(first, await packedFrame(first, source, 0)).catch((error: unknown) =>
          expect(error).toBeInstanceOf(PixelsUnreadable),
        );
    }
  });
});
