import type { IncomingMessage } from 'node:http';
import { AddressRefused } from '../outside/public-file.ts';

/**
 * The text of an answer, as UTF-8.
 * @returns `undefined` where it is longer than `mostBytes`
 * @throws AddressRefused where it breaks off
 */
export async function answerText(answer: IncomingMessage, mostBytes: number): Promise<string | undefined> {
  const pieces: Uint8Array[] = [];
  let size = 0;
  try {
    for await (const piece of answer as AsyncIterable<Uint8Array>) {
      size += piece.length;
      if (size > mostBytes) return undefined;
      pieces.push(piece);
    }
  } catch (fault) {
    throw new AddressRefused(
      `The answer broke off: ${(fault as Error).message}`,
      { code: 'broken-off' },
      { cause: fault },
    );
  }
  return Buffer.concat(pieces).toString('utf8');
}
