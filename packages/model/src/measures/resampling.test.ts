import { expect, test } from 'vitest';
import type { TrackSet } from '../track-set.ts';
import { everyNthFrame } from './resampling.ts';
import { summariseMotion } from './summary.ts';

/** One path over frames 2 to 8 that goes to and fro in y while it moves on in x; a second one of frames 3 and 4. */
function zigzag(more: Partial<TrackSet> = {}): TrackSet {
  const frame = Int32Array.of(2, 3, 4, 5, 6, 7, 8, 3, 4);
  return {
    name: 'set',
    objects: {
      count: 9,
      id: Float64Array.from(frame, (_, at) => at),
      frame,
      x: Float64Array.from(frame, (at) => at),
      y: Float64Array.from(frame, (at) => (at % 2) * 2),
      columns: [],
      entity: 'point',
    },
    edges: {
      count: 7,
      source: Uint32Array.of(0, 1, 2, 3, 4, 5, 7),
      target: Uint32Array.of(1, 2, 3, 4, 5, 6, 8),
      columns: [],
    },
    provenance: {},
    ...more,
  };
}
const means = (set: TrackSet) =>
  Object.fromEntries(summariseMotion(set).summary.measures.map(({ id, mean }) => [id, mean]));

test('half of the frames: the zigzag is gone, and what was lost is said', () => {
  const { set, steps, lostPaths, frameInterval, warning } = everyNthFrame(zigzag(), 2);
  expect({ steps, lostPaths, frameInterval }).toEqual({
    steps: { before: 7, after: 3 },
    lostPaths: 1,
    frameInterval: 2,
  });
  expect([...set.objects.frame]).toEqual([0, 1, 2, 3, 1]);
  expect([...set.objects.id]).toEqual([0, 2, 4, 6, 8]);
  expect(warning).toContain('One frame of 2 is measured: 3 of 7 steps, 1 of 2 paths are too short.');
  // Every step was √5 in one frame; now it is 2 in two.
  expect(means(zigzag()).mean_speed).toBeCloseTo(Math.sqrt(5), 12);
  expect(means(set)).toMatchObject({ mean_speed: 1, straightness: 1 });
});

test('times stay what they were, and gaps of the recording may become steps', () => {
  const timed = zigzag({ timeUnit: 'second', provenance: { frameInterval: 10 } });
  const { set, frameInterval } = everyNthFrame(timed, 3);
  expect([frameInterval, set.timeUnit, [...set.objects.time!]]).toEqual([30, 'second', [20, 50, 80]]);
  expect(means(set).mean_speed).toBeCloseTo((Math.sqrt(13) * 2) / 60, 12);
});

test('one frame of one is the same set; half a frame is none; no paths are no fault', () => {
  expect(means(everyNthFrame(zigzag(), 1).set)).toEqual(means(zigzag()));
  expect(() => everyNthFrame(zigzag(), 0.5)).toThrow(RangeError);
  const none = everyNthFrame(
    { ...zigzag(), edges: { ...zigzag().edges, count: 0, source: new Uint32Array(), target: new Uint32Array() } },
    2,
  );
  expect([none.steps.after, none.set.objects.count]).toEqual([0, 0]);
});
