import { type JsonValues, parseValues } from './header.ts';

/** A plane of an NDTiff data set as `NDTiff.index` lists it. */
export interface NdtiffPlane {
  /** Places on the axes, such as `{"time": 3, "channel": "DAPI"}`. */
  axes: Readonly<Record<string, number | string>>;
  file: string;
  offset: number;
  width: number;
  height: number;
  pixelType: number;
  compression: number;
  /** Where its metadata lie in the same file; `packed` where they are compressed. */
  metadata: { offset: number; length: number; packed: boolean };
}

const mostPlanes = 4_000_000;

/**
 * Reads `NDTiff.index` (Micro-Manager NDTiffStorage, versions 2 and 3): for each plane the length of a JSON text and the
 * text, the length of a file name and the name, and eight numbers of 32 bits, little endian. What stands before a fault is kept.
 */
export function readNdtiffIndex(bytes: Uint8Array): { planes: NdtiffPlane[]; isWhole: boolean } {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const planes: NdtiffPlane[] = [];
  let at = 0;
  const textAt = (): string | undefined => {
    const length = at + 4 <= bytes.length ? view.getUint32(at, true) : Number.POSITIVE_INFINITY;
    if (at + 4 + length > bytes.length) return undefined;
    const text = new TextDecoder().decode(bytes.subarray(at + 4, at + 4 + length));
    at += 4 + length;
    return text;
  };
  while (at < bytes.length && planes.length < mostPlanes) {
    const axes = textAt();
    const file = axes === undefined ? undefined : textAt();
    if (axes === undefined || file === undefined || at + 32 > bytes.length) return { planes, isWhole: false };
    const number = (n: number): number => view.getUint32(at + 4 * n, true);
    planes.push({
      axes: axesOf(parseValues(axes)),
      file,
      offset: number(0),
      width: number(1),
      height: number(2),
      pixelType: number(3),
      compression: number(4),
      metadata: {
        offset: number(5),
        length: number(6),
        packed: number(7) !== 0,
      },
    });
    at += 32;
  }
  return { planes, isWhole: at === bytes.length };
}

function axesOf(values: JsonValues): Record<string, number | string> {
  const axes: Record<string, number | string> = {};
  for (const [axis, place] of Object.entries(values))
    if (typeof place === 'string' || (typeof place === 'number' && Number.isInteger(place))) axes[axis] = place;
  return axes;
}
