import { describe, expect, it } from 'vitest';
import type { TrackSet } from '../track-set.ts';
import {
  collectiveMotion,
  deathOrLoss,
  descendants,
  distancesTo,
  divisionGeometries,
  driftOf,
  hotellingTest,
  leavesOf,
  lineagesOf,
  measureDefinitions,
  measurePaths,
  neighbourMeasures,
  overlap,
  pairCurves,
  pairSeparation,
  pathMeanAutocorrelation,
  pathsOf,
  radialVelocities,
  ripleyL,
  seededRandom,
  signedTurningAngles,
  sisterCorrelation,
  slidingMeasure,
  startEndRate,
  summariseMotion,
  turningRates,
  upperTailOfF,
  velocityField,
  velocityFluctuation,
  withoutReference,
} from './index.ts';
import { madeSet } from './set-for-tests.ts';

type Place = [frame: number, x: number, y: number, z?: number];

/** A set of tracks, each the places of one object; further edges join rows, counted over all tracks. */
function setOf(tracks: readonly (readonly Place[])[], joins: readonly [number, number][] = []): TrackSet {
  const all = tracks.flat();
  const pairs: [number, number][] = [...joins];
  let row = 0;
  for (const track of tracks) {
    for (let i = 1; i < track.length; i++) pairs.push([row + i - 1, row + i]);
    row += track.length;
  }
  return madeSet(all, pairs);
}

const line = (count: number, dx: number, dy: number, x = 0, y = 0): Place[] =>
  Array.from({ length: count }, (_, i) => [i, x + i * dx, y + i * dy]);

const value = (set: TrackSet, id: string) => measurePaths(pathsOf(set), { ids: [id] })[0]!.values[0]!;

describe('shapes of paths', () => {
  it('the hull of a box with a point within, anywhere in space', () => {
    const box: Place[] = [0, 1, 2, 3, 4, 5, 6, 7].map((i) => [i, 1e4 + (i & 1) * 2, (i & 2) * 1.5, (i & 4) * 1.25]);
    const set = setOf([[...box, [8, 1e4 + 1, 1, 1]]]);
    expect(value(set, 'hull_volume')).toBeCloseTo(2 * 3 * 5, 9);
    expect(value(set, 'hull_area')).toBeNaN();
    expect(value(setOf([line(9, 1, 2)]), 'hull_volume')).toBeNaN();
    const flat = box.map(([frame, x, y]): Place => [frame, x, y, x + y]);
    expect(value(setOf([flat]), 'hull_volume')).toBe(0);
  });

  it('a line has the dimension 1, a path that fills the plane nearly 2, a short one none', () => {
    expect(value(setOf([line(200, 1, 0)]), 'fractal_dimension')).toBeCloseTo(1, 6);
    const rows: Place[] = Array.from({ length: 32 * 32 }, (_, i) => {
      const y = Math.floor(i / 32);
      return [i, y % 2 === 0 ? i % 32 : 31 - (i % 32), y];
    });
    expect(value(setOf([rows]), 'fractal_dimension')).toBeCloseTo(2, 1);
    expect(value(setOf([line(99, 1, 0)]), 'fractal_dimension')).toBeNaN();
    expect(value(setOf([line(200, 0, 0)]), 'fractal_dimension')).toBeNaN();
  });

  it('steps without memory have a Hurst exponent near one half, steps that go on a larger one', () => {
    const random = seededRandom(3);
    const walk = (memory: number): Place[] => {
      let [x, y, vx, vy] = [0, 0, 0, 0];
      return Array.from({ length: 2048 }, (_, frame): Place => {
        [vx, vy] = [memory * vx + random() - 0.5, memory * vy + random() - 0.5];
        [x, y] = [x + vx, y + vy];
        return [frame, x, y];
      });
    };
    const plain = value(setOf([walk(0)]), 'hurst');
    expect(plain).toBeGreaterThan(0.5);
    expect(plain).toBeLessThan(0.65);
    expect(value(setOf([walk(0.97)]), 'hurst')).toBeGreaterThan(plain + 0.15);
    expect(value(setOf([line(200, 1, 1)]), 'hurst')).toBeNaN();
  });

  it('windows slide over a path: a corner lowers the straightness of the windows it lies in', () => {
    const corner: Place[] = [
      [0, 0, 0],
      [1, 1, 0],
      [2, 2, 0],
      [3, 2, 1],
      [4, 2, 2],
    ];
    const column = slidingMeasure(pathsOf(setOf([corner, line(2, 1, 0, 9, 9)])), 'straightness', 2);
    expect(column.id).toBe('sliding_straightness(2)');
    expect(column.values[0]).toBeCloseTo((1 + Math.SQRT2 / 2 + 1) / 3, 12);
    expect(column.values[1]).toBeNaN();
    expect(() => slidingMeasure(pathsOf(setOf([corner])), 'straightness', 0)).toThrow(RangeError);
  });
});

