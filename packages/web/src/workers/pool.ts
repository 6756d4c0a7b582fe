import type { Answers, FromWorker, Task, ToWorker } from './work.ts';

/** A way to talk to one worker; a real `Worker`, or a stand-in in tests. */
export interface WorkerLike {
  postMessage(message: ToWorker): void;
  terminate(): void;
  onmessage: ((event: MessageEvent<FromWorker>) => void) | null;
  onerror: ((event: ErrorEvent) => void) | null;
}

/** What a task may be given along. */
export interface AskOptions {
  signal?: AbortSignal;
  onProgress?: (fraction: number) => void;
  /** The file of a list with that index; `undefined` where it is no longer here. */
  supply?: (index: number) => File | undefined;
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

/** Files handed over at a time. */
const lot = 32;

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
    void this.post(seat, job);
    this.next();
  }

  /** Handing a file to a worker costs the page up to a millisecond, so many files go in small lots with pauses between. */
  private async post(seat: Seat, { id, task }: Job): Promise<void> {
    seat.handed += 'files' in task ? task.files.length : 1;
    if (!('files' in task) || task.files.length <= lot) {
      seat.worker.postMessage({ id, task });
      return;
    }
    for (let at = 0; at < task.files.length; at += lot) {
      seat.worker.postMessage({ id, files: task.files.slice(at, at + lot) });
      await new Promise((resolve) => setTimeout(resolve, 0));
      if (seat.job?.id !== id) return;
    }
    seat.worker.postMessage({ id, task: { ...task, files: [] } });
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
      this.supply(seat, job, message.want);
      return;
    }
    delete seat.job;
    done(job);
    if ('answer' in message) job.resolve(message.answer);
    else job.reject(new TaskFailed(message.failed));
    if (seat.handed >= mostHanded) this.close(seat);
    else seat.idle = setTimeout(() => this.close(seat), patience);
    this.next();
  }

  private supply(seat: Seat, { id, options }: Job, want: readonly number[]): void {
    seat.handed += want.length;
    const supplied = want.map((index) => {
      const file = options.supply?.(index);
      return { index, ...(file ? { file } : {}) };
    });
    seat.worker.postMessage({ id, supplied });
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

function done({ options, stop }: Job): void {
  if (stop) options.signal?.removeEventListener('abort', stop);
}

/** The page's pool: half the cores, two at least and four at most, so that drawing and sending keep theirs. */
export const pool = new WorkerPool(
  () => new Worker(new URL('./reading.worker.ts', import.meta.url), { type: 'module' }) as unknown as WorkerLike,
  Math.min(4, Math.max(2, Math.floor((globalThis.navigator?.hardwareConcurrency ?? 4) / 2))),
);
