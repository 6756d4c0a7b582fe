import { GraphMembers } from './graph-members.ts';
import { mostTerms, OntologyFault, type OntologyTerm, termIdOf, type TermReader } from './ontology-term.ts';

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

/** Between parts of a term while it is kept; no text of an ontology holds it. */
const between = '\u0000';
/** Terms given at once. */
const together = 5000;

/**
 * Terms of OBO Graph JSON. What is above a term stands behind all terms: so terms are kept, each as one short text, until
 * the end, and edges as pairs of numbers; of the document itself one element is held at a time.
 */
export class OboGraphReader implements TermReader {
  readonly form = 'obo-graph';
  name?: string;
  release?: string;
  private readonly members = new GraphMembers();
  /** Of each term its address, and the rest in one text. */
  private readonly terms: { iri: string; told: string }[] = [];
  private readonly numberOf = new Map<string, number>();
  /** By term: addresses of parents. */
  private readonly parents = new Map<number, string[]>();
  /** Edges of terms that stand behind them. */
  private early: [sub: string, obj: string][] = [];

  take(piece: string): OntologyTerm[] {
    for (const { name, text } of this.members.take(piece)) {
      if (name === 'nodes') this.node(parsed(text) as GraphNode);
      else if (name === 'edges') this.edge(parsed(text) as { sub?: string; pred?: string; obj?: string });
      else if (name === 'id') {
        const id = parsed(text);
        if (typeof id === 'string') this.name ??= id.slice(id.lastIndexOf('/') + 1).replace(/\.\w+$/, '');
      } else if (name === 'meta') {
        const { version } = parsed(text) as { version?: unknown };
        if (typeof version === 'string') this.release ??= version;
      }
    }
    return [];
  }

  end(): OntologyTerm[] {
    return [...this.ending()].flat();
  }

  /** The terms, some at a time. */
  *ending(): Generator<OntologyTerm[]> {
    this.members.end();
    if (!this.members.isGraph) throw new OntologyFault('The JSON is no OBO Graph: it has no graphs');
    for (const [sub, obj] of this.early) this.join(sub, obj);
    this.early = [];
    this.numberOf.clear();
    for (let from = 0; from < this.terms.length; from += together)
      yield this.terms.slice(from, from + together).map(({ told }, index) => {
        const [id = '', label = '', obsolete, replacedBy = '', ...synonyms] = told.split(between);
        return {
          id,
          label,
          synonyms,
          parents: (this.parents.get(from + index) ?? []).map(termIdOf),
          isObsolete: obsolete !== '',
          ...(replacedBy === '' ? {} : { replacedBy }),
        };
      });
  }

  private node({ id, lbl, type, meta }: GraphNode): void {
    const isClass = type === undefined || type === 'CLASS';
    if (typeof id !== 'string' || typeof lbl !== 'string' || !isClass) return;
    const replaced = meta?.basicPropertyValues?.find(({ pred }) => pred?.endsWith('IAO_0100001'))?.val;
    const synonyms = (meta?.synonyms ?? []).flatMap(({ pred, val }) =>
      pred === 'hasExactSynonym' && val ? [val] : [],
    );
    const told = [
      termIdOf(id),
      lbl,
      meta?.deprecated === true ? 'obsolete' : '',
      replaced === undefined ? '' : termIdOf(replaced),
      ...synonyms,
    ].join(between);
    const known = this.numberOf.get(id);
    if (known !== undefined) this.terms[known] = { iri: id, told };
    else {
      if (this.terms.length >= mostTerms) throw new OntologyFault(`The file has more than ${mostTerms} terms`);
      this.numberOf.set(id, this.terms.length);
      this.terms.push({ iri: id, told });
    }
  }

  private edge({ sub, pred, obj }: { sub?: string; pred?: string; obj?: string }): void {
    if (pred !== 'is_a' || typeof sub !== 'string' || typeof obj !== 'string') return;
    if (this.numberOf.has(sub)) this.join(sub, obj);
    else if (this.early.length < mostTerms) this.early.push([sub, obj]);
  }

  private join(sub: string, obj: string): void {
    const at = this.numberOf.get(sub);
    if (at === undefined) return;
    // The same text is kept once, however many are below it.
    const above = this.numberOf.get(obj);
    const parent = above === undefined ? obj : this.terms[above]!.iri;
    const known = this.parents.get(at);
    if (known) known.push(parent);
    else this.parents.set(at, [parent]);
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch (cause) {
    throw new OntologyFault('The JSON is broken', { cause });
  }
}
