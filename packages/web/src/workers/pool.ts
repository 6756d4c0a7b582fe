import type { Answers, FoundItem, FromWorker, Supplied, Task, ToWorker, Want } from './work.ts';

/** A way to talk to one worker; a real `Worker`, or a stand-in in tests. */
export interface WorkerLike {
  postMessage(message: ToWorker, transfer?: Transferable[]): void;
  terminate(): void;
  onmessage: ((event: MessageEvent<FromWorker>) => void) | null;
  onerror: ((event: ErrorEvent) => void) | null;
}

/** Opens a file of the page by its path in the study; rejects with words for people where it is no longer here. */
export type OpenFile = (path: string) => Promise<File>;

/** What a task may be given along. */
export interface AskOptions {
  signal?: AbortSignal;
  onProgress?: (fraction: number) => void;
  /** Items as they are found. */
  onFound?: (items: readonly FoundItem[]) => void;
  /** For tasks on files of the page: the worker asks for what it needs of them. */
  open?: OpenFile;
  /** Before others that wait: somebody is looking at the result. */
  urgent?: boolean;
}

/** A task failed in its worker: the file cannot be read, or the program is at fault. */
export class TaskFailed extends Error {
  override readonly name = 'TaskFailed';
}

interface Job {
  id: number;
  task: Task;
  options: AskOptions;
  resolve(answer: Answers[Task['kind']]): void;
  reject(error: Error): void;
  /** Called by the signal; taken off it again when the task is done, lest a long-lived signal keep every task. */
  stop?: () => void;
}

interface Seat {
  worker: WorkerLike;
  job?: Job;
  /** Files it was handed so far. */
  handed: number;
  idle?: ReturnType<typeof setTimeout>;
}

/** Workers that have nothing to do are let go after this time, and their memory with them. */
const patience = 15_000;

/**
 * A worker that was handed this many files is let go after its task. Browsers keep some 10 kB for each file a worker
 * opened until they collect garbage there, which they hardly do while its own heap is small.
 */
const mostHanded = 1_000;

/** Keeps a few workers busy, one task each at a time, in the order asked; the page itself never parses or digests. */
export class WorkerPool {
  private readonly make: () => WorkerLike;
  private readonly size: number;
  private readonly seats: Seat[] = [];
  private readonly waiting: Job[] = [];
  private nextId = 1;

  constructor(make: () => WorkerLike, size: number) {
    this.make = make;
    this.size = size;
  }

  /**
   * Has a task done.
   * @throws TaskFailed with the worker's words; the signal's reason when aborted
   */
  ask<Kind extends Task['kind']>(
    task: Extract<Task, { kind: Kind }>,
    options: AskOptions = {},
  ): Promise<Answers[Kind]> {
    return new Promise((resolve, reject) => {
      const job: Job = { id: this.nextId++, task, options, resolve: resolve as Job['resolve'], reject };
      if (options.signal?.aborted) {
        reject(options.signal.reason as Error);
        return;
      }
      job.stop = () => this.abort(job);
      options.signal?.addEventListener('abort', job.stop, { once: true });
      if (options.urgent) this.waiting.unshift(job);
      else this.waiting.push(job);
      this.next();
    });
  }

  private next(): void {
    const job = this.waiting[0];
    if (!job) return;
    let seat = this.seats.find((one) => !one.job);
    if (!seat && this.seats.length < this.size) seat = this.open();
    if (!seat) return;
    this.waiting.shift();
    clearTimeout(seat.idle);
    seat.job = job;
    seat.worker.postMessage({ id: job.id, task: job.task });
    this.next();
  }

  private open(): Seat {
    const seat: Seat = { worker: this.make(), handed: 0 };
    seat.worker.onmessage = ({ data }) => this.hear(seat, data);
    // A worker that dies (out of memory) takes its task with it, not the page.
    seat.worker.onerror = (event) => {
      const job = seat.job;
      this.close(seat);
      if (job) done(job);
      job?.reject(new TaskFailed(event.message || 'the worker stopped, perhaps for lack of memory'));
      this.next();
    };
    this.seats.push(seat);
    return seat;
  }

  private hear(seat: Seat, message: FromWorker): void {
    const job = seat.job;
    if (!job || job.id !== message.id) return;
    if ('progress' in message) {
      job.options.onProgress?.(message.progress);
      return;
    }
    if ('want' in message) {
      for (const want of message.want) void this.supply(seat, job, want);
      return;
    }
    if ('found' in message) {
      job.options.onFound?.(message.found);
      return;
    }
    delete seat.job;
    done(job);
    if ('answer' in message) job.resolve(message.answer);
    else job.reject(new TaskFailed(message.failed));
    if (seat.handed >= mostHanded || isLarge(job.task)) this.close(seat);
    else seat.idle = setTimeout(() => this.close(seat), patience);
    this.next();
  }

  private async supply(seat: Seat, job: Job, want: Want): Promise<void> {
    let supplied: Supplied;
    try {
      supplied = await suppliedFor(want, job.options.open);
    } catch (error) {
      supplied = { key: want.key, failed: error instanceof Error ? error.message : String(error) };
    }
    if (seat.job !== job) return;
    if ('file' in supplied) seat.handed++;
    seat.worker.postMessage({ id: job.id, supplied }, 'bytes' in supplied ? [supplied.bytes] : []);
  }

  private abort(job: Job): void {
    const at = this.waiting.indexOf(job);
    if (at >= 0) this.waiting.splice(at, 1);
    const seat = this.seats.find((one) => one.job === job);
    job.reject(job.options.signal?.reason as Error);
    if (!seat) return;
    // A worker whose task is no longer wanted is let go: that stops it for sure, in the middle of anything.
    this.close(seat);
    this.next();
  }

  private close(seat: Seat): void {
    clearTimeout(seat.idle);
    seat.worker.terminate();
    delete seat.job;
    const at = this.seats.indexOf(seat);
    if (at >= 0) this.seats.splice(at, 1);
  }
}

/** Leaves so much behind in its worker that the worker is better let go. */
function isLarge({ kind, files }: Task): boolean {
  return kind === 'find' && files.sizes.length >= mostHanded;
}

async function suppliedFor({ key, path, range }: Want, open: OpenFile | undefined): Promise<Supplied> {
  if (!open) throw new Error(`${path} is not here`);
  const file = await open(path);
  if (!range) return { key, file };
  const { offset, length } = range;
  const part = offset === 0 && length >= file.size ? file : file.slice(offset, offset + length);
  try {
    return { key, bytes: await part.arrayBuffer() };
  } catch (cause) {
    throw new Error('the browser cannot read the file; was it changed or moved?', { cause });
  }
}

function done({ options, stop }: Job): void {
  if (stop) options.signal?.removeEventListener('abort', stop);
}

/** The page's pool: half the cores, two at least and four at most, so that drawing and sending keep theirs. */
export const pool = new WorkerPool(
  () => new Worker(new URL('./reading.worker.ts', import.meta.url), { type: 'module' }) as unknown as WorkerLike,
  Math.min(4, Math.max(2, Math.floor((globalThis.navigator?.hardwareConcurrency ?? 4) / 2))),
);
