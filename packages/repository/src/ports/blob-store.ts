import type { ByteSource } from '@micrarium/formats';

/** What is known of a stored blob. */
export interface StoredBlob {
  /** Lower-case hex. */
  sha256: string;
  size: number;
  /** Lower-case hex, where computed in the same pass: the archive names content by it and need not read the bytes again. */
  sha512?: string;
}

/**
 * Bytes stored once under their SHA-256, never by name. Storing the same bytes twice is harmless. A blob is either in the
 * staging area or in a published OCFL object; `open` finds it in both.
 */
export interface BlobStore {
  /** The bytes do not lie on this machine: they are read by `open`, and `pathOf` fetches a copy of all of them. */
  readonly isElsewhere?: boolean;
  /** Takes a finished upload (a file of the staging area) as the blob of the digest it was verified to have. Durable when it resolves. */
  adopt(stagedFile: string, blob: StoredBlob): Promise<void>;
  /** Bytes of a blob, by range. @throws BlobMissing */
  open(sha256: string): Promise<ByteSource & { close(): Promise<void> }>;
  /** Path on this machine of a blob, for sending it straight from the file. @throws BlobMissing */
  pathOf(sha256: string): Promise<string>;
  has(sha256: string): Promise<boolean>;
  /**
   * An address from which anybody may read the blob for an hour, where the store gives such out.
   * @param headers of the answer: `content-type`, `content-disposition`
   */
  presigned?(sha256: string, headers: Record<string, string>): Promise<string | undefined>;
  /** Why a blob is given to nobody, where it is: `open`, `pathOf` and `presigned` then refuse it. */
  heldBack?(sha256: string): Promise<string | undefined>;
  /** Frees a staged blob nobody refers to; published blobs are never removed. */
  remove(sha256: string): Promise<void>;
}

/** The catalogue knows the blob, the store does not hold it. */
export class BlobMissing extends Error {
  override readonly name = 'BlobMissing';
  readonly sha256: string;

  constructor(sha256: string, options?: ErrorOptions) {
    super(`No stored bytes for SHA-256 ${sha256}`, options);
    this.sha256 = sha256;
  }
}
