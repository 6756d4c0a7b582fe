import { expect, test } from 'vitest';
import { addressOfLink, tokenOfAddress } from './account-form.tsx';

test.each([
  ['#token=a-B_1', 'a-B_1', ''],
  ['#a-B_1', 'a-B_1', ''],
  ['#token=a-B_1&email=m%C3%A9%2Bx%40example.org', 'a-B_1', 'mé+x@example.org'],
  ['#token=a-B_1&email=%E0%A4', 'a-B_1', ''],
  ['', '', ''],
])('%s names a token, and whom it is for', (hash, token, address) => {
  expect([tokenOfAddress(hash), addressOfLink(hash)]).toEqual([token, address]);
});
