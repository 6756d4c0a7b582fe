import { expect, test } from 'vitest';
import { dataPackageOf } from '../frictionless/data-package.ts';
import { checkDataPackage } from '../frictionless/data-package-check.ts';
import { emptyGraph } from '../graph/study-graph.ts';
import type { Json } from '../json/json.ts';
import { exportMicroMeta } from '../micro-meta/micro-meta.ts';
import { checkMicroMeta } from '../micro-meta/micro-meta-check.ts';
import { checkMifa, checkRembi } from '../rembi/rembi-check.ts';
import { writeRembi } from '../rembi/rembi.ts';
import { checkMetadataFiles } from './check-metadata-files.ts';

const faults = (issues: ReturnType<typeof checkRembi>) =>
  issues.filter(({ severity }) => severity === 'error').map(({ code, where }) => [code, where.field]);
const [missing, malformed] = ['document-member-missing', 'document-member-malformed'];

const graph = {
  ...emptyGraph(),
  study: { title: 'A study', description: 'd', keywords: ['k'], licence: 'CC0-1.0', releaseDate: '2026-11-21' },
  contributors: [{ key: 'c', firstName: 'H', lastName: 'Y', organisations: ['o'] }],
  organisations: [{ key: 'o', name: 'U' }],
  biosamples: [
    { key: 'b', title: 'B', organisms: [{ label: 'Homo sapiens', id: 'NCBITaxon:9606' }], biologicalEntity: 'cell' },
  ],
  specimens: [{ key: 's', title: 'S', preparation: 'p' }],
  acquisitions: [
    {
      key: 'a',
      title: 'A',
      methods: [{ label: 'confocal microscopy', id: 'FBbi:00000251' }],
      instrument: 'i',
      parameters: 'p',
      microscope: { manufacturer: 'Nikon', model: 'Ti2', objective: 'Plan', magnification: 60, numericalAperture: 1.4 },
    },
  ],
  analyses: [{ key: 'm', title: 'M', overview: 'o', annotationType: 'tracks', annotationMethod: 'by hand' }],
  datasets: [{ key: 'd', title: 'D', tuples: [{ biosample: 'b', acquisition: 'a', analysis: 'm' }] }],
  images: [{ key: 'i', name: 'i.tif', dataset: 'd', sizes: { x: 5, y: 5 } }],
  files: [{ path: 'i.tif', size: 3, dataset: 'd' }],
};

test('what we write of REMBI, Data Packages and microscopes is in order', () => {
  expect(faults(checkRembi(writeRembi(graph)))).toEqual([]);
  expect(checkDataPackage(dataPackageOf(graph))).toEqual([]);
  for (const [name, text] of exportMicroMeta(graph).document)
    expect([name, checkMicroMeta(JSON.parse(text) as Json)]).toEqual([name, []]);
});

test('REMBI: what a module lacks is told with its path', () => {
  const document = {
    rembi_version: '1.5',
    study: { title: 'T', description: '', keywords: 'k', authors: [{ first_name: 'H', affiliation: {} }] },
    biosamples: [{ organism: { scientific_name: 'x' } }],
    image_acquisition: { imaging_method: 'confocal', imaging_instrument: 'i', image_acquisition_parameters: 'p' },
    annotations: [{ id: 'm', mifa: { annotation_overview: 'o', annotation_method: 'm', file_metadata: [{}] } }],
  };
  const found = checkRembi(document);
  expect(faults(found).sort()).toEqual(
    [
      [malformed, 'study.keywords'],
      [missing, 'study.authors[0].last_name'],
      [missing, 'study.authors[0].affiliation.name'],
      [missing, 'biosamples[0].biological_entity'],
      [missing, 'biosamples[0].organism.ncbi_taxon'],
      [malformed, 'image_acquisition.imaging_method'],
      [missing, 'annotations[0].mifa.file_metadata[0].annotation_id'],
      [missing, 'annotations[0].mifa.file_metadata[0].annotation_type'],
      [missing, 'annotations[0].mifa.file_metadata[0].source_image_id'],
    ].sort(),
  );
  // The schema takes an empty text, so it is no error.
  expect(found.filter(({ severity }) => severity === 'warning').map(({ where }) => where.field)).toEqual([
    'study.description',
  ]);
  expect(faults(checkRembi({ rembi_version: '1.5' }))).toEqual([[missing, 'study']]);
});