describe('turns and references', () => {
  const left: Place[] = [
    [0, 0, 0],
    [1, 1, 0],
    [2, 1, 1],
    [3, 2, 1],
  ];

  it('turns have a sign and a rate', () => {
    const paths = pathsOf(setOf([left]));
    expect([...signedTurningAngles(paths)]).toEqual([Math.PI / 2, -Math.PI / 2]);
    expect([...turningRates(paths)]).toEqual([Math.PI / 4, Math.PI / 4]);
  });

  it('each path counts the same in the mean over paths', () => {
    const set = setOf([left, line(9, 1, 0)]);
    expect(pathMeanAutocorrelation(pathsOf(set), 1)).toEqual({ value: 0.5, n: 2 });
  });

  it('distances to a point, a line, a plane and a contour, and the speed towards them', () => {
    const paths = pathsOf(
      setOf([
        [
          [0, 3, 4],
          [1, 0, 0],
        ],
      ]),
    );
    expect([...distancesTo(paths, { kind: 'point', x: 0, y: 0 })]).toEqual([5, 0]);
    expect([...distancesTo(paths, { kind: 'line', x: 0, y: 0, alongX: 2, alongY: 0 })]).toEqual([4, 0]);
    expect([...distancesTo(paths, { kind: 'plane', x: 1, y: 0, normalX: 3, normalY: 0 })]).toEqual([2, 1]);
    const corners = [
      { x: -1, y: -1 },
      { x: 1, y: -1 },
      { x: 1, y: 1 },
      { x: -1, y: 1 },
    ];
    expect([...distancesTo(paths, { kind: 'contour', corners })]).toEqual([Math.sqrt(13), -1]);
    expect([...radialVelocities(paths, { kind: 'point', x: 0, y: 0 })]).toEqual([2.5]);
    expect(() => distancesTo(paths, { kind: 'line', x: 0, y: 0, alongX: 0, alongY: 0 })).toThrow(RangeError);
  });

  it('a drift that all share is gone when it is taken away', () => {
    const paths = pathsOf(setOf([line(5, 1, 2), line(5, 1, 2, 7, 7)]));
    const still = withoutReference(paths, driftOf(paths));
    const lengths = measurePaths(still, { ids: ['path_length'] })[0]!.values;
    expect([...lengths]).toEqual([0, 0]);
  });
});

