/** A term in the tree. */
export interface TreeTerm {
  id: string;
  label: string;
  hasBelow: boolean;
}

/** Terms below one, as far as they are fetched. */
export interface Branch {
  terms: readonly TreeTerm[];
  /** Where the rest begins; `null` where there is no more. */
  next: string | null;
}

/** A line of the tree as it is drawn; its key is the way to it, as a term may stand below several. */
export type TreeRow =
  | { kind: 'term'; key: string; level: number; term: TreeTerm }
  | { kind: 'more'; key: string; level: number; of: string; next: string };

/** Lines of the tree that are seen: the first terms, and what is below those that are open. */
export function rowsOf(branches: ReadonlyMap<string, Branch>, open: ReadonlySet<string>): TreeRow[] {
  const rows: TreeRow[] = [];
  const add = (of: string, way: string, level: number) => {
    const branch = branches.get(of);
    for (const term of branch?.terms ?? []) {
      const key = `${way}/${term.id}`;
      rows.push({ kind: 'term', key, level, term });
      // Ontologies may hold circles: a term is not opened below itself.
      if (open.has(key) && !way.split('/').includes(term.id)) add(term.id, key, level + 1);
    }
    if (branch && branch.next !== null) rows.push({ kind: 'more', key: `${way}/`, level, of, next: branch.next });
  };
  add('', '', 1);
  return rows;
}

/** The branches with more terms below one, each once. */
export function withTerms(
  branches: ReadonlyMap<string, Branch>,
  of: string,
  { terms, next }: Branch,
): ReadonlyMap<string, Branch> {
  const before = branches.get(of)?.terms ?? [];
  const ids = new Set(before.map(({ id }) => id));
  return new Map([...branches, [of, { terms: [...before, ...terms.filter(({ id }) => !ids.has(id))], next }]]);
}
