import {
  type ByteSource,
  ByteSourceError,
  type FileEntry,
  type FileTree,
  baseName,
  fileTree,
  httpSource,
} from '@micrarium/formats';
import { fileSource } from './file-source.ts';
import type { FileList, Supplied, Want } from './work.ts';

/** Bytes at the beginning of a file that are asked for at once and kept while it is open: what recognition looks at. */
const headBytes = 64 * 1024;
/** Beginnings asked for ahead of the one that is read: the page has them ready while we work. */
const ahead = 16;
/** Most beginnings kept that nobody has come for. */
const mostHeads = 4 * ahead;
/** Largest range and most ranges of one file that the page reads for us; beyond that we get the file itself. */
const largestRange = 512 * 1024;
const mostRanges = 8;

/**
 * The files of a list as a tree. The page reads the few bytes most files are asked for and hands them over: browsers
 * keep some 10 kB for each file that a worker itself has opened, until long after it is done with it.
 */
export class ListedFiles {
  readonly tree: FileTree;
  private readonly list: FileList;
  private readonly want: (wants: Want[]) => void;
  private readonly paths: readonly string[];
  private readonly sorted: readonly ListedEntry[];
  private readonly readsAhead: boolean;
  private readonly sources = new Map<number, ByteSource>();
  private readonly heads = new Map<number, Promise<Uint8Array>>();
  private readonly waiting = new Map<number, PromiseWithResolvers<Supplied>>();
  private nextKey = 1;

  /**
   * @param want asks for bytes or files; they come with `take`
   * @param readsAhead whether files will be read one after the other, in the order of their paths
   */
  constructor(list: FileList, want: (wants: Want[]) => void, readsAhead = false) {
    this.list = list;
    this.want = want;
    this.readsAhead = readsAhead;
    const paths = list.paths.split('\0').slice(0, -1);
    this.paths = paths;
    const order = Array.from(paths, (_, index) => index).sort((a, b) => (paths[a]! < paths[b]! ? -1 : 1));
    this.sorted = order.map((index, at) => new ListedEntry(this, at, index, paths[index]!, list));
    this.tree = fileTree('', this.sorted);
  }

  /** Takes what was asked for. */
  take(supplied: Supplied): void {
    this.waiting.get(supplied.key)?.resolve(supplied);
    this.waiting.delete(supplied.key);
  }

  /** Opens a file of the tree; the same source as long as it is open. */
  open(at: number): ByteSource {
    const known = this.sources.get(at);
    if (known) return known;
    const { path, size, index } = this.sorted[at]!;
    const place = path.split('/').map(encodeURIComponent).join('/');
    const source =
      this.list.here[index] === 1
        ? new SuppliedSource(this, at, path, size)
        : httpSource(baseName(path), this.list.server + place, size);
    this.sources.set(at, source);
    return source;
  }

  /** Lets go of what is kept of a file. */
  close(at: number): void {
    this.sources.delete(at);
    this.heads.delete(at);
  }

  /** The beginning of a file; asks for those of the files after it as well. */
  async head(at: number): Promise<Uint8Array> {
    const known = this.heads.get(at);
    if (known) return known;
    const wants: Want[] = [];
    for (const { at: one, path, size, index } of this.sorted.slice(at, at + (this.readsAhead ? ahead : 1))) {
      if (this.heads.has(one) || this.list.here[index] !== 1) continue;
      const want = { key: this.nextKey++, path, range: { offset: 0, length: Math.min(headBytes, size) } };
      wants.push(want);
      const head = this.answer(want).then(bytesOf(path));
      // Nobody may come for it, or its file may be gone: that is said to whoever reads it.
      head.catch(() => {});
      this.heads.set(one, head);
    }
    this.want(wants);
    const head = this.heads.get(at)!;
    for (const one of this.heads.keys()) {
      if (this.heads.size <= mostHeads) break;
      this.heads.delete(one);
    }
    return head;
  }

  /** Some bytes of a file. */
  range(path: string, offset: number, length: number): Promise<Uint8Array> {
    const want = { key: this.nextKey++, path, range: { offset, length } };
    const bytes = this.answer(want).then(bytesOf(path));
    this.want([want]);
    return bytes;
  }

  /** The file itself, one of the page. */
  async file(path: string): Promise<File> {
    const want = { key: this.nextKey++, path };
    const answer = this.answer(want);
    this.want([want]);
    const supplied = await answer;
    if ('file' in supplied) return supplied.file;
    throw failure(path, supplied);
  }

  /** All of a file at once: its bytes where they are few, else the file itself. */
  async blob({ path, size }: FileEntry): Promise<Blob> {
    return size <= headBytes
      ? new Blob([(await this.range(path, 0, size)) as Uint8Array<ArrayBuffer>])
      : this.file(path);
  }

  private answer({ key }: Want): Promise<Supplied> {
    const waiting = Promise.withResolvers<Supplied>();
    this.waiting.set(key, waiting);
    return waiting.promise;
  }
}

function bytesOf(path: string): (supplied: Supplied) => Uint8Array {
  return (supplied) => {
    if ('bytes' in supplied) return new Uint8Array(supplied.bytes);
    throw failure(path, supplied);
  };
}

function failure(path: string, supplied: Supplied): ByteSourceError {
  return new ByteSourceError(baseName(path), 'failed' in supplied ? supplied.failed : 'the file was taken out');
}

class ListedEntry implements FileEntry {
  readonly path: string;
  readonly size: number;
  readonly modifiedAt?: number;
  /** Place in the tree. */
  readonly at: number;
  /** Place in the list. */
  readonly index: number;
  private readonly files: ListedFiles;

  constructor(files: ListedFiles, at: number, index: number, path: string, list: FileList) {
    this.files = files;
    this.at = at;
    this.index = index;
    this.path = path;
    this.size = list.sizes[index]!;
    const time = list.times[index]!;
    if (!Number.isNaN(time)) this.modifiedAt = time;
  }

  async open(): Promise<ByteSource> {
    return this.files.open(this.at);
  }

  async close(): Promise<void> {
    this.files.close(this.at);
  }
}

/** A file of the page: its beginning once, then ranges, then the file itself where more is read. */
class SuppliedSource implements ByteSource {
  readonly name: string;
  readonly size: number;
  private readonly files: ListedFiles;
  private readonly at: number;
  private readonly path: string;
  private ranges = 0;
  private whole: Promise<ByteSource> | undefined;

  constructor(files: ListedFiles, at: number, path: string, size: number) {
    this.files = files;
    this.at = at;
    this.path = path;
    this.name = baseName(path);
    this.size = size;
  }

  async read(offset: number, length: number, signal?: AbortSignal): Promise<Uint8Array> {
    signal?.throwIfAborted();
    const end = Math.min(this.size, offset + length);
    if (end <= offset) return new Uint8Array(0);
    if (end <= headBytes) return (await this.files.head(this.at)).slice(offset, end);
    if (!this.whole && end - offset <= largestRange && this.ranges < mostRanges) {
      this.ranges++;
      return this.files.range(this.path, offset, end - offset);
    }
    this.whole ??= this.files.file(this.path).then((file) => fileSource(this.name, file));
    return (await this.whole).read(offset, length, signal);
  }
}
