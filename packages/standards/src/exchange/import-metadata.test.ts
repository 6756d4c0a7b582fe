import { expect, test } from 'vitest';
import { graphOfStudy } from '../graph/graph-of-study.ts';
import { valuesOfGraph } from '../graph/values-of-graph.ts';
import { emptyGraph } from '../graph/study-graph.ts';
import { metadataFormById } from '../forms/metadata-forms.ts';
import { importMetadata, matchDatasets, valuesForDataset } from './import-metadata.ts';

const graph = {
  ...emptyGraph(),
  study: { title: 'Migration of MDCK cells', description: 'Films and tracks', licence: 'CC-BY-4.0' },
  biosamples: [
    { key: 'b1', title: 'Control', organisms: [{ label: 'Canis lupus familiaris', id: 'NCBITaxon:9615' }] },
    {
      key: 'b2',
      title: 'Treated',
      organisms: [{ label: 'Canis lupus familiaris', id: 'NCBITaxon:9615' }],
      extrinsicVariables: ['blebbistatin 10 µM'],
      age: 'two days',
    },
  ],
  datasets: [
    { key: 'd1', title: 'control', tuples: [{ biosample: 'b1' }] },
    { key: 'd2', title: 'treated', tuples: [{ biosample: 'b2' }] },
  ],
};

test.each(['pagetab-json', 'pagetab-tsv', 'isa-json', 'ro-crate', 'rembi'])(
  '%s is known by its content and fills the form',
  (id) => {
    const form = metadataFormById(id)!;
    const read = importMetadata(new Map([['anything.txt', form.write(graph).text]]));
    if (!('name' in read)) throw new Error(JSON.stringify(read.issues));
    expect(read.values.title).toBe('Migration of MDCK cells');
    expect(read.values.organism).toEqual([{ label: 'Canis lupus familiaris', id: 'NCBITaxon:9615' }]);
    const ids = matchDatasets(read.datasets, [
      { id: 'd-x', title: 'Treated.tif', files: ['a/Treated.tif'] },
      { id: 'd-y', title: 'Other', files: ['a/control_1.tif'] },
    ]);
    const treated = read.datasets.findIndex(({ title }) => title === 'treated');
    expect(ids[treated]).toBe('d-x');
    expect(ids[1 - treated]).toBe('d-y');
    expect(valuesForDataset(read.datasets[1 - treated]!, 'd-y')).not.toHaveProperty('treatment@d-y');
    expect(read.unread.map(({ text }) => text)).toContain('two days');
  },
);

test('accessions elsewhere, licences that are not offered and titles of samples have a place in the form', () => {
  const told = {
    ...graph,
    study: { ...graph.study, identifier: 'S-BIAD144', licence: 'https://creativecommons.org/licenses/by/3.0/' },
    specimens: [{ key: 's', title: 'Cells on glass', preparation: 'fixed' }],
  };
  const read = importMetadata(new Map([['x.json', metadataFormById('pagetab-json')!.write(told).text]]));
  if (!('name' in read)) throw new Error(JSON.stringify(read.issues));
  expect(read.values).toMatchObject({
    licence: 'CC-BY-3.0',
    links: ['https://www.ebi.ac.uk/biostudies/bioimages/studies/S-BIAD144'],
    sampleDescription: 'Control\nTreated',
    samplePreparation: 'Cells on glass\nfixed',
  });
  expect(read.datasets.map(({ values }) => values['sampleDescription'])).toEqual(['Control', 'Treated']);
  expect(read.unread.filter(({ text }) => /S-BIAD144|3\.0|Control|Treated|glass/.test(text))).toEqual([]);
  // What is made of other values of the form is not said twice.
  expect(
    valuesOfGraph(
      graphOfStudy({
        metadata: { values: { organism: [{ label: 'Mus musculus' }] }, origins: {} },
        files: [],
        items: [],
        datasets: [],
      }),
    ),
  ).not.toHaveProperty('sampleDescription');
});

test('what is no metadata is said to be none', () => {
  for (const text of ['', 'hello', '{"a":1}', '<svg/>', '[1,2]', '{"titles":']) {
    const read = importMetadata(new Map([['x', text]]));
    expect('name' in read).toBe(false);
    expect(read.issues[0]?.severity).toBe('error');
  }
});

test('a document that nests a hundred levels deep, or breaks off, is told with its line', () => {
  const deep = `{"a":\n\n${'['.repeat(100)}${']'.repeat(100)}}`;
  expect(importMetadata(new Map([['x.json', deep]])).issues).toMatchObject([
    { code: 'metadata-too-deep', where: { file: 'x.json', line: 3 } },
  ]);
  expect(importMetadata(new Map([['x.json', '{"a": 1,\n"b"']])).issues).toMatchObject([
    { code: 'metadata-unreadable', where: { file: 'x.json', line: 2 } },
  ]);
  expect(importMetadata(new Map([['x.yaml', 'a: 1\n\tb: 2']])).issues).toMatchObject([
    { code: 'metadata-unreadable', where: { file: 'x.yaml', line: 2 } },
  ]);
});

test('our own form as a person writes it: a text for a list, a number for a text', () => {
  const read = importMetadata(
    new Map([
      [
        'study.yaml',
        'title: A film\norganism: Mus musculus (NCBITaxon:10090), human\nversion: 1.2\nkeywords: wound\nbasedOn: Experiment\n',
      ],
    ]),
  );
  expect(read).toMatchObject({
    name: 'Micrarium',
    values: {
      organism: [{ label: 'Mus musculus', id: 'NCBITaxon:10090' }, { label: 'human' }],
      keywords: ['wound'],
      basedOn: 'Experiment',
    },
  });
});

test('documents of other kinds that have a version or a study are not taken for metadata', () => {
  const codesOf = (name: string, text: string) =>
    importMetadata(new Map([[name, text]])).issues.map(({ code }) => code);
  expect(codesOf('docker-compose.yml', 'version: "2"\nservices:\n  web: {}\n')).toEqual(['metadata-other-standard']);
  expect(codesOf('tape.yaml', 'interactions: []\nversion: 1\n')).toEqual(['metadata-other-standard']);
  expect(codesOf('config.yml', 'study:\n  - one\nassay: two\n')).toEqual(['metadata-other-standard']);
  expect(codesOf('rembi.json', '{"study": {"title": "T", "description": "D"}}')).toEqual([]);
});
