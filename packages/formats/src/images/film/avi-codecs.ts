/** How the frames of a film are packed, as we read them. */
export type FilmPacking = 'bitmap' | 'jpeg' | 'png' | 'grey' | 'i420' | 'yv12' | 'yuy2' | 'uyvy';

/** Codes of codecs that we decode. Codes that are no letters (0, 3) are bitmaps. */
const packings: Readonly<Record<string, FilmPacking>> = {
  'DIB ': 'bitmap',
  'RGB ': 'bitmap',
  'RAW ': 'bitmap',
  MJPG: 'jpeg',
  JPEG: 'jpeg',
  JPGL: 'jpeg',
  DMB1: 'jpeg',
  AVRN: 'jpeg',
  IJPG: 'jpeg',
  'PNG ': 'png',
  MPNG: 'png',
  PNG1: 'png',
  Y800: 'grey',
  'Y8  ': 'grey',
  GREY: 'grey',
  I420: 'i420',
  IYUV: 'i420',
  YV12: 'yv12',
  YUY2: 'yuy2',
  YUYV: 'yuy2',
  UYVY: 'uyvy',
};

/** Names of codecs that we know and do not decode, for the finding that says so. */
const names: Readonly<Record<string, string>> = {
  CVID: 'Cinepak',
  CRAM: 'Microsoft Video 1',
  MSVC: 'Microsoft Video 1',
  WHAM: 'Microsoft Video 1',
  RLE8: 'run lengths (RLE8)',
  MRLE: 'run lengths (RLE8)',
  IV31: 'Indeo 3',
  IV32: 'Indeo 3',
  IV41: 'Indeo 4',
  IV50: 'Indeo 5',
  XVID: 'MPEG-4 (Xvid)',
  DIVX: 'MPEG-4 (DivX)',
  DX50: 'MPEG-4 (DivX 5)',
  FMP4: 'MPEG-4',
  MP4V: 'MPEG-4',
  DIV3: 'MPEG-4 of Microsoft (version 3)',
  MP42: 'MPEG-4 of Microsoft (version 2)',
  MP43: 'MPEG-4 of Microsoft (version 3)',
  MPG1: 'MPEG-1',
  MPG2: 'MPEG-2',
  H264: 'H.264',
  AVC1: 'H.264',
  X264: 'H.264',
  HEVC: 'H.265',
  WMV1: 'Windows Media Video 7',
  WMV2: 'Windows Media Video 8',
  WMV3: 'Windows Media Video 9',
  DVSD: 'DV',
  HFYU: 'HuffYUV',
  FFVH: 'HuffYUV',
  FFV1: 'FFV1',
  LAGS: 'Lagarith',
  TSCC: 'TechSmith Screen Capture',
  MJ2C: 'JPEG 2000',
  MJP2: 'JPEG 2000',
  ULRG: 'Ut Video',
  ULRA: 'Ut Video',
};

/** What a film says of its codec. */
export interface FilmCodec {
  /** The four letters, or the number, as the file has it. */
  code: string;
  /** What we call it. */
  name: string;
  /** Left out for codecs that we do not decode. */
  packing?: FilmPacking;
}

/** The codec of a film: by the compression of its bitmap header, else by the handler of its stream. */
export function codecOf(compression: string, handler: string, bits: number): FilmCodec {
  const number = [...compression].reduceRight((sum, letter) => sum * 256 + letter.charCodeAt(0), 0);
  if (number === 0 || number === 3) {
    const name = `uncompressed, ${bits} bits`;
    const isRead = [8, 16, 24, 32].includes(bits) && number === 0;
    return { code: handler.trim() || 'DIB', name, ...(isRead ? { packing: 'bitmap' as const } : {}) };
  }
  if (number < 16) return { code: String(number), name: number < 3 ? 'run lengths (RLE)' : `packing ${number}` };
  const upper = compression.toUpperCase();
  const packing = packings[upper];
  const readable = /^[\x20-\x7e]{4}$/.test(compression) ? compression.trim() : String(number);
  if (packing === 'jpeg') return { code: readable, name: 'JPEG', packing };
  if (packing === 'png') return { code: readable, name: 'PNG', packing };
  if (packing) return { code: readable, name: `uncompressed (${readable})`, packing };
  return { code: readable, name: names[upper] ?? readable };
}
