import { expect, test } from 'vitest';
import { OntologyFault, readOntology, streamOntology } from './read-ontology.ts';
import { readTurtle, TurtleFault, TurtlePieces, turtleStart } from './read-turtle.ts';
import { TurtleTermReader } from './read-turtle-terms.ts';

const turtle = `@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
PREFIX owl: <http://www.w3.org/2002/07/owl#>
@prefix obo: <http://purl.obolibrary.org/obo/> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
# a remark with <marks> . and ;
<http://example.org/o.owl> a owl:Ontology ; owl:versionInfo "2026-01" .
obo:CL_0000066 a owl:Class ; rdfs:label "上皮細胞"@ja , "epithelial cell"@en ;
  rdfs:subClassOf obo:CL_0000255 , [ a owl:Restriction ; owl:onProperty obo:RO_1 ; owl:someValuesFrom ( obo:A_1 obo:A_2 ) ] ;
  <http://www.geneontology.org/formats/oboInOwl#hasExactSynonym> """epithelio"cyte""" ; .
obo:CL_0000255 a owl:Class ; rdfs:label 'eukaryotic cell'^^xsd:string .
obo:CL_0000001 a owl:Class ; rdfs:label "old" ; owl:deprecated true ; obo:IAO_0100001 obo:CL_0000066 ; obo:x 1.5e3 .
[] a owl:AllDisjointClasses .
`;

test('classes of a Turtle ontology with labels, languages, parents and replacements', () => {
  const { form, release, terms } = readOntology(turtle);
  expect({ form, release }).toEqual({ form: 'turtle', release: '2026-01' });
  expect(terms).toEqual([
    {
      id: 'CL:0000066',
      label: 'epithelial cell',
      synonyms: ['上皮細胞', 'epithelio"cyte'],
      parents: ['CL:0000255'],
      isObsolete: false,
    },
    { id: 'CL:0000255', label: 'eukaryotic cell', synonyms: [], parents: [], isObsolete: false },
    { id: 'CL:0000001', label: 'old', synonyms: [], parents: [], isObsolete: true, replacedBy: 'CL:0000066' },
  ]);
});

test('broken Turtle is refused with its line, cut off anywhere, and nested without end', () => {
  const all = (text: string) => [...readTurtle(text)];
  expect(() => all('@prefix a: <http://a/> .\na:b a:c "open')).toThrow(/^Line 2:/);
  expect(() => all('a:b a:c a:d .')).toThrow(TurtleFault);
  expect(() => all(`<a> <b> ${'['.repeat(100_000)}`)).toThrow(TurtleFault);
  expect(() => all(`<a> <b> ${'('.repeat(100_000)}`)).toThrow(TurtleFault);
  expect(() => readOntology(turtle.slice(0, 400))).toThrow(OntologyFault);
  for (let end = 0; end < turtle.length; end += 7)
    try {
      all(turtle.slice(0, end));
    } catch (fault) {
      expect(fault).toBeInstanceOf(TurtleFault);
    }
});

test('cut anywhere, a document gives the same statements as in one piece, and its classes the same terms', async () => {
  const odd = `${turtle}<a:> <b:> "", """a "" . b""" , 'it. is' , "x\\" . " ; <c.d> 1.5 , 2 . # . end\n<e:> a <f:>.\n`;
  const whole = [...readTurtle(odd)];
  for (const length of [1, 2, 3, 5, 17, 100]) {
    const pieces = new TurtlePieces();
    const state = turtleStart();
    const found = [];
    for (let at = 0; at < odd.length; at += length)
      found.push(...readTurtle(pieces.take(odd.slice(at, at + length)), state));
    found.push(...readTurtle(pieces.end(), state));
    expect([length, found]).toEqual([length, whole]);
  }
  async function* cut() {
    for (let at = 0; at < turtle.length; at += 50) yield turtle.slice(at, at + 50);
  }
  const read = await streamOntology(cut());
  const terms = [];
  for await (const some of read.terms) terms.push(...some);
  expect({ terms, release: read.release }).toEqual({ terms: readOntology(turtle).terms, release: '2026-01' });
});

test('of more subjects than are held, each class is told once, with what is said of it not too far apart', () => {
  const reader = new TurtleTermReader(100);
  const terms = reader.take(
    '@prefix o: <http://www.w3.org/2002/07/owl#> .\n@prefix r: <http://www.w3.org/2000/01/rdf-schema#> .\n',
  );
  for (let at = 0; at < 1000; at++) {
    const before = `<x:A_${at - 1}> r:label "late ${at - 1}"@ja .\n`;
    terms.push(
      ...reader.take(
        `<x:A_${at}> a o:Class ; r:label "n${at}"@en .\n${at > 0 ? before : ''}<x:no_${at}> r:label "none" .\n`,
      ),
    );
  }
  expect(terms.length).toBeGreaterThan(300);
  terms.push(...reader.end());
  expect(terms.map(({ label }) => label)).toEqual(Array.from({ length: 1000 }, (_, at) => `n${at}`));
  expect(terms[500]!.synonyms).toEqual(['late 500']);
});
