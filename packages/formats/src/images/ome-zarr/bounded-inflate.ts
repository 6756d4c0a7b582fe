import { joinedBytes } from '../../bytes/joined-bytes.ts';
/**
 * Inflates zlib or gzip data; stops as soon as more than `limit` bytes come out.
 * @throws RangeError above the limit, TypeError for damaged data
 */
export async function inflateZlib(bytes: Uint8Array, format: 'gzip' | 'deflate', limit: number): Promise<Uint8Array> {
  const reader = new Blob([bytes as Uint8Array<ArrayBuffer>])
    .stream()
    .pipeThrough(new DecompressionStream(format))
    .getReader();
  const parts: Uint8Array[] = [];
  let length = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) break;
    length += value.length;
    if (length > limit) {
      await reader.cancel().catch(() => undefined);
      throw new RangeError(`a chunk unpacks to more than ${limit} bytes`);
    }
    parts.push(value);
  }
  return joinedBytes(parts, length);
}
