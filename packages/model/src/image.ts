import type { Quantity } from './units.ts';

/** Pixel types, named as in numpy. */
export type PixelType =
  | 'bool'
  | 'uint8'
  | 'int8'
  | 'uint16'
  | 'int16'
  | 'uint32'
  | 'int32'
  | 'uint64'
  | 'int64'
  | 'float16'
  | 'float32'
  | 'float64'
  | 'complex64'
  | 'complex128';

/** Lengths of the axes; t, c, z, y and x are always there (1 where the source has none), then further axes by name. */
export interface ImageSizes {
  t: number;
  c: number;
  z: number;
  y: number;
  x: number;
  [axis: string]: number;
}

/** What the places of a further axis stand for, where the file says: at equal distance, or each by its own label. */
export interface FurtherAxis {
  /** Value of the first place, and distance of the places, in `unit`. */
  start?: number;
  step?: number;
  /** Such as `nanometer` or `degree`. */
  unit?: string;
  /** One for each place. */
  labels?: string[];
}

/** One channel: what was seen through which filter. Wavelengths in nanometers, exposure in seconds. */
export interface ChannelDescription {
  /** As in the file, or `''` where the file does not name it. */
  name: string;
  /** Six hex digits, no `#`. */
  color?: string;
  fluorophore?: string;
  excitationNanometers?: number;
  emissionNanometers?: number;
  exposureSeconds?: number;
  contrastMethod?: string;
  /** Such as "LaserScanningConfocalMicroscopy", in the file's words. */
  acquisitionMode?: string;
  /** Such as "Epifluorescence" or "Transmitted", in the file's words. */
  illumination?: string;
  pinholeMicrometers?: number;
  /** Display window the file proposes. */
  window?: { start: number; end: number };
}

/** The microscope, as far as the file says. */
export interface InstrumentDescription {
  manufacturer?: string;
  model?: string;
  objective?: {
    model?: string;
    magnification?: number;
    numericalAperture?: number;
    immersion?: string;
    correction?: string;
    workingDistanceMicrometers?: number;
    /** Of the immersion medium. */
    refractiveIndex?: number;
  };
  detector?: string;
  /** Gain, binning and the like, in the file's words. */
  detectorSettings?: string;
  /** Lasers and lamps, each in a few words with its wavelength. */
  lightSources?: string[];
  software?: string;
}

/**
 * What an image is, whatever file it came from. What the file does not say is left out: a pixel size of zero,
 * of "1 pixel" or of an inch by default is not saying.
 */
export interface ImageDescription {
  name: string;
  sizes: ImageSizes;
  type: PixelType;
  /** 3 for RGB, 4 for RGBA; left out for one sample a pixel. */
  samples?: number;
  voxelSize?: { z?: Quantity; y?: Quantity; x?: Quantity };
  timeStep?: Quantity;
  /** Seconds of each time point since the first, where the file says; at most 10 000 of them. */
  planeTimes?: number[];
  /** From the start of the recording to the first plane. */
  timeOffset?: Quantity;
  /** Further axes by name, where the file says what their places are. */
  furtherAxes?: Readonly<Record<string, FurtherAxis>>;
  /** Position of the stage. */
  origin?: { z?: Quantity; y?: Quantity; x?: Quantity };
  channels: ChannelDescription[];
  /** ISO 8601. */
  acquiredAt?: string;
  description?: string;
  instrument?: InstrumentDescription;
  /** Bits that carry information, where fewer than the type has. */
  significantBits?: number;
}

/** Which plane of an image: zero-based indices; axes not named are 0. */
export interface PlaneIndex {
  t: number;
  c: number;
  z: number;
  /** Further axes, by name. */
  other?: Readonly<Record<string, number>>;
}

/** Pixels of one plane or region, row by row (y, x, sample), in the machine's byte order. */
export interface PixelBlock {
  width: number;
  height: number;
  /** Values per pixel: 1, or 3 and 4 for colour. */
  samples: number;
  type: PixelType;
  data:
    | Uint8Array
    | Int8Array
    | Uint16Array
    | Int16Array
    | Uint32Array
    | Int32Array
    | Float32Array
    | Float64Array
    | BigUint64Array
    | BigInt64Array;
}
