import { type ByteBudget, LoadCache, pageMemory, type PlayedLoop } from '@micrarium/formats';
import type { VivPixels } from './viv-pixel-source.ts';

/** Pixels with what they cost. */
export interface CachedPixels extends VivPixels {
  byteLength: number;
}

/**
 * Decoded tiles of one open image, paid from the memory of the page, and how many of them are awaited to be drawn: those read
 * ahead are not.
 */
export class ImageTiles extends LoadCache<CachedPixels> {
  drawing = 0;
  private arrived: (() => void) | undefined;

  constructor(budget: ByteBudget = pageMemory().budget) {
    super(budget);
  }

  /** The image is on the screen. @param arrived told once, of the first pixels to be drawn */
  show(arrived: () => void): void {
    this.arrived = arrived;
    pageMemory().show(this);
  }

  /** Counts what is awaited to be drawn. */
  async awaited<Read>(loading: Promise<Read>): Promise<Read> {
    this.drawing++;
    try {
      const read = await loading;
      this.arrived?.();
      this.arrived = undefined;
      return read;
    } finally {
      this.drawing--;
    }
  }

  /** What the image shows one after the other while it is played; `undefined` once it rests. */
  play(loop: PlayedLoop | undefined): void {
    if (loop) pageMemory().play(this, loop);
    else pageMemory().rest(this);
  }

  /** The image is gone, and its tiles with it. */
  close(): void {
    pageMemory().close(this);
    this.clear();
  }
}

/** The place for decoded tiles of one open image, in the memory of the page. */
export function tilesOfImage(): ImageTiles {
  return new ImageTiles();
}
