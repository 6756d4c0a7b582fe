import type { ByteSource } from '../../bytes/byte-source.ts';

const blockBytes = 16 * 1024;
const maxBlocks = 128;

/**
 * Small reads out of blocks that are kept: directories lie close together, and a request over HTTP for each of
 * them would be slow. Memory is at most 2 MiB. Pixels do not go through here.
 */
export class CachedRanges {
  readonly #source: ByteSource;
  readonly #blocks = new Map<number, Promise<Uint8Array>>();

  constructor(source: ByteSource) {
    this.#source = source;
  }

  /** Bytes from `offset`, fewer where the file ends first. */
  async read(offset: number, length: number, signal?: AbortSignal): Promise<Uint8Array> {
    const end = Math.min(this.#source.size, offset + length);
    if (offset >= end) return new Uint8Array(0);
    const first = Math.floor(offset / blockBytes);
    const last = Math.floor((end - 1) / blockBytes);
    if (last - first > 3) return this.#source.read(offset, end - offset, signal);
    const out = new Uint8Array(end - offset);
    for (let index = first; index <= last; index++) {
      signal?.throwIfAborted();
      const block = await this.#block(index);
      const start = index * blockBytes;
      const from = Math.max(offset, start);
      out.set(block.subarray(from - start, Math.min(end, start + blockBytes) - start), from - offset);
    }
    return out;
  }

  #block(index: number): Promise<Uint8Array> {
    let block = this.#blocks.get(index);
    if (block) {
      this.#blocks.delete(index);
    } else {
      block = this.#source.read(index * blockBytes, blockBytes);
      block.catch(() => this.#blocks.delete(index));
    }
    this.#blocks.set(index, block);
    if (this.#blocks.size > maxBlocks) {
      const oldest = this.#blocks.keys().next().value;
      if (oldest !== undefined) this.#blocks.delete(oldest);
    }
    return block;
  }
}
