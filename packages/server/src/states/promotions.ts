import type { StudyCurator } from '@micrarium/model';
import { type DraftRow, newDraftVersion, type ReviewState, saveDraft, type StudyStore } from '@micrarium/repository';
import { tierKey, shownTitle } from '@micrarium/standards';
import { sql } from 'kysely';
import { noteEvent } from '../audit/audit-log.ts';
import type { Database } from '../database/connect.ts';
import { depositorOf } from '../questions/authors.ts';
import { StateRefused } from './state-refused.ts';

/** A draft that brings its study into the database tier. */
export interface OpenPromotion {
  draft: string;
  accession: string;
  title: string;
  version: number;
  /** Of a revision of the metadata of that version: `N.m`. Left out where files change, which makes the next version. */
  minor?: number;
  state: ReviewState;
  /** Name of the curator who began it. */
  curator: string;
  startedAt: string;
}

/** Account of the curator who promotes a study by this draft; `undefined` where the draft is an ordinary one. */
export async function promoterOf(db: Database, draftId: string): Promise<string | undefined> {
  const row = await db.selectFrom('promotion').select('curator').where('draft_id', '=', draftId).executeTakeFirst();
  return row?.curator;
}

/** Who is credited with the version of a draft: who began its promotion, then who took it on in review. Closed accounts keep their credit. */
export async function curatorsOf(db: Database, draftId: string): Promise<StudyCurator[]> {
  const { rows } = await sql<{ name: string; orcid: string | null }>`
    with credited as (
      select curator as id, 0 as at from promotion where draft_id = ${draftId}
      union all
      select assignee, 1 from draft_review join promotion using (draft_id)
      where draft_id = ${draftId} and assignee is not null and assignee <> curator)
    select name, (select substring("accountId" from '\\d{4}-\\d{4}-\\d{4}-\\d{3}[\\dX]') from auth_account
      where "userId" = auth_user.id and "providerId" = 'oidc-orcid' limit 1) as orcid
    from credited join auth_user on auth_user.id = credited.id where name <> '' order by at`.execute(db);
  return rows.map(({ name, orcid }) => ({ name, ...(orcid === null ? {} : { orcid }) }));
}

/** What curators approved of a draft, with their names and ORCID iDs; `undefined` where nobody did. */
export async function approvalOf(
  db: Database,
  draftId: string,
): Promise<{ at: string; curators: StudyCurator[] } | undefined> {
  const { rows } = await sql<{ at: Date; name: string; orcid: string | null }>`
    select approved_at as at, name, (select substring("accountId" from '\\d{4}-\\d{4}-\\d{4}-\\d{3}[\\dX]') from auth_account
      where "userId" = auth_user.id and "providerId" = 'oidc-orcid' limit 1) as orcid
    from draft_review, lateral (values (approved_first, 0), (approved_by, 1)) as credited (id, nth)
    join auth_user on auth_user.id = credited.id
    where draft_id = ${draftId} and state = 'approved' and approved_at is not null order by nth`.execute(db);
  if (rows.length === 0) return undefined;
  return {
    at: rows[0]!.at.toISOString(),
    curators: rows
      .filter(({ name }) => name !== '')
      .map(({ name, orcid }) => ({ name, ...(orcid === null ? {} : { orcid }) })),
  };
}

/** Promotions that were begun and not published yet, the oldest first; of one study, or of all that are not withdrawn: theirs wait until they are back. */
export async function openPromotions(db: Database, accession?: string): Promise<OpenPromotion[]> {
  const rows = await db
    .selectFrom('promotion')
    .innerJoin('draft', 'draft.id', 'promotion.draft_id')
    .leftJoin('draft_review', 'draft_review.draft_id', 'draft.id')
    .leftJoin('auth_user', 'auth_user.id', 'promotion.curator')
    .select(['draft.id', 'draft.accession', 'draft.version', 'draft.minor', 'draft.metadata'])
    .select(['draft_review.state', 'auth_user.name', 'started_at'])
    .where('draft.state', 'in', ['editing', 'publishing'])
    .$if(accession !== undefined, (query) => query.where('draft.accession', '=', accession!))
    .$if(accession === undefined, (query) =>
      query.where(({ exists, not, selectFrom }) =>
        not(
          exists(
            selectFrom('study_state')
              .select('study_state.accession')
              .whereRef('study_state.accession', '=', 'draft.accession')
              .where('study_state.state', '=', 'withdrawn'),
          ),
        ),
      ),
    )
    .orderBy('started_at')
    .limit(1000)
    .execute();
  return rows.map((row) => {
    const { title } = row.metadata.values;
    return {
      draft: row.id,
      accession: row.accession,
      title: shownTitle(title),
      version: row.version,
      ...(row.minor === null ? {} : { minor: row.minor }),
      state: row.state ?? 'editing',
      curator: row.name ?? '',
      startedAt: row.started_at.toISOString(),
    };
  });
}

