import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { graphOfStudy, importIdr, readTurtle, ssbdTurtle } from '@micrarium/standards';
import { Store, type Term } from 'oxigraph';
import { expect, test } from 'vitest';

const root = join(import.meta.dirname, '../..');
const queries = join(root, 'examples/queries');
const shared = join(root, '../shared/data/metadata');
const there = existsSync(shared);
if (!there) console.warn('shared/data/metadata is not there: the queries are asked of a made study alone');

/** A study as its form holds it: two data sets of two organisms. */
const made = graphOfStudy(
  {
    accession: 'MIC-000001',
    metadata: {
      values: {
        title: 'Cells "in" motion',
        licence: 'CC-BY-4.0',
        paperDoi: '10.1234/a',
        'organism@d1': [{ label: 'Homo sapiens', id: 'NCBITaxon:9606' }],
        'cellularComponent@d1': [{ label: 'mitochondrion', id: 'GO:0005739' }],
        'organism@d2': [{ label: 'Mus musculus', id: 'NCBITaxon:10090' }],
        'strain@d2': ['C57BL/6J'],
      },
      origins: {},
    },
    files: [],
    items: [],
    datasets: [
      { id: 'd1', title: 'human films', imageItems: [], quantitativeItems: [] },
      { id: 'd2', title: 'mouse films', imageItems: [], quantitativeItems: [] },
    ],
  },
  { url: 'https://example.org/studies/MIC-000001' },
);
const page = 'https://example.org/studies/MIC-000001';

/** Turtle in an engine of SPARQL that is not ours. */
function storeOf(turtle: string): Store {
  const store = new Store();
  store.load(turtle, { format: 'text/turtle' });
  return store;
}

/** What a query of the examples answers, as it lies there: one list of values for each answer, in the order they are asked for. */
function answers(name: string, store: Store): string[][] {
  const query = readFileSync(join(queries, name), 'utf8');
  const asked = [.../SELECT ([^{]+) WHERE/.exec(query)![1]!.matchAll(/\?(\w+)/g)].map(([, variable]) => variable!);
  const found = store.query(query) as Map<string, Term>[];
  return found.map((one) => asked.map((variable) => one.get(variable)!.value)).sort();
}

test('the queries of the examples answer on the Turtle of a study, without a network', () => {
  const store = storeOf(ssbdTurtle(made, page));
  expect(answers('human-datasets-with-papers.rq', store)).toEqual([['human films', 'https://doi.org/10.1234/a']]);
  expect(answers('datasets-of-a-strain.rq', store)).toEqual([['mouse films', 'CC BY 4.0']]);
  expect(answers('datasets-of-a-cellular-component.rq', store)).toEqual([['human films', 'mitochondrion']]);
  // Each statement is there once, and an engine reads as many of them as our own reader does.
  expect(store.size).toBe([...readTurtle(ssbdTurtle(made, page))].length);
});

test.runIf(there)('they answer over real studies together, and the terms are those of the ontology', () => {
  const studies = readdirSync(join(shared, 'idr')).filter((name) => name.endsWith('-study.txt'));
  expect(studies).toHaveLength(10);
  const texts = studies.map((name) => readFileSync(join(shared, 'idr', name), 'utf8'));
  const turtles = texts.map((text, index) =>
    ssbdTurtle(importIdr(text).graph, `https://example.org/${studies[index]}`),
  );
  const store = storeOf(turtles[0]!);
  for (const turtle of turtles.slice(1)) store.load(turtle, { format: 'text/turtle' });
  const papers = answers('human-datasets-with-papers.rq', store);
  const human = studies.filter((_name, index) => texts[index]!.includes('Homo sapiens'));
  expect(human.length).toBeGreaterThan(2);
  expect([...new Set(papers.map(([title]) => title!.slice(0, 7)))]).toEqual(human.map((name) => name.slice(0, 7)));
  expect(papers.every(([, doi]) => doi!.startsWith('https://doi.org/10.'))).toBe(true);
  const ontology = storeOf(readFileSync(join(shared, 'ssbd-ontology/ssbd_v20250512.ttl'), 'utf8'));
  ontology.load(readFileSync(join(shared, 'ssbd-ontology/ssbd_instances.ttl'), 'utf8'), { format: 'text/turtle' });
  store.load(ssbdTurtle(made, page), { format: 'text/turtle' });
  const used = store.query('SELECT DISTINCT ?p WHERE { ?s ?p ?o }') as Map<string, Term>[];
  const isKnown = (iri: string) => ontology.query(`ASK { { <${iri}> ?p ?o } UNION { ?s <${iri}> ?o } }`) as boolean;
  const ours = used.map((one) => one.get('p')!.value).filter((iri) => iri.startsWith('http://ssbd.riken.jp/ontology/'));
  expect(ours.length).toBeGreaterThan(20);
  expect(ours.filter((iri) => !isKnown(iri))).toEqual([]);
});
