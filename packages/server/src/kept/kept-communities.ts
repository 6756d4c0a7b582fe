import { type Kysely, sql } from 'kysely';
import { z } from 'zod';
import type { Database } from '../database/connect.ts';
import type { Tables } from '../database/tables.ts';

const kept = z.object({
  title: z.string(),
  text: z.string(),
  website: z.string(),
  colour: z.string(),
  group: z.object({ id: z.string(), name: z.string() }),
  createdAt: z.iso.datetime(),
  changedAt: z.iso.datetime(),
  accepted: z.array(z.object({ accession: z.string(), submittedAt: z.iso.datetime(), decidedAt: z.iso.datetime() })),
});

/** A community with the studies it accepted, as the archive keeps it; `undefined` where it is gone. Members are accounts, and not in it. */
export async function communityNote(
  db: Kysely<Tables>,
  slug: string,
): Promise<{ note: object; at: string } | undefined> {
  const row = await db
    .selectFrom('community')
    .innerJoin('team', 'team.id', 'team_id')
    .selectAll('community')
    .select('team.name')
    .where('slug', '=', slug)
    .executeTakeFirst();
  if (!row) return undefined;
  const accepted = await db
    .selectFrom('community_study')
    .select(['accession', 'submitted_at', 'decided_at'])
    .where('slug', '=', slug)
    .where('state', '=', 'accepted')
    .orderBy('accession')
    .execute();
  const note: z.input<typeof kept> = {
    title: row.title,
    text: row.text,
    website: row.website,
    colour: row.colour,
    group: { id: row.team_id, name: row.name },
    createdAt: row.created_at.toISOString(),
    changedAt: row.changed_at.toISOString(),
    accepted: accepted.map(({ accession, submitted_at: at, decided_at: decided }) => ({
      accession,
      submittedAt: at.toISOString(),
      decidedAt: (decided ?? at).toISOString(),
    })),
  };
  const moments = [row.changed_at, ...accepted.map((one) => one.decided_at ?? one.submitted_at)];
  const at = new Date(Math.max(...moments.map((one) => one.getTime()))).toISOString();
  return { note: { schema: 1, slug, ...note }, at };
}

/** Enters a community that the archive keeps, with its group; who is in that comes from a backup. */
export async function enterCommunity(db: Database, slug: string, value: unknown): Promise<void> {
  const read = kept.safeParse(value).data;
  if (!read) return;
  const { group } = read;
  await db.transaction().execute(async (tx) => {
    await sql`insert into team (id, name) values (${group.id}, ${group.name}) on conflict do nothing`.execute(tx);
    await sql`insert into community (slug, team_id, title, text, website, colour, created_at, changed_at)
      values (${slug}, ${group.id}, ${read.title}, ${read.text}, ${read.website}, ${read.colour},
        ${read.createdAt}::timestamptz, ${read.changedAt}::timestamptz) on conflict do nothing`.execute(tx);
    for (const { accession, submittedAt, decidedAt } of read.accepted)
      await sql`insert into community_study (slug, accession, state, submitted_at, decided_at)
        select ${slug}, ${accession}, 'accepted', ${submittedAt}::timestamptz, ${decidedAt}::timestamptz
        where exists (select 1 from study where accession = ${accession})
          and exists (select 1 from community where slug = ${slug}) on conflict do nothing`.execute(tx);
  });
}
