import { eachRun, type UnitSteps } from './unit-steps.ts';

/** Sums over pairs of steps at each lag. */
export interface PairSums {
  sum: Float64Array;
  pairs: Uint32Array;
}

/** Both correlations of steps, from one pass over all pairs. */
export interface StepCorrelations {
  /** Cosines between steps; lag 0 is left empty. */
  direction: PairSums;
  /** Products of velocities, lag 0 their squares. */
  velocity: PairSums;
}

const emptySums = (maxLag: number): PairSums => ({
  sum: new Float64Array(maxLag + 1),
  pairs: new Uint32Array(maxLag + 1),
});

/** Adds up cosines and products of velocities of all pairs of steps up to `maxLag` frames apart that no gap parts. */
export function correlateSteps(steps: UnitSteps, maxLag: number): StepCorrelations {
  const direction = emptySums(maxLag);
  const velocity = emptySums(maxLag);
  const run = new Run();
  eachRun(steps, (from, to) => {
    run.take(steps, from, to);
    for (let lag = 0; lag <= maxLag && from + lag < to; lag++) run.add(lag, direction, velocity);
  });
  direction.sum[0] = 0;
  direction.pairs[0] = 0;
  return { direction, velocity };
}

/** Steps that follow each other, as velocities beside each other, in buffers that are used again. */
class Run {
  private x = new Float64Array(256);
  private y = new Float64Array(256);
  private z = new Float64Array(256);
  /** Duration by length: what turns a velocity into a unit vector. */
  private toUnit = new Float64Array(256);
  private steps: UnitSteps | undefined;
  private from = 0;
  private count = 0;

  take(steps: UnitSteps, from: number, to: number): void {
    const count = to - from;
    if (this.x.length < count) {
      this.x = new Float64Array(count * 2);
      this.y = new Float64Array(count * 2);
      this.z = new Float64Array(count * 2);
      this.toUnit = new Float64Array(count * 2);
    }
    this.steps = steps;
    this.from = from;
    this.count = count;
    for (let i = 0; i < count; i++) {
      const duration = steps.duration[from + i]!;
      this.x[i] = steps.x[from + i]! / duration;
      this.y[i] = steps.y[from + i]! / duration;
      this.z[i] = steps.z[from + i]! / duration;
      this.toUnit[i] = duration / steps.length[from + i]!;
    }
  }

  /** Adds the pairs of one lag. */
  add(lag: number, direction: PairSums, velocity: PairSums): void {
    const { x, y, z, toUnit, count } = this;
    let cosines = 0;
    let products = 0;
    if (this.steps!.isDeep)
      for (let i = 0, j = lag; j < count; i++, j++) {
        const product = x[i]! * x[j]! + y[i]! * y[j]! + z[i]! * z[j]!;
        products += product;
        cosines += product * toUnit[i]! * toUnit[j]!;
      }
    else
      for (let i = 0, j = lag; j < count; i++, j++) {
        const product = x[i]! * x[j]! + y[i]! * y[j]!;
        products += product;
        cosines += product * toUnit[i]! * toUnit[j]!;
      }
    // Not finite where a step has no length or no duration: such pairs are left out one by one.
    if (!Number.isFinite(cosines) || !Number.isFinite(products)) {
      this.addOneByOne(lag, direction, velocity);
      return;
    }
    direction.sum[lag]! += cosines;
    direction.pairs[lag]! += count - lag;
    velocity.sum[lag]! += products;
    velocity.pairs[lag]! += count - lag;
  }

  private addOneByOne(lag: number, direction: PairSums, velocity: PairSums): void {
    const { x, y, z, duration, length } = this.steps!;
    for (let i = this.from, j = i + lag; j < this.from + this.count; i++, j++) {
      const product = x[i]! * x[j]! + y[i]! * y[j]! + z[i]! * z[j]!;
      const cosine = product / (length[i]! * length[j]!);
      const ofVelocities = product / (duration[i]! * duration[j]!);
      if (Number.isFinite(cosine)) {
        direction.sum[lag]! += cosine;
        direction.pairs[lag]!++;
      }
      if (Number.isFinite(ofVelocities)) {
        velocity.sum[lag]! += ofVelocities;
        velocity.pairs[lag]!++;
      }
    }
  }
}
