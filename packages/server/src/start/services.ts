import { Accounts } from '../auth/accounts.ts';
import { installationSecret } from '../auth/secrets.ts';
import type { ServerConfig } from '../config.ts';
import { openDatabase } from '../database/connect.ts';
import { PostgresStudyStore } from '../database/postgres-study-store.ts';
import type { Services } from '../http/kernel.ts';
import { PgBossQueue } from '../jobs/pg-boss-queue.ts';
import { PostgresSearchIndex } from '../search/postgres-search-index.ts';
import { openStorage } from '../storage/index.ts';

/** Adapters of one process, and how to let go of them. */
export interface OpenServices extends Services {
  jobs: PgBossQueue;
  close(): Promise<void>;
}

/**
 * Builds every adapter over a migrated database: the only place that does.
 * @param databaseUrl connection string, with its password
 */
export async function openServices(
  config: ServerConfig,
  databaseUrl: string,
  options: { isOnlyWorker: boolean; connections?: number; noteFault(fault: unknown, where: string): void },
): Promise<OpenServices> {
  const db = openDatabase(databaseUrl, options.connections ?? 10);
  const storage = await openStorage(config.data);
  const jobs = await PgBossQueue.open({
    url: databaseUrl,
    isOnlyWorker: options.isOnlyWorker,
    onFault: (fault) => options.noteFault(fault, 'job queue'),
    onJobFault: (name, fault) => options.noteFault(fault, `job ${name}`),
  });
  const accounts = new Accounts(
    db,
    installationSecret(config.data, 'session-secret'),
    config.publicUrl?.startsWith('https:') ?? false,
  );
  return {
    db,
    accounts,
    studies: new PostgresStudyStore(db),
    search: new PostgresSearchIndex(db),
    ...storage,
    jobs,
    clock: { now: () => new Date() },
    people: { nameOf: async (userId) => (await accounts.byId(userId))?.name },
    async close() {
      await jobs.stop();
      await db.destroy();
    },
  };
}
