import type { z } from '@hono/zod-openapi';
import type { importReasonSchema } from '@micrarium/api';

/** Why an import, or a file of it, did not come. */
export type ImportReason = z.output<typeof importReasonSchema>;

/** A source cannot give what was asked of it. The message is for the person who named it. */
export class ImportRefused extends Error {
  override readonly name = 'ImportRefused';
  readonly reason: ImportReason;

  constructor(message: string, reason: ImportReason | ImportReason['code'], options?: ErrorOptions) {
    super(message, options);
    this.reason = typeof reason === 'string' ? { code: reason } : reason;
  }
}

/** A file that a source offers. */
export interface OfferedFile {
  /** Path within the source, with `/`, as the source spells it. */
  path: string;
  /** Bytes; left out where the source does not tell. */
  size?: number;
  /** When it was changed last, as ISO 8601; left out where the source does not tell. */
  modified?: string;
  /** Why it cannot be brought: a link that may lead out of the folder, or an address that does not answer. */
  fault?: 'link' | 'unreachable';
}

/** What an earlier try left of a file, and the mark of the bytes it was. */
export interface LeftOver {
  from: number;
  tag: string;
}

/** A file whose bytes come when they are read. */
export interface OpenedFile {
  bytes: AsyncIterable<Uint8Array>;
  /** Offset of the first byte: what was asked, or 0 where the source gives whole files only or has another file now. */
  from: number;
  /** Bytes of the whole file, where the source tells. */
  size?: number;
  /** Changes with the bytes; only with one can a file that broke off be gone on with. */
  tag?: string;
}

/** Where files are brought from. A source keeps no more than it is made of, and its secrets nowhere else. */
export interface ImportSource {
  /**
   * All files, in no order, as they are found.
   * @throws ImportRefused, AddressRefused, and the signal's reason
   */
  list(signal: AbortSignal): AsyncIterable<OfferedFile>;
  /**
   * A file that `list` offers.
   * @param left to go on after what is there already
   * @throws ImportRefused, AddressRefused (which may pass), and the signal's reason
   */
  open(path: string, signal: AbortSignal, left?: LeftOver): Promise<OpenedFile>;
  /** SHA-256 of a file as lower-case hex, where reading it costs no more than bringing it. */
  digestOf?(path: string, signal: AbortSignal): Promise<string>;
}

/** Names of a path. @throws ImportRefused where one of them is empty or leads elsewhere */
export function namesOf(path: string): string[] {
  const names = path.split('/');
  if (names.some((name) => name === '' || name === '.' || name === '..' || name.includes('\0')))
    throw new ImportRefused(`${JSON.stringify(path.slice(0, 200))} is no path within the source.`, 'not-below');
  return names;
}
