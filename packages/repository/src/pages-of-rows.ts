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
