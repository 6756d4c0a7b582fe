/** What is known of an upload in progress. */
export interface StagedUpload {
  uploadId: string;
  /** Bytes that are stored durably. */
  size: number;
  /** ISO 8601, of the last change. */
  changedAt: string;
}

/**
 * Where bytes lie between the network and the blob store. Bytes are acknowledged only when they are durable: the size this area tells
 * never shrinks, not even by a power cut. Ids are 1 to 64 characters of `A-Z a-z 0-9 _ -`.
 */
export interface UploadArea {
  /** Starts an empty upload. Harmless when it exists. */
  create(uploadId: string): Promise<void>;
  /**
   * Appends bytes at `offset`, which must be the current size. Keeps what arrived when `bytes` fails in the middle, then passes the
   * failure on. Two writers of one offset: one wins. Resolves with the new size once it is durable.
   * @param onDurable told now and then, in the middle of many bytes, how many of the upload are durable
   * @throws UploadOffsetWrong where `offset` is not the current size or somebody else is writing
   * @throws UploadMissing
   */
  append(
    uploadId: string,
    offset: number,
    bytes: AsyncIterable<Uint8Array>,
    onDurable?: (size: number) => Promise<void>,
  ): Promise<number>;
  /** The upload, or `undefined` where there is none. */
  get(uploadId: string): Promise<StagedUpload | undefined>;
  /** Bytes in order, from `from` on. @throws UploadMissing */
  read(uploadId: string, from?: number): AsyncIterable<Uint8Array>;
  /** Name of the staged file, for `BlobStore.adopt`. */
  pathOf(uploadId: string): string;
  /** Drops an upload. Harmless when it is gone. */
  remove(uploadId: string): Promise<void>;
  /** Every upload, for clearing away what was abandoned. */
  list(): AsyncIterable<StagedUpload>;
}

/** Bytes were sent for another place than the end of what is stored. */
export class UploadOffsetWrong extends Error {
  override readonly name = 'UploadOffsetWrong';
  /** Bytes stored. */
  readonly size: number;

  constructor(uploadId: string, offset: number, size: number) {
    super(`Upload ${uploadId} holds ${size} bytes; bytes came for offset ${offset}`);
    this.size = size;
  }
}

/** There is no such upload: never begun, finished or cleared away. */
export class UploadMissing extends Error {
  override readonly name = 'UploadMissing';

  constructor(uploadId: string) {
    super(`There is no upload ${uploadId}`);
  }
}
