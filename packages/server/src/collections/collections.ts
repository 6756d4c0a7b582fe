import { escapeLatex, shownTitle } from '@micrarium/standards';
import { type Kysely, sql } from 'kysely';
import { noteEvent } from '../audit/audit-log.ts';
import type { Database } from '../database/connect.ts';
import type { Tables } from '../database/tables.ts';
import { askToKeep } from '../kept/ask-to-keep.ts';
import { enterMemberships } from './memberships.ts';
import { StateRefused } from '../states/state-refused.ts';

/** A collection in a list. */
export interface CollectionLine {
  /** Accession: `COL-000001`. */
  id: string;
  title: string;
  /** Name of who curates it; empty where that account is closed. */
  curator: string;
  /** Studies in it that can be read. */
  studies: number;
  /** ISO 8601. */
  changedAt: string;
}

/** A study in a collection. */
export interface CollectedStudy {
  accession: string;
  title: string;
  authors: string;
  remark: string;
  publishedAt: string;
}

/** A curated list of studies. */
export interface Collection extends Omit<CollectionLine, 'studies'> {
  text: string;
  /** Account; left out where it is closed. */
  ownerId?: string;
  createdAt: string;
  /** In the curator's order; what was withdrawn since is left out. */
  studies: CollectedStudy[];
}

/** What one says of a collection. */
export interface CollectionInput {
  title: string;
  text: string;
  studies: readonly { accession: string; remark: string }[];
}

/** Most that are listed. */
const mostListed = 500;

/** Studies that everybody can read the page of, with the newest version: published, and not withdrawn. */
const readable = sql`select distinct on (study_version.accession) study_version.accession, published_at,
    document->'metadata'->'values' as said from study_version
  where not exists (select 1 from study_state where study_state.accession = study_version.accession
    and (state = 'withdrawn' or (state = 'embargoed' and is_private)))`;

/** Collections, newest changed first. @param study only those it is in */
export async function listCollections(db: Database, study?: string): Promise<CollectionLine[]> {
  const { rows } = await sql<Omit<CollectionLine, 'changedAt'> & { changedAt: Date }>`
    select collection.id, collection.title, coalesce(auth_user.name, '') as curator, changed_at as "changedAt",
      (select count(*)::int from collection_entry where collection_id = collection.id
        and exists (select 1 from study_version where study_version.accession = collection_entry.accession)
        and not exists (select 1 from study_state where study_state.accession = collection_entry.accession
          and (state = 'withdrawn' or (state = 'embargoed' and is_private)))) as studies
    from collection left join auth_user on auth_user.id = owner_id and disabled_at is null
    where ${
      study === undefined
        ? sql`true`
        : sql`exists (select 1 from collection_entry
      where collection_id = collection.id and accession = ${study})`
    }
    order by changed_at desc limit ${mostListed}`.execute(db);
  return rows.map((row) => ({ ...row, changedAt: row.changedAt.toISOString() }));
}

/** A collection with its studies; `undefined` where there is none. */
export async function findCollection(db: Kysely<Tables>, id: string): Promise<Collection | undefined> {
  const { rows } = await sql<{
    title: string;
    text: string;
    owner: string | null;
    curator: string | null;
    created_at: Date;
    changed_at: Date;
  }>`select title, text, auth_user.id as owner, auth_user.name as curator, created_at, changed_at
    from collection left join auth_user on auth_user.id = owner_id and disabled_at is null
    where collection.id = ${id}`.execute(db);
  const [found] = rows;
  if (!found) return undefined;
  const { rows: entries } = await sql<{
    accession: string;
    remark: string;
    published_at: Date;
    title: string | null;
    people: { firstName?: string; lastName?: string }[] | null;
    contact: string | null;
  }>`select collection_entry.accession, remark, published_at, said->>'title' as title, said->'contributors' as people,
      said->>'contactName' as contact
    from collection_entry join (${readable} order by study_version.accession, version desc) as study
      on study.accession = collection_entry.accession
    where collection_id = ${id} order by position`.execute(db);
  return {
    id,
    title: found.title,
    text: found.text,
    ...(found.owner === null ? {} : { ownerId: found.owner }),
    curator: found.curator ?? '',
    createdAt: found.created_at.toISOString(),
    changedAt: found.changed_at.toISOString(),
    studies: entries.map((entry) => ({
      accession: entry.accession,
      title: shownTitle(entry.title, entry.accession),
      authors: authorsText(entry.people ?? []) || (entry.contact ?? ''),
      remark: entry.remark,
      publishedAt: entry.published_at.toISOString(),
    })),
  };
}

