/** Columns to set for a partial change; a key that is there with `undefined` clears the column. */
export function changedColumns(change: object, names: Record<string, string>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(names)
      .filter(([key]) => key in change)
      .map(([key, column]) => [column, (change as Record<string, unknown>)[key] ?? null]),
  );
}
