import pg from 'pg';
import { type Held, LockLost, type Locks, ProcessLocks } from '../storage/locks.ts';

/** Milliseconds between two looks at a lock that another process has: from the first to the longest. */
const [firstWait, longestWait] = [20, 500];

/** One connection with the locks it holds: when it ends, PostgreSQL lets all of them go. */
class LockSession {
  readonly client: pg.Client;
  isLost = false;
  private last: Promise<unknown> = Promise.resolve();

  constructor(url: string) {
    this.client = new pg.Client({
      connectionString: url,
      application_name: 'micrarium locks',
      keepAlive: true,
      connectionTimeoutMillis: 15_000,
    });
    const lose = () => {
      this.isLost = true;
    };
    this.client.on('error', lose);
    this.client.on('end', lose);
  }

  /** Asks one question after the other: a connection answers one at a time, and queues of its own will not be kept by `pg` for long. */
  async ask<Row extends pg.QueryResultRow>(text: string, values: readonly unknown[] = []): Promise<Row[]> {
    const asked = this.last.then(() => this.client.query<Row>(text, [...values]));
    this.last = asked.catch(() => {});
    return (await asked).rows;
  }
}

/**
 * Locks among all processes that use one database: session-level advisory locks, so that what a killed process held is free as soon as
 * PostgreSQL notices. Within the process the name is held first, because a session may take a lock of its own twice.
 */
export class DatabaseLocks implements Locks {
  private readonly url: string;
  private readonly inside = new ProcessLocks();
  private session: Promise<LockSession> | undefined;

  /** @param url connection string */
  constructor(url: string) {
    this.url = url;
  }

  hold<Value>(name: string, work: (held: Held) => Promise<Value>): Promise<Value> {
    return this.inside.hold(name, async () => {
      for (let wait = firstWait; ; wait = Math.min(longestWait, wait * 2)) {
        const done = await this.tryAlone(name, work);
        if (done) return done.value;
        await new Promise((resolve) => setTimeout(resolve, wait));
      }
    });
  }

  async tryHold<Value>(name: string, work: (held: Held) => Promise<Value>): Promise<{ value: Value } | undefined> {
    return (await this.inside.tryHold(name, () => this.tryAlone(name, work)))?.value;
  }

  /** Lets go of the connection. */
  async close(): Promise<void> {
    const session = await this.session?.catch(() => undefined);
    await session?.client.end().catch(() => {});
  }

  private async tryAlone<Value>(
    name: string,
    work: (held: Held) => Promise<Value>,
  ): Promise<{ value: Value } | undefined> {
    const session = await this.connected();
    const key = [`micrarium ${name}`];
    const [lock] = await session.ask<{ taken: boolean }>(
      'select pg_try_advisory_lock(hashtextextended($1, 0)) as taken',
      key,
    );
    if (lock?.taken !== true) return undefined;
    const assure = async () => {
      if (session.isLost) throw new LockLost(name);
      await session.ask('select 1').catch((cause: unknown) => {
        throw new LockLost(name, { cause });
      });
    };
    try {
      return { value: await work({ assure }) };
    } finally {
      // A connection that broke has let go of it already.
      await session.ask('select pg_advisory_unlock(hashtextextended($1, 0))', key).catch(() => {});
    }
  }

  private async connected(): Promise<LockSession> {
    const before = this.session;
    const known = await before?.catch(() => undefined);
    if (known && !known.isLost) return known;
    // Of several who find the connection gone, one makes another: what nobody holds would never be closed.
    if (this.session === before) {
      const session = new LockSession(this.url);
      this.session = session.client.connect().then(() => session);
    }
    return await this.session!;
  }
}