test('MIFA: the three parts, in YAML with lines, closed lists and names that are not known', () => {
  const check = (text: string) =>
    checkMetadataFiles('mifa', { files: new Map([['a.yaml', new TextEncoder().encode(text)]]) });
  expect(
    check(
      'annotation_overview: o\nannotation_method: m\nfile_metadata:\n  - annotation_id: a\n    annotation_type: tracks\n    source_image_id: i\n',
    ),
  ).toEqual([]);
  const found = check(
    'annotation_overview: o\nfile_metadata:\n  - annotation_id: a\n    annotation_type: lines\n    source_image_id: i\n',
  );
  expect(faults(found)).toEqual([
    [missing, 'annotation_method'],
    [malformed, 'file_metadata[0].annotation_type[0]'],
  ]);
  expect(found.every(({ where }) => where.file === 'a.yaml')).toBe(true);
  expect(check('annotation_overview: o\n\tx: y\n').map(({ code, where }) => [code, where.line])).toEqual([
    ['metadata-unreadable', 2],
  ]);
  expect(checkMifa({ version: '1', timestamp: 'yesterday' }).map(({ where }) => where.field)).toEqual(['timestamp']);
  const study = {
    title: 'T',
    description: 'd',
    keywords: ['k'],
    license: 'MIT',
    funding_statement: 'f',
    link_url: 'https://example.org',
    authors: [{ author_first_name: 'A', author_last_name: 'B', last_name: 'B' }],
    publications: [{ publication_title: 'P' }],
  };
  expect(checkMifa(study).map(({ code, where }) => [code, where.field])).toEqual([
    [malformed, 'license'],
    ['document-member-unknown', 'authors[0].last_name'],
    [missing, 'publications[0].publication_authors'],
  ]);
});

test('Data Package: paths outside, names used twice, lists that are empty, keys that are not there', () => {
  expect(
    faults(
      checkDataPackage({
        keywords: [],
        licenses: [{ title: 'mine' }],
        created: '2026',
        resources: [
          { name: 'a', path: '../a.csv' },
          { name: 'a', path: ['b.csv', '/etc/passwd'], data: [] },
          { name: 'c' },
          { path: 'd.csv', schema: { fields: [{ name: 'x' }, {}], primaryKey: 'y' } },
        ],
      }),
    )
      .map(([, field]) => field)
      .sort(),
  ).toEqual(
    [
      'created',
      'keywords',
      'licenses[0].name',
      'resources[0].path',
      'resources[1].data',
      'resources[1].name',
      'resources[1].path[1]',
      'resources[2].path',
      'resources[3].name',
      'resources[3].schema.fields[1].name',
      'resources[3].schema.primaryKey',
    ].sort(),
  );
  expect(faults(checkDataPackage({ resources: [] }))).toEqual([[missing, 'resources']]);
});

test('microscopes: identifiers used twice, numbers that are none, parts that are not there', () => {
  const document = {
    Name: 'M',
    Schema_ID: 'Instrument.json',
    ID: '1',
    MicroscopeStand: { Name: 'S', Schema_ID: 'InvertedMicroscopeStand.json', ID: '2', Manufacturer: 'N', Model: 'T' },
    components: [
      { Name: 'O', Schema_ID: 'Objective.json', ID: '2', LensNA: 'big', NominalMagnification: 60 },
      { Schema_ID: 'CMOS.json', ID: '4' },
      null,
    ],
  };
  expect(faults(checkMicroMeta(document))).toEqual([
    [malformed, 'components[0].ID'],
    [malformed, 'components[0].LensNA'],
    [missing, 'components[1].Name'],
    [missing, 'components[2].Schema_ID'],
  ]);
  expect(faults(checkMicroMeta({ Schema_ID: 'Image.json', Name: 'i', ID: '1' }))).toEqual([[missing, 'Pixels']]);
});

test('documents of any other shape give an issue and nothing else', () => {
  for (const check of [checkRembi, checkMifa, checkDataPackage, checkMicroMeta])
    for (const document of [null, [], 'x', 1, {}] as Json[]) expect(check(document).length).toBeGreaterThan(0);
});
