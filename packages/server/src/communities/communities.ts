import { shownTitle } from '@micrarium/standards';
import { type Kysely, type RawBuilder, sql } from 'kysely';
import { noteEvent } from '../audit/audit-log.ts';
import { enterMemberships } from '../collections/memberships.ts';
import type { Database } from '../database/connect.ts';
import type { Tables } from '../database/tables.ts';
import { askToKeep } from '../kept/ask-to-keep.ts';
import type { Notices } from '../notices/notices.ts';
import { authorsOf, titleOf } from '../questions/authors.ts';
import { StateRefused } from '../states/state-refused.ts';

/** Colours a community may choose for its page: those of the design, by name. */
export const communityColours = ['blue', 'teal', 'green', 'amber', 'red', 'violet'] as const;

/** A community in a list. */
export interface CommunityLine {
  /** Its name in addresses. */
  slug: string;
  title: string;
  /** Studies it accepted that can be read. */
  studies: number;
  changedAt: string;
}

/** A study that was sent to a community. */
export interface CommunityStudy {
  accession: string;
  title: string;
  authors: string;
  publishedAt: string;
  state: 'submitted' | 'accepted' | 'declined';
  reason: string;
  /** ISO 8601. */
  submittedAt: string;
}

/** A group that shows itself. */
export interface Community extends CommunityLine {
  text: string;
  website: string;
  colour: (typeof communityColours)[number];
  /** The group behind it. */
  group: string;
  createdAt: string;
}

const isReadable = sql`exists (select 1 from study_version where study_version.accession = community_study.accession)
  and not exists (select 1 from study_state where study_state.accession = community_study.accession
    and (study_state.state = 'withdrawn' or (study_state.state = 'embargoed' and is_private)))`;

interface Row {
  slug: string;
  title: string;
  text: string;
  website: string;
  colour: string;
  team_id: string;
  created_at: Date;
  changed_at: Date;
  studies: number;
}

function toCommunity(row: Row): Community {
  return {
    slug: row.slug,
    title: row.title,
    text: row.text,
    website: row.website,
    colour: communityColours.find((one) => one === row.colour) ?? 'blue',
    group: row.team_id,
    studies: row.studies,
    createdAt: row.created_at.toISOString(),
    changedAt: row.changed_at.toISOString(),
  };
}

const selected = sql`select community.*, (select count(*)::int from community_study
  where community_study.slug = community.slug and state = 'accepted' and ${isReadable}) as studies from community`;

/** Communities by title. @param study only those that accepted it */
export async function listCommunities(db: Kysely<Tables>, study?: string): Promise<Community[]> {
  const { rows } = await sql<Row>`${selected} where ${
    study === undefined
      ? sql`true`
      : sql`exists (select 1 from community_study where community_study.slug = community.slug
          and accession = ${study} and state = 'accepted')`
  } order by title, slug limit 1000`.execute(db);
  return rows.map(toCommunity);
}

/** A community; `undefined` where there is none of this name. */
export async function findCommunity(db: Kysely<Tables>, slug: string): Promise<Community | undefined> {
  const { rows } = await sql<Row>`${selected} where community.slug = ${slug}`.execute(db);
  return rows[0] && toCommunity(rows[0]);
}

/** Studies that were sent to a community in some states, newest first. */
export const studiesOf = (
  db: Kysely<Tables>,
  slug: string,
  states: readonly CommunityStudy['state'][],
): Promise<CommunityStudy[]> => sentStudies(db, slug, sql`community_study.state in (${sql.join(states)})`);

/** Studies that were sent to a community and that somebody answers for, in every state, newest first. */
export const studiesOfAuthor = (db: Kysely<Tables>, slug: string, userId: string): Promise<CommunityStudy[]> =>
  sentStudies(
    db,
    slug,
    sql`community_study.accession in (select accession from study where owner_id = ${userId}
      union select accession from study_share where user_id = ${userId} and access = 'edit'
      union select accession from study_share join team_member using (team_id)
        where team_member.user_id = ${userId} and access = 'edit')`,
  );

async function sentStudies(
  db: Kysely<Tables>,
  slug: string,
  condition: RawBuilder<unknown>,
): Promise<CommunityStudy[]> {
  const { rows } = await sql<{
    accession: string;
    state: CommunityStudy['state'];
    reason: string;
    submitted_at: Date;
    published_at: Date;
    title: string | null;
    authors: string[] | null;
  }>`select community_study.accession, state, reason, submitted_at, newest.published_at, newest.title,
      (select array(select jsonb_array_elements_text(document->'authors')) from search_document
        where search_document.accession = community_study.accession) as authors
    from community_study join lateral (select published_at, document->'metadata'->'values'->>'title' as title
      from study_version where study_version.accession = community_study.accession
      order by version desc limit 1) as newest on true
    where slug = ${slug} and ${condition} and ${isReadable}
    order by submitted_at desc, community_study.accession limit 1000`.execute(db);
  return rows.map((row) => ({
    accession: row.accession,
    title: shownTitle(row.title, row.accession),
    authors: (row.authors ?? []).join(', '),
    publishedAt: row.published_at.toISOString(),
    state: row.state,
    reason: row.reason,
    submittedAt: row.submitted_at.toISOString(),
  }));
}

/** What one says of a community. */
export interface CommunityInput {
  title: string;
  text: string;
  website: string;
  colour: Community['colour'];
}

