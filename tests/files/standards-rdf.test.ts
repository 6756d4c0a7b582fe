import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { graphOfStudy, importIdr, readTurtle, ssbdTurtle, type TurtleStatement } from '@micrarium/standards';
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
const statements = [...readTurtle(ssbdTurtle(made, 'https://example.org/studies/MIC-000001'))];

/**
 * Answers a query of the examples: SELECT with one basic graph pattern, a triple on each line. A whole engine of SPARQL is no
 * dependency of ours; these queries ask nothing more.
 */
function answers(name: string, of: readonly TurtleStatement[]): string[][] {
  const query = readFileSync(join(queries, name), 'utf8').replace(/^#.*$/gm, '');
  const prefixes = new Map([...query.matchAll(/PREFIX (\w+): <([^>]+)>/g)].map(([, prefix, iri]) => [prefix!, iri!]));
  const [, names, body] = /SELECT ([^{]+) WHERE \{([^}]*)\}/.exec(query)!;
  const full = (word: string) => {
    const [, prefix, local] = /^(\w+):(.+)$/.exec(word) ?? [];
    return word.startsWith('"') ? word.slice(1, -1) : prefix === undefined ? word : prefixes.get(prefix)! + local!;
  };
  const patterns = [...body!.matchAll(/(\S+)\s+(\S+)\s+("[^"]*"|\S+)\s+\./g)].map((found) => found.slice(1).map(full));
  expect(patterns).toHaveLength(body!.trim().split('\n').length);
  let bound: Record<string, string>[] = [{}];
  for (const pattern of patterns)
    bound = bound.flatMap((known) =>
      of.flatMap(({ subject, predicate, object }) => {
        const next = { ...known };
        const values = [subject, predicate, 'iri' in object ? object.iri : object.text];
        const fits = values.every((value, at) => {
          const wanted = pattern[at]!;
          if (!wanted.startsWith('?')) return wanted === value;
          next[wanted] ??= value;
          return next[wanted] === value;
        });
        return fits ? [next] : [];
      }),
    );
  return bound.map((one) =>
    names!
      .trim()
      .split(/\s+/)
      .map((variable) => one[variable]!),
  );
}

test('the queries of the examples answer on the Turtle of a study, without a network', () => {
  expect(answers('human-datasets-with-papers.rq', statements)).toEqual([['human films', 'https://doi.org/10.1234/a']]);
  expect(answers('datasets-of-a-strain.rq', statements)).toEqual([['mouse films', 'CC BY 4.0']]);
  expect(answers('datasets-of-a-cellular-component.rq', statements)).toEqual([['human films', 'mitochondrion']]);
});

test.runIf(there)('they answer on a real study read from elsewhere, and its terms are those of the ontology', () => {
  const { graph } = importIdr(readFileSync(join(shared, 'idr/idr0020-study.txt'), 'utf8'));
  const found = [...readTurtle(ssbdTurtle(graph, 'https://example.org/idr0020'))];
  const papers = answers('human-datasets-with-papers.rq', found);
  expect(papers.length).toBeGreaterThan(0);
  expect(papers.every(([, doi]) => doi!.startsWith('https://doi.org/10.'))).toBe(true);
  const ontology = readFileSync(join(shared, 'ssbd-ontology/ssbd_v20250512.ttl'), 'utf8');
  const known = new Set([...readTurtle(ontology)].map(({ subject }) => subject));
  const instances = readFileSync(join(shared, 'ssbd-ontology/ssbd_instances.ttl'), 'utf8');
  const used = new Set([...readTurtle(instances)].map(({ predicate }) => predicate));
  const ours = new Set([...found, ...statements].map(({ predicate }) => predicate));
  const unknown = [...ours].filter(
    (one) => one.startsWith('http://ssbd.riken.jp/ontology/') && !known.has(one) && !used.has(one),
  );
  expect(unknown).toEqual([]);
});
