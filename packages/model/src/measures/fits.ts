/** A fitted curve: what it says, and how far to trust it. */
export interface Fit<Name extends string = string> {
  parameters: Record<Name, number>;
  /** Standard errors from the residuals; NaN where there are no more points than parameters. */
  standardErrors: Record<Name, number>;
  /** First and last point used. */
  range: [number, number];
  points: number;
  isWeighted: boolean;
  /** Share of the variance the curve explains, 1 at best. */
  rSquared: number;
}

/** Points to fit: `y` at `x`, each with a weight (1 where left out). */
export interface FitPoints {
  x: readonly number[];
  y: readonly number[];
  weights?: readonly number[];
}

/** Weighted least squares of y = intercept + slope x. Undefined for fewer than two different x. */
export function fitLine(points: FitPoints): Fit<'slope' | 'intercept'> | undefined {
  const { x, y } = points;
  const w = points.weights ?? x.map(() => 1);
  let [s, sx, sy, sxx, sxy] = [0, 0, 0, 0, 0];
  for (let i = 0; i < x.length; i++) {
    s += w[i]!;
    sx += w[i]! * x[i]!;
    sy += w[i]! * y[i]!;
    sxx += w[i]! * x[i]! ** 2;
    sxy += w[i]! * x[i]! * y[i]!;
  }
  const determinant = s * sxx - sx * sx;
  if (x.length < 2 || !(determinant > 1e-12 * s * sxx)) return undefined;
  const slope = (s * sxy - sx * sy) / determinant;
  const intercept = (sy - slope * sx) / s;
  const { residual, rSquared } = goodness(points, w, (at) => intercept + slope * at);
  const variance = residual / (x.length - 2);
  return {
    parameters: { slope, intercept },
    standardErrors: {
      slope: x.length > 2 ? Math.sqrt((variance * s) / determinant) : Number.NaN,
      intercept: x.length > 2 ? Math.sqrt((variance * sxx) / determinant) : Number.NaN,
    },
    range: [x[0]!, x.at(-1)!],
    points: x.length,
    isWeighted: points.weights !== undefined,
    rSquared,
  };
}

/**
 * Least squares of any smooth curve by Levenberg's and Marquardt's method (Marquardt 1963, SIAM J. 11:431) with a numeric
 * Jacobian. Parameters are kept positive by working on their logarithms. Undefined where it does not settle.
 */
export function fitCurve<Name extends string>(
  points: FitPoints,
  curve: (x: number, parameters: Record<Name, number>) => number,
  start: Record<Name, number>,
): Fit<Name> | undefined {
  const names = Object.keys(start) as Name[];
  const w = points.weights ?? points.x.map(() => 1);
  const named = (logs: readonly number[]) =>
    Object.fromEntries(names.map((name, i) => [name, Math.exp(logs[i]!)])) as Record<Name, number>;
  const residualsAt = (logs: readonly number[]) =>
    points.x.map((x, i) => Math.sqrt(w[i]!) * (points.y[i]! - curve(x, named(logs))));
  const squares = (residuals: readonly number[]) => residuals.reduce((sum, one) => sum + one * one, 0);
  let logs = names.map((name) => Math.log(start[name]));
  let residuals = residualsAt(logs);
  let damping = 1e-3;
  for (let round = 0; round < 500; round++) {
    const { normal, gradient } = normalEquations(logs, residuals, residualsAt);
    const damped = normal.map((row, i) => row.map((value, j) => (i === j ? value * (1 + damping) + 1e-300 : value)));
    const step = solve(damped, gradient);
    const next = logs.map((log, i) => log + Math.max(-5, Math.min(5, step?.[i] ?? 0)));
    const nextResiduals = residualsAt(next);
    const [before, after] = [squares(residuals), squares(nextResiduals)];
    if (step && after <= before) {
      [logs, residuals] = [next, nextResiduals];
      damping = Math.max(1e-12, damping / 4);
      if (before - after <= 1e-14 * before) break;
    } else if ((damping *= 5) > 1e12) break;
  }
  if (!residuals.every(Number.isFinite)) return undefined;
  return described(points, w, names, named(logs), logs, residuals, residualsAt, curve);
}

