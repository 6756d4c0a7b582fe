import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isNotThere } from '../durable-files.ts';
import { bytesOfFile } from '../file-bytes.ts';

/** Something in a folder. */
export interface AreaEntry {
  name: string;
  kind: 'file' | 'folder' | 'link' | 'other';
}

/** The files of an OCFL object, wherever they lie: what its checks read. Paths are relative to the object, `''` is its root. */
export interface FileArea {
  /** What lies in a folder, by name; `undefined` where there is no such folder. */
  entries(folder: string): Promise<AreaEntry[] | undefined>;
  /** @throws an error of code `ENOENT` where there is no such file */
  read(path: string): Promise<Buffer>;
  stream(path: string): AsyncIterable<Uint8Array>;
}

/** The files below a folder of this machine. */
export function diskArea(folder: string): FileArea {
  return {
    async entries(below) {
      try {
        const entries = await readdir(join(folder, below), { withFileTypes: true });
        return entries
          .map((entry): AreaEntry => {
            const kind = entry.isSymbolicLink()
              ? 'link'
              : entry.isDirectory()
                ? 'folder'
                : entry.isFile()
                  ? 'file'
                  : 'other';
            return { name: entry.name, kind };
          })
          .sort((a, b) => (a.name < b.name ? -1 : 1));
      } catch (error) {
        if (isNotThere(error)) return undefined;
        throw error;
      }
    },
    read: (path) => readFile(join(folder, path)),
    stream: (path) => bytesOfFile(join(folder, path)),
  };
}
