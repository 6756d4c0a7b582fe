import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { streamOntology } from '@micrarium/standards';
import { expect, test } from 'vitest';

const count = 1_000_000;
/** Classes of one piece of text. */
const together = 500;
const id = (at: number) => `GEN_${String(at).padStart(7, '0')}`;
/** Every class is below the next one, and the last below the first: one circle of all, with chords across it. */
const above = (at: number) => [(at + 1) % count, (at * 7919 + 13) % count];
const base = 'http://purl.obolibrary.org/obo/';
const synonym = 'http://www.geneontology.org/formats/oboInOwl#hasExactSynonym';

const forms: Record<string, { begin: string; one(at: number): string; end: string; before?(at: number): string }> = {
  owl: {
    begin: `<?xml version="1.0"?><rdf:RDF xmlns:owl="o" xmlns:rdf="r" xmlns:rdfs="s" xmlns:oboInOwl="i"><owl:Ontology rdf:about="${base}gen.owl"/>\n`,
    one: (at) =>
      `<owl:Class rdf:about="${base}${id(at)}"><rdfs:label>class number ${at}</rdfs:label>${above(at)
        .map((one) => `<rdfs:subClassOf rdf:resource="${base}${id(one)}"/>`)
        .join('')}<oboInOwl:hasExactSynonym>number ${at}</oboInOwl:hasExactSynonym></owl:Class>\n`,
    end: '</rdf:RDF>',
  },
  turtle: {
    begin: `@prefix owl: <http://www.w3.org/2002/07/owl#> .\n@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .\n@prefix obo: <${base}> .\n`,
    one: (at) =>
      `obo:${id(at)} a owl:Class ; rdfs:label "class number ${at}"@en ; <${synonym}> "number ${at}" ;\n  rdfs:subClassOf ${above(
        at,
      )
        .map((one) => `obo:${id(one)}`)
        .join(' , ')} .\n`,
    end: '',
  },
  functional: {
    begin: `Prefix(obo:=<${base}>)\nOntology(<${base}gen.owl>\n`,
    before: (at) => `Declaration(Class(obo:${id(at)}))\n`,
    one: (at) =>
      `AnnotationAssertion(rdfs:label obo:${id(at)} "class number ${at}"@en)\nAnnotationAssertion(<${synonym}> obo:${id(at)} "number ${at}")\n${above(
        at,
      )
        .map((one) => `SubClassOf(obo:${id(at)} obo:${id(one)})\n`)
        .join('')}`,
    end: ')\n',
  },
};

async function* textOf({ begin, before, one, end }: (typeof forms)[string]): AsyncGenerator<string> {
  yield begin;
  for (const each of before ? [before, one] : [one])
    for (let from = 0; from < count; from += together)
      yield Array.from({ length: together }, (_, at) => each(from + at)).join('');
  yield end;
}

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;
const megabytes = () => {
  collect();
  return process.memoryUsage().heapUsed / 2 ** 20;
};

test.each(Object.keys(forms))('a million classes in one circle are read as %s in bounded memory', async (form) => {
  const seen = new Uint8Array(count);
  const wrong: string[] = [];
  const before = megabytes();
  let [most, read, next] = [0, 0, 0];
  const stream = await streamOntology(textOf(forms[form]!));
  expect(stream.form).toBe(form);
  for await (const some of stream.terms) {
    for (const term of some) {
      const at = Number(term.id.slice(4));
      seen[at]!++;
      const parents = above(at).map((one) => id(one).replace('_', ':'));
      if (
        wrong.length < 5 &&
        (term.label !== `class number ${at}` ||
          term.synonyms.join() !== `number ${at}` ||
          term.parents.join() !== [...new Set(parents)].join())
      )
        wrong.push(JSON.stringify(term));
    }
    read += some.length;
    if (read < next) continue;
    next += count / 10;
    most = Math.max(most, megabytes() - before);
  }
  console.info(`${form}: ${read} classes, at most ${Math.round(most)} MB more than before`);
  expect(wrong).toEqual([]);
  expect(read).toBe(count);
  expect(seen.every((times) => times === 1)).toBe(true);
  expect(most).toBeLessThan(500);
});
