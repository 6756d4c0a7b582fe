import { expect, test } from 'vitest';
import {
  cellOf,
  fijiLine,
  iframeLine,
  neuroglancerAddress,
  notebookOf,
  type SharedView,
  zarrAddress,
} from './share-lines.ts';

const view: SharedView = {
  origin: 'https://data.example',
  accession: 'MIC-000001',
  version: 2,
  item: 'abcdefghijkl',
  image: 3,
  search: '?image=3&t=5',
  title: 'Cells "that" move <fast>',
};

test('the line for a page holds the view, escaped', () => {
  expect(iframeLine(view)).toBe(
    '<iframe src="https://data.example/embed/MIC-000001/2/abcdefghijkl?image=3&amp;t=5" title="Cells &quot;that&quot; move &lt;fast&gt;" width="800" height="600" style="border:0" loading="lazy" allowfullscreen></iframe>',
  );
});

test('neuroglancer is told the OME-Zarr', () => {
  const zarr = zarrAddress(view);
  expect(zarr).toMatch(/\/items\/abcdefghijkl\/content\/image-3\.zarr$/);
  const state = JSON.parse(decodeURIComponent(neuroglancerAddress(zarr, 'a "b"').split('#!')[1]!));
  expect(state.layers[0]).toEqual({ type: 'image', name: 'a "b"', source: `${zarr}/|zarr:` });
});

test('the line of a macro names the largest level', () => {
  const address = 'https://data.example/api/v1/studies/MIC-000001/versions/2/items/abcdefghijkl/content/image-3.zarr';
  expect(fijiLine(zarrAddress(view))).toBe(`run("HDF5/N5/Zarr/OME-NGFF ... ", "url=${address}?0 virtual");`);
});

test('the notebook is one that Jupyter reads', () => {
  const notebook = JSON.parse(notebookOf(zarrAddress(view), view.title, 'https://data.example/studies/MIC-000001'));
  expect(notebook).toMatchObject({ nbformat: 4, metadata: { kernelspec: { name: 'python3' } } });
  const code = notebook.cells.filter((cell: { cell_type: string }) => cell.cell_type === 'code');
  expect(code[1].source.join('')).toContain(`zarr.open_group("${zarrAddress(view)}", mode="r")`);
});

test('the lines for Colab are the same, in one cell', () => {
  const cell = cellOf(zarrAddress(view), 'https://data.example/studies/MIC-000001');
  const notebook = JSON.parse(notebookOf(zarrAddress(view), view.title, ''));
  for (const { cell_type, source } of notebook.cells)
    if (cell_type === 'code') expect(cell).toContain((source as string[]).join(''));
});
