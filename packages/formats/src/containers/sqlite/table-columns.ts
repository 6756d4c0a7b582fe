/** A column of a table. */
export interface SqliteColumn {
  name: string;
  /** Is it another name for the number of the row, and not stored? */
  isRowid: boolean;
}

/** Pieces of a statement: quoted names and texts, comments, words, single signs. */
const pieces =
  /--[^\n]*|\/\*[\s\S]*?\*\/|"(?:[^"]|"")*"|`(?:[^`]|``)*`|\[[^\]]*\]|'(?:[^']|'')*'|[\w$\u0080-\uffff]+|\S/g;

/** Columns that a `CREATE TABLE` names, in the order they are stored; nothing where it is of a kind without rows. */
export function tableColumns(statement: string): SqliteColumn[] | undefined {
  const words = (statement.match(pieces) ?? []).filter((piece) => !/^(--|\/\*)/.test(piece));
  const open = words.indexOf('(');
  if (open < 0) return undefined;
  const parts: string[][] = [[]];
  let depth = 1;
  let at = open + 1;
  for (; at < words.length && depth > 0; at++) {
    const word = words[at]!;
    if (word === '(') depth++;
    if (word === ')') depth--;
    if (depth === 1 && word === ',') parts.push([]);
    else if (depth > 0) parts.at(-1)!.push(word);
  }
  if (/\bwithout rowid\b/i.test(words.slice(at).join(' '))) return undefined;
  const isConstraint = ([word = '']: string[]) => /^(constraint|primary|unique|check|foreign)$/i.test(word);
  const keys = parts.filter(isConstraint).map((part) => /primary key \( (\S+) \)/i.exec(part.join(' '))?.[1]);
  const key = keys.find((name) => name !== undefined);
  return parts
    .filter((part) => part.length > 0 && !isConstraint(part))
    .map(([word, ...rest]) => {
      const name = unquoted(word!);
      const isKey = /\bprimary key\b(?! desc)/i.test(rest.join(' ')) || (key !== undefined && unquoted(key) === name);
      return { name, isRowid: isKey && rest[0]?.toLowerCase() === 'integer' && rest[1] !== '(' };
    });
}

function unquoted(word: string): string {
  const quote = word[0]!;
  if (quote === '[') return word.slice(1, -1);
  return '"`\''.includes(quote) ? word.slice(1, -1).replaceAll(quote + quote, quote) : word;
}
