import fc from 'fast-check';
import { expect, test } from 'vitest';
import { graphOfStudy } from '../graph/graph-of-study.ts';
import { checkCrate } from '../ro-crate/crate-check.ts';
import { readCrate } from '../ro-crate/read-crate.ts';
import { writeCrate } from '../ro-crate/write-crate.ts';
import { schemaOrgOfGraph } from '../schema-org/dataset-of-graph.ts';
import { toSchemaOrg } from '../schema-org/dataset.ts';
import { checkFigures } from './figures-check.ts';
import { analysisTarget, type FigureLink, figuresText, figureViewPath, readFigures } from './figures.ts';

const image = { name: '', sizes: { x: 2, y: 2, z: 1, c: 1, t: 1 }, type: 'uint8', channels: [] };
const item = {
  id: 'abcdefghijkl',
  path: 'film/cells.tif',
  files: ['film/cells.tif'],
  format: 'tiff',
  kind: 'image',
  images: [image, image],
  trackSets: [],
  issues: [],
  conversions: [],
} as const;
const table = { ...item, id: 'mnopqrstuvwx', path: 'tracks.csv', files: ['tracks.csv'], images: [] };
const panel: FigureLink = {
  label: 'Figure 3b',
  doi: '10.1038/s41592-022-01654-x',
  caption: 'Cells turn at the wound, 12 h',
  image: item.path,
  imageIndex: 1,
  view: 'v=1&t=12&by=track',
  table: table.path,
  analysis: '/measures/MIC-000001/1/mnopqrstuvwx?every=2',
};
const study = {
  accession: 'MIC-000001',
  version: 1,
  publishedAt: '2026-11-21T00:00:00Z',
  metadata: {
    values: {
      title: 'Wound',
      description: 'Cells',
      licence: 'CC-BY-4.0',
      releaseDate: '2026-11-21',
      figures: figuresText([panel])!,
    },
    origins: {},
  },
  files: [item.path, table.path].map((path) => ({ path, size: 1, sha256: 'a'.repeat(64), mediaType: 'text/plain' })),
  items: [item, table] as never[],
  datasets: [],
};
const page = 'https://here.example/studies/MIC-000001/v/1';

test('figures come back from their value as they were; other texts are no figures', () => {
  expect(readFigures(figuresText([panel]))).toEqual([panel]);
  expect(figuresText([])).toBe('');
  expect(figuresText([{ label: 'x'.repeat(50_000) }])).toBeUndefined();
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.json()), (text) => {
      const read = readFigures(text);
      expect(readFigures(figuresText(read))).toEqual(read);
      checkFigures(text, [item]);
    }),
  );
});

test('a figure leads into the viewer as it shows the image, and to pages of this site alone by path', () => {
  expect(figureViewPath(panel, study)).toBe('/viewer/MIC-000001/1/abcdefghijkl?image=1&v=1&t=12&by=track');
  expect(figureViewPath({ label: 'a', image: item.path }, study)).toBe('/viewer/MIC-000001/1/abcdefghijkl');
  expect(figureViewPath({ ...panel, imageIndex: 2 }, study)).toBeUndefined();
  expect(readFigures('[{"label":"a","view":"t=1&image=4\\"><b>"}]')[0]!.view).toBe('t=1');
  expect(analysisTarget(' https://doi.org/10.5281/Zenodo.1 ')).toEqual({ url: 'https://doi.org/10.5281/zenodo.1' });
  expect(analysisTarget('/sql?q=a b')).toEqual({ page: '/sql?q=a%20b' });
  for (const text of ['//evil.example/x', '/\\evil.example', 'javascript:alert(1)', 'scripts/plot.py'])
    expect(analysisTarget(text)).toEqual({ file: text });
});

test('what is wrong with a figure stands in the way: no label, no DOI, nothing behind it, something that is gone', () => {
  const found = (figure: object) =>
    checkFigures(JSON.stringify([figure]), [item, table]).map(({ message }) => message.replace(/^.*: /, ''));
  expect(found(panel)).toEqual([]);
  expect(found({ label: ' ', doi: '10.1/x y' })).toEqual([
    'it has no label',
    'the DOI of its paper is none',
    'it leads to no image, table or analysis',
  ]);
  for (const gone of [{ image: 'no.tif' }, { image: item.path, imageIndex: 2 }, { table: 'no' }, { analysis: 'a.py' }])
    expect(found({ label: 'a', ...gone })).toEqual(['what it leads to is not in the study']);
  expect(checkFigures('no list', [])).toHaveLength(1);
});

test('the crate holds each figure with its paper and what it is based on, and is read back', () => {
  const graph = graphOfStudy(study, { url: page });
  expect(graph.figures).toMatchObject([
    { label: 'Figure 3b', url: 'https://here.example/viewer/MIC-000001/1/abcdefghijkl?image=1&v=1&t=12&by=track' },
  ]);
  const document = writeCrate(graph) as unknown as { '@graph': Record<string, unknown>[] };
  const analysis = 'https://here.example/measures/MIC-000001/1/mnopqrstuvwx?every=2';
  expect(document['@graph'].find(({ additionalType }) => additionalType === 'Figure')).toMatchObject({
    name: 'Figure 3b',
    isPartOf: { '@id': `https://doi.org/${panel.doi}` },
    isBasedOn: [{ '@id': 'film/cells.tif' }, { '@id': 'tracks.csv' }, { '@id': analysis }],
  });
  expect(readCrate(document as never).graph.figures).toEqual(graph.figures);
  const errors = checkCrate(document as never, { paths: new Set(study.files.map(({ path }) => path)) }).filter(
    ({ severity }) => severity === 'error',
  );
  expect(errors).toEqual([]);
});

test('schema.org tells of the figure as a work about the data', () => {
  const figure = { '@type': 'CreativeWork', additionalType: 'Figure', name: 'Figure 3b', caption: panel.caption };
  const written = [
    schemaOrgOfGraph(graphOfStudy(study, { url: page })),
    toSchemaOrg({ ...study, pairs: [], schema: 1, tier: 'archive', publishedBy: '' } as never, {
      page,
      home: 'https://here.example',
      file: (path) => `${page}/${path}`,
    }),
  ] as unknown as { subjectOf: object[] }[];
  for (const { subjectOf } of written) expect(subjectOf).toMatchObject([figure]);
});
