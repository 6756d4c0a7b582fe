import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { referenceNoteWords } from './reference-notes.ts';

test.each([
  ['data.example.org: there is no such host.', 'data.example.org: このホストは存在しません。', 'ja'],
  ['It has 12 bytes now.', '現在は 12 バイトです。', 'ja'],
  ['example.org answered 503.', 'サーバーの応答は 503 でした。', 'ja'],
  ['example.org: certificate has expired', 'example.org: certificate has expired', 'en'],
  ['', '', 'en'],
])('%s in Japanese', (note, words, language) => {
  expect(referenceNoteWords(note, 'ja')).toEqual({ words, language });
  expect(referenceNoteWords(note, 'en')).toEqual({ words: note, language: 'en' });
});

test('every sentence that a look writes has its Japanese', () => {
  const read = (name: string) => readFileSync(new URL(`../../../server/src/outside/${name}`, import.meta.url), 'utf8');
  const written = [
    ...read('public-reference.ts').matchAll(/note: ['`]([^'`]+?\.)['`]/g),
    ...read('public-file.ts').matchAll(/AddressRefused\(\s*['`]((?!The file).+?\.)['`]/g),
    ...[...read('public-file.ts').matchAll(/^ {2}E[A-Z_]+: '(.+\.)',$/gm)].map(([all, said]) => [all, `host: ${said}`]),
  ].map((one) =>
    one[1]!.replace(/\$\{[^}]*(bytes|size|told|status|most)[^}]*\}/gi, '12').replace(/\$\{[^}]*\}/g, 'host'),
  );
  expect(written.length).toBeGreaterThan(15);
  for (const sentence of written) expect(referenceNoteWords(sentence, 'ja').language, sentence).toBe('ja');
});
