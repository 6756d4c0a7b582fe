import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { columnValue } from '@micrarium/model';
import {
  findItems,
  linkNearest,
  maskObjects,
  maskReader,
  polygonMoments,
  readTrackSets,
  traceBorderCentres,
} from '@micrarium/formats';
import { openFolder } from '@micrarium/formats/node';
import { describe, expect, test } from 'vitest';

const folder = join(import.meta.dirname, '../../../shared/data/bd5');
const present = existsSync(folder);
if (!present) console.warn('tests/files/masks: ../shared/data/bd5 is absent, nothing is tested');

async function itemAt(name: string) {
  const tree = await openFolder(folder);
  return (await findItems({ name: '', entries: tree.entries.filter(({ path }) => path === name) }))[0]!;
}

async function pointsOf(name: string) {
  const { sets } = await readTrackSets(maskReader({ objects: 'circles' }), await itemAt(name));
  const { objects } = sets[0]!;
  return { x: [...objects.x], y: [...objects.y], area: [...(objects.columns[0]!.values as Float64Array)] };
}

describe.runIf(present)('masks of the BD5 notebooks', () => {
  // Pixel counts and centres of mass as scipy.ndimage gives them for the first sample of each file.
  test.each([
    ['bw_sample.tif', [[1601, 97.76514678326046, 120.27982510930669]]],
    [
      'bw_sample02.tif',
      [
        [1601, 97.76514678326046, 120.27982510930669],
        [1345, 189.32416356877323, 193.96654275092936],
      ],
    ],
    [
      'bw_sample03.tif',
      [
        [1156, 75.66435986159169, 105.18858131487889],
        [1212, 168.32343234323432, 182.9480198019802],
      ],
    ],
  ])('%s', async (name, wanted) => {
    const { x, y, area } = await pointsOf(name);
    expect(area).toEqual(wanted.map(([size]) => size));
    for (const [i, [, cx, cy]] of wanted.entries()) {
      expect(x[i]).toBeCloseTo(cx!, 9);
      expect(y[i]).toBeCloseTo(cy!, 9);
    }
  });

  /** Moments of the contours of the white pieces, in reading order of their first pixels. */
  async function contoursOf(name: string) {
    const item = await itemAt(name);
    const { images } = await (await item.descriptor!.images!.reader()).open(item);
    const [image] = images;
    const { data, samples, width } = await image!.readRegion({ t: 0, c: 0, z: 0 });
    const white = (x: number, y: number) =>
      x >= 0 && y >= 0 && x < width && Number(data[(y * width + x) * samples] ?? 0) > 0;
    const pieces = await maskObjects(image!, 0, { kind: 'binary', connectivity: 8, outlines: false });
    return pieces.map(({ x, y }) =>
      polygonMoments(traceBorderCentres(white, ...firstPixel(white, Math.round(x), Math.round(y)))),
    );
  }

  test('contours through pixel centres have the moments of the published circle', async () => {
    const [contour] = await contoursOf('bw_sample.tif');
    // sample_circle_bd5.h5: one circle at (97.73062, 120.28173), radius 2.1934571 in units of ten pixels.
    expect(contour!.x).toBeCloseTo(97.73062, 4);
    expect(contour!.y).toBeCloseTo(120.28173, 4);
    expect(Math.sqrt(contour!.area / Math.PI) / 10).toBeCloseTo(2.1934571, 6);
  });

  test('two masks linked by nearest neighbour are the published pairs', async () => {
    const [before, after] = [await pointsOf('bw_sample02.tif'), await pointsOf('bw_sample03.tif')];
    const links = linkNearest(before, after, 30);
    expect(links.map(({ source, target }) => [source, target])).toEqual([
      [0, 0],
      [1, 1],
    ]);
    // Centres of mass lie within a tenth of a pixel of the published ones, which are of contours.
    expect(links[0]!.distance).toBeCloseTo(26.75, 0);
    expect(links[1]!.distance).toBeCloseTo(23.68, 0);
  });

  test('centres of contours give the published distances', async () => {
    const of = (list: { x: number; y: number }[]) => ({ x: list.map(({ x }) => x), y: list.map(({ y }) => y) });
    const links = linkNearest(of(await contoursOf('bw_sample02.tif')), of(await contoursOf('bw_sample03.tif')), 100);
    const distances = links.map(({ distance }) => distance).sort((a, b) => a - b);
    // The published ones were computed in single precision.
    expect(distances[0]).toBeCloseTo(23.67861135586687, 4);
    expect(distances[1]).toBeCloseTo(26.749393064084185, 4);
  });
});

/** The first pixel, in reading order, of the piece around a pixel: found by filling. */
function firstPixel(white: (x: number, y: number) => boolean, x: number, y: number): [number, number] {
  const seen = new Set<string>();
  const stack: [number, number][] = [[x, y]];
  let [bestX, bestY] = [x, y];
  while (stack.length > 0) {
    const [atX, atY] = stack.pop()!;
    const key = `${atX} ${atY}`;
    if (seen.has(key) || !white(atX, atY)) continue;
    seen.add(key);
    if (atY < bestY || (atY === bestY && atX < bestX)) [bestX, bestY] = [atX, atY];
    for (let dy = -1; dy <= 1; dy++) for (let dx = -1; dx <= 1; dx++) stack.push([atX + dx, atY + dy]);
  }
  return [bestX, bestY];
}

const challenge = join(import.meta.dirname, '../../../shared/data/tracks/ctc/Fluo-N2DL-HeLa/01_RES');
const hasChallenge = existsSync(challenge);
if (!hasChallenge) console.warn('tests/files/masks: the label images are absent, they are not tested');

test.runIf(hasChallenge)('label images give the objects the challenge reader finds', async () => {
  const tree = await openFolder(challenge);
  const [track] = await findItems(tree);
  const { sets } = await readTrackSets(await track!.descriptor!.tracks!.reader(), track!);
  const first = tree.entries.filter(({ path }) => path === 'mask000.tif');
  const [mask] = await findItems({ name: '', entries: first });
  const found = (await readTrackSets(maskReader({ objects: 'outlines' }), mask!)).sets[0]!.objects;
  const wanted = sets[0]!.objects;
  const rows = Array.from({ length: wanted.count }, (_, row) => row).filter((row) => wanted.frame[row] === 0);
  expect(found.count).toBe(rows.length);
  const value = found.columns.find(({ name }) => name === 'mask_value')!;
  for (const [i, row] of rows.entries()) {
    expect(columnValue(value, i)).toBe(columnValue(wanted.columns[0]!, row));
    expect(found.x[i]).toBeCloseTo(wanted.x[row]!, 9);
    expect(found.y[i]).toBeCloseTo(wanted.y[row]!, 9);
  }
});
