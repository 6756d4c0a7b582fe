import { afterAll, beforeAll, describe } from 'vitest';
import { PostgresStudyStore } from '../../packages/server/src/database/postgres-study-store.ts';
import { makeDatabase } from './make-database.ts';
import { testStudyStore } from './study-store-suite.ts';

describe('PostgresStudyStore', () => {
  let database: Awaited<ReturnType<typeof makeDatabase>>;
  beforeAll(async () => {
    database = await makeDatabase();
  });
  afterAll(() => database.drop());
  testStudyStore(() => Promise.resolve(new PostgresStudyStore(database.db)));
});
