import { type IssueTexts, issueWords, loadServerTexts } from '@micrarium/api';
import { expect, test } from 'vitest';
import { problemCodes } from '../../packages/server/src/http/problems.ts';
import { findCatalogues } from '../../tools/issue-catalogues.ts';

const catalogues = await findCatalogues();
const { issues: texts, problems } = (await loadServerTexts('ja'))!;

/** Everything the catalogues say of a code; some codes are shared by formats. */
const entries = new Map<string, { meanings: string[]; hasHint: boolean }>();
for (const { codes } of catalogues)
  for (const [code, { meaning, hint }] of Object.entries(codes)) {
    const known = entries.get(code) ?? { meanings: [], hasHint: false };
    entries.set(code, { meanings: [...known.meanings, meaning], hasHint: known.hasHint || hint !== undefined });
  }

test('every issue code has a Japanese text in packages/api/src/messages/issues, and no text is left of a code that went', () => {
  const missing = [...entries]
    .filter(([code]) => !(code in texts))
    .map(([code, { meanings }]) => `${code}: ${meanings[0]}`);
  expect(missing).toEqual([]);
  expect(Object.keys(texts).filter((code) => !entries.has(code))).toEqual([]);
});

test('a Japanese text is Japanese, says what to do where the English one does, and keeps the numbers', () => {
  const wrong: string[] = [];
  for (const [code, text] of Object.entries(texts)) {
    const entry = entries.get(code);
    const [meaning, hint] = text;
    if (![meaning, hint ?? meaning].every((part) => /[\p{Script=Hiragana}\p{Script=Katakana}].*。$/u.test(part)))
      wrong.push(`${code}: not Japanese sentences`);
    if (entry && entry.hasHint !== (hint !== undefined))
      wrong.push(`${code}: ${entry.hasHint ? 'no' : 'needless'} hint`);
    const numbers = (all: string) => all.match(/\d[\d,.]*\d/g) ?? [];
    for (const number of numbers(entry?.meanings.length === 1 ? entry.meanings[0]! : ''))
      if (!meaning.includes(number)) wrong.push(`${code}: ${number} is not in it`);
  }
  expect(wrong).toEqual([]);
});

test('a code is declared in one part of the Japanese catalogue', async () => {
  const parts: IssueTexts[] = await Promise.all([
    import('../../packages/api/src/messages/issues/ja-archives.ts').then((part) => part.archivesJa),
    import('../../packages/api/src/messages/issues/ja-deposit.ts').then((part) => part.depositJa),
    import('../../packages/api/src/messages/issues/ja-images.ts').then((part) => part.imagesJa),
    import('../../packages/api/src/messages/issues/ja-losses.ts').then((part) => part.lossesJa),
    import('../../packages/api/src/messages/issues/ja-metadata.ts').then((part) => part.metadataJa),
    import('../../packages/api/src/messages/issues/ja-objects.ts').then((part) => part.objectsJa),
    import('../../packages/api/src/messages/issues/ja-tables.ts').then((part) => part.tablesJa),
    import('../../packages/api/src/messages/issues/ja-tracks.ts').then((part) => part.tracksJa),
    import('../../packages/api/src/messages/issues/ja-training.ts').then((part) => part.trainingJa),
  ]);
  const all = parts.flatMap((part) => Object.keys(part));
  expect(all.filter((code, at) => all.indexOf(code) !== at)).toEqual([]);
  expect(all.length).toBe(Object.keys(texts).length);
});

test('an issue is shown in the language of the page, with its English sentence; a code without a text in English', () => {
  const issue = { code: 'no-units', message: 'The unit of column x is not said.', hint: 'Say it.' };
  expect(issueWords(issue, undefined)).toEqual({ meaning: issue.message, hint: 'Say it.' });
  expect(issueWords(issue, texts)).toEqual({
    meaning: texts['no-units']![0],
    hint: texts['no-units']![1],
    detail: issue.message,
  });
  expect(issueWords({ ...issue, code: 'constructor' }, texts)).toEqual({ meaning: issue.message, hint: 'Say it.' });
});

test('every problem the server answers with has a Japanese title', () => {
  expect(Object.keys(problems).sort()).toEqual(Object.keys(problemCodes).sort());
});
