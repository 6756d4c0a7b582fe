import type { HarvestQuery } from '@micrarium/repository';
import { type RawBuilder, sql } from 'kysely';

/** Which studies of a harvest are asked for beside those of a time. */
export type HarvestSet = Pick<HarvestQuery, 'licence' | 'kind' | 'tier' | 'collection' | 'community'>;

/** Where a table has what sets are made of. */
export interface HarvestColumns {
  licence: RawBuilder<unknown>;
  /** A list, as JSON. */
  kinds: RawBuilder<unknown>;
  tier: RawBuilder<unknown>;
  accession: RawBuilder<unknown>;
}

/** Letters of a name of a set, as OAI-PMH has them; a licence with others has no set of its own. */
export const isSetName = (name: string): boolean => /^[A-Za-z0-9\-_.!~*'()]+$/.test(name);

/** Conditions for the studies of a set: those that are there and those that were withdrawn have the same sets. */
export function inHarvestSets(set: HarvestSet, columns: HarvestColumns): RawBuilder<unknown>[] {
  const { licence, kind, tier, collection, community } = set;
  const conditions: RawBuilder<unknown>[] = [];
  if (licence === 'other') conditions.push(sql`coalesce(${columns.licence}, '') !~ '^[A-Za-z0-9_.!~*''()-]+$'`);
  else if (licence !== undefined) conditions.push(sql`${columns.licence} = ${licence}`);
  if (kind === '*') conditions.push(sql`${columns.kinds} <> '[]'::jsonb`);
  else if (kind !== undefined) conditions.push(sql`${columns.kinds} @> ${JSON.stringify([kind])}::jsonb`);
  if (tier !== undefined) conditions.push(sql`coalesce(${columns.tier}, 'archive') = ${tier}`);
  if (collection !== undefined)
    conditions.push(sql`${columns.accession} in (select accession from collection_entry
      where ${collection === '*' ? sql`true` : sql`collection_id = ${collection}`})`);
  if (community !== undefined)
    conditions.push(sql`${columns.accession} in (select accession from community_study
      where state = 'accepted' and ${community === '*' ? sql`true` : sql`slug = ${community}`})`);
  return conditions;
}
