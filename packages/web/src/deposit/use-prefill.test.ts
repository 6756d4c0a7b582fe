import { expect, it } from 'vitest';
import { prefillChanges } from './use-prefill.ts';

it('fills what is empty or came from a file, and leaves what a person wrote or emptied', () => {
  const origin = { kind: 'file', file: 'a.tif' } as const;
  const found = Object.fromEntries(['a', 'b', 'c', 'd'].map((id) => [id, { value: 'new', origin }]));
  const slots = {
    'value:a': { value: 'old', origin },
    'value:b': { value: 'mine', origin: { kind: 'person' } },
  };
  expect(Object.keys(prefillChanges(slots, found, new Set(['c'])))).toEqual(['value:a', 'value:d']);
});
