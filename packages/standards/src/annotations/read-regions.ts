import { childOf, childrenOf, readXml, textWithin, type XmlElement } from '../xml/read-xml.ts';
import { maskOutlines, mostMaskPixels } from './mask-outlines.ts';

/** A shape of a region, as a path. */
export interface RegionShape {
  /** x and y of each point in turn, in pixels of the image (0 = centre of the first pixel). */
  path: number[];
  /** Is the last point joined to the first? A single point is a point. */
  isClosed: boolean;
  /** A piece of a mask: what lies inside the path, and outside the holes, belongs to it. Left out = an outline. */
  isMask?: true;
  /** Outlines of the holes in a piece of a mask, as paths; left out = it has none. */
  holes?: number[][];
  /** Plane it lies on, each from 0; left out = on all. */
  t?: number;
  z?: number;
  c?: number;
  /** What is written beside it. */
  text?: string;
}

/** A region of interest in an image. */
export interface Region {
  /** Name or id, as annotations call it. */
  name: string;
  /** Name of the image it lies in, and its number among the images of the document, from 0. */
  image: string;
  imageIndex: number;
  shapes: RegionShape[];
}

/** Most regions taken of a document, and most points of all their shapes. */
const mostRegions = 5000;
const mostPoints = 200_000;
/** Corners of the polygon that an ellipse becomes. */
const ellipseCorners = 48;

/** What readers of regions need from the machine. */
export interface RegionMeans {
  /** Unpacks zlib bytes, no more than the stated number; `undefined` where they are damaged or more. Left out = packed masks are boxes. */
  inflate?(packed: Uint8Array, mostBytes: number): Uint8Array | undefined;
  /** The same for bzip2. */
  bunzip2?(packed: Uint8Array, mostBytes: number): Uint8Array | undefined;
}

/**
 * Regions (`ROI` with `Union`) of an OME-XML document, with the shapes as paths: rectangles, ellipses, lines, polylines, polygons,
 * points, labels, and the outlines of masks (`BinData`: bits, the highest first, or bytes, row after row); a mask without bits
 * that can be read is the box it fills. Coordinates of OME are those of the corners of pixels, ours those of their
 * centres. Empty where the text is no OME-XML.
 */
export function readOmeRegions(text: string, means: RegionMeans = {}): Region[] {
  if (!/<(\w+:)?ROI[\s>]/.test(text)) return [];
  const read = readXml(text);
  if ('fault' in read || read.root.name !== 'OME') return [];
  const images = new Map<string, { image: string; imageIndex: number }[]>();
  for (const [imageIndex, element] of childrenOf(read.root, 'Image').entries())
    for (const reference of childrenOf(element, 'ROIRef')) {
      const id = reference.attributes.ID ?? '';
      const place = { image: element.attributes.Name ?? element.attributes.ID ?? '', imageIndex };
      images.set(id, [...(images.get(id) ?? []), place]);
    }
  const regions: Region[] = [];
  let points = 0;
  for (const element of childrenOf(read.root, 'ROI')) {
    const id = element.attributes.ID ?? '';
    const shapes = childrenOf(childOf(element, 'Union') ?? element).flatMap((one) =>
      shapesOf(one, mostPoints - points, means),
    );
    points += shapes.reduce((sum, { path, holes = [] }) => sum + (path.length + holes.flat().length) / 2, 0);
    if (points > mostPoints) break;
    if (shapes.length === 0) continue;
    for (const place of images.get(id) ?? [])
      if (regions.length < mostRegions) regions.push({ name: element.attributes.Name ?? id, ...place, shapes });
  }
  return regions;
}

/** The shapes an element stands for: one, or the pieces of a mask. @param room points there is room for */
function shapesOf(element: XmlElement, room: number, means: RegionMeans): RegionShape[] {
  const pieces = element.name === 'Mask' ? maskPieces(element, room, means) : undefined;
  if (!pieces) return shapeOf(element, cornersOf(element)) ?? [];
  return pieces.flatMap(({ path, holes }, at) => {
    // What is written beside a mask is written once.
    const shape = shapeOf(element, { path, isClosed: true }, holes)?.[0];
    if (!shape) return [];
    const { text, ...rest } = shape;
    return [{ ...rest, isMask: true as const, ...(at === 0 && text !== undefined ? { text } : {}) }];
  });
}

/** The outlines of a mask in the coordinates of its element; `undefined` where its bits cannot be read. */
function maskPieces(
  element: XmlElement,
  room: number,
  means: RegionMeans,
): { path: number[]; holes: number[][] }[] | undefined {
  const [x, y, width, height] = ['X', 'Y', 'Width', 'Height'].map((name) => Number(element.attributes[name])) as [
    number,
    number,
    number,
    number,
  ];
  const [columns, rows] = [Math.round(width), Math.round(height)];
  const data = childOf(element, 'BinData');
  if (!data || !Number.isFinite(x + y) || !(columns > 0 && rows > 0 && columns * rows <= mostMaskPixels))
    return undefined;
  const bytes = maskBytes(data, columns * rows, means);
  const mask = bytes && pixelsOfMask(bytes, columns * rows);
  const found = mask && maskOutlines(mask, columns, rows, room);
  const placed = (path: number[]) =>
    path.map((value, at) => (at % 2 === 0 ? x + (value * width) / columns : y + (value * height) / rows));
  return found?.map(({ path, holes }) => ({ path: placed(path), holes: holes.map(placed) }));
}

