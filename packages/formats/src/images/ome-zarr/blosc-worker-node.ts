import { parentPort } from 'node:worker_threads';
import { bloscEncode } from './blosc.ts';
import type { PackRequest } from './blosc-workers-node.ts';
import { useNodeZarrCodecs } from './zstd-node.ts';

/** Worker thread: packs chunks it is sent and sends frames back. */
useNodeZarrCodecs();
parentPort?.on('message', async ({ id, bytes, itemSize, level }: PackRequest) => {
  try {
    const frame = await bloscEncode(bytes, itemSize, level);
    parentPort?.postMessage({ id, frame, bytes }, [frame.buffer as ArrayBuffer, bytes.buffer]);
  } catch (error) {
    parentPort?.postMessage({ id, problem: String(error) });
  }
});
