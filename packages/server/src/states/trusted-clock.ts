import { sql } from 'kysely';
import { noteEvent } from '../audit/audit-log.ts';
import type { Database } from '../database/connect.ts';

/** A step of the clock that is believed without asking: one day. */
const believed = 86_400_000;

/** A clock that went further ahead than is believed. */
export interface HeldClock {
  /** Last moment that was believed, ISO 8601: embargoes stand as they did then. */
  since: string;
  /** What the clock says. */
  clock: string;
}

/**
 * The clock by which embargoes end. A clock that goes ahead by more than a day from one look to the next (a wrong battery, a wrong time server,
 * or a server that was off for as long) opens nothing: time stands still until somebody confirms it. What goes back is believed.
 */
export class TrustedClock {
  private readonly db: Database;
  private readonly read: () => number;
  private seen: number;

  private constructor(db: Database, read: () => number, seen: number) {
    this.db = db;
    this.read = read;
    this.seen = seen;
  }

  /** Opens the clock with the last moment that any process of the installation saw. */
  static async open(db: Database, read: () => number = Date.now): Promise<TrustedClock> {
    const clock = new TrustedClock(db, read, read());
    await clock.look();
    return clock;
  }

  /** What counts as now. */
  now(): Date {
    const now = this.read();
    return new Date(now - this.seen > believed ? this.seen : now);
  }

  /** Does time stand still, and since when? */
  held(): HeldClock | undefined {
    const now = this.read();
    if (now - this.seen <= believed) return undefined;
    return { since: new Date(this.seen).toISOString(), clock: new Date(now).toISOString() };
  }

  /** Looks at the clock, and notes what it says where that is believed. To be called every few minutes. */
  async look(): Promise<HeldClock | undefined> {
    const now = new Date(this.read());
    const { rows } = await sql<{ seen: Date }>`insert into clock_mark (seen) values (${now})
      on conflict (id) do update set seen = case
        when excluded.seen - clock_mark.seen > interval '1 day' then clock_mark.seen else excluded.seen end
      returning seen`.execute(this.db);
    this.seen = rows[0]!.seen.getTime();
    return this.held();
  }

  /** Believes the clock as it is: somebody looked, and it is right. */
  async confirm(): Promise<void> {
    const now = new Date(this.read());
    await this.db.transaction().execute(async (tx) => {
      await sql`insert into clock_mark (seen) values (${now}) on conflict (id) do update set seen = excluded.seen`.execute(
        tx,
      );
      await noteEvent(tx, 'clock.confirm', 'installation', { clock: now.toISOString() });
    });
    this.seen = now.getTime();
  }
}
