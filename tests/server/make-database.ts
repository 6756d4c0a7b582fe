import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { inject } from 'vitest';
import { openDatabase, type Database } from '../../packages/server/src/database/connect.ts';

/** A database of its own for a test file: a clone of the migrated template, or an empty one. */
export async function makeDatabase(
  from: 'template' | 'empty' = 'template',
): Promise<{ url: string; db: Database; drop(): Promise<void> }> {
  const template = new URL(inject('templateUrl'));
  const name = `test_${randomBytes(6).toString('hex')}`;
  const admin = new URL(template);
  admin.pathname = '/postgres';
  const run = async (statement: string) => {
    const client = new pg.Client({ connectionString: admin.href });
    await client.connect();
    try {
      await client.query(statement);
    } finally {
      await client.end();
    }
  };
  await run(`create database ${name} template ${from === 'empty' ? 'template0' : template.pathname.slice(1)}`);
  const url = new URL(template);
  url.pathname = `/${name}`;
  const db = openDatabase(url.href, 5);
  return {
    url: url.href,
    db,
    async drop() {
      await db.destroy();
      await run(`drop database ${name} with (force)`);
    },
  };
}
