import type { Hash } from 'node:crypto';
import type { FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import type { FileSinkWriter } from '../tracks/track-reader.ts';

/** Where a path of a sink lies; `''` is the target itself. @throws TypeError for a path that is absolute or leaves the target */
export function placeBelow(target: string, path: string): string {
  if (path.startsWith('/') || path.split('/').some((part) => part === '..' || part === '.'))
    throw new TypeError(`"${path}" is not a path below the target`);
  return path === '' ? target : join(target, path);
}

/**
 * Writes to an open file, counts and digests what is written, and flushes it to the disk when it is closed.
 * @param begun what was digested of the file before, and its bytes
 * @param closed called when the file is closed, with all its bytes and their SHA-256
 */
export function digestWriter(
  handle: FileHandle,
  begun: { hash: Hash; bytes: number },
  closed: (whole: { bytes: number; sha256: string }) => Promise<void> | void,
): FileSinkWriter {
  let { bytes } = begun;
  return {
    keepsNothing: true,
    async write(part) {
      for (let done = 0; done < part.length; )
        done += (await handle.write(part, done, part.length - done)).bytesWritten;
      begun.hash.update(part);
      bytes += part.length;
    },
    async close() {
      await handle.sync();
      await handle.close();
      await closed({ bytes, sha256: begun.hash.digest('hex') });
    },
  };
}
