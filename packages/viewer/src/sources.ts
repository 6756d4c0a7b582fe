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
  readonly levels: readonly {
    width: number;
    height: number;
    depth: number;
    tileWidth: number;
    tileHeight: number;
    /** Slices the file keeps together; left out = each by itself. */
    tileDepth?: number;
  }[];
  readRegion(plane: PlaneIndex, region?: SourceRegion, level?: number, signal?: AbortSignal): Promise<PixelBlock>;
  /** Reads neighbouring whole slices at once, one after the other in `data`; left out where that saves nothing. */
  readSlab?(first: PlaneIndex, slices: number, level?: number, signal?: AbortSignal): Promise<PixelBlock>;
  /** Opens the label masks that belong to the image; left out where it has none. */
  labels?(signal?: AbortSignal): Promise<{ labels: readonly Omit<LabelSource, 'width' | 'height'>[] }>;
}

/** An image whose values are names of objects (0 is background), and where it lies. */
export interface LabelSource {
  name: string;
  image: ImageSource;
  /** Pixels of the image it lies over. */
  width: number;
  height: number;
  /** Colours the file gives to values, each part 0 to 255. */
  colors: readonly { value: number; rgba?: readonly [number, number, number, number] }[];
}
