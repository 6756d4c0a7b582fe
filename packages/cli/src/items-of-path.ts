import { existsSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { type FileTree, type Item, fileTree, findItems } from '@micrarium/formats';
import { fileEntry, openFolder } from '@micrarium/formats/node';

/** An item with the path a person would write for it. */
export interface ShownItem {
  item: Item;
  path: string;
}

/** What a path on the command line holds, or why it holds nothing. */
export interface AskedPath {
  items: ShownItem[];
  /** Links, devices and folders that were left out. */
  skipped: { path: string; reason: string }[];
  /** Why the path cannot be read at all. */
  missing?: string;
}

/** Options of `itemsOfPath`. */
export interface AskedOptions {
  onProgress?(done: number, total: number): void;
  signal?: AbortSignal;
}

/** Finds the items of one path: all below a folder, or the one a file belongs to. */
export async function itemsOfPath(path: string, options: AskedOptions = {}): Promise<AskedPath> {
  const about = await stat(path).catch((error: NodeJS.ErrnoException) => error);
  if (about instanceof Error) return { items: [], skipped: [], missing: reasonOf(about) };
  if (about.isDirectory()) return folderItems(path, options);
  if (!about.isFile()) return { items: [], skipped: [], missing: 'it is neither a file nor a folder' };
  const { tree, asked } = await treeAround(path);
  const items = await findItems(tree, { asked, ...(options.signal ? { signal: options.signal } : {}) });
  return { items: items.map((item) => ({ item, path })), skipped: [] };
}

function reasonOf(error: NodeJS.ErrnoException): string {
  if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return 'there is no such file or folder';
  if (error.code === 'EACCES' || error.code === 'EPERM') return 'you may not read it';
  return error.message;
}

async function folderItems(path: string, options: AskedOptions): Promise<AskedPath> {
  const skipped: AskedPath['skipped'] = [];
  const tree = await openFolder(path, {
    onSkipped: (entry, reason) => skipped.push({ path: join(path, entry), reason }),
  }).catch((error: unknown) => error);
  if (tree instanceof Error) return { items: [], skipped, missing: tree.message };
  const items = await findItems(tree as FileTree, options);
  return { items: items.map((item) => ({ item, path: item.path === '' ? path : join(path, item.path) })), skipped };
}

const zarrMarks = ['zarr.json', '.zgroup', '.zattrs', '.zarray'];

/**
 * The files beside the asked one: its folder without what lies deeper, but for `NAME.files/` (OIF); the whole hierarchy
 * where the file lies in a Zarr store.
 */
async function treeAround(path: string): Promise<{ tree: FileTree; asked: string }> {
  const full = resolve(path);
  let folder = dirname(full);
  let store: string | undefined;
  for (let level = 0, at = folder; level < 12 && at !== dirname(at); level++, at = dirname(at))
    if (zarrMarks.some((mark) => existsSync(join(at, mark)))) store = at;
  if (/\.oif\.files$/i.test(folder)) store = dirname(folder);
  folder = store ?? folder;
  const beside = await openFolder(folder, store === undefined ? { depth: 1 } : {});
  const asked = full.slice(folder.length + (folder.endsWith('/') ? 0 : 1)).normalize('NFC');
  const entries = [...beside.entries];
  // Planes of an OIF lie in `NAME.oif.files`, tiles of a VSI in `_NAME_`.
  const beneath = [
    `${full}.files`,
    ...(/\.vsi$/i.test(full) ? [join(folder, `_${basename(full).slice(0, -4)}_`)] : []),
  ];
  for (const deeper of beneath.filter((one) => existsSync(one)))
    for (const { path: member } of (await openFolder(deeper)).entries)
      entries.push(await fileEntry(join(deeper, member), `${basename(deeper).normalize('NFC')}/${member}`));
  // A link that was asked for by name is followed, unlike links met on a walk.
  if (!entries.some((entry) => entry.path === asked)) entries.push(await fileEntry(full, asked));
  return { tree: fileTree(beside.name, entries), asked };
}
