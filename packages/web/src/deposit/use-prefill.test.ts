import { expect, it } from 'vitest';
import { awaitsContact, prefillChanges } from './use-prefill.ts';

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

it('takes the contact of the account for what was just begun, also from the page of another study, and never again', () => {
  const draft = (values: Record<string, string>, revision: number) => ({ revision, metadata: { values, origins: {} } });
  expect(awaitsContact(draft({}, 1))).toBe(true);
  expect(awaitsContact(draft({ title: 'Counted anew', relations: 'x' }, 1))).toBe(true);
  expect(awaitsContact(draft({ title: 'Counted anew', relations: 'x' }, 2))).toBe(false);
  expect(awaitsContact(draft({ contactEmail: 'ada@example.org' }, 1))).toBe(false);
});
