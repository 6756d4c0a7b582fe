import { shownTitle } from '@micrarium/standards';
import { sql } from 'kysely';
import type { Database } from '../database/connect.ts';
import type { Notices } from '../notices/notices.ts';

/** Days for which a server may not answer before somebody is told: it may be under maintenance. */
const silentDays = 7;
const day = 86_400_000;

interface Trouble {
  accession: string;
  owner_id: string | null;
  title: string | null;
  count: number;
  path: string;
}

/**
 * Tells the owner of each published study, and the owners of the installation, of its files that stay where they are and are missing,
 * changed, or on a server that has not answered for a week; of each once, until it was found as it should be.
 * @returns studies of which somebody was told
 */
export async function tellOfReferences(db: Database, notices: Notices, now: Date): Promise<number> {
  return await db.transaction().execute(async (tx) => {
    const silent = new Date(now.getTime() - silentDays * day);
    const { rows: keys } = await sql<{ key: string }>`update reference_check set told_at = ${now}
      where told_at is null and key in (select key from version_reference)
        and (state in ('missing', 'changed') or (state = 'unreachable' and wrong_since <= ${silent}))
      returning key`.execute(tx);
    if (keys.length === 0) return 0;
    const { rows } = await sql<Trouble>`select named.accession, owner_id, count(distinct named.key)::integer as count,
        min(named.path) as path, (select document->'metadata'->'values'->>'title' from study_version as newest
          where newest.accession = named.accession order by version desc limit 1) as title
      from version_reference as named join study using (accession)
        join reference_check as found on found.key = named.key and found.told_at = ${now}
      group by named.accession, owner_id`.execute(tx);
    const owners = await notices.withRole(['owner'], undefined, tx);
    for (const { accession, owner_id: owner, title, count, path } of rows)
      await notices.tell(
        [owner ?? undefined, ...owners],
        {
          kind: 'reference-trouble',
          link: `/studies/${accession}`,
          detail: { accession, title: shownTitle(title, accession), count, path },
        },
        tx,
      );
    return rows.length;
  });
}
