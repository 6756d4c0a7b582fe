import { spawnSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { OntologyFault, type OntologyTerm, readOntology, streamOntology, termIdOf } from './read-ontology.ts';
import { shippedTerms } from './shipped-terms.ts';

const obo = `format-version: 1.2
data-version: releases/2026-01-01
ontology: cl

[Term]
id: CL:0000066
name: epithelial cell
synonym: "epitheliocyte" EXACT [FMA:66768]
synonym: "a broad one" BROAD []
is_a: CL:0000255 {source="x"} ! eukaryotic cell

[Term]
id: CL:0000001
name: obsolete thing
is_obsolete: true
replaced_by: CL:0000002

[Typedef]
id: part_of
name: part of
`;
const owl = `<?xml version="1.0"?><rdf:RDF xmlns:owl="o"><owl:Ontology rdf:about="http://purl.obolibrary.org/obo/fbbi.owl"><owl:versionInfo>1</owl:versionInfo></owl:Ontology>
<owl:Class rdf:about="http://purl.obolibrary.org/obo/FBbi_00000246"><owl:equivalentClass><owl:Class><owl:intersectionOf rdf:parseType="Collection"><rdf:Description rdf:about="http://purl.obolibrary.org/obo/FBbi_00000345"/></owl:intersectionOf></owl:Class></owl:equivalentClass>
<rdfs:label rdf:datatype="s">fluorescence &amp; microscopy</rdfs:label><oboInOwl:hasExactSynonym>FM</oboInOwl:hasExactSynonym></owl:Class>
<owl:Class rdf:about="http://purl.obolibrary.org/obo/FBbi_2"><rdfs:label>gone</rdfs:label><owl:deprecated rdf:datatype="b">true</owl:deprecated><obo:IAO_0100001 rdf:resource="http://purl.obolibrary.org/obo/FBbi_3"/></owl:Class>
<owl:Class rdf:about="http://x/none"/></rdf:RDF>`;

test('OBO, OWL, OBO Graph and tables give terms, synonyms, parents and what became of them', () => {
  const read = readOntology(obo);
  expect(read).toMatchObject({ form: 'obo', name: 'cl', release: 'releases/2026-01-01' });
  expect(read.terms).toEqual([
    {
      id: 'CL:0000066',
      label: 'epithelial cell',
      synonyms: ['epitheliocyte'],
      parents: ['CL:0000255'],
      isObsolete: false,
    },
    {
      id: 'CL:0000001',
      label: 'obsolete thing',
      synonyms: [],
      parents: [],
      isObsolete: true,
      replacedBy: 'CL:0000002',
    },
  ]);
  expect(readOntology(owl).terms).toEqual([
    {
      id: 'FBbi:00000246',
      label: 'fluorescence & microscopy',
      synonyms: ['FM'],
      parents: ['FBbi:00000345'],
      isObsolete: false,
    },
    { id: 'FBbi:2', label: 'gone', synonyms: [], parents: [], isObsolete: true, replacedBy: 'FBbi:3' },
  ]);
  const graph = {
    graphs: [
      {
        id: 'http://x/cl.json',
        nodes: [
          {
            id: 'http://purl.obolibrary.org/obo/CL_1',
            lbl: 'a',
            type: 'CLASS',
            meta: { synonyms: [{ pred: 'hasExactSynonym', val: 'b' }] },
          },
        ],
        edges: [
          { sub: 'http://purl.obolibrary.org/obo/CL_1', pred: 'is_a', obj: 'http://purl.obolibrary.org/obo/CL_0' },
        ],
      },
    ],
  };
  expect(readOntology(JSON.stringify(graph)).terms[0]).toMatchObject({
    id: 'CL:1',
    synonyms: ['b'],
    parents: ['CL:0'],
  });
  const table =
    'Class ID\tPreferred Label\tSynonyms\tObsolete\tParents\nhttp://edamontology.org/topic_1\tTopic\tA|B\tFALSE\thttp://edamontology.org/topic_0\n';
  expect(readOntology(table).terms).toEqual([
    { id: 'EDAM:topic_1', label: 'Topic', synonyms: ['A', 'B'], parents: ['EDAM:topic_0'], isObsolete: false },
  ]);
  expect(termIdOf('CL_0000066')).toBe('CL:0000066');
});

test('what is none, or is cut off, is refused or read as far as it goes', () => {
  for (const text of ['hello', '{"graphs":1}', '{"a":', '<svg/>', ''])
    expect(() => readOntology(text)).toThrow(OntologyFault);
  expect(readOntology(obo.slice(0, 150)).terms.length).toBeLessThanOrEqual(1);
  expect(readOntology(owl.slice(0, 500)).terms).toEqual([]);
  expect(readOntology(`<rdf:RDF>${'<owl:Class>'.repeat(100_000)}`).terms).toEqual([]);
});

test('the shipped terms hang together: every parent is there, ids differ, mammals lead to mouse', () => {
  const terms = shippedTerms();
  const byId = new Map(terms.map((term) => [term.id, term]));
  expect(byId.size).toBe(terms.length);
  expect(terms.flatMap(({ parents }) => parents).filter((id) => !byId.has(id))).toEqual([]);
  const up = new Set<string>();
  const walk = (id: string) => {
    if (up.has(id)) return;
    up.add(id);
    byId.get(id)?.parents.forEach(walk);
  };
  walk('NCBITaxon:10090');
  expect(up.has('NCBITaxon:40674')).toBe(true);
});

/** A text in pieces of so many characters. */
async function* cut(text: string, length: number): AsyncGenerator<string> {
  for (let at = 0; at < text.length; at += length) yield text.slice(at, at + length);
}

async function streamed(pieces: AsyncIterable<string>) {
  const read = await streamOntology(pieces);
  const terms: OntologyTerm[] = [];
  for await (const some of read.terms) terms.push(...some);
  const { form, name, release } = read;
  return { form, terms, ...(name === undefined ? {} : { name }), ...(release === undefined ? {} : { release }) };
}

test('cut anywhere, a file gives the same terms as in one piece', async () => {
  const table = 'id\tlabel\tparents\nCL:1\tcell\t\nCL:2\tother\tCL:1|CL:0\r\n';
  // Beyond the beginning that is read at once.
  const filling = ' '.repeat(60_000);
  for (const text of [obo, `${obo}! ${filling}\n${obo}`, owl, owl.replace('</rdf:RDF>', `${filling}${owl}`), table])
    for (const length of [1, 7, 64, 1000, 100_000])
      if (text.length < 10_000 || length > 7)
        expect([length, await streamed(cut(text, length))]).toEqual([length, readOntology(text)]);
  await expect(streamed(cut('hello', 2))).rejects.toThrow(OntologyFault);
});

test('an OBO Graph is read an element at a time, whatever its texts hold and in whatever order', async () => {
  const base = 'http://purl.obolibrary.org/obo/';
  const document = {
    meta: { graphs: [{ nodes: [{ id: `${base}NO_1`, lbl: 'not of a graph' }] }] },
    graphs: [
      {
        edges: [
          { sub: `${base}A_2`, pred: 'is_a', obj: `${base}A_1` },
          { sub: `${base}A_2`, pred: 'part_of', obj: `${base}A_3` },
        ],
        id: `${base}a.owl`,
        count: 5,
        meta: { version: '2026', subsets: ['{', ']'] },
        nodes: [
          { id: `${base}A_1`, lbl: 'braces }{ [, \\"quoted\\" \\\\', type: 'CLASS', meta: { deprecated: true } },
          { id: `${base}A_2`, lbl: 'µ { "x": [', meta: { synonyms: [{ pred: 'hasExactSynonym', val: '}],' }] } },
          { id: `${base}A_9`, lbl: 'a property', type: 'PROPERTY' },
        ],
        equivalentNodesSets: [{ nodeIds: ['x'] }],
      },
      {
        nodes: [{ id: `${base}B_1`, lbl: 'of a second graph' }],
        edges: [{ sub: `${base}B_1`, pred: 'is_a', obj: `${base}A_1` }],
      },
    ],
  };
  for (const text of [JSON.stringify(document), JSON.stringify(document, undefined, 2)]) {
    const whole = readOntology(text);
    expect(whole).toMatchObject({ form: 'obo-graph', name: 'a', release: '2026' });
    expect(
      whole.terms.map(({ id, label, parents, synonyms, isObsolete }) => [id, label, parents, synonyms, isObsolete]),
    ).toEqual([
      ['A:1', document.graphs[0]!.nodes[0]!.lbl, [], [], true],
      ['A:2', document.graphs[0]!.nodes[1]!.lbl, ['A:1'], ['}],'], false],
      ['B:1', 'of a second graph', ['A:1'], [], false],
    ]);
    // Beyond the beginning that is read at once.
    const late = text.replace('{', `{${' '.repeat(50_000)}`);
    for (const length of [1, 7, 100_000]) expect((await streamed(cut(late, length))).terms).toEqual(whole.terms);
    for (const broken of [text.slice(0, -2), text.replace(/"lbl": ?"µ/, '"lbl" "µ'), `${text}}`])
      if (broken !== text) expect(() => readOntology(broken)).toThrow(OntologyFault);
  }
});

test('OWL of very many classes in cycles is read class by class', async () => {
  const count = 100_000;
  const atOnce = 1000;
  async function* pieces() {
    yield '<rdf:RDF xmlns:owl="o"><owl:Ontology rdf:about="http://x/big.owl"/>';
    for (let from = 0; from < count; from += atOnce) {
      let text = '';
      for (let at = from; at < from + atOnce; at++)
        text += `<owl:Class rdf:about="http://x/obo/A_${at}"><rdfs:label>n${at}</rdfs:label><rdfs:subClassOf rdf:resource="http://x/obo/A_${(at + 1) % count}"/></owl:Class>`;
      yield text;
    }
  }
  const read = await streamOntology(pieces());
  let found = 0;
  let last: OntologyTerm | undefined;
  let most = 0;
  for await (const some of read.terms) {
    found += some.length;
    most = Math.max(most, some.length);
    last = some.at(-1) ?? last;
  }
  expect({ found, name: read.name }).toEqual({ found: count, name: 'big' });
  expect(last).toMatchObject({ id: `A:${count - 1}`, parents: ['A:0'] });
  expect(most).toBeLessThan(3 * atOnce);
});

test('a line or class without end is refused before it fills the memory', async () => {
  async function* endless(start: string, piece: string) {
    yield start.padEnd(60_000);
    for (;;) yield piece;
  }
  const piece = 'x'.repeat(9_000_000);
  for (const start of [
    'format-version: 1.2\n[Term]\n',
    '<rdf:RDF><owl:Class rdf:about="http://x/A_1">',
    '@prefix a: <b:> .\n<c:> ',
    '{"graphs": [{"nodes": [{"id": "',
  ])
    await expect(streamed(endless(start, piece))).rejects.toThrow(/longer than/);
});

test('patterns that the engine has no more room to make fast for, as in a process that ran long, break no reading', () => {
  // Without that, each character that a pattern passes over stands on a stack of 64 MiB.
  const program = `
    import { OntologyFault, readOntology } from ${JSON.stringify(new URL('read-ontology.ts', import.meta.url).href)};
    const long = 'x'.repeat(12_000_000);
    const blanks = ' '.repeat(12_000_000);
    const start = '@prefix r: <http://www.w3.org/2000/01/rdf-schema#> .\\n@prefix o: <http://www.w3.org/2002/07/owl#> .\\n';
    const quotes = '"'.repeat(3);
    const label = (text) => start + '<c:> a o:Class ; r:label "n" ; r:comment ' + text + ' .\\n';
    const owl = (text) => '<rdf:RDF><owl:Class rdf:about="http://x/A_1"><rdfs:label>' + text + '</rdfs:label></owl:Class></rdf:RDF>';
    for (const text of [label('"' + long + '"'), label(quotes + long + quotes), label(blanks + '"n"'), start + '<c:> ' + long, owl(long), owl(blanks + 'n'), 'format-version: 1.2\\n[Term]\\nid: A:1\\nname: ' + long + '\\n'])
      try {
        console.log(readOntology(text).terms.length);
      } catch (fault) {
        console.log(fault instanceof OntologyFault ? 'refused' : String(fault));
      }`;
  const { stdout, stderr } = spawnSync(
    process.execPath,
    ['--no-regexp-optimization', '--input-type=module', '--eval', program],
    { encoding: 'utf8' },
  );
  expect(stdout.trim().split('\n'), stderr).toEqual(['1', '1', '1', 'refused', '1', 'refused', '1']);
});
