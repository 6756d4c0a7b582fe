import { randomUUID } from 'node:crypto';
import { type StagedUpload, type UploadArea, UploadMissing, UploadOffsetWrong } from '@micrarium/repository';
import type { Held, Locks } from '../locks.ts';
import { type Bucket, isMissing } from './bucket.ts';
import { gathered } from './gathered-pieces.ts';

/** A piece of an upload: an object of its own, because objects cannot grow. */
export interface UploadPart {
  key: string;
  size: number;
}

/** What is written after every append; the pieces it does not name were never acknowledged. */
interface UploadState {
  size: number;
  changedAt: string;
  /** Full lists of pieces that were put aside (`parts-0.json` ...), so that what is written with each append stays small. */
  sealed: number;
  parts: UploadPart[];
}

const partsInList = 500;

/**
 * Uploads as objects `uploads/<id>/…`. A piece is acknowledged by the state object that names it, which is written last; any process may go
 * on with an upload, and the lock of its name sees to it that one at a time does.
 */
export class UploadsInBucket implements UploadArea {
  private readonly bucket: Bucket;
  private readonly locks: Locks;

  constructor(bucket: Bucket, locks: Locks) {
    this.bucket = bucket;
    this.locks = locks;
  }

  pathOf(uploadId: string): string {
    if (!/^[A-Za-z0-9_-]{1,64}$/.test(uploadId)) throw new UploadMissing(uploadId);
    return `uploads/${uploadId}`;
  }

  async create(uploadId: string): Promise<void> {
    const folder = this.pathOf(uploadId);
    await this.locks.hold(folder, async () => {
      if (await this.stateOf(uploadId)) return;
      await this.write(uploadId, { size: 0, changedAt: new Date().toISOString(), sealed: 0, parts: [] });
    });
  }

  async append(uploadId: string, offset: number, bytes: AsyncIterable<Uint8Array>): Promise<number> {
    const done = await this.locks.tryHold(this.pathOf(uploadId), (held) =>
      this.appendAlone(uploadId, offset, bytes, held),
    );
    if (done) return done.value;
    const found = await this.stateOf(uploadId);
    if (!found) throw new UploadMissing(uploadId);
    throw new UploadOffsetWrong(uploadId, offset, found.size);
  }

  async get(uploadId: string): Promise<StagedUpload | undefined> {
    const state = await this.stateOf(uploadId);
    return state && { uploadId, size: state.size, changedAt: state.changedAt };
  }

  async *read(uploadId: string, from = 0): AsyncGenerator<Uint8Array> {
    let at = 0;
    for (const { key, size } of await this.partsOf(uploadId)) {
      const within = Math.max(0, from - at);
      if (within < size) yield* this.bucket.stream(key, within, size);
      at += size;
    }
  }

  async remove(uploadId: string): Promise<void> {
    const folder = this.pathOf(uploadId);
    // The state first: what is half removed is no upload any more.
    await this.bucket.remove(`${folder}/state.json`);
    await this.bucket.removeBelow(`${folder}/`);
  }

  async *list(): AsyncGenerator<StagedUpload> {
    for await (const uploadId of this.bucket.folders('uploads/')) {
      const upload = await this.get(uploadId);
      if (upload) yield upload;
    }
  }

  /** The pieces of an upload, in order. @throws UploadMissing */
  async partsOf(uploadId: string): Promise<UploadPart[]> {
    const state = await this.stateOf(uploadId);
    if (!state) throw new UploadMissing(uploadId);
    const parts: UploadPart[] = [];
    for (let list = 0; list < state.sealed; list++)
      parts.push(...(JSON.parse(text(await this.bucket.get(this.listOf(uploadId, list)))) as UploadPart[]));
    return [...parts, ...state.parts];
  }

  private async appendAlone(
    uploadId: string,
    offset: number,
    bytes: AsyncIterable<Uint8Array>,
    held: Held,
  ): Promise<number> {
    const before = await this.stateOf(uploadId);
    if (!before) throw new UploadMissing(uploadId);
    if (before.size !== offset) throw new UploadOffsetWrong(uploadId, offset, before.size);
    const state = { ...before, parts: [...before.parts] };
    try {
      for await (const piece of gathered(bytes, this.bucket.partSize)) await this.store(uploadId, state, piece);
    } finally {
      // What arrived before the connection broke counts too.
      if (state.size > before.size) {
        await held.assure();
        await this.write(uploadId, { ...state, changedAt: new Date().toISOString() });
      }
    }
    return state.size;
  }

  private async store(uploadId: string, state: UploadState, piece: Uint8Array): Promise<void> {
    if (state.parts.length >= partsInList) {
      await this.bucket.put(this.listOf(uploadId, state.sealed), bytesOf(state.parts));
      state.sealed += 1;
      state.parts = [];
    }
    // A name of its own: a writer that lost its lock cannot change what another one has stored.
    const key = `${this.pathOf(uploadId)}/${String(state.size).padStart(16, '0')}-${randomUUID()}`;
    await this.bucket.put(key, piece);
    state.parts.push({ key, size: piece.length });
    state.size += piece.length;
  }

  private async stateOf(uploadId: string): Promise<UploadState | undefined> {
    try {
      const bytes = await this.bucket.getIfThere(`${this.pathOf(uploadId)}/state.json`);
      return bytes && (JSON.parse(text(bytes)) as UploadState);
    } catch (error) {
      if (error instanceof UploadMissing || isMissing(error)) return undefined;
      throw error;
    }
  }

  private async write(uploadId: string, state: UploadState): Promise<void> {
    await this.bucket.put(`${this.pathOf(uploadId)}/state.json`, bytesOf(state));
  }

  private listOf(uploadId: string, list: number): string {
    return `${this.pathOf(uploadId)}/parts-${list}.json`;
  }
}

const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
const bytesOf = (value: unknown) => new TextEncoder().encode(JSON.stringify(value));
