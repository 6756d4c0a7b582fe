import type { PixelType } from '@micrarium/model';
import type { PlannedLevel } from '../pyramid/pyramid-plan.ts';

/** How one level is cut: chunks are (1, 1, 1, side, side); shards hold whole chunks of one (t, c). */
export interface ArrayPlan {
  /** t, c, z, y, x. */
  shape: readonly [number, number, number, number, number];
  chunkSide: number;
  /** Planes, rows and columns of a shard; rows and columns are multiples of the chunk. */
  shard: { z: number; y: number; x: number };
  itemSize: number;
}

/** Types that are written, by name in Zarr v3, with the spelling of v2. Others are refused. */
export const storedTypes = {
  bool: { v3: 'uint8', v2: '|u1', bytes: 1 },
  uint8: { v3: 'uint8', v2: '|u1', bytes: 1 },
  int8: { v3: 'int8', v2: '|i1', bytes: 1 },
  uint16: { v3: 'uint16', v2: '<u2', bytes: 2 },
  int16: { v3: 'int16', v2: '<i2', bytes: 2 },
  uint32: { v3: 'uint32', v2: '<u4', bytes: 4 },
  int32: { v3: 'int32', v2: '<i4', bytes: 4 },
  uint64: { v3: 'uint64', v2: '<u8', bytes: 8 },
  int64: { v3: 'int64', v2: '<i8', bytes: 8 },
  // Half floats are widened: hardly any reader of OME-Zarr knows them.
  float16: { v3: 'float32', v2: '<f4', bytes: 4 },
  float32: { v3: 'float32', v2: '<f4', bytes: 4 },
  float64: { v3: 'float64', v2: '<f8', bytes: 8 },
} as const satisfies Partial<Record<PixelType, { v3: string; v2: string; bytes: number }>>;

/** A pixel type that can be stored. */
export type StoredType = keyof typeof storedTypes;

/** Can pixels of this type be written? */
export function isStoredType(type: PixelType): type is StoredType {
  return Object.hasOwn(storedTypes, type);
}

const largestShardSide = 4096;
const shardBytes = 32 * 2 ** 20;

/**
 * Cuts a level: chunks of 512 x 512 pixels, or 256 where the plane is under 1024; a shard takes the whole plane up to
 * 4096 x 4096 and as many planes as make 32 MiB. Planes larger than one shard get one plane a shard, so that a shard is
 * complete (and leaves memory) before the next row of shards begins.
 */
export function planArray(
  level: PlannedLevel,
  sizes: { t: number; c: number },
  type: StoredType,
  chunkSide?: number,
): ArrayPlan {
  const side = chunkSide ?? (level.y < 1024 && level.x < 1024 ? 256 : 512);
  const limit = Math.max(side, Math.floor(largestShardSide / side) * side);
  const y = Math.min(limit, Math.ceil(level.y / side) * side);
  const x = Math.min(limit, Math.ceil(level.x / side) * side);
  const itemSize = storedTypes[type].bytes;
  const onePlane = y >= level.y && x >= level.x;
  const z = onePlane ? Math.min(level.z, Math.max(1, Math.floor(shardBytes / (y * x * itemSize)))) : 1;
  return { shape: [sizes.t, sizes.c, level.z, level.y, level.x], chunkSide: side, shard: { z, y, x }, itemSize };
}
