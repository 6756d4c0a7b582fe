import { createHash } from 'node:crypto';
import type { ArchivedFile } from '@micrarium/repository';

type Content = NonNullable<ArchivedFile['content']>;

/** Content that is no blob, by its SHA-256: given as bytes, or made piece by piece each time it is asked for. */
export type GivenContent = Map<string, Content>;

/** SHA-256 and SHA-512 of given content, lower-case hex. */
export async function digestsOfContent(content: Content): Promise<{ sha256: string; sha512: string }> {
  const [sha256, sha512] = [createHash('sha256'), createHash('sha512')];
  for await (const piece of typeof content === 'function' ? content() : [content]) {
    sha256.update(piece);
    sha512.update(piece);
  }
  return { sha256: sha256.digest('hex'), sha512: sha512.digest('hex') };
}
