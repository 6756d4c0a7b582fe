/** TIFF tags we look at, by the names of TIFF 6.0 and of the vendors that registered them. */
export const tag = {
  newSubfileType: 254,
  imageWidth: 256,
  imageLength: 257,
  bitsPerSample: 258,
  compression: 259,
  photometric: 262,
  fillOrder: 266,
  imageDescription: 270,
  make: 271,
  model: 272,
  stripOffsets: 273,
  orientation: 274,
  samplesPerPixel: 277,
  rowsPerStrip: 278,
  stripByteCounts: 279,
  xResolution: 282,
  yResolution: 283,
  planarConfiguration: 284,
  resolutionUnit: 296,
  software: 305,
  dateTime: 306,
  predictor: 317,
  tileWidth: 322,
  tileLength: 323,
  tileOffsets: 324,
  tileByteCounts: 325,
  subIfds: 330,
  extraSamples: 338,
  sampleFormat: 339,
  jpegTables: 347,
  ycbcrSubsampling: 530,
  imageDepth: 32997,
  tileDepth: 32998,
  olympusSis: 33560,
  stkFirst: 33628,
  stkPlanes: 33629,
  zeissSem: 34118,
  lsm: 34412,
  fei: 34682,
  imagejMetadataCounts: 50838,
  imagejMetadata: 50839,
  microManager: 51123,
  gatanUnitX: 65003,
  gatanUnitY: 65004,
  gatanScaleX: 65009,
  gatanScaleY: 65010,
} as const;

/** Bytes of one value of each TIFF field type; 0 where the type is not known. 13 = IFD, 16..18 = BigTIFF. */
export function fieldTypeSize(type: number): number {
  return [0, 1, 1, 2, 4, 8, 1, 1, 2, 4, 8, 4, 8, 4, 0, 0, 8, 8, 8][type] ?? 0;
}

const compressionNames: Readonly<Record<number, string>> = {
  1: 'none',
  2: 'CCITT modified Huffman',
  3: 'CCITT group 3 fax',
  4: 'CCITT group 4 fax',
  5: 'LZW',
  6: 'old-style JPEG',
  7: 'JPEG',
  8: 'deflate',
  32773: 'PackBits',
  32946: 'deflate',
  33003: 'JPEG 2000 (Aperio)',
  33005: 'JPEG 2000 (Aperio)',
  34712: 'JPEG 2000',
  34887: 'LERC',
  34892: 'lossy JPEG (DNG)',
  34925: 'LZMA',
  34926: 'zstd',
  34927: 'WebP',
  34933: 'PNG',
  34934: 'JPEG XR',
  48124: 'Jetraw',
  50000: 'zstd',
  50001: 'WebP',
  50002: 'JPEG XL',
};

/** Name of a compression for people. */
export function compressionName(code: number): string {
  return compressionNames[code] ?? `number ${code}`;
}

/** Do we decode this compression? */
export function isCompressionRead(code: number): boolean {
  return [1, 5, 7, 8, 32773, 32946, 34926, 50000].includes(code);
}

/** Compressions that lose information when used as they usually are. */
export function isCompressionLossy(code: number): boolean {
  return [6, 7, 33003, 33005, 34892, 50002].includes(code);
}
