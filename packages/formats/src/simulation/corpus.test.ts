import { measurePaths, pathsOf } from '@micrarium/model';
import { describe, expect, it } from 'vitest';
import { simulateCells, simulatedTrackSet } from './cells.ts';
import { corpusCoupling, corpusStudies, couplingInterval } from './corpus.ts';

describe('corpus of cell types', () => {
  const studies = corpusStudies(50);

  it('is the same for the same seed, with persistence coupled to speed', () => {
    expect(corpusStudies(50)).toEqual(studies);
    expect(corpusStudies(50, 1)).not.toEqual(studies);
    expect(new Set(studies.map(({ cellType }) => cellType)).size).toBe(50);
    const [low, high] = couplingInterval(studies);
    expect([low, high].every((end) => Math.abs(end - corpusCoupling.perSpeed) < 15)).toBe(true);
    const points = studies.map(({ known }) => [known.speed, Math.log(known.persistence)] as const);
    const slope = slopeOf(points);
    expect(slope).toBeGreaterThan(low);
    expect(slope).toBeLessThan(high);
  });

  it.each([0, 24, 49])('gives back speed and persistence of study %i, and no others', (index) => {
    const { options, known, interval } = studies[index]!;
    const paths = pathsOf(simulatedTrackSet(simulateCells(options), options));
    const [speed, angle, detections] = measurePaths(paths, {
      ids: ['mean_speed', 'mean_turning_angle', 'n_detections'],
    }).map(({ values }) => [...values]);
    expect([paths.dimensions, paths.lengthUnit, paths.timeUnit]).toEqual([2, 'micrometer', 'second']);
    const speeds = speed!.filter((value) => !Number.isNaN(value)).toSorted((a, b) => a - b);
    const median = speeds[speeds.length >> 1]!;
    let [sum, turns] = [0, 0];
    for (const [path, value] of angle!.entries()) {
      if (Number.isNaN(value)) continue;
      sum += value * (detections![path]! - 2);
      turns += detections![path]! - 2;
    }
    const persistence = (4 * options.frameIntervalSeconds) / (Math.PI * (sum / turns) ** 2);
    expect(median).toBeGreaterThan(interval.speed[0]);
    expect(median).toBeLessThan(interval.speed[1]);
    expect(persistence).toBeGreaterThan(interval.persistence[0]);
    expect(persistence).toBeLessThan(interval.persistence[1]);
    // The intervals are narrow enough to tell cell types apart.
    expect(interval.persistence[1] / known.persistence).toBeLessThan(1.15);
    expect(interval.speed[1] / known.speed).toBeLessThan(1.15);
  });
});

function slopeOf(points: readonly (readonly [number, number])[]): number {
  const mean = (at: 0 | 1) => points.reduce((sum, point) => sum + point[at], 0) / points.length;
  const [x, y] = [mean(0), mean(1)];
  const products = points.reduce((sum, [a, b]) => sum + (a - x) * (b - y), 0);
  return products / points.reduce((sum, [a]) => sum + (a - x) ** 2, 0);
}
