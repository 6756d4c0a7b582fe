import { expect, it } from 'vitest';
import { prefillChanges } from './use-prefill.ts';

it('fills what is empty or was read out of the files, and leaves what a person wrote, emptied or took from a document', () => {
  const origin = { kind: 'file', file: 'a.tif', place: 'metadata of the microscope' } as const;
  const found = Object.fromEntries(['a', 'b', 'c', 'd', 'e', 'dataSize'].map((id) => [id, { value: 'new', origin }]));
  const slots = {
    'value:a': { value: 'old', origin },
    'value:b': { value: 'mine', origin: { kind: 'person' } },
    'value:e': { value: 'of the sheet', origin: { kind: 'file', file: 'a.xlsx', place: 'Excel' } },
    'value:dataSize': { value: '1 kB', origin: { kind: 'file' } },
  };
  expect(Object.keys(prefillChanges(slots, found, new Set(['c'])))).toEqual(['value:a', 'value:d', 'value:dataSize']);
});
