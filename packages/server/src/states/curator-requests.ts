import { randomUUID } from 'node:crypto';
import { shownTitle } from '@micrarium/standards';
import { sql } from 'kysely';
import { noteEvent } from '../audit/audit-log.ts';
import type { Database } from '../database/connect.ts';
import type { Notices } from '../notices/notices.ts';
import { authorsOf, titleOf } from '../questions/authors.ts';

/** What a curator asks of those who answer for a study: to send original files, or to confirm what the metadata say. */
export interface CuratorRequest {
  id: string;
  accession: string;
  title: string;
  kind: 'originals' | 'metadata';
  text: string;
  /** Day (YYYY-MM-DD). */
  due: string;
  isOverdue: boolean;
  state: 'open' | 'done' | 'withdrawn';
  answer: string;
  curator: string;
  /** ISO 8601. */
  askedAt: string;
}

/** Days before the day a request is due at which the depositor is reminded. */
const remindedDays = 7;

/** Requests of curators: of one study newest first, or all that are open, by the day they are due. */
export async function listCuratorRequests(db: Database, accession?: string): Promise<CuratorRequest[]> {
  const { rows } = await sql<Omit<CuratorRequest, 'askedAt'> & { askedAt: Date }>`
    select request.id, request.accession, coalesce(newest.title, request.accession) as title, kind, text, due,
      request.state = 'open' and due < current_date as "isOverdue", request.state, answer,
      coalesce(auth_user.name, '') as curator, asked_at as "askedAt"
    from curator_request as request left join auth_user on auth_user.id = asked_by
    left join lateral (select document->'metadata'->'values'->>'title' as title from study_version
      where study_version.accession = request.accession order by version desc limit 1) as newest on true
    where ${accession === undefined ? sql`request.state = 'open'` : sql`request.accession = ${accession}`}
    order by ${accession === undefined ? sql`due` : sql`asked_at desc`} limit 1000`.execute(db);
  return rows.map((row) => ({
    ...row,
    title: shownTitle(row.title, row.accession),
    askedAt: row.askedAt.toISOString(),
  }));
}

/** Asks; those who answer for the study are told. */
export async function makeCuratorRequest(
  { db, notices }: { db: Database; notices: Notices },
  wanted: Pick<CuratorRequest, 'accession' | 'kind' | 'text' | 'due'>,
  by: { id: string; name: string },
): Promise<void> {
  const { accession, due, text } = wanted;
  await db.transaction().execute(async (tx) => {
    const id = randomUUID();
    await tx
      .insertInto('curator_request')
      .values({ ...wanted, id, state: 'open', asked_by: by.id })
      .execute();
    const detail = { accession, name: by.name, day: due, title: await titleOf(tx, accession) };
    const notice = { kind: 'request-made' as const, link: `/requests/${accession}`, detail, quote: text };
    await notices.tell(await authorsOf(tx, accession), notice, tx);
    await noteEvent(tx, 'request.make', accession, { request: id, kind: wanted.kind, due });
  });
}

/** Closes a request: done, by who answers for the study, or withdrawn, by a curator. `false` where there is none open of this id. */
export async function closeCuratorRequest(
  { db, notices }: { db: Database; notices: Notices },
  accession: string,
  id: string,
  close: { state: 'done' | 'withdrawn'; answer: string; name: string },
): Promise<boolean> {
  const { state, answer, name } = close;
  return await db.transaction().execute(async (tx) => {
    const row = await tx
      .updateTable('curator_request')
      .set({ state, answer, closed_at: new Date() })
      .where('id', '=', id)
      .where('accession', '=', accession)
      .where('state', '=', 'open')
      .returning('asked_by')
      .executeTakeFirst();
    if (!row) return false;
    if (state === 'done') {
      const detail = { accession, name, title: await titleOf(tx, accession) };
      const notice = { kind: 'request-done' as const, link: `/requests/${accession}`, detail };
      await notices.tell([row.asked_by ?? undefined], { ...notice, ...(answer === '' ? {} : { quote: answer }) }, tx);
    }
    await noteEvent(tx, `request.${state}`, accession, { request: id });
    return true;
  });
}

/** Reminds of requests that are due within a week, or overdue: once of each. */
export async function remindOfRequests(db: Database, notices: Notices, now: Date): Promise<void> {
  const until = new Date(now.getTime() + remindedDays * 86_400_000).toISOString().slice(0, 10);
  const { rows } = await sql<{ id: string; accession: string; due: string }>`select id, accession, due
    from curator_request where state = 'open' and due <= ${until}`.execute(db);
  for (const { id, accession, due } of rows) {
    const isOver = due < now.toISOString().slice(0, 10);
    await notices.tell(await authorsOf(db, accession), {
      kind: 'request-due',
      link: `/requests/${accession}`,
      detail: { accession, day: due, title: await titleOf(db, accession) },
      once: `${id} ${isOver ? 'over' : 'soon'}`,
    });
  }
}
