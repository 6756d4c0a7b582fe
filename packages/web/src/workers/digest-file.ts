import { createSHA256 } from 'hash-wasm';

/** Files up to this size are digested in one piece by the browser itself, where it may (secure pages only). */
const onePiece = 16 * 2 ** 20;
const windowBytes = 2 * 2 ** 20;

/** SHA-256 of a file, 64 lower-case hex digits; memory is a few windows of 2 MiB, whatever the size. */
export async function digestFile(
  file: Blob,
  signal?: AbortSignal,
  progress: (fraction: number) => void = () => {},
): Promise<string> {
  if (file.size <= onePiece && globalThis.crypto?.subtle) {
    const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', await file.arrayBuffer()));
    return Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('');
  }
  const sha256 = await createSHA256();
  sha256.init();
  for (let offset = 0; offset < file.size; offset += windowBytes) {
    signal?.throwIfAborted();
    sha256.update(new Uint8Array(await file.slice(offset, offset + windowBytes).arrayBuffer()));
    progress(Math.min(1, (offset + windowBytes) / file.size));
  }
  return sha256.digest('hex');
}
