import {
  longestPart,
  mostTerms,
  OntologyFault,
  type OntologyTerm,
  termIdOf,
  type TermReader,
} from './ontology-term.ts';
import { readTurtle, TurtleFault, TurtlePieces, turtleStart, type TurtleStatement } from './read-turtle.ts';

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

/** Subjects held, for what may still be said of them further down. */
const usuallyOpen = 100_000;

/** What was said of a subject so far. */
interface Subject {
  term: OntologyTerm;
  isClass: boolean;
  language: string;
}

/**
 * Classes of OWL and RDFS, and concepts of SKOS. What is said of one may stand in several places, up to 100,000 subjects
 * apart.
 */
export class TurtleTermReader implements TermReader {
  readonly form = 'turtle';
  name?: string;
  release?: string;
  private readonly pieces = new TurtlePieces();
  private readonly state = turtleStart();
  private readonly open = new Map<string, Subject>();
  private told = 0;
  private readonly mostOpen: number;
  /** Subjects at which the first of them are done. */
  private next: number;

  /** @param mostOpen subjects held, for what may still be said of them */
  constructor(mostOpen = usuallyOpen) {
    this.mostOpen = mostOpen;
    this.next = 2 * mostOpen;
  }

  take(piece: string): OntologyTerm[] {
    this.read(this.pieces.take(piece));
    if (this.pieces.waiting > longestPart)
      throw new OntologyFault(`A statement is longer than ${longestPart} characters`);
    if (this.open.size < this.next) return [];
    const terms = this.done(this.open.size - this.mostOpen);
    this.next = this.open.size + this.mostOpen;
    return terms;
  }

  end(): OntologyTerm[] {
    this.read(this.pieces.end());
    const terms = this.done(this.open.size);
    if (this.told === 0) throw new OntologyFault('The Turtle tells of no classes or concepts with labels');
    return terms;
  }

  private read(text: string): void {
    if (text === '') return;
    try {
      for (const statement of readTurtle(text, this.state)) this.statement(statement);
    } catch (fault) {
      if (fault instanceof TurtleFault)
        throw new OntologyFault(`The Turtle is broken. ${fault.message}`, { cause: fault });
      throw fault;
    }
    for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) this.state.lines++;
  }

  /** Terms of the first subjects; those that are none so far stay, as it may be said later that they are. */
  private done(count: number): OntologyTerm[] {
    const terms: OntologyTerm[] = [];
    let looked = 0;
    for (const [iri, { term, isClass }] of this.open) {
      if (++looked > count) break;
      if (!isClass || term.label === '') continue;
      terms.push({ ...term, synonyms: [...new Set(term.synonyms)], parents: [...new Set(term.parents)] });
      this.open.delete(iri);
    }
    this.told += terms.length;
    return terms;
  }

  private subject(iri: string): Subject {
    let entry = this.open.get(iri);
    if (!entry) {
      if (this.open.size >= mostTerms) throw new OntologyFault(`The file has more than ${mostTerms} terms`);
      const term = { id: termIdOf(iri), label: '', synonyms: [], parents: [], isObsolete: false };
      this.open.set(iri, (entry = { term, isClass: false, language: '' }));
    }
    return entry;
  }

  private statement({ subject, predicate, object }: TurtleStatement): void {
    if (subject.startsWith('_:')) return;
    const entry = this.subject(subject);
    const { term } = entry;
    if ('iri' in object) {
      if (predicate.endsWith('#type') && kinds.has(object.iri)) entry.isClass = true;
      else if (widened.has(predicate) && !object.iri.startsWith('_:')) term.parents.push(termIdOf(object.iri));
      else if (predicate.endsWith('/IAO_0100001')) term.replacedBy = termIdOf(object.iri);
      else if (predicate === `${owl}versionIRI`) this.release ??= /\d{4}-\d\d-\d\d/.exec(object.iri)?.[0] ?? object.iri;
      return;
    }
    const { text: said, language = '' } = object;
    if (labelled.has(predicate)) this.label(entry, said, language);
    else if (synonymous.has(predicate)) term.synonyms.push(said);
    else if (predicate === `${owl}deprecated`) term.isObsolete = said === 'true';
    else if (predicate.endsWith('/IAO_0100001')) term.replacedBy = termIdOf(said);
    else if (predicate === `${owl}versionInfo`) this.release ??= said;
  }

  /** The English label is the label; those of other languages are further names. */
  private label(entry: Subject, said: string, language: string): void {
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
}
