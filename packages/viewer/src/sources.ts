import type { ImageDescription, PixelBlock, PlaneIndex } from '@micrarium/model';

/** A rectangle of a plane, in pixels of its level. */
export interface SourceRegion {
  x: number;
  y: number;
  width: number;
  height: number;
}

/**
 * Where the viewer gets pixels from: an open image of `formats` fits as it is. The viewer knows no address, no file and no
 * server; whoever opens it hands over sources.
 */
export interface ImageSource {
  readonly description: ImageDescription;
  /** Full size first. */
  readonly levels: readonly { width: number; height: number; depth: number; tileWidth: number; tileHeight: number }[];
  readRegion(plane: PlaneIndex, region?: SourceRegion, level?: number, signal?: AbortSignal): Promise<PixelBlock>;
}
