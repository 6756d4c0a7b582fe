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

test('a study goes to IDR under names as IDR gives them, its tracks as processed data, and its contact as no author', () => {
  const study: StudyGraph = {
    ...graph,
    study: {
      ...graph.study,
      description: 'Of cells',
      releaseDate: '2026-11-20',
      types: [{ label: 'time-lapse imaging' }],
      url: 'https://example.org/studies/MIC-1',
    },
    contributors: [
      { key: 'c-1', firstName: 'Hanako', lastName: 'van der Yamada' },
      { key: 'c-2', firstName: 'Ada', lastName: 'Example', isContact: true, isNoAuthor: true },
    ],
    publications: [{ key: 'p', title: 'A paper' }],
    biosamples: [{ key: 'b', title: 'B', organisms: [{ label: 'Mus musculus' }], biologicalEntity: 'cell' }],
    acquisitions: [{ key: 'a', title: 'A', methods: [{ label: 'SPIM', id: 'FBbi:00000369' }] }],
    datasets: [
      { key: 'd-1', title: 'Films', kind: 'image', tuples: [{ biosample: 'b', acquisition: 'a' }] },
      { key: 'd-2', title: 'Tracks', kind: 'quantitative' },
    ],
    files: [...graph.files, { path: 'tracks.csv', dataset: 'd-2', size: 3 }],
  };
  const idr = sendOnPackage('idr', study);
  expect(idr.findings.map(({ message }) => message)).toEqual([]);
  const text = idr.files.get('idr0000-study.txt')!;
  expect(text).toContain('Comment[IDR Experiment Name]\tidr0000-vanderyamada-cells/experimentA');
  expect(text).toContain('Study Author List\tHanako van der Yamada\n');
  expect(text).toContain('Experiment Description\tFilms');
  expect(text).toContain('Study Experiments Number\t1');
  expect(idr.files.get('processed/idr0000-processed-filePaths.tsv')).toContain('tracks.csv');
  const submission = sendOnPackage('bioimage-archive', study).files.get('submission.pagetab.tsv')!;
  expect(submission.match(/^author$/gm)).toHaveLength(1);
  expect(submission).toMatch(/^contributor\nName\tAda Example$/m);
  expect(sendOnPackage('empiar', study).files.get('checklist.tsv')).toContain(
    'Authors, in order\trequired\tHanako van der Yamada',
  );
});