function authorsText(people: readonly { firstName?: string; lastName?: string }[]): string {
  const names = people.map(({ firstName = '', lastName = '' }) => `${firstName} ${lastName}`.trim());
  return names.length > 3 ? `${names[0]} et al.` : names.join(', ');
}

/** Makes a collection, or where `id` is given changes that one. @returns its accession @throws StateRefused */
export async function keepCollection(
  db: Database,
  { title, text, studies }: CollectionInput,
  by: { ownerId: string } | { id: string },
): Promise<string> {
  const accessions = studies.map(({ accession }) => accession);
  if (new Set(accessions).size < accessions.length) throw new StateRefused('A study is named twice.');
  return await db.transaction().execute(async (tx) => {
    await demandReadable(tx, accessions);
    const isNew = 'ownerId' in by;
    const { rows } = isNew
      ? await sql<{ id: string }>`insert into collection (id, title, text, owner_id)
          values ('COL-' || lpad(nextval('collection_number')::text, 6, '0'), ${title}, ${text}, ${by.ownerId})
          returning id`.execute(tx)
      : await sql<{ id: string }>`update collection set title = ${title}, text = ${text}, changed_at = now()
          where id = ${by.id} returning id`.execute(tx);
    const id = rows[0]?.id;
    if (id === undefined) throw new StateRefused('There is no such collection any more.');
    const before = await tx
      .deleteFrom('collection_entry')
      .where('collection_id', '=', id)
      .returning('accession')
      .execute();
    if (studies.length > 0)
      await tx
        .insertInto('collection_entry')
        .values(studies.map(({ accession, remark }, position) => ({ collection_id: id, accession, position, remark })))
        .execute();
    await enterMemberships(tx, [...new Set([...accessions, ...before.map(({ accession }) => accession)])]);
    await askToKeep(tx, 'collection', id);
    await noteEvent(tx, isNew ? 'collection.make' : 'collection.change', id, { studies: studies.length });
    return id;
  });
}

async function demandReadable(tx: Kysely<Tables>, accessions: readonly string[]): Promise<void> {
  if (accessions.length === 0) return;
  const { rows } = await sql<{ accession: string }>`select accession from (${readable}
    and study_version.accession in (${sql.join(accessions)})) as study`.execute(tx);
  const there = new Set(rows.map(({ accession }) => accession));
  const missing = accessions.find((accession) => !there.has(accession));
  if (missing !== undefined) throw new StateRefused(`There is no published study ${missing.slice(0, 40)}.`);
}

/** Removes a collection. `false` where there is none. */
export async function removeCollection(db: Database, id: string): Promise<boolean> {
  return await db.transaction().execute(async (tx) => {
    const before = await tx
      .deleteFrom('collection_entry')
      .where('collection_id', '=', id)
      .returning('accession')
      .execute();
    const gone = await tx.deleteFrom('collection').where('id', '=', id).returning('id').executeTakeFirst();
    if (gone) {
      await enterMemberships(
        tx,
        before.map(({ accession }) => accession),
      );
      await askToKeep(tx, 'collection', id);
      await noteEvent(tx, 'collection.remove', id);
    }
    return gone !== undefined;
  });
}

/** A collection as it is cited. @param address of its page */
export function citeCollection(
  { id, title, curator, changedAt, studies }: Collection,
  address: string,
): { text: string; bibtex: string } {
  const year = changedAt.slice(0, 4);
  const count = studies.length === 1 ? '1 study' : `${studies.length} studies`;
  const who = curator === '' ? 'Micrarium' : curator;
  const fields: [string, string][] = [
    ['author', `{${escapeLatex(who)}}`],
    ['title', `{${escapeLatex(title)}}`],
    ['year', year],
    ['publisher', 'Micrarium'],
    ['note', escapeLatex(`Collection ${id}, ${count}, as of ${changedAt.slice(0, 10)}`)],
    ['url', address],
  ];
  return {
    text: `${who} (${year}). ${title.replace(/\.$/, '')} [Collection, ${count}, as of ${changedAt.slice(0, 10)}]. Micrarium. ${address}`,
    bibtex: `@misc{${id.toLowerCase()},\n${fields.map(([name, value]) => `  ${name} = {${value}}`).join(',\n')}\n}\n`,
  };
}
