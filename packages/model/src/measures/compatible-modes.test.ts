import { describe, expect, it } from 'vitest';
import type { TrackSet } from '../track-set.ts';
import {
  compatibleDefinitions,
  compatibleMeasures,
  lagSums,
  measureModes,
  pathsOf,
  summariseMeasure,
  trackpyMsd,
} from './index.ts';
import { madeSet } from './set-for-tests.ts';

/** Objects as [frame, x, y] with edges between their rows. */
function setOf(objects: [number, number, number][], edges: [number, number][]): TrackSet {
  const made = madeSet(objects, edges);
  return { ...made, objects: { ...made.objects, id: made.objects.id.map((id) => id + 100) } };
}

/** A mother of two steps and two daughters of one each; one of them over a gap. An object alone stands apart. */
const divided = setOf(
  [
    [0, 0, 0],
    [1, 3, 4],
    [2, 6, 8],
    [3, 6, 9],
    [4, 6, 4],
    [0, 50, 50],
  ],
  [
    [0, 1],
    [1, 2],
    [2, 3],
    [2, 4],
  ],
);

describe('measures as another program defines them', () => {
  it('take a track of TrackMate with all of its branches and gaps, in units of the set', () => {
    const { columns, count, first, level, units } = compatibleMeasures(divided, 'trackmate');
    expect([count, level, first[0], units]).toEqual([1, 'track', 0, { length: 'micrometer', time: 'second' }]);
    const of = (name: string) => columns.find(({ id }) => id === `trackmate.${name}`)!;
    const value = (name: string) => of(name).values[0]!;
    expect(['NUMBER_SPOTS', 'NUMBER_SPLITS', 'NUMBER_GAPS', 'LONGEST_GAP'].map(value)).toEqual([5, 1, 1, 1]);
    // Edges of 5, 5, 1 and 4 micrometers in 2, 2, 2 and 4 seconds.
    expect(value('TOTAL_DISTANCE_TRAVELED')).toBe(15);
    expect(value('TRACK_MEAN_SPEED')).toBeCloseTo((2.5 + 2.5 + 0.5 + 1) / 4, 12);
    expect(value('TRACK_MEDIAN_SPEED')).toBe(2.5);
    expect([value('TRACK_MIN_SPEED'), value('TRACK_MAX_SPEED')]).toEqual([0.5, 2.5]);
    expect([value('TRACK_START'), value('TRACK_STOP'), value('TRACK_DURATION')]).toEqual([0, 8, 8]);
    expect(value('TRACK_DISPLACEMENT')).toBeCloseTo(Math.hypot(6, 4), 12);
    expect(value('TRACK_X_LOCATION')).toBeCloseTo(21 / 5, 12);
    expect(of('TRACK_MEAN_SPEED').unit).toBe('micrometer/second');
    expect(of('MEAN_DIRECTIONAL_CHANGE_RATE').unit).toBe('radian/second');
  });

  it('take a path as a particle of trackpy: emsd up to 100 frames, by lags that are there', () => {
    const found = compatibleMeasures(divided, 'trackpy');
    expect([found.count, found.level, [...found.first]]).toEqual([3, 'path', [0, 2, 2]]);
    expect(found.columns.map(({ id, unit }) => `${id} ${unit}`)).toEqual(['trackpy.diagonal_size micrometer']);
    expect([...found.columns[0]!.values]).toEqual([10, 1, 4]);
    const paths = pathsOf(divided);
    expect(found.msd).toEqual(trackpyMsd(paths, lagSums(paths, 2)));
    expect(found.msd.map(({ lag, tau }) => [lag, tau])).toEqual([
      [1, 2],
      [2, 4],
    ]);
    const long = setOf(
      Array.from({ length: 150 }, (_, frame) => [frame, frame, 0]),
      Array.from({ length: 149 }, (_, frame) => [frame, frame + 1]),
    );
    const { msd } = compatibleMeasures(long, 'trackpy');
    expect(msd).toHaveLength(100);
    for (const { lag, msd: value } of msd) expect(value).toBeCloseTo(lag * lag, 6);
  });

  it('have no value, and never infinity, where a program would write one', () => {
    const still = setOf(
      [
        [0, 1, 1],
        [0, 1, 1],
        [1, Number.NaN, 1],
        [2, 1, 1],
      ],
      [
        [0, 1],
        [2, 3],
      ],
    );
    for (const { values } of compatibleMeasures(still, 'trackmate').columns)
      for (const value of values) expect(Math.abs(value)).not.toBe(Number.POSITIVE_INFINITY);
    const nothing = setOf([[0, 1, 1]], []);
    expect(compatibleMeasures(nothing, 'trackpy')).toMatchObject({ count: 0, msd: [] });
    const { columns } = compatibleMeasures(nothing, 'trackmate');
    expect(summariseMeasure(columns[0]!, 10)).toMatchObject({ n: 0, mean: null, interval: null });
  });

  it('carry ids, versions and formulas of their own', () => {
    expect(measureModes).toEqual(['micrarium', 'trackmate', 'trackpy']);
    const ids = [
      ...compatibleMeasures(divided, 'trackmate').columns,
      ...compatibleMeasures(divided, 'trackpy').columns,
    ];
    for (const { id, version } of ids) expect(compatibleDefinitions.get(id)?.version).toBe(version);
    expect([...compatibleDefinitions.keys()].filter((id) => !/^(trackmate|trackpy)\.\w+$/.test(id))).toEqual([]);
    for (const { formula, source } of compatibleDefinitions.values()) expect(formula && source).not.toBe('');
  });
});
