import { simulateCells, simulatedTrackSet } from '@micrarium/formats';
import { describe, expect, it } from 'vitest';
import { defaultChannelColours, viridis } from './colour-maps.ts';
import { histogramOf } from './histogram.ts';
import { scaleBar } from './scale-bar.ts';
import { TileCache } from './tile-cache.ts';
import { timeOfFrame, timeStamp } from './time-stamp.ts';
import { objectColours, passing } from './object-colours.ts';
import { labelColour, paintLabels } from './label-painting.ts';
import { outlinesOf } from './outlines.ts';
import { layOver, nearestObject } from './track-overlay.ts';

const identity = {
  axes: { x: 'x', y: 'y', z: 'z' },
  scale: { x: 2, y: 2, z: 0.5 },
  offset: { x: 1, y: 0, z: 0 },
  firstFrame: 3,
  firstSlice: 0,
} as const;

describe('laying tracks over a film', () => {
  const set = simulatedTrackSet(simulateCells({ frames: 6, cells: 5 }));
  const overlay = layOver(set, identity);

  it('maps coordinates, slices and frames by the pair', () => {
    expect(overlay.positions[0]).toBeCloseTo((set.objects.x[0]! - 1) * 2, 3);
    expect(overlay.slice[0]).toBeCloseTo(set.objects.z![0]! * 0.5, 4);
    expect(overlay.frame[0]).toBe(3);
    expect(overlay.radius[0]).toBeCloseTo(Number(set.objects.columns[0]!.values[0]) * 2, 3);
  });

  it('finds the object under the pointer, in its frame only', () => {
    const [x, y] = [overlay.positions[0]!, overlay.positions[1]!];
    expect(nearestObject(overlay, 3, x + 1, y, 4)).toBe(0);
    expect(nearestObject(overlay, 99, x, y, 4)).toBe(-1);
    expect(nearestObject(overlay, 3, -500, -500, 4)).toBe(-1);
  });

  it('colours by track and by feature', () => {
    expect(objectColours(overlay, 'track').colours.subarray(0, 3)).not.toEqual(new Uint8Array(3));
    const values = set.objects.columns.find((column) => column.name === 'radius')!.values as Float64Array;
    expect(objectColours(overlay, 'radius').range).toEqual([Math.min(...values), Math.max(...values)]);
    expect(objectColours(overlay, 'x').range![0]).toBe(Math.min(...set.objects.x));
    const cividis = objectColours(overlay, 'radius', 'cividis').colours;
    expect([...cividis.subarray(values.indexOf(Math.max(...values)) * 3).subarray(0, 3)]).toEqual([253, 234, 69]);
  });

  it('colours texts and whole numbers of few kinds by category, most frequent first', () => {
    const kinds = Array.from({ length: set.objects.count }, (_, row) => (row % 3 === 0 ? 'mother' : 'daughter'));
    const kind = { name: 'kind', type: 'string' as const, values: kinds };
    const named = { ...overlay, set: { ...set, objects: { ...set.objects, columns: [kind] } } };
    const { categories, range } = objectColours(named, 'kind');
    expect(range).toBeUndefined();
    expect(categories!.map((one) => one.name)).toEqual(['daughter', 'mother']);
    expect(categories!.reduce((sum, one) => sum + one.count, 0)).toBe(set.objects.count);
    const many = kinds.map((_, row) => `kind ${row}`);
    const lots = { ...named, set: { ...set, objects: { ...set.objects, columns: [{ ...kind, values: many }] } } };
    expect(objectColours(lots, 'kind').categories!.at(-1)).toMatchObject({ name: undefined, count: many.length - 7 });
  });

  it('filters by ranges, and what is filtered away is not found', () => {
    const [x, y] = [overlay.positions[0]!, overlay.positions[1]!];
    const value = set.objects.x[0]!;
    const only = passing(overlay, [{ feature: 'x', low: value, high: value }]);
    expect(only![0]).toBe(1);
    expect(nearestObject(overlay, 3, x, y, 4, only)).toBe(0);
    const others = passing(overlay, [{ feature: 'x', low: value + 1e-9, high: 1e9 }]);
    expect(nearestObject(overlay, 3, x, y, 0.5, others)).toBe(-1);
    expect(passing(overlay, [{ feature: 'no such column', low: 0, high: 1 }])).toBeUndefined();
    expect(passing(overlay, undefined)).toBeUndefined();
  });

  it('outlines lie where the pair says', () => {
    const shapes = {
      partOffsets: Uint32Array.from({ length: set.objects.count + 1 }, (_, row) => Math.min(row, 1)),
      vertexOffsets: Uint32Array.of(0, 3),
      xyz: Float64Array.of(1, 0, 0, 3, 0, 0, 3, 2, 0),
    };
    const outlined = layOver({ ...set, objects: { ...set.objects, shapes } }, identity);
    expect(outlinesOf(outlined, [0, 1])).toEqual([
      {
        row: 0,
        path: [
          [0, 0],
          [4, 0],
          [4, 4],
        ],
        isClosed: true,
      },
    ]);
    expect(outlinesOf(overlay, [0])).toEqual([]);
  });

  it('label masks keep touching objects apart', () => {
    const painted = paintLabels(
      Uint16Array.of(1, 1, 1, 2, 1, 1, 1, 2, 1, 1, 1, 0),
      4,
      3,
      new Map([[2, [9, 8, 7, 255]]]),
      0.5,
    );
    const pixel = (at: number) => [...painted.subarray(at * 4, at * 4 + 4)];
    expect(pixel(5)).toEqual([...labelColour(1), 128]);
    expect(pixel(6)).toEqual([...labelColour(1), 255]);
    expect(pixel(7)).toEqual([9, 8, 7, 255]);
    expect(pixel(11)).toEqual([0, 0, 0, 0]);
    expect(labelColour(1)).not.toEqual(labelColour(2));
  });
});

