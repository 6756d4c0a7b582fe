import {
  type ChunkCodec,
  type ChunkDecoder,
  decodeChunk,
  keepChunks,
  pageMemory,
  setChunkDecoder,
} from '@micrarium/formats';

/** To a worker: a packed chunk, which it may keep. */
export interface ChunkTask {
  id: number;
  codec: ChunkCodec;
  bytes: Uint8Array<ArrayBuffer>;
  /** Most bytes it may unpack to. */
  limit: number;
}

/** From a worker. */
export type ChunkAnswer = { id: number; bytes: Uint8Array<ArrayBuffer> } | { id: number; failed: string };

/** A way to talk to one worker; a real `Worker`, or a stand-in in tests. */
export interface ChunkWorker {
  postMessage(message: ChunkTask, transfer: Transferable[]): void;
  terminate(): void;
  onmessage: ((event: MessageEvent<ChunkAnswer>) => void) | null;
  onerror: ((event: ErrorEvent) => void) | null;
}

interface Job {
  id: number;
  codec: ChunkCodec;
  bytes: Uint8Array;
  limit: number;
  resolve(bytes: Uint8Array): void;
  reject(error: Error): void;
  /** Takes its listener off the signal. */
  settle(): void;
}

interface Seat {
  worker: ChunkWorker;
  jobs: Map<number, Job>;
  /** Has it answered anything yet? One that never did could not start. */
  answered: boolean;
  idle?: ReturnType<typeof setTimeout>;
}

/** Chunks that unpack to less are not worth the way to a worker. */
const smallChunk = 66_000;
/** Chunks handed to a worker at once: the next one waits there while the page draws. */
const atOnce = 2;
/** Sound chunks that workers may fail to unpack before they are asked no more. */
const mostMissed = 3;
/** Workers that have nothing to do are let go after this time, and their memory with them. */
const patience = 15_000;

/**
 * Unpacks chunks in a few workers, in the order asked. Chunks nobody waits for any more leave the line; those that are
 * being unpacked are finished and dropped. Where workers cannot start, one is lost, or one cannot unpack a chunk (its scripts
 * come one by one, and the line or a new version of the site may have taken one away), the page unpacks itself.
 */
export class ChunkPool implements ChunkDecoder {
  private readonly make: () => ChunkWorker;
  private readonly size: number;
  private readonly seats: Seat[] = [];
  private readonly waiting: Job[] = [];
  private canStart = true;
  private missed = 0;
  private nextId = 1;

  constructor(make: () => ChunkWorker, size: number) {
    this.make = make;
    this.size = size;
  }

  async decode(codec: ChunkCodec, bytes: Uint8Array, limit: number, signal?: AbortSignal): Promise<Uint8Array> {
    signal?.throwIfAborted();
    if (!this.canStart || limit < smallChunk) return decodeChunk(codec, bytes, limit);
    return new Promise((resolve, reject) => {
      const leave = () => this.leave(job, signal!.reason as Error);
      const settle = () => signal?.removeEventListener('abort', leave);
      const job: Job = { id: this.nextId++, codec, bytes, limit, resolve, reject, settle };
      signal?.addEventListener('abort', leave, { once: true });
      this.waiting.push(job);
      this.next();
    });
  }

  private leave(job: Job, reason: Error): void {
    const at = this.waiting.indexOf(job);
    if (at >= 0) this.waiting.splice(at, 1);
    job.reject(reason);
  }

  private next(): void {
    while (this.waiting.length > 0) {
      const seat = this.freeSeat();
      if (!seat) break;
      clearTimeout(seat.idle);
      const job = this.waiting.shift()!;
      seat.jobs.set(job.id, job);
      // A copy of the packed bytes goes; ours stay, for the case that the worker is lost.
      const bytes = new Uint8Array(job.bytes);
      seat.worker.postMessage({ id: job.id, codec: job.codec, bytes, limit: job.limit }, [bytes.buffer]);
    }
    if (!this.canStart) for (const job of this.waiting.splice(0)) void unpackHere(job);
  }

  private freeSeat(): Seat | undefined {
    const [least] = this.seats.toSorted((a, b) => a.jobs.size - b.jobs.size);
    if (least?.jobs.size === 0) return least;
    if (this.canStart && this.seats.length < this.size) return this.open();
    return least && least.jobs.size < atOnce ? least : undefined;
  }

  private open(): Seat | undefined {
    let worker: ChunkWorker;
    try {
      worker = this.make();
    } catch {
      this.canStart = false;
      return undefined;
    }
    const seat: Seat = { worker, jobs: new Map(), answered: false };
    worker.onmessage = ({ data }) => this.hear(seat, data);
    worker.onerror = () => {
      // One that never answered has no script it may run; others died in the middle of something.
      this.canStart &&= seat.answered;
      this.close(seat);
      for (const job of seat.jobs.values()) void unpackHere(job);
      this.next();
    };
    this.seats.push(seat);
    return seat;
  }

  private hear(seat: Seat, answer: ChunkAnswer): void {
    seat.answered = true;
    const job = seat.jobs.get(answer.id);
    seat.jobs.delete(answer.id);
    job?.settle();
    if ('bytes' in answer) job?.resolve(answer.bytes);
    // A chunk that is damaged fails here too, and then with its reason.
    else if (job) void this.unpackInstead(job);
    this.next();
    if (seat.jobs.size === 0) {
      clearTimeout(seat.idle);
      seat.idle = setTimeout(() => this.close(seat), patience);
    }
  }

  /** Unpacks what a worker could not. Where that was not the fault of the chunks, workers are asked no more. */
  private async unpackInstead(job: Job): Promise<void> {
    if ((await unpackHere(job)) && ++this.missed >= mostMissed) this.canStart = false;
  }

  private close(seat: Seat): void {
    clearTimeout(seat.idle);
    seat.worker.terminate();
    const at = this.seats.indexOf(seat);
    if (at >= 0) this.seats.splice(at, 1);
  }
}

/** Unpacks a chunk on the page. @returns whether it could be */
async function unpackHere({ codec, bytes, limit, resolve, reject, settle }: Job): Promise<boolean> {
  settle();
  try {
    resolve(await decodeChunk(codec, bytes, limit));
    return true;
  } catch (error) {
    reject(error as Error);
    return false;
  }
}

let isInUse = false;

/** From now on chunks of images are unpacked in workers (all cores but one, at most four), and kept where they hold more than a tile. */
export function unpackInWorkers(): void {
  if (isInUse) return;
  isInUse = true;
  keepChunks(pageMemory().budget);
  const make = () =>
    new Worker(new URL('./chunk.worker.ts', import.meta.url), { type: 'module' }) as unknown as ChunkWorker;
  const cores = globalThis.navigator?.hardwareConcurrency ?? 2;
  setChunkDecoder(new ChunkPool(make, Math.min(4, Math.max(1, cores - 1))));
}
