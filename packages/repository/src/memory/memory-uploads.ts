import { type StagedUpload, type UploadArea, UploadMissing, UploadOffsetWrong } from '../ports/upload-area.ts';

/** Uploads in memory, for tests of use cases. */
export class MemoryUploads implements UploadArea {
  private readonly uploads = new Map<string, Uint8Array>();
  private readonly writing = new Set<string>();

  pathOf(uploadId: string): string {
    if (!/^[A-Za-z0-9_-]{1,64}$/.test(uploadId)) throw new UploadMissing(uploadId);
    return `memory:${uploadId}`;
  }

  async create(uploadId: string): Promise<void> {
    this.pathOf(uploadId);
    if (!this.uploads.has(uploadId)) this.uploads.set(uploadId, new Uint8Array(0));
  }

  async append(uploadId: string, offset: number, bytes: AsyncIterable<Uint8Array>): Promise<number> {
    const size = this.bytesOf(uploadId).length;
    if (size !== offset || this.writing.has(uploadId)) throw new UploadOffsetWrong(uploadId, offset, size);
    this.writing.add(uploadId);
    try {
      for await (const piece of bytes) {
        const before = this.bytesOf(uploadId);
        const after = new Uint8Array(before.length + piece.length);
        after.set(before);
        after.set(piece, before.length);
        this.uploads.set(uploadId, after);
      }
    } finally {
      this.writing.delete(uploadId);
    }
    return this.bytesOf(uploadId).length;
  }

  async get(uploadId: string): Promise<StagedUpload | undefined> {
    const bytes = this.uploads.get(uploadId);
    return bytes && { uploadId, size: bytes.length, changedAt: new Date(0).toISOString() };
  }

  async *read(uploadId: string, from = 0): AsyncGenerator<Uint8Array> {
    yield this.bytesOf(uploadId).subarray(from);
  }

  async remove(uploadId: string): Promise<void> {
    this.uploads.delete(uploadId);
  }

  async *list(): AsyncGenerator<StagedUpload> {
    for (const id of this.uploads.keys()) yield (await this.get(id))!;
  }

  /** Takes an upload out of the area, by the name `pathOf` gave. */
  take(path: string): Uint8Array {
    const id = path.slice('memory:'.length);
    const bytes = this.bytesOf(id);
    this.uploads.delete(id);
    return bytes;
  }

  /** Forgets an upload that may be gone already, by the name `pathOf` gave. */
  drop(path: string): void {
    this.uploads.delete(path.slice('memory:'.length));
  }

  private bytesOf(uploadId: string): Uint8Array {
    const bytes = this.uploads.get(uploadId);
    if (!bytes) throw new UploadMissing(uploadId);
    return bytes;
  }
}
