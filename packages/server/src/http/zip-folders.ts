import { createHash } from 'node:crypto';
import { stat } from 'node:fs/promises';
import { type ByteSource, type FileEntry, openZip } from '@micrarium/formats';
import type { BytesToSend } from './send-file.ts';
import { openFiles } from './open-files.ts';

interface Folder {
  mark: string;
  entries: Promise<ReadonlyMap<string, FileEntry>>;
}

/** Bytes of a file on disk, through the shared handles: a file that is gone is gone at once. */
export function diskSource(path: string, size: number): ByteSource {
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
    return await this.entry(path, mark, () => diskSource(path, Number(found.size)), entry);
  }

  /**
   * An entry of an archive that lies elsewhere.
   * @param name tells the archive from all others
   */
  async openIn(
    name: string,
    source: ByteSource,
    entry: string,
  ): Promise<{ bytes: BytesToSend; tag: string } | undefined> {
    const mark = createHash('sha256').update(`${name}\n${source.size}`).digest('base64url').slice(0, 22);
    return await this.entry(name, mark, () => source, entry);
  }

  private async entry(
    key: string,
    mark: string,
    sourceOf: () => ByteSource,
    entry: string,
  ): Promise<{ bytes: BytesToSend; tag: string } | undefined> {
    let folder = this.folders.get(key);
    if (folder?.mark !== mark) {
      folder = { mark, entries: readEntries(sourceOf()) };
      // A directory that could not be read is read again by the next request.
      folder.entries.catch(() => this.folders.delete(key));
    }
    this.folders.delete(key);
    this.folders.set(key, folder);
    if (this.folders.size > this.limit) this.folders.delete(this.folders.keys().next().value!);
    const file = (await folder.entries).get(entry);
    if (!file) return undefined;
    return { bytes: await file.open(), tag: `${mark}-${Buffer.from(entry).toString('base64url')}` };
  }
}

async function readEntries(source: ByteSource): Promise<ReadonlyMap<string, FileEntry>> {
  const { tree } = await openZip(source);
  return new Map(tree.entries.map((entry) => [entry.path, entry]));
}
