import { expect, test } from 'vitest';
import { isaParts } from '../isa/isa-files.ts';
import { importMetadata } from './import-metadata.ts';
import { pairFiles } from './pair-files.ts';

const tab = (...rows: string[][]) => rows.map((cells) => cells.map((cell) => `"${cell}"`).join('\t')).join('\n');

const investigation = [
  'ONTOLOGY SOURCE REFERENCE',
  'INVESTIGATION',
  'STUDY',
  'Study Title\t"Migration of cells"',
  'Study File Name\t"s_cells.txt"',
  'STUDY ASSAYS',
  'Study Assay Measurement Type\t"cell migration"',
  'Study Assay File Name\t"a_imaging.txt"',
].join('\n');
const term = ['Term Source REF', 'Term Accession Number'];
const texts = new Map([
  ['i_all.txt', investigation],
  [
    's_cells.txt',
    tab(
      ['Source Name', 'Characteristics[organism]', ...term, 'Sample Name', 'Factor Value[dose]', 'Unit', ...term],
      ['c1', 'Mus musculus', 'NCBITaxon', 'http://purl.obolibrary.org/obo/NCBITaxon_10090', 'A', '5', 'mg', 'UO', ''],
      ['c2', 'Homo sapiens', 'NCBITaxon', 'NCBITaxon_9606', 'B', '', '', '', ''],
    ),
  ],
  [
    'a_imaging.txt',
    tab(
      [
        'Sample Name',
        'Parameter Value[imaging method]',
        ...term,
        'Raw Data File',
        'Derived Data File',
        'Comment[file]',
      ],
      ['A', 'confocal microscopy', 'FBbi', 'FBbi_00000251', 'wt/film.tif', 'all_tracks.xml', 'x'],
      ['B', 'confocal microscopy', 'FBbi', 'FBbi_00000251', 'mut/film.tif', 'all_tracks.xml', 'x'],
      ['B', '', '', '', 'lost.tif', '', ''],
    ),
  ],
]);
const paths = ['st/WT/film.tif', 'st/mut/film.tif', 'st/tracks/all_tracks.xml', 'st/i_all.txt'];

test('the file columns of an ISA-Tab folder lead to the data sets that hold the files', () => {
  const read = importMetadata(texts);
  if (!('name' in read)) throw new Error('not read');
  const own = [
    { id: 'd-1', title: 'film.tif', files: [paths[1]!] },
    { id: 'd-2', title: 'film.tif', files: [paths[0]!] },
    { id: 'd-3', title: 'all_tracks.xml', files: [paths[2]!] },
  ];
  const { parts, values } = pairFiles(isaParts(texts, read), own, paths, 'st/i_all.txt');
  expect(parts.map(({ datasets }) => datasets)).toEqual([['d-2', 'd-3'], ['d-1', 'd-3'], []]);
  expect(parts[2]!.files).toEqual([{ named: 'lost.tif', paths: [] }]);
  const mouse = { label: 'Mus musculus', id: 'NCBITaxon:10090' };
  const human = { label: 'Homo sapiens', id: 'NCBITaxon:9606' };
  expect(values['organism@d-2']).toEqual([mouse]);
  expect(values['organism@d-1']).toEqual([human]);
  expect(values['treatment@d-2']).toEqual(['dose: 5 mg']);
  expect(values).not.toHaveProperty('treatment@d-1');
  expect(values['imagingMethods@d-1']).toEqual([{ label: 'confocal microscopy', id: 'FBbi:00000251' }]);
  // Told of by two rows; both organisms are those of the whole study, too.
  expect(values['organism@d-3']).toEqual([mouse, human]);
});

test('names that several files have are left open, folders stand for all that lies in them, texts at odds are left out', () => {
  const part = (title: string, files: string[], description?: string) => ({
    title,
    files,
    values: description === undefined ? {} : { datasetDescription: description },
  });
  const here = ['a/1.tif', 'b/1.tif', 'plate.zarr/0/0', 'plate.zarr/0/1', 'Only Once.TIF'];
  const own = [
    { id: 'd-p', title: 'plate', files: here.slice(2, 4) },
    { id: 'd-o', title: 'once', files: [here[4]!] },
    { id: 'd-t', title: 'By title', files: [here[0]!] },
  ];
  const { parts, values, disputed } = pairFiles(
    [
      part('x', ['1.tif']),
      part('p', ['.\\plate.zarr'], 'one'),
      part('q', ['plate.zarr/0/1'], 'other'),
      part('o', ['../elsewhere/only once.tif'], 'said'),
      part('by title', [], 'told'),
      part('odd', ['', '/', '__proto__', 'constructor/x']),
    ],
    own,
    here,
    'sheet.xlsx',
  );
  expect(parts[0]).toEqual({ title: 'x', files: [{ named: '1.tif', paths: [], candidates: 2 }], datasets: [] });
  expect(parts[1]!.files[0]!.paths).toEqual(here.slice(2, 4));
  expect(parts.map(({ datasets }) => datasets[0])).toEqual([undefined, 'd-p', 'd-p', 'd-o', 'd-t', undefined]);
  expect(disputed).toEqual(['datasetDescription@d-p']);
  expect(values).toEqual({ 'datasetDescription@d-o': 'said', 'datasetDescription@d-t': 'told' });
});

test('a title that people gave is that of the one data set its files are of', () => {
  const part = (title: string, ...files: string[]) => ({ title, isTitled: true, files, values: {} });
  const own = ['a', 'b', 'c'].map((id) => ({ id, title: `${id}.tif`, files: [`${id}.tif`] }));
  const paths = own.flatMap(({ files }) => files);
  const { values, disputed } = pairFiles(
    [
      part('First film', 'a.tif'),
      part('Both others', 'b.tif', 'c.tif'),
      { ...part('c.tif', 'c.tif'), isTitled: false },
    ],
    own,
    paths,
    'sheet.xlsx',
  );
  expect([values, disputed]).toEqual([{ 'datasetTitle@a': 'First film' }, []]);
  expect(pairFiles([part('One', 'a.tif'), part('Two', 'a.tif')], own, paths, 's').disputed).toEqual(['datasetTitle@a']);
});
