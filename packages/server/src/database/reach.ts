import pg from 'pg';

/** Milliseconds a new connection to the database may take. Waits for a pool whose connections are all busy are honest, and have no end. */
const connectPatience = 15_000;
/** Milliseconds the database may take to say that it is there. */
export const answerPatience = 2_000;

/** The database takes no connection: it is not there, does not answer, or takes no more. */
export class DatabaseUnreachable extends Error {
  override readonly name = 'DatabaseUnreachable';
  /** Code of the connection or of PostgreSQL, where there is one. */
  readonly code: string | undefined;

  constructor(cause: unknown) {
    super(cause instanceof Error ? cause.message : String(cause), { cause });
    this.code = (cause as { code?: string } | undefined)?.code;
  }
}

/** A connection that is given up where the other side does not take it, and noticed where it falls silent while nothing is asked of it. */
class ReachedClient extends pg.Client {
  constructor(options: pg.ClientConfig = {}) {
    super({
      ...options,
      connectionTimeoutMillis: connectPatience,
      keepAlive: true,
      keepAliveInitialDelayMillis: 10_000,
    });
  }
}

/** A pool of connections that says `DatabaseUnreachable` where none can be made. */
export class ReachingPool extends pg.Pool {
  constructor(url: string, connections: number) {
    super({ connectionString: url, max: connections, Client: ReachedClient });
  }

  override connect(): Promise<pg.PoolClient>;
  override connect(callback: Parameters<pg.Pool['connect']>[0]): void;
  override connect(callback?: Parameters<pg.Pool['connect']>[0]): Promise<pg.PoolClient> | void {
    if (callback) return super.connect(callback);
    return super.connect().catch((cause: unknown) => {
      throw new DatabaseUnreachable(cause);
    });
  }
}

/** Codes of PostgreSQL with which a connection ends, or is not taken: shut down, restarting, too many. */
const endings = new Set(['57P01', '57P02', '57P03', '53300', '08000', '08001', '08003', '08004', '08006']);

/** Is it the connection to the database that failed, rather than what was asked of it? */
export function isUnreachable(fault: unknown): boolean {
  if (fault instanceof DatabaseUnreachable) return true;
  if (fault instanceof pg.DatabaseError) return endings.has(fault.code ?? '');
  return (
    fault instanceof Error && /^(Connection terminated|Client has encountered a connection error)/.test(fault.message)
  );
}

/**
 * Does the database answer? Asked once for all who want to know at a time: by a connection of the pool, which may all be busy or dead, and by
 * a new one, which a busy database still takes. One of them is enough.
 */
export class DatabaseReach {
  private readonly pool: pg.Pool;
  private readonly patience: number;
  private byPool: Promise<boolean> | undefined;
  private asked: Promise<boolean> | undefined;
  /** Was it away when it was last asked? Then the next one is told sooner. */
  isAway = false;

  /** @param patience milliseconds it may take to answer */
  constructor(pool: pg.Pool, patience = answerPatience) {
    this.pool = pool;
    this.patience = patience;
  }

  /** Asks, and waits no longer than the patience. */
  answers(): Promise<boolean> {
    this.asked ??= this.ask().finally(() => {
      this.asked = undefined;
    });
    return this.asked;
  }

  private async ask(): Promise<boolean> {
    // Of those that wait for a dead connection there is one at a time.
    this.byPool ??= this.pool
      .query('select 1')
      .then(
        () => true,
        () => false,
      )
      .finally(() => {
        this.byPool = undefined;
      });
    const late = new Promise<boolean>((resolve) => setTimeout(() => resolve(false), this.patience).unref());
    const either = Promise.any(
      [this.byPool, this.byNewOne()].map(async (one) => (await one) || Promise.reject(new Error('away'))),
    );
    const isThere = await Promise.race([either.catch(() => false), late]);
    this.isAway = !isThere;
    return isThere;
  }

  private async byNewOne(): Promise<boolean> {
    const { patience } = this;
    const client = new pg.Client({
      connectionString: this.pool.options.connectionString,
      connectionTimeoutMillis: patience,
      query_timeout: patience,
    });
    client.on('error', () => {});
    try {
      await client.connect();
      await client.query('select 1');
      return true;
    } catch {
      return false;
    } finally {
      // One that does not answer does not answer this either.
      void client.end().catch(() => {});
    }
  }
}
