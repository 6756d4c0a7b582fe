import { longestPart, OntologyFault, type OntologyTerm, termIdOf, type TermReader } from './ontology-term.ts';

const entities: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };
const plain = (xml: string) =>
  (xml.includes('&')
    ? xml.replace(/&(#x?[0-9a-f]+|\w+);/gi, (all, name: string) =>
        name.startsWith('#x') || name.startsWith('#X')
          ? String.fromCodePoint(Math.min(0x10ffff, parseInt(name.slice(2), 16)))
          : name.startsWith('#')
            ? String.fromCodePoint(Math.min(0x10ffff, Number(name.slice(1))))
            : (entities[name] ?? all),
      )
    : xml
  )
    .replace(/\s+/g, ' ')
    .trim();

/** Characters that name and release stand within. */
export const owlHead = 50_000;

/**
 * Classes of OWL in RDF/XML, one after the other: what stands between `<owl:Class rdf:about="…">` and its end, nested
 * classes and all. No tree of the document is made and no more of it held than one class; entities are not resolved.
 */
export class OwlReader implements TermReader {
  readonly form = 'owl';
  name?: string;
  release?: string;
  /** From the beginning of the class that is open, or from the tag that is cut off. */
  private rest = '';
  /** Up to where tags were looked for. */
  private seen = 0;
  private depth = 0;
  private id = '';

  /** @param head the beginning of the file, which is given to `take` all the same */
  constructor(head: string) {
    if (!/<(owl:|\w+:)?RDF|<owl:Ontology|<rdf:RDF/i.test(head.slice(0, 20_000)))
      throw new OntologyFault('The XML is no OWL in RDF/XML');
    const start = head.slice(0, owlHead);
    const about = /<owl:Ontology\b[^>]*rdf:about="([^"]*)"/.exec(start)?.[1];
    if (about !== undefined) this.name = about.slice(about.lastIndexOf('/') + 1).replace(/\.owl$/i, '');
    const release = /<owl:versionI(?:RI|nfo)\b[^>]*?(?:rdf:resource="([^"]*)"|>([^<]*)<)/.exec(start);
    if (release) this.release = release[1] ?? release[2]!;
  }

  take(piece: string): OntologyTerm[] {
    const text = this.rest + piece;
    const terms: OntologyTerm[] = [];
    const tag = /<owl:Class\b([^>]*)>|<\/owl:Class>/g;
    tag.lastIndex = this.seen;
    // Within an open class the text begins with what it holds.
    let from = 0;
    let after = this.seen;
    for (let match = tag.exec(text); match; match = tag.exec(text)) {
      after = tag.lastIndex;
      if (match[0].startsWith('</')) {
        if (this.depth > 0 && --this.depth === 0 && this.id !== '') {
          const term = termOfClass(this.id, text.slice(from, match.index));
          if (term) terms.push(term);
        }
      } else if (!match[0].endsWith('/>') && this.depth++ === 0) {
        from = after;
        this.id = /rdf:about="([^"]*)"/.exec(match[1]!)?.[1] ?? '';
      }
    }
    // A tag that is cut off is looked at again with the next piece.
    const opened = text.lastIndexOf('<');
    const upTo = Math.max(after, opened >= 0 && !text.includes('>', opened) ? opened : text.length);
    const keepFrom = this.depth > 0 ? from : upTo;
    this.rest = text.slice(keepFrom);
    this.seen = upTo - keepFrom;
    if (this.rest.length > longestPart) throw new OntologyFault(`A class is longer than ${longestPart} characters`);
    return terms;
  }

  end(): OntologyTerm[] {
    this.rest = '';
    return [];
  }
}

/** What is read of a class, each by its group: label, synonym, parent, what replaces it, whether it is deprecated. */
const said =
  /<rdfs:label\b[^>]*>([^<]*)<\/rdfs:label>|<oboInOwl:hasExactSynonym\b[^>]*>([^<]*)<\/oboInOwl:hasExactSynonym>|<rdfs:subClassOf rdf:resource="([^"]*)"\s*\/>|<obo:IAO_0100001\b[^>]*?(?:rdf:resource="([^"]*)"|>([^<]*)<)|<owl:deprecated\b[^>]*>\s*(true)/g;
const definition = /<owl:equivalentClass>[\s\S]*?<owl:intersectionOf[^>]*>\s*<rdf:Description rdf:about="([^"]*)"/;

function termOfClass(iri: string, body: string): OntologyTerm | undefined {
  let label: string | undefined;
  let replacedBy: string | undefined;
  let isObsolete = false;
  const synonyms = new Set<string>();
  const labels = new Set<string>();
  const parents = new Set<string>();
  said.lastIndex = 0;
  for (let match = said.exec(body); match; match = said.exec(body)) {
    const [, name, synonym, parent, resource, replacing, deprecated] = match;
    if (name !== undefined) {
      if (label === undefined) label = plain(name);
      else labels.add(plain(name));
    } else if (synonym !== undefined) synonyms.add(plain(synonym));
    else if (parent !== undefined) parents.add(termIdOf(parent));
    else if (deprecated !== undefined) isObsolete = true;
    else replacedBy ??= resource ?? replacing;
  }
  if (label === undefined || label === '') return undefined;
  // A defined class is below what its definition starts from.
  const defined = body.includes('<owl:equivalentClass>') ? definition.exec(body)?.[1] : undefined;
  if (defined !== undefined) parents.add(termIdOf(defined));
  return {
    id: termIdOf(iri),
    label,
    synonyms: [...new Set([...labels, ...synonyms])].filter((one) => one !== ''),
    parents: [...parents],
    isObsolete: isObsolete || /^obsolete /i.test(label),
    ...(replacedBy === undefined ? {} : { replacedBy: termIdOf(replacedBy) }),
  };
}
