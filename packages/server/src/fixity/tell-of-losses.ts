import { shownTitle } from '@micrarium/standards';
import { sql } from 'kysely';
import type { Database } from '../database/connect.ts';
import type { Notices } from '../notices/notices.ts';

interface Losses {
  accession: string;
  owner: string;
  count: number;
  path: string;
  /** The newest of them. */
  at: Date;
  title: string | null;
}

/**
 * Tells the owners of studies of files whose bytes are lost or damaged and that no copy has: who deposited them may have them still. Of each once.
 * @returns how many studies
 */
export async function tellOfLosses(db: Database, notices: Notices): Promise<number> {
  const { rows } = await sql<Losses>`select finding.accession, study.owner_id as owner, count(*)::integer as count,
      min(file.path) as path, max(finding.found_at) as at,
      (select document->'metadata'->'values'->>'title' from study_version as newest
        where newest.accession = finding.accession order by version desc limit 1) as title
    from fixity_finding as finding join study on study.accession = finding.accession
      join version_file as file on file.accession = finding.accession
        and file.version = substring(finding.path from '^v([0-9]{1,9})/content/files/')::integer
        and file.path = substring(finding.path from '^v[0-9]{1,9}/content/files/(.*)$') collate "C"
    where finding.mended_at is null and finding.code = 'E092' and study.owner_id is not null
    group by finding.accession, study.owner_id`.execute(db);
  for (const { accession, owner, count, path, at, title } of rows)
    await notices.tell([owner], {
      kind: 'files-lost',
      link: `/studies/${accession}`,
      detail: { accession, title: shownTitle(title, accession), count, path },
      once: `${accession} ${at.toISOString()}`,
    });
  return rows.length;
}