/** Makes the page of a group, or changes it. @throws StateRefused where name or title is taken, or the group has a page */
export async function keepCommunity(
  db: Database,
  slug: string,
  input: CommunityInput,
  group: string | undefined,
): Promise<void> {
  await db.transaction().execute(async (tx) => {
    const { rows: alike } = await sql<{ slug: string; has_title: boolean }>`
      select slug, lower(title) = lower(${input.title}) as has_title from community
      where slug <> ${slug} and (lower(title) = lower(${input.title}) or team_id = ${group ?? ''})`.execute(tx);
    if (alike.some((one) => one.has_title))
      throw new StateRefused('Another community has this title. Choose another one.');
    const [other] = alike;
    if (other) throw new StateRefused(`The group has a page already, /communities/${other.slug}: change that one.`);
    const changed =
      group === undefined
        ? await tx
            .updateTable('community')
            .set({ ...input, changed_at: new Date() })
            .where('slug', '=', slug)
            .returning('slug')
            .executeTakeFirst()
        : await tx
            .insertInto('community')
            .values({ slug, team_id: group, ...input })
            .onConflict((conflict) => conflict.doNothing())
            .returning('slug')
            .executeTakeFirst();
    if (!changed)
      throw new StateRefused(
        group === undefined
          ? 'There is no such community any more.'
          : 'Another community has this name in its address. Choose another one.',
      );
    const { rows } = await sql<{ accession: string }>`select accession from community_study
      where slug = ${slug} and state = 'accepted'`.execute(tx);
    await enterMemberships(
      tx,
      rows.map(({ accession }) => accession),
    );
    await askToKeep(tx, 'community', slug);
    await noteEvent(tx, group === undefined ? 'community.change' : 'community.make', slug);
  });
}

/** Accounts that curate a community: who leads its group. */
async function curatorsOf(tx: Kysely<Tables>, slug: string): Promise<string[]> {
  const { rows } = await sql<{ user_id: string }>`select user_id from team_member join community using (team_id)
    where slug = ${slug} and leads`.execute(tx);
  return rows.map(({ user_id }) => user_id);
}

/** Sends a study to a community, whose curators are told. Sent again after it was declined, it waits again. */
export async function submitStudy(
  { db, notices }: { db: Database; notices: Notices },
  { slug, accession }: { slug: string; accession: string },
  by: { id: string; name: string },
): Promise<void> {
  await db.transaction().execute(async (tx) => {
    const { rows } = await sql`insert into community_study (slug, accession, state, submitted_by)
      values (${slug}, ${accession}, 'submitted', ${by.id})
      on conflict (slug, accession) do update set state = 'submitted', reason = '', submitted_by = ${by.id},
        submitted_at = now() where community_study.state = 'declined' returning slug`.execute(tx);
    if (rows.length === 0) throw new StateRefused('This study was sent to the community before.');
    const detail = { accession, name: by.name, title: await titleOf(tx, accession) };
    const notice = { kind: 'community-asked' as const, link: `/community-desk/${slug}`, detail };
    await notices.tell(await curatorsOf(tx, slug), notice, tx);
    await noteEvent(tx, 'community.submit', accession, { community: slug });
  });
}

/** Accepts or declines a study; those who answer for it are told. `false` where it was not sent. */
export async function decideStudy(
  { db, notices }: { db: Database; notices: Notices },
  { slug, accession }: { slug: string; accession: string },
  decision: { state: 'accepted' | 'declined'; reason: string },
  by: string,
): Promise<boolean> {
  return await db.transaction().execute(async (tx) => {
    const row = await tx
      .updateTable('community_study')
      .set({
        state: decision.state,
        reason: decision.state === 'declined' ? decision.reason : '',
        decided_by: by,
        decided_at: new Date(),
      })
      .where('slug', '=', slug)
      .where('accession', '=', accession)
      .returning('slug')
      .executeTakeFirst();
    if (!row) return false;
    const name = (await findCommunity(tx, slug))?.title ?? slug;
    const detail = { accession, name, title: await titleOf(tx, accession), decision: decision.state };
    const quote = decision.state === 'declined' && decision.reason !== '' ? { quote: decision.reason } : {};
    // An accepted study stands on the page of the community; one that was declined may be sent again from its desk.
    const link = decision.state === 'accepted' ? `/communities/${slug}` : `/community-desk/${slug}`;
    const notice = { kind: 'community-decided' as const, link, detail, ...quote };
    await notices.tell(
      (await authorsOf(tx, accession)).filter((one) => one !== by),
      notice,
      tx,
    );
    await enterMemberships(tx, [accession]);
    await askToKeep(tx, 'community', slug);
    await noteEvent(tx, `community.${decision.state}`, accession, { community: slug });
    return true;
  });
}

/**
 * Takes a study out of a community; where who curates it does so, those who answer for the study are told.
 * @returns `false` where it was not sent
 */
export async function takeOut(
  { db, notices }: { db: Database; notices: Notices },
  { slug, accession }: { slug: string; accession: string },
  by: { id: string; curates: boolean },
): Promise<boolean> {
  return await db.transaction().execute(async (tx) => {
    const gone = await tx
      .deleteFrom('community_study')
      .where('slug', '=', slug)
      .where('accession', '=', accession)
      .returning('slug')
      .executeTakeFirst();
    if (!gone) return false;
    if (by.curates) {
      const authors = (await authorsOf(tx, accession)).filter((one) => one !== by.id);
      const name = (await findCommunity(tx, slug))?.title ?? slug;
      const detail = { accession, name, title: await titleOf(tx, accession), decision: 'taken-out' };
      await notices.tell(authors, { kind: 'community-decided', link: `/community-desk/${slug}`, detail }, tx);
    }
    await enterMemberships(tx, [accession]);
    await askToKeep(tx, 'community', slug);
    await noteEvent(tx, 'community.take-out', accession, { community: slug });
    return true;
  });
}
