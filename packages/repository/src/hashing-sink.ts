import { createHash, type Hash } from 'node:crypto';
import type { FileSink, FileSinkWriter, LeftBehind } from '@micrarium/formats';

/** A file as written. */
export interface WrittenOutput {
  path: string;
  size: number;
  sha256: string;
}

/** Passes files on to another sink under other paths, and remembers size and SHA-256 of each. */
export class HashingSink implements FileSink {
  readonly outputs: WrittenOutput[] = [];
  private readonly begun = new Map<string, { hash: Hash; size: number }>();
  private readonly sink: FileSink;
  private readonly rename: (path: string) => string;

  constructor(sink: FileSink, rename: (path: string) => string = (path) => path) {
    this.sink = sink;
    this.rename = rename;
  }

  /** What an earlier run left of a file, its bytes already counted and in the digest. */
  async left(path: string): Promise<LeftBehind | undefined> {
    const name = this.rename(path);
    const begun = { hash: createHash('sha256'), size: 0 };
    const left = await this.sink.left?.(name, (bytes) => {
      begun.hash.update(bytes);
      begun.size += bytes.length;
    });
    if (left) this.begun.set(name, begun);
    return left;
  }

  async create(path: string): Promise<FileSinkWriter> {
    const name = this.rename(path);
    const file = await this.sink.create(name);
    const { hash, size: begun } = this.begun.get(name) ?? { hash: createHash('sha256'), size: 0 };
    let size = begun;
    return {
      ...(file.keepsNothing ? { keepsNothing: true } : {}),
      async write(bytes) {
        hash.update(bytes);
        size += bytes.length;
        await file.write(bytes);
      },
      close: async () => {
        await file.close();
        this.outputs.push({ path: name, size, sha256: hash.digest('hex') });
      },
    };
  }
}
