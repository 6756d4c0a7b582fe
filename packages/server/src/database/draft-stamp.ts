import { sql } from 'kysely';
import type { Database } from './connect.ts';

/** A text that is another one after any item of a draft, or the work on it, has changed. */
export async function itemsStamp(db: Database, draftId: string): Promise<string> {
  const { rows } = await sql<{ stamp: string }>`
    select md5(count(*) || ' ' || coalesce(sum(hashtextextended(item_id || ' ' || xmin::text, 0)), 0)) as stamp
    from draft_item where draft_id = ${draftId}`.execute(db);
  return rows[0]!.stamp;
}

/**
 * A text that is another one after anything of a draft has changed: itself, its files here and elsewhere, its items and the work on them. It is
 * made of the transactions that wrote the rows last, without reading what these hold.
 */
export async function draftStamp(db: Database, draftId: string): Promise<string> {
  const { rows } = await sql<{ stamp: string }>`
    select md5(concat_ws(' ',
      (select xmin::text from draft where id = ${draftId}),
      (select count(*) || ' ' || coalesce(sum(hashtextextended(item_id || ' ' || xmin::text, 0)), 0)
        from draft_item where draft_id = ${draftId}),
      (select count(*) || ' ' || coalesce(sum(hashtextextended(path || ' ' || xmin::text, 0)), 0)
        from draft_file where draft_id = ${draftId}),
      (select count(*) || ' ' || coalesce(sum(hashtextextended(path || ' ' || xmin::text, 0)), 0)
        from draft_reference where draft_id = ${draftId}))) as stamp`.execute(db);
  return rows[0]!.stamp;
}
