import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import { setBloscEncoder } from './blosc.ts';
import { useNodeZarrCodecs } from './zstd-node.ts';

/** A chunk that lies in shared memory, waiting to be packed in place. */
export interface PackRequest {
  id: number;
  /** The chunk is its start; the frame is put over it, 16 bytes longer at most. */
  memory: SharedArrayBuffer;
  length: number;
  itemSize: number;
  level: number;
}

/** The frame is the start of the memory. */
export interface PackAnswer {
  id: number;
  length?: number;
  problem?: string;
}

interface Waiting {
  resolve(length: number): void;
  reject(error: Error): void;
}

/** A worker thread and what was asked of it. */
interface Packer {
  worker: Worker;
  waiting: Map<number, Waiting>;
}

const mostWorkers = 8;
/** One core is left to the thread that reads, halves and writes. */
const workerCount = Math.max(1, Math.min(mostWorkers, availableParallelism() - 1));
const packers = new Set<Packer>();
let lastId = 0;

function startPacker(): Packer {
  const worker = new Worker(new URL('./blosc-worker-node.ts', import.meta.url));
  const packer: Packer = { worker, waiting: new Map() };
  // Idle workers do not keep the program alive.
  worker.unref();
  worker.on('message', ({ id, length, problem }: PackAnswer) => {
    const waiting = packer.waiting.get(id);
    packer.waiting.delete(id);
    if (packer.waiting.size === 0) worker.unref();
    if (length !== undefined) waiting?.resolve(length);
    else waiting?.reject(new Error(`a chunk could not be packed: ${problem}`));
  });
  const lost = (cause: unknown): void => {
    for (const { reject } of packer.waiting.values()) reject(new Error('a packing thread ended', { cause }));
    packer.waiting.clear();
    packers.delete(packer);
  };
  worker.on('error', lost);
  worker.on('exit', lost);
  packers.add(packer);
  return packer;
}

/** Hands a chunk to the thread with the least to do. */
function ask(request: PackRequest): Promise<number> {
  while (packers.size < workerCount) startPacker();
  const [packer] = [...packers].sort((a, b) => a.waiting.size - b.waiting.size);
  return new Promise((resolve, reject) => {
    packer!.waiting.set(request.id, { resolve, reject });
    packer!.worker.ref();
    packer!.worker.postMessage(request);
  });
}

const headerLength = 16;
/** Shared memory that is free, by length; few lengths occur. */
const free: SharedArrayBuffer[] = [];

function memoryFor(length: number): SharedArrayBuffer {
  const index = free.findIndex((memory) => memory.byteLength >= length + headerLength);
  if (index >= 0) return free.splice(index, 1)[0]!;
  free.pop();
  return new SharedArrayBuffer(length + headerLength);
}

/**
 * Packs chunks in worker threads, one a core but one (8 at most), started when first needed. Chunks are written straight into
 * shared memory, so that nothing is copied or cleared on the way.
 */
export function useBloscWorkers(): void {
  setBloscEncoder({
    parallel: 2 * workerCount + 1,
    take: (length) => new Uint8Array(memoryFor(length), 0, length),
    giveBack(chunk) {
      free.push(chunk.buffer as SharedArrayBuffer);
    },
    async encode(chunk, itemSize, level) {
      const memory = chunk.buffer as SharedArrayBuffer;
      const length = await ask({ id: ++lastId, memory, length: chunk.length, itemSize, level });
      const frame = new Uint8Array(length);
      frame.set(new Uint8Array(memory, 0, length));
      free.push(memory);
      return frame;
    },
  });
}

useNodeZarrCodecs();
useBloscWorkers();
