import { defineIssues, type Issue } from '@micrarium/model';
import type { FileScans } from './ports/study-store.ts';

/** What a virus scanner of the operator says of the files of a draft. */
export const scanIssue = defineIssues({
  'virus-found': {
    severity: 'error',
    meaning:
      'The virus scanner of this site found the mark of known malicious software in the file. It cannot be published.',
    hint: 'Take the file out of the study. Where the program that made it is to be trusted and the finding seems wrong, tell whoever runs this site; a file that stays in the draft is searched again a day later.',
    example: 'A folder of a microscope’s computer comes with a program in it: “autorun.exe: Win.Test.EICAR_HDB-1”.',
  },
  'virus-scan-waiting': {
    severity: 'error',
    meaning: 'Some files have not been searched by the virus scanner of this site yet. They can be published after it.',
    hint: 'Wait a moment. Where it takes long, the scanner is not running: tell whoever runs this site. Files can be sent meanwhile.',
    example: '3 of 12 files are still to be searched for viruses.',
  },
  'virus-scan-partial': {
    severity: 'info',
    meaning:
      'Some files are larger than the virus scanner of this site takes, and were not searched. They can be published.',
    example: 'A film of 40 GB where the scanner takes 2 GB.',
  },
  'virus-scan-clean': {
    severity: 'info',
    meaning: 'The files were searched by the virus scanner of this site, and nothing was found.',
    example: 'Searched for viruses, the last on 2026-05-04, with nothing found: 12 files.',
  },
});

/** What scans say of publishing a draft: a finding forbids it, and so does what is still to be searched. */
export function checkScans({ waiting, clean, tooLarge, lastAt, found, foundCount }: FileScans): Issue[] {
  const files = (count: number) => (count === 1 ? '1 file' : `${count} files`);
  const issues = found.map(({ path, signature, at }) =>
    scanIssue('virus-found', `${path}: ${signature} (found on ${at.slice(0, 10)})`, { where: { file: path } }),
  );
  const unnamed = foundCount - found.length;
  if (unnamed > 0) issues.push(scanIssue('virus-found', `Something was found in ${files(unnamed)} more`));
  if (waiting > 0)
    issues.push(
      scanIssue(
        'virus-scan-waiting',
        `${waiting} of ${files(waiting + clean + tooLarge + foundCount)} are still to be searched for viruses`,
      ),
    );
  if (tooLarge > 0)
    issues.push(
      scanIssue('virus-scan-partial', `Larger than the virus scanner takes, and not searched: ${files(tooLarge)}`),
    );
  if (clean > 0 && lastAt !== undefined)
    issues.push(
      scanIssue(
        'virus-scan-clean',
        `Searched for viruses, the last on ${lastAt.slice(0, 10)}, with nothing found: ${files(clean)}`,
      ),
    );
  return issues;
}
