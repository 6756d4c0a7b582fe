import { expect, test } from 'vitest';
import { emptyGraph, type StudyGraph } from '../graph/study-graph.ts';
import { foreignAddress, readForeignAccession, sendOnArchives, sendOnPackage } from './send-on.ts';

const graph: StudyGraph = {
  ...emptyGraph(),
  study: { title: 'Cells that migrate, filmed for a day', identifier: 'MIC1', licence: 'CC0-1.0' },
  contributors: [{ key: 'c-1', firstName: 'Hanako', lastName: 'Yamada' }],
  datasets: [{ key: 'd-1', title: 'Films' }],
  files: [{ path: 'films/a.tif', dataset: 'd-1', size: 10 }],
  images: [{ key: 'i-1', name: 'a', dataset: 'd-1', file: 'films/a.tif', sizes: { x: 4, y: 3 } }],
};

test('the package of each archive holds metadata, the list of files and what is still missing', () => {
  for (const archive of sendOnArchives) {
    const { files, checks } = sendOnPackage(archive, graph);
    const all = [...files.values()].join('\n');
    expect(all, archive).toContain('films/a.tif');
    const open = checks.filter(({ isThere, obligation }) => !isThere && obligation === 'required');
    expect(open.length, archive).toBeGreaterThan(0);
    for (const { label } of open) expect(files.get('README.txt')).toContain(label);
  }
  const bia = sendOnPackage('bioimage-archive', graph);
  const list = [...bia.files.keys()].find((path) => path.startsWith('file_list_'))!;
  expect(bia.files.get('submission.pagetab.tsv')).toContain(list);
  expect([...sendOnPackage('idr', graph).files.keys()]).toContain('experimentA/idr0000-experimentA-filePaths.tsv');
});

test('accessions are read as typed or as an address, and only those of the archive', () => {
  expect(readForeignAccession('bioimage-archive', ' s-biad1026 ')).toBe('S-BIAD1026');
  const address = foreignAddress('bioimage-archive', 'S-BIAD7');
  expect(readForeignAccession('bioimage-archive', address)).toBe('S-BIAD7');
  expect(readForeignAccession('idr', 'IDR0042')).toBe('idr0042');
  expect(readForeignAccession('empiar', 'EMPIAR-10310')).toBe('EMPIAR-10310');
  expect(readForeignAccession('idr', 'S-BIAD7')).toBeUndefined();
  expect(readForeignAccession('empiar', '10310')).toBeUndefined();
});