describe('populations', () => {
  it("Hotelling's test by hand, and the tail of F as tables have it", () => {
    const ends: [number, number][] = [
      [1, 0],
      [3, 0],
      [2, 1],
      [2, -1],
    ];
    const found = hotellingTest(
      pathsOf(
        setOf(
          ends.map(([x, y]) => [
            [0, 0, 0],
            [1, x, y],
          ]),
        ),
      ),
    )!;
    // Mean (2, 0), covariance diag(2/3, 2/3): T^2 = 4 * 4 / (2/3).
    expect(found.t2).toBeCloseTo(24, 12);
    expect(found.f).toBeCloseTo(8, 12);
    expect(found.freedom).toEqual([2, 2]);
    // With 2 and 2 degrees of freedom the tail is 1 / (1 + F).
    expect(found.p).toBeCloseTo(1 / 9, 12);
    expect(upperTailOfF(4.964602743730711, 1, 10)).toBeCloseTo(0.05, 10);
    expect(hotellingTest(pathsOf(setOf([line(3, 1, 0)])))).toBeNull();
  });

  it('objects that stay overlap wholly, and only shared stillness makes chi_4', () => {
    const still = overlap(pathsOf(setOf([line(5, 0, 0), line(5, 0, 0, 9, 9)])), 0.5, 2);
    expect(still.map(({ value: q, n, chi4 }) => [q, n, chi4])).toEqual([
      [1, 8, 0],
      [1, 6, 0],
    ]);
    // Both wait a frame, then both jump: Q is 1, 0, 1, 0 over the starts.
    const jumps = (x: number): Place[] => [0, 0, 5, 5, 10].map((dx, frame) => [frame, x + dx, 0]);
    expect(overlap(pathsOf(setOf([jumps(0), jumps(100)])), 1, 1)[0]).toMatchObject({ value: 0.5, chi4: 2 * 0.25 });
  });

  it('neighbours part, and exchange', () => {
    // Two side by side part by 1 a frame; a third is far away.
    const set = setOf([line(4, 0, 0), line(4, 1, 0, 1, 0), line(4, 0, 0, 50, 0)]);
    const paths = pathsOf(set);
    expect(pairSeparation(paths, 1.5, 2)).toMatchObject([
      { value: 1, n: 1 },
      { value: 4, n: 1 },
    ]);
    expect(neighbourMeasures(paths, 10)).toMatchObject({ distance: (1 + 1 + 2 + 2 + 3 + 3) / 6, exchange: 0 });
    // One walks from the left one to the right one.
    const walker = setOf([line(3, 4, 0, 1, 0), line(3, 0, 0), line(3, 0, 0, 10, 0)]);
    expect(neighbourMeasures(pathsOf(walker), 20).exchange).toBeCloseTo(1 / 6, 12);
  });

  it('velocities of neighbours that share a swirl agree, and their angles are small', () => {
    const set = setOf([line(3, 1, 0), line(3, 1, 0, 0, 1), line(3, -1, 0, 0, 30), line(3, -1, 0, 0, 31)]);
    const { velocity, angle } = pairCurves(pathsOf(set), 40, 10);
    expect(velocity[0]).toMatchObject({ distance: 5, value: 1, pairs: 4 });
    expect(velocity[2]!.value).toBeCloseTo(-1, 12);
    expect(angle[0]!.value).toBe(0);
    expect(angle[2]!.value).toBeCloseTo(Math.PI, 12);
    expect(velocityFluctuation(summariseMotion(set).parts.steps)).toBeCloseTo(0.5, 12);
    const field = velocityField(pathsOf(set))!;
    expect(field.cells.reduce((sum, { n }) => sum + n, 0)).toBe(8);
  });

  it('objects strewn at random have an L near r, a lattice lies below, pairs above', () => {
    const random = seededRandom(7);
    const at = (x: number, y: number): Place[] => [
      [0, x, y],
      [1, x, y],
    ];
    const strewn = Array.from({ length: 2000 }, () => at(random() * 100, random() * 100));
    expect(Math.abs(ripleyL(pathsOf(setOf(strewn)), [3])[0]!.value!)).toBeLessThan(0.15);
    const lattice = Array.from({ length: 400 }, (_, i) => at((i % 20) * 5, Math.floor(i / 20) * 5));
    expect(ripleyL(pathsOf(setOf(lattice)), [4])[0]!.value).toBeCloseTo(-4, 12);
    const pairs = strewn.slice(0, 300).flatMap((one) => [one, at(one[0]![1] + 0.1, one[0]![2])]);
    expect(ripleyL(pathsOf(setOf(pairs)), [1])[0]!.value!).toBeGreaterThan(0.5);
  });
});

