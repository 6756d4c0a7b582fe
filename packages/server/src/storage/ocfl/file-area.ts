import { lstat, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Digested, digestsOfFile, linkOf, type OnBytes } from '@micrarium/repository';
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
  /** Digests of a file, by the names Node has for the algorithms. @throws as `read`, and what `onBytes` throws */
  digests(path: string, algorithms: readonly string[], onBytes?: OnBytes): Promise<Digested>;
  /** The same for all names of one file, where it has several. Left out where files have one name. */
  linkOf?(path: string): Promise<string | undefined>;
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
    digests: (path, algorithms, onBytes) => digestsOfFile(join(folder, path), algorithms, onBytes),
    linkOf: async (path) => linkOf(await lstat(join(folder, path))).link,
  };
}
