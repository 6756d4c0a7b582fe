import { sql } from 'kysely';
import type { Database } from '../database/connect.ts';
import { foldName } from './name-folding.ts';

/** A term as a study names it. */
export interface NamedOnce {
  label: string;
  id?: string;
}

/** Terms looked up at most; of more the first are. */
const mostTerms = 20_000;

/** Names of everything that stands above terms in their vocabularies, nearest not first; by the label of the term. Unknown terms have none. */
export async function widerNames(db: Database, terms: readonly NamedOnce[]): Promise<Map<string, string[]>> {
  const asked = [...new Map(terms.map((term) => [JSON.stringify([term.label, term.id]), term])).values()];
  if (asked.length === 0) return new Map();
  const rows = asked.slice(0, mostTerms).map(({ label, id }) => ({
    label,
    id: id ?? null,
    name: id === undefined ? foldName(label) : null,
  }));
  const { rows: found } = await sql<{ label: string; name: string }>`
    with recursive said as (
      select distinct s.label, coalesce(s.id, n.term_id) collate "C" as id
      from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as s(label text, id text, name text)
      left join vocabulary_name n on s.id is null and n.folded = s.name collate "C" and n.is_label
    ), up(root, id) as (
      select id, id from (select distinct id from said where id <> '') as first
      union
      select up.root, parent collate "C" from up join vocabulary_term t on t.id = up.id cross join unnest(t.parents) as parent
    )
    select distinct said.label, t.label as name from said
    join up on up.root = said.id join vocabulary_term t on t.id = up.id
    where up.id <> up.root and up.id <> 'NCBITaxon:1' and not t.obsolete`.execute(db);
  const names = new Map<string, string[]>();
  for (const { label, name } of found) names.set(label, [...(names.get(label) ?? []), name]);
  return names;
}
