import {
  columnValue,
  type CoordinateMapping,
  type Dataset,
  type ImageDescription,
  type StudyVersion,
  type TrackSet,
} from '@micrarium/model';
import { type SplitPart, splitPartOf, valueFor } from '@micrarium/standards';
import { classColumnOf } from './class-column.ts';

/** A data set that is declared training material. */
export interface TrainingDataset {
  dataset: Dataset;
  task: string;
  /** By the list of MIFA; empty where nobody said. */
  annotationType: string;
  part?: SplitPart;
  images: number;
  objects: number;
}

/** How many of a class are in each part of the split. */
export interface ClassCount {
  /** Column that names the class. */
  column: string;
  /** What is counted: objects of a set, or rows of a feature table. */
  of: 'objects' | 'rows';
  /** `''` where the column says nothing. */
  name: string;
  /** By part; `none` is of data sets in no part. */
  parts: Partial<Record<SplitPart | 'none', number>>;
  total: number;
}

type Described = Pick<StudyVersion, 'metadata' | 'datasets' | 'items'>;

/** Data sets of a version that are declared training material, with what each part of the split holds. */
export function trainingDatasets({ metadata, datasets, items }: Described): TrainingDataset[] {
  const { values } = metadata;
  const said = (field: string, id: string) => {
    const value = valueFor(values, field, id);
    return typeof value === 'string' ? value.trim() : '';
  };
  return datasets.flatMap((dataset): TrainingDataset[] => {
    const task = said('trainingTask', dataset.id);
    if (task === '') return [];
    const of = (ids: readonly string[]) => items.filter(({ id }) => ids.includes(id));
    const part = splitPartOf(values, dataset.id);
    return [
      {
        dataset,
        task,
        annotationType: said('annotationType', dataset.id),
        ...(part ? { part } : {}),
        images: of(dataset.imageItems).reduce((sum, { images }) => sum + images.length, 0),
        objects: of(dataset.quantitativeItems).reduce((sum, { counts }) => sum + (counts?.objects ?? 0), 0),
      },
    ];
  });
}

/** What a COCO document is made of. */
export interface CocoRequest {
  set: Pick<TrackSet, 'objects' | 'name'>;
  image: Pick<ImageDescription, 'sizes' | 'name'>;
  mapping: CoordinateMapping;
  /** Address of the film as a zip of OME-Zarr 0.4. */
  film: string;
  /** Address of a frame as a picture of the film's size, where there is one. */
  frame?(frame: number): string;
  page: string;
  licence: { name: string; url: string };
  task: string;
}

/** Objects written at a time. */
const atATime = 2000;

/** Most different values of a column that names classes. */
const mostCategories = 200;

/** Categories of objects: the values of the column that names classes, where there is one, else the kind of the objects. */
function categoriesOf(objects: TrackSet['objects']): {
  categories: { id: number; name: string; supercategory: string }[];
  of(row: number): number;
} {
  const kind = objects.entity === 'point' ? 'object' : objects.entity;
  const plain = { categories: [{ id: 1, name: kind, supercategory: 'object' }], of: () => 1 };
  const name = classColumnOf(objects.columns);
  const column = objects.columns.find((one) => one.name === name);
  if (!column) return plain;
  const nameAt = (row: number) => String(columnValue(column, row) ?? '').trim();
  const names = new Set<string>();
  for (let row = 0; row < objects.count; row++) {
    names.add(nameAt(row));
    if (names.size > mostCategories) return plain;
  }
  // Numbers in their order; objects without a class come last, under the name of their kind.
  const known = [...names].filter((one) => one !== '').sort((a, b) => a.localeCompare(b, 'en', { numeric: true }));
  const all = names.has('') ? [...known, ''] : known;
  const ids = new Map(all.map((one, at) => [one, at + 1]));
  const categories = all.map((one, at) => ({ id: at + 1, name: one === '' ? kind : one, supercategory: column.name }));
  return known.length === 0 ? plain : { categories, of: (row) => ids.get(nameAt(row))! };
}

/**
 * COCO JSON (https://cocodataset.org/#format-data) of objects in the pixels of their film, in pieces: an image for each frame, an
 * annotation for each object with its outline where it has one, else the box around its circle, else one pixel, and as category its class
 * where a column names classes. Pixels are counted from the corner of the first one, as COCO counts them. Objects outside the film or
 * without a position are left out.
 */
