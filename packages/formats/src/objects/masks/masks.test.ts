import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { ImageDescription, PixelBlock } from '@micrarium/model';
import type { ImagePixels } from '../../images/image-reader.ts';
import type { Item } from '../../recognition/item.ts';
import { readTrackSets } from '../../tracks/collect.ts';
import { type MaskObject, NotAMask, maskKind, maskObjects } from './mask-frames.ts';
import { type MaskChoices, maskReader } from './mask-reader.ts';
import { linkNearest } from './nearest-links.ts';
import { polygonMoments, traceBorderCentres, traceOutline } from './outline.ts';

/** Masks as pictures: one text a plane, one character a pixel (`.` is 0), by time and slice. */
function imageOf(frames: string[][], extra: Partial<ImageDescription> = {}): ImagePixels {
  const planes = frames.map((slices) => slices.map((text) => text.trim().split(/\s+/)));
  const [height, width] = [planes[0]![0]!.length, planes[0]![0]![0]!.length];
  return {
    description: {
      name: 'mask',
      sizes: { t: planes.length, c: 1, z: planes[0]!.length, y: height, x: width },
      type: 'uint8',
      channels: [],
      ...extra,
    },
    levels: [],
    async readRegion({ t, z }, region): Promise<PixelBlock> {
      const { x, y, width: w, height: h } = region ?? { x: 0, y: 0, width, height };
      const data = Uint8Array.from(
        planes[t]![z]!.slice(y, y + h).flatMap((line) =>
          Array.from(line.slice(x, x + w), (char) => (char === '.' ? 0 : Number.parseInt(char, 36))),
        ),
      );
      return { width: w, height: h, samples: 1, type: 'uint8', data };
    },
  };
}

function itemOf(image: ImagePixels): Item {
  return {
    path: 'mask.tif',
    files: [],
    tree: { name: '', entries: [] },
    format: 'tiff',
    recognition: { score: 1, reason: '' },
    descriptor: {
      id: 'tiff',
      name: '',
      kind: 'image',
      extensions: [],
      mediaTypes: [],
      images: { reader: async () => ({ open: async () => ({ images: [image], issues: [] }) }) },
    },
  };
}

async function read(image: ImagePixels, choices: MaskChoices) {
  const { sets, issues } = await readTrackSets(maskReader(choices), itemOf(image));
  return { set: sets[0], codes: issues.map(({ code }) => code) };
}

/** Pieces by flood filling: an independent way to the same answer. */
function flooded(mask: readonly boolean[], width: number, reach: 4 | 8): { size: number; x: number; y: number }[] {
  const left = [...mask];
  const found: { size: number; x: number; y: number }[] = [];
  for (let start = 0; start < left.length; start++) {
    if (!left[start]) continue;
    const sum = { size: 0, x: 0, y: 0 };
    const stack = [start];
    left[start] = false;
    while (stack.length > 0) {
      const at = stack.pop()!;
      const [x, y] = [at % width, Math.floor(at / width)];
      sum.size++;
      sum.x += x;
      sum.y += y;
      for (let dy = -1; dy <= 1; dy++)
        for (let dx = -1; dx <= 1; dx++) {
          const next = (y + dy) * width + x + dx;
          const isNear = reach === 8 || Math.abs(dx) + Math.abs(dy) === 1;
          if (!isNear || x + dx < 0 || x + dx >= width || !left[next]) continue;
          left[next] = false;
          stack.push(next);
        }
    }
    found.push({ size: sum.size, x: sum.x / sum.size, y: sum.y / sum.size });
  }
  return found;
}

const anyMask = fc
  .tuple(
    fc.integer({ min: 1, max: 12 }),
    fc.integer({ min: 1, max: 12 }),
    fc.double({ min: 0.2, max: 0.8, noNaN: true }),
  )
  .chain(([width, height, density]) =>
    fc.record({
      width: fc.constant(width),
      mask: fc.array(
        fc.double({ min: 0, max: 1, noNaN: true }).map((value) => value < density),
        { minLength: width * height, maxLength: width * height },
      ),
    }),
  );

function pictureOf({ width, mask }: { width: number; mask: readonly boolean[] }): string {
  const rows: string[] = [];
  for (let y = 0; y * width < mask.length; y++)
    rows.push(
      mask
        .slice(y * width, (y + 1) * width)
        .map((yes) => (yes ? '1' : '.'))
        .join(''),
    );
  return rows.join('\n');
}

const plain = ({ size, x, y }: MaskObject | { size: number; x: number; y: number }) => [
  size,
  Number(x.toFixed(9)),
  Number(y.toFixed(9)),
];

