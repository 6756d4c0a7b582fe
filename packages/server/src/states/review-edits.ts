import {
  type ChangeKind,
  type EarlierResults,
  type FieldValue,
  type StudyMetadata,
  type VersionNote,
  versionNoteOf,
} from '@micrarium/model';
import { changedFields, type DraftRow } from '@micrarium/repository';
import { sql } from 'kysely';
import { whoActs } from '../audit/acting.ts';
import { noteEvent } from '../audit/audit-log.ts';
import type { Database } from '../database/connect.ts';
import { storedKinds } from '../database/stored-kinds.ts';
import type { Notices } from '../notices/notices.ts';
import { StateRefused } from './state-refused.ts';

/** What of a draft a curator may write in place. */
type Written = Pick<DraftRow, 'metadata' | 'datasetTitles'> & {
  [Part in keyof VersionNote]?: VersionNote[Part] | undefined;
};

/** A value a curator wrote into a draft in review, with what its depositor says to it. */
export interface ReviewEdit {
  id: number;
  /** Key of the value: a field, `FIELD@DATASET`, `datasetTitle@DATASET`, or a part of the version note. */
  field: string;
  before?: FieldValue;
  after?: FieldValue;
  /** Name of the curator as of now. */
  curator: string;
  at: string;
  state: 'waiting' | 'accepted' | 'objected';
  /** What the depositor said with it. */
  answer: string;
}

const titleKey = 'datasetTitle@';

/** Values of the metadata with the titles of data sets and the version note, each under a key of its own. */
function valuesOf({ metadata, datasetTitles, ...said }: Written): StudyMetadata {
  const titles = Object.entries(datasetTitles).map(([id, title]) => [titleKey + id, title] as const);
  const values = { ...metadata.values, ...Object.fromEntries(titles), ...versionNoteOf(said) };
  return { values, origins: {} };
}

/** Is who acts the curator who has this draft in review, so that what they write is for the depositor to accept? */
export async function writesInPlace(db: Database, draftId: string): Promise<boolean> {
  const row = await db
    .selectFrom('draft_review')
    .select(['state', 'assignee'])
    .where('draft_id', '=', draftId)
    .executeTakeFirst();
  return row?.state === 'in_review' && row.assignee === whoActs().actor;
}

/** Notes what a curator changed in place, value by value; one that is put back as it was needs no answer. Runs in the transaction that saves. */
export async function noteEdits(tx: Database, draftId: string, before: Written, after: Written): Promise<void> {
  const changed = changedFields(valuesOf(before), valuesOf(after));
  if (changed.length > 0) await forgetFirstApproval(tx, draftId);
  for (const { field, before: was, after: is } of changed) {
    const waiting = await tx
      .selectFrom('review_edit')
      .select(['id', 'before'])
      .where('draft_id', '=', draftId)
      .where('field', '=', field)
      .where('state', '=', 'waiting')
      .executeTakeFirst();
    if (!waiting) {
      await tx
        .insertInto('review_edit')
        .values({ draft_id: draftId, field, before: stored(was), after: stored(is), curator: whoActs().actor })
        .execute();
      continue;
    }
    const isAsBefore = sameValue(waiting.before as FieldValue | null, is);
    if (isAsBefore) await tx.deleteFrom('review_edit').where('id', '=', waiting.id).execute();
    else
      await tx
        .updateTable('review_edit')
        .set({ after: stored(is), curator: whoActs().actor, at: new Date() })
        .where('id', '=', waiting.id)
        .execute();
  }
}

/** Where two must approve, both approve the same: what was changed since the first of them is approved anew. */
async function forgetFirstApproval(tx: Database, draftId: string): Promise<void> {
  await tx.updateTable('draft_review').set({ first_approval: null }).where('draft_id', '=', draftId).execute();
}

const stored = (value: FieldValue | undefined) => (value === undefined ? null : JSON.stringify(value));

function sameValue(a: FieldValue | null | undefined, b: FieldValue | null | undefined): boolean {
  const both = [a, b].map((value) => ({ values: value == null ? {} : { value }, origins: {} }));
  return changedFields(both[0]!, both[1]!).length === 0;
}

/** What curators wrote into a draft, the oldest first. */
export async function listEdits(db: Database, draftId: string): Promise<ReviewEdit[]> {
  const rows = await db
    .selectFrom('review_edit')
    .leftJoin('auth_user', 'auth_user.id', 'review_edit.curator')
    .selectAll('review_edit')
    .select('auth_user.name')
    .where('draft_id', '=', draftId)
    .orderBy('review_edit.id')
    .execute();
  return rows.map(({ id, field, before, after, name, at, state, answer }) => ({
    id,
    field,
    ...(before === null ? {} : { before: before as FieldValue }),
    ...(after === null ? {} : { after: after as FieldValue }),
    curator: name ?? '',
    at: at.toISOString(),
    state,
    answer,
  }));
}

