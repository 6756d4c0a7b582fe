import {
  type Column,
  type CoordinateMapping,
  columnValue,
  type ImageDescription,
  type ObjectTable,
  type PixelBlock,
} from '@micrarium/model';
import type { ImagePixels, LabelImage, Region } from './image-reader.ts';

/** What the values of drawn labels are: the ids of objects where these fit in 32 bits, else rows of their table. 0 is background. */
export type LabelValues = 'object_id + 1' | 'row + 1';

/** What labels are drawn of. */
export interface ObjectsToDraw {
  objects: ObjectTable;
  /** How coordinates become pixels of the image. */
  mapping: CoordinateMapping;
  /** The image the labels belong to: they get its frames, slices, rows and columns. */
  image: Pick<ImageDescription, 'sizes' | 'voxelSize' | 'timeStep'>;
  name: string;
  /** A column that names the class of each object; it is told of each value. */
  classes?: Column | undefined;
}

/** A label image that is drawn while it is read. */
export interface DrawnLabels {
  label: LabelImage;
  values: LabelValues;
}

/** Values that something is said of; more would make metadata of many megabytes. */
const mostDescribed = 20_000;
const largest = 2 ** 32 - 2;

/**
 * Draws objects as labels, plane by plane as they are asked for: an outline is filled (holes by the even-odd rule, each part in
 * its slice), a radius gives a disc (a ball where objects have a z and the image slices), everything else is one pixel.
 * A pixel belongs to what its centre lies in; where objects overlap, the later row is on top. Objects outside the image or
 * without a position are not drawn. Faces of meshes are no outlines: of those one pixel.
 */
export function drawObjectLabels({ objects, mapping, image, name, classes }: ObjectsToDraw): DrawnLabels {
  const { t, z, y, x } = image.sizes;
  const areIds = objects.id.every((id) => Number.isInteger(id) && id >= 0 && id <= largest);
  const value = (row: number) => (areIds ? objects.id[row]! : row) + 1;
  const pen = new LabelPen(objects, mapping, z, value);
  const rowsOf = rowsByFrame(objects, mapping.firstFrame, t);
  const description: ImageDescription = {
    name,
    sizes: { t, c: 1, z, y, x },
    type: 'uint32',
    ...(image.voxelSize ? { voxelSize: image.voxelSize } : {}),
    ...(image.timeStep ? { timeStep: image.timeStep } : {}),
    channels: [],
  };
  const pixels: ImagePixels = {
    description,
    levels: [{ width: x, height: y, depth: z, tileWidth: x, tileHeight: y }],
    readRegion(plane, region = { x: 0, y: 0, width: x, height: y }): Promise<PixelBlock> {
      const { width, height } = region;
      const data = new Uint32Array(width * height);
      for (const row of rowsOf(plane.t)) pen.draw(row, plane.z, region, data);
      return Promise.resolve({ width, height, samples: 1, type: 'uint32', data });
    },
  };
  const properties = objects.count > mostDescribed ? [] : describedValues(objects, value, classes);
  return { label: { name, image: pixels, colors: [], properties }, values: areIds ? 'object_id + 1' : 'row + 1' };
}

function describedValues({ count, id }: ObjectTable, value: (row: number) => number, classes: Column | undefined) {
  return Array.from({ length: count }, (_, row) => {
    const named = classes && columnValue(classes, row);
    return { value: value(row), object_id: id[row]!, ...(named === undefined ? {} : { class: named }) };
  });
}

/** Rows of each frame of the image, in the order of the table. */
function rowsByFrame({ count, frame }: ObjectTable, first: number, frames: number): (t: number) => Uint32Array {
  const starts = new Uint32Array(frames + 1);
  const isThere = (row: number) => frame[row]! + first >= 0 && frame[row]! + first < frames;
  for (let row = 0; row < count; row++) if (isThere(row)) starts[frame[row]! + first + 1]!++;
  for (let t = 0; t < frames; t++) starts[t + 1]! += starts[t]!;
  const rows = new Uint32Array(starts[frames]!);
  const next = starts.slice();
  for (let row = 0; row < count; row++) if (isThere(row)) rows[next[frame[row]! + first]!++] = row;
  return (t) => rows.subarray(starts[t] ?? 0, starts[t + 1] ?? 0);
}

/** Corners of a closed outline in pixels: x and y by turns. */
type Ring = Float64Array;

class LabelPen {
  private readonly objects: ObjectTable;
  private readonly mapping: CoordinateMapping;
  private readonly slices: number;
  private readonly value: (row: number) => number;
  private readonly radius: Column | undefined;

  constructor(objects: ObjectTable, mapping: CoordinateMapping, slices: number, value: (row: number) => number) {
    this.objects = objects;
    this.mapping = mapping;
    this.slices = slices;
    this.value = value;
    this.radius = objects.columns.find(({ name, type }) => name === 'radius' && type !== 'string');
  }

