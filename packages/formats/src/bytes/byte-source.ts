/**
 * Bytes of one file, by range. Readers know nothing else of where data lie: disk, browser file, HTTP range, zip entry.
 * Every implementation passes the shared suite in `byte-source-suite.ts`.
 */
export interface ByteSource {
  /** File name without folders; used for messages and for the stem in pairing, never to decide the format. */
  readonly name: string;
  /** Size in bytes. */
  readonly size: number;
  /**
   * Bytes `offset .. offset + length - 1`, fewer only where the file ends first (none at or past the end).
   * The answer is the caller's to keep. Rejects with the signal's reason when aborted.
   */
  read(offset: number, length: number, signal?: AbortSignal): Promise<Uint8Array>;
}

/** A source over bytes in memory. */
export function memorySource(name: string, bytes: Uint8Array): ByteSource {
  return {
    name,
    size: bytes.length,
    async read(offset, length, signal) {
      signal?.throwIfAborted();
      return bytes.slice(offset, Math.min(bytes.length, offset + length));
    },
  };
}

/** A source over a browser `File` or `Blob`; nothing is read until asked. */
export function blobSource(name: string, blob: Blob): ByteSource {
  return {
    name,
    size: blob.size,
    async read(offset, length, signal) {
      signal?.throwIfAborted();
      return new Uint8Array(await blob.slice(offset, Math.min(blob.size, offset + length)).arrayBuffer());
    },
  };
}

/** A part of another source, with offsets from its start: an uncompressed zip entry, an embedded file. */
export function sliceSource(name: string, parent: ByteSource, start: number, size: number): ByteSource {
  return {
    name,
    size,
    read: (offset, length, signal) =>
      offset >= size
        ? Promise.resolve(new Uint8Array(0))
        : parent.read(start + offset, Math.min(length, size - offset), signal),
  };
}

/** A source over a resource served by HTTP range requests. `size` must be known (from a listing or a HEAD request). */
export function httpSource(name: string, url: string, size: number, init: RequestInit = {}): ByteSource {
  return {
    name,
    size,
    async read(offset, length, signal) {
      if (offset >= size || length <= 0) return new Uint8Array(0);
      const end = Math.min(size, offset + length) - 1;
      const ask = async (cache?: RequestCache): Promise<Uint8Array> => {
        const answer = await fetch(url, {
          ...init,
          headers: { ...(init.headers as Record<string, string> | undefined), Range: `bytes=${offset}-${end}` },
          ...(cache ? { cache } : {}),
          ...(signal ? { signal } : {}),
        });
        if (answer.status !== 206 && answer.status !== 200)
          throw new ByteSourceError(name, `HTTP ${answer.status} for ${url}`);
        const bytes = new Uint8Array(await answer.arrayBuffer());
        return answer.status === 200 ? bytes.slice(offset, end + 1) : bytes;
      };
      const wanted = end + 1 - offset;
      let bytes = await ask();
      // Cut on the way, or put together by a cache of parts of another time: once more, from the server itself.
      if (bytes.length !== wanted) bytes = await ask('reload');
      if (bytes.length !== wanted)
        throw new ByteSourceError(name, `${bytes.length} bytes came of the ${wanted} asked for, from ${url}`);
      return bytes;
    },
  };
}

/** The bytes themselves could not be had (disk or network), as opposed to being wrong. */
export class ByteSourceError extends Error {
  override readonly name = 'ByteSourceError';
  readonly source: string;

  constructor(source: string, message: string, options?: ErrorOptions) {
    super(`${source}: ${message}`, options);
    this.source = source;
  }
}

/**
 * Walks a source in windows of `windowBytes`, in order. Memory is one window.
 * @yields offset of the window in the file, and its bytes
 */
export async function* readWindows(
  source: ByteSource,
  windowBytes: number,
  signal?: AbortSignal,
): AsyncGenerator<{ offset: number; bytes: Uint8Array }> {
  for (let offset = 0; offset < source.size; offset += windowBytes) {
    yield { offset, bytes: await source.read(offset, windowBytes, signal) };
  }
}
