import { expect, test } from 'vitest';
import { pointHeader, RowStream } from './row-stream.ts';
import type { ObjectBatch, TrackSink } from './track-reader.ts';

/** Sums what goes by, and says whether it is done with a batch. */
function sinkOf(seen: number[][], keepsNoBatch: boolean, isLate: boolean): TrackSink {
  return {
    ...(keepsNoBatch ? { keepsNoBatch } : {}),
    header: () => undefined,
    objects({ count, id, x, columns, shapes }: ObjectBatch): void | Promise<void> {
      for (let row = 0; row < count; row++) {
        const first = shapes ? shapes.xyz[shapes.vertexOffsets[shapes.partOffsets[row]!]! * 3]! : Number.NaN;
        const { values, missing } = columns[0]!;
        seen.push([id[row]!, x[row]!, missing?.[row] === 1 ? Number.NaN : Number(values[row]), first]);
      }
      return isLate ? new Promise((resolve) => setImmediate(resolve)) : undefined;
    },
    edges: () => undefined,
    end: () => undefined,
  };
}

const rows = 40_000;
/** Rows are given without waiting, as long as a reader has several of them at once. */
async function streamed(keepsNoBatch: boolean, isLate: boolean): Promise<number[][]> {
  const seen: number[][] = [];
  const header = pointHeader('cells', { objectColumns: [{ name: 'mean', type: 'float' }] });
  const stream = await RowStream.begin(sinkOf(seen, keepsNoBatch, isLate), header);
  let last: Promise<void> | undefined;
  for (let row = 0; row < rows; row++) {
    const values = row % 3 === 0 ? [undefined] : [row / 7];
    const parts: number[][] = row % 5 === 0 ? [[row, row, row]] : [];
    const full = stream.object({ id: row, frame: 0, x: row * 2, y: 0, values, parts });
    // Two batches may be on their way.
    if (full && last) await last;
    last = full ?? last;
  }
  await last;
  await stream.end();
  return seen;
}

test('a sink that keeps no batch is given the same rows in memory that is used again', async () => {
  const kept = await streamed(false, false);
  expect(kept).toHaveLength(rows);
  expect(kept[16_385]).toEqual([16_385, 32_770, 16_385 / 7, 16_385]);
  expect(await streamed(true, false)).toEqual(kept);
  // An answer that comes late keeps its batch until then.
  expect(await streamed(true, true)).toEqual(kept);
});
