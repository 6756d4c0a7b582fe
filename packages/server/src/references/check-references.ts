import { sql } from 'kysely';
import type { Database } from '../database/connect.ts';
import { limitRate } from '../fixity/rate.ts';
import { type Looked, lookAtReference, readReference } from '../outside/public-reference.ts';

/** How files that stay where they are are checked. */
export interface ReferenceCheck {
  /** Days after which the size is asked for again. */
  days: number;
  /** Days after which a file is read whole again. */
  readDays: number;
  /** Bytes read in a day, at most; 0 where no file is ever read. A file larger than this is not read. */
  bytesPerDay: number;
  bytesPerSecond?: number;
  now: Date;
  signal?: AbortSignal;
  /** For tests: which IP addresses may be asked. */
  isAllowed?: (address: string) => boolean;
}

/** What a check of files that stay where they are did. */
export interface ReferenceRun {
  looked: number;
  /** Of these, with another state than `there`. */
  wrong: number;
  read: number;
  bytes: number;
}

interface Due {
  key: string;
  url: string;
  size: number;
  sha256: string;
  is_same: boolean | null;
}

/** Addresses asked in one run; the next run, an hour later, goes on. */
const mostLooked = 10_000;
const day = 86_400_000;
/** Times a server may fail to answer in one run before it is left alone until the next. */
const patience = 2;

/**
 * Asks for the size of every file that stays elsewhere and is due, of published versions and of open drafts; then reads those of published
 * versions whole that were read longest ago, as far as the bytes of the day reach. What a server was not there to answer is asked again
 * after a day.
 */
export async function checkReferences(db: Database, check: ReferenceCheck): Promise<ReferenceRun> {
  const done: ReferenceRun = { looked: 0, wrong: 0, read: 0, bytes: 0 };
  await lookAtDue(db, check, done);
  if (check.bytesPerDay > 0) await readDue(db, check, done);
  return done;
}

async function lookAtDue(db: Database, { days, now, signal, isAllowed }: ReferenceCheck, done: ReferenceRun) {
  const due = await sql<Due>`select named.key, named.url, named.size, named.sha256, found.is_same
    from (select key, url, size, sha256 from version_reference
      union select key, url, size, sha256 from draft_reference join draft on draft.id = draft_id
        where draft.state in ('editing', 'publishing')) as named
    left join reference_check as found on found.key = named.key
    where found.key is null or found.looked_at < ${new Date(now.getTime() - days * day)}
      or (found.state = 'unreachable' and found.looked_at < ${new Date(now.getTime() - day)})
    order by found.looked_at nulls first, named.key limit ${mostLooked}`.execute(db);
  const silent = new Map<string, number>();
  for (const one of due.rows) {
    if (signal?.aborted) return;
    const { host } = new URL(one.url);
    if ((silent.get(host) ?? 0) >= patience) continue;
    const looked = await lookAtReference(one, isAllowed);
    if (looked.state === 'unreachable') silent.set(host, (silent.get(host) ?? 0) + 1);
    await noteLook(db, one, looked, now);
    done.looked++;
    if (looked.state !== 'there') done.wrong++;
  }
}

async function noteLook(db: Database, { key, is_same: isSame }: Due, looked: Looked, now: Date): Promise<void> {
  // The size alone does not take back that the bytes were others when they were last read.
  const isStillOther = looked.state === 'there' && isSame === false;
  const row = {
    state: isStillOther ? ('changed' as const) : looked.state,
    note: isStillOther ? 'Its SHA-256 is another one now.' : looked.note,
    looked_at: now,
  };
  await db
    .insertInto('reference_check')
    .values({
      key,
      ...row,
      read_at: null,
      is_same: null,
      read_bytes: 0,
      wrong_since: row.state === 'there' ? null : now,
    })
    .onConflict((conflict) => conflict.column('key').doUpdateSet({ ...row, ...alarmOf(row.state, now) }))
    .execute();
}

/** Since when it is wrong is kept until it is right again; so is that it was told. */
function alarmOf(state: Looked['state'], now: Date) {
  return state === 'there'
    ? { wrong_since: null, told_at: null }
    : { wrong_since: sql<Date>`coalesce(reference_check.wrong_since, ${now})` };
}

async function readDue(db: Database, check: ReferenceCheck, done: ReferenceRun): Promise<void> {
  const { bytesPerDay, readDays, now, signal, isAllowed } = check;
  const spent = await sql<{ bytes: number }>`select coalesce(sum(read_bytes), 0)::bigint as bytes
    from reference_check where read_at > ${new Date(now.getTime() - day)}`.execute(db);
  let left = bytesPerDay - spent.rows[0]!.bytes;
  if (left <= 0) return;
  // Bytes that were others are read again the next day: whoever mended them need not wait.
  const due =
    await sql<Due>`select distinct found.read_at, named.key, named.url, named.size, named.sha256, found.is_same
    from version_reference as named join reference_check as found on found.key = named.key
    where (found.state = 'there' or found.is_same = false) and named.size <= ${left}
      and (found.read_at is null or found.read_at < ${new Date(now.getTime() - readDays * day)}
        or (found.is_same = false and found.read_at < ${new Date(now.getTime() - day)}))
    order by found.read_at nulls first, named.key limit ${mostLooked}`.execute(db);
  const onBytes = limitRate(check.bytesPerSecond ?? Number.POSITIVE_INFINITY, signal);
  for (const one of due.rows) {
    if (signal?.aborted) return;
    if (one.size > left) continue;
    const options = { onBytes, ...(signal ? { signal } : {}), ...(isAllowed ? { isAllowed } : {}) };
    const read = await readReference(one, options).catch((fault: unknown) => {
      if (!signal?.aborted) throw fault;
      return undefined;
    });
    if (!read) return;
    left -= read.bytes;
    done.read++;
    done.bytes += read.bytes;
    // What broke off says nothing of the bytes, but they were spent.
    const isKnown = read.state === 'there' || read.state === 'changed';
    await db
      .updateTable('reference_check')
      .set({
        state: read.state,
        note: read.note,
        ...alarmOf(read.state, now),
        looked_at: now,
        read_at: now,
        read_bytes: read.bytes,
        is_same: isKnown ? read.state === 'there' : one.is_same,
      })
      .where('key', '=', one.key)
      .execute();
  }
}
