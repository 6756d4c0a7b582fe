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
  /** That the bytes of a blob the catalogue knows are lost or damaged, where they are: `open`, `pathOf` and `presigned` then refuse it with `BytesLost`. */
  lost?(sha256: string): Promise<Loss | undefined>;
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

/** What became of bytes that the catalogue knows and no copy has whole. */
export interface Loss {
  /** Not where they were stored, or there and other than their digest says. */
  state: 'missing' | 'damaged';
  /** When a check found it first, ISO 8601; left out where none has yet. */
  since?: string;
}

/** Bytes were asked for that are known and lost, or damaged: in the store, and in the second copy where there is one. The message is for people. */
export class BytesLost extends Error {
  override readonly name = 'BytesLost';
  /** What an answer tells besides. */
  readonly members: { sha256: string; lost: Loss['state']; since?: string };

  constructor(sha256: string, loss: Loss, options?: ErrorOptions) {
    super(lossText(sha256, loss), options);
    const { state, ...known } = loss;
    this.members = { sha256, lost: state, ...known };
  }
}

/** Sentences about lost bytes, for answers and for what stands in place of them in downloads. */
export function lossText(sha256: string, { state, since }: Loss): string {
  const digest = `Their SHA-256 was ${sha256}: whoever has a file of this digest can give it to those who run this installation.`;
  if (since === undefined)
    return `The bytes of this file are not ${state === 'missing' ? 'where they were stored' : 'those that were stored'}. A check that mends them from another copy, where there is one, is being made: ask again later. ${digest}`;
  const what =
    state === 'missing'
      ? 'The bytes of this file are lost'
      : 'The bytes of this file are damaged: they are not those of its digest any more';
  return `${what}, and no other copy here has them (known since ${since.slice(0, 10)}). ${digest}`;
}