describe('pieces', () => {
  test('are those of flood filling, in the order of their first pixels', async () => {
    await fc.assert(
      fc.asyncProperty(anyMask, fc.constantFrom(4 as const, 8 as const), async (one, connectivity) => {
        const found = await maskObjects(imageOf([[pictureOf(one)]]), 0, {
          kind: 'binary',
          connectivity,
          outlines: false,
        });
        expect(found.map(plain)).toEqual(flooded(one.mask, one.width, connectivity).map(plain));
      }),
    );
  });

  test('in a stack, slices touch', async () => {
    const stack = imageOf([['11. ...', '..1 ...', '... 1..'].map((text) => text.replaceAll(' ', '\n'))]);
    const [object, other] = await maskObjects(stack, 0, { kind: 'binary', connectivity: 8, outlines: true });
    expect(object).toMatchObject({ size: 3, x: 1, y: 0, z: 1 / 3, pieces: 1 });
    expect(object!.outlines.map((outline) => outline.length / 3)).toEqual([5, 5]);
    expect(other).toMatchObject({ size: 1, x: 0, y: 1, z: 2 });
  });

  test('labels are objects by their value, whatever touches', async () => {
    const found = await maskObjects(imageOf([['112\n.12\n3.1']]), 0, {
      kind: 'labels',
      connectivity: 8,
      outlines: false,
    });
    expect(found.map(({ value, size, pieces }) => [value, size, pieces])).toEqual([
      [1, 4, 1],
      [2, 2, 1],
      [3, 1, 1],
    ]);
  });
});

describe('outlines', () => {
  test('enclose the pixels and the holes, closed, corner to corner', async () => {
    await fc.assert(
      fc.asyncProperty(anyMask, fc.constantFrom(4 as const, 8 as const), async (one, connectivity) => {
        const height = one.mask.length / one.width;
        const found = await maskObjects(imageOf([[pictureOf(one)]]), 0, {
          kind: 'binary',
          connectivity,
          outlines: true,
        });
        for (const { outlines, size } of found) {
          const outline = outlines[0]!.filter((_, i) => i % 3 !== 2);
          expect(outline.slice(0, 2)).toEqual(outline.slice(-2));
          for (let i = 2; i < outline.length; i += 2)
            expect(Number(outline[i] !== outline[i - 2]) + Number(outline[i + 1] !== outline[i - 1])).toBe(1);
          const { area } = polygonMoments(outline);
          expect(area).toBeGreaterThanOrEqual(size);
          expect(area).toBeLessThanOrEqual(one.width * height);
        }
        // Without holes all areas together are the pixels: holes are background that the border does not reach.
        const padded = one.width + 2;
        const outside = Array.from({ length: padded * (height + 2) }, (_, i) => {
          const [x, y] = [(i % padded) - 1, Math.floor(i / padded) - 1];
          return x < 0 || y < 0 || x >= one.width || y >= height || !one.mask[y * one.width + x];
        });
        const background = flooded(outside, padded, connectivity === 8 ? 4 : 8);
        const areas = found.reduce(
          (sum, { outlines }) => sum + polygonMoments(outlines[0]!.filter((_, i) => i % 3 !== 2)).area,
          0,
        );
        const nested = background.slice(1).reduce((sum, hole) => sum + hole.size, 0);
        if (background.length === 1) expect(areas).toBe(one.mask.filter(Boolean).length);
        else expect(areas).toBeGreaterThanOrEqual(one.mask.filter(Boolean).length + nested);
      }),
    );
  });

  test('one pixel is a square; touching corners are one outline with 8 neighbours, two with 4', () => {
    const inside = (x: number, y: number) => (x === 0 && y === 0) || (x === 1 && y === 1);
    expect(traceOutline((x, y) => x === 3 && y === 2, 3, 2)).toEqual([
      2.5, 1.5, 3.5, 1.5, 3.5, 2.5, 2.5, 2.5, 2.5, 1.5,
    ]);
    expect(polygonMoments(traceOutline(inside, 0, 0, 8)).area).toBe(2);
    expect(polygonMoments(traceOutline(inside, 0, 0, 4)).area).toBe(1);
  });

  test('through the centres of border pixels, as OpenCV draws them', () => {
    const square = (x: number, y: number) => x >= 0 && y >= 0 && x < 3 && y < 3;
    expect(traceBorderCentres(square, 0, 0)).toEqual([0, 0, 1, 0, 2, 0, 2, 1, 2, 2, 1, 2, 0, 2, 0, 1, 0, 0]);
    expect(traceBorderCentres((x, y) => x === 5 && y === 5, 5, 5)).toEqual([5, 5, 5, 5]);
    expect(traceBorderCentres((x, y) => y === 0 && x >= 0 && x < 3, 0, 0)).toEqual([0, 0, 1, 0, 2, 0, 1, 0, 0, 0]);
  });
});