/** What is written for readers of the list of versions; whoever submits may say it in other words. */
const promotionNote =
  'Brought from the archive into the database tier: the description was completed with a curator and reviewed.';

/**
 * Opens a revision of the metadata of an archive-tier study as a draft for the database tier; `widenPromotion` makes the next version of it
 * where files come or go. It is the depositor's, who submits and publishes it; the curator may edit it. Where no depositor is known (after a rebuild, or the account is closed) it is the curator's, for another to review.
 * @param tell tells the depositor, in the transaction that makes the draft a promotion
 * @throws StateRefused where the study is in the database tier, or has a draft that somebody works on; NotThere
 */
export async function beginPromotion(
  ports: { db: Database; studies: StudyStore },
  accession: string,
  curator: string,
  tell: (draft: DraftRow, tx: Database) => Promise<void> = async () => {},
): Promise<{ draft: DraftRow; isNew: boolean }> {
  const { db, studies } = ports;
  if ((await studies.getVersion(accession, 'newest'))?.tier === 'database')
    throw new StateRefused('This study is in the database tier already.');
  const { draft, created } = await newDraftVersion(
    ports,
    accession,
    (await depositorOf(db, accession)) ?? curator,
    true,
  );
  if ((await promoterOf(db, draft.id)) !== undefined) return { draft, isNew: false };
  // A kill between opening and naming leaves a draft that nobody touched: it is as good as a new one.
  if (!created && (draft.revision > 1 || draft.state !== 'editing'))
    throw new StateRefused('Somebody works on a draft of the next version. It must be published or discarded first.');
  await db.transaction().execute(async (tx) => {
    await tx
      .insertInto('promotion')
      .values({ draft_id: draft.id, accession, curator })
      .onConflict((conflict) => conflict.doNothing())
      .execute();
    await tell(draft, tx);
    const { version, minor } = draft;
    await noteEvent(tx, 'study.promote', accession, { version, ...(minor === undefined ? {} : { minor }) });
  });
  const { values, origins } = draft.metadata;
  const metadata = {
    values: { ...values, [tierKey]: 'database' },
    origins: { ...origins, [tierKey]: { kind: 'person' as const } },
  };
  return {
    draft: await saveDraft(ports, draft.id, draft.revision, {
      metadata,
      note: promotionNote,
      changeKinds: ['addition'],
      earlierResults: 'hold',
    }),
    isNew: true,
  };
}

/**
 * Makes the next version of a promotion that began as a revision: its files shall change, or how they are read, or which belong together, and a
 * revision has all of these from its version.
 * @returns whether it did; `false` where the draft is no such promotion
 */
export async function widenPromotion(db: Database, draftId: string): Promise<boolean> {
  return await db.transaction().execute(async (tx) => {
    const widened = await tx
      .updateTable('draft')
      .set({ version: sql<number>`version + 1`, minor: null })
      .where('id', '=', draftId)
      .where('state', '=', 'editing')
      .where('minor', 'is not', null)
      .where(({ exists, selectFrom }) =>
        exists(selectFrom('promotion').select('promotion.draft_id').whereRef('promotion.draft_id', '=', 'draft.id')),
      )
      .returning(['accession', 'version'])
      .executeTakeFirst();
    if (!widened) return false;
    await tx.deleteFrom('draft_revision').where('draft_id', '=', draftId).execute();
    await noteEvent(tx, 'draft.widen', widened.accession, { version: widened.version });
    return true;
  });
}
