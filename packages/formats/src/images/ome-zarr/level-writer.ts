import { release } from '../../objects/texts.ts';
import { asBytes } from '../pixel-arrays.ts';
import { type DownsampleMethod, type PlaneValues, valuesLike } from '../pyramid/downsample.ts';
import { stackHalver } from '../pyramid/halve-stack.ts';
import type { PlannedLevel } from '../pyramid/pyramid-plan.ts';
import type { ArrayPlan } from './array-plan.ts';
import { bloscEncoder } from './blosc.ts';

/** Takes the chunks of one level, as they become complete. */
export interface ChunkSink {
  /** `undefined` = the chunk holds only the fill value. Bytes are raw, row by row, padded to the full chunk, given away. */
  chunk(
    position: { t: number; c: number; z: number; y: number; x: number },
    bytes: Uint8Array | undefined,
  ): Promise<void>;
  /** Every chunk of row `y` (in chunks) of a plane has come. */
  rowDone(position: { t: number; c: number; z: number; y: number }): Promise<void>;
}

/** Takes the rows of one level: planes in order of t, c, z, each from top to bottom, in bands of any height. */
export interface LevelWriter {
  push(plane: { t: number; c: number; z: number }, values: PlaneValues, rows: number): Promise<void>;
}

function isAllZero(bytes: Uint8Array): boolean {
  const words = new Uint32Array(bytes.buffer, bytes.byteOffset, bytes.length >> 2);
  for (let n = 0; n < words.length; n++) if (words[n] !== 0) return false;
  for (let n = words.length * 4; n < bytes.length; n++) if (bytes[n] !== 0) return false;
  return true;
}

/** Cuts one chunk out of a band of whole rows; edges are padded with 0. */
function takeChunk(
  band: PlaneValues,
  width: number,
  rows: number,
  left: number,
  side: number,
  itemSize: number,
): Uint8Array | undefined {
  const from = new Uint8Array(band.buffer, band.byteOffset, band.byteLength);
  const rowBytes = Math.min(side, width - left) * itemSize;
  const full = rows === side && rowBytes === side * itemSize;
  const chunk = bloscEncoder().take(side * side * itemSize);
  if (!full) chunk.fill(0);
  for (let y = 0; y < rows; y++) {
    const start = (y * width + left) * itemSize;
    chunk.set(from.subarray(start, start + rowBytes), y * side * itemSize);
  }
  if (!isAllZero(chunk)) return chunk;
  bloscEncoder().giveBack(chunk);
  return undefined;
}

/**
 * Starts a level. Rows are gathered until a row of chunks is full (a band that is already that high is used as it is),
 * cut, handed to `sink`, halved and pushed on to `next`. Memory: one row of chunks, and sums of one plane where z is halved.
 */
export function levelWriter(
  plan: ArrayPlan,
  method: DownsampleMethod,
  sink: ChunkSink,
  next?: { writer: LevelWriter; level: PlannedLevel },
): LevelWriter {
  const [, , depth, height, width] = plan.shape;
  const side = plan.chunkSide;
  const halveZ = next !== undefined && next.level.z < depth;
  const halve = stackHalver({ width, height, depth }, halveZ, method);
  let done = 0;
  let gathered = 0;
  let gather: PlaneValues | undefined;

  const emit = async (plane: { t: number; c: number; z: number }, band: PlaneValues, rows: number): Promise<void> => {
    const y = done / side;
    for (let x = 0; x * side < width; x++)
      await sink.chunk({ ...plane, y, x }, takeChunk(band, width, rows, x * side, side, plan.itemSize));
    await sink.rowDone({ ...plane, y });
    const half = next && halve(band, done, rows, plane.z);
    done = done + rows >= height ? 0 : done + rows;
    if (!half || !next) return;
    await next.writer.push({ ...plane, z: halveZ ? plane.z >> 1 : plane.z }, half.values, half.rows);
    release(asBytes(half.values));
  };

  return {
    async push(plane, values, rows) {
      let at = 0;
      while (at < rows) {
        const wanted = Math.min(side, height - done);
        if (gathered === 0 && rows - at >= wanted) {
          await emit(plane, values.subarray(at * width, (at + wanted) * width), wanted);
          at += wanted;
          continue;
        }
        gather ??= valuesLike(values, side * width);
        const taken = Math.min(wanted - gathered, rows - at);
        // The two arrays are of the same kind; TypeScript cannot know.
        (gather as Uint8Array).set(values.subarray(at * width, (at + taken) * width) as Uint8Array, gathered * width);
        gathered += taken;
        at += taken;
        if (gathered < wanted) continue;
        gathered = 0;
        await emit(plane, gather.subarray(0, wanted * width), wanted);
      }
    },
  };
}
