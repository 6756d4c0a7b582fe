import { expect, test } from 'vitest';
import { z } from '@hono/zod-openapi';
import { en, type MessageKey } from './en.ts';
import { requestWords } from './issues/issue-texts.ts';
import { serverTextsJa } from './issues/ja.ts';
import { ja } from './ja.ts';
import { translator } from './messages.ts';
import { setApart, unturned } from './set-apart.ts';

test('every text says the same things in both languages', () => {
  expect(Object.keys(ja).sort()).toEqual(Object.keys(en).sort());
  for (const key of Object.keys(en) as MessageKey[]) {
    const placeholders = (text: string) => [...text.matchAll(/\{\w+\}/g)].map(([one]) => one).sort();
    expect(placeholders(ja[key]), key).toEqual(placeholders(en[key]));
    expect(ja[key].trim(), key).not.toBe('');
  }
});

test('numbers are written as the language writes them', () => {
  expect(translator('en')('study.fileCount', { count: 12345, size: '3 GB' })).toBe('12,345 files, 3 GB');
  expect(translator('ja')('study.newer', { number: 2 })).toBe('この研究には新しいバージョンがあります：バージョン 2。');
});

test('what a schema says of a value is said in Japanese, with the name of its key and the limit', () => {
  const schema = z.object({
    name: z.string().min(1).max(9),
    email: z.email(),
    role: z.enum(['a', 'b']),
    days: z.int(),
  });
  const said = (value: object) => {
    const found = schema.safeParse({ name: 'x', email: 'a@b.org', role: 'a', days: 1, ...value }).error?.issues ?? [];
    const issues = found.map(({ code, message, path }) => ({
      code: `request-${code.replaceAll('_', '-')}`,
      message,
      where: { field: path.join('.') },
    }));
    return requestWords(issues, serverTextsJa.requests);
  };
  expect(said({ name: '' })).toBe('name：短すぎる、少なすぎる、または小さすぎます（1 以上）');
  expect(said({ name: 'x'.repeat(10) })).toBe('name：長すぎる、多すぎる、または大きすぎます（9 以下）');
  expect(said({ email: 'nobody' })).toBe('email：書き方が正しくありません');
  expect(said({ role: 'c' })).toBe('role：選べる値ではありません');
  expect(said({ days: 'one' })).toBe('days：必要な値がないか、値の種類が違います');
  const own = [{ code: 'request-custom', message: 'A sentence of our own.' }];
  expect(requestWords(own, serverTextsJa.requests)).toBeUndefined();
});

test('the number of a study has one word in Japanese', () => {
  for (const [key, text] of Object.entries({ ...ja, ...serverTextsJa.problems }))
    expect(text, key).not.toMatch(/受入番号|アクセッション(?!番号)/);
});

test('what somebody typed from right to left moves nothing of the sentence it stands in', () => {
  expect(setApart('Vera\u202E Visitor\u2066')).toBe('Vera Visitor');
  expect(setApart('\u202Eمحمد')).toBe('\u2068محمد\u2069');
  expect(setApart('山田 花子, Müller')).toBe('山田 花子, Müller');
  expect(unturned('a\u202Db')).toBe('ab');
  expect(translator('en')('readers.asked', { name: 'x\u202E', date: '22 Nov 2026' })).toBe(
    translator('en')('readers.asked', { name: 'x', date: '22 Nov 2026' }),
  );
});
