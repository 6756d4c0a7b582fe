import { parentPort } from 'node:worker_threads';
import { bloscEncode } from './blosc.ts';
import type { PackAnswer, PackRequest } from './blosc-workers-node.ts';
import { useNodeZarrCodecs } from './zstd-node.ts';

/** Worker thread: packs the chunks it is told of, in place. */
useNodeZarrCodecs();
let scratch = new Uint8Array(0);

/** Gives memory back at once: left to the collector, it grows to 64 MiB a thread before anything is collected. */
function release({ buffer }: Uint8Array): void {
  // Small results lie in Node's pool, which others share and which may not be taken away.
  if (buffer instanceof ArrayBuffer && buffer.byteLength > Math.max(Buffer.poolSize, 1 << 16)) buffer.transfer(0);
}

parentPort?.on('message', async ({ id, memory, length, itemSize, level }: PackRequest) => {
  let answer: PackAnswer;
  try {
    if (scratch.length < length) scratch = new Uint8Array(length);
    const shuffled = scratch.subarray(0, length);
    const chunk = new Uint8Array(memory, 0, length);
    const frame = await bloscEncode(chunk, itemSize, level, { shuffled, frame: new Uint8Array(memory), release });
    answer = { id, length: frame.length };
  } catch (error) {
    answer = { id, problem: String(error) };
  }
  parentPort?.postMessage(answer);
});
