/** Places at which the parameter is tried before it is sought between two of them. */
const gridSteps = 48;

/**
 * The fit of one scaled shape, y = scale * shape(x, P), as often as the draws of an interval need it: for each P the scale follows by linear
 * least squares, so only P is sought (variable projection: Golub and Pereyra 1973, SIAM J. Numer. Anal. 10:413).
 * @param limits between which P is sought, both above 0
 * @returns `undefined` where the best P lies at a limit: the points do not tell it then
 */
export function fitScaled(
  x: readonly number[],
  y: readonly number[],
  shape: (x: number, P: number) => number,
  [least, most]: readonly [number, number],
): { scale: number; P: number } | undefined {
  const fitAt = (P: number) => {
    let [gg, gy, yy] = [0, 0, 0];
    for (let at = 0; at < x.length; at++) {
      const g = shape(x[at]!, P);
      gg += g * g;
      gy += g * y[at]!;
      yy += y[at]! ** 2;
    }
    return { scale: gy / gg, residual: yy - (gy * gy) / gg };
  };
  const P = bestBetween([least, most], (at) => fitAt(at).residual);
  return P === undefined ? undefined : { scale: fitAt(P).scale, P };
}

/** Where a function is least between two limits above 0, tried on a logarithmic grid first; `undefined` where that is at a limit. */
export function bestBetween([least, most]: readonly [number, number], of: (at: number) => number): number | undefined {
  const [low, high] = [Math.log(least), Math.log(most)];
  const grid = Array.from({ length: gridSteps + 1 }, (_, k) => low + ((high - low) * k) / gridSteps);
  const residuals = grid.map((log) => of(Math.exp(log)));
  let best = 0;
  for (let k = 1; k <= gridSteps; k++) if (residuals[k]! < residuals[best]!) best = k;
  if (best === 0 || best === gridSteps) return undefined;
  return Math.exp(leastBetween(grid[best - 1]!, grid[best + 1]!, (log) => of(Math.exp(log))));
}

/** Where a function that falls and rises again is least, by golden section (Kiefer 1953, Proc. AMS 4:502). */
function leastBetween(from: number, to: number, of: (at: number) => number): number {
  const share = (Math.sqrt(5) - 1) / 2;
  let [a, b] = [from, to];
  let [c, d] = [b - share * (b - a), a + share * (b - a)];
  let [atC, atD] = [of(c), of(d)];
  for (let round = 0; round < 40; round++) {
    if (atC < atD) {
      [b, d, atD] = [d, c, atC];
      c = b - share * (b - a);
      atC = of(c);
    } else {
      [a, c, atC] = [c, d, atD];
      d = a + share * (b - a);
      atD = of(d);
    }
  }
  return (a + b) / 2;
}
