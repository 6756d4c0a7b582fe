import type {
  BatchedJobName,
  BatchHandler,
  JobHandler,
  JobName,
  JobQueue,
  Jobs,
  JobToSend,
  SingleJobName,
} from '../ports/job-queue.ts';

interface Waiting {
  name: JobName;
  data: Jobs[JobName];
  key: string;
}

type AnyBatchHandler = (jobs: readonly never[], signal: AbortSignal) => Promise<void>;

/** A queue in memory that runs its jobs when asked, for tests of use cases. */
export class MemoryJobs implements JobQueue {
  /** Jobs that wait, in order. */
  readonly waiting: Waiting[] = [];
  private readonly handlers = new Map<JobName, { run: AnyBatchHandler; most: number }>();

  async send<Name extends JobName>(name: Name, data: Jobs[Name], key: string): Promise<void> {
    if (!this.waiting.some((job) => job.name === name && job.key === key)) this.waiting.push({ name, data, key });
  }

  async sendAll<Name extends JobName>(name: Name, jobs: readonly JobToSend<Name>[]): Promise<void> {
    for (const { data, key } of jobs) await this.send(name, data, key);
  }

  async work<Name extends SingleJobName>(name: Name, handler: JobHandler<Name>): Promise<void> {
    const run = async ([job]: readonly { data: Jobs[Name] }[], signal: AbortSignal) => await handler(job!.data, signal);
    this.handlers.set(name, { run: run as AnyBatchHandler, most: 1 });
  }

  async workInBatches<Name extends BatchedJobName>(
    name: Name,
    handler: BatchHandler<Name>,
    { most }: { most: number },
  ): Promise<void> {
    this.handlers.set(name, { run: handler as AnyBatchHandler, most });
  }

  /** Runs every job, and the jobs those send, until none waits. */
  async runAll(signal: AbortSignal = new AbortController().signal): Promise<void> {
    while (this.waiting.length > 0) await this.runNext(signal);
  }

  /** Runs the job that waits longest, with others of its name where it is taken in batches. A job without a handler is a fault. */
  async runNext(signal: AbortSignal = new AbortController().signal): Promise<void> {
    const name = this.waiting[0]?.name;
    if (name === undefined) return;
    const handler = this.handlers.get(name);
    if (!handler) throw new Error(`Nobody works on ${name}`);
    const batch = this.waiting.filter((job) => job.name === name).slice(0, handler.most);
    for (const job of batch) this.waiting.splice(this.waiting.indexOf(job), 1);
    const asked = batch.map(({ data }) => ({ data, isRepeated: false }));
    await handler.run(asked as never, signal);
  }
}
