/** A file taken from a drop or a file input, with its path in the study. */
export interface TakenFile {
  path: string;
  file: File;
}

/** Files every system leaves lying about; nobody means to deposit them. */
const clutter = /(^|\/)(\.DS_Store|Thumbs\.db|desktop\.ini|\._[^/]*|__MACOSX\/.*)$/i;

/** Is it one of the files a system leaves lying about? */
export function isClutter(path: string): boolean {
  return clutter.test(path);
}

/** A path as studies spell it: relative, `/`, NFC; parts that lead elsewhere are dropped. */
export function studyPath(path: string): string {
  return path
    .normalize('NFC')
    .replaceAll('\\', '/')
    .split('/')
    .filter((part) => part !== '' && part !== '.' && part !== '..')
    .join('/');
}

/** Longest time the page is held up at once, in milliseconds. */
const holdUp = 12;

/**
 * Files chosen in an input, some at a time; with folders, their tree is kept. Browsers look up a chosen file on the
 * disk when its size is first asked for, and the page waits: with forty thousand files that takes many seconds, so it
 * is done in small lots with pauses between.
 */
export async function* walkChosen(list: ArrayLike<File>): AsyncGenerator<TakenFile[]> {
  let lot: TakenFile[] = [];
  let started = performance.now();
  for (let index = 0; index < list.length; index++) {
    const file = list[index]!;
    if (file.size >= 0) lot.push({ path: studyPath(file.webkitRelativePath || file.name), file });
    if (performance.now() - started < holdUp) continue;
    yield lot;
    lot = [];
    await new Promise((resolve) => setTimeout(resolve, 0));
    started = performance.now();
  }
  if (lot.length > 0) yield lot;
}

/** The entries of a drop; must be called while the event lasts. */
export function droppedEntries(transfer: DataTransfer): FileSystemEntry[] {
  return Array.from(transfer.items)
    .filter((item) => item.kind === 'file')
    .flatMap((item) => item.webkitGetAsEntry() ?? []);
}

function readBatch(reader: FileSystemDirectoryReader): Promise<FileSystemEntry[]> {
  return new Promise((resolve, reject) => reader.readEntries(resolve, reject));
}

function fileOf(entry: FileSystemFileEntry): Promise<File> {
  return new Promise((resolve, reject) => entry.file(resolve, reject));
}

/**
 * Walks dropped entries, folder by folder, in batches; between batches the page may draw.
 * @yields files as they are found, some at a time
 */
export async function* walkEntries(entries: readonly FileSystemEntry[]): AsyncGenerator<TakenFile[]> {
  const folders: FileSystemDirectoryEntry[] = [];
  const take = async (batch: readonly FileSystemEntry[]): Promise<TakenFile[]> => {
    for (const entry of batch) if (entry.isDirectory) folders.push(entry as FileSystemDirectoryEntry);
    const files = batch.filter((entry) => entry.isFile) as FileSystemFileEntry[];
    return Promise.all(files.map(async (entry) => ({ path: studyPath(entry.fullPath), file: await fileOf(entry) })));
  };
  const top = await take(entries);
  if (top.length > 0) yield top;
  for (let folder = folders.pop(); folder; folder = folders.pop()) {
    const reader = folder.createReader();
    // Browsers give at most 100 entries at a time, and an empty list at the end.
    for (let batch = await readBatch(reader); batch.length > 0; batch = await readBatch(reader)) {
      const files = await take(batch);
      if (files.length > 0) yield files;
    }
  }
}
