/**
 * A file taken from a drop or a file input. Of a dropped one only its name is kept, not the browser's `File`: that
 * costs the browser some 10 kB each, and a folder may hold very many.
 */
export interface TakenFile {
  /** Path in the study. */
  readonly path: string;
  /** Bytes when it was taken in. */
  readonly size: number;
  /** Milliseconds since 1970 of its last change when it was taken in. */
  readonly modifiedAt: number;
  /**
   * The file itself.
   * @throws FileChanged where it is gone or is no longer what was taken in
   */
  open(): Promise<File>;
}

/** A file is gone, or other bytes stand at its place than were taken in. */
export class FileChanged extends Error {
  override readonly name = 'FileChanged';
  readonly isGone: boolean;

  constructor(path: string, isGone: boolean, options?: ErrorOptions) {
    super(isGone ? `${path} is no longer there` : `${path} was changed after it was taken in; drop it again`, options);
    this.isGone = isGone;
  }
}

class ChosenFile implements TakenFile {
  readonly path: string;
  readonly size: number;
  readonly modifiedAt: number;
  private readonly file: File;

  constructor(path: string, file: File) {
    this.path = path;
    this.size = file.size;
    this.modifiedAt = file.lastModified;
    this.file = file;
  }

  async open(): Promise<File> {
    return this.file;
  }
}

class DroppedFile implements TakenFile {
  readonly path: string;
  readonly size: number;
  readonly modifiedAt: number;
  private readonly entry: FileSystemFileEntry;

  constructor(entry: FileSystemFileEntry, size: number, modifiedAt: number) {
    this.path = studyPath(entry.fullPath);
    this.size = size;
    this.modifiedAt = modifiedAt;
    this.entry = entry;
  }

  async open(): Promise<File> {
    let file: File;
    try {
      file = await fileOf(this.entry);
    } catch (cause) {
      throw new FileChanged(this.path, true, { cause });
    }
    if (file.size !== this.size || file.lastModified !== this.modifiedAt) throw new FileChanged(this.path, false);
    return file;
  }
}

/** Takes a file as it was chosen or made here. @param path in the study; left out, its own name */
export function takenFile(file: File, path = studyPath(file.webkitRelativePath || file.name)): TakenFile {
  return new ChosenFile(path, file);
}

/**
 * Tells a file that cannot be read any more from everything else that may hold up its sending: browsers refuse to read one that
 * was chosen and has changed since, and say of a request that carries it only that it failed.
 * @throws FileChanged
 */
export async function mustBeReadable(file: TakenFile): Promise<void> {
  const bytes = await file.open();
  try {
    await bytes.slice(0, 1).arrayBuffer();
  } catch (cause) {
    throw new FileChanged(file.path, (cause as Error).name === 'NotFoundError', { cause });
  }
}

/** Is it the same file as far as names, sizes and times tell? Dropped a second time it is another object. */
export function isSameFile(one: TakenFile, other: TakenFile): boolean {
  return one.path === other.path && one.size === other.size && one.modifiedAt === other.modifiedAt;
}

/** A file under another name in the study; the file itself is as it was. */
export function renamedFile(file: TakenFile, path: string): TakenFile {
  return { path, size: file.size, modifiedAt: file.modifiedAt, open: () => file.open() };
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
    lot.push(takenFile(file));
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

/** What Chromium's entries also know, at a quarter of the cost of the file. */
interface WithMetadata {
  getMetadata?(
    take: (metadata: { size: number; modificationTime: Date }) => void,
    fail: (error: unknown) => void,
  ): void;
}

async function droppedFile(entry: FileSystemFileEntry & WithMetadata): Promise<TakenFile> {
  if (entry.getMetadata) {
    const found = await new Promise<{ size: number; modificationTime: Date }>((resolve, reject) =>
      entry.getMetadata!(resolve, reject),
    );
    return new DroppedFile(entry, found.size, found.modificationTime.getTime());
  }
  const file = await fileOf(entry);
  return new DroppedFile(entry, file.size, file.lastModified);
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
    return Promise.all(files.map(droppedFile));
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
