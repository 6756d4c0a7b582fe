import { type OntologyTerm, parentsWithAliases } from '@micrarium/standards';
import { type Database, poolOf } from '../database/connect.ts';
import { copiedRow, copyRows } from '../database/copy-rows.ts';
import { foldedNames, prefixOf, wordsOf } from './name-folding.ts';

/** A term with its names as they are compared, ready to be written. */
export interface TermRow {
  id: string;
  label: string;
  synonyms: string[];
  parents: string[];
  isObsolete: boolean;
  replacedBy: string | null;
  /** Surely a first one: no parent has an id of the same form. */
  isRoot: boolean;
  prefix: string;
  names: Map<string, boolean>;
}

// No text of a database holds a zero.
// oxlint-disable-next-line no-control-regex
const foreign = /\u0000/g;
const tidy = (text: string) =>
  (text.includes('\u0000') ? text.replace(foreign, '') : text).slice(0, 1000).toWellFormed();

/** A term as it is written. */
export function rowOf(term: OntologyTerm): TermRow {
  const id = tidy(term.id);
  const label = tidy(term.label);
  const synonyms = term.synonyms.map(tidy);
  const parents = parentsWithAliases(term).map(tidy);
  const prefix = prefixOf(id);
  return {
    id,
    label,
    synonyms,
    parents,
    isObsolete: term.isObsolete,
    replacedBy: term.replacedBy === undefined || term.replacedBy === '' ? null : tidy(term.replacedBy),
    isRoot: !term.isObsolete && !parents.some((parent) => prefixOf(parent) === prefix),
    prefix,
    names: foldedNames({ id, label, synonyms }),
  };
}

/** The words of a name; nothing where they are the name itself. */
function wordsBeside(folded: string): string | null {
  if (isOnlyWords.test(folded)) return null;
  return wordsOf(folded).join(' ') || '_';
}
const isOnlyWords = /^[a-z0-9 ]*$/;

/** Takes some terms into the receiving tables, their names at the same time. @param place of the first of them among all */
export async function receiveRows(
  db: Database,
  vocabulary: string,
  rows: readonly TermRow[],
  place: number,
): Promise<void> {
  if (rows.length === 0) return;
  let [terms, names] = ['', ''];
  for (const [nth, row] of rows.entries()) {
    const { id, label, synonyms, parents, isObsolete, replacedBy, isRoot, prefix } = row;
    terms += copiedRow([vocabulary, id, label, synonyms, parents, isObsolete, replacedBy, isRoot, place + nth]);
    for (const [folded, isLabel] of row.names)
      names += copiedRow([prefix, id, folded, wordsBeside(folded), isLabel, isObsolete]);
  }
  const pool = poolOf(db);
  const columns = 'vocabulary, id, label, synonyms, parents, obsolete, replaced_by, is_root, place';
  await Promise.all([
    copyRows(pool, `received_term_new (${columns})`, terms),
    copyRows(pool, 'received_name_new (prefix, id, folded, words, is_label, obsolete)', names),
  ]);
}
