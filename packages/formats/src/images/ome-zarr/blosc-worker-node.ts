import { parentPort } from 'node:worker_threads';
import { bloscEncode } from './blosc.ts';
import type { PackAnswer, PackRequest } from './blosc-workers-node.ts';
import { useNodeZarrCodecs } from './zstd-node.ts';

/** Worker thread: packs the chunks it is told of, in place. */
useNodeZarrCodecs();
parentPort?.on('message', async ({ id, memory, length, itemSize, level }: PackRequest) => {
  let answer: PackAnswer;
  try {
    const frame = await bloscEncode(new Uint8Array(memory, 0, length), itemSize, level);
    new Uint8Array(memory).set(frame);
    answer = { id, length: frame.length };
  } catch (error) {
    answer = { id, problem: String(error) };
  }
  parentPort?.postMessage(answer);
});
