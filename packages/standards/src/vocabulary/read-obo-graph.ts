import { OntologyFault, type OntologyTerm, termIdOf, type TermReader } from './ontology-term.ts';

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

interface Graphs {
  graphs?: {
    id?: string;
    nodes?: GraphNode[];
    edges?: { sub?: string; pred?: string; obj?: string }[];
    meta?: { version?: string };
  }[];
}

/** Characters of a document: JSON is parsed whole, and V8 holds no longer text. */
const longestDocument = 500_000_000;

/** Terms of OBO Graph JSON, all of them at its end: what is above a term stands behind all terms. */
export class OboGraphReader implements TermReader {
  readonly form = 'obo-graph';
  name?: string;
  release?: string;
  private pieces: string[] = [];
  private length = 0;

  take(piece: string): OntologyTerm[] {
    this.length += piece.length;
    if (this.length > longestDocument)
      throw new OntologyFault('The JSON is larger than can be read; take the OBO or OWL form of the ontology');
    this.pieces.push(piece);
    return [];
  }

  end(): OntologyTerm[] {
    let parsed: Graphs;
    try {
      parsed = JSON.parse(
        this.pieces
          .splice(0)
          .join('')
          .replace(/^\ufeff/, ''),
      ) as Graphs;
    } catch (cause) {
      throw new OntologyFault('The JSON is broken', { cause });
    }
    if (!Array.isArray(parsed.graphs)) throw new OntologyFault('The JSON is no OBO Graph: it has no graphs');
    const [first] = parsed.graphs;
    if (first?.id !== undefined) this.name = first.id.slice(first.id.lastIndexOf('/') + 1).replace(/\.\w+$/, '');
    if (first?.meta?.version !== undefined) this.release = first.meta.version;
    return termsOf(parsed.graphs);
  }
}

function termsOf(graphs: NonNullable<Graphs['graphs']>): OntologyTerm[] {
  const byId = new Map<string, OntologyTerm>();
  for (const graph of graphs) {
    for (const node of graph.nodes ?? []) {
      const isClass = node.type === undefined || node.type === 'CLASS';
      if (typeof node.id !== 'string' || typeof node.lbl !== 'string' || !isClass) continue;
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
  return [...byId.values()];
}
