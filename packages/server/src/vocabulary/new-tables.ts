import { setTimeout as wait } from 'node:timers/promises';
import { sql } from 'kysely';
import type { Database } from '../database/connect.ts';

/** Tables that a large vocabulary is written into anew. */
export const renewedTables = ['vocabulary_term', 'vocabulary_name'] as const;
/** One of them. */
export type RenewedTable = (typeof renewedTables)[number];

/** Name of the new table while the old one is there; backups leave out what is called so. */
const freshName = (table: RenewedTable): string => `${table}_new`;

/** Tables that terms lie in as they come, until all are there; two connections take them from there at once. */
const receiving = ['received_term_new', 'received_name_new'] as const;

/**
 * Takes away what a process left that was killed while it wrote a vocabulary. The caller is the only one who changes
 * vocabularies now.
 */
export async function dropLeftOver(db: Database): Promise<void> {
  const { rows } = await sql<{ name: string }>`select tablename as name from pg_tables
    where schemaname = current_schema() and tablename = any(${[...receiving, ...renewedTables.map(freshName)]}::text[])`.execute(
    db,
  );
  for (const { name } of rows) await sql`drop table if exists ${sql.ref(name)}`.execute(db);
}

/** Makes the tables that terms are received in, empty. */
export async function createReceiving(db: Database): Promise<void> {
  await dropLeftOver(db);
  await sql`create unlogged table received_term_new (like vocabulary_term including defaults, place bigint not null)`.execute(
    db,
  );
  await sql`create unlogged table received_name_new (prefix text collate "C", id text collate "C",
    folded text collate "C", words text, is_label boolean, obsolete boolean)`.execute(db);
}

interface Index {
  name: string;
  definition: string;
  isPrimary: boolean;
}

async function indexesOf(tx: Database, table: RenewedTable): Promise<Index[]> {
  const { rows } = await sql<Index>`
    select c.relname as name, pg_get_indexdef(i.indexrelid) as definition, i.indisprimary as "isPrimary"
    from pg_index i join pg_class c on c.oid = i.indexrelid where i.indrelid = ${table}::regclass order by c.relname`.execute(
    tx,
  );
  return rows;
}

/**
 * Makes a table like another, fills it and then makes the indexes of the other one of all rows at once, which takes a
 * fraction of the time of row by row. One transaction of its own: a table made in it needs no log.
 */
export async function fillFresh(
  db: Database,
  table: RenewedTable,
  fill: (tx: Database, into: string) => Promise<void>,
): Promise<void> {
  const fresh = freshName(table);
  await db.transaction().execute(async (tx) => {
    await sql`set local maintenance_work_mem = '320MB'`.execute(tx);
    await sql`set local work_mem = '192MB'`.execute(tx);
    await sql`create table ${sql.ref(fresh)} (like ${sql.ref(table)} including all excluding indexes)`.execute(tx);
    await fill(tx, fresh);
    for (const { name, definition, isPrimary } of await indexesOf(tx, table)) {
      const called = `${name}_new`;
      await sql
        .raw(definition.replace(/^(CREATE (?:UNIQUE )?INDEX) \S+ ON \S+ /, `$1 ${called} ON ${fresh} `))
        .execute(tx);
      if (isPrimary)
        await sql`alter table ${sql.ref(fresh)} add constraint ${sql.ref(called)} primary key using index ${sql.ref(called)}`.execute(
          tx,
        );
    }
    await sql`analyze ${sql.ref(fresh)}`.execute(tx);
  });
}

/** Puts the new tables in place of the old ones, at the end of the caller's transaction: until then nobody who searches waits. */
export async function putInPlace(tx: Database): Promise<void> {
  const made = new Map<RenewedTable, Index[]>();
  for (const table of renewedTables) made.set(table, await indexesOf(tx, table));
  await lockOld(tx);
  for (const [table, indexes] of made) {
    await sql`drop table ${sql.ref(table)}`.execute(tx);
    await sql`alter table ${sql.ref(freshName(table))} rename to ${sql.ref(table)}`.execute(tx);
    for (const { name } of indexes)
      await sql`alter index ${sql.ref(`${name}_new`)} rename to ${sql.ref(name)}`.execute(tx);
  }
}

/** Tries for the lock, each of a second: who reads the tables for long, as a dump does, must not keep all others waiting. */
const mostTries = 1000;
const lockNotAvailable = '55P03';

async function lockOld(tx: Database): Promise<void> {
  for (let tries = 1; ; tries++) {
    await sql`savepoint before_lock`.execute(tx);
    try {
      await sql`set local lock_timeout = '1s'`.execute(tx);
      await sql`lock table vocabulary_term, vocabulary_name in access exclusive mode`.execute(tx);
      await sql`set local lock_timeout = 0`.execute(tx);
      return;
    } catch (fault) {
      if ((fault as { code?: string }).code !== lockNotAvailable || tries >= mostTries) throw fault;
      await sql`rollback to savepoint before_lock`.execute(tx);
      await wait(1000);
    }
  }
}