function maskBytes(data: XmlElement, pixels: number, means: RegionMeans): Uint8Array | undefined {
  let packed: Uint8Array;
  try {
    packed = Uint8Array.from(atob(textWithin(data)), (one) => one.charCodeAt(0));
  } catch {
    return undefined;
  }
  const packing = data.attributes.Compression ?? 'none';
  if (packing === 'none') return packed;
  if (packing === 'bzip2') return means.bunzip2?.(packed, pixels);
  return packing === 'zlib' ? means.inflate?.(packed, pixels) : undefined;
}

/** 1 for each pixel of a mask that is in it, from bits (the highest first, rows not padded) or from bytes. */
function pixelsOfMask(bytes: Uint8Array, pixels: number): Uint8Array | undefined {
  if (bytes.length === pixels && pixels > 1) return bytes;
  if (bytes.length < Math.ceil(pixels / 8)) return undefined;
  return Uint8Array.from({ length: pixels }, (_, at) => (bytes[at >> 3]! >> (7 - (at & 7))) & 1);
}

/** A shape of corners, where its element puts them, as a list of one; `undefined` where they are no numbers. */
function shapeOf(
  element: XmlElement,
  corners: { path: number[]; isClosed: boolean } | undefined,
  holes: readonly number[][] = [],
): [RegionShape] | undefined {
  if (!corners || corners.path.length < 2) return undefined;
  const moved = [corners.path, ...holes].map((path) => transformed(path, childOf(element, 'Transform')));
  if (!moved.every((path) => path.every(Number.isFinite))) return undefined;
  const [path, ...around] = moved.map((one) => one.map((value) => Number((value - 0.5).toFixed(3))));
  const { Text: words, TheT, TheZ, TheC } = element.attributes;
  const index = (name: string | undefined) => (name !== undefined && /^\d{1,9}$/.test(name) ? Number(name) : undefined);
  const [t, z, c] = [index(TheT), index(TheZ), index(TheC)];
  const shape: RegionShape = {
    path: path!,
    isClosed: corners.isClosed,
    ...(around.length > 0 ? { holes: around } : {}),
    ...(t === undefined ? {} : { t }),
    ...(z === undefined ? {} : { z }),
    ...(c === undefined ? {} : { c }),
    ...(words === undefined || words === '' ? {} : { text: words.slice(0, 200) }),
  };
  return [shape];
}

/** The corners of a shape in its own coordinates; `undefined` for what is none. */
function cornersOf({ name, attributes }: XmlElement): { path: number[]; isClosed: boolean } | undefined {
  const of = (...names: string[]) =>
    names.map((one) => (attributes[one] === undefined ? Number.NaN : Number(attributes[one])));
  if (name === 'Rectangle' || name === 'Mask') {
    const [x, y, width, height] = of('X', 'Y', 'Width', 'Height') as [number, number, number, number];
    return { path: [x, y, x + width, y, x + width, y + height, x, y + height], isClosed: true };
  }
  if (name === 'Ellipse') {
    const [x, y, alongX, alongY] = of('X', 'Y', 'RadiusX', 'RadiusY') as [number, number, number, number];
    const path = Array.from({ length: ellipseCorners }, (_, at) => {
      const angle = (2 * Math.PI * at) / ellipseCorners;
      return [x + alongX * Math.cos(angle), y + alongY * Math.sin(angle)];
    }).flat();
    return { path, isClosed: true };
  }
  if (name === 'Line') return { path: of('X1', 'Y1', 'X2', 'Y2'), isClosed: false };
  if (name === 'Point' || name === 'Label') return { path: of('X', 'Y'), isClosed: false };
  if (name !== 'Polygon' && name !== 'Polyline') return undefined;
  const path = (attributes.Points ?? '')
    .trim()
    .split(/[\s,]+/)
    .slice(0, 2 * mostPoints)
    .map((part) => (part === '' ? Number.NaN : Number(part)));
  return path.length % 2 === 0 ? { path, isClosed: name === 'Polygon' } : undefined;
}

/** Points after the affine transform of a shape, where it has one. */
function transformed(path: number[], transform: XmlElement | undefined): number[] {
  if (!transform) return path;
  const of = (name: string, usual: number) => Number(transform.attributes[name] ?? usual);
  const [a00, a01, a02, a10, a11, a12] = [
    of('A00', 1),
    of('A01', 0),
    of('A02', 0),
    of('A10', 0),
    of('A11', 1),
    of('A12', 0),
  ];
  return path.map((value, at) =>
    at % 2 === 0 ? a00 * value + a01 * path[at + 1]! + a02 : a10 * path[at - 1]! + a11 * value + a12,
  );
}
