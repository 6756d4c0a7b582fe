import { type Fit, fitCurve, fitLine } from './fits.ts';
import type { MsdPoint } from './msd.ts';
import { bestBetween, fitScaled } from './scaled-fit.ts';

/** A fit to a mean squared displacement, with the pairs each lag rests on. */
export interface MsdFit<Name extends string> extends Fit<Name> {
  pairs: number[];
}

/** What is fitted, and how. */
export interface MsdFitOptions {
  /** First and last lag in frames, both used. */
  lags: [number, number];
  /** Weight each lag by its pairs; all lags the same where left out. */
  byPairs?: boolean;
}

function chosen(curve: readonly MsdPoint[], { lags: [first, last], byPairs }: MsdFitOptions) {
  const used = curve.filter(({ lag, msd }) => lag >= first && lag <= last && msd !== null);
  return {
    used,
    points: {
      x: used.map(({ tau }) => tau),
      y: used.map(({ msd }) => msd!),
      ...(byPairs ? { weights: used.map(({ n }) => n) } : {}),
    },
  };
}

/**
 * `diffusion_linear`: MSD = a + b tau; D = b / (2 d), localisation variance = a / (2 d), which motion blur can make negative.
 * @returns `undefined` for fewer than two lags
 */
export function fitDiffusion(
  curve: readonly MsdPoint[],
  dimensions: 2 | 3,
  options: MsdFitOptions = { lags: [1, 4] },
): (MsdFit<'slope' | 'intercept'> & { diffusion: number; localisationVariance: number }) | undefined {
  const { used, points } = chosen(curve, options);
  const fit = fitLine(points);
  if (!fit) return undefined;
  const { slope, intercept } = fit.parameters;
  return {
    ...fit,
    pairs: used.map(({ n }) => n),
    diffusion: slope / (2 * dimensions),
    localisationVariance: intercept / (2 * dimensions),
  };
}

/** Kind of motion by the exponent: a convention, with its limits as parameters. */
export type MotionClass = 'confined' | 'Brownian' | 'directed';

/**
 * `anomalous`: log MSD = log(2 d K) + alpha log tau by least squares on both logarithms. K has the unit length^2/time^alpha.
 * @param limits alpha below the first is confined, above the second directed
 */
export function fitAnomalous(
  curve: readonly MsdPoint[],
  dimensions: 2 | 3,
  options: MsdFitOptions,
  limits: [number, number] = [0.7, 1.3],
): (MsdFit<'alpha' | 'K'> & { motion: MotionClass }) | undefined {
  const { used } = chosen(curve, options);
  const positive = used.filter(({ msd }) => msd! > 0);
  const fit = fitLine({
    x: positive.map(({ tau }) => Math.log(tau)),
    y: positive.map(({ msd }) => Math.log(msd!)),
    ...(options.byPairs ? { weights: positive.map(({ n }) => n) } : {}),
  });
  if (!fit) return undefined;
  const { slope: alpha, intercept } = fit.parameters;
  const K = Math.exp(intercept) / (2 * dimensions);
  return {
    ...fit,
    parameters: { alpha, K },
    standardErrors: { alpha: fit.standardErrors.slope, K: K * fit.standardErrors.intercept },
    range: [Math.exp(fit.range[0]), Math.exp(fit.range[1])],
    pairs: positive.map(({ n }) => n),
    motion: alpha < limits[0] ? 'confined' : alpha > limits[1] ? 'directed' : 'Brownian',
  };
}

/**
 * `furth`, the persistent random walk (Fürth 1920, Z. Phys. 2:244): MSD = 2 S^2 P (tau - P (1 - exp(-tau/P))), S the rms speed over
 * all dimensions, so D = S^2 P / d.
 * @returns with `isResolved` false where P is below the frame interval: the persistence cannot be seen then
 */
export function fitFurth(
  curve: readonly MsdPoint[],
  dimensions: 2 | 3,
  frameInterval: number,
  options: MsdFitOptions,
): FurthFit<'S' | 'P'> | undefined {
  const { used, points } = chosen(curve, options);
  if (used.length < 3) return undefined;
  const { speed, persistences } = furthStarts(points);
  const fits = persistences.map((P) => fitCurve(points, furthAt, { S: speed, P }));
  return furthOfBest(fits, used, dimensions, frameInterval);
}

/**
 * The same with localisation noise: MSD = 2 S^2 P (tau - P (1 - exp(-tau/P))) + 2 d sigma^2. `sigma` is the standard deviation of a
 * position along one axis.
 */
export function fitNoisyFurth(
  curve: readonly MsdPoint[],
  dimensions: 2 | 3,
  frameInterval: number,
  options: MsdFitOptions,
): FurthFit<'S' | 'P' | 'sigma'> | undefined {
  const { used, points } = chosen(curve, options);
  if (used.length < 4) return undefined;
  const { speed, persistences } = furthStarts(points);
  const noisy = (tau: number, found: { S: number; P: number; sigma: number }) =>
    furthAt(tau, found) + 2 * dimensions * found.sigma ** 2;
  const noise = Math.sqrt(Math.max(1e-300, points.y[0]!) / (2 * dimensions));
  const fits = persistences.flatMap((P) =>
    [0.1, 0.9].map((share) => fitCurve(points, noisy, { S: speed, P, sigma: share * noise })),
  );
  return furthOfBest(fits, used, dimensions, frameInterval);
}