function described<Name extends string>(
  points: FitPoints,
  w: readonly number[],
  names: readonly Name[],
  parameters: Record<Name, number>,
  logs: readonly number[],
  residuals: readonly number[],
  residualsAt: (logs: readonly number[]) => number[],
  curve: (x: number, parameters: Record<Name, number>) => number,
): Fit<Name> {
  const { normal } = normalEquations(logs, residuals, residualsAt);
  const freedom = points.x.length - names.length;
  const variance = freedom > 0 ? residuals.reduce((sum, one) => sum + one * one, 0) / freedom : Number.NaN;
  const standardErrors = Object.fromEntries(
    names.map((name, i) => {
      const column = solve(
        normal,
        names.map((_, j) => (i === j ? 1 : 0)),
      );
      // The error of a logarithm is a share of the value.
      return [name, column ? parameters[name] * Math.sqrt(variance * Math.max(0, column[i]!)) : Number.NaN];
    }),
  ) as Record<Name, number>;
  return {
    parameters,
    standardErrors,
    range: [points.x[0]!, points.x.at(-1)!],
    points: points.x.length,
    isWeighted: points.weights !== undefined,
    rSquared: goodness(points, w, (x) => curve(x, parameters)).rSquared,
  };
}

function goodness({ x, y }: FitPoints, w: readonly number[], at: (x: number) => number) {
  const centre = y.reduce((sum, value, i) => sum + w[i]! * value, 0) / w.reduce((sum, one) => sum + one, 0);
  let [residual, total] = [0, 0];
  for (let i = 0; i < x.length; i++) {
    residual += w[i]! * (y[i]! - at(x[i]!)) ** 2;
    total += w[i]! * (y[i]! - centre) ** 2;
  }
  return { residual, rSquared: total === 0 ? Number.NaN : 1 - residual / total };
}

function normalEquations(
  logs: readonly number[],
  residuals: readonly number[],
  residualsAt: (logs: readonly number[]) => number[],
): { normal: number[][]; gradient: number[] } {
  const small = 1e-6;
  const columns = logs.map((log, i) => {
    const up = residualsAt(logs.with(i, log + small));
    const down = residualsAt(logs.with(i, log - small));
    return up.map((value, k) => (down[k]! - value) / (2 * small));
  });
  const dot = (a: readonly number[], b: readonly number[]) => a.reduce((sum, value, k) => sum + value * b[k]!, 0);
  return {
    normal: columns.map((a) => columns.map((b) => dot(a, b))),
    gradient: columns.map((column) => dot(column, residuals)),
  };
}

/** Solves a small system by elimination with pivots; undefined where it has no single answer. */
function solve(matrix: readonly (readonly number[])[], right: readonly number[]): number[] | undefined {
  const n = right.length;
  const rows = matrix.map((row, i) => [...row, right[i]!]);
  for (let i = 0; i < n; i++) {
    let pivot = i;
    for (let k = i + 1; k < n; k++) if (Math.abs(rows[k]![i]!) > Math.abs(rows[pivot]![i]!)) pivot = k;
    [rows[i], rows[pivot]] = [rows[pivot]!, rows[i]!];
    if (!(Math.abs(rows[i]![i]!) > 0)) return undefined;
    for (let k = i + 1; k < n; k++) {
      const factor = rows[k]![i]! / rows[i]![i]!;
      for (let j = i; j <= n; j++) rows[k]![j]! -= factor * rows[i]![j]!;
    }
  }
  const answer = Array.from({ length: n }, () => 0);
  for (let i = n - 1; i >= 0; i--) {
    let sum = rows[i]![n]!;
    for (let j = i + 1; j < n; j++) sum -= rows[i]![j]! * answer[j]!;
    answer[i] = sum / rows[i]![i]!;
  }
  return answer.every(Number.isFinite) ? answer : undefined;
}
