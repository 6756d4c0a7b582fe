import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import { setBloscEncoder } from './blosc.ts';
import { useNodeZarrCodecs } from './zstd-node.ts';

/** A chunk on its way to a worker. */
export interface PackRequest {
  id: number;
  bytes: Uint8Array<ArrayBuffer>;
  itemSize: number;
  level: number;
}

interface PackAnswer {
  id: number;
  frame?: Uint8Array;
  /** The chunk, to be used again. */
  bytes?: Uint8Array<ArrayBuffer>;
  problem?: string;
}

interface Waiting {
  resolve(frame: Uint8Array): void;
  reject(error: Error): void;
}

/** A worker thread and what was asked of it. */
interface Packer {
  worker: Worker;
  waiting: Map<number, Waiting>;
}

const mostWorkers = 8;
/** Chunks that came back; making and clearing a new one costs more than filling an old one. */
const spares: Uint8Array<ArrayBuffer>[] = [];
const mostSpares = 2 * mostWorkers + 2;
let packers: Packer[] | undefined;
let lastId = 0;

function startPacker(): Packer {
  const worker = new Worker(new URL('./blosc-worker-node.ts', import.meta.url));
  const packer: Packer = { worker, waiting: new Map() };
  // Idle workers do not keep the program alive.
  worker.unref();
  worker.on('message', ({ id, frame, bytes, problem }: PackAnswer) => {
    const waiting = packer.waiting.get(id);
    packer.waiting.delete(id);
    if (packer.waiting.size === 0) worker.unref();
    if (bytes && spares.length < mostSpares) spares.push(bytes);
    if (frame) waiting?.resolve(frame);
    else waiting?.reject(new Error(`a chunk could not be packed: ${problem}`));
  });
  const lost = (cause: unknown): void => {
    for (const { reject } of packer.waiting.values()) reject(new Error('a packing thread ended', { cause }));
    packer.waiting.clear();
    packers = packers?.filter((other) => other !== packer);
  };
  worker.on('error', lost);
  worker.on('exit', lost);
  return packer;
}

/** Packs in the thread with the least to do. */
function pack(bytes: Uint8Array<ArrayBuffer>, itemSize: number, level: number): Promise<Uint8Array> {
  const count = Math.min(mostWorkers, availableParallelism());
  packers ??= [];
  while (packers.length < count) packers.push(startPacker());
  const packer = packers.reduce((a, b) => (b.waiting.size < a.waiting.size ? b : a));
  const id = ++lastId;
  return new Promise((resolve, reject) => {
    packer.waiting.set(id, { resolve, reject });
    packer.worker.ref();
    const request: PackRequest = { id, bytes, itemSize, level };
    packer.worker.postMessage(request, [bytes.buffer]);
  });
}

/** Packs chunks in worker threads, one a core (8 at most), started when first needed. */
export function useBloscWorkers(): void {
  setBloscEncoder({
    encode: pack,
    parallel: 2 * Math.min(mostWorkers, availableParallelism()) + 2,
    spare(length) {
      const bytes = spares.pop();
      // Another length: an image with other chunks is being written; old ones are let go.
      return bytes?.length === length ? bytes : undefined;
    },
  });
}

useNodeZarrCodecs();
useBloscWorkers();
