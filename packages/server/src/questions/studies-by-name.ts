import { sql } from 'kysely';
import type { Database } from '../database/connect.ts';
import { isKnown } from '../states/known-studies.ts';
import { doiOf } from './reuses.ts';

/** A public study as files elsewhere may name it. */
export interface NamedStudy {
  accession: string;
  title: string;
  newest: number;
  /** The version that the name is of; `undefined` where it is of the study. */
  version?: number;
  /** DOIs of the papers that its metadata name as their own. */
  ownPapers: ReadonlySet<string>;
}

/** The public studies, by DOI, accession, and address of their page. */
export interface StudiesByName {
  find(name: string): NamedStudy | undefined;
}

interface Row {
  accession: string;
  version: number;
  values: Record<string, unknown> | null;
}

const dois = (text: string) =>
  [...text.matchAll(/\b10\.\d{4,9}\/[^\s"'<>|]+/g)].map(([doi]) => doi.replace(/[.,;)]+$/, ''));

/** DOIs in the values that name papers of a study. */
function ownPapersOf(values: Record<string, unknown>): Set<string> {
  const told = Object.entries(values).filter(([key]) => /^(paperDoi|papers)(@|$)/.test(key));
  return new Set(told.flatMap(([, value]) => dois(JSON.stringify(value).replaceAll('\\n', ' ').toLowerCase())));
}

/**
 * Studies that everybody may know of: published, neither withdrawn nor kept from sight until their day.
 * @param home address of this site, below which pages of studies are known
 */
export async function studiesByName(db: Database, home: string | undefined): Promise<StudiesByName> {
  const { rows } =
    await sql<Row>`select distinct on (accession) accession, version, document->'metadata'->'values' as values
    from study_version
    where ${isKnown('study_version.accession')} and not exists (select 1 from study_state
      where study_state.accession = study_version.accession and state = 'withdrawn')
    order by accession, version desc`.execute(db);
  const byName = new Map<string, NamedStudy>();
  for (const { accession, version: newest, values } of rows) {
    const { title, doi } = values ?? {};
    const study: NamedStudy = {
      accession,
      newest,
      title: typeof title === 'string' ? title : '',
      ownPapers: ownPapersOf(values ?? {}),
    };
    byName.set(accession.toLowerCase(), study);
    const own = typeof doi === 'string' ? doiOf(doi) : undefined;
    if (own !== undefined) byName.set(own, study);
  }
  const { rows: named } = await sql<{ accession: string; doi: string; version: number }>`
    select accession, doi, 0 as version from doi
    union all select accession, doi, version from doi_part`.execute(db);
  for (const { accession, doi, version } of named) {
    const study = byName.get(accession.toLowerCase());
    if (study) byName.set(doi.toLowerCase(), version > 0 ? { ...study, version } : study);
  }
  const page = home === undefined ? undefined : new URL('/studies/', home).href.toLowerCase();
  return {
    find(name) {
      const plain = name.trim().toLowerCase();
      if (page !== undefined && plain.startsWith(page)) {
        const [, accession, version] =
          /^([^/?#]+)(?:\/v\/([1-9]\d{0,8}))?(?:[/?#.]|$)/.exec(plain.slice(page.length)) ?? [];
        const study = accession === undefined ? undefined : byName.get(accession);
        return study && version !== undefined ? { ...study, version: Number(version) } : study;
      }
      return byName.get(doiOf(name) ?? plain);
    },
  };
}