describe('lineages', () => {
  // Row 0-1 a mother, 2-4 and 5-7 her daughters, who part along y by 2 a frame; the second daughter is lost inside.
  const mother: Place[] = [
    [0, 0, 0],
    [1, 0, 0],
  ];
  const one: Place[] = [
    [2, 0, 1],
    [3, 0, 2],
    [4, 0, 3],
  ];
  const other: Place[] = [
    [2, 0, -1],
    [3, 0, -2],
  ];
  const far: Place[] = [
    [0, -50, -50],
    [1, -50, -50],
    [2, 50, 50],
    [3, 50, 50],
    [4, 50, 50],
  ];
  const set = setOf(
    [mother, one, other, far],
    [
      [1, 2],
      [1, 5],
    ],
  );
  const paths = pathsOf(set);
  const lineages = lineagesOf({
    count: set.objects.count,
    frame: set.objects.frame,
    edges: set.edges,
    time: paths.time,
    frameInterval: 2,
  });

  it('descendants, leaves, losses and unexplained ends', () => {
    const root = lineages.lifeOfObject[0]!;
    expect(descendants(lineages, root)).toHaveLength(2);
    expect(leavesOf(lineages, root)).toBe(2);
    expect(deathOrLoss(lineages, paths, 5)).toEqual({ value: 1 / 4, n: 4 });
    expect(startEndRate(lineages)).toEqual({ value: 1 / 12, n: 12 });
    expect(sisterCorrelation(lineages)).toEqual({ value: null, n: 0 });
  });

  it('the daughters lie along y and part', () => {
    const [division] = divisionGeometries(lineages, paths);
    expect(division).toMatchObject({ time: 2, angle: Math.PI / 2, separationSpeed: 1 });
  });
});

describe('all together', () => {
  it('every number has a definition, a unit and a version, and none is NaN', () => {
    const random = seededRandom(5);
    const walks = Array.from({ length: 30 }, (): Place[] => {
      let [x, y] = [random() * 100, random() * 100];
      return Array.from({ length: 20 }, (_, frame): Place => [frame, (x += random() - 0.4), (y += random() - 0.5)]);
    });
    const made = setOf(walks);
    const { paths: of, parts, summary } = summariseMotion(made);
    const { numbers, radius, curves } = collectiveMotion(made, of, parts, summary);
    for (const { id, value: number, n, version } of numbers) {
      expect(measureDefinitions.get(id)?.version, id).toBe(version);
      expect(number === null || Number.isFinite(number), id).toBe(true);
      expect(Number.isFinite(n), id).toBe(true);
    }
    const found = (id: string) => numbers.find((one) => one.id === id)!;
    expect(found('diffusion_linear').unit).toBe('micrometer^2/second');
    expect(found('hotelling_t2').value).toBeLessThan(0.01);
    expect(found('proliferation').value).toBe(1);
    expect(radius).toBeGreaterThan(0);
    expect(curves.overlap.length).toBeGreaterThan(0);
  });

  it.each([
    ['nothing', setOf([])],
    ['one object', setOf([[[0, 1, 1]]])],
    [
      'two objects of one track in a frame',
      setOf([
        [
          [0, 0, 0],
          [0, 1, 0],
          [1, 2, 0],
        ],
      ]),
    ],
    ['a single frame', setOf([[[3, 1, 1]], [[3, 2, 2]]])],
    ['no displacement', setOf([line(6, 0, 0), line(6, 0, 0, 1, 1)])],
    ['one place', setOf([line(6, 0, 0), line(6, 0, 0)])],
    [
      'positions that are no numbers',
      setOf([
        [
          [0, Number.NaN, 0],
          [1, 1, 1],
          [2, 2, Infinity],
          [3, 3, 3],
        ],
      ]),
    ],
    [
      'far-off frames',
      setOf([
        [
          [0, 0, 0],
          [2_000_000_000, 1, 1],
        ],
      ]),
    ],
  ])('%s: undefined, never NaN', (_, made) => {
    const { paths: of, parts, summary } = summariseMotion(made, { resamples: 20 });
    const text = JSON.stringify(
      { summary, motion: collectiveMotion(made, of, parts, summary) },
      (key, one: unknown) => {
        if (typeof one === 'number' && !Number.isFinite(one)) throw new Error(`${key} is ${one}`);
        return one;
      },
    );
    expect(text).not.toContain('NaN');
  });
});
