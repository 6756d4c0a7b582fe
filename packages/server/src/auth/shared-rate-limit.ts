import { sql } from 'kysely';
import type { Database } from '../database/connect.ts';

/** Tries further ahead were noted by a clock that was wrong: they would keep somebody out for as long as it was ahead. */
const mostAhead = 3_600_000;

/** Counts tries of a key within windows in the database: for all processes of an installation together, and across restarts. */
export class SharedRateLimit {
  private readonly name: string;
  private readonly windows: readonly { milliseconds: number; tries: number }[];

  /** @param name tells its keys from those of other limits */
  constructor(name: string, windows: readonly { milliseconds: number; tries: number }[]) {
    this.name = name;
    this.windows = windows;
  }

  /** Notes a try; gives 0 where it is allowed, else the seconds to wait. A refused try does not count. */
  async take(db: Database, key: string, now = Date.now()): Promise<number> {
    const longest = Math.max(...this.windows.map((window) => window.milliseconds));
    const full = `${this.name} ${key}`;
    return await db.transaction().execute(async (tx) => {
      // One at a time for each key, or two at once would both be the last one allowed.
      await sql`select pg_advisory_xact_lock(hashtextextended(${`try ${full}`}, 0))`.execute(tx);
      const { rows } = await sql<{ at: Date }>`select at from counted_try
        where key = ${full} and at > ${new Date(now - longest)} and at < ${new Date(now + mostAhead)} order by at`.execute(
        tx,
      );
      for (const window of this.windows) {
        const within = rows.map(({ at }) => at.getTime()).filter((at) => at > now - window.milliseconds);
        if (within.length >= window.tries)
          return Math.ceil((within[within.length - window.tries]! + window.milliseconds - now) / 1000);
      }
      await sql`insert into counted_try (key, at) values (${full}, ${new Date(now)})`.execute(tx);
      return 0;
    });
  }

  /** Forgets the tries of a key, after a success. */
  async clear(db: Database, key: string): Promise<void> {
    await sql`delete from counted_try where key = ${`${this.name} ${key}`}`.execute(db);
  }
}

/** Forgets tries that no window reaches any more. */
export async function forgetTries(db: Database): Promise<void> {
  await sql`delete from counted_try where at < now() - interval '2 days' or at > now() + interval '2 days'`.execute(db);
}
