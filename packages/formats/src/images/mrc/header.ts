import type { PixelType } from '@micrarium/model';
import { halfByteRow } from './half-bytes.ts';
import { fixedTexts } from '../stored/claimed-size.ts';

/** One axis in space: how many voxels, how far apart in the file, how large. */
export interface MrcAxis {
  count: number;
  /** Bytes from one voxel to the next. */
  stride: number;
  /** Voxel size in angstroms; 0 where the file does not say. */
  angstroms: number;
}

/** The header of an MRC file (MRC2014, https://www.ccpem.ac.uk/mrc-format/). */
export interface MrcHeader {
  little: boolean;
  mode: number;
  type: PixelType | undefined;
  /** Bytes of a stored value. */
  bytes: number;
  /** Values of a voxel: a complex one has its real and its imaginary part. */
  parts: 1 | 2;
  /** Values of a row, where two of them share a byte. */
  halfByteRow?: number;
  x: MrcAxis;
  y: MrcAxis;
  z: MrcAxis;
  spaceGroup: number;
  /** Sections along the cell in z, which is the depth of one volume in a stack of volumes. */
  volumeDepth: number;
  /** Where the pixels begin, and where they should end. */
  start: number;
  end: number;
  labels: string[];
}

const modes: Readonly<Record<number, { type: PixelType; bytes: number; parts?: 2 }>> = {
  0: { type: 'int8', bytes: 1 },
  1: { type: 'int16', bytes: 2 },
  2: { type: 'float32', bytes: 4 },
  3: { type: 'int16', bytes: 2, parts: 2 },
  4: { type: 'float32', bytes: 4, parts: 2 },
  6: { type: 'uint16', bytes: 2 },
  // Half floats are given as floats, which hold them exactly.
  12: { type: 'float32', bytes: 2 },
  // Four bits, given as bytes; two share one in the file.
  101: { type: 'uint8', bytes: 1 },
};

/** Reads the header in its own byte order; a text says why it cannot be used. */
export function readMrcHeader(bytes: Uint8Array): MrcHeader | string {
  if (bytes.length < 1024) return 'the file is shorter than the header';
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const little = isLittle(bytes, view);
  const int = (at: number): number => view.getInt32(at, little);
  const counts = [int(0), int(4), int(8)];
  if (counts.some((count) => count < 1)) return `${counts.join(' x ')} voxels`;
  const extended = int(92);
  if (extended < 0) return `an extended header of ${extended} bytes`;
  const mode = int(12);
  const stored = modes[mode];
  const parts = stored?.parts ?? 1;
  const size = (stored?.bytes ?? 0) * parts;
  const isHalf = mode === 101;
  const rowBytes = isHalf ? halfByteRow(counts[0]!) : size * counts[0]!;
  const strides = [size, size * counts[0]!, size * counts[0]! * counts[1]!];
  const stated = [int(64), int(68), int(72)];
  // Old files leave the order of the axes empty.
  const order = stated.toSorted().join() === '1,2,3' ? stated : [1, 2, 3];
  const axis = (number: number): MrcAxis => {
    const at = order.indexOf(number);
    const intervals = int(24 + 4 * number);
    const cell = Number(view.getFloat32(36 + 4 * number, little).toPrecision(7));
    const angstroms = intervals > 0 && cell > 0 ? Number((cell / intervals).toPrecision(7)) : 0;
    return { count: counts[at]!, stride: strides[at]!, angstroms };
  };
  return {
    little,
    mode,
    type: mode === 0 && isUnsigned(view, little) ? 'uint8' : stored?.type,
    bytes: stored?.bytes ?? 0,
    parts,
    ...(isHalf ? { halfByteRow: counts[0]! } : {}),
    x: axis(1),
    y: axis(2),
    z: axis(3),
    spaceGroup: int(88),
    volumeDepth: int(36),
    start: 1024 + extended,
    end: 1024 + extended + rowBytes * counts[1]! * counts[2]!,
    labels: fixedTexts(bytes.subarray(224), 80),
  };
}

/** By the machine stamp; where it says nothing, by the order in which the mode is a small number. */
function isLittle(bytes: Uint8Array, view: DataView): boolean {
  if (bytes[212] === 0x44) return true;
  if (bytes[212] === 0x11) return false;
  return Math.abs(view.getInt32(12, true)) < 1024;
}

/** IMOD wrote bytes without sign unless a flag beside its own stamp says otherwise. */
function isUnsigned(view: DataView, little: boolean): boolean {
  return view.getInt32(152, little) === 1_146_047_817 && (view.getInt32(156, little) & 1) === 0;
}

/** Half floats (IEEE 754 binary16) in the machine's order to floats. */
export function halfFloats(bytes: Uint8Array): Float32Array {
  const halves = new Uint16Array(bytes.buffer, bytes.byteOffset, bytes.byteLength >> 1);
  return Float32Array.from(halves, (half) => {
    const sign = half & 0x8000 ? -1 : 1;
    const exponent = (half >> 10) & 31;
    const fraction = half & 1023;
    if (exponent === 31) return fraction === 0 ? sign * Infinity : Number.NaN;
    return exponent === 0 ? sign * fraction * 2 ** -24 : sign * (1024 + fraction) * 2 ** (exponent - 25);
  });
}
