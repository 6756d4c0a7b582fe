import type { Resource, Subject } from '@micrarium/repository';
import { sql } from 'kysely';
import { accessOf } from '../auth/sharing.ts';
import type { Database } from '../database/connect.ts';

/** Does somebody lead a community that took the study in? Their standing towards it is that of section 12's collection curators. */
export async function curatesStudy(db: Database, accession: string, userId: string): Promise<boolean> {
  const { rows } = await sql`select 1 from community_study join community using (slug)
    join team_member using (team_id)
    where accession = ${accession} and community_study.state = 'accepted' and user_id = ${userId} and leads limit 1`.execute(
    db,
  );
  return rows.length > 0;
}

/** Accounts that curate a study for a community that took it in. */
export async function communityCurators(db: Database, accession: string): Promise<string[]> {
  const { rows } = await sql<{
    id: string;
  }>`select distinct auth_user.id from community_study join community using (slug)
    join team_member using (team_id) join auth_user on auth_user.id = team_member.user_id
    where accession = ${accession} and community_study.state = 'accepted' and leads and disabled_at is null`.execute(
    db,
  );
  return rows.map(({ id }) => id);
}

/** Does somebody lead a community, or is named to decide who may read the files of a study? */
export async function hasOtherRole(db: Database, userId: string): Promise<boolean> {
  const { rows } = await sql`select from community join team_member using (team_id) where user_id = ${userId} and leads
    union all select from access_committee where user_id = ${userId} limit 1`.execute(db);
  return rows.length > 0;
}

/** Studies of communities that somebody leads. */
export async function studiesCuratedBy(db: Database, userId: string): Promise<string[]> {
  const { rows } = await sql<{ accession: string }>`select distinct accession from community_study
    join community using (slug) join team_member using (team_id)
    where community_study.state = 'accepted' and user_id = ${userId} and leads`.execute(db);
  return rows.map(({ accession }) => accession);
}

/** A study as `can` asks for it: with its owner, what sharing gives the subject, and whether they curate it for a community. */
export async function studyResource(
  { db, studies }: { db: Database; studies: { ownerOf(accession: string): Promise<string | undefined> } },
  subject: Subject,
  accession: string,
): Promise<Extract<Resource, { kind: 'study' }>> {
  const ownerId = await studies.ownerOf(accession);
  if (subject.kind === 'anonymous' || subject.kind === 'system') return { kind: 'study', accession, ownerId };
  const { userId } = subject;
  const [shared, curates] = await Promise.all([accessOf(db, accession, userId), curatesStudy(db, accession, userId)]);
  return { kind: 'study', accession, ownerId, ...(shared ? { shared } : {}), ...(curates ? { curates } : {}) };
}
