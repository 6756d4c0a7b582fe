import { createHmac, randomBytes } from 'node:crypto';
import { sql } from 'kysely';
import type { Database } from '../database/connect.ts';
import type { AgentKind } from './agents.ts';

/** One answer that may count. */
export interface Use {
  accession: string;
  /** Version asked for; the newest where the study was asked for. */
  version: number;
  /** What tells one visitor from another: account id, or address and agent. It is hashed and never kept. */
  visitor: string;
  agent: Exclude<AgentKind, 'robot'>;
  /** `page`: a look at the study; `file`: its data as they are taken away; `read`: pieces of data, as viewers and programs read them. */
  kind: 'page' | 'file' | 'read';
  /** Path, to tell a double click from two uses. */
  path: string;
  bytes: number;
  at: Date;
}

interface Counted {
  investigations: number;
  uniqueInvestigations: number;
  requests: number;
  uniqueRequests: number;
  bytes: number;
}

/** The same again within this time is a double click (COUNTER: 30 seconds). */
const doubleClick = 30_000;
/** Pieces read in one session become a request when they are as many bytes together. */
const readIsRequest = 10e6;
/** Studies looked at in one hour beyond which a program is collecting pages. */
const mostLookedAt = 50;
/** What is remembered of the running hour is dropped beyond so many entries, rather than grow for ever. */
const mostRemembered = 200_000;

/**
 * Counts uses by the rules of COUNTER for research data: double clicks are one, sessions are visitor and hour of the day. What tells visitors
 * apart is hashed with a salt of the day that is nowhere kept, remembered for the running hour in memory only; counts by month go to the database.
 */
export class UsageCounter {
  private readonly db: Database;
  private hour = '';
  private day = '';
  private salt = randomBytes(32);
  private readonly lastClick = new Map<string, number>();
  private readonly sessions = new Set<string>();
  private readonly readBytes = new Map<string, number>();
  private readonly lookedAt = new Map<string, Set<string>>();
  private waiting = new Map<string, Counted>();

  constructor(db: Database) {
    this.db = db;
  }

  /** Notes a use; what counts is written with the next `flush`. */
  count(use: Use): void {
    this.turnHour(use.at);
    const visitor = createHmac('sha256', this.salt).update(use.visitor).digest('base64url').slice(0, 22);
    if (this.isCollecting(visitor, use)) return;
    const add = (what: Partial<Counted>, version: number) => this.add(use, version, what);
    if (use.kind === 'read') return this.countRead(visitor, use, add);
    const isAgain = this.isDoubleClick(`${visitor} ${use.path}`, use.at);
    const isRequest = use.kind === 'file';
    for (const version of [use.version, 0]) {
      const session = `${visitor} ${use.accession} ${version}`;
      const isFresh = this.isFresh(`look ${session}`);
      const isFirstRequest = isRequest && this.isFresh(`take ${session}`);
      // The parts of a resumed download are one request.
      const isNewFile = isRequest && this.isFresh(`file ${session} ${use.path}`);
      add(
        {
          investigations: isAgain ? 0 : isRequest && !isNewFile ? 0 : 1,
          uniqueInvestigations: isFresh ? 1 : 0,
          requests: isNewFile ? 1 : 0,
          uniqueRequests: isFirstRequest ? 1 : 0,
          bytes: use.bytes,
        },
        version,
      );
    }
  }

