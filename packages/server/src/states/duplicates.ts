import type { Contributor } from '@micrarium/model';
import type { DraftRow } from '@micrarium/repository';
import { shownTitle } from '@micrarium/standards';
import { sql } from 'kysely';
import type { Database } from '../database/connect.ts';

/** A study that may be the same as a draft. */
export interface Duplicate {
  accession: string;
  title: string;
  /** `files`: it holds the same bytes. `title`: it has the same title and people. */
  why: 'files' | 'title';
  /** Files in common. */
  files: number;
}

/** At most so many are told. */
const mostTold = 20;

/**
 * Published studies that hold the same files as a draft, or have its title and people. Only those that somebody may see: what everybody
 * finds, and their own.
 */
export async function duplicatesOf(
  db: Database,
  draft: Pick<DraftRow, 'id' | 'accession' | 'metadata'>,
  userId: string,
): Promise<Duplicate[]> {
  const seen = sql`(exists (select 1 from search_document where search_document.accession = study.accession)
    or study.owner_id = ${userId})`;
  const { rows: byFiles } = await sql<{ accession: string; files: number }>`
    select study.accession, count(distinct draft_file.sha256)::int as files
    from draft_file join version_file using (sha256) join study on study.accession = version_file.accession
    where draft_file.draft_id = ${draft.id} and study.accession <> ${draft.accession} and ${seen}
    group by study.accession order by files desc, study.accession limit ${mostTold}`.execute(db);
  const { title } = draft.metadata.values;
  const { rows: byTitle } =
    typeof title === 'string' && title.trim() !== ''
      ? await sql<{ accession: string; people: Contributor[] | null }>`
        select search_document.accession, study_version.document->'metadata'->'values'->'contributors' as people
        from search_document join study_version using (accession, version)
        where lower(title) = ${title.trim().toLowerCase()} and search_document.accession <> ${draft.accession}
        order by search_document.accession limit 100`.execute(db)
      : { rows: [] };
  const ours = surnames(draft.metadata.values['contributors']);
  const sameTitle = byTitle.filter(({ people }) => surnames(people) === ours);
  const accessions = [...new Set([...byFiles, ...sameTitle].map(({ accession }) => accession))].slice(0, mostTold);
  const titles = await titlesOf(db, accessions);
  return accessions.map((accession) => {
    const files = byFiles.find((one) => one.accession === accession)?.files ?? 0;
    return { accession, title: titles.get(accession) ?? accession, why: files > 0 ? 'files' : 'title', files };
  });
}

function surnames(people: unknown): string {
  const names = (Array.isArray(people) ? people : []).map((one) => (one as Partial<Contributor>).lastName ?? '');
  return names
    .map((name) => name.trim().toLowerCase())
    .sort()
    .join('\n');
}

async function titlesOf(db: Database, accessions: readonly string[]): Promise<Map<string, string>> {
  if (accessions.length === 0) return new Map();
  const { rows } = await sql<{ accession: string; title: string | null }>`
    select distinct on (accession) accession, document->'metadata'->'values'->>'title' as title from study_version
    where accession = any(${[...accessions]}) order by accession, version desc`.execute(db);
  return new Map(rows.map(({ accession, title }) => [accession, shownTitle(title, accession)]));
}
