import type { ByteSource } from '../../bytes/byte-source.ts';
import { SqliteFault } from './fault.ts';

/** First bytes of every SQLite file. */
export const sqliteSignature = 'SQLite format 3\0';

const blockBytes = 1 << 18;
const mostBlocks = 32;

/** What the first 100 bytes of a file say. */
export interface SqliteHeader {
  pageBytes: number;
  /** Bytes of a page that are used. */
  usable: number;
  encoding: 'utf-8' | 'utf-16le' | 'utf-16be';
}

/** Pages of a file, read some at a time: 8 MiB of them are kept. */
export class Pages {
  readonly header: SqliteHeader;
  readonly count: number;
  private readonly source: ByteSource;
  private readonly signal: AbortSignal | undefined;
  private readonly blocks = new Map<number, Promise<Uint8Array>>();

  /** @throws SqliteFault where the file does not begin as one of SQLite */
  static async open(source: ByteSource, signal?: AbortSignal): Promise<Pages> {
    return new Pages(source, readHeader(await source.read(0, 100, signal)), signal);
  }

  private constructor(source: ByteSource, header: SqliteHeader, signal?: AbortSignal) {
    this.source = source;
    this.header = header;
    this.signal = signal;
    this.count = Math.floor(source.size / header.pageBytes);
  }

  /** Size of the file: no value is longer. */
  get fileBytes(): number {
    return this.source.size;
  }

  /**
   * A page by its number, from 1.
   * @throws SqliteFault where the file has no such page
   */
  async page(number: number): Promise<Uint8Array> {
    const { pageBytes } = this.header;
    if (!(number >= 1 && number <= this.count))
      throw new SqliteFault(`page ${number} is named, and the file has ${this.count}`);
    const offset = (number - 1) * pageBytes;
    const block = Math.floor(offset / blockBytes);
    let bytes = this.blocks.get(block);
    if (!bytes) {
      const [oldest] = this.blocks.keys();
      if (this.blocks.size >= mostBlocks) this.blocks.delete(oldest!);
      bytes = this.source.read(block * blockBytes, blockBytes, this.signal);
      this.blocks.set(block, bytes);
    }
    const at = offset - block * blockBytes;
    const page = (await bytes).subarray(at, at + pageBytes);
    if (page.length < pageBytes) throw new SqliteFault(`page ${number} is cut off`);
    return page;
  }
}

/** Source: https://www.sqlite.org/fileformat2.html, 1.3. */
function readHeader(bytes: Uint8Array): SqliteHeader {
  const isSqlite = bytes.length === 100 && [...sqliteSignature].every((sign, i) => bytes[i] === sign.charCodeAt(0));
  if (!isSqlite) throw new SqliteFault('the file does not begin as a database of SQLite');
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  const said = view.getUint16(16);
  const pageBytes = said === 1 ? 65_536 : said;
  const usable = pageBytes - bytes[20]!;
  if (pageBytes < 512 || (pageBytes & (pageBytes - 1)) !== 0 || usable < 480)
    throw new SqliteFault(`the file says that its pages have ${said} bytes`);
  const encodings = { 0: 'utf-8', 1: 'utf-8', 2: 'utf-16le', 3: 'utf-16be' } as const;
  const encoding = encodings[view.getUint32(56) as 0];
  if (!encoding) throw new SqliteFault(`the file says that its texts have the encoding ${view.getUint32(56)}`);
  return { pageBytes, usable, encoding };
}
