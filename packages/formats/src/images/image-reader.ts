import type { ImageDescription, Issue, PixelBlock, PlaneIndex } from '@micrarium/model';
import type { Item } from '../recognition/item.ts';
import type { FileSink, ReadOptions, WriteOptions } from '../tracks/track-reader.ts';

/** A rectangle of a plane, in pixels of its level. */
export interface Region {
  x: number;
  y: number;
  width: number;
  height: number;
}

/** Size of one level of a pyramid and of its tiles. */
export interface ImageLevel {
  width: number;
  height: number;
  depth: number;
  tileWidth: number;
  tileHeight: number;
  /** Slices the file keeps together: reading one unpacks all of them. Left out = each by itself. */
  tileDepth?: number;
}

/** Where an image stands in a multi-well plate. */
export interface PlatePlace {
  /** Name of the plate; `''` where it has none. */
  plate: string;
  /** Names of all rows and columns of the plate, and those of this well among them. */
  rows: readonly string[];
  columns: readonly string[];
  row: string;
  column: string;
  /** Name of the field in its well. */
  field: string;
  /** Id of the acquisition, where the plate was recorded more than once. */
  acquisition?: number;
}

/** An image whose values are names of objects: 0 is background. */
export interface LabelImage {
  name: string;
  image: ImagePixels;
  /** Red, green, blue, opacity of values, each 0 to 255. */
  colors: { value: number; rgba?: readonly [number, number, number, number] }[];
  /** What is said of values, as it stands. */
  properties: { value: number; [key: string]: unknown }[];
}

/** An open image: its description, and its pixels by plane and region. Nothing is read until asked. */
export interface ImagePixels {
  readonly description: ImageDescription;
  /** Full size first. Formats without a pyramid have one level. */
  readonly levels: readonly ImageLevel[];
  /** Left out where the image is of no plate. */
  readonly place?: PlatePlace;
  /** Nobody else holds the blocks it answers with: who has used one may give its memory back at once. */
  readonly givesBlocksAway?: true;
  /** Takes the memory of such a block back for one to come; where left out, it is released instead. */
  giveBack?(block: PixelBlock): void;
  /** How many regions are worth reading at once, where threads of others do the work; 1 where left out. */
  readonly readsAtOnce?: number;
  /** Opens the label images that belong to this image; left out where it has none. */
  labels?(signal?: AbortSignal): Promise<{ labels: LabelImage[]; issues: Issue[] }>;
  /**
   * Pixels of a region of one plane (the whole plane where no region is given), at level 0 unless said.
   * Values are never rescaled. Planes missing from a set are filled with 0 (and were reported as an issue).
   * @throws PixelsUnreadable where the bytes are damaged or compressed in a way we cannot decode
   */
  readRegion(plane: PlaneIndex, region?: Region, level?: number, signal?: AbortSignal): Promise<PixelBlock>;
  /**
   * Whole slices from `first` on, one after the other in `data`, each chunk unpacked once. Left out by formats whose slices
   * lie each by itself.
   * @throws PixelsUnreadable as `readRegion`
   */
  readSlab?(first: PlaneIndex, slices: number, level?: number, signal?: AbortSignal): Promise<PixelBlock>;
}

/** Pixels that cannot be decoded: damaged, or in a compression we do not read. */
export class PixelsUnreadable extends Error {
  override readonly name = 'PixelsUnreadable';
}

/** What opening an item gives: every image with pixels, in file order, and the raw metadata text. */
export interface OpenedImages {
  images: ImagePixels[];
  issues: Issue[];
  formatVersion?: string;
  /** Metadata as the file holds it (OME-XML, ImageJ description), for download. */
  rawMetadata?: { mediaType: string; text: string };
}

/** Opens the images of an item by range reads. Problems of the data come back as issues. */
export interface ImageReader {
  open(item: Item, options?: ReadOptions): Promise<OpenedImages>;
}

/** Writes images in one format. */
export interface ImageWriter {
  readonly layout: 'file' | 'folder';
  readonly extension: string;
  /** What the target cannot hold; asked before a byte is written. */
  losses(images: readonly ImagePixels[]): Issue[];
  write(images: readonly ImagePixels[], sink: FileSink, options?: WriteOptions): Promise<void>;
}
