import { expect, test } from 'vitest';
import { emptyGraph, type StudyGraph } from '../graph/study-graph.ts';
import { ssbdTriples, ssbdTurtle } from './ssbd-rdf.ts';
import type { RdfTerm, Triple } from './turtle.ts';

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

const ontology = 'http://ssbd.riken.jp/ontology/';
const obo = (id: string) => `http://purl.obolibrary.org/obo/${id}`;

/** Answers a basic graph pattern, as SPARQL's WHERE does: `?name` is a variable, other texts are addresses or values. */
function answers(
  triples: readonly Triple[],
  patterns: readonly (readonly [string, string, string])[],
): Record<string, string>[] {
  const plain = (term: RdfTerm) => ('iri' in term ? term.iri : term.text);
  return patterns.reduce<Record<string, string>[]>(
    (found, pattern) =>
      found.flatMap((bound) =>
        triples.flatMap(([subject, predicate, object]) => {
          const next = { ...bound };
          const fits = [subject, predicate, plain(object)].every((value, index) => {
            const wanted = pattern[index]!;
            if (!wanted.startsWith('?')) return wanted === value;
            next[wanted] ??= value;
            return next[wanted] === value;
          });
          return fits ? [next] : [];
        }),
      ),
    [{}],
  );
}

const triples = ssbdTriples(graph, 'https://example.org/mic-1');

test('human data sets with their papers', () => {
  const found = answers(triples, [
    ['?project', `${ontology}has_dataset_output`, '?dataset'],
    ['?dataset', `${ontology}has_biosample_information`, '?sample'],
    ['?sample', `${ontology}is_about_organism`, obo('NCBITaxon_9606')],
    ['?dataset', `${ontology}has_dataset_title`, '?title'],
    ['?project', `${ontology}has_project_publications`, '?paper'],
    ['?paper', `${ontology}has_doi`, '?doi'],
  ]);
  expect(found.map((one) => [one['?title'], one['?doi']])).toEqual([['human films', 'https://doi.org/10.1234/a']]);
});

test('data sets of a strain, and of a cellular component', () => {
  const of = (property: string, value: string) =>
    answers(triples, [
      ['?dataset', `${ontology}has_biosample_information`, '?sample'],
      ['?sample', ontology + property, value],
      ['?dataset', `${ontology}has_dataset_title`, '?title'],
    ]).map((one) => one['?title']);
  expect(of('is_about_strain', 'C57BL/6J')).toEqual(['mouse films']);
  expect(of('is_about_GO_cc', obo('GO_0005739'))).toEqual(['human films']);
});

test('Turtle is written with prefixes and escapes', () => {
  const text = ssbdTurtle(graph, 'https://example.org/mic-1');
  expect(text).toContain('ssbd:has_dataset_title "Cells \\"in\\" motion\\n"');
  expect(text).toContain('ssbd:is_about_organism obo:NCBITaxon_9606');
  expect(text).toContain('"2026-11-21"^^xsd:date');
  expect(text).toContain('ssbd:has_x_scale "0.1 micrometer"');
});
