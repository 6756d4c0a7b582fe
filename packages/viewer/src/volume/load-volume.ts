import type { PlaneIndex } from '@micrarium/model';
import type { ImageSource } from '../sources.ts';
import { chooseVolumeLevel, type VolumeLevel } from './volume-level.ts';
import { eachAxis, levelFactor, type Vector3, type VolumeSpace, volumeSpace } from './volume-space.ts';
import { bytesPerVoxel, type VolumeChannel, type VoxelStore, voxelStore } from './voxel-store.ts';

/** All slices of one time point at one level, and where they lie in the space of the image (`volumeSpace`). */
export interface Volume {
  t: number;
  /** Level of the pyramid, and every how many of its voxels one was taken. */
  taken: VolumeLevel;
  /** Voxels along each axis. */
  size: Vector3;
  /** Distance of neighbouring voxels, in `unit`. */
  spacing: Vector3;
  /** Centre of the first voxel, in `unit`. */
  origin: Vector3;
  unit: VolumeSpace['unit'];
  /** Those that were asked for. */
  channels: VolumeChannel[];
}

/** Which volume is read, and how much of it. */
export interface VolumeRequest extends Pick<PlaneIndex, 't' | 'other'> {
  /** Numbers of the channels. */
  channels: readonly number[];
  /** Most bytes the voxels of `channelsInBudget` channels may take. */
  budgetBytes: number;
  /** Channels the budget is shared by; left out = those asked for. Where the same number is given the level stays the same. */
  channelsInBudget?: number;
  /** Longest side a texture of the graphics card may have; left out = 2048, what software renderers have. */
  longestSide?: number;
  signal?: AbortSignal;
  /** Share of the slices that have come, 0 to 1. */
  onProgress?(share: number): void;
}

/** Longest side of a 3D texture that is counted on. */
const usualLongestSide = 2048;
/** Blocks of slices read at once. */
const together = 4;

/** Which level and voxels of an image a request reads. */
export function volumeLevelOf(
  image: ImageSource,
  { channels, budgetBytes, channelsInBudget, longestSide = usualLongestSide }: VolumeRequest,
): VolumeLevel {
  return chooseVolumeLevel({
    levels: image.levels,
    spacing: volumeSpace(image.description).spacing,
    bytesPerVoxel: bytesPerVoxel(image.description.type),
    channels: Math.max(1, channelsInBudget ?? channels.length),
    budgetBytes,
    longestSide,
  });
}

/**
 * Reads a time point at the finest level that fits the budget. Slices that the file keeps together are read together: a chunk
 * of many slices is unpacked once.
 * @throws what the signal was stopped with; what reading threw
 */
export async function loadVolume(image: ImageSource, request: VolumeRequest): Promise<Volume> {
  const { t, other, channels, signal, onProgress } = request;
  const taken = volumeLevelOf(image, request);
  const stores = channels.map((c) => voxelStore(image.description.type, c, taken.size, taken.step));
  const jobs = channels.flatMap((c, at) => slabsOf(image, taken).map((slices) => ({ c, store: stores[at]!, slices })));
  // One read that fails gives up the others.
  const stop = new AbortController();
  const either = signal ? AbortSignal.any([signal, stop.signal]) : stop.signal;
  let [next, done] = [0, 0];
  const work = async (): Promise<void> => {
    for (let job = jobs[next++]; job; job = jobs[next++]) {
      await readSlices(image, taken, { t, c: job.c, ...(other ? { other } : {}) }, job, either);
      either.throwIfAborted();
      onProgress?.(++done / jobs.length);
    }
  };
  try {
    await Promise.all(Array.from({ length: together }, work));
  } finally {
    stop.abort();
  }
  return { t, taken, ...placeOf(image, taken), channels: stores.map((store) => store.done()) };
}

/** Where the voxels that are taken lie in the space of the image. */
function placeOf(
  image: ImageSource,
  { level, step, size }: VolumeLevel,
): Pick<Volume, 'size' | 'spacing' | 'origin' | 'unit'> {
  const space = volumeSpace(image.description);
  const [full, one] = [image.levels[0]!, image.levels[level]!];
  const factor = {
    x: levelFactor(full.width, one.width),
    y: levelFactor(full.height, one.height),
    z: levelFactor(full.depth, one.depth),
  };
  return {
    size,
    unit: space.unit,
    spacing: eachAxis((axis) => space.spacing[axis] * factor[axis] * step[axis]),
    // The centre of a voxel that stands for two lies half a voxel further.
    origin: eachAxis((axis) => (space.spacing[axis] * (factor[axis] - 1)) / 2),
  };
}

/** A slice of the level, and which one of the volume it becomes. */
interface Slice {
  z: number;
  into: number;
}

/** The slices that are read, those together that lie in the same chunks. */
function slabsOf(image: ImageSource, { level, step, size }: VolumeLevel): Slice[][] {
  const deep = image.readSlab ? Math.max(1, image.levels[level]!.tileDepth ?? 1) : 1;
  const slabs: Slice[][] = [];
  let last = -1;
  for (let into = 0; into < size.z; into++) {
    const slice = { z: into * step.z, into };
    const slab = Math.floor(slice.z / deep);
    if (slab === last) slabs.at(-1)!.push(slice);
    else slabs.push([slice]);
    last = slab;
  }
  return slabs;
}

async function readSlices(
  image: ImageSource,
  { level }: VolumeLevel,
  plane: Omit<PlaneIndex, 'z'>,
  { store, slices }: { store: VoxelStore; slices: readonly Slice[] },
  signal: AbortSignal,
): Promise<void> {
  const [first, last] = [slices[0]!, slices.at(-1)!];
  if (slices.length === 1 || !image.readSlab) {
    for (const { z, into } of slices)
      store.slice(into, await image.readRegion({ ...plane, z }, undefined, level, signal));
    return;
  }
  const slab = await image.readSlab({ ...plane, z: first.z }, last.z - first.z + 1, level, signal);
  for (const { z, into } of slices) store.slice(into, slab, z - first.z);
}
