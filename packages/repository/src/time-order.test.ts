import { openParquet } from '@micrarium/formats';
import { expect, test } from 'vitest';
import { createDraft } from './drafts.ts';
import { placeOfContent } from './forms.ts';
import { depositFiles, openWorkbench } from './memory/workbench.ts';
import { byTimeTable } from './time-order.ts';

test('a table cell by cell is put in the order of time beside itself, one in order is left alone', async () => {
  // Just more than one row group: forty-two cells in a hundred frames.
  const rows = Array.from({ length: 4200 }, (_, at) => `${at % 100},${Math.floor(at / 100)},${at % 100}`);
  const bench = await openWorkbench();
  const { id } = await createDraft(bench, 'hanako');
  const few = 'frame,x,y\n0,1,1\n1,2,2\n';
  await depositFiles(bench, id, { 'by-cell.csv': `frame,x,y\n${rows.join('\n')}\n`, 'in-order.csv': few });
  await bench.jobs.runAll();
  const items = (await bench.studies.listItems(id)).map(({ item }) => item);
  const [byCell, inOrder] = ['by-cell.csv', 'in-order.csv'].map((path) => items.find((item) => item.path === path)!);
  const recipe = 'objects-by-time';
  expect(inOrder!.conversions.map((one) => one.recipe)).not.toContain(recipe);
  const made = byCell!.conversions.find((one) => one.recipe === recipe);
  expect(made!.outputs.map(({ path }) => path)).toEqual([byTimeTable(0)]);
  const place = placeOfContent(byCell!, byTimeTable(0)) as { kind: string; key: string; path: string };
  expect(place.kind).toBe('form');
  const source = (await bench.derived.open(place.key, place.path))!;
  const { values } = await (await openParquet(source)).read('frame', 0, 200);
  expect([values[0], values[41], values[42], values[199]]).toEqual([0, 0, 1, 4]);
});
