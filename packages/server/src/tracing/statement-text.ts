/** As much of a statement as is told. */
const longest = 1_000;

/**
 * A statement of SQL without any value: parameters are numbers in it already, what stands in it as text or number is taken out, and lists of
 * parameters are one sign.
 */
export function statementText(sql: string): string {
  return sql
    .replace(/'(?:[^']|'')*'/g, '?')
    .replace(/(?<![\w$."])\d+(?:\.\d+)?\b/g, '?')
    .replace(/\((?:\s*(?:\$\d+|\?)(?:::[\w[\]]+)?\s*,)+\s*(?:\$\d+|\?)(?:::[\w[\]]+)?\s*\)/g, '(…)')
    .replace(/\(…\)(?:\s*,\s*\(…\))+/g, '(…), …')
    .replace(/\s+/g, ' ')
    .trim()
    .slice(0, longest);
}

/** What a statement does, and with which table: the name of its span. */
export function statementName(sql: string): string {
  const operation = /^\s*(?:\/\*.*?\*\/\s*)?([a-z]+)/i.exec(sql)?.[1]?.toUpperCase() ?? 'SQL';
  const table = /\b(?:from|into|update|join|table)\s+"?([a-z_][a-z0-9_]*)"?/i.exec(sql)?.[1];
  return table === undefined || operation === 'BEGIN' ? operation : `${operation} ${table}`;
}
