import type { ImagePixels, OpenedImages } from '@micrarium/formats';
import type { Issue } from '@micrarium/model';
import type { StoredFile } from '../recognise.ts';

/** Images an external program made of files that we do not decode, and how it made them. */
export interface ConversionRun {
  images: ImagePixels[];
  rawMetadata?: OpenedImages['rawMetadata'];
  /** Name and version of the program, and its arguments without names of files: for provenance. */
  program: string;
  version: string;
  arguments: string;
  /** The end of what it printed. */
  log: string;
  issues: Issue[];
  /** Removes what was made. The images cannot be read after it. */
  dispose(): Promise<void>;
}

/** A program of the operator's that reads what we do not (bioformats2raw). */
export interface ImageConverter {
  /**
   * Converts the files of an item, in bounds of time and disk.
   * @param main path of the file that stands for the item
   * @throws ConversionRefused where there is no usable result; whatever the machine throws
   */
  convert(files: readonly StoredFile[], main: string, signal?: AbortSignal): Promise<ConversionRun>;
}

/** The program did not give a usable image: it failed, took too long or too much, or its output is invalid. */
export class ConversionRefused extends Error {
  override readonly name = 'ConversionRefused';
}