/** A persistent random walk as it was fitted. */
export type FurthFit<Name extends string> = MsdFit<Name> & { diffusion: number; isResolved: boolean };

const furthAt = (tau: number, { S, P }: { S: number; P: number }) => 2 * S * S * P * (tau + P * Math.expm1(-tau / P));

/** The surface has a long valley towards ballistic and diffusive motion: the best of several starts is taken. */
function furthStarts({ x, y }: { x: readonly number[]; y: readonly number[] }) {
  const first = x[0]!;
  return {
    speed: Math.sqrt(Math.max(1e-300, y[0]!)) / first,
    persistences: [0.2, 1, 5, 25].map((share) => share * first),
  };
}

function furthOfBest<Name extends string>(
  fits: readonly (Fit<Name | 'S' | 'P'> | undefined)[],
  used: readonly MsdPoint[],
  dimensions: 2 | 3,
  frameInterval: number,
): FurthFit<Name | 'S' | 'P'> | undefined {
  const best = fits.filter((fit) => fit !== undefined).sort((a, b) => b.rSquared - a.rSquared)[0];
  if (!best) return undefined;
  const { S, P } = best.parameters;
  return {
    ...best,
    pairs: used.map(({ n }) => n),
    diffusion: (S * S * P) / dimensions,
    isResolved: P >= frameInterval,
  };
}

/** Persistence by length of the curve, and by its first lag, beyond which a draw has none: there the curve is a straight line or a parabola. */
const longestPersistence = 20;
const shortestPersistence = 0.02;

/**
 * The same fit for the draws of an interval, where only P is sought.
 * @param tau lags in time, ascending @param msd at each; NaN is left out
 * @returns `undefined` for fewer than three lags, and where the best P lies at a limit: the curve shows no persistence then
 */
export function furthOf(tau: ArrayLike<number>, msd: ArrayLike<number>): { S: number; P: number } | undefined {
  const used = Array.from({ length: tau.length }, (_, at) => at).filter((at) => Number.isFinite(msd[at]!));
  if (used.length < 3) return undefined;
  const [first, last] = [tau[used[0]!]!, tau[used.at(-1)!]!];
  const fit = fitScaled(
    used.map((at) => tau[at]!),
    used.map((at) => msd[at]!),
    (lag, P) => lag + P * Math.expm1(-lag / P),
    [first * shortestPersistence, last * longestPersistence],
  );
  return fit && fit.scale > 0 ? { S: Math.sqrt(fit.scale / (2 * fit.P)), P: fit.P } : undefined;
}

/** `confined` (Saxton 1993): MSD = R2 (1 - A1 exp(-4 A2 D tau / R2)), with A1 and 4 A2 D as one rate: plateau, offset and rate. */
export function fitConfined(
  curve: readonly MsdPoint[],
  options: MsdFitOptions,
): MsdFit<'plateau' | 'offset' | 'rate'> | undefined {
  const { used, points } = chosen(curve, options);
  if (used.length < 4) return undefined;
  const plateau = Math.max(...points.y);
  if (!(plateau > 0)) return undefined;
  const fit = fitCurve(
    points,
    (tau, { plateau: R2, offset, rate }: { plateau: number; offset: number; rate: number }) =>
      R2 * (1 - offset * Math.exp(-rate * tau)),
    { plateau, offset: 0.9, rate: 2 / points.x.at(-1)! },
  );
  return fit && { ...fit, pairs: used.map(({ n }) => n) };
}

/**
 * The plateau of `fitConfined` for the draws of an interval, where only the rate is sought: plateau and offset follow from it by linear least
 * squares.
 * @param tau lags in time, ascending @param msd at each; NaN is left out
 * @returns `undefined` for fewer than four lags, and where the best rate lies at a limit: the curve shows no plateau then
 */
export function plateauOf(tau: ArrayLike<number>, msd: ArrayLike<number>): number | undefined {
  const used = Array.from({ length: tau.length }, (_, at) => at).filter((at) => Number.isFinite(msd[at]!));
  if (used.length < 4) return undefined;
  const [first, last] = [tau[used[0]!]!, tau[used.at(-1)!]!];
  const y = used.map((at) => msd[at]!);
  const fitAt = (time: number) => fitLine({ x: used.map((at) => Math.exp(-tau[at]! / time)), y });
  // Of one sum of squares about the mean, the line that explains most leaves least.
  const time = bestBetween(
    [first * shortestPersistence, last * longestPersistence],
    (at) => -(fitAt(at)?.rSquared ?? 0),
  );
  const plateau = time === undefined ? undefined : fitAt(time)?.parameters.intercept;
  return plateau !== undefined && plateau > 0 ? plateau : undefined;
}
