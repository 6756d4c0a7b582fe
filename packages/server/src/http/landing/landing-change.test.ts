import { translator } from '@micrarium/api';
import type { ListedVersion } from '@micrarium/repository';
import { expect, it } from 'vitest';
import { changeText, noteText, warningOfNewer } from './landing-change.ts';

const at = '2026-11-20T10:00:00.000Z';
const versions: ListedVersion[] = [
  { version: 3, publishedAt: at, note: 'More cells', changeKinds: ['addition'], earlierResults: 'hold' },
  {
    version: 2,
    publishedAt: at,
    revisions: [
      { minor: 1, publishedAt: at, changeKinds: ['correction'], earlierResults: 'some-do-not' },
      { minor: 0, publishedAt: at, changeKinds: ['correction', 'new-processing'], earlierResults: 'do-not-hold' },
    ],
  },
  { version: 1, publishedAt: at },
];

it('a version warns of every newer one that says its results do not hold, and of no older one', () => {
  const warnings = (label: string) =>
    warningOfNewer(translator('en'), { accession: 'MIC-000001', label }, versions).map(String);
  expect(warnings('1')).toHaveLength(2);
  expect(warnings('1')[0]).toContain('href="/studies/MIC-000001/v/2.1/changes?from=1"');
  expect(warnings('1')[1]).toContain('do not hold: see version 2.0 (Correction, New processing).');
  expect(warnings('2.0')).toHaveLength(1);
  expect(warnings('2.0')[0]).toContain('Some results computed from this version do not hold');
  expect([...warnings('2.1'), ...warnings('3')]).toEqual([]);
  // A version that is not in the list, such as one that is not published, has nothing newer.
  expect(warnings('9')).toEqual([]);
});

it('kinds and results make one line, and versions that say neither none', () => {
  const [newest] = versions;
  expect(changeText(translator('en'), newest!)).toBe('Addition; results of earlier versions hold');
  expect(changeText(translator('ja'), newest!)).toBe('追加：以前の版の結果は有効です');
  expect(changeText(translator('en'), { note: 'Only words' })).toBe('');
});

it('a long note is folded after its first words, a short one is not, and both are escaped', () => {
  expect(String(noteText('Short <b>'))).toBe('<span class="said">Short &lt;b&gt;</span>');
  const long = String(noteText(`${'word '.repeat(400)}end`));
  expect(long).toMatch(/^<details class="note"><summary>(?:word ){40} …<\/summary>/);
  expect(long).toContain('end</div>');
  expect(String(noteText('a\nb\nc\nd\ne\nf\ng'))).toContain('<summary>a …</summary>');
});
