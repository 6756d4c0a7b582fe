import { longestPart, OntologyFault, type OntologyTerm, termIdOf, type TermReader } from './ontology-term.ts';

/** Cuts pieces of a text into its lines. */
class Lines {
  private rest = '';

  take(piece: string, each: (line: string) => void): void {
    const text = this.rest + piece;
    let at = 0;
    for (let end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n', at)) {
      each(text.slice(at, end));
      at = end + 1;
    }
    this.rest = text.slice(at);
    if (this.rest.length > longestPart) throw new OntologyFault(`A line is longer than ${longestPart} characters`);
  }

  end(): string {
    const { rest } = this;
    this.rest = '';
    return rest;
  }
}

const unquote = (text: string) => (text.includes('\\') ? text.replace(/\\(.)/g, '$1') : text);

/** Terms of OBO. */
export class OboReader implements TermReader {
  readonly form = 'obo';
  name?: string;
  release?: string;
  private readonly lines = new Lines();
  private term: OntologyTerm | undefined;
  private isTerm = false;
  private ready: OntologyTerm[] = [];

  take(piece: string): OntologyTerm[] {
    this.lines.take(piece, (line) => this.line(line.trimEnd()));
    return this.ready.splice(0);
  }

  end(): OntologyTerm[] {
    this.line(this.lines.end().trimEnd());
    this.keep();
    return this.ready.splice(0);
  }

  private keep(): void {
    if (this.term && this.term.id !== '' && this.term.label !== '') this.ready.push(this.term);
    this.term = undefined;
  }

  private line(line: string): void {
    if (line.startsWith('[')) {
      this.keep();
      this.isTerm = line === '[Term]';
      if (this.isTerm) this.term = { id: '', label: '', synonyms: [], parents: [], isObsolete: false };
      return;
    }
    const colon = line.indexOf(': ');
    if (colon < 0) return;
    const tag = line.slice(0, colon);
    const value = line.slice(colon + 2);
    const { term } = this;
    if (!this.isTerm || !term) {
      if (tag === 'ontology') this.name = value.trim();
      if (tag === 'data-version' || tag === 'date') this.release ??= value.trim();
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
}

/** Columns of a table of terms; -1 for those it lacks. */
interface Columns {
  id: number;
  label: number;
  synonyms: number;
  parents: number;
  obsolete: number;
}

/** Terms of a table as BioPortal gives it (Class ID, Preferred Label, Synonyms, Obsolete, Parents), or id, label, synonyms, parents. */
export class TableReader implements TermReader {
  readonly form = 'tsv';
  private readonly lines = new Lines();
  private columns: Columns | undefined;

  take(piece: string): OntologyTerm[] {
    const terms: OntologyTerm[] = [];
    this.lines.take(piece, (line) => terms.push(...this.row(line)));
    return terms;
  }

  end(): OntologyTerm[] {
    return this.row(this.lines.end());
  }

  private row(line: string): OntologyTerm[] {
    const cells = line.replace(/\r$/, '').split('\t');
    if (!this.columns) {
      this.columns = columnsOf(cells);
      return [];
    }
    const { id, label, synonyms, parents, obsolete } = this.columns;
    if (!cells[id] || !cells[label]) return [];
    return [
      {
        id: termIdOf(cells[id]!.trim()),
        label: cells[label]!.trim(),
        synonyms: partsOf(cells[synonyms]),
        parents: partsOf(cells[parents]).map(termIdOf),
        isObsolete: /^true$/i.test(cells[obsolete] ?? ''),
      },
    ];
  }
}

const partsOf = (cell: string | undefined) =>
  (cell ?? '')
    .split('|')
    .map((one) => one.trim())
    .filter(Boolean);

function columnsOf(cells: readonly string[]): Columns {
  const header = cells.map((name) => name.toLowerCase().replace(/[^a-z]/g, ''));
  const column = (...names: string[]) => header.findIndex((name) => names.includes(name));
  const columns = {
    id: column('classid', 'id', 'termid', 'curie', 'iri'),
    label: column('preferredlabel', 'label', 'name', 'term'),
    synonyms: column('synonyms', 'synonym'),
    parents: column('parents', 'parent', 'isa'),
    obsolete: column('obsolete'),
  };
  if (columns.id < 0 || columns.label < 0)
    throw new OntologyFault('The table has no columns of ids and labels (Class ID, Preferred Label)');
  return columns;
}
