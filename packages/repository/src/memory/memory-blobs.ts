import { type ByteSource, memorySource } from '@micrarium/formats';
import { BlobMissing, type BlobStore, type StoredBlob } from '../ports/blob-store.ts';
import type { MemoryUploads } from './memory-uploads.ts';

/** Blobs in memory, for tests of use cases. */
export class MemoryBlobs implements BlobStore {
  private readonly uploads: MemoryUploads;
  private readonly staged = new Map<string, Uint8Array>();
  private readonly archived = new Map<string, Uint8Array>();

  constructor(uploads: MemoryUploads) {
    this.uploads = uploads;
  }

  async adopt(stagedFile: string, blob: StoredBlob): Promise<void> {
    if (await this.has(blob.sha256)) return this.uploads.drop(stagedFile);
    this.staged.set(blob.sha256, this.uploads.take(stagedFile));
  }

  async open(sha256: string): Promise<ByteSource & { close(): Promise<void> }> {
    const bytes = memorySource(sha256, this.bytesOf(sha256));
    let isOpen = true;
    return {
      ...bytes,
      async read(offset, length, signal) {
        // As a file does that was closed.
        if (!isOpen) throw new Error('file closed');
        return bytes.read(offset, length, signal);
      },
      async close() {
        isOpen = false;
      },
    };
  }

  async pathOf(sha256: string): Promise<string> {
    this.bytesOf(sha256);
    return `memory:${sha256}`;
  }

  async has(sha256: string): Promise<boolean> {
    return this.staged.has(sha256) || this.archived.has(sha256);
  }

  async remove(sha256: string): Promise<void> {
    this.staged.delete(sha256);
  }

  /** The bytes of a blob. @throws BlobMissing */
  bytesOf(sha256: string): Uint8Array {
    const bytes = this.staged.get(sha256) ?? this.archived.get(sha256);
    if (!bytes) throw new BlobMissing(sha256);
    return bytes;
  }

  /** Moves a blob to what is published. */
  moveToArchive(sha256: string): void {
    this.archived.set(sha256, this.bytesOf(sha256));
    this.staged.delete(sha256);
  }
}
