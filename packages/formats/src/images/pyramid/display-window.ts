import type { ImageDescription, PixelBlock } from '@micrarium/model';
import { doneWith } from '../block-memory.ts';
import type { ImagePixels } from '../image-reader.ts';

/** How a channel is shown: `min`/`max` bound the slider, `start`/`end` are black and full colour. */
export interface DisplayWindow {
  min: number;
  max: number;
  start: number;
  end: number;
}

const sampleLimit = 1 << 17;
const regionSide = 2048;

/** Range a slider may cover: the type's, or that of the bits in use; `undefined` for types without one. */
export function typeRange(
  description: Pick<ImageDescription, 'type' | 'significantBits'>,
): [number, number] | undefined {
  const { type, significantBits: bits } = description;
  const match = /^(u?)int(\d+)$/.exec(type);
  if (type === 'bool') return [0, 1];
  if (!match) return undefined;
  const size = Number(match[2]);
  const used = bits !== undefined && bits > 0 && bits < size ? bits : size;
  if (match[1] === 'u') return [0, 2 ** used - 1];
  return used < size ? [0, 2 ** used - 1] : [-(2 ** (size - 1)), 2 ** (size - 1) - 1];
}

/** Some values of a block, evenly spread; not finite ones are left out. */
function sampled(block: PixelBlock, sample: number): Float64Array {
  const pixels = block.width * block.height;
  // An odd step does not fall on the same column of every row.
  const step = Math.max(1, Math.ceil(pixels / sampleLimit)) | 1;
  const values = new Float64Array(Math.ceil(pixels / step));
  let count = 0;
  for (let n = 0; n < pixels; n += step) {
    const value = Number(block.data[n * block.samples + sample]);
    if (Number.isFinite(value)) values[count++] = value;
  }
  return values.subarray(0, count);
}

/** Whole numbers of up to 16 bits are counted: sorting hundreds of thousands of numbers takes as long as packing a plane. */
function sort(values: Float64Array, type: ImageDescription['type']): void {
  if (!/^u?int(8|16)$/.test(type)) return void values.sort();
  const least = -(2 ** 15);
  const counts = new Uint32Array(2 ** 16 - least);
  for (let n = 0; n < values.length; n++) counts[values[n]! - least]!++;
  for (let value = 0, at = 0; value < counts.length; value++) {
    const end = at + counts[value]!;
    if (end > at) values.fill(value + least, at, end);
    at = end;
  }
}

/** Value below which `fraction` of the sorted values lie. */
function percentile(sorted: Float64Array, fraction: number): number {
  return sorted[Math.min(sorted.length - 1, Math.max(0, Math.round(fraction * (sorted.length - 1))))] ?? 0;
}

/**
 * Display windows of every channel (and of each sample of colour pixels, channel by channel): 0.1 and 99.9 percentiles
 * over up to three planes from the middle of the stack at the middle time, not the extremes, which hot pixels ruin. A window the file proposes is kept.
 */
export async function displayWindows(image: ImagePixels, signal?: AbortSignal): Promise<DisplayWindow[]> {
  const { sizes, channels } = image.description;
  const samples = image.description.samples ?? 1;
  const planes = [...new Set([0.25, 0.5, 0.75].map((part) => Math.floor(sizes.z * part)))];
  const { width, height } = image.levels[0]!;
  const region = {
    x: Math.max(0, Math.floor((width - regionSide) / 2)),
    y: Math.max(0, Math.floor((height - regionSide) / 2)),
    width: Math.min(width, regionSide),
    height: Math.min(height, regionSide),
  };
  const windows: DisplayWindow[] = [];
  for (let c = 0; c < sizes.c; c++) {
    const found: Float64Array[][] = Array.from({ length: samples }, () => []);
    const waiting = [...planes];
    const read = async (): Promise<void> => {
      for (let z; (z = waiting.shift()) !== undefined; ) {
        signal?.throwIfAborted();
        const block = await image.readRegion({ t: Math.floor(sizes.t / 2), c, z }, region, 0, signal);
        for (let s = 0; s < samples; s++) found[s]!.push(sampled(block, s));
        doneWith(image, block);
      }
    };
    await Promise.all(Array.from({ length: image.readsAtOnce ?? 1 }, read));
    for (const parts of found) windows.push(windowOf(parts, image.description, channels[c]?.window));
  }
  return windows;
}

function windowOf(
  parts: readonly Float64Array[],
  description: ImageDescription,
  proposed: { start: number; end: number } | undefined,
): DisplayWindow {
  const all = new Float64Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  sort(all, description.type);
  let start = proposed?.start ?? percentile(all, 0.001);
  let end = proposed?.end ?? percentile(all, 0.999);
  if (!(end > start)) {
    start = Math.min(start, end);
    end = start + 1;
  }
  const [low, high] = typeRange(description) ?? [all[0] ?? 0, all.at(-1) ?? 1];
  return { min: Math.min(low, start), max: Math.max(high, end), start, end };
}
