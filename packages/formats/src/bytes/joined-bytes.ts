/**
 * Pieces of bytes one after the other, as one.
 * @param size bytes of all pieces together, where the caller has counted them
 * @returns a copy that fills its buffer from the first byte to the last
 */
export function joinedBytes(
  parts: readonly Uint8Array[],
  size = parts.reduce((sum, part) => sum + part.length, 0),
): Uint8Array {
  const all = new Uint8Array(size);
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}
