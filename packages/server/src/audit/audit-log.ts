import { createHash } from 'node:crypto';
import { type Kysely, sql } from 'kysely';
import type { Database } from '../database/connect.ts';
import type { Tables } from '../database/tables.ts';
import { whoActs } from './acting.ts';
import { currentRequestId } from './request-id.ts';

/** What may stand in an event: names of fields, numbers, digests, ids; nothing that tells of a person. */
export type AuditDetail = Readonly<Record<string, string | number | boolean | readonly string[]>>;

/** One event. */
export interface AuditEvent {
  seq: number;
  /** ISO 8601, milliseconds. */
  at: string;
  actor: string;
  via: string;
  action: string;
  target: string;
  detail: AuditDetail;
  prevHash: string;
  hash: string;
}

/** Hash before the first event. */
export const firstHash = '0'.repeat(64);
/** One writer at a time: the chain has no forks. Any number that nobody else locks. */
const lockKey = 7_231_840_021;

/** JSON with sorted keys and nothing between: the same value is the same text for everybody who checks. */
export function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`;
  if (typeof value === 'object' && value !== null) {
    const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
    return `{${entries.map(([key, one]) => `${JSON.stringify(key)}:${canonicalJson(one)}`).join(',')}}`;
  }
  return JSON.stringify(value);
}

/** SHA-256 over the hash before and the event as canonical JSON. */
export function eventHash({ prevHash, hash: _hash, ...event }: Omit<AuditEvent, 'hash'> & { hash?: string }): string {
  return createHash('sha256').update(prevHash).update(canonicalJson(event)).digest('hex');
}

/**
 * Adds an event in the transaction of the change it tells of: one is not there without the other. To be the last statement of the
 * transaction, because everybody else's events wait until it ends.
 */
export async function noteEvent(
  tx: Kysely<Tables>,
  action: string,
  target: string,
  detail: AuditDetail = {},
): Promise<void> {
  const { actor, via, network } = whoActs();
  await sql`select pg_advisory_xact_lock(${lockKey}::bigint)`.execute(tx);
  const last = await tx
    .selectFrom('audit_event')
    .select(['seq', 'hash'])
    .orderBy('seq', 'desc')
    .limit(1)
    .executeTakeFirst();
  const event = {
    seq: (last?.seq ?? 0) + 1,
    at: new Date().toISOString(),
    actor,
    via,
    action,
    target,
    detail,
    prevHash: last?.hash ?? firstHash,
  };
  const { at, prevHash, ...row } = event;
  await tx
    .insertInto('audit_event')
    .values({ ...row, at, detail: JSON.stringify(detail), prev_hash: prevHash, hash: eventHash(event) })
    .execute();
  const requestId = currentRequestId();
  if (network === undefined && requestId === undefined) return;
  await tx
    .insertInto('audit_origin')
    .values({ seq: event.seq, network: network ?? null, request_id: requestId ?? null })
    .execute();
}

/** Adds an event of its own, where nothing else changes. */
export async function noteAlone(db: Database, action: string, target: string, detail: AuditDetail = {}): Promise<void> {
  await db.transaction().execute((tx) => noteEvent(tx, action, target, detail));
}

/** Which events are wanted. */
export interface AuditQuery {
  actor?: string | undefined;
  action?: string | undefined;
  target?: string | undefined;
  /** Only events before this one. */
  before?: number | undefined;
  limit: number;
}

/** Events, newest first, with the name of the actor as the accounts have it now. */
export async function listEvents(
  db: Database,
  query: AuditQuery,
): Promise<(AuditEvent & { actorName?: string; network?: string; requestId?: string })[]> {
  const rows = await db
    .selectFrom('audit_event')
    .leftJoin('auth_user', 'auth_user.id', 'audit_event.actor')
    .leftJoin('audit_origin', 'audit_origin.seq', 'audit_event.seq')
    .selectAll('audit_event')
    .select([
      'auth_user.name as actor_name',
      'audit_origin.network as network',
      'audit_origin.request_id as request_id',
    ])
    .$if(query.actor !== undefined, (all) => all.where('actor', '=', query.actor!))
    .$if(query.action !== undefined, (all) => all.where('action', '=', query.action!))
    .$if(query.target !== undefined, (all) => all.where('target', '=', query.target!))
    .$if(query.before !== undefined, (all) => all.where('audit_event.seq', '<', query.before!))
    .orderBy('audit_event.seq', 'desc')
    .limit(query.limit)
    .execute();
  return rows.map(({ actor_name, network, request_id, prev_hash, at, ...row }) => ({
    ...row,
    at: at.toISOString(),
    prevHash: prev_hash,
    ...(actor_name === null ? {} : { actorName: actor_name }),
    ...(network === null ? {} : { network }),
    ...(request_id === null ? {} : { requestId: request_id }),
  }));
}

/** All events, oldest first, a thousand at a time. */
export async function* allEvents(db: Database, after = 0): AsyncGenerator<AuditEvent> {
  for (let last = after; ; ) {
    const rows = await db
      .selectFrom('audit_event')
      .selectAll()
      .where('seq', '>', last)
      .orderBy('seq')
      .limit(1000)
      .execute();
    for (const { prev_hash, at, ...row } of rows) yield { ...row, at: at.toISOString(), prevHash: prev_hash };
    if (rows.length < 1000) return;
    last = rows.at(-1)!.seq;
  }
}