describe('linking', () => {
  test('closest first, one to one, not beyond the distance', () => {
    const before = { x: [0, 10, 100, Number.NaN], y: [0, 0, 0, 0] };
    const after = { x: [9, 1, 0.5, 140], y: [0, 0, 0, 0] };
    expect(linkNearest(before, after, 20)).toEqual([
      { source: 0, target: 2, distance: 0.5 },
      { source: 1, target: 0, distance: 1 },
    ]);
    expect(linkNearest(before, after, 40)).toHaveLength(3);
  });

  test('is what comparing all pairs gives', () => {
    const points = fc.array(fc.tuple(fc.integer({ min: -30, max: 30 }), fc.integer({ min: -30, max: 30 })), {
      maxLength: 12,
    });
    fc.assert(
      fc.property(points, points, fc.integer({ min: 1, max: 25 }), (a, b, most) => {
        const pairs = a
          .flatMap(([x, y], source) =>
            b.map(([u, v], target) => ({ source, target, distance: Math.hypot(x - u, y - v, 0) })),
          )
          .filter(({ distance }) => distance <= most)
          .sort((p, q) => p.distance - q.distance || p.source - q.source || p.target - q.target);
        const links: typeof pairs = [];
        for (const pair of pairs)
          if (!links.some(({ source, target }) => source === pair.source || target === pair.target)) links.push(pair);
        const of = (list: [number, number][]) => ({ x: list.map(([x]) => x), y: list.map(([, y]) => y) });
        expect(linkNearest(of(a), of(b), most)).toEqual(links.sort((p, q) => p.source - q.source));
      }),
    );
  });
});

describe('sets', () => {
  const film = imageOf([['11..\n11..\n....\n....'], ['....\n.11.\n.11.\n....']], {
    voxelSize: { x: { value: 0.5, unit: 'µm' }, y: { value: 0.5, unit: 'µm' } },
    timeStep: { value: 2, unit: 's' },
  });

  test('circles of the same area, linked, in the unit of the image, marked as computed', async () => {
    const { set, codes } = await read(film, { objects: 'circles', linkDistance: 1 });
    expect(set).toMatchObject({
      spaceUnit: 'micrometer',
      timeUnit: 'second',
      provenance: { software: 'Micrarium', pixelSize: { x: 0.5, y: 0.5 }, frameInterval: 2 },
      objects: { entity: 'circle', count: 2 },
    });
    expect(JSON.parse(set!.provenance.settings!)).toMatchObject({
      computed: 'objects from a mask',
      mask: 'binary',
      maximumDistance: 1,
    });
    expect([...set!.objects.x]).toEqual([0.25, 0.75]);
    const [area, radius] = set!.objects.columns;
    expect([...(area!.values as Float64Array)]).toEqual([1, 1]);
    expect((radius!.values as Float64Array)[0]).toBeCloseTo(Math.sqrt(1 / Math.PI), 12);
    expect([set!.edges.source[0], set!.edges.target[0]]).toEqual([0, 1]);
    expect(codes).toEqual(['computed-from-mask']);
  });

  test('outlines are closed lines; holes and scattered labels are said', async () => {
    const { set, codes } = await read(imageOf([['111\n1.1\n111'], ['2.2\n...\n333']]), { objects: 'outlines' });
    expect(set!.objects).toMatchObject({ entity: 'line', count: 3 });
    expect([...set!.objects.shapes!.partOffsets]).toEqual([0, 1, 3, 4]);
    expect([...set!.objects.shapes!.xyz.subarray(0, 15)]).toEqual([
      -0.5, -0.5, 0, 2.5, -0.5, 0, 2.5, 2.5, 0, -0.5, 2.5, 0, -0.5, -0.5, 0,
    ]);
    expect(codes.toSorted()).toEqual(['computed-from-mask', 'label-in-pieces', 'mask-holes']);
  });

  test('stacks give spheres', async () => {
    const { set } = await read(imageOf([['1\n.', '1\n.']]), { objects: 'circles' });
    expect(set!.objects).toMatchObject({ entity: 'sphere', count: 1 });
    expect(set!.objects.z![0]).toBe(0.5);
    expect((set!.objects.columns[1]!.values as Float64Array)[0]).toBeCloseTo(Math.cbrt(1.5 / Math.PI), 12);
  });

  test('what is no mask says so', async () => {
    const grey = imageOf([['12']]);
    const real: ImagePixels = {
      ...grey,
      readRegion: async () => ({ width: 2, height: 1, samples: 1, type: 'float32', data: Float32Array.of(0.5, 1) }),
    };
    await expect(maskKind(real)).rejects.toThrow(NotAMask);
    expect((await read(real, { objects: 'points' })).codes).toEqual(['not-a-mask']);
    const colour: ImagePixels = {
      ...grey,
      readRegion: async () => ({ width: 1, height: 1, samples: 3, type: 'uint8', data: Uint8Array.of(1, 2, 3) }),
    };
    expect((await read(colour, { objects: 'points' })).codes).toEqual(['not-a-mask']);
    expect((await read(imageOf([['..']]), { objects: 'points' })).codes).toEqual(['mask-empty', 'computed-from-mask']);
  });
});
