import { expect, test } from 'vitest';
import { checkScans } from './file-scans.ts';

const none = { waiting: 0, clean: 0, tooLarge: 0, found: [], foundCount: 0 };
const at = '2026-05-04T03:02:01.000Z';

test('what is found and what is still to be searched stand in the way, what was searched is told with its day', () => {
  expect(checkScans(none)).toEqual([]);
  const found = [{ path: 'a/setup.exe', signature: 'Test.Signature-1', at }];
  const issues = checkScans({ waiting: 3, clean: 7, tooLarge: 1, lastAt: at, found, foundCount: 22 });
  expect(issues.map(({ code, severity, message, where }) => [severity, code, message, where.file])).toEqual([
    ['error', 'virus-found', 'a/setup.exe: Test.Signature-1 (found on 2026-05-04)', 'a/setup.exe'],
    ['error', 'virus-found', 'Something was found in 21 files more', undefined],
    ['error', 'virus-scan-waiting', '3 of 33 files are still to be searched for viruses', undefined],
    ['info', 'virus-scan-partial', 'Larger than the virus scanner takes, and not searched: 1 file', undefined],
    [
      'info',
      'virus-scan-clean',
      'Searched for viruses, the last on 2026-05-04, with nothing found: 7 files',
      undefined,
    ],
  ]);
});
