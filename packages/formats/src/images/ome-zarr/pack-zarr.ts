import type { FileTree } from '../../bytes/file-tree.ts';
import { Sha256, sha256Hex } from '../../bytes/sha256.ts';
import { zipWriter } from '../../containers/zip/write-zip.ts';
import type { FileSinkWriter } from '../../tracks/track-reader.ts';

/** One file of a packed store: where its bytes lie in the archive, and their digest. */
export interface PackedFile {
  path: string;
  size: number;
  /** SHA-256 in lower-case hex. */
  sha256: string;
  /** Offset of the first byte in the archive. */
  offset: number;
}

/** What `packZarr` answers. */
export interface PackedZarr {
  /** In the order of the archive: by path, in code-unit order. */
  files: PackedFile[];
  /** SHA-256 over `path NUL size NUL sha256 LF` of every file in that order: knows the same folder again. */
  treeSha256: string;
}

const windowBytes = 8 * 2 ** 20;

/** Hex SHA-256; the platform's own where the bytes are all there. */
async function digestOf(bytes: Uint8Array): Promise<string> {
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes as Uint8Array<ArrayBuffer>));
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** Digest of a folder from the digests of its files, which must be sorted by path. */
export function treeDigest(files: readonly { path: string; size: number; sha256: string }[]): string {
  return sha256Hex(new TextEncoder().encode(files.map((f) => `${f.path}\0${f.size}\0${f.sha256}\n`).join('')));
}

/**
 * Packs a Zarr folder, bytes unchanged, into one zip without compression: sorted entries, fixed timestamps, so the same
 * folder gives the same archive. For stores of more files than an archive should hold (1,000); served from it by range.
 * `out` is not closed. Memory: one file up to 8 MiB.
 * @throws whatever reading or writing throws
 */
export async function packZarr(
  tree: FileTree,
  out: Pick<FileSinkWriter, 'write'>,
  options: { signal?: AbortSignal; onProgress?(fraction: number): void } = {},
): Promise<PackedZarr> {
  const zip = zipWriter(out);
  const digests: { path: string; size: number; sha256: string }[] = [];
  let reported = 0;
  for (const [n, entry] of tree.entries.entries()) {
    options.signal?.throwIfAborted();
    const source = await entry.open();
    if (source.size <= windowBytes) {
      const bytes = await source.read(0, source.size, options.signal);
      await zip.add(entry.path, [bytes]);
      digests.push({ path: entry.path, size: bytes.length, sha256: await digestOf(bytes) });
    } else {
      const hash = new Sha256();
      const file = await zip.create(entry.path);
      for (let at = 0; at < source.size; at += windowBytes) {
        const bytes = await source.read(at, windowBytes, options.signal);
        hash.update(bytes);
        await file.write(bytes);
      }
      await file.close();
      digests.push({ path: entry.path, size: source.size, sha256: hash.hex() });
    }
    await entry.close?.();
    if (performance.now() - reported > 250) {
      reported = performance.now();
      options.onProgress?.((n + 1) / tree.entries.length);
    }
  }
  const written = await zip.finish();
  return {
    files: digests.map((file, n) => ({ ...file, offset: written[n]!.offset })),
    treeSha256: treeDigest(digests),
  };
}
