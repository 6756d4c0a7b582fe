import { shownTitle } from '@micrarium/standards';
import { sql } from 'kysely';
import type { StudyState } from '@micrarium/repository';
import type { Database } from '../database/connect.ts';

/** A published study in the list of its owner, who sees it in each state. */
export interface OwnStudy {
  accession: string;
  /** Of the newest version. */
  title: string;
  version: number;
  publishedAt: string;
  state: StudyState;
  /** Day on which an embargo ends. */
  until?: string;
  /** Does nobody know of it until then? */
  isPrivate?: true;
}

/** A page of the published studies that somebody owns, the newest accession first. @param page `after`: accession of the last one before it */
export async function ownStudies(
  db: Database,
  ownerId: string,
  page: { after?: string; limit: number; only?: readonly string[] | undefined },
): Promise<OwnStudy[]> {
  const { rows } = await sql<{
    accession: string;
    title: string | null;
    version: number;
    published_at: Date;
    state: StudyState | null;
    until: string | null;
    is_private: boolean | null;
  }>`select study.accession, newest.title, newest.version, newest.published_at, study_state.state, study_state.until,
      study_state.is_private
    from study
    join lateral (select version, published_at, document->'metadata'->'values'->>'title' as title from study_version
      where study_version.accession = study.accession order by version desc limit 1) as newest on true
    left join study_state on study_state.accession = study.accession
    where study.owner_id = ${ownerId}
      ${page.after === undefined ? sql`` : sql`and study.accession < ${page.after}`}
      ${page.only === undefined ? sql`` : sql`and study.accession = any(${[...page.only]})`}
    order by study.accession desc limit ${page.limit}`.execute(db);
  return rows.map(({ accession, title, version, published_at, state, until, is_private }) => ({
    accession,
    title: shownTitle(title, accession),
    version,
    publishedAt: published_at.toISOString(),
    state: state ?? 'published',
    ...(until === null ? {} : { until }),
    ...(state === 'embargoed' && is_private ? { isPrivate: true as const } : {}),
  }));
}
