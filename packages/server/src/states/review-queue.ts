import type { FieldValue, StudyTier } from '@micrarium/model';
import type { ReviewState } from '@micrarium/repository';
import { splitValueKey, tierOf, shownTitle } from '@micrarium/standards';
import { sql } from 'kysely';
import type { Database } from '../database/connect.ts';

/** A draft that waits for curators, with what a queue is filtered by. */
export interface QueuedReview {
  draft: string;
  accession: string;
  title: string;
  state: ReviewState;
  version: number;
  tier: StudyTier;
  assignee?: string;
  /** Name of who deposits it. */
  depositor: string;
  /** Has its depositor nothing published yet? */
  isFirst: boolean;
  /** Are data of people declared? */
  holdsPeople: boolean;
  organisms: string[];
  /** Collections and communities its study is in. */
  collections: string[];
  files: number;
  bytes: number;
  submittedAt: string;
  /** When a curator first did something with it; left out where nobody has. */
  answeredAt?: string;
  /** Until when the first answer is promised (`answerWorkingDays`). */
  answerBy: string;
  isLate: boolean;
  publishOn?: string;
}

/** Working days within which a curator answers first (repository-practice 3). */
export const answerWorkingDays = 5;

/** The moment so many working days (Monday to Friday, by UTC) after another. */
export function workingDaysAfter(from: Date, days: number): Date {
  const at = new Date(from);
  for (let left = days; left > 0; ) {
    at.setUTCDate(at.getUTCDate() + 1);
    if (at.getUTCDay() !== 0 && at.getUTCDay() !== 6) left--;
  }
  return at;
}

/** Drafts that wait for curators, the oldest first. */
export async function reviewQueue(db: Database, now: Date): Promise<QueuedReview[]> {
  const { rows } = await sql<{
    draft: string;
    accession: string;
    version: number;
    values: Record<string, FieldValue>;
    state: ReviewState;
    submitted: Date;
    answered: Date | null;
    publish: string | null;
    assignee: string | null;
    depositor: string | null;
    isFirst: boolean;
    people: boolean;
    files: number;
    bytes: number;
    collections: string[];
  }>`select draft.id as draft, draft.accession, draft.version, draft.metadata->'values' as values, review.state,
      submitted_at as submitted, answered_at as answered, publish_on::text as publish, curator.name as assignee, owner.name as depositor,
      not exists (select 1 from study join study_version using (accession) where study.owner_id = draft.owner_id) as "isFirst",
      coalesce((select (declaration->>'human')::boolean from draft_access where draft_id = draft.id), false) as people,
      (select count(*)::int from draft_file where draft_id = draft.id) as files,
      (select coalesce(sum(size), 0)::bigint from draft_file where draft_id = draft.id) as bytes,
      array(select community.title from community_study join community using (slug)
        where community_study.accession = draft.accession and state in ('submitted', 'accepted')
        union select collection.title from collection_entry join collection on collection.id = collection_entry.collection_id
        where collection_entry.accession = draft.accession order by 1) as collections
    from draft_review as review join draft on draft.id = review.draft_id
    left join auth_user as curator on curator.id = review.assignee and curator.disabled_at is null
    left join auth_user as owner on owner.id = draft.owner_id
    where draft.state = 'editing' and review.state in ('submitted', 'in_review', 'changes_requested', 'approved')
    order by submitted_at limit 1000`.execute(db);
  return rows.map((row) => {
    const answerBy = workingDaysAfter(row.submitted, answerWorkingDays);
    return {
      draft: row.draft,
      accession: row.accession,
      version: row.version,
      title: shownTitle(row.values['title']),
      state: row.state,
      tier: tierOf(row.values),
      depositor: row.depositor ?? '',
      isFirst: row.isFirst,
      holdsPeople: row.people,
      organisms: organismsOf(row.values),
      collections: row.collections,
      files: row.files,
      bytes: row.bytes,
      submittedAt: row.submitted.toISOString(),
      answerBy: answerBy.toISOString(),
      isLate: row.answered === null && row.state === 'submitted' && answerBy < now,
      ...(row.answered === null ? {} : { answeredAt: row.answered.toISOString() }),
      ...(row.assignee === null ? {} : { assignee: row.assignee }),
      ...(row.publish === null ? {} : { publishOn: row.publish }),
    };
  });
}

/** Organisms the metadata name, of the study or of its data sets. */
function organismsOf(values: Readonly<Record<string, FieldValue>>): string[] {
  const said = Object.entries(values)
    .filter(([key]) => splitValueKey(key).field === 'organism')
    .flatMap(([, value]) => (Array.isArray(value) ? (value as unknown[]) : [value]))
    .map((one) => (typeof one === 'object' && one !== null ? (one as { label?: unknown }).label : one));
  return [...new Set(said.filter((one): one is string => typeof one === 'string' && one !== ''))].sort();
}

/** Filters of the queue that a curator keeps, by name. */
export async function keptFilters(
  db: Database,
  userId: string,
): Promise<{ name: string; filter: Record<string, string> }[]> {
  return await db
    .selectFrom('review_filter')
    .select(['name', 'filter'])
    .where('user_id', '=', userId)
    .orderBy('name')
    .execute();
}

/** Most filters one curator keeps. */
export const mostFilters = 50;

/** Keeps a filter under a name, or forgets it where none is given. @returns `false` where there are too many */
export async function keepFilter(
  db: Database,
  userId: string,
  name: string,
  filter: Record<string, string> | null,
): Promise<boolean> {
  if (filter === null) {
    await db.deleteFrom('review_filter').where('user_id', '=', userId).where('name', '=', name).execute();
    return true;
  }
  const kept = await keptFilters(db, userId);
  if (kept.length >= mostFilters && !kept.some((one) => one.name === name)) return false;
  const row = { user_id: userId, name, filter: JSON.stringify(filter) };
  await db
    .insertInto('review_filter')
    .values(row)
    .onConflict((conflict) => conflict.columns(['user_id', 'name']).doUpdateSet({ filter: row.filter }))
    .execute();
  return true;
}
