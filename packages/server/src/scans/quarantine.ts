import type { BlobStore } from '@micrarium/repository';
import { noteEvent } from '../audit/audit-log.ts';
import type { Database } from '../database/connect.ts';
import { sql } from 'kysely';

/** Milliseconds after which another process has heard of a change. */
const heardWithin = 2_000;

/** Why a file is given to nobody. */
export interface HeldBack {
  reason: string;
  /** ISO 8601. */
  since: string;
}

/** A file was asked for that is in quarantine. */
export class FileQuarantined extends Error {
  override readonly name = 'FileQuarantined';
}

/**
 * Published files that are given to nobody, because something was found in them, while the rest of the study stays: by digest, so that the same bytes are held back
 * wherever they were published. Bytes, digests and metadata are kept as they are; it can be lifted.
 */
export class Quarantine {
  private readonly db: Database;
  private held: ReadonlyMap<string, HeldBack> = new Map();
  private readAt = Number.NEGATIVE_INFINITY;

  constructor(db: Database) {
    this.db = db;
  }

  /** All of them, by digest; read again after two seconds, so that a read of a chunk costs nothing. */
  async all(): Promise<ReadonlyMap<string, HeldBack>> {
    if (performance.now() - this.readAt < heardWithin) return this.held;
    const rows = await this.db.selectFrom('file_quarantine').select(['sha256', 'reason', 'placed_at']).execute();
    this.held = new Map(
      rows.map(({ sha256, reason, placed_at }) => [sha256, { reason, since: placed_at.toISOString() }]),
    );
    this.readAt = performance.now();
    return this.held;
  }

  /** Files with why they are held back, where they are. */
  async marked<File extends { sha256: string }>(
    files: readonly File[],
  ): Promise<(File & { quarantined?: HeldBack })[]> {
    const held = await this.all();
    return files.map((file) => {
      const quarantined = held.get(file.sha256);
      return quarantined ? { ...file, quarantined } : file;
    });
  }

  /** Files of a study that are held back, in the version they came with. */
  async ofStudy(accession: string): Promise<({ version: number; path: string; sha256: string } & HeldBack)[]> {
    const { rows } = await sql<{ version: number; path: string; sha256: string; reason: string; at: Date }>`
      select max(file.version) as version, file.path, file.sha256, held.reason, held.placed_at as at
      from version_file as file join file_quarantine as held on held.sha256 = file.sha256
      where accession = ${accession} group by file.path, file.sha256, held.reason, held.placed_at
      order by file.path limit 1000`.execute(this.db);
    return rows.map(({ at, ...row }) => ({ ...row, since: at.toISOString() }));
  }

  /** Holds a file back; one that is held already gets the new reason. */
  async place(
    file: { accession: string; version: number; path: string; sha256: string },
    reason: string,
    by: string,
  ): Promise<void> {
    const { accession, version, path, sha256 } = file;
    await this.db.transaction().execute(async (tx) => {
      await tx
        .insertInto('file_quarantine')
        .values({ sha256, reason, placed_by: by })
        .onConflict((conflict) => conflict.column('sha256').doUpdateSet({ reason, placed_by: by }))
        .execute();
      await noteEvent(tx, 'file.quarantine', accession, { version, path, reason });
    });
    this.readAt = Number.NEGATIVE_INFINITY;
  }

  /** Gives it out again; `false` where it is not held back. */
  async lift(
    file: { accession: string; version: number; path: string; sha256: string },
    reason: string,
  ): Promise<boolean> {
    const { accession, version, path, sha256 } = file;
    const isLifted = await this.db.transaction().execute(async (tx) => {
      const gone = await tx
        .deleteFrom('file_quarantine')
        .where('sha256', '=', sha256)
        .returning('sha256')
        .executeTakeFirst();
      if (gone) await noteEvent(tx, 'file.release', accession, { version, path, reason });
      return gone !== undefined;
    });
    this.readAt = Number.NEGATIVE_INFINITY;
    return isLifted;
  }
}

/** A store that gives out no bytes in quarantine. The scanner, and whoever checks and keeps the bytes, read the store itself. */
export function withQuarantine(blobs: BlobStore, quarantine: Quarantine): BlobStore {
  const demand = async (sha256: string): Promise<void> => {
    const held = (await quarantine.all()).get(sha256);
    if (held) throw new FileQuarantined(`This file is in quarantine: ${held.reason}`);
  };
  return {
    ...(blobs.isElsewhere === undefined ? {} : { isElsewhere: blobs.isElsewhere }),
    adopt: (file, blob) => blobs.adopt(file, blob),
    has: (sha256) => blobs.has(sha256),
    remove: (sha256) => blobs.remove(sha256),
    async open(sha256) {
      await demand(sha256);
      return await blobs.open(sha256);
    },
    async pathOf(sha256) {
      await demand(sha256);
      return await blobs.pathOf(sha256);
    },
    ...(blobs.presigned
      ? {
          async presigned(sha256: string, headers: Record<string, string>) {
            await demand(sha256);
            return await blobs.presigned!(sha256, headers);
          },
        }
      : {}),
    ...(blobs.lost ? { lost: (sha256: string) => blobs.lost!(sha256) } : {}),
    heldBack: async (sha256) => (await quarantine.all()).get(sha256)?.reason,
  };
}
