/**
 * The first `limit` bytes of a compressed stream, however much more it holds; fewer where it is cut off or damaged.
 * Memory is bounded: reading stops at the limit.
 */
export async function firstInflated(
  packed: Uint8Array,
  format: 'deflate' | 'gzip',
  limit: number,
): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  let size = 0;
  const stream = new DecompressionStream(format);
  const writer = stream.writable.getWriter();
  const writing = (async () => {
    for (let at = 0; at < packed.length; at += 4096) await writer.write(packed.slice(at, at + 4096));
    await writer.close();
  })().catch(() => undefined);
  const reader = stream.readable.getReader();
  try {
    while (size < limit) {
      const { done, value } = await reader.read();
      if (done) break;
      parts.push(value);
      size += value.length;
    }
  } catch {
    // A stream that is cut off ends in an error after its last whole block: what came before counts.
  }
  await reader.cancel().catch(() => undefined);
  await writing;
  const all = new Uint8Array(Math.min(size, limit));
  let at = 0;
  for (const part of parts) {
    const piece = part.subarray(0, Math.min(part.length, all.length - at));
    all.set(piece, at);
    at += piece.length;
  }
  return all;
}
