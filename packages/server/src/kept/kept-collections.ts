import { type Kysely, sql } from 'kysely';
import { z } from 'zod';
import type { Database } from '../database/connect.ts';
import type { Tables } from '../database/tables.ts';

const kept = z.object({
  title: z.string(),
  text: z.string(),
  /** Account of who curates it. */
  owner: z.string().optional(),
  createdAt: z.iso.datetime(),
  changedAt: z.iso.datetime(),
  studies: z.array(z.object({ accession: z.string(), remark: z.string() })),
});

/** A collection as the archive keeps it; `undefined` where it was removed. */
export async function collectionNote(
  db: Kysely<Tables>,
  id: string,
): Promise<{ note: object; at: string } | undefined> {
  const row = await db.selectFrom('collection').selectAll().where('id', '=', id).executeTakeFirst();
  if (!row) return undefined;
  const studies = await db
    .selectFrom('collection_entry')
    .select(['accession', 'remark'])
    .where('collection_id', '=', id)
    .orderBy('position')
    .execute();
  const note: z.input<typeof kept> = {
    title: row.title,
    text: row.text,
    ...(row.owner_id === null ? {} : { owner: row.owner_id }),
    createdAt: row.created_at.toISOString(),
    changedAt: row.changed_at.toISOString(),
    studies,
  };
  return { note: { schema: 1, id, ...note }, at: row.changed_at.toISOString() };
}

/** Enters a collection that the archive keeps; of one that was removed only that its accession is taken. */
export async function enterCollection(db: Database, id: string, value: unknown): Promise<void> {
  const number = Number(/^COL-(\d{6,12})$/.exec(id)?.[1] ?? 0);
  const read = kept.safeParse(value).data;
  await db.transaction().execute(async (tx) => {
    if (number > 0)
      await sql`select setval('collection_number', ${number}::bigint) from collection_number
        where last_value < ${number}::bigint or (last_value = ${number}::bigint and not is_called)`.execute(tx);
    if (!read || number === 0) return;
    const { rows } = await sql<{
      id: string;
    }>`insert into collection (id, title, text, owner_id, created_at, changed_at)
      select ${id}, ${read.title}, ${read.text}, (select id from auth_user where id = ${read.owner ?? null}),
        ${read.createdAt}::timestamptz, ${read.changedAt}::timestamptz
      on conflict do nothing returning id`.execute(tx);
    if (rows.length === 0) return;
    for (const [position, { accession, remark }] of read.studies.entries())
      await sql`insert into collection_entry (collection_id, accession, position, remark)
        select ${id}, ${accession}, ${position}, ${remark}
        where exists (select 1 from study where accession = ${accession}) on conflict do nothing`.execute(tx);
  });
}
