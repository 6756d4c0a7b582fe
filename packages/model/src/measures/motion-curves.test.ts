import { describe, expect, it } from 'vitest';
import type { TrackSet } from '../track-set.ts';
import { motionCurves } from './motion-curves.ts';
import { pathsOf } from './paths.ts';

/** One object that goes two steps east, one north, and one that stands alone; frames are ten seconds apart. */
function corner(): TrackSet {
  return {
    name: 'corner',
    objects: {
      count: 5,
      id: Float64Array.of(1, 2, 3, 4, 9),
      frame: Int32Array.of(0, 1, 2, 3, 1),
      x: Float64Array.of(0, 3, 6, 6, 50),
      y: Float64Array.of(0, 0, 0, 4, 50),
      columns: [],
      entity: 'point',
    },
    edges: { count: 3, source: Uint32Array.of(0, 1, 2), target: Uint32Array.of(1, 2, 3), columns: [] },
    spaceUnit: 'micrometer',
    timeUnit: 'second',
    provenance: { frameInterval: 10 },
  };
}

describe('curves of how a set moves', () => {
  it('count objects, speeds, headings and turns', () => {
    const set = corner();
    const curves = motionCurves(set, pathsOf(set));
    expect(curves.objects).toEqual([
      { frame: 0, time: 0, objects: 1 },
      { frame: 1, time: 10, objects: 2 },
      { frame: 2, time: 20, objects: 1 },
      { frame: 3, time: 30, objects: 1 },
    ]);
    expect(curves.speeds.map(({ value }) => value)).toEqual([0.3, 0.3, 0.4]);
    // 24 sectors from minus pi: east begins the thirteenth, north the nineteenth.
    expect(curves.headings.steps.counts.flatMap((n, sector) => (n > 0 ? [[sector, n]] : []))).toEqual([
      [12, 2],
      [18, 1],
    ]);
    expect(curves.headings.paths.counts.reduce((sum, n) => sum + n, 0)).toBe(1);
    expect(curves.turns.counts[0]).toBe(1);
    expect(curves.turns.counts[9]).toBe(1);
    expect(curves.cycles).toEqual([]);
  });

  it('have no time where only frames are known, and nothing of nothing', () => {
    const { timeUnit: _, ...untimed } = corner();
    expect(motionCurves(untimed, pathsOf(untimed)).objects[1]).toEqual({ frame: 1, time: null, objects: 2 });
    const none: TrackSet = {
      ...corner(),
      edges: { count: 0, source: new Uint32Array(), target: new Uint32Array(), columns: [] },
    };
    const curves = motionCurves(none, pathsOf(none));
    expect(curves.speeds).toEqual([]);
    expect(curves.headings.statistics).toBeNull();
  });
});
