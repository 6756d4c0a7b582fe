import type { Client } from './client.ts';
import { routes } from './routes.ts';

/** Characters of a table that one call takes, well below what the server does. */
const mostAtOnce = 2_000_000;

/** A long table in pieces, each with the line that names the columns. A quoted cell with a line end in it must not stand where it is cut. */
export function tablePieces(table: string, most = mostAtOnce): string[] {
  if (table.length <= most) return [table];
  const lines = table.split('\n');
  const head = lines.shift() ?? '';
  const pieces: string[] = [];
  let piece = [head];
  let length = head.length;
  for (const line of lines) {
    if (length + line.length > most && piece.length > 1) {
      pieces.push(piece.join('\n'));
      piece = [head];
      length = head.length;
    }
    piece.push(line);
    length += line.length + 1;
  }
  if (piece.length > 1) pieces.push(piece.join('\n'));
  return pieces;
}

/**
 * Names the files of a table as ones that stay where they are, in a draft. Of a table that goes in pieces the first may be in when one is refused.
 * @returns how many the draft names then, and their bytes
 * @throws ApiError with what is wrong, line by line
 */
export async function addReferenceTable(
  client: Client,
  draft: string,
  table: string,
): Promise<{ count: number; bytes: number }> {
  let stands = { count: 0, bytes: 0 };
  for (const piece of tablePieces(table))
    stands = await client.call(routes.addReferences, { params: { draft }, body: { table: piece } });
  return stands;
}
