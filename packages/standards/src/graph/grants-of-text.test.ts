import { expect, test } from 'vitest';
import { grantsOfText, textOfGrants } from './grants-of-text.ts';

const of = (text: string) => grantsOfText(text).map(({ funder, identifier }) => [funder, identifier]);

test('grants are read from the statements people write', () => {
  expect(of('JSPS KAKENHI Grant Number JP18H05412')).toEqual([['JSPS KAKENHI', 'JP18H05412']]);
  expect(of('JSPS KAKENHI JP18H05412 and JP20K06450; JST CREST JPMJCR1234')).toEqual([
    ['JSPS KAKENHI', 'JP18H05412'],
    ['JSPS KAKENHI', 'JP20K06450'],
    ['JST CREST', 'JPMJCR1234'],
  ]);
  expect(
    of(
      'This work was supported by the European Research Council, grant agreement No. 788374; DFG, grants 12-3 and 45.',
    ),
  ).toEqual([
    ['European Research Council', '788374'],
    ['DFG', '12-3'],
    ['DFG', '45'],
  ]);
  expect(
    of('Supported by NIH under award numbers R01GM123456, R35-99\nand the Wellcome Trust grant 2198/Z/19/Z'),
  ).toEqual([
    ['NIH', 'R01GM123456'],
    ['NIH', 'R35-99'],
    ['Wellcome Trust', '2198/Z/19/Z'],
  ]);
});

test('what names no grant without doubt stays words', () => {
  for (const text of [
    'Funded by our institute.',
    'A grant of the second call',
    'see the paper',
    'X, grant 5 of the second call',
    '',
  ])
    expect(of(text), text).toEqual([]);
});

test('grants of a plan or a crate become a statement that gives them back', () => {
  const grants = [
    {
      key: 'g1',
      funder: 'Dutch Research Council',
      funderId: 'https://ror.org/04jsz6e67',
      identifier: '016.Vidi.189',
      title: 'Cells (on the move)',
    },
    { key: 'g2', funder: 'Agence Nationale de la Recherche', identifier: 'https://anr.fr/Project-ANR-19-CE13' },
  ];
  const text = textOfGrants(grants)!;
  expect(text).toBe(
    'Dutch Research Council (https://ror.org/04jsz6e67), grant 016.Vidi.189 (Cells (on the move)); Agence Nationale de la Recherche, grant https://anr.fr/Project-ANR-19-CE13',
  );
  expect(grantsOfText(text).map((grant, at) => ({ key: `g${at + 1}`, ...grant }))).toEqual(grants);
  expect(textOfGrants([{ key: 'g', title: 'A project' }])).toBe('A project');
  expect(textOfGrants([])).toBeUndefined();
});
