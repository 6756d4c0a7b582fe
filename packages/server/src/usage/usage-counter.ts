import { createHmac, randomBytes } from 'node:crypto';
import { sql } from 'kysely';
import type { Database } from '../database/connect.ts';
import { networkOf } from '../audit/acting.ts';
import type { Countries } from './countries.ts';
import { doubleClick } from './count-hour.ts';
import { summedKinds, type Use } from './usage-event.ts';

interface Waiting extends Use {
  pieces: number;
}

/** Uses that wait for the database at most; while it is away for long those after them are lost, rather than all memory. */
const mostWaiting = 200_000;
const longestPath = 500;
const longestProgram = 300;

/** Start of the hour, in UTC. */
export function hourOf(at: Date): Date {
  return new Date(Math.floor(at.getTime() / 3_600_000) * 3_600_000);
}

/**
 * Notes uses and writes them down as events, from which everything is counted. What tells visitors apart is hashed with a salt of the day that
 * all processes share, so that a visitor whom several of them answer is one; it is forgotten when the day is over.
 */
export class UsageCounter {
  private readonly db: Database;
  private readonly countries: Countries | undefined;
  private readonly salts = new Map<string, string>();
  private waiting = new Map<string, Waiting>();
  private collectors = new Map<string, { visitor: string; at: Date }>();
  private clicks = 0;

  /** @param countries tells the country of an address; without, it is unknown */
  constructor(db: Database, countries?: Countries) {
    this.db = db;
    this.countries = countries;
  }

  /** Notes a use; it is written with the next `flush`. */
  count(use: Use): void {
    if (this.waiting.size >= mostWaiting) return;
    const path = summedPath(use);
    const key = summedKinds.has(use.kind)
      ? [use.accession, use.version, use.visitor, use.agent, use.kind, hourOf(use.at).getTime(), path].join('\n')
      : `click ${this.clicks++}`;
    const before = this.waiting.get(key);
    const bytes = use.bytes + (before?.bytes ?? 0);
    this.waiting.set(key, { ...(before ?? use), path, bytes, pieces: (before?.pieces ?? 0) + 1 });
  }

  /** Notes a program that asks where it may collect pages: nothing it does in this hour counts. */
  noteCollector(visitor: string, at: Date): void {
    if (this.collectors.size < mostWaiting) this.collectors.set(`${hourOf(at).getTime()} ${visitor}`, { visitor, at });
  }

  /** Writes what was noted since the last time. What a kill takes is the uses of a few seconds. */
  async flush(): Promise<void> {
    const { waiting, collectors } = this;
    if (waiting.size === 0 && collectors.size === 0) return;
    this.waiting = new Map();
    this.collectors = new Map();
    try {
      await this.write([...waiting.values()], [...collectors.values()]);
    } catch (fault) {
      // The database is away: what was noted waits for it.
      for (const use of waiting.values()) this.count(use);
      for (const { visitor, at } of collectors.values()) this.noteCollector(visitor, at);
      throw fault;
    }
  }

  private async write(uses: readonly Waiting[], collectors: readonly { visitor: string; at: Date }[]): Promise<void> {
    const rows = await Promise.all(uses.map((use) => this.rowOf(use)));
    const collecting = await Promise.all(
      collectors.map(async ({ visitor, at }) => ({
        hour: hourOf(at).toISOString(),
        visitor: await this.hashOf(visitor, at),
      })),
    );
    await this.db.transaction().execute(async (tx) => {
      // In one order, so that two processes that write the same rows do not wait for each other.
      await sql`insert into usage_collector select hour::timestamptz, visitor
        from jsonb_to_recordset(${JSON.stringify(collecting)}::jsonb) as row (hour text, visitor text) order by 1, 2
        on conflict do nothing`.execute(tx);
      await sql`insert into usage_event (accession, version, hour, at, visitor, network, country, agent, access, kind, path, bytes, pieces, size)
        select accession, version, hour::timestamptz, at::timestamptz, visitor, network, country, agent, access, kind, path, bytes, pieces, size
        from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as row (accession text, version integer, hour text, at text, visitor text,
          network text, country text, agent text, access text, kind text, path text, bytes bigint, pieces bigint, size bigint)
        where exists (select 1 from study where study.accession = row.accession)
        order by accession, hour, visitor, version, kind, access, path
        on conflict (accession, hour, visitor, version, kind, access, path) where kind in ('part', 'read', 'inner', 'metadata')
        do update set bytes = usage_event.bytes + excluded.bytes, pieces = usage_event.pieces + excluded.pieces,
          size = greatest(usage_event.size, excluded.size)`.execute(tx);
      // The hour before too, where a click may be the second of two. A row that is there is locked: who counts the hour waits for this.
      const due = rows.flatMap(({ accession, hour, before }) =>
        [hour, before].map((one) => ({ accession, hour: one })),
      );
      await sql`insert into usage_due (accession, hour) select distinct accession, hour::timestamptz
        from jsonb_to_recordset(${JSON.stringify(due)}::jsonb) as row (accession text, hour text)
        where exists (select 1 from study where study.accession = row.accession) order by 1, 2
        on conflict (accession, hour) do update set noted_at = now()`.execute(tx);
    });
  }

  private async rowOf(use: Waiting) {
    const { accession, version, kind, path, bytes, pieces, at, address } = use;
    return {
      accession,
      version,
      hour: hourOf(at).toISOString(),
      before: hourOf(new Date(at.getTime() - doubleClick)).toISOString(),
      at: at.toISOString(),
      visitor: await this.hashOf(use.visitor, at),
      network: networkOf(address) ?? null,
      country: this.countries?.of(address) ?? 'unknown',
      agent: use.program.slice(0, longestProgram).toWellFormed().replaceAll('\0', ''),
      access: use.agent,
      kind,
      path: path.slice(0, longestPath).toWellFormed().replaceAll('\0', ''),
      bytes,
      pieces,
      size: use.size ?? null,
    };
  }

  private async hashOf(visitor: string, at: Date): Promise<string> {
    const salt = await this.saltOf(at.toISOString().slice(0, 10));
    return createHmac('sha256', salt).update(visitor).digest('base64url').slice(0, 22);
  }

  /** The salt of a day: made by whichever process needs it first. */
  private async saltOf(day: string): Promise<string> {
    const known = this.salts.get(day);
    if (known !== undefined) return known;
    const fresh = randomBytes(32).toString('base64url');
    await sql`insert into usage_salt values (${day}::date, ${fresh}) on conflict do nothing`.execute(this.db);
    const { rows } = await sql<{ salt: string }>`select salt from usage_salt where day = ${day}::date`.execute(this.db);
    // Of the day alone: one that is over must not be kept here either.
    this.salts.clear();
    this.salts.set(day, rows[0]!.salt);
    return rows[0]!.salt;
  }
}

/** What tells events of one visitor and hour apart: files and their parts by name, everything else not at all. */
function summedPath({ kind, path }: Use): string {
  return kind === 'inner' || kind === 'metadata' ? '' : path;
}
