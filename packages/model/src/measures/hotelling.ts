import type { Paths } from './paths.ts';

/** `hotelling_t2`: is there a drift? */
export interface DriftTest {
  /** T squared. */
  t2: number;
  /** The same as F, with its degrees of freedom. */
  f: number;
  freedom: [number, number];
  p: number;
  /** Mean displacement of a path. */
  mean: number[];
  /** Paths. */
  n: number;
}

/**
 * `hotelling_t2` (Hotelling 1931): one-sample test of net displacements against 0, one vector a path, so that the samples are independent
 * (celltrackR hotellingsTest takes steps). `null` for fewer paths than dimensions + 1 and where displacements lie on a line.
 */
export function hotellingTest({ count, offsets, rows, x, y, z, dimensions }: Paths): DriftTest | null {
  const vectors: number[][] = [];
  for (let path = 0; path < count; path++) {
    if (offsets[path + 1]! - offsets[path]! < 2) continue;
    const [a, b] = [rows[offsets[path]!]!, rows[offsets[path + 1]! - 1]!];
    vectors.push((dimensions === 3 ? [x, y, z] : [x, y]).map((axis) => axis[b]! - axis[a]!));
  }
  const [n, d] = [vectors.length, dimensions];
  if (n <= d) return null;
  const mean = Array.from({ length: d }, (_, k) => vectors.reduce((sum, vector) => sum + vector[k]!, 0) / n);
  const covariance = mean.map((_, i) =>
    mean.map((__, j) => vectors.reduce((sum, v) => sum + (v[i]! - mean[i]!) * (v[j]! - mean[j]!), 0) / (n - 1)),
  );
  const solved = solve(covariance, mean);
  if (!solved) return null;
  const t2 = n * solved.reduce((sum, value, k) => sum + value * mean[k]!, 0);
  const f = ((n - d) / (d * (n - 1))) * t2;
  return { t2, f, freedom: [d, n - d], p: upperTailOfF(f, d, n - d), mean, n };
}

/** Solves a small symmetric system by elimination with pivots. */
function solve(matrix: readonly (readonly number[])[], right: readonly number[]): number[] | undefined {
  const rows = matrix.map((row, i) => [...row, right[i]!]);
  const size = rows.length;
  const scale = Math.max(...matrix.flat().map(Math.abs));
  for (let k = 0; k < size; k++) {
    const pivot = rows
      .slice(k)
      .reduce((best, row, i) => (Math.abs(row[k]!) > Math.abs(rows[best]![k]!) ? i + k : best), k);
    [rows[k], rows[pivot]] = [rows[pivot]!, rows[k]!];
    if (!(Math.abs(rows[k]![k]!) > 1e-12 * scale)) return undefined;
    for (let i = 0; i < size; i++) {
      if (i === k) continue;
      const share = rows[i]![k]! / rows[k]![k]!;
      for (let j = k; j <= size; j++) rows[i]![j]! -= share * rows[k]![j]!;
    }
  }
  return rows.map((row, k) => row[size]! / row[k]!);
}

/** Probability that F is larger, from the regularised incomplete beta function. */
export function upperTailOfF(f: number, freedom1: number, freedom2: number): number {
  if (!(f > 0)) return 1;
  return incompleteBeta(freedom2 / (freedom2 + freedom1 * f), freedom2 / 2, freedom1 / 2);
}

/** Regularised incomplete beta function by Lentz's continued fraction (Press et al., Numerical Recipes, 6.4). */
function incompleteBeta(x: number, a: number, b: number): number {
  if (x <= 0) return 0;
  if (x >= 1) return 1;
  if (x > (a + 1) / (a + b + 2)) return 1 - incompleteBeta(1 - x, b, a);
  const front = Math.exp(logGamma(a + b) - logGamma(a) - logGamma(b) + a * Math.log(x) + b * Math.log(1 - x)) / a;
  let [c, d, fraction] = [1, 1 / (1 - ((a + b) * x) / (a + 1)), 1 / (1 - ((a + b) * x) / (a + 1))];
  for (let m = 1; m <= 500; m++) {
    const even = (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m));
    const odd = (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1));
    for (const term of [even, odd]) {
      d = 1 / (1 + term * d);
      c = 1 + term / c;
      fraction *= c * d;
    }
    if (Math.abs(c * d - 1) < 1e-15) break;
  }
  return front * fraction;
}

/** Logarithm of the gamma function (Lanczos 1964, coefficients of Godfrey for g = 7). */
function logGamma(x: number): number {
  const coefficients = [
    0.99999999999980993, 676.5203681218851, -1259.1392167224028, 771.32342877765313, -176.61502916214059,
    12.507343278686905, -0.13857109526572012, 9.9843695780195716e-6, 1.5056327351493116e-7,
  ];
  if (x < 0.5) return Math.log(Math.PI / Math.sin(Math.PI * x)) - logGamma(1 - x);
  const t = x + 6.5;
  const sum = coefficients.slice(1).reduce((total, value, i) => total + value / (x + i), coefficients[0]!);
  return 0.5 * Math.log(2 * Math.PI) + (x - 0.5) * Math.log(t) - t + Math.log(sum);
}
