import { statfs } from 'node:fs/promises';

/** Bytes kept free, at most; of a small disk it is a twentieth. */
const usualReserve = 5e9;
const usualShare = 0.05;
/** Milliseconds for which what was found free counts: an upload asks for each megabyte. */
const rememberedFor = 250;

/** The disk is as full as what people send may make it. `code` is the one of a full disk, which whoever writes knows. */
export class ReserveReached extends Error {
  override readonly name = 'ReserveReached';
  readonly code = 'ENOSPC';
}

/**
 * Keeps some of a disk free: uploads stop before it is full, so that the database, the audit log, publishing and whoever clears up still have
 * room. It is looked at while bytes come, and as soon as there is room again they are taken again.
 */
export class DiskReserve {
  private readonly folder: string;
  private readonly bytes: number | undefined;
  private readonly look: typeof statfs;
  private found: { at: number; isReached: Promise<boolean> } | undefined;

  /**
   * @param bytes kept free; left out, 5 GB or a twentieth of the disk, whichever is less
   * @param look for tests: what is free
   */
  constructor(folder: string, bytes?: number, look = statfs) {
    this.folder = folder;
    this.bytes = bytes;
    this.look = look;
  }

  /** Goes on while more is free than is kept. @throws ReserveReached */
  async demand(now = performance.now()): Promise<void> {
    if (this.found === undefined || now - this.found.at >= rememberedFor)
      this.found = { at: now, isReached: this.isReached() };
    if (await this.found.isReached)
      throw new ReserveReached('What is left of the disk is kept for the database and for clearing up');
  }

  private async isReached(): Promise<boolean> {
    const { bavail, blocks, bsize } = await this.look(this.folder);
    return bavail * bsize < (this.bytes ?? Math.min(usualReserve, usualShare * blocks * bsize));
  }
}
