import { mostTerms, OntologyFault, type OntologyTerm } from './ontology-term.ts';

export const owl = 'http://www.w3.org/2002/07/owl#';
export const rdfs = 'http://www.w3.org/2000/01/rdf-schema#';
export const skos = 'http://www.w3.org/2004/02/skos/core#';

/** Properties that give a term its label. */
export const labelProperties: ReadonlySet<string> = new Set([`${rdfs}label`, `${skos}prefLabel`]);
/** Properties that give it a further name. */
export const synonymProperties: ReadonlySet<string> = new Set([
  'http://www.geneontology.org/formats/oboInOwl#hasExactSynonym',
  `${skos}altLabel`,
  'http://purl.obolibrary.org/obo/IAO_0000118',
]);
/** Property that says what replaces an obsolete term. */
export const replacedByProperty = 'http://purl.obolibrary.org/obo/IAO_0100001';

/** Subjects held, for what may still be said of them further down. */
const usuallyOpen = 100_000;

/** What was said of a subject so far. */
export interface OpenTerm {
  term: OntologyTerm;
  isClass: boolean;
  /** Language of its label. */
  language: string;
}

/**
 * Terms of a file that says of one in several places: each is held until 100,000 others were begun. Subjects that are no class,
 * or have no label, are held to the end, as that may be said later.
 */
export class OpenTerms {
  /** Terms that were given out. */
  told = 0;
  private readonly open = new Map<string, OpenTerm>();
  private readonly mostOpen: number;
  /** Subjects at which the first of them are done. */
  private next: number;

  /** @param mostOpen subjects held, for what may still be said of them */
  constructor(mostOpen = usuallyOpen) {
    this.mostOpen = mostOpen;
    this.next = 2 * mostOpen;
  }

  /** What is known of a subject, begun where nothing was. @param id of the term it would be @throws OntologyFault */
  at(subject: string, id: () => string, isClass = false): OpenTerm {
    let entry = this.open.get(subject);
    if (!entry) {
      if (this.open.size >= mostTerms) throw new OntologyFault(`The file has more than ${mostTerms} terms`);
      const term = { id: id(), label: '', synonyms: [], parents: [], isObsolete: false };
      this.open.set(subject, (entry = { term, isClass, language: '' }));
    }
    return entry;
  }

  /** What is known of a subject that was begun and is still held. */
  known(subject: string): OpenTerm | undefined {
    return this.open.get(subject);
  }

  /** The terms begun first, where more are held than need be. */
  ready(): OntologyTerm[] {
    if (this.open.size < this.next) return [];
    const terms = this.done(this.open.size - this.mostOpen);
    this.next = this.open.size + this.mostOpen;
    return terms;
  }

  /** All that are left. */
  rest(): OntologyTerm[] {
    return this.done(this.open.size);
  }

  private done(count: number): OntologyTerm[] {
    const terms: OntologyTerm[] = [];
    let looked = 0;
    for (const [subject, { term, isClass }] of this.open) {
      if (++looked > count) break;
      if (!isClass || term.label === '') continue;
      terms.push({ ...term, synonyms: [...new Set(term.synonyms)], parents: [...new Set(term.parents)] });
      this.open.delete(subject);
    }
    this.told += terms.length;
    return terms;
  }
}

/** Takes a label: the English one is the label, those of other languages are further names. */
export function takeLabel(entry: OpenTerm, said: string, language: string): void {
  const { term } = entry;
  const isBetter = term.label === '' || (/^en/i.test(language) && !/^(en|$)/i.test(entry.language));
  if (!isBetter) {
    term.synonyms.push(said);
    return;
  }
  if (term.label !== '') term.synonyms.push(term.label);
  term.label = said;
  entry.language = language;
}
