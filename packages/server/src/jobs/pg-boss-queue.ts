import type {
  BatchedJobName,
  BatchHandler,
  JobHandler,
  JobName,
  JobQueue,
  Jobs,
  JobToSend,
  SingleJobName,
} from '@micrarium/repository';
import { sql } from 'kysely';
import pg from 'pg';
import { PgBoss } from 'pg-boss';
import { openDatabase, type Database } from '../database/connect.ts';
import { currentPlace, traced } from '../tracing/tracing.ts';

/** Every queue. A job that fails is tried again after 5, 10, 20 ... seconds, at most five times. */
const queueNames: readonly JobName[] = [
  'recognise-draft',
  'verify-file',
  'verify-small-file',
  'ingest-item',
  'ingest-small-item',
  'rebuild-item',
  'finish-publication',
  'check-fixity',
  'score-submission',
  'scan-draft',
];
const schema = 'jobs';
const channel = 'micrarium_jobs';
/** A worker that is alive says so twice in this time; the jobs of one that is not are given to another. */
const heartbeatSeconds = 30;
/** Jobs that are added by one statement. */
const mostSent = 1000;
/** Milliseconds in which jobs gather before a batch is taken: files come one by one, and batches of one would be no batches. */
const gathering = 150;

/** Under this name the place of who sent a job travels with its data, for its trace: only where traces are kept. */
const placeKey = 'traceparent';

function placed<Data extends object>(data: Data): Data {
  const place = currentPlace();
  return place === undefined ? data : { ...data, [placeKey]: place };
}

function withoutPlace<Data extends object>(data: Data): Data {
  const { [placeKey]: _place, ...rest } = data as Data & { [placeKey]?: unknown };
  return rest as Data;
}

const messaging = (name: JobName, operation: 'send' | 'process', count: number) => ({
  'messaging.system': 'micrarium',
  'messaging.destination.name': name,
  'messaging.operation.type': operation,
  'messaging.batch.message_count': count,
});

/** Sends jobs as one span, which those of the jobs hang below. */
async function sent(name: JobName, count: number, send: () => Promise<void>): Promise<void> {
  await traced(`send ${name}`, { kind: 'producer', facts: messaging(name, 'send', count) }, send);
}

/** Works at jobs as one span: below what sent the first of them, and linked to what sent the others. */
async function worked(
  name: JobName,
  jobs: readonly { data: object; createdOn: Date; retryCount: number }[],
  work: () => Promise<void>,
): Promise<void> {
  const places = new Set(
    jobs.map(({ data }) => (data as { [placeKey]?: unknown })[placeKey]).filter((one) => typeof one === 'string'),
  );
  const [parent, ...links] = places;
  const waited = (Date.now() - Math.min(...jobs.map(({ createdOn }) => createdOn.getTime()))) / 1000;
  const facts = {
    ...messaging(name, 'process', jobs.length),
    'micrarium.job.waited_seconds': Math.max(0, waited),
    'micrarium.job.try': 1 + Math.max(...jobs.map(({ retryCount }) => retryCount)),
  };
  await traced(`job ${name}`, { kind: 'consumer', facts, parent, links }, work);
}

/** How a queue is opened. */
export interface QueueOptions {
  /** Connection string. */
  url: string;
  /** Is this process the only one that may run jobs just now? Jobs of an earlier one are then free at once. */
  isOnlyWorker?: boolean;
  /** Told of faults outside any job: a lost connection, a failed poll. */
  onFault(fault: Error): void;
  /** Told of a job that failed; it will be tried again unless it was the last time. */
  onJobFault?(name: JobName, fault: unknown): void;
}

/** Jobs in PostgreSQL. Workers are woken by a notification, and look every two seconds besides. */
export class PgBossQueue implements JobQueue {
  private readonly boss: PgBoss;
  private readonly db: Database;
  private listener: pg.Client | undefined;
  private readonly options: QueueOptions;
  private readonly workers = new Map<string, string[]>();
  /** Names whose workers take batches, with the timer that wakes them. */
  private readonly gatherings = new Map<string, NodeJS.Timeout | undefined>();
  private readonly stopping = new AbortController();

  private constructor(boss: PgBoss, db: Database, options: QueueOptions) {
    this.boss = boss;
    this.db = db;
    this.options = options;
  }

  /** Connects and makes the queues. `stop` when done. */
  static async open(options: QueueOptions): Promise<PgBossQueue> {
    const boss = new PgBoss({
      connectionString: options.url,
      schema,
      max: 4,
      application_name: 'micrarium jobs',
      schedule: false,
      superviseIntervalSeconds: 10,
      monitorIntervalSeconds: 10,
    });
    const onFault = (fault: Error) => queue?.stopping.signal.aborted || options.onFault(fault);
    let queue: PgBossQueue | undefined;
    boss.on('error', onFault);
    await boss.start();
    for (const name of queueNames) {
      await boss.createQueue(name, {
        policy: 'short',
        retryLimit: 5,
        retryDelay: 5,
        retryBackoff: true,
        retryDelayMax: 120,
        heartbeatSeconds,
        expireInSeconds: 23 * 3600,
      });
    }
    const db = openDatabase(options.url, 2);
    if (options.isOnlyWorker) {
      await sql`update ${sql.table(`${schema}.job`)} set state = 'retry', start_after = now()
        where state = 'active' and name = any(${[...queueNames]}::text[])`.execute(db);
    }
    queue = new PgBossQueue(boss, db, options);
    return queue;
  }

