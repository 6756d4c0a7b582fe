import { labelProperties, OpenTerms, owl, rdfs, skos, synonymProperties, takeLabel } from './open-terms.ts';
import { longestPart, OntologyFault, type OntologyTerm, termIdOf, type TermReader } from './ontology-term.ts';
import { readTurtle, TurtleFault, TurtlePieces, turtleStart, type TurtleStatement } from './read-turtle.ts';

const kinds = new Set([`${owl}Class`, `${rdfs}Class`, `${skos}Concept`]);
const widened = new Set([`${rdfs}subClassOf`, `${skos}broader`]);

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
  private readonly open: OpenTerms;

  /** @param mostOpen subjects held, for what may still be said of them */
  constructor(mostOpen?: number) {
    this.open = new OpenTerms(mostOpen);
  }

  take(piece: string): OntologyTerm[] {
    this.read(this.pieces.take(piece));
    if (this.pieces.waiting > longestPart)
      throw new OntologyFault(`A statement is longer than ${longestPart} characters`);
    return this.open.ready();
  }

  end(): OntologyTerm[] {
    this.read(this.pieces.end());
    const terms = this.open.rest();
    if (this.open.told === 0) throw new OntologyFault('The Turtle tells of no classes or concepts with labels');
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

  private statement({ subject, predicate, object }: TurtleStatement): void {
    if (subject.startsWith('_:')) return;
    const entry = this.open.at(subject, () => termIdOf(subject));
    const { term } = entry;
    if ('iri' in object) {
      if (predicate.endsWith('#type') && kinds.has(object.iri)) entry.isClass = true;
      else if (widened.has(predicate) && !object.iri.startsWith('_:')) term.parents.push(termIdOf(object.iri));
      else if (predicate.endsWith('/IAO_0100001')) term.replacedBy = termIdOf(object.iri);
      else if (predicate === `${owl}versionIRI`) this.release ??= /\d{4}-\d\d-\d\d/.exec(object.iri)?.[0] ?? object.iri;
      return;
    }
    const { text: said, language = '' } = object;
    if (labelProperties.has(predicate)) takeLabel(entry, said, language);
    else if (synonymProperties.has(predicate)) term.synonyms.push(said);
    else if (predicate === `${owl}deprecated`) term.isObsolete = said === 'true';
    else if (predicate.endsWith('/IAO_0100001')) term.replacedBy = termIdOf(said);
    else if (predicate === `${owl}versionInfo`) this.release ??= said;
  }
}
