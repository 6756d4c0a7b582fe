import { expect, test } from 'vitest';
import { FunctionalReader } from './read-functional.ts';
import { OntologyFault, type OntologyTerm, readOntology, streamOntology } from './read-ontology.ts';

const text = `# Edited by hand ( and with "marks
Prefix(:=<http://purl.obolibrary.org/obo/cl.owl#>)
Prefix(obo:=<http://purl.obolibrary.org/obo/>)
Prefix( xsd: = <http://www.w3.org/2001/XMLSchema#> )
Prefix(oboInOwl:=<http://www.geneontology.org/formats/oboInOwl#>)

Ontology(<http://purl.obolibrary.org/obo/cl.owl> <http://purl.obolibrary.org/obo/cl/releases/2026-01-05/cl.owl>
Import(<http://purl.obolibrary.org/obo/cl/components/x.owl>)
Annotation(rdfs:comment "An ontology (of cells) # no remark")

Declaration(Class(obo:CL_0000001))
Declaration(Class(obo:CL_0000066))
Declaration(Annotation(rdfs:comment "new") Class(<http://purl.obolibrary.org/obo/CL_0000255>))
Declaration(ObjectProperty(obo:BFO_0000050))

# Object Property: obo:BFO_0000050 (part of)
AnnotationAssertion(rdfs:label obo:BFO_0000050 "part of")

# Class: obo:CL_0000066 (epithelial cell)
AnnotationAssertion(Annotation(oboInOwl:hasDbXref "FB:ma") Annotation(oboInOwl:hasDbXref "a ) b") obo:IAO_0000115 obo:CL_0000066 "A cell.")
AnnotationAssertion(rdfs:label obo:CL_0000066 "上皮細胞"@ja)
AnnotationAssertion(rdfs:label obo:CL_0000066 "epithelial
  cell"@en)
AnnotationAssertion(Annotation(oboInOwl:hasDbXref "x") oboInOwl:hasExactSynonym obo:CL_0000066 "the \\"epi\\\\thelio\\" cyte"^^xsd:string)
AnnotationAssertion(oboInOwl:hasRelatedSynonym obo:CL_0000066 "no")
SubClassOf(Annotation(rdfs:comment "because") obo:CL_0000066 obo:CL_0000255)
SubClassOf(obo:CL_0000066 ObjectSomeValuesFrom(obo:BFO_0000050 obo:UBERON_0000483))
EquivalentClasses(obo:CL_0000066 ObjectIntersectionOf(obo:CL_0000003 ObjectSomeValuesFrom(obo:BFO_0000050 obo:UBERON_1)))
DisjointClasses(obo:CL_0000066 obo:CL_0000738)

AnnotationAssertion(rdfs:label <http://purl.obolibrary.org/obo/CL_0000255> "eukaryotic cell"^^<http://www.w3.org/2001/XMLSchema#string>)
SubClassOf(<http://purl.obolibrary.org/obo/CL_0000255> obo:CL_0000066)
AnnotationAssertion(rdfs:label obo:CL_0000001 "obsolete cell")
AnnotationAssertion(owl:deprecated obo:CL_0000001 "true"^^xsd:boolean)
AnnotationAssertion(obo:IAO_0100001 obo:CL_0000001 obo:CL_0000066)
AnnotationAssertion(rdfs:label _:genid1 "nobody")
SubClassOf(ObjectIntersectionOf(obo:CL_0000163 ObjectSomeValuesFrom(obo:BFO_0000050 obo:U_1)) obo:CL_0000164)
)
`;

const terms: OntologyTerm[] = [
  {
    id: 'CL:0000066',
    label: 'epithelial cell',
    synonyms: ['上皮細胞', 'the "epi\\thelio" cyte'],
    parents: ['CL:0000255', 'CL:0000003'],
    isObsolete: false,
  },
  { id: 'CL:0000255', label: 'eukaryotic cell', synonyms: [], parents: ['CL:0000066'], isObsolete: false },
  {
    id: 'CL:0000001',
    label: 'obsolete cell',
    synonyms: [],
    parents: [],
    isObsolete: true,
    replacedBy: 'CL:0000066',
  },
];

test('classes in functional syntax with labels, languages, parents, definitions and replacements', () => {
  expect(readOntology(text)).toEqual({ form: 'functional', name: 'cl', release: '2026-01-05', terms });
});

test('cut anywhere, it gives the same terms as in one piece', async () => {
  // Beyond the beginning that is read at once.
  const long = text.replace('Declaration(', `${`# ${' '.repeat(98)}\n`.repeat(600)}Declaration(`);
  for (const length of [1, 7, 64, 1000]) {
    async function* cut() {
      for (let at = 0; at < long.length; at += length) yield long.slice(at, at + length);
    }
    const read = await streamOntology(cut());
    const found: OntologyTerm[] = [];
    for await (const some of read.terms) found.push(...some);
    expect([length, read.form, found]).toEqual([length, 'functional', terms]);
  }
});

test('what is broken or breaks off is refused, wherever it is cut', () => {
  for (const bad of [
    'Ontology(<http://x/a>)',
    `${text.trimEnd()})`,
    text.trimEnd().slice(0, -1),
    'Prefix(a:=<http://a/>) Ontology(Declaration(Class(a:b',
    `Ontology(${'('.repeat(100_000)}`,
    'Ontology("',
  ])
    expect(() => readOntology(bad)).toThrow(OntologyFault);
  for (let end = 20; end < text.trimEnd().length; end += 13)
    expect(() => readOntology(text.slice(0, end))).toThrow(OntologyFault);
});

test('of more subjects than are held, each class is told once, in a circle too', () => {
  const reader = new FunctionalReader(100);
  const found = reader.take('Prefix(x:=<http://x/obo/>)\nOntology(<http://x/o>\n');
  const count = 1000;
  for (let at = 0; at < count; at++) found.push(...reader.take(`Declaration(Class(x:A_${at}))\n`));
  for (let at = 0; at < count; at++)
    found.push(
      ...reader.take(
        `AnnotationAssertion(rdfs:label x:A_${at} "n${at}")\nSubClassOf(x:A_${at} x:A_${(at + 1) % count})\nAnnotationAssertion(rdfs:label x:no_${at} "none")\n`,
      ),
    );
  expect(found.length).toBeGreaterThan(300);
  found.push(...reader.take(')'), ...reader.end());
  expect(found.map(({ label, parents }) => [label, parents[0]])).toEqual(
    Array.from({ length: count }, (_, at) => [`n${at}`, `A:${(at + 1) % count}`]),
  );
});
