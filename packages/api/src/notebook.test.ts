import type { StudyItem } from '@micrarium/model';
import { expect, test } from 'vitest';
import { type NotebookRequest, notebookOf } from './notebook.ts';

const item = (id: string, more: Partial<StudyItem>): StudyItem => ({
  id,
  path: id,
  files: [id],
  format: 'x',
  kind: 'tracks',
  trackSets: [],
  images: [],
  issues: [],
  conversions: [],
  ...more,
});
const set = (edges: number, ...columns: string[]) =>
  ({ part: 0, name: 's', counts: { edges }, columns: columns.map((name) => ({ name, type: 'string' })) }) as never;
const film = (t: number, c: number, x = 64) =>
  item('film', {
    images: [{ sizes: { t, c, z: 1, y: 64, x }, type: 'uint16' }] as never,
    conversions: [{ parameters: { image: 0 } }] as never,
  });
const request = (items: StudyItem[], more: Partial<NotebookRequest> = {}): NotebookRequest => ({
  dataset: { title: 'Cells', imageItems: ['film'], quantitativeItems: ['tracks'] },
  items,
  studyTitle: 'Study',
  address: 'http://here/studies/MIC-000001/v/1',
  citation: 'Yamada "H."\n(2026)',
  urls: (id) => ({
    content: (path) => `http://here/${id}/content/${path}`,
    exported: (form) => `http://here/${id}/export/${form}`,
  }),
  language: 'en',
  ...more,
});
const codeOf = (asked: NotebookRequest) =>
  notebookOf(asked)
    .cells.filter(({ cell_type }) => cell_type === 'code')
    .map(({ source }) => source.join(''));

test('is nbformat 4.5: every cell has an id of its own, code cells their empty outputs', () => {
  const { cells, ...about } = notebookOf(request([item('tracks', { trackSets: [set(3, 'label')] }), film(5, 2)]));
  expect([about.nbformat, about.nbformat_minor, about.metadata.kernelspec.name]).toEqual([4, 5, 'python3']);
  expect(new Set(cells.map(({ id }) => id)).size).toBe(cells.length);
  for (const cell of cells) {
    expect(cell.id).toMatch(/^[a-zA-Z0-9-_]{1,64}$/);
    expect('outputs' in cell).toBe(cell.cell_type === 'code');
    expect(cell.source.slice(0, -1).every((line) => line.endsWith('\n'))).toBe(true);
  }
});

test('holds what the data set holds, and nothing else', () => {
  const text = (items: StudyItem[]) => codeOf(request(items)).join('\n');
  const points = text([item('tracks', { trackSets: [set(0)] })]);
  expect(points).toContain('export/objects.csv');
  expect(points).not.toMatch(/link_id|displacement|zarr/);
  expect(text([film(1, 1)])).not.toContain('ratio');
  expect(text([film(5, 1)])).toContain('means[0, 0]');
  expect(text([film(1, 2)])).toContain('means[:, 1]');
  // A film of 32 GB is not copied onto the reader's disk.
  expect(text([film(1000, 1, 262_144)])).toContain('content/image-0.zarr/0"');
  expect(codeOf(request([item('elsewhere', { trackSets: [set(1)] })]))).toHaveLength(1);
});

test('texts of depositors are quoted in code and mark nothing up in words', () => {
  const hostile = '"); import os # \\ <script> [x](y)\n%%bash';
  const { cells } = notebookOf(
    request([item('tracks', { trackSets: [set(1, 'name')] })], {
      dataset: { title: hostile, imageItems: [], quantitativeItems: ['tracks'] },
      objectName: hostile,
    }),
  );
  const all = cells.map(({ source }) => source.join(''));
  expect(all.some((text) => text.includes(`name = ${JSON.stringify(hostile)}`))).toBe(true);
  expect(all[0]).toContain('# "); import os \\# ');
  expect(all[0]).not.toContain('<script>');
});

test('in TypeScript it is for the kernel of Deno, and holds what the data set holds', () => {
  const typeScript = (items: StudyItem[], more: Partial<NotebookRequest> = {}) =>
    request(items, { code: 'typescript', ...more });
  const { metadata, cells } = notebookOf(typeScript([item('tracks', { trackSets: [set(3, 'label')] }), film(5, 2)]));
  expect(metadata.kernelspec).toEqual({ name: 'deno', display_name: 'Deno', language: 'typescript' });
  expect(new Set(cells.map(({ id }) => id)).size).toBe(cells.length);
  const text = (items: StudyItem[], more: Partial<NotebookRequest> = {}) => codeOf(typeScript(items, more)).join('\n');
  const points = text([item('tracks', { trackSets: [set(0)] })]);
  expect(points).toContain('content/tracks-0/objects.parquet');
  expect(points).not.toMatch(/displacement|zarr|import pandas/);
  expect(text([film(5, 1)])).toContain('content/image-0.zarr/0"');
  expect(text([film(5, 1)])).not.toContain('objects.parquet');
  const hostile = '${process.exit()}`; // "\n</script>';
  const named = text([item('tracks', { trackSets: [set(1, 'name')] })], { objectName: hostile });
  expect(named).toContain(`const name = ${JSON.stringify(hostile)};`);
  // Words are in the language that is asked for, code is the same in each.
  const japanese = typeScript([film(5, 1)], { language: 'ja' });
  expect(notebookOf(japanese).cells[0]!.source.join('')).toContain('カーネル');
  expect(codeOf(japanese).join('\n')).toBe(text([film(5, 1)]));
});

test('says of a file without units that it names none, in words', () => {
  const all = notebookOf(request([item('tracks', { trackSets: [set(1)] })])).cells.map(({ source }) => source.join(''));
  expect(all.join('\n')).toContain('Positions are in units the file does not name, times in frame.');
  expect(all.join('\n')).not.toContain('unknown');
});
