import { stat } from 'node:fs/promises';
import { type ByteSource, type FileEntry, openZip } from '@micrarium/formats';
import type { BytesToSend } from './send-file.ts';
import { openFiles } from './open-files.ts';

interface Folder {
  mark: string;
  entries: Promise<ReadonlyMap<string, FileEntry>>;
}

/** Bytes of a file on disk, through the shared handles: a file that is gone is gone at once. */
function diskSource(path: string, size: number): ByteSource {
  return {
    name: path.slice(path.lastIndexOf('/') + 1),
    size,
    read: (offset, length) =>
      openFiles.with(path, async (handle) => {
        const buffer = new Uint8Array(Math.max(0, Math.min(length, size - offset)));
        const { bytesRead } = await handle.read(buffer, 0, buffer.length, offset);
        return bytesRead === buffer.length ? buffer : buffer.subarray(0, bytesRead);
      }),
  };
}

/** Archives as folders: the directory is read once and kept while the file is the same. */
export class ZipFolders {
  private readonly limit: number;
  private readonly folders = new Map<string, Folder>();

  constructor(limit = 128) {
    this.limit = limit;
  }

  /**
   * An entry of an archive.
   * @returns `undefined` where the archive has no such entry
   * @throws the system's error where there is no such archive (`ENOENT`)
   */
  async open(path: string, entry: string): Promise<{ bytes: BytesToSend; tag: string } | undefined> {
    const found = await stat(path, { bigint: true });
    const mark = `${found.ino}-${found.mtimeNs}-${found.size}`;
    let folder = this.folders.get(path);
    if (folder?.mark !== mark) {
      folder = { mark, entries: readEntries(path, Number(found.size)) };
      // A directory that could not be read is read again by the next request.
      folder.entries.catch(() => this.folders.delete(path));
    }
    this.folders.delete(path);
    this.folders.set(path, folder);
    if (this.folders.size > this.limit) this.folders.delete(this.folders.keys().next().value!);
    const file = (await folder.entries).get(entry);
    if (!file) return undefined;
    return { bytes: await file.open(), tag: `${mark}-${Buffer.from(entry).toString('base64url')}` };
  }
}

async function readEntries(path: string, size: number): Promise<ReadonlyMap<string, FileEntry>> {
  const { tree } = await openZip(diskSource(path, size));
  return new Map(tree.entries.map((entry) => [entry.path, entry]));
}
