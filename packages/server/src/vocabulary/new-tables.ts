import { setTimeout as wait } from 'node:timers/promises';
import { sql } from 'kysely';
import type { Database } from '../database/connect.ts';

/** Tables that a large vocabulary is written into anew. */
export const renewedTables = ['vocabulary_term', 'vocabulary_name'] as const;
/** One of them. */
export type RenewedTable = (typeof renewedTables)[number];

/** Name of the new table while the old one is there. */
export const freshName = (table: RenewedTable): string => `${table}_new`;

/** An empty table like another, without its indexes: rows go in faster so. Runs in the caller's transaction. */
export async function createFresh(tx: Database, table: RenewedTable): Promise<void> {
  await sql`create table ${sql.ref(freshName(table))} (like ${sql.ref(table)} including all excluding indexes)`.execute(
    tx,
  );
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
 * Puts the new tables in place of the old ones: the indexes of the old are made of all rows at once, which takes a fraction
 * of the time of row by row, and nobody who searches waits for it. Runs in the caller's transaction, at its end.
 */
export async function putInPlace(tx: Database): Promise<void> {
  const made = new Map<RenewedTable, Index[]>();
  for (const table of renewedTables) {
    const fresh = freshName(table);
    const indexes = await indexesOf(tx, table);
    made.set(table, indexes);
    for (const { name, definition, isPrimary } of indexes) {
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
  }
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