  /** Writes what was counted since the last time. What a kill takes is the uses of a few seconds. */
  async flush(): Promise<void> {
    const waiting = this.waiting;
    if (waiting.size === 0) return;
    this.waiting = new Map();
    const rows = [...waiting].map(([key, counted]) => {
      const [accession = '', version = '0', month = '', access = ''] = key.split(' ');
      return { accession, version: Number(version), month, access, ...counted };
    });
    try {
      await sql`insert into usage_month (accession, version, month, access, investigations, unique_investigations, requests, unique_requests, bytes)
        select accession, version, month::date, access, investigations, "uniqueInvestigations", requests, "uniqueRequests", bytes
        from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as row (accession text, version integer, month text, access text,
          investigations bigint, "uniqueInvestigations" bigint, requests bigint, "uniqueRequests" bigint, bytes bigint)
        where exists (select 1 from study where study.accession = row.accession)
        on conflict (accession, version, month, access) do update set
          investigations = usage_month.investigations + excluded.investigations,
          unique_investigations = usage_month.unique_investigations + excluded.unique_investigations,
          requests = usage_month.requests + excluded.requests,
          unique_requests = usage_month.unique_requests + excluded.unique_requests,
          bytes = usage_month.bytes + excluded.bytes`.execute(this.db);
    } catch (fault) {
      // The database is away: what was counted waits for it.
      for (const [key, counted] of waiting) this.waiting.set(key, sum(this.waiting.get(key), counted));
      throw fault;
    }
  }

  /** All pieces of a study read in one session are one look, and a request once they are enough. */
  private countRead(visitor: string, use: Use, add: (what: Partial<Counted>, version: number) => void): void {
    for (const version of [use.version, 0]) {
      const session = `${visitor} ${use.accession} ${version}`;
      const before = this.readBytes.get(session) ?? 0;
      const after = before + use.bytes;
      this.readBytes.set(session, after);
      const isRequest = before < readIsRequest && after >= readIsRequest;
      add(
        {
          investigations: this.isFresh(`read ${session}`) ? 1 : 0,
          uniqueInvestigations: this.isFresh(`look ${session}`) ? 1 : 0,
          requests: isRequest ? 1 : 0,
          uniqueRequests: isRequest && this.isFresh(`take ${session}`) ? 1 : 0,
          bytes: use.bytes,
        },
        version,
      );
    }
  }

  private turnHour(at: Date): void {
    const [day = '', time = ''] = at.toISOString().split('T');
    const hour = `${day} ${time.slice(0, 2)}`;
    const isFull = this.sessions.size > mostRemembered || this.lastClick.size > mostRemembered;
    if (hour === this.hour && !isFull) return;
    this.hour = hour;
    this.sessions.clear();
    this.readBytes.clear();
    this.lookedAt.clear();
    this.lastClick.clear();
    if (day === this.day) return;
    this.day = day;
    this.salt = randomBytes(32);
  }

  private isDoubleClick(key: string, at: Date): boolean {
    const last = this.lastClick.get(key);
    // Chains slide: each click is compared with the one before it.
    this.lastClick.set(key, at.getTime());
    return last !== undefined && at.getTime() - last <= doubleClick;
  }

  private isFresh(key: string): boolean {
    if (this.sessions.has(key)) return false;
    this.sessions.add(key);
    return true;
  }

  /** A program that looks at very many studies in an hour collects pages, whatever it calls itself. */
  private isCollecting(visitor: string, { agent, kind, accession }: Use): boolean {
    if (agent !== 'machine') return false;
    const seen = this.lookedAt.get(visitor) ?? new Set();
    if (kind === 'page') this.lookedAt.set(visitor, seen.add(accession));
    return seen.size > mostLookedAt;
  }

  private add({ accession, at, agent }: Use, version: number, what: Partial<Counted>): void {
    const key = `${accession} ${version} ${at.toISOString().slice(0, 7)}-01 ${agent}`;
    this.waiting.set(key, sum(this.waiting.get(key), what));
  }
}

function sum(one: Partial<Counted> | undefined, other: Partial<Counted>): Counted {
  const of = (key: keyof Counted) => (one?.[key] ?? 0) + (other[key] ?? 0);
  return {
    investigations: of('investigations'),
    uniqueInvestigations: of('uniqueInvestigations'),
    requests: of('requests'),
    uniqueRequests: of('uniqueRequests'),
    bytes: of('bytes'),
  };
}
