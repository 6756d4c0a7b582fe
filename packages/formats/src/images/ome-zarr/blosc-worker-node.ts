import { parentPort } from 'node:worker_threads';
import { bloscEncode } from './blosc.ts';
import type { PackAnswer, PackRequest } from './blosc-workers-node.ts';
import { useNodeZarrCodecs } from './zstd-node.ts';

/** Worker thread: packs the chunks it is told of, in place. */
useNodeZarrCodecs();
// Half a megabyte a chunk is cleared and thrown away otherwise.
let scratch = new Uint8Array(0);
parentPort?.on('message', async ({ id, memory, length, itemSize, level }: PackRequest) => {
  let answer: PackAnswer;
  try {
    if (scratch.length < length) scratch = new Uint8Array(length);
    const frame = await bloscEncode(new Uint8Array(memory, 0, length), itemSize, level, scratch.subarray(0, length));
    new Uint8Array(memory).set(frame);
    answer = { id, length: frame.length };
  } catch (error) {
    answer = { id, problem: String(error) };
  }
  parentPort?.postMessage(answer);
});
