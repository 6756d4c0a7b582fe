import { createHash } from 'node:crypto';
import { constants } from 'node:fs';
import { type FileHandle, lstat, open, readdir, realpath } from 'node:fs/promises';
import { join } from 'node:path';
import { checkPath } from '@micrarium/repository';
import {
  ImportRefused,
  type ImportSource,
  type LeftOver,
  namesOf,
  type OfferedFile,
  type OpenedFile,
} from './import-source.ts';

const deepest = 64;

/**
 * The folder below the operator's drop folder that is somebody's own: named by the id of their account, else by its e-mail address. What is
 * there by a link is nobody's.
 * @returns its path; `undefined` where there is none
 */
export async function findDropFolder(
  root: string | undefined,
  person: { id: string; email: string },
): Promise<string | undefined> {
  if (root === undefined) return undefined;
  const top = await realpath(root).catch(() => undefined);
  if (top === undefined) return undefined;
  for (const name of [person.id, person.email]) {
    if (name.includes('/') || checkPath(name).length > 0) continue;
    const folder = join(top, name);
    const found = await lstat(folder).catch(() => undefined);
    if (found?.isDirectory() && (await realpath(folder).catch(() => '')) === folder) return folder;
  }
  return undefined;
}

/** Files of a folder of this machine and the folders in it. Links are shown and never followed. */
export class DropFolderSource implements ImportSource {
  private readonly folder: string;

  /** @param folder as `findDropFolder` gives it: its real path */
  constructor(folder: string) {
    this.folder = folder;
  }

  async *list(signal: AbortSignal): AsyncGenerator<OfferedFile> {
    const waiting = [''];
    for (let folder = waiting.shift(); folder !== undefined; folder = waiting.shift()) {
      signal.throwIfAborted();
      const place = join(this.folder, folder);
      // Looked at again: it may have become a link since it was listed.
      if ((await realpath(place).catch(() => '')) !== place) continue;
      const entries = await readdir(place, { withFileTypes: true }).catch(() => undefined);
      if (!entries && folder === '')
        throw new ImportRefused('The server may not read your drop folder: tell its operator.', 'drop-folder-closed');
      if (!entries) {
        yield { path: folder, fault: 'unreachable' };
        continue;
      }
      for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
        const path = folder === '' ? entry.name : `${folder}/${entry.name}`;
        if (entry.isSymbolicLink()) yield { path, fault: 'link' };
        else if (entry.isDirectory() && path.split('/').length < deepest) waiting.push(path);
        else if (entry.isFile()) yield { path, ...(await this.told(path)) };
      }
    }
  }

  async open(path: string, _signal: AbortSignal, left?: LeftOver): Promise<OpenedFile> {
    const { handle, size, tag } = await this.openFile(path);
    const from = left && left.tag === tag && left.from <= size ? left.from : 0;
    return { bytes: handle.createReadStream({ start: from, highWaterMark: 2 ** 20 }), from, size, tag };
  }

  async digestOf(path: string, signal: AbortSignal): Promise<string> {
    const { handle } = await this.openFile(path);
    const hash = createHash('sha256');
    for await (const piece of handle.createReadStream({ highWaterMark: 2 ** 20 })) {
      signal.throwIfAborted();
      hash.update(piece as Uint8Array);
    }
    return hash.digest('hex');
  }

  private async told(path: string): Promise<Partial<OfferedFile>> {
    const found = await lstat(join(this.folder, path)).catch(() => undefined);
    if (!found?.isFile()) return { fault: 'unreachable' };
    return { size: found.size, modified: found.mtime.toISOString() };
  }

  /** Opens a file that lies in the folder itself and by no link, also if somebody changes the folder meanwhile. */
  private async openFile(path: string): Promise<{ handle: FileHandle; size: number; tag: string }> {
    const place = join(this.folder, ...namesOf(path));
    let handle: FileHandle;
    try {
      if (!(await lstat(place)).isFile()) throw new ImportRefused('This is no file.', 'gone');
      handle = await open(place, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
    } catch (fault) {
      if (fault instanceof ImportRefused) throw fault;
      throw new ImportRefused(
        'The file is not in the drop folder any more, or may not be read by the server.',
        'gone',
        {
          cause: fault,
        },
      );
    }
    try {
      const [opened, real] = [await handle.stat({ bigint: true }), await realpath(place).catch(() => '')];
      const there = real === place ? await lstat(place, { bigint: true }) : undefined;
      if (!opened.isFile() || there?.ino !== opened.ino || there.dev !== opened.dev)
        throw new ImportRefused('The file does not lie in the drop folder itself.', 'gone');
      return {
        handle,
        size: Number(opened.size),
        tag: `${opened.dev}/${opened.ino}/${opened.mtimeNs}/${opened.size}`,
      };
    } catch (fault) {
      await handle.close();
      throw fault;
    }
  }
}
