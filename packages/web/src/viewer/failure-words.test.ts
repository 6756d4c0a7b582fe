import { RemoteZarrError } from '@micrarium/formats';
import { expect, test } from 'vitest';
import { en } from '../messages/en.ts';
import { fillMessage, type text } from '../messages/text.ts';
import { failureWords } from './failure-words.ts';

const words: typeof text = (key, values = {}) => fillMessage(en, 'en', key, values);
const url = 'https://elsewhere.example/a.zarr/0/0/0/0';

test('a plane of another site says which address did not answer and what to do', () => {
  const silent = new Error('/0: no', { cause: new RemoteZarrError('no-answer', { url }) });
  expect(failureWords(silent, words)).toContain(`${url} gave no answer`);
  expect(failureWords(silent, words)).toContain('operator of elsewhere.example');
  const refused = new RemoteZarrError('refused', { url, status: 500 });
  expect(failureWords(new Error('outer', { cause: refused }), words)).toContain('HTTP 500');
});

test('other errors say what they say', () => {
  expect(failureWords(new Error('the chunk is damaged'), words)).toBe('the chunk is damaged');
  expect(failureWords('odd', words)).toBe('odd');
});
