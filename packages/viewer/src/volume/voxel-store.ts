import type { PixelBlock, PixelType } from '@micrarium/model';
import { brickMaxima, brickSide } from './brick-maxima.ts';
import type { Vector3 } from './volume-space.ts';

/** Voxels of one channel as a graphics card takes them: `value = offset + scale * stored`. */
export interface VolumeChannel {
  /** Number of the channel in its image. */
  channel: number;
  /** x fastest, then y, then z. One byte for 8-bit pixels, else two: no common driver filters 16-bit textures, but two bytes it does. */
  stored: Uint8Array | Uint16Array;
  offset: number;
  scale: number;
  /** Largest stored value of every block of `brickSide` voxels and one around it; blocks in the order of the voxels. */
  bricks: Uint8Array | Uint16Array;
}

/** Blocks along each axis of a volume. */
export function bricksOf(size: Vector3): Vector3 {
  return {
    x: Math.ceil(size.x / brickSide),
    y: Math.ceil(size.y / brickSide),
    z: Math.ceil(size.z / brickSide),
  };
}

/** Types that fit a texture as they are, and what is added to make them unsigned. */
const exactTypes: Partial<Record<PixelType, { bytes: 1 | 2; added: number }>> = {
  bool: { bytes: 1, added: 0 },
  uint8: { bytes: 1, added: 0 },
  int8: { bytes: 1, added: 128 },
  uint16: { bytes: 2, added: 0 },
  int16: { bytes: 2, added: 32_768 },
};

/** Bytes a voxel of a type takes in a volume. Numbers of 32 bits and more are rounded to 65,536 steps between their extremes. */
export function bytesPerVoxel(type: PixelType): 1 | 2 {
  return exactTypes[type]?.bytes ?? 2;
}

/** Gathers the slices of one channel. */
export interface VoxelStore {
  /** Takes slice `z` of the volume out of a block of pixels (slice `from` of it), every `step`-th pixel of every `step`-th row. */
  slice(z: number, block: PixelBlock, from?: number): void;
  /** The channel, when all slices have come. */
  done(): VolumeChannel;
}

/** Memory for one channel of a volume. @param size voxels; @param step every how many pixels of a slice one is taken */
export function voxelStore(type: PixelType, channel: number, size: Vector3, step: Vector3): VoxelStore {
  const exact = exactTypes[type];
  const length = size.x * size.y * size.z;
  const raw = exact ? (exact.bytes === 1 ? new Uint8Array(length) : new Uint16Array(length)) : new Float32Array(length);
  const added = exact?.added ?? 0;
  return {
    slice(z, block, from = 0) {
      copySlice(raw, z * size.x * size.y, block, from, size, step, added);
    },
    done() {
      const { stored, offset, scale } =
        raw instanceof Float32Array ? quantised(raw) : { stored: raw, offset: -added, scale: 1 };
      return { channel, stored, offset, scale, bricks: brickMaxima(stored, size) };
    },
  };
}

function copySlice(
  into: Uint8Array | Uint16Array | Float32Array,
  at: number,
  block: PixelBlock,
  from: number,
  size: Vector3,
  step: Vector3,
  added: number,
): void {
  const { width, height, samples } = block;
  const data = block.data as Uint8Array;
  const start = from * width * height * samples;
  const isPlain = step.x === 1 && samples === 1 && added === 0 && data.constructor === into.constructor;
  for (let y = 0; y < size.y; y++) {
    const row = start + y * step.y * width * samples;
    const out = at + y * size.x;
    if (isPlain) into.set(data.subarray(row, row + size.x), out);
    // Numbers of 64 bits come as big ones.
    else for (let x = 0; x < size.x; x++) into[out + x] = Number(data[row + x * step.x * samples]) + added;
  }
}

/** Rounds to 65,536 steps between the extremes; what is no number is the smallest. */
function quantised(raw: Float32Array): Pick<VolumeChannel, 'stored' | 'offset' | 'scale'> {
  let [least, most] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const value of raw)
    if (Number.isFinite(value)) {
      if (value < least) least = value;
      if (value > most) most = value;
    }
  const stored = new Uint16Array(raw.length);
  if (!(most > least)) return { stored, offset: Number.isFinite(least) ? least : 0, scale: 1 };
  const scale = (most - least) / 65_535;
  for (let at = 0; at < raw.length; at++) {
    const value = raw[at]!;
    if (value > least) stored[at] = Math.round((Math.min(value, most) - least) / scale);
  }
  return { stored, offset: least, scale };
}

/** Value of a voxel in the image's own numbers. */
export function voxelValue({ stored, offset, scale }: VolumeChannel, index: number): number {
  return offset + scale * stored[index]!;
}