  async send<Name extends JobName>(name: Name, data: Jobs[Name], key: string): Promise<void> {
    await sent(name, 1, async () => {
      // Policy "short": of the jobs of one key only one waits, so this is a no-op while one does.
      await this.boss.send(name, placed(data), { singletonKey: key });
      await sql`select pg_notify(${channel}, ${name})`.execute(this.db);
    });
  }

  async sendAll<Name extends JobName>(name: Name, jobs: readonly JobToSend<Name>[]): Promise<void> {
    if (jobs.length === 0) return;
    await sent(name, jobs.length, async () => {
      for (let start = 0; start < jobs.length; start += mostSent) {
        const part = jobs.slice(start, start + mostSent);
        await this.boss.insert(
          name,
          part.map(({ data, key }) => ({ data: placed(data), singletonKey: key })),
        );
      }
      await sql`select pg_notify(${channel}, ${name})`.execute(this.db);
    });
  }

  async work<Name extends SingleJobName>(
    name: Name,
    handler: JobHandler<Name>,
    options: { concurrency?: number } = {},
  ): Promise<void> {
    const run = async ([job]: readonly { data: Jobs[Name] }[], signal: AbortSignal) => await handler(job!.data, signal);
    await this.take<Name>(name, run, { most: 1, concurrency: options.concurrency ?? 1 });
  }

  async workInBatches<Name extends BatchedJobName>(
    name: Name,
    handler: BatchHandler<Name>,
    options: { most: number; concurrency?: number },
  ): Promise<void> {
    this.gatherings.set(name, undefined);
    await this.take<Name>(name, handler, { concurrency: 1, ...options });
  }

  /** Starts workers of a name, each of which takes up to `most` jobs at once. */
  private async take<Name extends JobName>(
    name: Name,
    run: (jobs: readonly { data: Jobs[Name]; isRepeated: boolean }[], signal: AbortSignal) => Promise<void>,
    { most, concurrency }: { most: number; concurrency: number },
  ): Promise<void> {
    if (this.workers.size === 0) await this.listen();
    const ids: string[] = [];
    this.workers.set(name, ids);
    const options = { pollingIntervalSeconds: 2, batchSize: most, includeMetadata: true } as const;
    for (let count = 0; count < concurrency; count++) {
      let own: string | undefined;
      const id = await this.boss.work<Jobs[Name]>(name, options, async (jobs) => {
        if (jobs.length === 0) return;
        try {
          const asked = jobs.map(({ data, retryCount }) => ({ data: withoutPlace(data), isRepeated: retryCount > 0 }));
          const signal = AbortSignal.any([jobs[0]!.signal, this.stopping.signal]);
          await worked(name, jobs, () => run(asked, signal));
        } catch (fault) {
          if (!this.stopping.signal.aborted) this.options.onJobFault?.(name, fault);
          throw fault;
        } finally {
          // The next job may be waiting already: a notification that came while this one ran told only once. The others, idle then, have
          // looked themselves: to wake all of them after each job asked the database many times for every small file.
          if (jobs.length < most && this.gatherings.has(name)) this.wake(name);
          else for (const worker of own === undefined ? ids : [own]) this.boss.notifyWorker(worker);
        }
      });
      own = id;
      ids.push(id);
    }
  }

  /** Has the workers of a name look for jobs: at once, or those that take batches in a moment. */
  private wake(name: string): void {
    const look = () => {
      for (const worker of this.workers.get(name) ?? []) this.boss.notifyWorker(worker);
    };
    if (!this.gatherings.has(name)) return look();
    if (this.gatherings.get(name) !== undefined) return;
    const timer = setTimeout(() => {
      this.gatherings.set(name, undefined);
      look();
    }, gathering);
    this.gatherings.set(name, timer);
  }

  /** Waits for notifications, on a new connection whenever one is lost; without, workers still look every two seconds. */
  private async listen(): Promise<void> {
    if (this.stopping.signal.aborted) return;
    const listener = new pg.Client({ connectionString: this.options.url, application_name: 'micrarium jobs' });
    const again = () => {
      if (this.listener !== listener || this.stopping.signal.aborted) return;
      this.listener = undefined;
      setTimeout(() => void this.listen().catch(() => {}), 1000).unref();
    };
    listener.on('error', again);
    listener.on('end', again);
    listener.on('notification', (message) => {
      this.wake(message.payload ?? '');
    });
    this.listener = listener;
    try {
      await listener.connect();
      await listener.query(`listen ${channel}`);
    } catch {
      again();
    }
  }

  /** Asks running jobs to stop and waits for them a while; what is not done is run again by the next start. */
  async stop(milliseconds = 5_000): Promise<void> {
    this.stopping.abort(new Error('The server is stopping'));
    for (const timer of this.gatherings.values()) clearTimeout(timer);
    await this.boss.stop({ graceful: true, close: true, timeout: milliseconds });
    await this.listener?.end().catch(() => {});
    await this.db.destroy();
  }
}
