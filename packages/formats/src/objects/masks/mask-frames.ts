import type { PixelBlock } from '@micrarium/model';
import type { ImagePixels } from '../../images/image-reader.ts';
import { traceOutline } from './outline.ts';
import { type Connectivity, PieceFinder, type PieceSums } from './pieces.ts';

/** An object of a mask in one frame, in pixels and slices; the centre of the first pixel is 0. */
export interface MaskObject {
  /** Value of its pixels; 1 in a binary mask. */
  value: number;
  /** Centre of mass. */
  x: number;
  y: number;
  z: number;
  /** Pixels (voxels). */
  size: number;
  /** Connected pieces: one, but for labels that are scattered. */
  pieces: number;
  /** Closed outlines of each piece in each slice, where asked for: x, y, z of the vertices, interleaved. */
  outlines: number[][];
}

/** How a mask is read. */
export interface MaskReading {
  /** `labels`: every value is one object. `binary`: every connected piece is one. */
  kind: 'binary' | 'labels';
  connectivity: Connectivity;
  outlines: boolean;
  signal?: AbortSignal;
}

/** The image is no mask. */
export class NotAMask extends Error {
  override readonly name = 'NotAMask';
}

/** Rows are read in bands of this many pixels; outlines need a plane whole. */
const bandPixels = 1 << 22;
const largestPlane = 1 << 27;
/** Most objects of one frame; more are no objects but noise. */
const mostPieces = 2_000_000;

/** Values of a region as numbers, one a pixel. Grey stored as colour (equal samples, perhaps opacity) is taken as grey. */
export function maskValues({ data, samples, width, height }: PixelBlock): ArrayLike<number> {
  const numbers =
    data instanceof BigInt64Array || data instanceof BigUint64Array ? Float64Array.from(data, Number) : data;
  if (samples === 1) return numbers;
  const values = new Float64Array(width * height);
  // Two samples are grey and opacity, four are colour and opacity.
  const colours = samples === 2 ? 1 : Math.min(3, samples);
  for (let i = 0; i < values.length; i++) {
    const first = numbers[i * samples]!;
    for (let s = 1; s < colours; s++)
      if (numbers[i * samples + s] !== first) throw new NotAMask('it is a colour image');
    values[i] = first;
  }
  return values;
}

/** Rows of a plane, band by band. */
async function* bands(
  image: ImagePixels,
  plane: { t: number; c: number; z: number },
  signal?: AbortSignal,
): AsyncGenerator<{ y: number; height: number; values: ArrayLike<number> }> {
  const { x: width, y: rows } = image.description.sizes;
  const step = Math.max(1, Math.min(rows, Math.floor(bandPixels / width)));
  for (let y = 0; y < rows; y += step) {
    signal?.throwIfAborted();
    const height = Math.min(step, rows - y);
    const block = await image.readRegion(plane, { x: 0, y, width, height }, 0, signal);
    yield { y, height, values: maskValues(block) };
  }
}

/**
 * Is the mask binary or of labels? Binary where all planes together have one value beside 0. Stops as soon as a second
 * is seen.
 * @throws NotAMask for colours, and for values that are no whole numbers from 0
 */
export async function maskKind(image: ImagePixels, signal?: AbortSignal): Promise<'binary' | 'labels' | 'empty'> {
  const { sizes } = image.description;
  let only = 0;
  for (let t = 0; t < sizes.t; t++)
    for (let z = 0; z < sizes.z; z++)
      for await (const { values } of bands(image, { t, c: 0, z }, signal))
        for (let i = 0; i < values.length; i++) {
          const value = values[i]!;
          if (value === 0 || value === only) continue;
          if (!Number.isInteger(value) || value < 0) throw new NotAMask(`it has the value ${value}`);
          if (only !== 0) return 'labels';
          only = value;
        }
  return only === 0 ? 'empty' : 'binary';
}

/**
 * Objects of one frame of a mask, in the order in which their first pixels are met (labels: by value). Memory is a band
 * of rows, or a plane of numbers where outlines are wanted.
 * @throws NotAMask, PixelsUnreadable
 */
