import type { JobName, JobQueue, Jobs } from '../ports/job-queue.ts';

interface Waiting {
  name: JobName;
  data: Jobs[JobName];
  key: string;
}

/** A queue in memory that runs its jobs when asked, for tests of use cases. */
export class MemoryJobs implements JobQueue {
  /** Jobs that wait, in order. */
  readonly waiting: Waiting[] = [];
  private readonly handlers = new Map<JobName, (data: never, signal: AbortSignal) => Promise<void>>();

  async send<Name extends JobName>(name: Name, data: Jobs[Name], key: string): Promise<void> {
    if (!this.waiting.some((job) => job.name === name && job.key === key)) this.waiting.push({ name, data, key });
  }

  async work<Name extends JobName>(
    name: Name,
    handler: (data: Jobs[Name], signal: AbortSignal) => Promise<void>,
  ): Promise<void> {
    this.handlers.set(name, handler as (data: never, signal: AbortSignal) => Promise<void>);
  }

  /** Runs every job, and the jobs those send, until none waits. */
  async runAll(signal: AbortSignal = new AbortController().signal): Promise<void> {
    while (this.waiting.length > 0) await this.runNext(signal);
  }

  /** Runs the job that waits longest. A job without a handler is a fault. */
  async runNext(signal: AbortSignal = new AbortController().signal): Promise<void> {
    const job = this.waiting.shift();
    if (!job) return;
    const handler = this.handlers.get(job.name);
    if (!handler) throw new Error(`Nobody works on ${job.name}`);
    await handler(job.data as never, signal);
  }
}
