import { readTurtle, TurtleFault, type TurtleStatement } from './read-turtle.ts';

/** A term as an ontology file tells it. */
export interface OntologyTerm {
  /** CURIE: `CL:0000066`. */
  id: string;
  label: string;
  /** Exact synonyms and names in other languages. */
  synonyms: string[];
  /** Direct is-a parents, CURIEs. */
  parents: string[];
  isObsolete: boolean;
  /** What to use instead, where the ontology says it. */
  replacedBy?: string;
}

/** What was read of an ontology file. */
export interface ReadOntology {
  form: 'obo' | 'owl' | 'turtle' | 'obo-graph' | 'tsv';
  terms: OntologyTerm[];
  /** Name and release, where the file says them. */
  name?: string;
  release?: string;
}

/** A file is no ontology, or holds more than is accepted. */
export class OntologyFault extends Error {
  override readonly name = 'OntologyFault';
}

/** Terms accepted of one file; NCBI Taxonomy has about 2.7 million. */
export const mostTerms = 4_000_000;

/** `http://purl.obolibrary.org/obo/CL_0000066`, `CL_0000066` and `CL:0000066` are one; other addresses keep their last part. */
export function termIdOf(iri: string): string {
  const last = iri.slice(Math.max(iri.lastIndexOf('/'), iri.lastIndexOf('#')) + 1);
  if (/^[A-Za-z][A-Za-z-]*:\S+$/.test(iri) && !iri.includes('//')) return iri;
  const match = /^([A-Za-z][A-Za-z]*)_(\d\w*)$/.exec(last);
  if (match && /obo|ebi\.ac\.uk|ihtsdo|orpha/i.test(iri)) return `${match[1]}:${match[2]}`;
  if (match && !iri.includes('/')) return `${match[1]}:${match[2]}`;
  return iri.includes('edamontology') ? `EDAM:${last}` : last;
}

/** Reads an ontology by its content: OBO, OWL in RDF/XML or Turtle, SKOS in Turtle, OBO Graph JSON, or a table with ids, labels and parents. @throws OntologyFault */
export function readOntology(text: string): ReadOntology {
  const start = text
    .slice(0, 4096)
    .replace(/^\ufeff/, '')
    .trimStart();
  if (/^(format-version:|\[Term\])/m.test(start)) return readObo(text);
  if (/^(@?(prefix|base)\s|#.*\n)/i.test(start) && /^\s*@?(prefix|base)\s+\S*\s*</im.test(start))
    return readTurtleTerms(text);
  if (start.startsWith('<')) return readOwl(text);
  if (start.startsWith('{')) return readGraph(text);
  if (/^[^\n]*\t/.test(start)) return readTable(text);
  throw new OntologyFault('This is neither OBO, OWL (RDF/XML, Turtle), OBO Graph JSON nor a table of terms');
}

const unquote = (text: string) => text.replace(/\\(.)/g, '$1');

function readObo(text: string): ReadOntology {
  const terms: OntologyTerm[] = [];
  const result: ReadOntology = { form: 'obo', terms };
  let term: OntologyTerm | undefined;
  let isTerm = false;
  const keep = () => {
    if (term && term.id !== '' && term.label !== '') terms.push(term);
    if (terms.length > mostTerms) throw new OntologyFault(`The file has more than ${mostTerms} terms`);
    term = undefined;
  };
  for (let at = 0; at < text.length; ) {
    const end = text.indexOf('\n', at);
    const line = text.slice(at, end < 0 ? text.length : end).trimEnd();
    at = end < 0 ? text.length : end + 1;
    if (line.startsWith('[')) {
      keep();
      isTerm = line === '[Term]';
      if (isTerm) term = { id: '', label: '', synonyms: [], parents: [], isObsolete: false };
      continue;
    }
    const colon = line.indexOf(': ');
    if (colon < 0) continue;
    const tag = line.slice(0, colon);
    const value = line.slice(colon + 2);
    if (!isTerm || !term) {
      if (tag === 'ontology') result.name = value.trim();
      if (tag === 'data-version' || tag === 'date') result.release ??= value.trim();
    } else if (tag === 'id') term.id = termIdOf(value.trim());
    else if (tag === 'name') term.label = unquote(value.trim());
    else if (tag === 'is_a') term.parents.push(termIdOf(value.split(/[ !{]/)[0]!));
    else if (tag === 'is_obsolete') term.isObsolete = value.startsWith('true');
    else if (tag === 'replaced_by') term.replacedBy = termIdOf(value.trim());
    else if (tag === 'synonym') {
      const match = /^"((?:[^"\\]|\\.)*)"\s+(\w+)/.exec(value);
      if (match && match[2] === 'EXACT') term.synonyms.push(unquote(match[1]!));
    }
  }
  keep();
  return result;
}

