/** Pieces as large as are stored, which is what a process holds in memory per upload; what came before a failure is given before the failure is. */
export async function* gathered(bytes: AsyncIterable<Uint8Array>, pieceSize: number): AsyncGenerator<Uint8Array> {
  let waiting: Uint8Array[] = [];
  let size = 0;
  const taken = (): Uint8Array => {
    const whole = Buffer.concat(waiting);
    [waiting, size] = [[], 0];
    return whole;
  };
  const pieces = bytes[Symbol.asyncIterator]();
  for (;;) {
    let next: IteratorResult<Uint8Array> | undefined;
    let failure: unknown;
    try {
      next = await pieces.next();
    } catch (error) {
      failure = error;
    }
    if (next === undefined || next.done === true) {
      if (size > 0) yield taken();
      if (next === undefined) throw failure;
      return;
    }
    waiting.push(next.value);
    size += next.value.length;
    if (size >= pieceSize) yield taken();
  }
}
