/** Views a statement may name. */
export type ViewName =
  | 'studies'
  | 'datasets'
  | 'images'
  | 'features'
  | 'feature_values'
  | 'objects'
  | 'edges'
  | 'links'
  | 'tracks'
  | 'measures';

/** Every view, in the order it is documented. */
export const viewNames: readonly ViewName[] = [
  'studies',
  'datasets',
  'images',
  'features',
  'feature_values',
  'tracks',
  'links',
  'edges',
  'objects',
  'measures',
];

/** What a statement reads. */
export interface StatementNeeds {
  views: ViewName[];
  /** Names of columns it mentions, in lower case; `undefined` where it asks for all (`*`). */
  columns: string[] | undefined;
}

/** Why a statement is not run. */
export interface Refusal {
  refused: string;
}

/** Functions that make rows out of nothing; every other one that stands in FROM reads files, settings or catalogues. */
const tableFunctions = new Set(['range', 'generate_series', 'unnest']);

/** Functions that tell of the process rather than of the data. */
const closedFunctions = new Set([
  'current_setting',
  'getenv',
  'getvariable',
  'write_log',
  'sleep_ms',
  'nextval',
  'currval',
  'file_exists',
  'glob',
  'obj_description',
  'col_description',
  'shobj_description',
]);
/** Functions of PostgreSQL's catalogue, of which only that for types is about data. */
const isClosed = (name: string) => closedFunctions.has(name) || /^pg_(?!typeof$)/.test(name);

/** Names of the engine's own tables. Common table expressions that take one would open it wherever they are not in sight. */
const ownTables = /^(?:duckdb|pg|sqlite|pragma)_/;

type Node = Record<string, unknown>;
const textOf = (value: unknown) => (typeof value === 'string' ? value : '');

/**
 * Judges a statement by its parsed form, as DuckDB's `json_serialize_sql` gives it: one SELECT that reads the documented views and nothing
 * else. Only such statements have a parsed form; those that write, attach, copy or set have none.
 * @param own names of the engine's own tables and views, in lower case
 */
export function judgeStatement(serialized: string, own: ReadonlySet<string> = new Set()): StatementNeeds | Refusal {
  const parsed = JSON.parse(serialized) as { error: boolean; error_message?: string; statements?: Node[] };
  if (parsed.error || !parsed.statements) return { refused: wordsOfError(parsed.error_message ?? '') };
  if (parsed.statements.length !== 1)
    return { refused: `One statement is run at a time; these are ${parsed.statements.length}.` };
  const nodes = nodesOf(parsed.statements[0]!);
  const named = new Set(nodes.flatMap(commonTableNames));
  for (const name of named)
    if (own.has(name) || ownTables.test(name))
      return {
        refused: `"${shortened(name)}" is a name of the engine's own: call the expression after WITH something else.`,
      };
  const views = new Set<ViewName>();
  const columns = new Set<string>();
  let isAll = false;
  for (const node of nodes) {
    const refused = refusalOf(node, named, views);
    if (refused !== undefined) return { refused };
    isAll ||= node.class === 'STAR' || node.ref_type === 'NATURAL';
    for (const list of [node.column_names, node.using_columns])
      if (Array.isArray(list)) for (const name of list) columns.add(textOf(name).toLowerCase());
  }
  return { views: viewNames.filter((name) => views.has(name)), columns: isAll ? undefined : [...columns] };
}

function refusalOf(node: Node, named: ReadonlySet<string>, views: Set<ViewName>): string | undefined {
  const { type } = node;
  if (type === 'BASE_TABLE') {
    const name = textOf(node.table_name).toLowerCase();
    const schema = textOf(node.schema_name).toLowerCase();
    const isOurs = (schema === '' || schema === 'main') && textOf(node.catalog_name) === '';
    if (isOurs && schema === '' && named.has(name)) return undefined;
    const view = viewNames.find((one) => one === name);
    if (!isOurs || view === undefined)
      return `There is no view "${shortened(textOf(node.table_name))}". The views are ${viewNames.join(', ')}; files, addresses and system tables are not read.`;
    views.add(view);
    return undefined;
  }
  if (type === 'TABLE_FUNCTION') {
    const name = textOf((node.function as Node | undefined)?.function_name).toLowerCase();
    return tableFunctions.has(name)
      ? undefined
      : `The function "${shortened(name)}" may not stand in FROM: only ${[...tableFunctions].join(', ')} may. Files, addresses and settings are not read.`;
  }
  if (type === 'SHOW_REF' && node.query === undefined)
    return `SHOW is not run here. The views are ${viewNames.join(', ')}; DESCRIBE VIEW tells the columns of one.`;
  if (node.class === 'FUNCTION' && isClosed(textOf(node.function_name).toLowerCase()))
    return `The function "${textOf(node.function_name)}" is not open here.`;
  if (node.class === 'PARAMETER') return 'Write values into the statement; parameters have none here.';
  return undefined;
}

/** Names of the common table expressions (`WITH name AS …`) of a node. */
function commonTableNames(node: Node): string[] {
  const map = (node.cte_map as { map?: { key?: unknown }[] } | undefined)?.map ?? [];
  return [...map.map(({ key }) => textOf(key)), textOf(node.cte_name)]
    .filter((name) => name !== '')
    .map((name) => name.toLowerCase());
}

/** Every object of a parsed statement. No recursion: a statement may nest as deep as it likes. */
function nodesOf(root: Node): Node[] {
  const found: Node[] = [];
  const open: unknown[] = [root];
  while (open.length > 0) {
    const next = open.pop();
    if (Array.isArray(next)) for (const one of next) open.push(one);
    else if (typeof next === 'object' && next !== null) {
      found.push(next as Node);
      for (const value of Object.values(next)) if (typeof value === 'object' && value !== null) open.push(value);
    }
  }
  return found;
}

function wordsOfError(message: string): string {
  if (message.includes('Only SELECT statements'))
    return 'Only a SELECT is run (also WITH, VALUES, DESCRIBE, SUMMARIZE): nothing is written, attached, copied, installed or set. A PIVOT needs its IN list.';
  return message === '' ? 'This is no statement.' : withoutSettings(message);
}

/** What DuckDB says of a statement, without its advice to set what nobody may set here. */
export function withoutSettings(message: string): string {
  if (/max(?:imum)? (?:expression|tree) depth|max_expression_depth/i.test(message))
    return 'The statement nests too deep (1,000 levels at most). Write a long chain of AND, OR or + as IN (…), as a list with list_sum or list_contains, or as rows of VALUES.';
  return message.replaceAll(/\s*\b(?:Use|Try|You can|Please)\b[^.\n]*\bSET\b[^\n]*/g, '');
}

const shortened = (text: string) => (text.length > 100 ? `${text.slice(0, 100)}…` : text);
