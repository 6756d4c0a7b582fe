import { shownTitle } from '@micrarium/standards';
import { sql } from 'kysely';
import type { Database } from '../database/connect.ts';
import type { Reuse, Reuses } from './reuses.ts';

/** What everybody may know of somebody who publishes here. */
export interface Profile {
  id: string;
  name: string;
  orcid?: string;
  reuses: (Reuse & { studyTitle: string })[];
  studies: { accession: string; title: string; version: number; publishedAt: string; reused: number }[];
}

/**
 * Profile of an account with published studies; `undefined` for everybody else, so that it does not tell who has an account. What is withdrawn
 * is not in it.
 */
export async function profileOf(db: Database, reuses: Reuses, id: string): Promise<Profile | undefined> {
  const { rows } = await sql<{
    name: string;
    orcid: string | null;
    accession: string;
    title: string | null;
    version: number;
    published_at: Date;
  }>`select auth_user.name, (select substring("accountId" from '\\d{4}-\\d{4}-\\d{4}-\\d{3}[\\dX]') from auth_account
      where "userId" = auth_user.id and "providerId" = 'oidc-orcid' limit 1) as orcid,
      study.accession, newest.title, newest.version, newest.published_at
    from auth_user join study on study.owner_id = auth_user.id
    join lateral (select version, published_at, document->'metadata'->'values'->>'title' as title from study_version
      where study_version.accession = study.accession order by version desc limit 1) as newest on true
    where auth_user.id = ${id} and disabled_at is null
      and not exists (select 1 from study_state where study_state.accession = study.accession and (state = 'withdrawn' or (state = 'embargoed' and is_private)))
    order by newest.published_at desc limit 1000`.execute(db);
  const [first] = rows;
  if (!first) return undefined;
  const titles = new Map(rows.map(({ accession, title }) => [accession, shownTitle(title, accession)]));
  const used = (await reuses.ofDepositor(id)).filter(({ accession }) => titles.has(accession));
  return {
    id,
    name: first.name,
    ...(first.orcid === null ? {} : { orcid: first.orcid }),
    reuses: used.map((one) => ({ ...one, studyTitle: titles.get(one.accession)! })),
    studies: rows.map(({ accession, version, published_at }) => ({
      accession,
      title: titles.get(accession)!,
      version,
      publishedAt: published_at.toISOString(),
      reused: used.filter((one) => one.accession === accession).length,
    })),
  };
}
