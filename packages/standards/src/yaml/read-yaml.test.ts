import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readYaml } from './read-yaml.ts';

const document = (text: string) => {
  const read = readYaml(text);
  if ('fault' in read) throw new Error(`${read.fault.line}: ${read.fault.reason}`);
  return read.document;
};

test('blocks, lists, quotes, brackets and block texts are read', () => {
  expect(
    document(`# a comment
---
title: A study of "cells" # not this
empty:
list:
- one
- 'it''s two'
-
- "a\\tb\\u00e9"
people:
  - first: Ada
    last : Lovelace
    roles: [writing, {credit: analysis}]
  - first: Bo
    roles:
      - - nested
folded: >-
  one
  two

  three
literal: |
  a
    b
number: 12.5
date: 2026-11-21
version: "1.1"
yes: true
url: https://example.org/a#b
long: goes on
  in the next line
inbrackets: [
  1, 2
]
`),
  ).toEqual({
    title: 'A study of "cells"',
    empty: null,
    list: ['one', "it's two", null, 'a\tbé'],
    people: [
      { first: 'Ada', last: 'Lovelace', roles: ['writing', { credit: 'analysis' }] },
      { first: 'Bo', roles: [['nested']] },
    ],
    folded: 'one two\nthree',
    literal: 'a\n  b\n',
    number: 12.5,
    date: '2026-11-21',
    version: '1.1',
    yes: true,
    url: 'https://example.org/a#b',
    long: 'goes on in the next line',
    inbrackets: [1, 2],
  });
  expect(document('')).toBeNull();
  expect(document('- a\n- b\n...\nrest')).toEqual(['a', 'b']);
});

test.each([
  ['a: 1\n b: 2', 2],
  ['a: 1\na: 2', 2],
  ['a:\n\t- b', 2],
  ['a: &x 1', 1],
  ['a: "open\nb: 2', 1],
  ['a: [1, 2', 1],
  ['  a: 1\nb: 2', 2],
  [`${Array.from({ length: 100 }, (_, depth) => `${' '.repeat(depth)}a:`).join('\n')}\n${' '.repeat(100)}b: 1`, 66],
  [`a: ${'['.repeat(100)}`, 1],
])('what is no YAML of ours is told with its line: %j', (text, line) => {
  const read = readYaml(text);
  expect('fault' in read && read.fault.line).toBe(line);
});

test('JSON is YAML, and texts of any kind do no harm', () => {
  fc.assert(
    fc.property(fc.dictionary(fc.string({ minLength: 1, maxLength: 5 }), fc.string({ maxLength: 12 })), (value) => {
      expect(document(JSON.stringify(value))).toEqual(JSON.parse(JSON.stringify(value)));
    }),
    { numRuns: 100 },
  );
  fc.assert(
    fc.property(
      fc.string({ unit: fc.constantFrom('a', ':', '-', ' ', '\n', '"', "'", '[', '{', '}', ']', ',', '|', '>', '#') }),
      (text) => {
        readYaml(text);
      },
    ),
    { numRuns: 300 },
  );
});
