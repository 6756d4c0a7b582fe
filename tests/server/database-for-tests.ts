import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { migrate, openDatabase } from '../../packages/server/src/database/connect.ts';
import { startEmbeddedCluster, stopOrphan } from '../../packages/server/src/database/embedded-cluster.ts';
import { takeDataLock } from '../../packages/server/src/start/data-lock.ts';

declare module 'vitest' {
  export interface ProvidedContext {
    /** Connection string of the server's template database, migrated; cloned by `makeDatabase`. */
    templateUrl: string;
  }
}

const prefix = 'micrarium-tests-';

/** Stops and removes what a test run that was killed left behind. */
async function clearLeftOvers(): Promise<void> {
  for (const name of readdirSync(tmpdir()).filter((one) => one.startsWith(prefix))) {
    const folder = join(tmpdir(), name);
    // A run that has just begun has made its folder but not its lock yet.
    if (Date.now() - statSync(folder).mtimeMs < 60_000) continue;
    try {
      takeDataLock(folder);
      await stopOrphan(join(folder, 'database'), () => {});
      rmSync(folder, { recursive: true, force: true });
    } catch {
      // Another test run is using it, or another user's: leave it.
    }
  }
}

/** One PostgreSQL server per test run, with one migrated database that each test file clones. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  await clearLeftOvers();
  const folder = mkdtempSync(join(tmpdir(), prefix));
  const lock = takeDataLock(folder);
  const { chmodSync } = await import('node:fs');
  chmodSync(folder, 0o711);
  const cluster = await startEmbeddedCluster(folder, () => {});
  const db = openDatabase(cluster.url, 2);
  await migrate(db);
  await db.destroy();
  project.provide('templateUrl', cluster.url);
  return async () => {
    await cluster.stop();
    lock.release();
    rmSync(folder, { recursive: true, force: true });
  };
}
