import { expect, test } from 'vitest';
import { emptyGraph, type StudyGraph } from '../graph/study-graph.ts';
import { ssbdTurtle } from './ssbd-rdf.ts';

const graph: StudyGraph = {
  ...emptyGraph(),
  study: { identifier: 'mic-1', title: 'Cells "in" motion\n', releaseDate: '2026-11-21' },
  publications: [{ key: 'p', title: 'A paper', doi: '10.1234/a' }],
  biosamples: [
    {
      key: 'h',
      title: 'HeLa',
      organisms: [{ label: 'Homo sapiens', id: 'NCBITaxon:9606' }],
      cellularComponent: [{ label: 'mitochondrion', id: 'GO:0005739' }],
    },
    { key: 'm', title: 'mouse', organisms: [{ label: 'Mus musculus', id: 'NCBITaxon:10090' }], strain: ['C57BL/6J'] },
  ],
  datasets: [
    { key: 'd1', title: 'human films', tuples: [{ biosample: 'h' }] },
    { key: 'd2', title: 'mouse films', tuples: [{ biosample: 'm' }] },
  ],
  images: [
    { key: 'i', name: 'i', dataset: 'd1', sizes: { x: 5, y: 6 }, pixelSize: { x: { value: 0.1, unit: 'micrometer' } } },
  ],
};

test('Turtle is written with prefixes and escapes', () => {
  const text = ssbdTurtle(graph, 'https://example.org/mic-1');
  expect(text).toContain('ssbd:has_dataset_title "Cells \\"in\\" motion\\n"');
  expect(text).toContain('ssbd:is_about_organism obo:NCBITaxon_9606');
  expect(text).toContain('"2026-11-21"^^xsd:date');
  expect(text).toContain('ssbd:has_x_scale "0.1 micrometer"');
});