const entities: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };
const plain = (xml: string) =>
  xml
    .replace(/&(#x?[0-9a-f]+|\w+);/gi, (all, name: string) =>
      name.startsWith('#x') || name.startsWith('#X')
        ? String.fromCodePoint(Math.min(0x10ffff, parseInt(name.slice(2), 16)))
        : name.startsWith('#')
          ? String.fromCodePoint(Math.min(0x10ffff, Number(name.slice(1))))
          : (entities[name] ?? all),
    )
    .replace(/\s+/g, ' ')
    .trim();

/**
 * Classes of OWL in RDF/XML, one after the other: what stands between `<owl:Class rdf:about="…">` and its end, nested
 * classes and all. No tree of the document is made, so a million classes cost their text only; entities are not resolved.
 */
function readOwl(text: string): ReadOntology {
  const terms: OntologyTerm[] = [];
  const result: ReadOntology = { form: 'owl', terms };
  if (!/<(owl:|\w+:)?RDF|<owl:Ontology|<rdf:RDF/i.test(text.slice(0, 20_000)))
    throw new OntologyFault('The XML is no OWL in RDF/XML');
  const about = /<owl:Ontology\b[^>]*rdf:about="([^"]*)"/.exec(text.slice(0, 50_000))?.[1];
  if (about !== undefined) result.name = about.slice(about.lastIndexOf('/') + 1).replace(/\.owl$/i, '');
  const release = /<owl:versionI(?:RI|nfo)\b[^>]*?(?:rdf:resource="([^"]*)"|>([^<]*)<)/.exec(text.slice(0, 50_000));
  if (release) result.release = release[1] ?? release[2]!;
  const opening = /<owl:Class\b([^>]*)>|<\/owl:Class>/g;
  let depth = 0;
  let from = 0;
  let id = '';
  for (let match = opening.exec(text); match; match = opening.exec(text)) {
    if (match[0].startsWith('</')) {
      if (depth > 0 && --depth === 0 && id !== '') addClass(terms, id, text.slice(from, match.index));
      continue;
    }
    if (match[0].endsWith('/>')) continue;
    if (depth++ === 0) {
      from = opening.lastIndex;
      id = /rdf:about="([^"]*)"/.exec(match[1]!)?.[1] ?? '';
    }
    if (terms.length > mostTerms) throw new OntologyFault(`The file has more than ${mostTerms} terms`);
  }
  return result;
}

function addClass(terms: OntologyTerm[], iri: string, body: string): void {
  const texts = (tag: string) =>
    [...body.matchAll(new RegExp(`<${tag}\\b[^>]*>([^<]*)</${tag}>`, 'g'))].map((match) => plain(match[1]!));
  const labels = texts('rdfs:label');
  const [label] = labels;
  if (label === undefined || label === '') return;
  const parents = [...body.matchAll(/<rdfs:subClassOf rdf:resource="([^"]*)"\s*\/>/g)].map((match) => match[1]!);
  // A defined class is below what its definition starts from.
  const defined = /<owl:equivalentClass>[\s\S]*?<owl:intersectionOf[^>]*>\s*<rdf:Description rdf:about="([^"]*)"/.exec(
    body,
  )?.[1];
  const replacedBy = /<obo:IAO_0100001\b[^>]*?(?:rdf:resource="([^"]*)"|>([^<]*)<)/.exec(body);
  terms.push({
    id: termIdOf(iri),
    label,
    synonyms: [...new Set([...labels.slice(1), ...texts('oboInOwl:hasExactSynonym')])].filter((one) => one !== ''),
    parents: [...new Set([...parents, ...(defined === undefined ? [] : [defined])].map(termIdOf))],
    isObsolete: /<owl:deprecated\b[^>]*>\s*true/.test(body) || /^obsolete /i.test(label),
    ...(replacedBy ? { replacedBy: termIdOf((replacedBy[1] ?? replacedBy[2])!) } : {}),
  });
}

