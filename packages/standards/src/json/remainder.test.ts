import fc from 'fast-check';
import { expect, test } from 'vitest';
import { isSameJson, type Json } from './json.ts';
import { jsonRemainder, restoreJson } from './remainder.ts';

const leaf = fc.oneof(fc.string({ maxLength: 4 }), fc.integer(), fc.boolean(), fc.constant(null));
const { node } = fc.letrec((tie) => ({
  node: fc.oneof(
    { depthSize: 'small' },
    leaf,
    fc.array(tie('node'), { maxLength: 4 }),
    fc.dictionary(fc.constantFrom('@id', 'accno', 'a', 'b', 'c', '__proto__'), tie('node'), { maxKeys: 4 }),
    fc.uniqueArray(fc.record({ '@id': fc.constantFrom('p', 'q', 'r', 's'), v: leaf }), {
      selector: (one) => one['@id'],
    }),
  ),
}));

test('what was left over makes the original out of our writing', () => {
  fc.assert(
    fc.property(node, node, (a, b) => {
      const original = a as Json;
      const { document, unplaced } = restoreJson(b as Json, jsonRemainder(original, b as Json));
      expect(unplaced).toEqual([]);
      expect(isSameJson(document, original)).toBe(true);
      expect(JSON.stringify(listsOnly(document))).toBe(JSON.stringify(listsOnly(original)));
    }),
    { numRuns: 500 },
  );
});

// Members sorted by name: only the order of lists counts.
function listsOnly(value: Json): Json {
  if (Array.isArray(value)) return value.map(listsOnly);
  if (typeof value !== 'object' || value === null) return value;
  return Object.entries(value)
    .sort(([x], [y]) => (x < y ? -1 : 1))
    .map(([key, one]) => [key, listsOnly(one)]);
}

test('what was edited since the import stays edited, and unknown members still come back', () => {
  const original = {
    name: 'old ',
    extra: 1,
    list: [
      { '@id': 'a', x: 1 },
      { '@id': 'b', y: 2 },
    ],
  };
  const remainder = jsonRemainder(original, { name: 'old', list: [{ '@id': 'a' }, { '@id': 'b' }] });
  const edited = { name: 'new', list: [{ '@id': 'z' }, { '@id': 'b' }] };
  const { document, unplaced } = restoreJson(edited, remainder);
  expect(document).toEqual({ name: 'new', extra: 1, list: [{ '@id': 'z' }, { '@id': 'b', y: 2 }] });
  expect(unplaced).toHaveLength(2);
});