export function* cocoPieces(request: CocoRequest): Generator<string> {
  const { set, image, mapping, film, page, licence, task } = request;
  const { objects } = set;
  const { categories, of } = categoriesOf(objects);
  const { t, x: width, y: height } = image.sizes;
  const head = {
    info: { description: set.name, url: page, images_zip: film, task },
    licenses: [{ id: 1, name: licence.name, url: licence.url }],
    categories,
    images: Array.from({ length: t }, (_, frame) => ({
      id: frame + 1,
      width,
      height,
      license: 1,
      file_name: `t${String(frame).padStart(4, '0')}.png`,
      ...(request.frame ? { coco_url: request.frame(frame) } : {}),
      /** Index along the time axis of the film. */
      frame,
    })),
  };
  yield `${JSON.stringify(head).slice(0, -1)},"annotations":[`;
  const radius = objects.columns.find(({ name }) => name === 'radius');
  let lines: string[] = [];
  let id = 0;
  for (let row = 0; row < objects.count; row++) {
    const frame = objects.frame[row]! + mapping.firstFrame;
    if (frame < 0 || frame >= t) continue;
    const size = radius ? Number(columnValue(radius, row)) : Number.NaN;
    const shape = shapeOf(objects, row, mapping, size);
    if (!shape || shape.bbox[0] >= width || shape.bbox[1] >= height || shape.bbox[0] + shape.bbox[2] <= 0) continue;
    if (shape.bbox[1] + shape.bbox[3] <= 0) continue;
    id++;
    const annotation = {
      id,
      image_id: frame + 1,
      category_id: of(row),
      iscrowd: 0,
      object_id: objects.id[row],
      ...shape,
    };
    lines.push(`${id > 1 ? ',' : ''}\n${JSON.stringify(annotation)}`);
    if (lines.length < atATime) continue;
    yield lines.join('');
    lines = [];
  }
  yield `${lines.join('')}\n]}\n`;
}

type Box = [x: number, y: number, width: number, height: number];

/** Box, area and outline of an object in pixels; `undefined` where it has no position. */
function shapeOf(
  objects: TrackSet['objects'],
  row: number,
  { axes, scale, offset }: CoordinateMapping,
  radius: number,
): { bbox: Box; area: number; segmentation: number[][] } | undefined {
  // The mapping counts from the centre of the first pixel, COCO from its corner.
  const pixel = (at: Readonly<Record<'x' | 'y' | 'z', number>>, axis: 'x' | 'y') =>
    (at[axes[axis]] - offset[axis]) * scale[axis] + 0.5;
  const outline = outlineOf(objects, row).map((at) => [pixel(at, 'x'), pixel(at, 'y')] as const);
  if (outline.length >= 3) {
    const [xs, ys] = [outline.map(([x]) => x), outline.map(([, y]) => y)];
    const [left, top] = [Math.min(...xs), Math.min(...ys)];
    const twice = outline.reduce((sum, [x, y], at) => {
      const [nextX, nextY] = outline[(at + 1) % outline.length]!;
      return sum + x * nextY - nextX * y;
    }, 0);
    const bbox: Box = [left, top, Math.max(...xs) - left, Math.max(...ys) - top];
    return { bbox, area: Math.abs(twice) / 2, segmentation: [outline.flat()] };
  }
  const at = { x: objects.x[row]!, y: objects.y[row]!, z: objects.z?.[row] ?? 0 };
  const [x, y] = [pixel(at, 'x'), pixel(at, 'y')];
  if (!Number.isFinite(x) || !Number.isFinite(y)) return undefined;
  const isCircle = radius > 0 && Number.isFinite(radius);
  const [dx, dy] = isCircle ? [radius * Math.abs(scale.x), radius * Math.abs(scale.y)] : [0.5, 0.5];
  const area = isCircle ? Math.PI * dx * dy : 1;
  return { bbox: [x - dx, y - dy, 2 * dx, 2 * dy], area, segmentation: [] };
}

/** Corners of an object's first outline. Spots of trackers are points that have one; the faces of a mesh are none. */
function outlineOf({ shapes, entity }: TrackSet['objects'], row: number): { x: number; y: number; z: number }[] {
  if (!shapes || entity === 'face') return [];
  const part = shapes.partOffsets[row]!;
  if (part === shapes.partOffsets[row + 1]) return [];
  const [from, to] = [shapes.vertexOffsets[part]!, shapes.vertexOffsets[part + 1]!];
  return Array.from({ length: to - from }, (_, at) => {
    const first = (from + at) * 3;
    return { x: shapes.xyz[first]!, y: shapes.xyz[first + 1]!, z: shapes.xyz[first + 2]! };
  });
}