const owl = 'http://www.w3.org/2002/07/owl#';
const skos = 'http://www.w3.org/2004/02/skos/core#';
const rdfs = 'http://www.w3.org/2000/01/rdf-schema#';
const kinds = new Set([`${owl}Class`, `${rdfs}Class`, `${skos}Concept`]);
const labelled = new Set([`${rdfs}label`, `${skos}prefLabel`]);
const synonymous = new Set([
  'http://www.geneontology.org/formats/oboInOwl#hasExactSynonym',
  `${skos}altLabel`,
  'http://purl.obolibrary.org/obo/IAO_0000118',
]);
const widened = new Set([`${rdfs}subClassOf`, `${skos}broader`]);

/** Classes of OWL and RDFS, and concepts of SKOS. */
function readTurtleTerms(text: string): ReadOntology {
  const found = new Map<string, { term: OntologyTerm; isClass: boolean; language: string }>();
  const result: ReadOntology = { form: 'turtle', terms: [] };
  const at = (iri: string) => {
    let entry = found.get(iri);
    if (!entry) {
      if (found.size >= mostTerms) throw new OntologyFault(`The file has more than ${mostTerms} terms`);
      const term = { id: termIdOf(iri), label: '', synonyms: [], parents: [], isObsolete: false };
      found.set(iri, (entry = { term, isClass: false, language: '' }));
    }
    return entry;
  };
  const take = ({ subject, predicate, object }: TurtleStatement) => {
    if (subject.startsWith('_:')) return;
    const entry = at(subject);
    const { term } = entry;
    if ('iri' in object) {
      if (predicate.endsWith('#type') && kinds.has(object.iri)) entry.isClass = true;
      else if (widened.has(predicate) && !object.iri.startsWith('_:')) term.parents.push(termIdOf(object.iri));
      else if (predicate.endsWith('/IAO_0100001')) term.replacedBy = termIdOf(object.iri);
      else if (predicate === `${owl}versionIRI`)
        result.release ??= /\d{4}-\d\d-\d\d/.exec(object.iri)?.[0] ?? object.iri;
      return;
    }
    const { text: said, language = '' } = object;
    if (labelled.has(predicate)) {
      // The English label is the label; those of other languages are further names.
      const isBetter = term.label === '' || (/^en/i.test(language) && !/^(en|$)/i.test(entry.language));
      if (!isBetter) term.synonyms.push(said);
      else {
        if (term.label !== '') term.synonyms.push(term.label);
        term.label = said;
        entry.language = language;
      }
    } else if (synonymous.has(predicate)) term.synonyms.push(said);
    else if (predicate === `${owl}deprecated`) term.isObsolete = said === 'true';
    else if (predicate.endsWith('/IAO_0100001')) term.replacedBy = termIdOf(said);
    else if (predicate === `${owl}versionInfo`) result.release ??= said;
  };
  try {
    for (const statement of readTurtle(text)) take(statement);
  } catch (fault) {
    if (fault instanceof TurtleFault)
      throw new OntologyFault(`The Turtle is broken. ${fault.message}`, { cause: fault });
    throw fault;
  }
  for (const { term, isClass } of found.values())
    if (isClass && term.label !== '')
      result.terms.push({ ...term, synonyms: [...new Set(term.synonyms)], parents: [...new Set(term.parents)] });
  if (result.terms.length === 0) throw new OntologyFault('The Turtle tells of no classes or concepts with labels');
  return result;
}

