import {
  labelProperties,
  OpenTerms,
  owl,
  rdfs,
  replacedByProperty,
  synonymProperties,
  takeLabel,
} from './open-terms.ts';
import { endOfText } from './graph-members.ts';
import { longestPart, OntologyFault, type OntologyTerm, termIdOf, type TermReader } from './ontology-term.ts';

/** Words of the longest axiom; a list of disjoint classes has one for each. */
const mostWords = 2_000_000;
const blank = /\s+/y;
const name = /[^\s()"<=]+/y;

/**
 * Classes of OWL in functional syntax, as editors of ontologies keep them (`Ontology(… SubClassOf(a b) …)`). Classes are
 * declared all together at the beginning, so their names are held; of what is said further down one axiom is held, and the
 * terms that are not complete. Source: OWL 2 Structural Specification, second edition.
 */
export class FunctionalReader implements TermReader {
  readonly form = 'functional';
  name?: string;
  release?: string;
  private rest = '';
  /** Words of the axiom that is open, with its brackets. */
  private axiom: string[] = [];
  private depth = 0;
  private isWithin = false;
  /** A type of a literal follows, which is not needed. */
  private isType = false;
  private readonly prefixes = new Map([
    ['owl:', owl],
    ['rdfs:', rdfs],
  ]);
  /** Ids of the classes that are declared. */
  private readonly declared = new Set<string>();
  private readonly open: OpenTerms;

  /** @param mostOpen subjects held, for what may still be said of them */
  constructor(mostOpen?: number) {
    this.open = new OpenTerms(mostOpen);
  }

  take(piece: string): OntologyTerm[] {
    this.read(this.rest + piece, false);
    return this.open.ready();
  }

  end(): OntologyTerm[] {
    this.read(this.rest, true);
    if (this.depth > 0 || this.isWithin)
      throw new OntologyFault('The ontology breaks off: its last bracket is missing');
    const terms = this.open.rest();
    if (this.open.told === 0) throw new OntologyFault('The ontology tells of no classes with labels');
    return terms;
  }

  /** Cuts a text into words; what may go on with the next piece is kept. */
  private read(text: string, isEnd: boolean): void {
    let at = 0;
    while (at < text.length) {
      const code = text.charCodeAt(at);
      let end: number;
      if (code <= 32) {
        blank.lastIndex = at;
        at = blank.test(text) ? blank.lastIndex : at + 1;
        continue;
      }
      if (code === 35) {
        const line = text.indexOf('\n', at);
        if (line < 0 && !isEnd) break;
        at = line < 0 ? text.length : line + 1;
        continue;
      }
      // ( ) =
      if (code === 40 || code === 41 || code === 61) end = at + 1;
      else if (code === 34) end = endOfText(text, at + 1) + 1;
      else if (code === 60) end = text.indexOf('>', at) + 1;
      else {
        name.lastIndex = at;
        end = name.test(text) ? name.lastIndex : 0;
        if (end === text.length && !isEnd) end = 0;
      }
      if (end <= 0) break;
      this.word(text.slice(at, end));
      at = end;
    }
    this.rest = text.slice(at);
    if (isEnd && this.rest !== '') throw new OntologyFault('The ontology breaks off within a text or an address');
    if (this.rest.length > longestPart) throw new OntologyFault(`A text is longer than ${longestPart} characters`);
  }

  private word(word: string): void {
    if (word.startsWith('^^')) {
      this.isType = word.length === 2;
      return;
    }
    if (this.isType) {
      this.isType = false;
      return;
    }
    if (word === '(') {
      if (this.depth === 0 && !this.isWithin && this.axiom[0] === 'Ontology') {
        this.isWithin = true;
        this.axiom = [];
        return;
      }
      this.depth++;
    } else if (word === ')') {
      if (this.depth === 0) {
        if (!this.isWithin) throw new OntologyFault('The ontology is broken: a bracket closes that was not opened');
        this.isWithin = false;
        return;
      }
      this.depth--;
      if (this.depth === 0) {
        this.said(this.axiom[0] ?? '', argumentsOf(this.axiom));
        this.axiom = [];
        return;
      }
    } else if (this.depth === 0) {
      if (this.isWithin && word.startsWith('<')) this.heading(word.slice(1, -1));
      else this.axiom = [word];
      return;
    }
    this.axiom.push(word);
    if (this.axiom.length > mostWords) throw new OntologyFault(`An axiom has more than ${mostWords} words`);
  }

  /** Address of the ontology, then of its version. */
  private heading(iri: string): void {
    if (this.name === undefined) this.name = iri.slice(iri.lastIndexOf('/') + 1).replace(/\.(owl|ofn)$/i, '');
    else this.release ??= /\d{4}-\d\d-\d\d/.exec(iri)?.[0] ?? iri;
  }

  private said(kind: string, all: readonly string[][]): void {
    if (kind === 'Prefix') {
      const [prefix, , iri] = all.map(([word = '']) => word);
      if (prefix !== undefined && iri?.startsWith('<')) this.prefixes.set(prefix, iri.slice(1, -1));
      return;
    }
    // Remarks on the axiom itself come first.
    const [first, second, third] = all.filter(([word, bracket]) => !(word === 'Annotation' && bracket === '('));
    if (kind === 'Declaration' && first?.[0] === 'Class') this.declareClass(first[2]);
    else if (kind === 'AnnotationAssertion' && first && second && third) this.annotate(first[0]!, second[0]!, third);
    else if (kind === 'Annotation' && first?.[0] !== undefined && second?.[0] !== undefined) {
      if (this.iriOf(first[0]) === `${owl}versionInfo`) this.release ??= textOf(second[0]);
    } else if ((kind === 'SubClassOf' || kind === 'EquivalentClasses') && first?.length === 1 && second) {
      // A defined class is below what its definition starts from.
      const above =
        second.length === 1 && kind === 'SubClassOf'
          ? second[0]
          : kind === 'EquivalentClasses' && second[0] === 'ObjectIntersectionOf' && second[3] !== '('
            ? second[2]
            : undefined;
      if (above !== undefined) this.classAt(first[0]!).term.parents.push(termIdOf(this.iriOf(above)));
    }
  }

  private declareClass(word: string | undefined): void {
    if (word === undefined) return;
    const id = termIdOf(this.iriOf(word));
    // A copy of its own: a part of a longer text would keep that.
    this.declared.add(` ${id}`.slice(1));
    const known = this.open.known(id);
    if (known) known.isClass = true;
  }

  private at(word: string) {
    const id = termIdOf(this.iriOf(word));
    return this.open.at(id, () => id, this.declared.has(id));
  }

  private classAt(word: string) {
    const entry = this.at(word);
    entry.isClass = true;
    return entry;
  }

  private annotate(property: string, subject: string, [value = '', language = '']: readonly string[]): void {
    if (subject.startsWith('_:')) return;
    const iri = this.iriOf(property);
    const isLabel = labelProperties.has(iri);
    if (isLabel || synonymProperties.has(iri)) {
      const said = textOf(value);
      if (said === '') return;
      const entry = this.at(subject);
      if (!isLabel) entry.term.synonyms.push(said);
      else {
        takeLabel(entry, said, language.slice(1));
        if (/^obsolete /i.test(said)) entry.term.isObsolete = true;
      }
    } else if (iri === `${owl}deprecated`) this.at(subject).term.isObsolete = textOf(value) === 'true';
    else if (iri === replacedByProperty)
      this.at(subject).term.replacedBy = termIdOf(value.startsWith('"') ? textOf(value) : this.iriOf(value));
  }

  private iriOf(word: string): string {
    if (word.startsWith('<')) return word.slice(1, -1);
    const colon = word.indexOf(':') + 1;
    const base = this.prefixes.get(word.slice(0, colon));
    return base === undefined ? word : base + word.slice(colon);
  }
}

/** Text of a literal without its quotation marks. */
function textOf(word: string): string {
  const text = word.startsWith('"') ? word.slice(1, -1) : word;
  const plain = (text.includes('\\') ? text.replace(/\\(.)/gs, '$1') : text).replace(/\s+/g, ' ').trim();
  // A copy of its own: a part of a longer text would keep that as long as the term is held.
  return ` ${plain}`.slice(1);
}

/** What stands between the brackets of an axiom: words, literals with their language, and parts with brackets as their words. */
function argumentsOf(axiom: readonly string[]): string[][] {
  const found: string[][] = [];
  let depth = 0;
  for (const word of axiom.slice(2)) {
    const last = found.at(-1);
    if (depth > 0 || (last && (word === '(' || word.startsWith('@')))) last!.push(word);
    else found.push([word]);
    if (word === '(') depth++;
    else if (word === ')') depth--;
  }
  return found;
}
