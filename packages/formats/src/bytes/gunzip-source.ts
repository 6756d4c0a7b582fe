import { type ByteSource, ByteSourceError } from './byte-source.ts';
import { joinedBytes } from './joined-bytes.ts';

/** Bytes of gzip begin so. */
export async function isGzip(source: ByteSource, signal?: AbortSignal): Promise<boolean> {
  const head = await source.read(0, 2, signal);
  return head[0] === 0x1f && head[1] === 0x8b;
}

const step = 1 << 16;

/**
 * The unpacked content of a gzip file, for readers that go from front to back; a read before the place reached begins
 * anew. Memory is one block. `size` is not known before the end was read, and until then larger than any file. A file
 * that is damaged or cut off ends where the fault is, which `fault` then says.
 */
export class GunzipSource implements ByteSource {
  readonly name: string;
  /** What was wrong with the packed bytes, once reading came there. */
  fault: string | undefined;
  private readonly packed: ByteSource;
  private end: number | undefined;
  private reader: ReadableStreamDefaultReader<Uint8Array> | undefined;
  private block: Uint8Array = new Uint8Array(0);
  /** Offset of the first byte of the block. */
  private at = 0;

  constructor(packed: ByteSource) {
    this.packed = packed;
    this.name = packed.name.replace(/\.gz$/i, '');
  }

  get size(): number {
    return this.end ?? Number.MAX_SAFE_INTEGER;
  }

  async read(offset: number, length: number, signal?: AbortSignal): Promise<Uint8Array> {
    signal?.throwIfAborted();
    if (!this.reader || offset < this.at) await this.restart();
    const parts: Uint8Array[] = [];
    let wanted = offset;
    const stop = offset + length;
    while (wanted < stop) {
      const blockEnd = this.at + this.block.length;
      if (wanted < blockEnd) {
        const part = this.block.slice(wanted - this.at, Math.min(this.block.length, stop - this.at));
        parts.push(part);
        wanted += part.length;
      } else if (!(await this.next())) break;
    }
    return joinedBytes(parts);
  }

  /** Stops unpacking. */
  async close(): Promise<void> {
    await this.reader?.cancel().catch(() => undefined);
    this.reader = undefined;
  }

  private async restart(): Promise<void> {
    await this.close();
    this.block = new Uint8Array(0);
    this.at = 0;
    let packedAt = 0;
    const { packed } = this;
    const bytes = new ReadableStream<Uint8Array<ArrayBuffer>>({
      async pull(controller) {
        const piece = packedAt < packed.size ? await packed.read(packedAt, step) : new Uint8Array(0);
        packedAt += piece.length;
        if (piece.length === 0) controller.close();
        else controller.enqueue(piece as Uint8Array<ArrayBuffer>);
      },
    });
    this.reader = bytes.pipeThrough(new DecompressionStream('gzip')).getReader();
  }

  private async next(): Promise<boolean> {
    this.at += this.block.length;
    this.block = new Uint8Array(0);
    try {
      const { done, value } = await this.reader!.read();
      if (!done) {
        this.block = value;
        return true;
      }
    } catch (error) {
      if (error instanceof ByteSourceError) throw error;
      // The stream of some engines says nothing in its error.
      this.fault = (error instanceof Error && error.message) || 'damaged or cut off';
    }
    this.end = this.at;
    return false;
  }
}
