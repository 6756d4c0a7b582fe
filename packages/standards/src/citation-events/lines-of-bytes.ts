/** More than is read in one piece. */
export class TooLarge extends Error {
  override readonly name = 'TooLarge';
}

/** Text of bytes: UTF-8, or UTF-16 that says so by its mark. What is neither becomes U+FFFD. */
async function* textOfBytes(bytes: AsyncIterable<Uint8Array> | Iterable<Uint8Array>): AsyncGenerator<string> {
  let decoder: TextDecoder | undefined;
  let start: number[] = [];
  const begin = () => {
    const [one, two] = start;
    const name = one === 0xff && two === 0xfe ? 'utf-16le' : one === 0xfe && two === 0xff ? 'utf-16be' : 'utf-8';
    decoder = new TextDecoder(name);
    return decoder.decode(Uint8Array.from(start), { stream: true });
  };
  for await (const part of bytes) {
    let rest = part;
    if (decoder === undefined) {
      // The mark has two bytes, which may come one by one.
      const few = part.subarray(0, 2 - start.length);
      start = [...start, ...few];
      if (start.length < 2) continue;
      yield begin();
      rest = part.subarray(few.length);
    }
    yield decoder!.decode(rest, { stream: true });
  }
  if (decoder === undefined) yield begin();
  yield decoder!.decode();
}

/**
 * Lines of a text file without their line feeds, as many at a time as come together.
 * @param mostCharacters longest line
 * @throws TooLarge
 */
export async function* linesOf(
  bytes: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  mostCharacters: number,
): AsyncGenerator<string[]> {
  let parts: string[] = [];
  let size = 0;
  for await (const text of textOfBytes(bytes)) {
    const lines = text.split('\n');
    const last = lines.pop()!;
    if (lines.length > 0) {
      lines[0] = parts.join('') + lines[0]!;
      [parts, size] = [[], 0];
      yield lines;
    }
    size += last.length;
    if (size > mostCharacters) throw new TooLarge('A line of the file is too long');
    if (last !== '') parts.push(last);
  }
  if (size > 0) yield [parts.join('')];
}