interface GraphNode {
  id?: string;
  lbl?: string;
  type?: string;
  meta?: {
    deprecated?: boolean;
    synonyms?: { pred?: string; val?: string }[];
    basicPropertyValues?: { pred?: string; val?: string }[];
  };
}

function readGraph(text: string): ReadOntology {
  let parsed: {
    graphs?: {
      id?: string;
      nodes?: GraphNode[];
      edges?: { sub?: string; pred?: string; obj?: string }[];
      meta?: { version?: string };
    }[];
  };
  try {
    parsed = JSON.parse(text) as typeof parsed;
  } catch (cause) {
    throw new OntologyFault('The JSON is broken', { cause });
  }
  if (!Array.isArray(parsed.graphs)) throw new OntologyFault('The JSON is no OBO Graph: it has no graphs');
  const byId = new Map<string, OntologyTerm>();
  for (const graph of parsed.graphs) {
    for (const node of graph.nodes ?? []) {
      if (
        typeof node.id !== 'string' ||
        typeof node.lbl !== 'string' ||
        (node.type !== undefined && node.type !== 'CLASS')
      )
        continue;
      const replaced = node.meta?.basicPropertyValues?.find(({ pred }) => pred?.endsWith('IAO_0100001'))?.val;
      byId.set(node.id, {
        id: termIdOf(node.id),
        label: node.lbl,
        synonyms: (node.meta?.synonyms ?? []).flatMap(({ pred, val }) =>
          pred === 'hasExactSynonym' && val ? [val] : [],
        ),
        parents: [],
        isObsolete: node.meta?.deprecated === true,
        ...(replaced === undefined ? {} : { replacedBy: termIdOf(replaced) }),
      });
    }
    for (const { sub, pred, obj } of graph.edges ?? [])
      if (pred === 'is_a' && sub !== undefined && obj !== undefined) byId.get(sub)?.parents.push(termIdOf(obj));
  }
  const [first] = parsed.graphs;
  return {
    form: 'obo-graph',
    terms: [...byId.values()],
    ...(first?.id === undefined ? {} : { name: first.id.slice(first.id.lastIndexOf('/') + 1).replace(/\.\w+$/, '') }),
    ...(first?.meta?.version === undefined ? {} : { release: first.meta.version }),
  };
}

/** A table as BioPortal gives it (Class ID, Preferred Label, Synonyms, Obsolete, Parents), or id, label, synonyms, parents. */
function readTable(text: string): ReadOntology {
  const lines = text.replace(/^\ufeff/, '').split(/\r?\n/);
  const header = lines[0]!.split('\t').map((name) => name.toLowerCase().replace(/[^a-z]/g, ''));
  const column = (...names: string[]) => header.findIndex((name) => names.includes(name));
  const [id, label] = [
    column('classid', 'id', 'termid', 'curie', 'iri'),
    column('preferredlabel', 'label', 'name', 'term'),
  ];
  if (id < 0 || label < 0)
    throw new OntologyFault('The table has no columns of ids and labels (Class ID, Preferred Label)');
  const [synonyms, parents, obsolete] = [
    column('synonyms', 'synonym'),
    column('parents', 'parent', 'isa'),
    column('obsolete'),
  ];
  const parts = (cells: string[], at: number) =>
    at < 0
      ? []
      : (cells[at] ?? '')
          .split('|')
          .map((one) => one.trim())
          .filter(Boolean);
  return {
    form: 'tsv',
    terms: lines.slice(1, mostTerms).flatMap((line): OntologyTerm[] => {
      const cells = line.split('\t');
      if (!cells[id] || !cells[label]) return [];
      return [
        {
          id: termIdOf(cells[id]!.trim()),
          label: cells[label]!.trim(),
          synonyms: parts(cells, synonyms),
          parents: parts(cells, parents).map(termIdOf),
          isObsolete: /^true$/i.test(cells[obsolete] ?? ''),
        },
      ];
    }),
  };
}
