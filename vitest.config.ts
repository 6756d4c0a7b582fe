import { defineConfig } from 'vitest/config';
import { LongestFirst } from './tests/longest-first.ts';

/**
 * Projects: `unit` (beside the code, no socket, no browser), `house` (architecture, docs and real files),
 * `server` (a real database), `browser` (journeys in Chromium), `slow` (long sweeps, not part of `npm test`).
 */
export default defineConfig({
  test: {
    sequence: { sequencer: LongestFirst },
    projects: [
      {
        test: {
          name: 'unit',
          include: ['packages/{model,formats,standards,api,viewer,repository,web,cli}/src/**/*.test.ts'],
          testTimeout: 60_000,
          setupFiles: ['tests/property-seed.ts'],
          // Nothing is shared but what is imported, and importing everything anew for each file took half of the time.
          isolate: false,
          maxWorkers: 2,
        },
      },
      {
        test: {
          name: 'house',
          include: ['tests/house/**/*.test.ts', 'tests/files/**/*.test.ts', 'tests/interop/**/*.test.ts'],
          testTimeout: 120_000,
          setupFiles: ['tests/property-seed.ts'],
          // As above.
          isolate: false,
          // By itself it leaves one core to the machine, which on two cores is half of them.
          maxWorkers: 2,
        },
      },
      {
        test: {
          name: 'server',
          include: ['packages/server/src/**/*.test.ts', 'tests/server/**/*.test.ts'],
          testTimeout: 120_000,
          hookTimeout: 120_000,
          globalSetup: ['tests/server/database-for-tests.ts'],
          // As above: each file read the server's two thousand modules anew, which took a third of its time.
          isolate: false,
          // Each file has a database of its own, and most of its time is waiting.
          maxWorkers: 2,
        },
      },
      {
        test: {
          name: 'browser',
          include: ['tests/journeys/**/*.test.ts'],
          testTimeout: 300_000,
          hookTimeout: 300_000,
          // Each journey has a server, a database and a browser of its own, and waits for them much of the time.
          maxWorkers: 2,
        },
      },
      {
        test: {
          name: 'slow',
          include: ['tests/slow/**/*.test.ts'],
          testTimeout: 3_600_000,
          hookTimeout: 300_000,
          globalSetup: ['tests/server/database-for-tests.ts'],
        },
      },
    ],
  },
});
