import { childOf, childrenOf, readXml, type XmlElement } from '../xml/read-xml.ts';

/** A shape of a region, as a path. */
export interface RegionShape {
  /** x and y of each point in turn, in pixels of the image (0 = centre of the first pixel). */
  path: number[];
  /** Is the last point joined to the first? A single point is a point. */
  isClosed: boolean;
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

/**
 * Regions (`ROI` with `Union`) of an OME-XML document, with the shapes as paths: rectangles, ellipses, lines, polylines, polygons,
 * points, labels, and masks by the box they fill. Coordinates of OME are those of the corners of pixels, ours those of their
 * centres. Empty where the text is no OME-XML.
 */
export function readOmeRegions(text: string): Region[] {
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
    const shapes = childrenOf(childOf(element, 'Union') ?? element).flatMap((one) => shapeOf(one) ?? []);
    points += shapes.reduce((sum, { path }) => sum + path.length / 2, 0);
    if (points > mostPoints) break;
    if (shapes.length === 0) continue;
    for (const place of images.get(id) ?? [])
      if (regions.length < mostRegions) regions.push({ name: element.attributes.Name ?? id, ...place, shapes });
  }
  return regions;
}

function shapeOf(element: XmlElement): RegionShape | undefined {
  const corners = cornersOf(element);
  if (!corners || corners.path.length < 2 || !corners.path.every(Number.isFinite)) return undefined;
  const moved = transformed(corners.path, childOf(element, 'Transform'));
  if (!moved.every(Number.isFinite)) return undefined;
  const { Text: words, TheT, TheZ, TheC } = element.attributes;
  const index = (name: string | undefined) => (name !== undefined && /^\d{1,9}$/.test(name) ? Number(name) : undefined);
  const [t, z, c] = [index(TheT), index(TheZ), index(TheC)];
  return {
    path: moved.map((value) => Number((value - 0.5).toFixed(3))),
    isClosed: corners.isClosed,
    ...(t === undefined ? {} : { t }),
    ...(z === undefined ? {} : { z }),
    ...(c === undefined ? {} : { c }),
    ...(words === undefined || words === '' ? {} : { text: words.slice(0, 200) }),
  };
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
