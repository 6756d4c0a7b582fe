import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** Test files that take longest, the longest first: begun last, one of them would run alone at the end. */
const longest = [
  'journeys/pages-browser.test.ts',
  'journeys/kill.test.ts',
  'journeys/study-browser.test.ts',
  'journeys/inside-browser.test.ts',
  'tests/files/round-trips.test.ts',
  'tests/server/start.test.ts',
  'storage/ocfl/archive-kill.test.ts',
  'tests/server/permissions.test.ts',
  'tests/house/command-line.test.ts',
  'tests/files/ingest-all.test.ts',
  'tests/files/command-line.test.ts',
  'tests/interop/one-liners.test.ts',
  'tests/interop/bd5-layout.test.ts',
  'tests/server/job-queue.test.ts',
  'tests/server/keeping.test.ts',
  'deposit-rules/deposit-rules.test.ts',
  'bdml/walk.test.ts',
];

function rankOf({ moduleId }: TestSpecification): number {
  const rank = longest.findIndex((end) => moduleId.endsWith(end));
  return rank < 0 ? longest.length : rank;
}

/** Two workers end together when the longest files are begun first; a clean checkout knows no earlier times. */
export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    return (await super.sort(files)).sort((a, b) => rankOf(a) - rankOf(b));
  }
}
