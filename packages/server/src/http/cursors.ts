import { Problem } from './problems.ts';

/** How many entries a list gives where the request does not say. */
export const pageSize = 100;

/** A place in a list as opaque text. */
export function writeCursor(place: string): string {
  return Buffer.from(place).toString('base64url');
}

/** The place a cursor stands for. @throws Problem `cursor-invalid` */
export function readCursor(cursor: string | undefined): string | undefined {
  if (cursor === undefined) return undefined;
  if (!/^[\w-]+$/.test(cursor)) throw new Problem('cursor-invalid');
  const place = Buffer.from(cursor, 'base64url').toString('utf8');
  if (place.includes('\0') || writeCursor(place) !== cursor) throw new Problem('cursor-invalid');
  return place;
}

/** Start of a page for a store: where it goes on, and how many. */
export function pageOf(query: { cursor?: string | undefined; limit?: number | undefined }, most = 1000) {
  const after = readCursor(query.cursor);
  return { limit: Math.min(query.limit ?? pageSize, most), ...(after === undefined ? {} : { after }) };
}

/** Cursor of the next page: after the last entry of a full page. A list that ends just there gives one empty page more. */
export function nextCursor<Row>(rows: readonly Row[], limit: number, placeOf: (row: Row) => string): string | null {
  const last = rows.at(-1);
  return rows.length < limit || last === undefined ? null : writeCursor(placeOf(last));
}
