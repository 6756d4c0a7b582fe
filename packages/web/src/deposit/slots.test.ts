import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { editableOf, isSame, mergeSlots, slotsOf } from './slots.ts';

const pair = {
  imageItem: 'aaaaaaaaaaaa',
  image: 0,
  trackItem: 'bbbbbbbbbbbb',
  part: 0,
  mapping: {
    axes: { x: 'x', y: 'y', z: 'z' },
    scale: { x: 1, y: 1, z: 1 },
    offset: { x: 0, y: 0, z: 0 },
    firstFrame: 0,
    firstSlice: 0,
  },
  reason: 'same name',
  confirmed: true,
} as const;

describe('slots of a draft', () => {
  it('hold everything that can be edited', () => {
    const draft = {
      metadata: {
        values: { title: 'A', organism: [{ label: 'Homo sapiens', id: 'NCBITaxon:9606' }] },
        origins: { title: { kind: 'person' as const } },
      },
      pairs: [{ ...pair }],
      datasetTitles: { 'd-aaaaaaaaaaaa': 'First film' },
      note: 'why',
      changeKinds: ['correction' as const, 'addition' as const],
      earlierResults: 'hold' as const,
    };
    expect(editableOf(slotsOf(draft))).toEqual(draft);
  });
});

describe('merging two edits', () => {
  const base = {
    'value:title': { value: 'old' },
    'value:licence': { value: 'CC0-1.0' },
    'value:notes': { value: 'n' },
  };

  it('takes each side’s own changes, removals too', () => {
    const mine = { ...base, 'value:title': { value: 'mine' } };
    const theirs = { 'value:title': { value: 'old' }, 'value:licence': { value: 'CC-BY-4.0' } };
    expect(mergeSlots(base, mine, theirs)).toEqual({
      merged: { 'value:title': { value: 'mine' }, 'value:licence': { value: 'CC-BY-4.0' } },
      conflicts: [],
    });
  });

  it('names what both changed differently, and only that', () => {
    const mine = { ...base, 'value:title': { value: 'mine' }, 'value:notes': { value: 'same' } };
    const theirs = { ...base, 'value:title': { value: 'theirs' }, 'value:notes': { value: 'same' } };
    const { merged, conflicts } = mergeSlots(base, mine, theirs);
    expect(conflicts).toEqual([{ slot: 'value:title', mine: { value: 'mine' }, theirs: { value: 'theirs' } }]);
    expect(merged['value:title']).toEqual({ value: 'mine' });
  });

  it('loses no change of either side (property)', () => {
    const slots = fc.dictionary(fc.constantFrom('a', 'b', 'c', 'd'), fc.integer({ min: 0, max: 2 }));
    fc.assert(
      fc.property(slots, slots, slots, (start, mine, theirs) => {
        const { merged, conflicts } = mergeSlots(start, mine, theirs);
        for (const key of ['a', 'b', 'c', 'd']) {
          if (conflicts.some(({ slot }) => slot === key)) continue;
          const changed = [mine[key], theirs[key]].filter((value) => !isSame(value, start[key]));
          expect(merged[key]).toEqual(changed.length > 0 ? changed[0] : start[key]);
        }
      }),
    );
  });
});
