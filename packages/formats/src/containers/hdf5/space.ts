import type { ByteSource } from '../../bytes/byte-source.ts';
import { CachedRanges } from '../../images/tiff/cached-ranges.ts';
import { checkSum } from './checksum.ts';
import { Cursor } from './cursor.ts';
import { Hdf5Fault } from './fault.ts';

/** The addresses of one HDF5 file: where they begin, how wide they are, and the bytes behind them. */
export class AddressSpace {
  readonly source: ByteSource;
  /** Byte of the file that has address 0: the end of the user block. */
  readonly base: number;
  /** Bytes of an address. */
  readonly addressBytes: number;
  /** Bytes of a length. */
  readonly lengthBytes: number;
  private readonly cache: CachedRanges;

  /** @param cache small reads of the same source, which the search for the superblock has begun to fill */
  constructor(source: ByteSource, cache: CachedRanges, base: number, addressBytes: number, lengthBytes: number) {
    this.source = source;
    this.cache = cache;
    this.base = base;
    this.addressBytes = addressBytes;
    this.lengthBytes = lengthBytes;
  }

  /** Bytes of the file behind the user block. */
  get size(): number {
    return this.source.size - this.base;
  }

  /** Metadata, through a cache of blocks: structures lie close together. */
  async metadata(address: number, length: number, what: string, signal?: AbortSignal): Promise<Uint8Array> {
    this.check(address, length, what);
    const bytes = await this.cache.read(this.base + address, length, signal);
    if (bytes.length < length) throw new Hdf5Fault('damaged', `the file ends inside ${what}`, this.base + address);
    return bytes;
  }

  /** A cursor over metadata. */
  async cursor(address: number, length: number, what: string): Promise<Cursor> {
    return new Cursor(await this.metadata(address, length, what), what);
  }

  /** The same for a structure that ends with its check sum. */
  async checked(address: number, length: number, what: string): Promise<Cursor> {
    const bytes = await this.metadata(address, length, what);
    checkSum(bytes, what, this.base + address);
    return new Cursor(bytes, what);
  }

  /** Stored values, straight from the source. */
  async data(address: number, length: number, what: string, signal?: AbortSignal): Promise<Uint8Array> {
    this.check(address, length, what);
    // Small pieces lie near others that will be asked for next.
    const bytes =
      length <= 4096
        ? await this.cache.read(this.base + address, length, signal)
        : await this.source.read(this.base + address, length, signal);
    if (bytes.length < length) throw new Hdf5Fault('damaged', `the file ends inside ${what}`, this.base + address);
    return bytes;
  }

  private check(address: number, length: number, what: string): void {
    if (!(address >= 0 && length >= 0 && address + length <= this.size))
      throw new Hdf5Fault(
        'damaged',
        `${what} (${length} bytes at ${this.base + address}) reaches past the end of the file of ${this.source.size} bytes`,
      );
  }
}
