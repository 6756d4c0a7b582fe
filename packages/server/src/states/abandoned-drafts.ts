import { type BlobStore, DraftNotEditable, type StudyStore } from '@micrarium/repository';
import { shownTitle } from '@micrarium/standards';
import { sql } from 'kysely';
import { noteEvent } from '../audit/audit-log.ts';
import type { Database } from '../database/connect.ts';
import type { Notices } from '../notices/notices.ts';
import { discardForNow, trashDays } from './draft-trash.ts';

/** Months after which the owner of a draft nobody works on is reminded, then every month. */
export const remindedMonths = 6;
/** Months after which it is discarded, if its owner was reminded. */
export const expiryMonths = 12;
/** Days a draft is kept at least after its first reminder, and after curators returned it. */
const leastDaysAfterReminder = 30;
const leastDaysAfterReturn = 90;

/** Whole months from one moment to another, by the calendar. */
export function monthsBetween(from: Date, to: Date): number {
  const months = (to.getUTCFullYear() - from.getUTCFullYear()) * 12 + to.getUTCMonth() - from.getUTCMonth();
  const then = new Date(from);
  then.setUTCMonth(then.getUTCMonth() + months);
  // A month that is shorter ends earlier: the 31st of January and a month is the end of February.
  if (then.getUTCDate() !== from.getUTCDate()) then.setUTCDate(0);
  return then > to ? months - 1 : months;
}

interface Idle {
  id: string;
  accession: string;
  title: string;
  ownerId: string;
  lastAt: Date;
  returnedAt: Date | null;
  firstReminder: Date | null;
}

/**
 * Reminds owners of drafts nobody worked on for six months, then monthly; after twelve months such a draft is discarded, and kept thirty days
 * more. Never without a reminder at least thirty days before, and never one that is with curators or approved.
 */
export async function followAbandonedDrafts(
  ports: { db: Database; studies: StudyStore; blobs: BlobStore; notices: Notices },
  now: Date,
): Promise<{ reminded: number; expired: number }> {
  const told = { reminded: 0, expired: 0 };
  for (const draft of await idleDrafts(ports.db, now)) {
    const months = monthsBetween(draft.lastAt, now);
    const days = (since: Date) => (now.getTime() - since.getTime()) / 86_400_000;
    const { firstReminder, lastAt } = draft;
    const isWarned = firstReminder !== null && firstReminder >= lastAt && days(firstReminder) >= leastDaysAfterReminder;
    const isKept = draft.returnedAt !== null && days(draft.returnedAt) < leastDaysAfterReturn;
    if (months >= expiryMonths && isWarned && !isKept) told.expired += (await expire(ports, draft)) ? 1 : 0;
    else told.reminded += (await remind(ports, draft, months, now)) ? 1 : 0;
  }
  return told;
}

/** Drafts with their owners that nobody worked on for six months; what the program itself did to them does not count. */
async function idleDrafts(db: Database, now: Date): Promise<Idle[]> {
  const before = new Date(now);
  before.setUTCMonth(before.getUTCMonth() - remindedMonths);
  const { rows } = await sql<Idle>`select * from (
    select draft.id, draft.accession, draft.owner_id as "ownerId",
      coalesce(nullif(draft.metadata->'values'->>'title', ''), draft.accession) as title,
      greatest(draft.updated_at, (select max(created_at) from upload where draft_id = draft.id),
        (select max(at) from audit_event where target = draft.accession and actor <> 'micrarium'
          and action like any (array['draft.%', 'file.%', 'review.%', 'item.%', 'upload.%']))) as "lastAt",
      (select max(at) from audit_event where target = draft.accession and action = 'review.editing'
        and detail->>'step' = 'return') as "returnedAt",
      (select min(at) from draft_reminder where draft_id = draft.id) as "firstReminder"
    from draft left join draft_review on draft_review.draft_id = draft.id
    where draft.state = 'editing' and coalesce(draft_review.state, 'editing') in ('editing', 'changes_requested')
      and draft.updated_at <= ${before}) as idle
    where "lastAt" <= ${before} order by id`.execute(db);
  return rows.map((row) => ({ ...row, title: shownTitle(row.title, row.accession) }));
}

/** Tells the owner once a month. */
async function remind(
  { db, notices }: { db: Database; notices: Notices },
  { id, accession, title, ownerId, lastAt, firstReminder }: Idle,
  months: number,
  now: Date,
): Promise<boolean> {
  return await db.transaction().execute(async (tx) => {
    // Somebody came back to it since: the reminders of before are of another time.
    if (firstReminder !== null && firstReminder < lastAt)
      await tx.deleteFrom('draft_reminder').where('draft_id', '=', id).execute();
    const isNew = await tx
      .insertInto('draft_reminder')
      .values({ draft_id: id, month: months, at: now })
      .onConflict((conflict) => conflict.columns(['draft_id', 'month']).doNothing())
      .returning('month')
      .executeTakeFirst();
    if (!isNew) return false;
    const expires = new Date(lastAt);
    expires.setUTCMonth(expires.getUTCMonth() + expiryMonths);
    const earliest = new Date(now.getTime() + leastDaysAfterReminder * 86_400_000);
    const day = (expires > earliest ? expires : earliest).toISOString().slice(0, 10);
    await notices.tell(
      [ownerId],
      { kind: 'draft-abandoned', link: `/deposit/${id}`, detail: { accession, title, months, day } },
      tx,
    );
    await noteEvent(tx, 'draft.remind', accession, { months });
    return true;
  });
}

async function expire(
  ports: { db: Database; studies: StudyStore; blobs: BlobStore; notices: Notices },
  { id, accession, title, ownerId }: Idle,
): Promise<boolean> {
  try {
    await discardForNow(ports, id, true);
  } catch (fault) {
    // Somebody took it up in this moment.
    if (fault instanceof DraftNotEditable) return false;
    throw fault;
  }
  await ports.notices.tell([ownerId], {
    kind: 'draft-expired',
    link: '/drafts',
    detail: { accession, title, days: trashDays },
    once: id,
  });
  return true;
}
