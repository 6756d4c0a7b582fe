/** Unpacked chunks of one file, the last used ones. */
export class ChunkCache {
  private readonly chunks = new Map<number, { bytes: Promise<Uint8Array>; size: number }>();
  private held = 0;
  /** Bytes that are kept at most. */
  most = 32 << 20;

  /** The chunk at an address, unpacked now if it is not held. The answer is shared: it must not be changed. */
  get(address: number, size: number, unpack: () => Promise<Uint8Array>): Promise<Uint8Array> {
    const known = this.chunks.get(address);
    if (known) {
      this.chunks.delete(address);
      this.chunks.set(address, known);
      return known.bytes;
    }
    const bytes = unpack();
    bytes.catch(() => this.forget(address));
    this.chunks.set(address, { bytes, size });
    this.held += size;
    // The newest is kept even where it alone is too large.
    for (const oldest of this.chunks.keys()) {
      if (this.held <= this.most || oldest === address) break;
      this.forget(oldest);
    }
    return bytes;
  }

  private forget(address: number): void {
    const chunk = this.chunks.get(address);
    if (!chunk) return;
    this.chunks.delete(address);
    this.held -= chunk.size;
  }
}
