import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { Accounts } from '../auth/accounts.ts';
import { sessionSecret } from '../auth/secrets.ts';
import type { ServerConfig } from '../config.ts';
import { placeCluster } from '../database/cluster-place.ts';
import { type Database, migrate, openDatabase } from '../database/connect.ts';
import { DatabaseLocks } from '../database/database-locks.ts';
import { startEmbeddedCluster } from '../database/embedded-cluster.ts';
import { PostgresStudyStore } from '../database/postgres-study-store.ts';
import { takeDataLock } from '../start/data-lock.ts';
import { StartRefused } from '../start/start-refused.ts';
import { type BucketStorage, openBucketStorage, openStorage, type Storage } from '../storage/index.ts';

/** A data folder with its database, for a command that an operator runs. */
export interface OpenData extends Storage {
  db: Database;
  databaseUrl: string;
  studies: PostgresStudyStore;
  accounts: Accounts;
  /** Does this process hold the folder alone? Otherwise a server is running on it. */
  isAlone: boolean;
  /** Where the bytes lie, if not below the data folder. */
  elsewhere?: BucketStorage;
  close(): Promise<void>;
}

/** Connection string of the cluster that a running server has started for this data folder. */
function runningCluster(data: string): string {
  const { folder } = placeCluster(data);
  const port = readFileSync(join(folder, 'postmaster.pid'), 'utf8').split('\n')[3]?.trim();
  const password = readFileSync(join(data, 'database-password'), 'utf8').trim();
  return `postgres://micrarium:${password}@127.0.0.1:${port}/micrarium`;
}

/**
 * Root may write anywhere, and what it writes (a mended file, a dump) a server that runs as another user could not change afterwards.
 * Whose a data folder is says the secret that its server wrote, else the folder.
 * @param user id of the user who runs this; left out where the system has none
 * @throws StartRefused naming the user to run the command as
 */
export function demandOwner(data: string, user = process.getuid?.()): void {
  const owner = [join(data, 'session-secret'), data]
    .map((path) => statSync(path, { throwIfNoEntry: false })?.uid)
    .find((uid) => uid !== undefined);
  if (user !== 0 || owner === undefined || owner === 0) return;
  throw new StartRefused(
    `The server of the data folder ${data} runs as the user ${nameOfUser(owner)}, who could not change what root writes there. Run the command as that user (deploy/micrarium does).`,
  );
}

function nameOfUser(id: number): string {
  const line = readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .find((one) => one.split(':')[2] === String(id));
  return line?.split(':')[0] ?? String(id);
}

/**
 * Opens a data folder for maintenance. Where a server runs on it, its database is used beside it.
 * @param needs `alone`: the server must be stopped. `shared`: it may run
 * @throws StartRefused saying what to do
 */
export async function openData(config: ServerConfig, needs: 'alone' | 'shared'): Promise<OpenData> {
  const { data } = config;
  if (!statSync(data, { throwIfNoEntry: false })?.isDirectory())
    throw new StartRefused(`There is no data folder ${data}. Name it with --data.`);
  demandOwner(data);
  let lock: ReturnType<typeof takeDataLock> | undefined;
  try {
    lock = takeDataLock(data);
  } catch (fault) {
    if (!(fault instanceof StartRefused) || needs === 'alone') throw fault;
  }
  let cluster: Awaited<ReturnType<typeof startEmbeddedCluster>> | undefined;
  try {
    if (lock && config.databaseUrl === undefined) cluster = await startEmbeddedCluster(data, () => {});
    const databaseUrl = config.databaseUrl ?? cluster?.url ?? runningCluster(data);
    const db = openDatabase(databaseUrl, 4);
    if (lock) await migrate(db);
    const locks = new DatabaseLocks(databaseUrl);
    const elsewhere = config.bucket && (await openBucketStorage(config.bucket, data, locks, config.copiedBytes));
    const storage = elsewhere ?? (await openStorage(data));
    if (lock) await storage.archive.recover();
    return {
      blobs: storage.blobs,
      uploads: storage.uploads,
      archive: storage.archive,
      derived: storage.derived,
      ...(elsewhere ? { elsewhere } : {}),
      db,
      databaseUrl,
      studies: new PostgresStudyStore(db),
      accounts: new Accounts(db, sessionSecret(config)),
      isAlone: lock !== undefined,
      async close() {
        await locks.close();
        await db.destroy();
        await cluster?.stop();
        lock?.release();
      },
    };
  } catch (fault) {
    await cluster?.stop();
    lock?.release();
    throw fault;
  }
}
