import { ByteSourceError } from '../bytes/byte-source.ts';
import { type FileEntry, type FileTree, baseName, folderOf } from '../bytes/file-tree.ts';
import { archiveItem } from './archives.ts';
import { nativeWithoutExport, wrongExtension } from './beside.ts';
import type { FormatId } from './format-id.ts';
import type { Item } from './item.ts';
import { unpackedTree } from './packed-item.ts';
import { type Recognised, recogniseFile, recogniseFolder } from './recognise.ts';
import { recognitionIssue } from './recognition-issues.ts';

/** What to look for. */
export interface FindItemsOptions {
  /** Path in the tree of the one file or folder that was asked for; `''` (the default) is the whole tree. */
  asked?: string;
  signal?: AbortSignal;
  /** Files that items of an earlier walk have: this one goes on where that one was ended. */
  taken?: Iterable<string>;
  /**
   * Called with each item as soon as it is found, before the file that led to it is closed; the walk waits. Answers
   * whether to go on: a walk that is ended here is continued by another with `taken`.
   */
  onItem?(item: Item): Promise<boolean>;
  /** `false`: items are given to `onItem` alone and the answer stays empty, so that very many cost no memory. */
  isListed?: boolean;
  /** Called after each recognised file, with how many of the tree's files are done. */
  onProgress?(done: number, total: number): void;
}

/**
 * The items of a tree, sorted by path: folders that are one item, sets of files that are one item, single files,
 * archives that hold one. Every file of the tree is in exactly one item. Where one file was asked for, the item it
 * belongs to, with the asked path.
 */
export async function findItems(tree: FileTree, options: FindItemsOptions = {}): Promise<Item[]> {
  const asked = options.asked ?? '';
  const entry = asked === '' ? undefined : tree.entries.find(({ path }) => path === asked);
  if (entry) return [await itemOfFile(entry, tree, options.signal)];
  const walk = new Walk(tree, options);
  await walk.folder(asked);
  return walk.items.sort((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0));
}

/** The item one file belongs to: the folder or set it is part of, else itself. */
async function itemOfFile(entry: FileEntry, tree: FileTree, signal?: AbortSignal): Promise<Item> {
  for (const folder of foldersAbove(entry.path)) {
    const found = await recogniseFolder(scopeOf(tree, folder), folder);
    const { members } = found?.recognition ?? {};
    if (found && (members ? members.includes(entry.path) : folder !== '' || isLoose(found.format)))
      return { ...setItem(found, tree, folder, members ?? below(tree, folder)), path: entry.path };
  }
  return fileItem(entry, tree, signal);
}

/** At the root of what was opened, only a hierarchy whose files mean nothing alone claims every file below it. */
function isLoose(format: FormatId): boolean {
  return format === 'ome-zarr' || format === 'zarr' || format === 'geff' || format === 'cmso';
}

function foldersAbove(path: string): string[] {
  const folders: string[] = [];
  for (let folder = folderOf(path); folder !== ''; folder = folderOf(folder)) folders.unshift(folder);
  return ['', ...folders];
}

class Walk {
  readonly items: Item[] = [];
  private readonly tree: FileTree;
  private readonly options: FindItemsOptions;
  private readonly taken: Set<string>;
  private isEnded = false;

  constructor(tree: FileTree, options: FindItemsOptions) {
    this.tree = tree;
    this.options = options;
    this.taken = new Set(options.taken);
  }

  async folder(folder: string): Promise<void> {
    this.options.signal?.throwIfAborted();
    const scope = scopeOf(this.tree, folder);
    if (scope.entries.every(({ path }) => this.taken.has(path))) return;
    const found = await recogniseFolder(scope, folder);
    if (found) {
      const members = found.recognition.members ?? scope.entries.map(({ path }) => path);
      const free = members.filter((path) => !this.taken.has(path));
      for (const path of members) this.taken.add(path);
      if (free.length > 0) await this.add(setItem(found, scope, folder, free));
    }
    await this.children(scope, folder);
  }

  private async children(scope: FileTree, folder: string): Promise<void> {
    const start = folder === '' ? 0 : folder.length + 1;
    let lastFolder: string | undefined;
    // The folder `_NAME_` of a slide may come before the file `NAME.vsi` that it belongs to, and an archive
    // `NAME-edit.zip` before the settings `NAME.xml` that name it.
    for (const entry of scope.entries)
      if (
        !entry.path.includes('/', start) &&
        leadsEarlier(entry.path, scope) &&
        !this.isEnded &&
        !this.taken.has(entry.path)
      )
        await this.file(entry, scope);
    for (const entry of scope.entries) {
      if (this.isEnded) return;
      if (this.taken.has(entry.path)) continue;
      const slash = entry.path.indexOf('/', start);
      const child = slash < 0 ? undefined : entry.path.slice(0, slash);
      if (child === undefined) await this.file(entry, scope);
      else if (child !== lastFolder) {
        lastFolder = child;
        await this.folder(child);
      }
    }
  }

  private async file(entry: FileEntry, scope: FileTree): Promise<void> {
    this.options.signal?.throwIfAborted();
    const found = await fileItem(entry, scope, this.options.signal);
    // A set found from one of its files takes only what no earlier item has.
    const item = withoutTaken(found, this.taken);
    for (const { path } of item.files) this.taken.add(path);
    await this.add(item);
    await entry.close?.();
    this.options.onProgress?.(this.taken.size, this.tree.entries.length);
  }

  private async add(item: Item): Promise<void> {
    if (this.options.isListed !== false) this.items.push(item);
    if (this.options.onItem) this.isEnded = !(await this.options.onItem(item));
  }
}

