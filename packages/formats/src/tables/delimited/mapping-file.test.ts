import { expect, test } from 'vitest';
import { columnsOfMappings, mappingFile, parseMappings } from './mapping-file.ts';
import { shapeKey } from './mapping.ts';

test('a mapping file reads back, by shape or by the header it names', () => {
  const columns = ['Cell', 'X', 'Y'];
  const shape = shapeKey(columns);
  const mapping = { x: 'X', y: 'Y', track: 'Cell', spaceUnit: 'pixel' as const, frameBase: 1 };
  const file: unknown = JSON.parse(JSON.stringify(mappingFile({ [shape]: mapping }, { [shape]: columns })));
  expect(parseMappings(file)).toEqual({ mappings: { [shape]: mapping } });
  expect(columnsOfMappings(file)).toEqual({ [shape]: columns });
  const byHand = { mappings: [{ columns: ['cell', ' x', 'y'], mapping: { x: 'X', y: 'Y', spaceUnit: 'µm' } }] };
  expect(parseMappings(byHand)).toEqual({ mappings: { [shape]: { x: 'X', y: 'Y', spaceUnit: 'micrometer' } } });
});

test('one mapping goes for every table', () => {
  expect(parseMappings({ x: 'a', y: 'b' })).toEqual({ mapping: { x: 'a', y: 'b' } });
});

test.each([
  [null, 'JSON object'],
  [[], 'JSON object'],
  [{ q: 'a' }, '"q" is none of'],
  [{ x: 1 }, 'name of a column'],
  [{ frameBase: 2 }, '0 or 1'],
  [{ spaceUnit: 'parsec' }, 'no unit'],
  [{ mappings: {} }, 'a list'],
  [{ mappings: [{ mapping: {} }] }, 'neither'],
  [{ mappings: [{ columns: ['a'] }] }, 'no "mapping"'],
  [{ mappings: [{ shape: 'zz', mapping: {} }] }, 'neither'],
])('%j is refused in words', (value, words) => {
  const parsed = parseMappings(value);
  expect(parsed.fault).toContain(words);
});
