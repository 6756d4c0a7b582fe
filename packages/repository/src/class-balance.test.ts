import { groupDatasets, type StudyVersion } from '@micrarium/model';
import { beforeAll, expect, test } from 'vitest';
import { classBalance } from './class-balance.ts';
import { classColumnOf } from './class-column.ts';
import { createDraft } from './drafts.ts';
import { formKeys } from './forms.ts';
import { depositFiles, openWorkbench } from './memory/workbench.ts';
import type { DerivedStore } from './ports/derived-store.ts';
import { croissantOf } from './training-croissant.ts';

const table = (classes: string) =>
  `frame,x,y,phenotype\n${[...classes].map((one, at) => `0,${at},${at},${one}`).join('\n')}\n`;

async function described() {
  const bench = await openWorkbench();
  const { id } = await createDraft(bench, 'hanako');
  await depositFiles(bench, id, { 'a.csv': table('aaab'), 'b.csv': table('abb'), 'c.csv': table('bbbbb') });
  await bench.jobs.runAll();
  const items = (await bench.studies.listItems(id)).map(({ item }) => item);
  const idOf = (path: string) => `d-${items.find((item) => item.path === path)!.id}`;
  const values: Record<string, string> = {
    [`trainingTask@${idOf('a.csv')}`]: 'classification',
    [`trainingTask@${idOf('b.csv')}`]: 'classification',
    [`split@${idOf('a.csv')}`]: 'train',
    title: 'T',
  };
  const version = {
    accession: 'MIC-000001',
    version: 1,
    publishedAt: '2026-11-20T00:00:00Z',
    metadata: { values, origins: {} },
    items,
    datasets: groupDatasets(items, []),
  } as unknown as StudyVersion;
  return { bench, version, itemOf: (path: string) => items.find((item) => item.path === path)! };
}

let made: Awaited<ReturnType<typeof described>>;
beforeAll(async () => {
  made = await described();
});

test('classes are counted by part, of training material only, and stand in the Croissant', async () => {
  const { bench, version } = made;
  const balance = await classBalance(bench, version);
  const about = { column: 'phenotype', of: 'objects' };
  expect(balance).toEqual({
    classes: [
      { ...about, name: 'a', parts: { train: 3, none: 1 }, total: 4 },
      { ...about, name: 'b', parts: { train: 1, none: 2 }, total: 3 },
    ],
    uncounted: 0,
  });
  const urls = { page: 'http://here', content: () => 'http://here', citation: 'C' };
  const { recordSet } = croissantOf(version, urls, balance.classes) as {
    recordSet: { name: string; data: object[] }[];
  };
  const records = recordSet.find(({ name }) => name === 'class_balance')!.data;
  expect(records).toHaveLength(4);
  expect(records[0]).toEqual({
    'class_balance/split': 'train',
    'class_balance/column': 'phenotype',
    'class_balance/class': 'a',
    'class_balance/counted': 'objects',
    'class_balance/count': 3,
  });
  // Where nothing names classes there is no empty record set.
  expect(JSON.stringify(croissantOf(version, urls))).not.toContain('class_balance');
});

test('a table that is not there now is told as not counted', async () => {
  const { version, itemOf } = made;
  // Another store, that remembers nothing of what was counted.
  const derived = Object.assign(Object.create(made.bench.derived) as DerivedStore, {
    open: (key: string, path: string) =>
      key === formKeys(itemOf('b.csv').id).tracks ? Promise.resolve(undefined) : made.bench.derived.open(key, path),
  });
  const { classes, uncounted } = await classBalance({ derived }, version);
  expect([classes.map(({ total }) => total), uncounted]).toEqual([[3, 1], 1]);
});

test('a column is one of classes by its name, texts before numbers', () => {
  const text = (name: string) => ({ name, type: 'string' });
  expect(classColumnOf([text('name'), { name: 'class_id', type: 'int' }, text('cell type')])).toBe('cell type');
  expect(classColumnOf([{ name: 'Class', type: 'int' }])).toBe('Class');
  expect(classColumnOf([{ name: 'class_probability', type: 'float' }, text('prototype')])).toBeUndefined();
});
