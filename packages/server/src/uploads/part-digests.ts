import { createHash, type Hash } from 'node:crypto';
import type { UploadArea } from '@micrarium/repository';
import { sql } from 'kysely';
import type { Database } from '../database/connect.ts';

/** Bytes of a part of an upload that has a digest of its own; the last part of a file may have fewer, and has none. */
export const partBytes = 16 * 2 ** 20;

/** Where the hashing of an upload stands: all parts before `offset` are noted or in `waiting`. */
interface Standing {
  offset: number;
  /** Over the bytes of the part that `offset` lies in. */
  hash: Hash;
  /** Digests of whole parts that are not noted yet, from part `first` on. */
  waiting: string[];
  first: number;
}

/** Uploads whose hashing this process remembers; of others the bytes since their last noted part are read again. */
const mostRemembered = 1000;

/**
 * Digests of the parts of uploads, noted once a part is durable: who goes on with an upload compares them with the bytes they have, instead of
 * trusting that what is stored is theirs.
 */
export class PartDigests {
  private readonly db: Database;
  private readonly uploads: UploadArea;
  private readonly standing = new Map<string, Standing>();

  constructor(db: Database, uploads: UploadArea) {
    this.db = db;
    this.uploads = uploads;
  }

  /**
   * Appends bytes to an upload, as `UploadArea.append` does, and notes the digests of its parts.
   * @throws as `UploadArea.append`
   */
  async append(uploadId: string, offset: number, bytes: AsyncIterable<Uint8Array>): Promise<number> {
    const standing = await this.at(uploadId, offset);
    this.standing.delete(uploadId);
    try {
      const size = await this.uploads.append(uploadId, offset, hashed(bytes, standing), (durable) =>
        this.note(uploadId, standing, durable),
      );
      await this.note(uploadId, standing, size);
      if (standing.offset === size) this.remember(uploadId, standing);
      return size;
    } catch (fault) {
      // As much as is stored, nobody knows what of it another one wrote: only who is alone notes anything.
      if ((fault as Error).name !== 'UploadOffsetWrong')
        await this.note(uploadId, standing, (await this.uploads.get(uploadId))?.size ?? 0);
      throw fault;
    }
  }

  /** Digests of parts from a number on, lower-case hex, in order. */
  async parts(uploadId: string, from: number, limit: number): Promise<string[]> {
    const rows = await this.db
      .selectFrom('upload_part')
      .select('sha256')
      .where('upload_id', '=', uploadId)
      .where('part', '>=', from)
      .orderBy('part')
      .limit(limit)
      .execute();
    return rows.map(({ sha256 }) => sha256);
  }

  /** SHA-256 of the bytes after the last noted part, with how many they are. Read again where this process has not hashed them. */
  async rest(uploadId: string, offset: number): Promise<{ bytes: number; sha256: string; parts: number }> {
    const standing = await this.at(uploadId, offset);
    await this.note(uploadId, standing, offset);
    this.remember(uploadId, standing);
    return {
      bytes: offset % partBytes,
      sha256: standing.hash.copy().digest('hex'),
      parts: Math.floor(offset / partBytes),
    };
  }

  private async at(uploadId: string, offset: number): Promise<Standing> {
    const known = this.standing.get(uploadId);
    if (known?.offset === offset) return known;
    const { rows } = await sql<{ count: number }>`select count(*)::bigint as count from upload_part
      where upload_id = ${uploadId}`.execute(this.db);
    const first = Math.min(rows[0]!.count, Math.floor(offset / partBytes));
    const standing: Standing = { offset: first * partBytes, hash: createHash('sha256'), waiting: [], first };
    if (standing.offset < offset) {
      for await (const piece of this.uploads.read(uploadId, standing.offset)) {
        take(standing, piece.subarray(0, offset - standing.offset));
        if (standing.offset === offset) break;
      }
    }
    return standing;
  }

  /** Notes the parts that lie below so many durable bytes. */
  private async note(uploadId: string, standing: Standing, durable: number): Promise<void> {
    const count = Math.min(standing.waiting.length, Math.floor(durable / partBytes) - standing.first);
    if (count <= 0) return;
    const rows = standing.waiting
      .slice(0, count)
      .map((sha256, at) => ({ upload_id: uploadId, part: standing.first + at, sha256 }));
    await this.db
      .insertInto('upload_part')
      .values(rows)
      .onConflict((conflict) => conflict.doNothing())
      .execute();
    standing.waiting.splice(0, count);
    standing.first += count;
  }

  private remember(uploadId: string, standing: Standing): void {
    if (this.standing.size >= mostRemembered) this.standing.clear();
    this.standing.set(uploadId, standing);
  }
}

/** Passes bytes on and takes them into the digests of their parts. */
async function* hashed(bytes: AsyncIterable<Uint8Array>, standing: Standing): AsyncGenerator<Uint8Array> {
  for await (const piece of bytes) {
    take(standing, piece);
    yield piece;
  }
}

function take(standing: Standing, piece: Uint8Array): void {
  for (let at = 0; at < piece.length; ) {
    const room = partBytes - (standing.offset % partBytes);
    const part = piece.subarray(at, at + room);
    standing.hash.update(part);
    standing.offset += part.length;
    at += part.length;
    if (part.length < room) continue;
    standing.waiting.push(standing.hash.digest('hex'));
    standing.hash = createHash('sha256');
  }
}
