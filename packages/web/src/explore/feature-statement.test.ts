import { expect, test } from 'vitest';
import { featureAddressOf, featureStatement, featureStateOf, groupsInStudies, meansOf } from './feature-statement.ts';

test('the address of feature tables keeps all; what nobody offers is the default, and quotes do no harm', () => {
  const state = featureStateOf({ feature: "Hit's", unit: '%', by: 'compound', gene: ' tp53 ', cell_line: '' });
  expect(state).toEqual({ feature: "Hit's", unit: '%', by: 'compound', only: { gene: 'tp53' } });
  expect(featureStateOf(featureAddressOf(state))).toEqual(state);
  expect(featureStateOf({ by: 'number; drop table x' }).by).toBe('gene');
  const statement = featureStatement({ ...state, only: { gene: "O'x" } });
  expect(statement).toContain("feature = 'Hit''s'");
  expect(statement).toContain("contains(lower(gene), 'o''x')");
});

test('means and deviations of studies are pooled as if all values lay in one', () => {
  // Values 1, 3 in one study and 5, 7, 9 in another: mean 5, standard deviation sqrt(10).
  const columns = ['gene', 'accession', 'version', 'n', 'mean', 'sd'].map((name) => ({ name }));
  const rows = [
    ['A', 'MIC-1', 1, 2, 2, Math.SQRT2],
    ['A', 'MIC-2', 3, 3, 7, 2],
    ['B', 'MIC-2', 3, 1, 4, null],
  ];
  const [a, b] = meansOf(groupsInStudies(columns, rows, 'gene'));
  const error = Math.sqrt(10) / Math.sqrt(5);
  expect(a).toMatchObject({ group: 'A', n: 5, mean: 5 });
  expect(a!.high).toBeCloseTo(5 + 1.96 * error, 12);
  expect(b).toEqual({ group: 'B', n: 1, mean: 4, low: 4, high: 4 });
});
