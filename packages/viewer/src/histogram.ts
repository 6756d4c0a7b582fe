/** How often each brightness occurs, in equal bins between the smallest and largest value. */
export interface Histogram {
  min: number;
  max: number;
  /** Pixels per bin. */
  bins: Uint32Array;
  /** 0.1 and 99.9 percent of the pixels lie below these: the window `auto` sets. */
  low: number;
  high: number;
}

/** Histogram of a plane. Values that are not numbers are left out. */
export function histogramOf(values: ArrayLike<number>, binCount = 128): Histogram {
  let min = Number.POSITIVE_INFINITY;
  let max = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!;
    if (value < min) min = value;
    if (value > max) max = value;
  }
  if (min > max) return { min: 0, max: 0, bins: new Uint32Array(binCount), low: 0, high: 0 };
  const fine = new Uint32Array(4096);
  const scale = max > min ? (fine.length - 1) / (max - min) : 0;
  let total = 0;
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!;
    if (value !== value) continue;
    fine[Math.round((value - min) * scale)]!++;
    total++;
  }
  const bins = new Uint32Array(binCount);
  for (let i = 0; i < fine.length; i++) bins[Math.floor((i * binCount) / fine.length)]! += fine[i]!;
  const valueAt = (fraction: number) => min + (scale === 0 ? 0 : percentileBin(fine, total * fraction) / scale);
  return { min, max, bins, low: valueAt(0.001), high: valueAt(0.999) };
}

function percentileBin(bins: Uint32Array, wanted: number): number {
  let seen = 0;
  for (let i = 0; i < bins.length; i++) {
    seen += bins[i]!;
    if (seen >= wanted && seen > 0) return i;
  }
  return bins.length - 1;
}
