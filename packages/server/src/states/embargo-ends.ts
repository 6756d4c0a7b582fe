import { sql } from 'kysely';
import { noteEvent } from '../audit/audit-log.ts';
import { enterMemberships } from '../collections/memberships.ts';
import type { Database } from '../database/connect.ts';
import type { Notices } from '../notices/notices.ts';
import { authorsOf, titleOf } from '../questions/authors.ts';
import { enterSearchDocument } from '../search/postgres-search-index.ts';
import type { StudyStates } from './study-states.ts';

/**
 * Notes the end of embargoes whose day has come: an event, the date that harvesters ask for, the entry for search where nobody was to know of
 * the study, and a notice to who answers for it. The files are open from that day on whether or not this was run, and nothing is done file
 * by file. Of processes that come at once, one notes it.
 * @param now by the trusted clock
 * @returns accessions of studies whose embargo was noted as ended
 */
export async function endEmbargoes(
  { db, states, notices }: { db: Database; states: StudyStates; notices: Notices },
  now: Date,
): Promise<string[]> {
  const today = now.toISOString().slice(0, 10);
  const { rows: due } = await sql<{ accession: string }>`select accession from study_state
    where state = 'embargoed' and until <= ${today}::date order by until, accession limit 1000`.execute(db);
  const ended: string[] = [];
  for (const { accession } of due) {
    const isOurs = await db.transaction().execute(async (tx) => {
      const { rows } = await sql<{ was_private: boolean }>`with before as (
          select is_private from study_state where accession = ${accession} and state = 'embargoed'
            and until <= ${today}::date for update)
        update study_state set state = 'published', opened_on = coalesce(opened_on, until), until = null,
          is_private = false, at = ${now}, archived = false
        from before where accession = ${accession} returning before.is_private as was_private`.execute(tx);
      const [row] = rows;
      if (!row) return false;
      if (row.was_private) {
        await enterSearchDocument(tx, await states.summaryOf(tx, accession));
        await enterMemberships(tx, [accession]);
      }
      await sql`update search_document
        set changed_at = greatest(changed_at, date_trunc('milliseconds', ${now}::timestamptz))
        where accession = ${accession}`.execute(tx);
      await noteEvent(tx, 'study.published', accession, { from: 'embargoed', until: today });
      const detail = { accession, title: await titleOf(tx, accession) };
      const notice = { kind: 'embargo-ended' as const, link: `/studies/${accession}`, detail };
      await notices.tell(await authorsOf(tx, accession), notice, tx);
      return true;
    });
    states.forget(accession);
    if (isOurs) ended.push(accession);
  }
  if (ended.length > 0) await states.archivePending();
  return ended;
}
