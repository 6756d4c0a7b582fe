import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { archiveStoreSuite, blobStoreSuite, derivedStoreSuite, uploadAreaSuite } from '@micrarium/repository/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { scaleRounds } from '../../durability/scale-rounds.ts';
import { openBucketStorage, ProcessLocks } from '../../packages/server/src/storage/index.ts';
import { hasSwift, startSwift, type SwiftServer } from '../../packages/server/src/storage/s3/swift-for-tests.ts';

if (!hasSwift) console.warn('swift-proxy-server is not installed: what is tried against Swift is left out.');

describe.skipIf(!hasSwift)('storage in Swift with s3api', () => {
  let folder = '';
  let swift: SwiftServer;
  let count = 0;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'micrarium-in-swift-'));
    swift = await startSwift('micrarium');
    // Four programs in Python, which start slowly beside other work.
  }, 240_000);
  afterAll(() => {
    swift?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  const open = () => {
    const prefix = `case-${count++}/`;
    const settings = { endpoint: swift.endpoint, bucket: 'micrarium', region: 'us-east-1', ...swift.keys, prefix };
    return openBucketStorage(settings, join(folder, 'data', prefix), new ProcessLocks());
  };
  const suites = {
    uploads: uploadAreaSuite(async () => (await open()).uploads),
    blobs: blobStoreSuite(open),
    archive: archiveStoreSuite(open),
    'derived forms': derivedStoreSuite(async () => (await open()).derived),
  };
  for (const [name, cases] of Object.entries(suites))
    for (const one of cases) it(`${name}: ${one.name}`, () => one.run());
});

describe.skipIf(!hasSwift)('several processes over PostgreSQL and Swift', () => {
  it('two web processes and two workers, each killed in turn under load: nothing acknowledged is lost', async () => {
    const report = await scaleRounds({ rounds: 4, seed: 20261122, isOverSwift: true, say: () => {} });
    expect(report.findings).toEqual([]);
    expect(report.byDeath).toEqual({
      'web one is killed': 1,
      'web two is killed': 1,
      'worker one is killed': 1,
      'worker two is killed': 1,
    });
    expect(report.reads).toBeGreaterThan(0);
  }, 600_000);
});
