import { type Kysely, sql, type Transaction } from 'kysely';
import type { Database } from './connect.ts';
import type { Tables } from './tables.ts';

/**
 * Runs work that opens transactions of its own in one transaction around all of them: others see nothing of it before its end, and nothing
 * is left of it where it is killed. Transactions of the work become savepoints, so they may not overlap.
 * @param work with a database that is this transaction
 */
export async function inOneTransaction<Result>(db: Database, work: (db: Database) => Promise<Result>): Promise<Result> {
  return await db.transaction().execute((tx) => work(withSavepoints(tx)));
}

function withSavepoints(tx: Transaction<Tables>): Database {
  let count = 0;
  const nested: Database = new Proxy<Kysely<Tables>>(tx, {
    get(target, key) {
      if (key === 'transaction') return () => ({ execute: inSavepoint });
      const member = Reflect.get(target, key, target) as unknown;
      return typeof member === 'function' ? (member.bind(target) as unknown) : member;
    },
  });
  const inSavepoint = async <Result>(work: (db: Database) => Promise<Result>): Promise<Result> => {
    const name = sql.ref(`within_${++count}`);
    await sql`savepoint ${name}`.execute(tx);
    try {
      const result = await work(nested);
      await sql`release savepoint ${name}`.execute(tx);
      return result;
    } catch (fault) {
      await sql`rollback to savepoint ${name}`.execute(tx);
      throw fault;
    }
  };
  return nested;
}
