import { type ColumnMeaning, type FeatureColumn, type FeatureTableSummary } from '@micrarium/model';

/** Columns of all tables of an item, each name once: columns of one name mean one thing. */
export function distinctColumns(tables: readonly FeatureTableSummary[]): FeatureColumn[] {
  const found = new Map<string, FeatureColumn>();
  for (const column of tables.flatMap(({ columns }) => columns))
    if (!found.has(column.name)) found.set(column.name, column);
  return [...found.values()];
}

/** Columns as they stand in the form: what was typed goes before what was found, also where it was emptied. */
export function withEntries(
  columns: readonly FeatureColumn[],
  entries: Readonly<Record<string, ColumnMeaning>>,
): FeatureColumn[] {
  return columns.map((column) => {
    const entry = Object.hasOwn(entries, column.name) ? entries[column.name]! : {};
    const { name, type, unit, meaning, term, keyedTo } = { ...column, ...entry };
    const isTerm = term && (term.label !== '' || term.id);
    return {
      name,
      type,
      ...(unit ? { unit } : {}),
      ...(meaning ? { meaning } : {}),
      ...(isTerm ? { term } : {}),
      ...(keyedTo && keyedTo !== 'none' ? { keyedTo } : {}),
    };
  });
}

/** The data dictionary of the columns as the server takes it: JSON by column name. What is empty is left out. */
export function dictionaryText(columns: readonly FeatureColumn[]): string {
  const entries = columns.map(({ name, unit, meaning, term, keyedTo }): [string, ColumnMeaning] => [
    name,
    {
      ...(unit?.trim() ? { unit: unit.trim() } : {}),
      ...(meaning?.trim() ? { meaning: meaning.trim() } : {}),
      ...(term && (term.label.trim() || term.id)
        ? { term: { label: term.label.trim() || term.id!, ...(term.id?.trim() ? { id: term.id.trim() } : {}) } }
        : {}),
      keyedTo: keyedTo ?? 'none',
    },
  ]);
  return JSON.stringify(Object.fromEntries(entries));
}
