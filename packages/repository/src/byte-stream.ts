/**
 * Turns a writer that pushes bytes into a stream that is pulled: the writer waits while nobody reads, so memory stays at a few pieces. A
 * reader that stops early makes the next write fail, which ends the writer.
 */
export async function* byteStream(
  push: (out: { write(bytes: Uint8Array): Promise<void> }) => Promise<void>,
): AsyncGenerator<Uint8Array> {
  const { readable, writable } = new TransformStream<Uint8Array, Uint8Array>(
    undefined,
    { highWaterMark: 1 },
    { highWaterMark: 1 },
  );
  const writer = writable.getWriter();
  const write = async (bytes: Uint8Array) => {
    await writer.ready;
    // A copy: whoever writes may use its buffer again as soon as the write is taken.
    await writer.write(bytes.slice());
  };
  const finished = push({ write }).then(
    () => writer.close(),
    (error: unknown) => writer.abort(error),
  );
  // A failed push reaches the reader through the stream; awaiting it here as well must not leave an unhandled rejection.
  finished.catch(() => undefined);
  const reader = readable.getReader();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) break;
      yield value;
    }
  } finally {
    await reader.cancel().catch(() => undefined);
  }
}

/** All bytes of a stream in one piece. */
export async function everyByte(pieces: AsyncIterable<Uint8Array>): Promise<Uint8Array<ArrayBuffer>> {
  const all: Uint8Array[] = [];
  for await (const piece of pieces) all.push(piece);
  const bytes = new Uint8Array(all.reduce((sum, piece) => sum + piece.length, 0));
  let at = 0;
  for (const piece of all) {
    bytes.set(piece, at);
    at += piece.length;
  }
  return bytes;
}
