import { createHash } from 'node:crypto';
import type { FileSink, FileSinkWriter } from '@micrarium/formats';

/** A file as written. */
export interface WrittenOutput {
  path: string;
  size: number;
  sha256: string;
}

/** Passes files on to another sink under other paths, and remembers size and SHA-256 of each. */
export class HashingSink implements FileSink {
  readonly outputs: WrittenOutput[] = [];
  private readonly sink: FileSink;
  private readonly rename: (path: string) => string;

  constructor(sink: FileSink, rename: (path: string) => string = (path) => path) {
    this.sink = sink;
    this.rename = rename;
  }

  async create(path: string): Promise<FileSinkWriter> {
    const name = this.rename(path);
    const file = await this.sink.create(name);
    const hash = createHash('sha256');
    let size = 0;
    return {
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
