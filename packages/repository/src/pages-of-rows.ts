/** Walks every row of a paged listing by path. */
export async function* everyRow<Row extends { path: string }>(
  list: (page: { after?: string; limit: number }) => Promise<Row[]>,
  limit = 1000,
): AsyncGenerator<Row> {
  for (let after: string | undefined; ; ) {
    const rows = await list(after === undefined ? { limit } : { after, limit });
    yield* rows;
    if (rows.length < limit) return;
    after = rows.at(-1)!.path;
  }
}

/** Members of an item up to this number are asked for one by one; of more, the listing is walked. */
const fewFiles = 50;

/** The rows of the given paths, in their order; `undefined` where there is none. */
export async function rowsOf<Row extends { path: string }>(
  paths: readonly string[],
  get: (path: string) => Promise<Row | undefined>,
  list: (page: { after?: string; limit: number }) => Promise<Row[]>,
): Promise<(Row | undefined)[]> {
  if (paths.length <= fewFiles) return await Promise.all(paths.map(get));
  const wanted = new Set(paths);
  const found = new Map<string, Row>();
  for await (const row of everyRow(list)) if (wanted.has(row.path)) found.set(row.path, row);
  return paths.map((path) => found.get(path));
}