  /** Draws what of an object lies in a slice and region. */
  draw(row: number, slice: number, region: Region, data: Uint32Array): void {
    const rings = this.rings(row, slice);
    const fill = (y: number, from: number, to: number) => fillRun(data, region, y, from, to, this.value(row));
    if (rings) return fillRings(rings, region, fill);
    const { x, y, z } = this.objects;
    const at = { x: x[row]!, y: y[row]!, z: z?.[row] ?? 0 };
    const [cx, cy, cz] = [this.pixel(at, 'x'), this.pixel(at, 'y'), this.depth(at)];
    const size = this.radius ? Number(columnValue(this.radius, row) ?? 0) : 0;
    const { scale } = this.mapping;
    const [rx, ry, rz] = size > 0 ? [scale.x, scale.y, scale.z].map((one) => size * Math.abs(one)) : [0, 0, 0];
    const isFlat = this.slices === 1 || !z || this.objects.entity === 'circle';
    const isMiddle = this.slices === 1 || Math.round(cz) === slice;
    const cut = isFlat ? Number(isMiddle) : Math.sqrt(Math.max(0, 1 - ((slice - cz) / rz!) ** 2));
    if (isMiddle) fill(Math.round(cy), Math.round(cx), Math.round(cx));
    if (cut > 0) fillDisc([cx, cy], [rx! * cut, ry! * cut], region, fill);
  }

  private pixel(at: Readonly<Record<'x' | 'y' | 'z', number>>, axis: 'x' | 'y' | 'z'): number {
    const { axes, offset, scale } = this.mapping;
    return (at[axes[axis]] - offset[axis]) * scale[axis];
  }

  /** Objects in the plane lie in the first slice of the mapping. */
  private depth(at: Readonly<Record<'x' | 'y' | 'z', number>>): number {
    return (this.objects.z ? this.pixel(at, 'z') : 0) + this.mapping.firstSlice;
  }

  /** Outlines of an object that lie in a slice; `undefined` where it has none in any. */
  private rings(row: number, slice: number): Ring[] | undefined {
    const { shapes, entity } = this.objects;
    if (!shapes || entity === 'face') return undefined;
    let found: Ring[] | undefined;
    for (let part = shapes.partOffsets[row]!; part < shapes.partOffsets[row + 1]!; part++) {
      const [from, to] = [shapes.vertexOffsets[part]!, shapes.vertexOffsets[part + 1]!];
      if (to - from < 3) continue;
      found ??= [];
      const ring = new Float64Array((to - from) * 2);
      let depth = 0;
      for (let at = from; at < to; at++) {
        const corner = { x: shapes.xyz[at * 3]!, y: shapes.xyz[at * 3 + 1]!, z: shapes.xyz[at * 3 + 2]! };
        ring[(at - from) * 2] = this.pixel(corner, 'x');
        ring[(at - from) * 2 + 1] = this.pixel(corner, 'y');
        depth += this.depth(corner) / (to - from);
      }
      if (this.slices === 1 || Math.round(depth) === slice) found.push(ring);
    }
    return found;
  }
}

/** Sets the pixels `from` to `to` (both included) of a row, as far as they lie in the region. NaN sets nothing. */
function fillRun(data: Uint32Array, region: Region, y: number, from: number, to: number, value: number): void {
  if (!(y >= region.y && y < region.y + region.height)) return;
  const first = Math.max(from, region.x);
  const last = Math.min(to, region.x + region.width - 1);
  if (!(first <= last)) return;
  const start = (y - region.y) * region.width - region.x;
  data.fill(value, start + first, start + last + 1);
}

type FillRow = (y: number, from: number, to: number) => void;

function fillDisc([cx, cy]: [number, number], [rx, ry]: [number, number], region: Region, fill: FillRow): void {
  if (!(ry > 0)) return;
  const last = Math.min(Math.floor(cy + ry), region.y + region.height - 1);
  for (let y = Math.max(Math.ceil(cy - ry), region.y); y <= last; y++) {
    const half = rx * Math.sqrt(Math.max(0, 1 - ((y - cy) / ry) ** 2));
    fill(y, Math.ceil(cx - half), Math.floor(cx + half));
  }
}

/** Fills what lies in an odd number of outlines. An outline too thin to hold the centre of a pixel gets one. */
function fillRings(rings: readonly Ring[], region: Region, fill: FillRow): void {
  let [left, top, right, bottom] = [Infinity, Infinity, -Infinity, -Infinity];
  for (const ring of rings)
    for (let at = 0; at < ring.length; at += 2) {
      left = Math.min(left, ring[at]!);
      right = Math.max(right, ring[at]!);
      top = Math.min(top, ring[at + 1]!);
      bottom = Math.max(bottom, ring[at + 1]!);
    }
  if (right - left < 2 || bottom - top < 2) {
    const middle = Math.round((left + right) / 2);
    fill(Math.round((top + bottom) / 2), middle, middle);
  }
  const last = Math.min(Math.floor(bottom), region.y + region.height - 1);
  for (let y = Math.max(Math.ceil(top), region.y); y <= last; y++) {
    const crossings = crossingsAt(rings, y);
    // Half open, so that of two cells that share a border each pixel belongs to one.
    for (let at = 0; at + 1 < crossings.length; at += 2)
      fill(y, Math.ceil(crossings[at]!), Math.ceil(crossings[at + 1]!) - 1);
  }
}

/** Where outlines cross a row of pixel centres, from left to right. */
function crossingsAt(rings: readonly Ring[], y: number): number[] {
  const crossings: number[] = [];
  for (const ring of rings) {
    let [beforeX, beforeY] = [ring[ring.length - 2]!, ring[ring.length - 1]!];
    for (let at = 0; at < ring.length; at += 2) {
      const [x, next] = [ring[at]!, ring[at + 1]!];
      if (beforeY <= y !== next <= y) crossings.push(beforeX + ((y - beforeY) / (next - beforeY)) * (x - beforeX));
      [beforeX, beforeY] = [x, next];
    }
  }
  return crossings.sort((a, b) => a - b);
}
