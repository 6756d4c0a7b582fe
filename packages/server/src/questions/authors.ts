import type { Resource, Subject } from '@micrarium/repository';
import { shownTitle } from '@micrarium/standards';
import { sql } from 'kysely';
import { accessOf } from '../auth/sharing.ts';
import type { Database } from '../database/connect.ts';

/**
 * Accounts that answer for a study: who deposited it and who may edit it by sharing; where none of them is there any more (after a rebuild,
 * or all accounts are closed), the curators.
 */
export async function authorsOf(db: Database, accession: string): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    with author as (
      select owner_id as id from study where accession = ${accession}
      union select user_id from study_share where accession = ${accession} and access = 'edit'
      union select team_member.user_id from study_share join team_member using (team_id)
        where accession = ${accession} and access = 'edit')
    select auth_user.id from auth_user join author using (id) where disabled_at is null
    union select id from auth_user where role in ('owner', 'curator') and disabled_at is null
      and not exists (select 1 from auth_user join author using (id) where disabled_at is null)`.execute(db);
  return rows.map(({ id }) => id);
}

/** Title of the newest version, for what people are told; the accession where there is none. */
export async function titleOf(db: Database, accession: string): Promise<string> {
  const { rows } = await sql<{ title: string | null }>`select document->'metadata'->'values'->>'title' as title
    from study_version where accession = ${accession} order by version desc limit 1`.execute(db);
  return shownTitle(rows[0]?.title, accession);
}

/** Account of who deposited a study, where it is open. */
export async function depositorOf(db: Database, accession: string): Promise<string | undefined> {
  const row = await db
    .selectFrom('study')
    .innerJoin('auth_user', 'auth_user.id', 'study.owner_id')
    .select('auth_user.id')
    .where('accession', '=', accession)
    .where('disabled_at', 'is', null)
    .executeTakeFirst();
  return row?.id;
}

/** A study as `can` asks who answers for it: with its owner where that account is open, and what sharing gives the subject. */
export async function authoredStudy(db: Database, accession: string, subject: Subject): Promise<Resource> {
  const isSomebody = subject.kind === 'user' || subject.kind === 'token';
  const shared = isSomebody ? await accessOf(db, accession, subject.userId) : undefined;
  return { kind: 'study', accession, ownerId: await depositorOf(db, accession), ...(shared ? { shared } : {}) };
}
