import type { ByteSource } from '../../bytes/byte-source.ts';
import { type FileEntry, baseName, folderOf } from '../../bytes/file-tree.ts';
import { TiffFile, decodeText } from './directory.ts';
import { type OmeDocument, parseOmeXml } from '../ome-xml/parse.ts';

/** OME-XML larger than this is not read: a million planes with all their attributes stay below. */
const maxXmlBytes = 512 << 20;

/** Text of a metadata file; `undefined` where it is too large. */
export async function readXmlText(source: ByteSource): Promise<string | undefined> {
  if (source.size > maxXmlBytes) return undefined;
  return decodeText(await source.read(0, source.size)).replace(/^\uFEFF/, '');
}

/** Names of the files an OME document speaks of, its companion and itself included; sorted, each once. */
export function omeMemberNames(document: OmeDocument, ownName: string): string[] {
  const names = new Set<string>([ownName]);
  for (const image of document.images) for (const { fileName } of image.tiffData) if (fileName) names.add(fileName);
  return [...names].sort();
}

/**
 * A file that may be closed between reads and is opened again when needed, so that a set of thousands of files does not
 * hold thousands of handles.
 */
export function reopeningSource(entry: FileEntry): ByteSource {
  return {
    name: baseName(entry.path),
    size: entry.size,
    read: async (offset, length, signal) => (await entry.open()).read(offset, length, signal),
  };
}

/** Finds files of a set that lie beside one of them, by name: in the same folder first, else anywhere in the list. */
export class SetMembers {
  readonly #entries: readonly FileEntry[];
  readonly #folder: string;
  readonly #open = new Map<string, Promise<TiffFile | undefined>>();
  readonly #byName = new Map<string, FileEntry>();

  constructor(entries: readonly FileEntry[], mainPath: string) {
    this.#entries = entries;
    this.#folder = folderOf(mainPath);
    for (const entry of entries) {
      const name = baseName(entry.path);
      if (!this.#byName.has(name) || folderOf(entry.path) === this.#folder) this.#byName.set(name, entry);
    }
  }

  /** The entry of a member; names in OME-XML may carry folders, which are looked for as written, then left out. */
  find(name: string): FileEntry | undefined {
    const clean = name.replaceAll('\\', '/');
    const path = this.#folder === '' ? clean : `${this.#folder}/${clean}`;
    return this.#entries.find((entry) => entry.path === path) ?? this.#byName.get(baseName(clean));
  }

  /** The member as TIFF; `undefined` where it is not there or is none. At most 32 are kept open. */
  tiff(name: string): Promise<TiffFile | undefined> {
    let file = this.#open.get(name);
    if (!file) {
      const entry = this.find(name);
      file = entry ? TiffFile.open(reopeningSource(entry)) : Promise.resolve(undefined);
      file.catch(() => this.#open.delete(name));
    }
    this.#open.delete(name);
    this.#open.set(name, file);
    if (this.#open.size > 32) this.#forgetOldest();
    return file;
  }

  #forgetOldest(): void {
    const [name] = this.#open.keys();
    if (name === undefined) return;
    this.#open.delete(name);
    // A reader that still holds the file opens it again with its next read.
    void this.find(name)?.close?.();
  }
}

/** Follows `BinaryOnly` to the companion. `missing` names it where it is not there. */
export async function resolveCompanion(
  document: OmeDocument,
  text: string,
  members: SetMembers,
): Promise<{ document: OmeDocument; text: string; missing?: string }> {
  const name = document.companion;
  if (name === undefined || document.images.length > 0) return { document, text };
  const entry = members.find(name);
  const companion = entry && (await readXmlText(await entry.open()));
  if (!companion) return { document, text, missing: name };
  return { document: parseOmeXml(companion, entry.path), text: companion };
}
