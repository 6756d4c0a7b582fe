import { describe, expect, it } from 'vitest';
import { MeasureBuilder } from './measures.ts';

/** Three objects on a line, a gap of two frames, and one object on its own. */
function measured(gapPolicy: 'drop' | 'keep', set: ConstructorParameters<typeof MeasureBuilder>[0] = {}) {
  const builder = new MeasureBuilder(set, 4, gapPolicy);
  builder.addObjects({ id: [30, 10], frame: [0, 1], x: [0, 3], y: [0, 4], track: [0, 0] });
  builder.addObjects({ id: [20, 99], frame: [3, 3], x: [3, 0], y: [8, 0], track: [0, -1] });
  builder.addEdges({ source: [30, 10], target: [10, 20], link: [0, 0] });
  return builder.finish();
}

describe('measures of a path', () => {
  it('follow the formulas, with gaps left out of speeds or kept', () => {
    const [path] = measured('drop').tracks;
    expect(path).toEqual({
      track: 0,
      link: 0,
      objects: 3,
      firstFrame: 0,
      lastFrame: 3,
      duration: 3,
      pathLength: 9,
      netDisplacement: Math.hypot(3, 8),
      meanSpeed: 5,
    });
    // Steps of 5 in one frame and 4 in two: (5 + 2) / 2.
    expect(measured('keep').tracks[0]!.meanSpeed).toBe(3.5);
  });

  it('count objects by frame, also those without edges', () => {
    expect(measured('drop').frames).toEqual([
      { frame: 0, time: null, objects: 1 },
      { frame: 1, time: null, objects: 1 },
      { frame: 3, time: null, objects: 2 },
    ]);
  });

  it('are in pixel per frame, labelled so, until unit and interval are known', () => {
    expect(measured('drop', { spaceUnit: 'pixel' }).units).toEqual({
      length: 'pixel',
      time: 'frame',
      speed: 'pixel/frame',
    });
    expect(measured('drop').units.length).toBe('unknown');
    const known = measured('drop', { spaceUnit: 'micrometer', timeUnit: 'second', frameInterval: 10 });
    expect(known.units.speed).toBe('micrometer/second');
    expect(known.tracks[0]).toMatchObject({ duration: 30, meanSpeed: 0.5 });
    expect(known.frames[2]!.time).toBe(30);
  });

  it('use z only where it is not the same everywhere', () => {
    const set = { extent: { x: [0, 1], y: [0, 1], z: [5, 9], frame: [0, 1] } } as const;
    const of = (z: [number, number]) => {
      const builder = new MeasureBuilder({ extent: { ...set.extent, x: [0, 1], y: [0, 1], frame: [0, 1], z } }, 2);
      builder.addObjects({ id: [0, 1], frame: [0, 1], x: [0, 0], y: [0, 0], z, track: [0, 0] });
      builder.addEdges({ source: [0], target: [1], link: [0] });
      return builder.finish();
    };
    expect(of([5, 9])).toMatchObject({ dimensions: 3, tracks: [{ pathLength: 4 }] });
    expect(of([5, 5])).toMatchObject({ dimensions: 2, tracks: [{ pathLength: 0 }] });
  });

  it('pass over edges to nowhere and objects without a position', () => {
    const builder = new MeasureBuilder({}, 2);
    builder.addObjects({ id: [1, 2], frame: [0, 1], x: [0, Number.NaN], y: [0, 0], track: [0, 0] });
    builder.addEdges({ source: [1, 1], target: [2, 77], link: [0, 0] });
    expect(builder.finish().tracks).toMatchObject([{ objects: 2, pathLength: 0, meanSpeed: null }]);
  });
});
