import { decodeChunk } from '@micrarium/formats';
import type { ChunkAnswer, ChunkTask } from './chunk-pool.ts';

function send(answer: ChunkAnswer, transfer: Transferable[] = []): void {
  postMessage(answer, { transfer });
}

addEventListener('message', ({ data }: MessageEvent<ChunkTask>) => void unpack(data));

async function unpack({ id, codec, bytes, limit }: ChunkTask): Promise<void> {
  try {
    const found = await decodeChunk(codec, bytes, limit);
    // What goes over is the whole buffer.
    const whole = found.byteLength === found.buffer.byteLength ? (found as Uint8Array<ArrayBuffer>) : found.slice();
    send({ id, bytes: whole }, [whole.buffer]);
  } catch (error) {
    send({ id, failed: error instanceof Error ? error.message : String(error) });
  } finally {
    // Given back at once: left to the collector, a film leaves hundreds of megabytes behind.
    if (bytes.byteLength > 0) bytes.buffer.transfer?.(0);
  }
}