describe('small parts of the viewer', () => {
  it('scale bars are round and fit', () => {
    expect(scaleBar({ value: 0.65, unit: 'micrometer' }, 2)).toEqual({
      value: 50,
      unit: 'micrometer',
      width: expect.closeTo(153.8, 1),
    });
    expect(scaleBar({ value: 1, unit: 'pixel' }, 2)).toEqual({ value: 50, unit: 'pixel', width: 100 });
    expect(scaleBar(undefined, 2)).toBeUndefined();
  });

  it('time stamps read like clocks', () => {
    const stamp = (value: number, unit: string) => timeStamp({ value, unit }, (one) => one);
    expect([stamp(12.5, 'second'), stamp(250, 'millisecond'), stamp(125, 'second'), stamp(148, 'minute')]).toEqual([
      '12.5 s',
      '0.25 s',
      '2:05 min',
      '2:28:00 h',
    ]);
    expect(stamp(7, 'frame')).toBe('7 frame');
    const step = { value: 2, unit: 'minute' };
    expect(timeOfFrame({ timeStep: step }, 3)).toEqual({ value: 6, unit: 'minute' });
    expect(timeOfFrame({ timeStep: step, planeTimes: [0, 119.5] }, 1)).toEqual({ value: 119.5, unit: 'second' });
    expect(timeOfFrame({}, 1)).toBeUndefined();
  });

  it('histograms ignore hot pixels in their window', () => {
    const plane = new Uint16Array(10_000).map((_, i) => 100 + (i % 50));
    plane[7] = 65_535;
    const histogram = histogramOf(plane);
    expect(histogram.max).toBe(65_535);
    expect(histogram.high).toBeLessThan(400);
    expect(histogram.bins.reduce((sum, one) => sum + one, 0)).toBe(10_000);
  });

  it('caches up to its bytes and shares loads', async () => {
    const cache = new TileCache<Uint8Array>(100);
    let loads = 0;
    const load = async () => {
      loads++;
      return new Uint8Array(60);
    };
    await Promise.all([cache.get('a', load), cache.get('a', load)]);
    expect(loads).toBe(1);
    await cache.get('b', load);
    expect(cache.heldBytes).toBe(60);
    await cache.get('a', load);
    expect(loads).toBe(3);
  });

  it('colours follow the wavelength where it is known', () => {
    expect(defaultChannelColours([{ emissionNanometers: 461 }, { color: 'ff0000' }, {}])).toEqual([
      [75, 125, 255],
      [255, 0, 0],
      [245, 211, 59],
    ]);
    expect(viridis(0)).toEqual([68, 1, 84]);
    expect(viridis(2)).toEqual([253, 231, 37]);
  });
});
