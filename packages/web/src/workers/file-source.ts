import { type ByteSource, ByteSourceError } from '@micrarium/formats';

/** Files up to this size are read once and kept while they are open. */
const readWhole = 64 * 1024;

/**
 * A source over a file of this browser. A small one is read once, whole: each range costs a question to another
 * process. A file that was changed or moved since it was taken in cannot be read: a `ByteSourceError`.
 */
export function fileSource(name: string, file: Blob): ByteSource {
  let whole: Promise<Uint8Array> | undefined;
  const bytesOf = async (blob: Blob) => {
    try {
      return new Uint8Array(await blob.arrayBuffer());
    } catch (cause) {
      throw new ByteSourceError(name, 'the browser cannot read the file; was it changed or moved?', { cause });
    }
  };
  return {
    name,
    size: file.size,
    async read(offset, length, signal) {
      signal?.throwIfAborted();
      const end = Math.min(file.size, offset + length);
      if (file.size > readWhole) return bytesOf(file.slice(offset, end));
      whole ??= bytesOf(file);
      return (await whole).slice(offset, end);
    },
  };
}