/**
 * The depositor accepts what a curator wrote, or objects: then the value is again what it was before, unless somebody changed it since.
 * @param tell tells the curator, in the same transaction
 * @returns `false` where nothing of this id waits
 * @throws StateRefused where the draft is approved or published
 */
export async function decideEdit(
  db: Database,
  draft: Pick<DraftRow, 'id' | 'accession'>,
  id: number,
  { isAccepted, answer }: { isAccepted: boolean; answer: string },
  tell: (tx: Database, curator: string) => Promise<void> = async () => {},
): Promise<boolean> {
  return await db.transaction().execute(async (tx) => {
    const now = await tx.selectFrom('draft').selectAll().where('id', '=', draft.id).forUpdate().executeTakeFirst();
    if (now?.state !== 'editing') throw new StateRefused('This draft is published, or was discarded.', []);
    const edit = await tx
      .updateTable('review_edit')
      .set({ state: isAccepted ? 'accepted' : 'objected', answer, decided_at: new Date() })
      .where('draft_id', '=', draft.id)
      .where('id', '=', id)
      .where('state', '=', 'waiting')
      .returningAll()
      .executeTakeFirst();
    if (!edit) return false;
    const written: Written = {
      metadata: now.metadata,
      datasetTitles: now.dataset_titles,
      note: now.note ?? undefined,
      changeKinds: now.change_kinds ?? undefined,
      earlierResults: now.earlier_results ?? undefined,
    };
    const current = valuesOf(written).values[edit.field];
    if (!isAccepted && sameValue(current, edit.after as FieldValue | null)) {
      const back = withValue(written, edit.field, edit.before as FieldValue | null);
      await tx
        .updateTable('draft')
        .set({
          metadata: JSON.stringify(back.metadata),
          dataset_titles: JSON.stringify(back.datasetTitles),
          note: back.note ?? null,
          change_kinds: storedKinds(back.changeKinds ?? []),
          earlier_results: back.earlierResults ?? null,
          revision: sql<number>`revision + 1`,
          updated_at: sql<Date>`now()`,
        })
        .where('id', '=', draft.id)
        .execute();
      await forgetFirstApproval(tx, draft.id);
    }
    await tell(tx, edit.curator);
    await noteEvent(tx, isAccepted ? 'review.edit-accepted' : 'review.edit-objected', draft.accession, {
      edit: id,
      field: edit.field,
    });
    return true;
  });
}

function withValue(written: Written, field: string, value: FieldValue | null): Written {
  if (field === 'note') return { ...written, note: value === null ? undefined : String(value) };
  if (field === 'changeKinds') return { ...written, changeKinds: value === null ? undefined : (value as ChangeKind[]) };
  if (field === 'earlierResults')
    return { ...written, earlierResults: value === null ? undefined : (value as EarlierResults & FieldValue) };
  if (field.startsWith(titleKey)) {
    const { [field.slice(titleKey.length)]: _gone, ...datasetTitles } = written.datasetTitles;
    return {
      ...written,
      datasetTitles:
        value === null ? datasetTitles : { ...datasetTitles, [field.slice(titleKey.length)]: String(value) },
    };
  }
  const { [field]: _value, ...values } = written.metadata.values;
  return {
    ...written,
    metadata: { ...written.metadata, values: value === null ? values : { ...values, [field]: value } },
  };
}

/** Tells the depositor that a curator wrote into their draft: once while it is in review, not with every save. */
export async function tellOfEdits(
  { db, notices }: { db: Database; notices: Notices },
  draft: Pick<DraftRow, 'id' | 'accession' | 'ownerId' | 'metadata'>,
  name: string,
): Promise<void> {
  const row = await db
    .selectFrom('draft_review')
    .select('submitted_at')
    .where('draft_id', '=', draft.id)
    .where('state', '=', 'in_review')
    .where('assignee', '=', whoActs().actor)
    .executeTakeFirst();
  if (!row) return;
  const { title } = draft.metadata.values;
  const { accession } = draft;
  await notices.tell([draft.ownerId], {
    kind: 'edited-in-place',
    link: `/review/${draft.id}`,
    detail: { accession, name, title: typeof title === 'string' && title !== '' ? title : accession },
    once: `${draft.id} ${row.submitted_at.toISOString()}`,
  });
}
