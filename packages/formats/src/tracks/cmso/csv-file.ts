import { Sha256 } from '../../bytes/sha256.ts';
import type { FileSink, FileSinkWriter } from '../track-reader.ts';

/** A CSV file being written: rows are buffered, counted and digested on the way. */
export class CsvFile {
  private readonly writer: FileSinkWriter;
  private readonly digest = new Sha256();
  private readonly encoder = new TextEncoder();
  private lines: string[] = [];
  /** Bytes written so far. */
  bytes = 0;

  private constructor(writer: FileSinkWriter) {
    this.writer = writer;
  }

  /** Opens a new file and writes its header. */
  static async create(sink: FileSink, path: string, header: readonly string[]): Promise<CsvFile> {
    const file = new CsvFile(await sink.create(path));
    await file.row(header);
    return file;
  }

  /** Writes one row; cells are quoted where needed. */
  async row(cells: readonly string[]): Promise<void> {
    // A line without anything would be no row.
    this.lines.push(cells.length === 1 && cells[0] === '' ? '""' : cells.map(quoteCell).join(','));
    if (this.lines.length >= 4096) await this.flush();
  }

  /** Finishes the file. */
  async close(): Promise<{ bytes: number; sha256: string }> {
    await this.flush();
    await this.writer.close();
    return { bytes: this.bytes, sha256: this.digest.hex() };
  }

  private async flush(): Promise<void> {
    if (this.lines.length === 0) return;
    const chunk = this.encoder.encode(`${this.lines.join('\n')}\n`);
    this.lines = [];
    this.digest.update(chunk);
    this.bytes += chunk.length;
    await this.writer.write(chunk);
  }
}

/** A cell of a CSV file; quoted only where it must be, since biotracks and older readers never quote. */
export function quoteCell(text: string): string {
  return /[",\r\n]/.test(text) || text !== text.trim() ? `"${text.replaceAll('"', '""')}"` : text;
}

/** A number as Data Package tables write it: the shortest text that reads back to the same number. */
export function numberCell(value: number): string {
  if (Number.isNaN(value)) return 'NaN';
  if (!Number.isFinite(value)) return value > 0 ? 'INF' : '-INF';
  return Object.is(value, -0) ? '-0' : String(value);
}
