import type { PixelType } from '@micrarium/model';
import type { FileEntry } from '../../bytes/file-tree.ts';
import { reopeningSource } from '../tiff/ome-set.ts';

const pixelTypes: Readonly<Record<number, PixelType>> = {
  1: 'int8',
  2: 'uint8',
  3: 'int16',
  4: 'uint16',
  5: 'int32',
  6: 'uint32',
  7: 'int64',
  8: 'uint64',
  9: 'float32',
  10: 'float64',
};
const compressions: Readonly<Record<number, string>> = {
  0: 'none',
  2: 'JPEG',
  3: 'JPEG 2000',
  5: 'lossless JPEG',
  8: 'PNG',
  9: 'BMP',
};

/** What an ETS file of a VSI says of its tiles. */
export interface EtsStack {
  path: string;
  tiles: number;
  tileWidth: number;
  tileHeight: number;
  type: PixelType | undefined;
  /** Values a pixel. */
  samples: number;
  compression: string;
  /** Number of places along each further axis, in the order of the file; levels of the pyramid are left out. */
  further: number[];
  /** Tiles of the full size across and down. */
  across: number;
  down: number;
}

/** Places of tiles that are looked at. */
const mostTiles = 65_536;
const mostAxes = 16;

/** Reads the head of an ETS file and the places of its tiles; `undefined` where it is none. Not seen on a real file. */
export async function readEts(entry: FileEntry): Promise<EtsStack | undefined> {
  const source = reopeningSource(entry);
  const head = await source.read(0, 64);
  if (head.length < 64 || String.fromCharCode(...head.subarray(0, 3)) !== 'SIS') return undefined;
  const view = new DataView(head.buffer, head.byteOffset, head.byteLength);
  const further = Number(view.getBigUint64(16, true));
  if (!(further >= 32 && further + 36 <= source.size)) return undefined;
  const more = await source.read(further, 160);
  if (more.length < 36 || String.fromCharCode(...more.subarray(0, 3)) !== 'ETS') return undefined;
  const values = new DataView(more.buffer, more.byteOffset, more.byteLength);
  const number = (index: number): number => values.getInt32(4 * index, true);
  const dimensions = view.getInt32(12, true);
  // Behind ten numbers of the tiles stand seventeen hints, ten of the background and one of the order of colours.
  const hasPyramid = more.length >= 156 && number(38) !== 0;
  const places = await tilePlaces(source, Number(view.getBigUint64(32, true)), view.getInt32(40, true), dimensions);
  const counted = dimensions - (hasPyramid ? 1 : 0);
  const full = hasPyramid ? places.filter((place) => place[dimensions - 1] === 0) : places;
  const extent = (axis: number): number => 1 + full.reduce((most, place) => Math.max(most, place[axis] ?? 0), 0);
  return {
    path: entry.path,
    tiles: view.getInt32(40, true),
    tileWidth: number(7),
    tileHeight: number(8),
    type: pixelTypes[number(2)],
    samples: number(3),
    compression: compressions[number(5)] ?? `number ${number(5)}`,
    further: Array.from({ length: Math.max(0, Math.min(counted, mostAxes) - 2) }, (_, n) => extent(n + 2)),
    across: extent(0),
    down: extent(1),
  };
}

/** Places of tiles: four bytes, a number for each axis, and where the tile lies (16 bytes). */
async function tilePlaces(
  source: ReturnType<typeof reopeningSource>,
  at: number,
  count: number,
  dimensions: number,
): Promise<number[][]> {
  if (!(dimensions >= 2 && dimensions <= mostAxes) || !(at > 0 && at < source.size)) return [];
  const bytes = 20 + 4 * dimensions;
  const read = Math.min(Math.max(0, count), mostTiles, Math.floor((source.size - at) / bytes));
  const table = await source.read(at, read * bytes);
  const view = new DataView(table.buffer, table.byteOffset, table.byteLength);
  return Array.from({ length: Math.floor(table.length / bytes) }, (_, n) =>
    Array.from({ length: dimensions }, (__, axis) => {
      const place = view.getInt32(n * bytes + 4 + 4 * axis, true);
      return place >= 0 && place < 10_000_000 ? place : 0;
    }),
  );
}

/** One line for the raw text. */
export function etsLine(stack: EtsStack, dimensions = stack.further.length + 2): string {
  const { path, tiles, tileWidth, tileHeight, type, samples, compression } = stack;
  return `${path}: ${tiles} tiles of ${tileWidth} x ${tileHeight} pixels, ${type ?? 'an unknown type'}, samples: ${samples}, compression: ${compression}, dimensions: ${dimensions}`;
}
