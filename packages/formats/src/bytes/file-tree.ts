import type { ByteSource } from './byte-source.ts';

/** One file of a tree: a relative POSIX path and a way to its bytes. */
export interface FileEntry {
  /** Relative path with `/`, normalised to NFC; no `.`, `..`, empty or absolute parts. */
  readonly path: string;
  readonly size: number;
  /** Milliseconds since 1970, where known. */
  readonly modifiedAt?: number;
  /** Opens the bytes; cheap, may be called more than once. */
  open(): Promise<ByteSource>;
  /** Frees what `open` took (a file handle); harmless when never opened. */
  close?(): Promise<void>;
  /**
   * Bytes front to back without keeping them, for entries of archives that `open` would have to unpack whole; left out
   * where ranges cost nothing.
   */
  stream?(signal?: AbortSignal): AsyncIterable<Uint8Array>;
}

/** Files as they lie together: a dropped folder, a folder on disk, the entries of a zip, a version of a study. */
export interface FileTree {
  /** Name of the root folder or archive; `''` for loose files. */
  readonly name: string;
  /** Every file, sorted by path in code-unit order. */
  readonly entries: readonly FileEntry[];
}

/** Is there a file of this path? Entries are sorted. */
export function isInTree(tree: FileTree, path: string): boolean {
  let [low, high] = [0, tree.entries.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (tree.entries[middle]!.path < path) low = middle + 1;
    else high = middle;
  }
  return tree.entries[low]?.path === path;
}

/** File name without its folders. */
export function baseName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

/** Folder of a path, without a trailing slash; `''` at the root. */
export function folderOf(path: string): string {
  const slash = path.lastIndexOf('/');
  return slash < 0 ? '' : path.slice(0, slash);
}

/** Name without its last extension, with the double ones of the field taken whole (`.ome.tif`, `.ome.zarr`, `.tar.gz`). */
export function stemOf(path: string): string {
  return baseName(path).replace(/\.(ome\.(tiff?|zarr|xml)|companion\.ome|tar\.gz|bdml[\d.]*\.xml|[^.]*)$/i, '');
}

/** Makes a tree of entries, sorted by path. */
export function fileTree(name: string, entries: readonly FileEntry[]): FileTree {
  return { name, entries: [...entries].sort((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0)) };
}

/** The part of a tree below a folder, with paths relative to it. */
export function subTree(tree: FileTree, folder: string): FileTree {
  const prefix = folder === '' ? '' : `${folder}/`;
  return {
    name: baseName(folder) || tree.name,
    entries: tree.entries
      .filter((entry) => entry.path.startsWith(prefix))
      .map((entry) => {
        const { size, modifiedAt } = entry;
        return {
          path: entry.path.slice(prefix.length),
          size,
          ...(modifiedAt === undefined ? {} : { modifiedAt }),
          open: () => entry.open(),
          ...(entry.close ? { close: () => entry.close!() } : {}),
          ...(entry.stream ? { stream: (signal) => entry.stream!(signal) } : {}),
        };
      }),
  };
}
