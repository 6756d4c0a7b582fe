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

/** A file is no ontology, or holds more than is accepted. */
export class OntologyFault extends Error {
  override readonly name = 'OntologyFault';
}

/** Terms accepted of one file; NCBI Taxonomy has about 2.7 million. */
export const mostTerms = 4_000_000;
/** Longest line, class or statement, in characters: what is longer is no ontology, and would fill the memory. */
export const longestPart = 16_000_000;

/** `http://purl.obolibrary.org/obo/CL_0000066`, `CL_0000066` and `CL:0000066` are one; other addresses keep their last part. */
export function termIdOf(iri: string): string {
  const last = iri.slice(Math.max(iri.lastIndexOf('/'), iri.lastIndexOf('#')) + 1);
  if (/^[A-Za-z][A-Za-z-]*:\S+$/.test(iri) && !iri.includes('//')) return iri;
  const match = /^([A-Za-z][A-Za-z]*)_(\d\w*)$/.exec(last);
  if (match && /obo|ebi\.ac\.uk|ihtsdo|orpha/i.test(iri)) return `${match[1]}:${match[2]}`;
  if (match && !iri.includes('/')) return `${match[1]}:${match[2]}`;
  return iri.includes('edamontology') ? `EDAM:${last}` : last;
}

/** Reads a file piece by piece, holding no more of it than one line, class or statement that is not yet complete. */
export interface TermReader {
  readonly form: 'obo' | 'owl' | 'functional' | 'turtle' | 'obo-graph' | 'tsv';
  /** Name and release, as far as they were read. */
  name?: string;
  release?: string;
  /** Terms that are complete with this piece. @throws OntologyFault */
  take(piece: string): OntologyTerm[];
  /** The rest, when the file is at its end. @throws OntologyFault */
  end(): OntologyTerm[];
  /** In place of `end`, where the rest is many terms: some at a time. @throws OntologyFault */
  ending?(): Generator<OntologyTerm[]>;
}