export async function maskObjects(image: ImagePixels, t: number, reading: MaskReading): Promise<MaskObject[]> {
  const { sizes } = image.description;
  const { kind, connectivity, signal } = reading;
  if (reading.outlines && sizes.x * sizes.y > largestPlane)
    throw new NotAMask(`outlines need planes of at most ${largestPlane} pixels`);
  const finder = new PieceFinder(connectivity, kind === 'binary');
  const outlines = new Map<number, number[][]>();
  const drawn: { piece: number; outline: number[] }[] = [];
  for (let z = 0; z < sizes.z; z++) {
    finder.startPlane(z, sizes.z > 1);
    const numbers = reading.outlines ? new Int32Array(sizes.x * sizes.y) : undefined;
    for await (const { y, height, values } of bands(image, { t, c: 0, z }, signal))
      for (let row = 0; row < height; row++) {
        const line = rowOf(values, row, sizes.x);
        checkValues(line);
        finder.row(y + row, sizes.x, line, numbers, (y + row) * sizes.x);
        if (finder.begun > mostPieces) throw new NotAMask(`it has more than ${mostPieces} pieces in frame ${t}`);
      }
    if (numbers) for (const one of planeOutlines(numbers, finder, sizes.x, sizes.y, z, connectivity)) drawn.push(one);
  }
  // Pieces of two slices may have been joined since: the number is asked for again.
  for (const { piece, outline } of drawn) {
    const number = finder.pieceOf(piece + 1);
    const list = outlines.get(number);
    if (list) list.push(outline);
    else outlines.set(number, [outline]);
  }
  return objectsOf(finder.pieces(), outlines, kind);
}

function rowOf(values: ArrayLike<number>, row: number, width: number): ArrayLike<number> {
  return (values as Float64Array).subarray(row * width, (row + 1) * width);
}

function checkValues(line: ArrayLike<number>): void {
  if (!(line instanceof Float32Array || line instanceof Float64Array || line instanceof Int8Array)) return;
  for (let i = 0; i < line.length; i++)
    if (!Number.isInteger(line[i]!) || line[i]! < 0) throw new NotAMask(`it has the value ${line[i]}`);
}

/** Outlines of all pieces of a plane: the outer one of each, from its first pixel. */
function* planeOutlines(
  numbers: Int32Array,
  finder: PieceFinder,
  width: number,
  height: number,
  z: number,
  connectivity: Connectivity,
): Generator<{ piece: number; outline: number[] }> {
  const inPlane = new InPlanePieces(numbers, width, height, finder, connectivity);
  for (const { piece, x, y, inside } of inPlane.each()) {
    const flat = traceOutline(inside, x, y, connectivity);
    const outline: number[] = [];
    for (let i = 0; i < flat.length; i += 2) outline.push(flat[i]!, flat[i + 1]!, z);
    yield { piece, outline };
  }
}

/** Pieces of one plane. In a stack one piece may have several in a plane, each with its own outline. */
class InPlanePieces {
  private readonly numbers: Int32Array;
  private readonly width: number;
  private readonly height: number;
  private readonly flat: PieceFinder;
  private readonly finder: PieceFinder;
  private readonly own: Int32Array;

  constructor(numbers: Int32Array, width: number, height: number, finder: PieceFinder, connectivity: Connectivity) {
    this.numbers = numbers;
    this.width = width;
    this.height = height;
    this.finder = finder;
    this.flat = new PieceFinder(connectivity, false);
    this.own = new Int32Array(numbers.length);
    for (let i = 0; i < numbers.length; i++) if (numbers[i] !== 0) numbers[i] = finder.pieceOf(numbers[i]!) + 1;
    this.flat.startPlane(0, false);
    for (let y = 0; y < height; y++)
      this.flat.row(y, width, numbers.subarray(y * width, (y + 1) * width), this.own, y * width);
    for (let i = 0; i < numbers.length; i++) if (this.own[i] !== 0) this.own[i] = this.flat.pieceOf(this.own[i]!) + 1;
  }

  *each(): Generator<{ piece: number; x: number; y: number; inside: (x: number, y: number) => boolean }> {
    const { own, width, height } = this;
    const seen = new Set<number>();
    for (let i = 0; i < own.length; i++) {
      const number = own[i]!;
      if (number === 0 || own[i - 1] === number || seen.has(number)) continue;
      seen.add(number);
      const inside = (x: number, y: number) =>
        x >= 0 && y >= 0 && x < width && y < height && own[y * width + x] === number;
      yield { piece: this.finder.pieceOf(this.numbers[i]!), x: i % width, y: Math.floor(i / width), inside };
    }
  }
}

function objectsOf(
  pieces: ReadonlyMap<number, PieceSums>,
  outlines: ReadonlyMap<number, number[][]>,
  kind: 'binary' | 'labels',
): MaskObject[] {
  const objects = new Map<number, MaskObject>();
  for (const [number, { value, size, x, y, z }] of pieces) {
    const key = kind === 'labels' ? value : number;
    const object = objects.get(key) ?? { value, x: 0, y: 0, z: 0, size: 0, pieces: 0, outlines: [] };
    object.size += size;
    object.x += x;
    object.y += y;
    object.z += z;
    object.pieces++;
    object.outlines.push(...(outlines.get(number) ?? []));
    objects.set(key, object);
  }
  const list = [...objects.values()];
  for (const object of list) {
    object.x /= object.size;
    object.y /= object.size;
    object.z /= object.size;
  }
  return kind === 'labels' ? list.sort((a, b) => a.value - b.value) : list;
}
