import { expect, test } from 'vitest';
import { rowFile } from './row-files.ts';

test('text that a spreadsheet would compute has an apostrophe in front in CSV, numbers have none', async () => {
  const columns = ['=name', 'b', 'c', 'd'].map((name) => ({ name, type: 'string' as const }));
  const page = { columns, rows: [['=1+1', '-2.5', '@SUM(1,2)', -3]] } as never;
  expect(new TextDecoder().decode(await rowFile(page, 'csv'))).toBe(`'=name,b,c,d\n'=1+1,-2.5,"'@SUM(1,2)",-3\n`);
});
