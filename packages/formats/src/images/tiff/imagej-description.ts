import {
  type ImageDescription,
  type Quantity,
  parseSpaceUnit,
  parseTimeUnit,
  toMicrometers,
  toSeconds,
} from '@micrarium/model';
import { rounded } from '../ome-xml/to-model.ts';

/** Lines `key=value` of an ImageJ description, as they stand. */
export type ImagejLines = ReadonlyMap<string, string>;

/** Reads the lines of an ImageJ description; only the first of each key counts. */
export function parseImagejDescription(text: string): ImagejLines {
  const lines = new Map<string, string>();
  for (const line of text.split(/\r?\n/)) {
    const equals = line.indexOf('=');
    if (equals <= 0) continue;
    const key = line.slice(0, equals).trim();
    if (!lines.has(key)) lines.set(key, line.slice(equals + 1).trim());
  }
  return lines;
}

/** Planes of a hyperstack: how many, and how they divide. */
export interface ImagejCounts {
  images: number;
  channels: number;
  slices: number;
  frames: number;
  /** The numbers as written do not multiply to `images`. */
  disagree: boolean;
}

/** Counts of the description; a stack without slices or frames is a stack of slices, as ImageJ takes it. */
export function imagejCounts(lines: ImagejLines): ImagejCounts {
  const number = (key: string): number => {
    const value = Number(lines.get(key) ?? 1);
    return Number.isSafeInteger(value) && value > 0 ? value : 1;
  };
  const [channels, frames] = [number('channels'), number('frames')];
  let slices = number('slices');
  const images = lines.has('images') ? number('images') : channels * slices * frames;
  if (channels * slices * frames === images) return { images, channels, slices, frames, disagree: false };
  if (slices === 1 && frames === 1 && images % channels === 0) {
    slices = images / channels;
    return { images, channels, slices, frames, disagree: false };
  }
  // What cannot be divided is a plain stack: nothing is left out, nothing invented.
  return { images, channels: 1, slices: images, frames: 1, disagree: true };
}

/** The unit of length; `\u00B5m` is ImageJ's way to write the micro sign in ASCII. */
function spaceUnit(lines: ImagejLines, axis: 'x' | 'y' | 'z'): ReturnType<typeof parseSpaceUnit> | 'inch' {
  // `yunit` and `zunit` stand only where they differ from `unit`.
  const written = (lines.get(`${axis}unit`) ?? lines.get('unit') ?? '').replace(
    /\\u([0-9a-f]{4})/gi,
    (_, code: string) => String.fromCharCode(Number.parseInt(code, 16)),
  );
  return /^(inch|inches|in|")$/i.test(written) ? 'inch' : parseSpaceUnit(written);
}

function lengthIn(unit: ReturnType<typeof spaceUnit>, value: number): Quantity | undefined {
  if (unit === undefined || !Number.isFinite(value) || value <= 0) return undefined;
  const micrometers = unit === 'inch' ? value * 25_400 : toMicrometers({ value, unit });
  // An inch that gives screen or print resolution (20 µm is 1270 dpi) was never measured.
  if (micrometers === undefined || (unit === 'inch' && micrometers > 20)) return undefined;
  return { value: rounded(micrometers), unit: 'micrometer' };
}

/** Voxel size: pixels per unit from the resolution tags, `spacing` for z. `undefined` where no unit is given. */
export function imagejVoxelSize(
  lines: ImagejLines,
  xResolution: number | undefined,
  yResolution: number | undefined,
): ImageDescription['voxelSize'] {
  const x = lengthIn(spaceUnit(lines, 'x'), 1 / (xResolution ?? 0));
  const y = lengthIn(spaceUnit(lines, 'y'), 1 / (yResolution ?? xResolution ?? 0));
  const z = lengthIn(spaceUnit(lines, 'z'), Math.abs(Number(lines.get('spacing') ?? 0)));
  if (!x && !y && !z) return undefined;
  return { ...(z ? { z } : {}), ...(y ? { y } : {}), ...(x ? { x } : {}) };
}

/** Time between frames in seconds. `fps` is the speed of the animation and says nothing of the acquisition. */
export function imagejTimeStep(lines: ImagejLines): Quantity | undefined {
  const value = Number(lines.get('finterval') ?? 0);
  const unit = parseTimeUnit(lines.get('tunit') || 's');
  if (!Number.isFinite(value) || value <= 0 || !unit) return undefined;
  const seconds = toSeconds({ value, unit });
  return seconds === undefined ? undefined : { value: rounded(seconds), unit: 'second' };
}
