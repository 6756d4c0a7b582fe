import { simulateCells, simulatedTrackSet } from '@micrarium/formats';
import { describe, expect, it } from 'vitest';
import { defaultChannelColours, viridis } from './colour-maps.ts';
import { histogramOf } from './histogram.ts';
import { scaleBar } from './scale-bar.ts';
import { TileCache } from './tile-cache.ts';
import { timeOfFrame, timeStamp } from './time-stamp.ts';
import { layOver, nearestObject, objectColours } from './track-overlay.ts';

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
