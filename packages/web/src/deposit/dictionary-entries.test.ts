import { parseDictionary } from '@micrarium/formats';
import { expect, it } from 'vitest';
import { dictionaryText, distinctColumns, withEntries } from './dictionary-entries.ts';

const tables = [
  {
    part: 0,
    name: 'a',
    rows: 1,
    columns: [
      { name: 'Well', type: 'string' as const, keyedTo: 'well' as const },
      { name: 'Area', type: 'float' as const, unit: 'px' },
    ],
  },
  { part: 1, name: 'b', rows: 1, columns: [{ name: 'Area', type: 'int' as const }] },
];

it('lists a column of several tables once', () => {
  expect(distinctColumns(tables).map(({ name, type }) => [name, type])).toEqual([
    ['Well', 'string'],
    ['Area', 'float'],
  ]);
});

it('takes what was typed before what was found, and gives the server what it reads back', () => {
  const columns = withEntries(distinctColumns(tables), {
    Well: { keyedTo: 'none', meaning: ' Where ' },
    Area: { unit: '', term: { label: '', id: 'PATO:0001323' } },
  });
  expect(columns).toEqual([
    { name: 'Well', type: 'string', meaning: ' Where ' },
    { name: 'Area', type: 'float', term: { label: '', id: 'PATO:0001323' } },
  ]);
  expect(parseDictionary(JSON.parse(dictionaryText(columns)))).toEqual({
    Well: { meaning: 'Where', keyedTo: 'none' },
    Area: { term: { label: 'PATO:0001323', id: 'PATO:0001323' }, keyedTo: 'none' },
  });
});
