import { expect, it } from 'vitest';
import { documentsAmong, listsAmong, offerOf, readFolderDocument } from './folder-metadata.ts';

const csv = [
  'Dataset title,File,Organism,Strain,Description',
  'Wild type,films/wt.tif,Caenorhabditis elegans,N2,Two cells',
  'Mutant,films/mut.tif,Caenorhabditis elegans,MG589,One cell',
  'Lost,films/gone.tif,Caenorhabditis elegans,N2,None',
].join('\n');

it('finds documents among files by name, and leaves data tables alone', () => {
  expect(
    documentsAmong([
      's/a_films.txt',
      's/films/wt.tif',
      's/i_all.txt',
      's/s_cells.txt',
      'other/a_b.txt',
      'tracks.csv',
      's/Metadata.csv',
      's/~$book.xlsx',
      's/book.xlsx',
    ]),
  ).toEqual([['s/i_all.txt', 's/a_films.txt', 's/s_cells.txt'], ['s/Metadata.csv'], ['s/book.xlsx']]);
});

it('offers what a filled sheet says of each file to the data set that holds it, and says what was not found', async () => {
  const document = await readFolderDocument(['s/metadata.csv'], async () => new TextEncoder().encode(csv));
  const datasets = [
    { id: 'd-1', title: 'mut.tif', files: ['s/films/mut.tif'] },
    { id: 'd-2', title: 'wt.tif', files: ['s/films/wt.tif'] },
    { id: 'd-3', title: 'extra.tif', files: ['s/films/extra.tif'] },
  ];
  const paths = ['s/metadata.csv', ...datasets.flatMap(({ files }) => files)];
  const offer = offerOf(document!, datasets, paths);
  expect([offer.named, offer.here, offer.untold]).toEqual([3, 2, ['extra.tif']]);
  const values = Object.fromEntries(offer.read.offers.map(({ key, value }) => [key, value]));
  expect(values['strain@d-1']).toEqual(['MG589']);
  expect(values['strain@d-2']).toEqual(['N2']);
  expect(offer.read.offers[0]?.origin).toMatchObject({ kind: 'file', file: 's/metadata.csv' });
  // Before the files are sent there are no data sets; the files are found all the same.
  expect(offerOf(document!, [], paths)).toMatchObject({ named: 3, here: 2, read: { offers: [] } });
});

it('takes a table of measurements for what it is', async () => {
  const bytes = new TextEncoder().encode('Title,x,y\na,1,2\nb,3,4\n');
  expect(await readFolderDocument(['s/metadata.csv'], async () => bytes)).toBeUndefined();
});

it('reads a submission among the files, and mends by one press what a repair is offered for', async () => {
  const submission = {
    accno: 'S-BIAD1',
    type: 'submission',
    attributes: [{ name: 'ReleaseDate', value: '2026-01-01' }],
    section: {
      type: 'Study',
      attributes: [
        { name: 'Title', value: 'Cells that move over a wound' },
        { name: 'License', value: 'CC BY 4.0' },
      ],
      subsections: [
        { type: 'Publication', attributes: [{ name: 'DOI', value: 'https://doi.org/10.1234/ab cd' }] },
        {
          type: 'author',
          attributes: [
            { name: 'Name', value: 'A B' },
            { name: 'E-mail', value: 'A B <a@example.org>' },
          ],
        },
      ],
    },
  };
  const bytes = new TextEncoder().encode(JSON.stringify(submission));
  const [files] = documentsAmong(['f/film.tif', 'f/S-BIAD1.json', 'f/other.json']);
  expect(files).toEqual(['f/S-BIAD1.json']);
  const document = (await readFolderDocument(files!, async () => bytes))!;
  expect(document.name).toBe('PageTab');
  const repair = document.issues.find(({ offer }) => offer === 'a@example.org')!;
  expect(repair).toBeDefined();
  const mended = document.mend!(repair)!;
  expect(mended.values.contactEmail).toBe('a@example.org');
  expect(mended.issues).not.toContainEqual(repair);
});

it('takes an IDR study with its tables, and a crate, for documents', () => {
  expect(
    documentsAmong([
      'x/idr0000-a-b-study.txt',
      'x/experimentA/idr0000-experimentA-annotation.csv',
      'x/readme.txt',
      'y/ro-crate-metadata.json',
      'y/file_list.tsv',
    ]),
  ).toEqual([
    ['x/idr0000-a-b-study.txt', 'x/experimentA/idr0000-experimentA-annotation.csv'],
    ['y/ro-crate-metadata.json', 'y/file_list.tsv'],
  ]);
});

it('pairs the files that the lists of a submission name with those dropped beside it', async () => {
  const submission = (list: string) => ({
    type: 'submission',
    attributes: [{ name: 'Title', value: 'Cells that move' }],
    section: {
      type: 'Study',
      attributes: [{ name: 'Title', value: 'Cells that move' }],
      subsections: [
        {
          type: 'Study Component',
          attributes: [
            { name: 'Name', value: 'Wild type' },
            { name: 'Description', value: 'Untreated cells' },
            { name: 'File List', value: list },
          ],
        },
      ],
    },
  });
  const files = new Map([
    ['f/S-BIAD1.json', JSON.stringify(submission('lists/wt.tsv'))],
    ['f/lists/wt.tsv', 'Files\tType\nfilms/a.tif\timage\nfilms/lost.tif\timage\n'],
    ['f/films/a.tif', ''],
    ['f/notes.tsv', 'a\tb\n'],
  ]);
  const documents = documentsAmong(files.keys());
  expect(documents).toEqual([['f/S-BIAD1.json']]);
  const beside = listsAmong(documents, files.keys());
  expect(beside).toEqual(['f/lists/wt.tsv', 'f/notes.tsv']);
  expect(listsAmong([['f/book.xlsx']], files.keys())).toEqual([]);
  const bytesOf = async (path: string) => new TextEncoder().encode(files.get(path));
  const document = (await readFolderDocument(documents[0]!, bytesOf, beside))!;
  expect(document.files).toEqual(['f/S-BIAD1.json', 'f/lists/wt.tsv']);
  const own = [{ id: 'd-1', title: 'a.tif', files: ['f/films/a.tif'] }];
  const offer = offerOf(document, own, [...files.keys()]);
  expect([offer.named, offer.here, offer.untold]).toEqual([2, 1, []]);
  expect(offer.read.offers.map(({ key }) => key)).toContain('datasetDescription@d-1');
});
