import type { TrackSet } from '@micrarium/model';
import { expect, test } from 'vitest';
import type { ExploredSet } from './explore-answer.ts';
import { addressOf, stateOf } from './explore-state.ts';
import { resampledStatement } from './explore-statement.ts';
import { resampledFrom, resamplePlan } from './resampling.ts';

const set = (value: number, unit = 'second', steps = 10): ExploredSet => ({
  id: 'S',
  accession: 'S',
  version: 1,
  item: 'i',
  part: 0,
  title: '',
  name: 'tracks',
  organism: [],
  cellType: [],
  condition: [],
  method: [],
  licence: '',
  year: '2026',
  dimensions: 2,
  software: '',
  state: 'measured',
  frameInterval: { value, unit },
  paths: 1,
  tracks: 1,
  fields: {},
  quality: { steps, gapShare: 0, shortShare: 0, stepToNeighbour: null },
  measures: [],
});

test('a set comes to a longer step by leaving out frames, or says why it cannot', () => {
  expect(resamplePlan(set(60), '60 second')).toEqual({ every: 1 });
  expect(resamplePlan(set(15.1), '60 second')).toEqual({ every: 4 });
  expect(resamplePlan(set(40), '60 second')).toBe('no-multiple');
  expect(resamplePlan(set(300), '60 second')).toBe('longer');
  expect(resamplePlan(set(1, 'frame'), '60 second')).toBe('other-unit');
  expect(resamplePlan(set(30, 'second', 1e7), '60 second')).toBe('too-large');
});

test('speeds of a zigzag fall and its straightness rises when every second frame is measured, in the same units', () => {
  const tracks: TrackSet = {
    name: '',
    objects: {
      count: 5,
      id: Float64Array.from([0, 1, 2, 3, 4]),
      frame: Int32Array.from([0, 1, 2, 3, 4]),
      x: Float64Array.from([0, 3, 6, 9, 12]),
      y: Float64Array.from([0, 4, 0, 4, 0]),
      columns: [],
      entity: 'point',
    },
    edges: { count: 4, source: Uint32Array.from([0, 1, 2, 3]), target: Uint32Array.from([1, 2, 3, 4]), columns: [] },
    spaceUnit: 'micrometer',
    timeUnit: 'minute',
    provenance: {},
  };
  const { set: made, steps, lostPaths, paths } = resampledFrom(tracks, set(60), 2, ['mean_speed', 'straightness']);
  expect(made.frameInterval).toEqual({ value: 120, unit: 'second' });
  expect(steps).toEqual({ before: 4, after: 2 });
  expect(lostPaths).toBe(0);
  // 5 micrometers a minute as recorded, 3 at two minutes.
  expect(made.measures[0]).toMatchObject({ unit: 'micrometer/second', originalUnit: 'micrometer/minute', n: 1 });
  expect(made.measures[0]!.mean).toBeCloseTo(3 / 60, 12);
  expect(made.measures[1]!.mean).toBe(1);
  // The path itself, by its first object, in the same units.
  expect([paths.object[0], paths.frame[0], paths.detections[0], paths.values[1]![0]]).toEqual([0, 0, 3, 1]);
  expect(paths.values[0]![0]).toBeCloseTo(3 / 60, 12);
});

test('the step and the saved query whose versions are shown stand in the address', () => {
  const state = { ...stateOf({}), resample: '60 second', query: 'Q-7KQ2M4XW' };
  expect(stateOf(addressOf(state) as Record<string, string[]>)).toEqual(state);
  expect(stateOf({ resample: '<script>' }).resample).toBeUndefined();
  expect(stateOf({ query: '../sql' }).query).toBeUndefined();
});

test('a comparison at one time step is kept as a statement with its numbers, how they were made, and the versions of that', () => {
  const mean = {
    id: 'mean_speed',
    version: 1,
    unit: 'micrometer/second',
    originalUnit: 'micrometer/second',
    factor: 1,
    n: 7,
  };
  const measured = (id: string): ExploredSet => ({
    ...set(60),
    id,
    measures: [{ ...mean, mean: 0.25, interval: { low: 0.2, high: 0.3 }, undefinedPaths: 0 }],
  });
  const paths = { track: [], object: [], frame: [], detections: [], values: [] };
  const thinned = { set: measured('A_x'), every: 4, steps: { before: 9, after: 2 }, lostPaths: 0, paths };
  const statement = resampledStatement([measured('A_x'), measured("B_'y")], [thinned], ['mean_speed'], '60 second');
  expect(statement).toContain('resampling v1; mean_speed v1');
  expect(statement).toContain(
    "('A_x', 4, 0.25::DOUBLE, 0.2::DOUBLE, 0.3::DOUBLE, 7::BIGINT, 'micrometer/second'),\n  ('B_''y', 1,",
  );
});
