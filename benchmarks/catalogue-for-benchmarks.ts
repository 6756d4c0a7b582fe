import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Database, migrate, openDatabase } from '../packages/server/src/database/connect.ts';
import { startEmbeddedCluster } from '../packages/server/src/database/embedded-cluster.ts';

/** Numbers between 0 and 1 that are the same in every run. */
export function seededRandom(seed = 42): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

/** A PostgreSQL of its own with the tables of the server; it and its folder are gone afterwards. */
export async function withCatalogue<Answer>(use: (db: Database, folder: string) => Promise<Answer>): Promise<Answer> {
  const folder = mkdtempSync(join(tmpdir(), 'micrarium-catalogue-bench-'));
  chmodSync(folder, 0o711);
  const cluster = await startEmbeddedCluster(folder, () => {});
  try {
    const db = openDatabase(cluster.url, 10);
    try {
      await migrate(db);
      return await use(db, folder);
    } finally {
      await db.destroy();
    }
  } finally {
    await cluster.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Milliseconds that the given share of all times is within. */
export function within(times: readonly number[], share: number): number {
  const sorted = [...times].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.ceil(share * sorted.length) - 1)] ?? 0;
}
