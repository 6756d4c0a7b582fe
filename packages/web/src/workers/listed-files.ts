import { type ByteSource, ByteSourceError, type FileEntry, type FileTree, fileTree } from '@micrarium/formats';
import { fileSource } from './file-source.ts';
import type { FileList } from './work.ts';

/** Files asked for at a time: the page needs up to a millisecond to hand over one. */
const lot = 8;

/** The files of a list as a tree; the files themselves are asked for, a few at a time, when they are opened. */
export class ListedFiles {
  readonly tree: FileTree;
  /** Files that are in no item yet. */
  readonly left: number;
  private readonly list: FileList;
  private readonly want: (indexes: number[]) => void;
  /** Index in the list of each entry of the tree. */
  private readonly order: number[];
  private readonly paths: string[];
  private readonly here = new Map<number, File | undefined>();
  private readonly waiting = new Map<number, PromiseWithResolvers<File | undefined>>();

  /** @param want asks for files by index; they come with `take` */
  constructor(list: FileList, want: (indexes: number[]) => void) {
    this.list = list;
    this.want = want;
    this.paths = list.paths.split('\0').slice(0, -1);
    const { paths } = this;
    this.order = Array.from(paths, (_, index) => index).sort((a, b) => (paths[a]! < paths[b]! ? -1 : 1));
    this.tree = fileTree(
      '',
      this.order.map((_, at) => this.entry(at)),
    );
    this.left = list.taken.reduce((left, taken) => left - taken, list.taken.length);
  }

  /** Paths of the files that are in items already. */
  *taken(): Generator<string> {
    for (const [index, path] of this.paths.entries()) if (this.list.taken[index] === 1) yield path;
  }

  /** Takes files that were asked for; one without a file is no longer there. */
  take(supplied: readonly { index: number; file?: File }[]): void {
    for (const { index, file } of supplied) {
      this.here.set(index, file);
      this.waiting.get(index)?.resolve(file);
      this.waiting.delete(index);
    }
  }

  private entry(at: number): FileEntry {
    const index = this.order[at]!;
    const path = this.paths[index]!;
    let source: Promise<ByteSource> | undefined;
    return {
      path,
      size: this.list.sizes[index]!,
      modifiedAt: this.list.times[index]!,
      open: () => (source ??= this.source(at, path)),
      close: async () => {
        source = undefined;
        this.here.delete(index);
      },
    };
  }

  private async source(at: number, path: string): Promise<ByteSource> {
    const index = this.order[at]!;
    const file = this.here.has(index) ? this.here.get(index) : await this.ask(at);
    const name = path.slice(path.lastIndexOf('/') + 1);
    if (!file) throw new ByteSourceError(name, 'the file was taken out');
    return fileSource(name, file);
  }

  /** Asks for a file and those after it in the tree, which are likely opened next. */
  private ask(at: number): Promise<File | undefined> {
    const index = this.order[at]!;
    const before = this.waiting.get(index);
    if (before) return before.promise;
    const wanted = this.order
      .slice(at, at + lot)
      .filter((one) => one === index || !(this.list.taken[one] === 1 || this.here.has(one) || this.waiting.has(one)));
    for (const one of wanted) this.waiting.set(one, Promise.withResolvers());
    this.want(wanted);
    return this.waiting.get(index)!.promise;
  }
}
