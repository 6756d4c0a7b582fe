import { eachAxis, type Vector3 } from './volume-space.ts';

/** What decides how fine a volume can be. */
export interface VolumeNeeds {
  /** Full size first. */
  levels: readonly { width: number; height: number; depth: number }[];
  /** Distance of voxels of the full size; the axis whose voxels are closest is thinned out first. */
  spacing: Vector3;
  /** Bytes a voxel of one channel takes. */
  bytesPerVoxel: number;
  /** How many channels the budget is for. */
  channels: number;
  /** Most bytes all voxels together may take. */
  budgetBytes: number;
  /** Longest side a texture may have. */
  longestSide: number;
}

/** Which voxels of an image are read. */
export interface VolumeLevel {
  level: number;
  /** Every how many voxels of the level one is taken; 1 = all of them. */
  step: Vector3;
  /** Voxels that are taken. */
  size: Vector3;
  /** Bytes of all channels. */
  bytes: number;
}

/**
 * The finest level whose voxels fit the memory and the graphics card. Where not even the coarsest fits, voxels are left out of
 * it, each time every second one of the axis where they are closest together (or that is too long for a texture).
 */
export function chooseVolumeLevel(needs: VolumeNeeds): VolumeLevel {
  const { levels, longestSide } = needs;
  const full = levels[0]!;
  const whole = { x: 1, y: 1, z: 1 };
  for (let level = 0; level < levels.length; level++) {
    const taken = takenOf(needs, level, whole);
    if (fits(taken, needs)) return taken;
  }
  const level = levels.length - 1;
  const last = levels[level]!;
  const spacing = {
    x: needs.spacing.x * (full.width / last.width),
    y: needs.spacing.y * (full.height / last.height),
    z: needs.spacing.z * (full.depth / last.depth),
  };
  const step = { ...whole };
  for (;;) {
    const taken = takenOf(needs, level, step);
    const axes = (['x', 'y', 'z'] as const).filter((axis) => taken.size[axis] > 1);
    if (fits(taken, needs) || axes.length === 0) return taken;
    const long = axes.filter((axis) => taken.size[axis] > longestSide);
    const [thinned] = (long.length > 0 ? long : axes).sort((a, b) => spacing[a] * step[a] - spacing[b] * step[b]);
    step[thinned!] *= 2;
  }
}

function takenOf({ levels, bytesPerVoxel, channels }: VolumeNeeds, level: number, step: Vector3): VolumeLevel {
  const { width, height, depth } = levels[level]!;
  const sides = { x: width, y: height, z: depth };
  const size = eachAxis((axis) => Math.max(1, Math.ceil(sides[axis] / step[axis])));
  return { level, step: { ...step }, size, bytes: size.x * size.y * size.z * bytesPerVoxel * channels };
}

function fits({ size, bytes }: VolumeLevel, { budgetBytes, longestSide }: VolumeNeeds): boolean {
  return bytes <= budgetBytes && Math.max(size.x, size.y, size.z) <= longestSide;
}
