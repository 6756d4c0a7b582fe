import { describe, expect, it } from 'vitest';
import type { ImageDescription } from './image.ts';
import { checkPair } from './pair-check.ts';
import { mappingFor, proposePairs, toPixels } from './pairing.ts';
import type { StudyItem, TrackSetSummary } from './study.ts';

const counts = { objects: 243, edges: 230, links: 12, tracks: 4, frames: 50, splits: 3, merges: 2, gaps: 1 };

function image(change: Partial<ImageDescription> = {}): ImageDescription {
  return { name: '', sizes: { t: 50, c: 1, z: 1, y: 128, x: 128 }, type: 'uint8', channels: [], ...change };
}

function film(id: string, path: string, change: Partial<ImageDescription> = {}): StudyItem {
  return { ...item(id, path), kind: 'image', images: [image(change)] };
}

function set(change: Partial<TrackSetSummary> = {}): TrackSetSummary {
  const extent = { x: [2, 125], y: [3, 120], frame: [0, 49] } satisfies TrackSetSummary['extent'];
  return {
    part: 0,
    name: 'tracks',
    counts,
    spaceUnit: 'pixel',
    hasZ: false,
    entity: 'point',
    extent,
    columns: [],
    ...change,
  };
}

function tracks(id: string, path: string, change: Partial<TrackSetSummary> = {}): StudyItem {
  return { ...item(id, path), kind: 'tracks', trackSets: [set(change)] };
}

function item(id: string, path: string): StudyItem {
  return {
    id,
    path,
    files: [path],
    format: 'x',
    kind: 'unknown',
    trackSets: [],
    images: [],
    issues: [],
    conversions: [],
  };
}

const reasons = (items: StudyItem[]) =>
  proposePairs(items).map((pair) => [pair.imageItem, pair.trackItem, pair.reason]);

describe('proposing pairs', () => {
  it('prefers the image name that the tracking program recorded', () => {
    const items = [
      film('a', 'data/other.tif'),
      film('b', 'data/FakeTracks.tif'),
      tracks('t', 'results/other.xml', { imageName: 'C:\\films\\FakeTracks.tif' }),
    ];
    expect(reasons(items)).toEqual([['b', 't', 'image name recorded in the file']]);
  });

  it('knows the film by its name, with what tracking programs append', () => {
    const items = [film('a', 'pos1.ome.tif'), film('b', 'pos2.ome.tif'), tracks('t', 'pos2_tracks.csv')];
    expect(reasons(items)).toEqual([['b', 't', 'same name']]);
  });

  it('knows the folders of the Cell Tracking Challenge', () => {
    const sequence = { ...film('a', 'HeLa/01'), files: ['HeLa/01/t000.tif', 'HeLa/01/t001.tif'] };
    const other = { ...film('b', 'HeLa/02'), files: ['HeLa/02/t000.tif'] };
    expect(reasons([sequence, other, tracks('t', 'HeLa/01_RES'), tracks('g', 'HeLa/02_GT/TRA')])).toEqual([
      ['a', 't', 'challenge folder pair'],
      ['b', 'g', 'challenge folder pair'],
    ]);
  });

  it('falls back on frames and extent, and stays silent where two films fit', () => {
    const small = film('s', 'small.tif', { sizes: { t: 50, c: 1, z: 1, y: 60, x: 60 } });
    expect(reasons([film('a', 'x.tif'), small, tracks('t', 'y.csv')])).toEqual([['a', 't', 'same frames and extent']]);
    expect(reasons([film('a', 'x.tif'), film('b', 'z.tif'), tracks('t', 'y.csv')])).toEqual([]);
    expect(reasons([film('a', 'x.tif'), tracks('t', 'y.csv', { spaceUnit: undefined as never })])).toEqual([]);
  });

  it('pairs tracks with the image in the same file, and proposes nothing without films', () => {
    const both = { ...film('a', 'x.ims'), trackSets: [set()] };
    expect(reasons([both])).toEqual([['a', 'a', 'same name']]);
    expect(reasons([tracks('t', 'y.csv')])).toEqual([]);
  });
});

describe('the mapping', () => {
  it('is one pixel a unit for pixels, whatever the image says', () => {
    const { mapping, isKnown } = mappingFor(set(), image({ voxelSize: { x: { value: 0.3, unit: 'micrometer' } } }));
    expect([mapping.scale.x, isKnown]).toEqual([1, true]);
  });

  it('comes from the pixel size of the tracker, else of the image, across units', () => {
    const inImage = image({ voxelSize: { x: { value: 250, unit: 'nm' }, y: { value: 0.25, unit: 'µm' } } });
    const physical = set({ spaceUnit: 'micrometer' });
    expect(mappingFor(physical, inImage)).toMatchObject({ isKnown: true, mapping: { scale: { x: 4, y: 4 } } });
    const own = set({ spaceUnit: 'micrometer', pixelSize: { x: 0.5, y: 0.5 } });
    expect(mappingFor(own, inImage).mapping.scale).toMatchObject({ x: 2, y: 2 });
  });

  it('is not known without a unit or a pixel size', () => {
    expect(mappingFor(set({ spaceUnit: undefined as never }), image()).isKnown).toBe(false);
    expect(mappingFor(set({ spaceUnit: 'micrometer' }), image()).isKnown).toBe(false);
  });

  it('turns axes, subtracts the offset in object units, and adds the first slice', () => {
    const mapping = {
      axes: { x: 'y', y: 'x', z: 'z' },
      scale: { x: 2, y: 4, z: 1 },
      offset: { x: 1, y: 0, z: 0 },
      firstFrame: 0,
      firstSlice: 3,
    } as const;
    expect(toPixels(mapping, { x: 11, y: 5 })).toEqual({ x: 10, y: 40, z: 3 });
  });
});

describe('checking a pair', () => {
  const items = [film('a', 'x.tif'), tracks('t', 'x.csv')];
  const [pair] = proposePairs(items);
  const codes = (change: object, among = items) => checkPair({ ...pair!, ...change }, among).map((one) => one.code);

  it('has no word for a pair that fits', () => {
    expect(codes({})).toEqual([]);
  });

  it('names objects outside the image, with the numbers', () => {
    const mapping = { ...pair!.mapping, scale: { x: 2, y: 1, z: 1 } };
    const [issue] = checkPair({ ...pair!, mapping }, items);
    expect(issue).toMatchObject({ code: 'pair-outside-image', where: { file: 'x.csv' } });
    expect(issue!.message).toContain('from pixel 4 to 250; the image has 128');
  });

  it('names frames the image does not have', () => {
    expect(codes({ mapping: { ...pair!.mapping, firstFrame: 1 } })).toEqual(['pair-frames-differ']);
    const short = [film('a', 'x.tif', { sizes: { t: 40, c: 1, z: 1, y: 128, x: 128 } }), items[1]!];
    expect(codes({}, short)).toEqual(['pair-frames-differ']);
  });

  it('asks for units and pixel sizes that are missing, until the depositor has answered', () => {
    const unitless = [items[0]!, tracks('t', 'x.csv', { spaceUnit: undefined as never })];
    expect(codes({}, unitless)).toEqual(['pair-unit-missing']);
    expect(codes({ confirmed: true }, unitless)).toEqual([]);
    expect(codes({}, [items[0]!, tracks('t', 'x.csv', { spaceUnit: 'micrometer' })])).toEqual(['pair-scale-unknown']);
  });

  it('names what is no longer in the study', () => {
    expect(codes({ imageItem: 'gone' })).toEqual(['pair-item-missing']);
    expect(codes({ part: 3 })).toEqual(['pair-item-missing']);
  });
});