/** May files that come before this one in the order of names belong to it? */
function leadsEarlier(path: string, { entries }: FileTree): boolean {
  if (/\.vsi$/i.test(path)) return true;
  if (!/\.xml$/i.test(path)) return false;
  const stem = path.slice(0, -'.xml'.length);
  const first = firstAtOrAfter(entries, stem);
  for (let at = first; at < entries.length && at < first + 1000; at++) {
    const before = entries[at]!.path;
    if (before >= path || !before.startsWith(stem)) return false;
    if (/\.zip$/i.test(before) && !before.includes('/', stem.length)) return true;
  }
  return false;
}

/** The item without the files that are in another already. */
function withoutTaken(item: Item, taken: ReadonlySet<string>): Item {
  if (item.files.length < 2 || !item.files.some(({ path }) => taken.has(path))) return item;
  const isFree = (at: number) => !taken.has(item.files[at]!.path);
  return {
    ...item,
    files: item.files.filter((_, at) => isFree(at)),
    tree: { ...item.tree, entries: item.tree.entries.filter((_, at) => isFree(at)) },
  };
}

/** The part of a sorted tree below a folder, with its full paths; entries below one folder lie side by side. */
function scopeOf(tree: FileTree, folder: string): FileTree {
  if (folder === '') return tree;
  const prefix = `${folder}/`;
  const from = firstAtOrAfter(tree.entries, prefix);
  // '0' is the character after '/', so this is the first path after everything below the folder.
  const to = firstAtOrAfter(tree.entries, `${folder}0`);
  return { name: tree.name, entries: tree.entries.slice(from, to) };
}

function firstAtOrAfter(entries: readonly FileEntry[], path: string): number {
  let low = 0;
  let high = entries.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (entries[middle]!.path < path) low = middle + 1;
    else high = middle;
  }
  return low;
}

function below(tree: FileTree, folder: string): string[] {
  return scopeOf(tree, folder).entries.map(({ path }) => path);
}

async function fileItem(entry: FileEntry, tree: FileTree, signal?: AbortSignal): Promise<Item> {
  let recognised: Recognised;
  try {
    recognised = await recogniseFile(entry, tree, signal);
    if (recognised.format === 'zip') return await archiveItem(entry, recognised, signal);
  } catch (error) {
    if (!(error instanceof ByteSourceError)) throw error;
    return unreadableItem(entry, error);
  }
  const { members } = recognised.recognition;
  if (members && members.length > 1)
    return { ...setItem(recognised, tree, folderOf(entry.path), members), path: entry.path };
  const issues = failures(recognised, entry);
  if (entry.size === 0)
    issues.push(recognitionIssue('empty-file', `${entry.path} is empty.`, { where: { file: entry.path } }));
  // A reader reports this itself, with the line.
  const isRead = recognised.descriptor?.tracks ?? recognised.descriptor?.images;
  if (recognised.declaresEntities && !isRead)
    issues.push(
      recognitionIssue('entities-declared', `${entry.path} declares a document type or entities.`, {
        where: { file: entry.path },
      }),
    );
  const { guess } = recognised;
  if (guess)
    issues.push(
      recognitionIssue('format-possible', `This may be ${guess.name}: ${guess.reason}.`, {
        where: { file: entry.path },
      }),
    );
  issues.push(
    ...wrongExtension(entry, recognised.descriptor),
    ...nativeWithoutExport(entry, tree, recognised.format, recognised.descriptor),
  );
  const alone: FileTree = { name: baseName(entry.path), entries: [relative(entry, folderOf(entry.path))] };
  return {
    path: entry.path,
    files: [entry],
    tree: recognised.isPacked ? unpackedTree(alone) : alone,
    format: recognised.format,
    recognition: recognised.recognition,
    ...(recognised.descriptor ? { descriptor: recognised.descriptor } : {}),
    ...(issues.length > 0 ? { issues } : {}),
  };
}

function failures(recognised: Recognised, entry: FileEntry) {
  return (recognised.failed ?? []).map(({ format, message }) =>
    recognitionIssue('recogniser-failed', `The recogniser of ${format} failed: ${message}`, {
      where: { file: entry.path },
    }),
  );
}

function unreadableItem(entry: FileEntry, error: ByteSourceError): Item {
  return {
    path: entry.path,
    files: [entry],
    tree: { name: baseName(entry.path), entries: [relative(entry, folderOf(entry.path))] },
    format: 'unknown',
    recognition: { score: 0, reason: 'the bytes could not be read' },
    issues: [recognitionIssue('bytes-unreadable', error.message, { where: { file: entry.path } })],
  };
}

function setItem(found: Recognised, scope: FileTree, folder: string, members: readonly string[]): Item {
  const wanted = new Set(members);
  const files = scope.entries.filter(({ path }) => wanted.has(path));
  const tree = { name: baseName(folder) || scope.name, entries: files.map((entry) => relative(entry, folder)) };
  return {
    path: folder,
    files,
    tree: found.isPacked ? unpackedTree(tree) : tree,
    format: found.format,
    recognition: found.recognition,
    ...(found.descriptor ? { descriptor: found.descriptor } : {}),
  };
}

/** The same file with its path relative to a folder above it. */
function relative(entry: FileEntry, folder: string): FileEntry {
  if (folder === '') return entry;
  const { size, modifiedAt } = entry;
  return {
    path: entry.path.startsWith(`${folder}/`) ? entry.path.slice(folder.length + 1) : entry.path,
    size,
    ...(modifiedAt === undefined ? {} : { modifiedAt }),
    open: () => entry.open(),
    ...(entry.close ? { close: () => entry.close!() } : {}),
  };
}
