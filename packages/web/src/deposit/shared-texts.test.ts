import type { InspectReport } from '@micrarium/formats';
import { expect, it } from 'vitest';
import { SharedTexts } from './shared-texts.ts';

const report = (path: string): InspectReport => ({
  path,
  format: 'delimited',
  kind: 'tracks',
  issues: [
    { code: 'no-units', severity: 'warning', message: 'no unit', where: { file: path }, hint: 'Say it.' },
    { code: 'no-frame-interval', severity: 'info', message: 'no interval', where: { file: path } },
    { code: 'bad-row', severity: 'error', message: 'row 3', where: { file: path, row: 3 } },
  ],
});

it('a shared report says the same', () => {
  const texts = new SharedTexts();
  for (const path of ['a.csv', 'b.csv']) expect(texts.share(structuredClone(report(path)))).toEqual(report(path));
});

it('issues that name only the file have one place', () => {
  const { issues } = new SharedTexts().share(structuredClone(report('a.csv')));
  expect(issues[0]!.where).toBe(issues[1]!.where);
  expect(issues[2]!.where).toEqual({ file: 'a.csv', row: 3 });
});
