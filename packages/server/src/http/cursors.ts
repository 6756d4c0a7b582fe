import { createHmac, timingSafeEqual } from 'node:crypto';
import { Problem } from './problems.ts';

/** How many entries a list gives where the request does not say. */
export const pageSize = 100;

/** Characters of the signature, which stands before the place: 96 bits. */
const signed = 16;
let secretOf: () => string = () => 'of no installation';

/** Cursors are signed with the secret of the installation, which all of its processes share; asked for when the first is written or read. */
export function signCursors(secret: () => string): void {
  let known: string | undefined;
  secretOf = () => (known ??= secret());
}

const signatureOf = (text: string) =>
  createHmac('sha256', `cursor ${secretOf()}`).update(text).digest('base64url').slice(0, signed);

/** A place in a list as opaque text: nobody makes one of their own, or goes by what is in it. */
export function writeCursor(place: string): string {
  const text = Buffer.from(place).toString('base64url');
  return `${signatureOf(text)}${text}`;
}

/** The place a cursor stands for. @throws Problem `cursor-invalid` */
export function readCursor(cursor: string | undefined): string | undefined {
  if (cursor === undefined) return undefined;
  const [signature, text] = [cursor.slice(0, signed), cursor.slice(signed)];
  const isOurs = /^[\w-]{16,}$/.test(cursor) && timingSafeEqual(Buffer.from(signature), Buffer.from(signatureOf(text)));
  const place = Buffer.from(text, 'base64url').toString('utf8');
  if (!isOurs || place.includes('\0')) throw new Problem('cursor-invalid');
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
