import { expect, test } from 'vitest';
import { checkOmeAttributes } from './check-ome-zarr.ts';

const errors = (attributes: object, version: '0.4' | '0.5' = '0.4'): string[] =>
  checkOmeAttributes(attributes as Record<string, unknown>, version)
    .filter(({ severity }) => severity === 'error')
    .map(({ message }) => message);

const image = (more: object = {}, scale: unknown = [1, 1]) => ({
  multiscales: [
    {
      axes: [
        { name: 'y', type: 'space' },
        { name: 'x', type: 'space' },
      ],
      datasets: [{ path: '0', coordinateTransformations: [{ type: 'scale', scale }] }],
      ...more,
    },
  ],
});
const plate = (more: object) => ({
  plate: {
    rows: [{ name: 'A' }],
    columns: [{ name: '1' }],
    wells: [{ path: 'A/1', rowIndex: 0, columnIndex: 0 }],
    ...more,
  },
});

// Each was taken for valid, or ended the program, before the schemas and our rules were compared on thousands of mutants.
test.each<[string, object, string]>([
  ['a name that is no text', image({ name: 5 }), 'name: must be a text'],
  ['a scale of one number', image({}, [1]), 'two numbers at least'],
  [
    'an axis type that is no text',
    image({ axes: [{ name: 'q', type: null }, ...image().multiscales[0]!.axes] }),
    'type',
  ],
  ['the same image twice', { multiscales: [...image().multiscales, ...image().multiscales] }, 'twice'],
  ['labels that are no object', { 'image-label': 7 }, 'must be an object'],
  ['colours that are no list', { 'image-label': { colors: null } }, 'must not be empty'],
  ['properties that are no list', { 'image-label': { properties: null } }, 'must not be empty'],
  ['a column that is no object', plate({ columns: [{ name: '1' }, 7] }), 'plate.columns: every entry'],
  ['an acquisition that is no object', plate({ acquisitions: ['x'] }), 'plate.acquisitions: every entry'],
  ['an image of a well that is no object', { well: { images: [{ path: '0' }, []] } }, 'well.images: every entry'],
])('%s is an error', (_, attributes, why) => {
  expect(errors(attributes).join('\n')).toContain(why);
});

test('what the rules allow is no error', () => {
  expect(errors(image({ name: 'a' }))).toEqual([]);
  expect(errors(plate({}))).toEqual([]);
});
