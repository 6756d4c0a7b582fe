import { expect, test } from 'vitest';
import { publicNames } from './public-names.ts';
import { packageNames } from './source-files.ts';

const entries = [...packageNames().map((name) => `packages/${name}/src/index.ts`), 'packages/formats/src/node.ts'];

test('what each package offers changes only on purpose (vitest -u writes the list anew)', async () => {
  const lines = entries.flatMap((entry) => [`# ${entry}`, ...publicNames(entry), '']);
  await expect(`${lines.join('\n')}`).toMatchFileSnapshot('public-names.txt');
});

test('the list sees what is exported', () => {
  expect(publicNames('packages/formats/src/index.ts')).toEqual(
    expect.arrayContaining([
      'inspectItem',
      'InspectReport',
      'findItems',
      'describeReport',
      'readTrackSets',
      'formatIds',
    ]),
  );
  expect(publicNames('packages/formats/src/node.ts')).toEqual(
    expect.arrayContaining(['fileSource', 'openFolder', 'folderSink', 'writeCompletely']),
  );
});
