import { expect, test } from 'vitest';
import { graphOfStudy } from '../graph/graph-of-study.ts';
import { valuesOfGraph } from '../graph/values-of-graph.ts';
import { emptyGraph } from '../graph/study-graph.ts';
import { completenessBy, completenessOf } from './completeness.ts';

const values = {
  title: 'Collective migration of MDCK cells after wounding',
  description: 'Raw time-lapse movies and the tracks of all cells.',
  releaseDate: '2026-11-21',
  licence: 'CC-BY-4.0',
  contactFirstName: 'Hanako',
  contactLastName: 'Yamada',
  contactEmail: 'h.yamada@example.org',
  contactOrganisation: 'Example University',
  organism: [{ label: 'Canis lupus familiaris', id: 'NCBITaxon:9615' }],
  imagingMethods: [{ label: 'confocal microscopy', id: 'FBbi:00000251' }],
  dataFormats: ['OME-TIFF'],
};
const study = {
  metadata: { values, origins: {} },
  files: [{ path: 'a.tif', size: 12, sha256: '00', mediaType: 'image/tiff' }],
  items: [
    {
      id: 'i1',
      path: 'a.tif',
      files: ['a.tif'],
      format: 'ome-tiff',
      kind: 'image' as const,
      trackSets: [],
      issues: [],
      conversions: [],
      images: [
        {
          name: 'a',
          sizes: { t: 10, c: 1, z: 1, y: 5, x: 5 },
          type: 'uint8' as const,
          channels: [{ name: '' }],
          timeStep: { value: 5, unit: 'minute' },
        },
      ],
    },
  ],
  datasets: [{ id: 'd-i1', title: 'Film', imageItems: ['i1'], quantitativeItems: [] }],
};

test('a study of ours with all required fields is complete by the archive tier', () => {
  const report = completenessBy('archive', graphOfStudy(study));
  expect(report.items.filter(({ obligation, isThere }) => obligation === 'required' && !isThere)).toEqual([]);
  expect([report.done, report.required]).toEqual([11, 11]);
});

test('what is missing leads to its place and field', () => {
  const graph = graphOfStudy(study);
  graph.biosamples.push({ key: 'second', title: 'S' });
  const missing = completenessBy('bioimage-archive', graph).items.filter(({ isThere }) => !isThere);
  expect(missing.find(({ label }) => label.startsWith('Organism'))).toEqual({
    label: 'Organism of every biosample',
    labels: { en: 'Organism of every biosample', ja: '各試料の生物種' },
    obligation: 'required',
    isThere: false,
    places: ['biosamples[second].organisms'],
    field: 'organism',
  });
  expect(missing.map(({ label }) => label)).toContain('Specimens');
});

test('MIACME is asked of cell migration only, an empty study lacks everything', () => {
  expect(completenessOf(graphOfStudy(study)).map(({ profile }) => profile)).toContain('miacme');
  const empty = completenessOf(emptyGraph());
  expect(empty.map(({ profile }) => profile)).toEqual(['archive', 'database', 'rembi', 'bioimage-archive', 'idr']);
  for (const { done, required } of empty) expect(required - done).toBeGreaterThan(5);
  expect(empty[1]!.required).toBe(33);
});

test('the form is filled from a graph with what it gave', () => {
  const { dataFormats: _, ...told } = values;
  expect(valuesOfGraph(graphOfStudy(study))).toMatchObject(told);
});

test('1,000 data sets are looked at in under 100 ms', () => {
  const graph = graphOfStudy({
    ...study,
    datasets: Array.from({ length: 1000 }, (_, index) => ({ ...study.datasets[0]!, id: `d-${index}` })),
  });
  completenessOf(graph);
  const start = performance.now();
  completenessOf(graph);
  expect(performance.now() - start).toBeLessThan(100);
});
