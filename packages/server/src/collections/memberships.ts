import { type Kysely, sql } from 'kysely';
import type { Tables } from '../database/tables.ts';

/** What a collection is called among the filters of the search: titles may be alike. */
export const collectionFilter = ({ id, title }: { id: string; title: string }): string => `${title} (${id})`;

/**
 * Brings the search up to date about the collections and communities that studies are in, in the transaction that changes them. Not in
 * their versions, which never change.
 */
export async function enterMemberships(tx: Kysely<Tables>, accessions: readonly string[]): Promise<void> {
  if (accessions.length === 0) return;
  await sql`with now_in as (select accession, jsonb_build_object(
      'collection', coalesce((select jsonb_agg(title || ' (' || id || ')' order by id) from collection
        join collection_entry on collection_id = id where accession = search_document.accession), '[]'::jsonb),
      'community', coalesce((select jsonb_agg(title order by slug) from community
        join community_study using (slug) where accession = search_document.accession and state = 'accepted'), '[]'::jsonb)) as sets
      from search_document where accession in (${sql.join(accessions)}))
    update search_document set more = more || sets,
      -- Who harvests one of these sets is to see that the study entered or left it.
      changed_at = case when coalesce(more->'collection', '[]'::jsonb) = sets->'collection'
          and coalesce(more->'community', '[]'::jsonb) = sets->'community' then changed_at
        else greatest(changed_at, date_trunc('milliseconds', now())) end
    from now_in where search_document.accession = now_in.accession`.execute(tx);
}

/** The sets of a harvest that studies are in: `collection:COL-000001`, `community:cell-atlas`. */
export async function setsOf(db: Kysely<Tables>, accessions: readonly string[]): Promise<Map<string, string[]>> {
  if (accessions.length === 0) return new Map();
  const { rows } = await sql<{ accession: string; name: string }>`
    select accession, 'collection:' || collection_id as name from collection_entry
      where accession in (${sql.join(accessions)})
    union all select accession, 'community:' || slug from community_study
      where state = 'accepted' and accession in (${sql.join(accessions)})
    order by name`.execute(db);
  const sets = new Map<string, string[]>();
  for (const { accession, name } of rows) sets.set(accession, [...(sets.get(accession) ?? []), name]);
  return sets;
}

/** Where a study is shown with others. */
export interface MembershipsOfStudy {
  /** The ones changed last first. */
  collections: { id: string; title: string }[];
  /** Those that accepted it, by title. */
  communities: { slug: string; title: string }[];
}

/** Collections and communities of a study, by name only: each view of a study's page asks. */
export async function membershipsOf(db: Kysely<Tables>, accession: string): Promise<MembershipsOfStudy> {
  const { rows } = await sql<{ kind: 'collection' | 'community'; id: string; title: string }>`
    select 'collection' as kind, collection.id::text as id, title, -extract(epoch from changed_at) as place
      from collection_entry join collection on collection.id = collection_id where accession = ${accession}
    union all
    select 'community', community.slug, title, 0
      from community_study join community using (slug) where accession = ${accession} and state = 'accepted'
    order by place, title, id limit 2000`.execute(db);
  return {
    collections: rows.flatMap(({ kind, id, title }) => (kind === 'collection' ? [{ id, title }] : [])),
    communities: rows.flatMap(({ kind, id, title }) => (kind === 'community' ? [{ slug: id, title }] : [])),
  };
}
