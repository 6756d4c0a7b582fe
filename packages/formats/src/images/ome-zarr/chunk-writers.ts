import type { ArrayPlan } from './array-plan.ts';
import { bloscEncoder } from './blosc.ts';
import type { ChunkSink } from './level-writer.ts';
import { shardParts } from './shard.ts';
import type { ZarrFiles } from './zarr-files.ts';

/** Packs chunks, some at a time: `add` waits while as many are under way as the codec can use. */
export interface ChunkPacker {
  add(bytes: Uint8Array, itemSize: number): Promise<{ packed: Promise<Uint8Array> }>;
}

/** A packer that all levels of an image share. */
export function chunkPacker(level: number): ChunkPacker {
  const encoder = bloscEncoder();
  let underWay = 0;
  let waiting: (() => void) | undefined;
  return {
    async add(bytes, itemSize) {
      while (underWay >= encoder.parallel)
        await new Promise<void>((resolve) => {
          waiting = resolve;
        });
      underWay++;
      const packed = encoder.encode(bytes, itemSize, level).finally(() => {
        underWay--;
        waiting?.();
        waiting = undefined;
      });
      // A failure is met where the shard is laid down; until then it must not count as unhandled.
      packed.catch(() => undefined);
      return { packed };
    },
  };
}

type Packed = Promise<Uint8Array> | undefined;

/** Zarr v3: chunks gather in shards, each written when its last row is there. */
export function shardedChunks(path: string, plan: ArrayPlan, packer: ChunkPacker, files: ZarrFiles): ChunkSink {
  const [, , depth, height, width] = plan.shape;
  const perShard = { y: plan.shard.y / plan.chunkSide, x: plan.shard.x / plan.chunkSide };
  const chunksInShard = plan.shard.z * perShard.y * perShard.x;
  const columns = Math.ceil(width / plan.shard.x);
  const chunkRows = Math.ceil(height / plan.chunkSide);
  const open = new Map<string, Packed[]>();
  const keyOf = (at: { t: number; c: number; z: number; y: number }, column: number): string =>
    [at.t, at.c, Math.floor(at.z / plan.shard.z), Math.floor(at.y / perShard.y), column].join('/');
  return {
    async chunk(at, bytes) {
      const key = keyOf(at, Math.floor(at.x / perShard.x));
      let slots = open.get(key);
      if (!slots) open.set(key, (slots = Array.from({ length: chunksInShard })));
      if (!bytes) return;
      if (files.has(`${path}/c/${key}`)) return bloscEncoder().giveBack(bytes);
      const slot = ((at.z % plan.shard.z) * perShard.y + (at.y % perShard.y)) * perShard.x + (at.x % perShard.x);
      slots[slot] = (await packer.add(bytes, plan.itemSize)).packed;
    },
    async rowDone(at) {
      const lastPlane = (at.z + 1) % plan.shard.z === 0 || at.z + 1 === depth;
      const lastRow = (at.y + 1) % perShard.y === 0 || at.y + 1 === chunkRows;
      if (!lastPlane || !lastRow) return;
      for (let column = 0; column < columns; column++) {
        const key = keyOf(at, column);
        const slots = open.get(key);
        open.delete(key);
        const parts = slots && shardParts(await Promise.all(slots));
        if (parts) await files.putAway(`${path}/c/${key}`, parts);
      }
    },
  };
}

/** Zarr v2: every chunk is a file. */
export function separateChunks(path: string, plan: ArrayPlan, packer: ChunkPacker, files: ZarrFiles): ChunkSink {
  let row: { key: string; packed: Promise<Uint8Array> }[] = [];
  return {
    async chunk(at, bytes) {
      if (!bytes) return;
      const name = [at.t, at.c, at.z, at.y, at.x].join('/');
      if (files.has(`${path}/${name}`)) return bloscEncoder().giveBack(bytes);
      const { packed } = await packer.add(bytes, plan.itemSize);
      row.push({ key: name, packed });
    },
    async rowDone() {
      const ready = row;
      row = [];
      for (const { key, packed } of ready) await files.putAway(`${path}/${key}`, [await packed]);
    },
  };
}
