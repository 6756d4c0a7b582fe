import { type Dataset, groupDatasets, type StudyItem } from '@micrarium/model';
import { expect, test } from 'vitest';
import { createDraft } from './drafts.ts';
import { depositFiles, openWorkbench } from './memory/workbench.ts';
import { scoreDataset } from './score-datasets.ts';
import { NotComparable } from './score-results.ts';

/** The score of a table of classes against another, as they are deposited. */
async function scored(truth: string, result: string) {
  const bench = await openWorkbench();
  const { id } = await createDraft(bench, 'hanako');
  await depositFiles(bench, id, { 'truth.csv': truth, 'result.csv': result });
  await bench.jobs.runAll();
  const items: StudyItem[] = (await bench.studies.listItems(id)).map(({ item }) => item);
  const datasets = groupDatasets(items, []);
  const place = (title: string) => ({
    version: { accession: 'MIC-000001', version: 1, items },
    dataset: datasets.find((one: Dataset) => one.title === title)!,
  });
  const by = { metric: 'classification', gate: 5, coverage: 'all objects' } as const;
  return await scoreDataset(bench, by, place('truth.csv'), place('result.csv'));
}

const table = (header: string, ...rows: string[]) => `${header}\n${rows.join('\n')}\n`;

test('classes may be numbers; an image without an answer is wrong, one without a true class asks nothing', async () => {
  const truth = table('image,class', 'a.tif,0', 'b.tif,1', 'c.tif,1', 'd.tif,');
  const score = await scored(truth, table('image,class', 'b.tif,1', 'a.tif,0', 'd.tif,0'));
  // Class 0: 1 of 1; class 1: 1 of 2.
  expect(score).toMatchObject({
    main: 'balancedAccuracy',
    values: { balancedAccuracy: 0.75, accuracy: 2 / 3 },
    counts: { rows: 3, unanswered: 1, '1 → 1': 1 },
  });
  expect(score.reasons).toEqual(['1 row of the ground truth has no answer, and counts as wrong.']);
});

test('a column called label names classes where images are the key', async () => {
  const score = await scored(
    table('image,label', 'a.tif,mitotic', 'b.tif,resting'),
    table('image,label', 'a.tif,mitotic', 'b.tif,mitotic'),
  );
  expect(score.values).toMatchObject({ balancedAccuracy: 0.5 });
});

test('measured numbers are no classes', async () => {
  const wrong = scored(table('image,area', 'a.tif,1.5'), table('image,area', 'a.tif,1.5'));
  await expect(wrong).rejects.toThrow(NotComparable);
});
