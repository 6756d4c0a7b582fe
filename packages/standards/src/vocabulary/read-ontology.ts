import { mostTerms, OntologyFault, type OntologyTerm, type TermReader } from './ontology-term.ts';
import { FunctionalReader } from './read-functional.ts';
import { OboReader, TableReader } from './read-lines.ts';
import { OboGraphReader } from './read-obo-graph.ts';
import { owlHead, OwlReader } from './read-owl.ts';
import { TurtleTermReader } from './read-turtle-terms.ts';

export { mostTerms, OntologyFault, type OntologyTerm, termIdOf } from './ontology-term.ts';

/** What was read of an ontology file. */
export interface ReadOntology {
  form: TermReader['form'];
  terms: OntologyTerm[];
  /** Name and release, where the file says them. */
  name?: string;
  release?: string;
}

/** An ontology whose terms are read as they are asked for. */
export interface OntologyStream {
  form: TermReader['form'];
  /** Name, where the beginning of the file says it. */
  name?: string;
  /** As far as the file was read: known for certain when all terms are. */
  readonly release: string | undefined;
  /** The terms, some at a time; to be gone through once. @throws OntologyFault */
  terms: AsyncIterable<OntologyTerm[]>;
}

/** How a file is read, by its beginning. @throws OntologyFault */
function readerOf(head: string): TermReader {
  const start = head
    .slice(0, 4096)
    .replace(/^\ufeff/, '')
    .trimStart();
  if (/^(format-version:|\[Term\])/m.test(start)) return new OboReader();
  if (/^(#[^\n]*\n|\s)*(Prefix|Ontology)\s*\(/.test(start)) return new FunctionalReader();
  if (/^(@?(prefix|base)\s|#.*\n)/i.test(start) && /^\s*@?(prefix|base)\s+\S*\s*</im.test(start))
    return new TurtleTermReader();
  if (start.startsWith('<')) return new OwlReader(head);
  if (start.startsWith('{')) return new OboGraphReader();
  if (/^[^\n]*\t/.test(start)) return new TableReader();
  throw new OntologyFault(
    'This is neither OBO, OWL (RDF/XML, Turtle, functional syntax), OBO Graph JSON nor a table of terms',
  );
}

/**
 * What a reader gives. The engine matches patterns on a stack of 64 MiB: what overruns that, or its own, is longer or
 * deeper than any ontology, and refused like it.
 * @throws OntologyFault
 */
function given<T>(ask: () => T): T {
  try {
    return ask();
  } catch (fault) {
    if (!(fault instanceof RangeError)) throw fault;
    throw new OntologyFault('A part of the file is longer than can be read, or nests deeper', { cause: fault });
  }
}

const bare = (text: string) => (text.startsWith('\ufeff') ? text.slice(1) : text);

/** Reads an ontology by its content: OBO, OWL in RDF/XML, Turtle or functional syntax, SKOS in Turtle, OBO Graph JSON, or a table with ids, labels and parents. @throws OntologyFault */
export function readOntology(text: string): ReadOntology {
  const reader = given(() => readerOf(text));
  const terms: OntologyTerm[] = [];
  const add = (some: readonly OntologyTerm[]) => {
    for (const one of some) terms.push(one);
    if (terms.length > mostTerms) throw new OntologyFault(`The file has more than ${mostTerms} terms`);
  };
  add(given(() => reader.take(bare(text))));
  add(given(() => reader.end()));
  const { form, name, release } = reader;
  return { form, terms, ...(name === undefined ? {} : { name }), ...(release === undefined ? {} : { release }) };
}

/**
 * Reads an ontology of any size piece by piece, by its content as `readOntology` does. No file is
 * held as a whole; of OBO Graph JSON its terms are, since what is above them stands at its end.
 * @throws OntologyFault where its beginning is none; the rest while the terms are gone through
 */
export async function streamOntology(pieces: AsyncIterable<string>): Promise<OntologyStream> {
  const iterator = pieces[Symbol.asyncIterator]();
  let head = '';
  let isDone = false;
  const following = async (): Promise<string | undefined> => {
    const next = isDone ? undefined : await iterator.next();
    if (next === undefined || next.done === true) {
      isDone = true;
      return undefined;
    }
    return next.value;
  };
  while (!isDone && head.length < owlHead) head += (await following()) ?? '';
  const reader = given(() => readerOf(head));
  const first = given(() => reader.take(bare(head)));
  async function* terms(): AsyncGenerator<OntologyTerm[]> {
    let count = 0;
    const counted = (some: OntologyTerm[]) => {
      count += some.length;
      if (count > mostTerms) throw new OntologyFault(`The file has more than ${mostTerms} terms`);
      return some;
    };
    try {
      yield counted(first);
      for (;;) {
        const piece = await following();
        if (piece === undefined) break;
        yield counted(given(() => reader.take(piece)));
      }
      if (reader.ending) for (const some of reader.ending()) yield counted(some);
      else yield counted(given(() => reader.end()));
    } finally {
      await iterator.return?.();
    }
  }
  return {
    form: reader.form,
    ...(reader.name === undefined ? {} : { name: reader.name }),
    get release() {
      return reader.release;
    },
    terms: terms(),
  };
}
