import {
  columnValue,
  type CoordinateMapping,
  type Dataset,
  type ImageDescription,
  type StudyItem,
  type StudyVersion,
  type TrackSet,
} from '@micrarium/model';
import { licenceById, type SplitPart, splitPartOf, valueFor } from '@micrarium/standards';

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

/** Addresses that a Croissant names. */
export interface CroissantUrls {
  /** Of the version's page. */
  page: string;
  /** Of a stored form of an item. */
  content(item: string, path: string): string;
  citation: string;
}

const context = {
  '@language': 'en',
  '@vocab': 'https://schema.org/',
  cr: 'http://mlcommons.org/croissant/',
  sc: 'https://schema.org/',
  dct: 'http://purl.org/dc/terms/',
  conformsTo: 'dct:conformsTo',
  column: 'cr:column',
  data: { '@id': 'cr:data', '@type': '@json' },
  dataType: { '@id': 'cr:dataType', '@type': '@vocab' },
  extract: 'cr:extract',
  field: 'cr:field',
  fileObject: 'cr:fileObject',
  isLiveDataset: 'cr:isLiveDataset',
  key: 'cr:key',
  recordSet: 'cr:recordSet',
  source: 'cr:source',
};

/** Tables and films of an item with digests: what a loader can check. */
const offered = /^(image-\d+\.ozx|tracks-\d+\/objects\.parquet|table-\d+\.parquet)$/;
const mediaTypeOf = (path: string) => (path.endsWith('.ozx') ? 'application/zip' : 'application/x-parquet');

/**
 * Croissant 1.0 (JSON-LD, http://mlcommons.org/croissant/1.0) of the training material of a version: its films and tables with digests,
 * the data sets with task, annotation and part of the split, the balance of classes, and the columns of every table.
 */
export function croissantOf(
  version: StudyVersion | Omit<StudyVersion, 'files'>,
  urls: CroissantUrls,
  classes: readonly ClassCount[] = [],
): object {
  const { metadata, items, accession } = version;
  const text = (field: string) => (typeof metadata.values[field] === 'string' ? metadata.values[field] : '');
  const all = trainingDatasets(version);
  const files = all.flatMap(({ dataset }) =>
    [...new Set([...dataset.imageItems, ...dataset.quantitativeItems])].flatMap((id) => filesOf(items, id)),
  );
  const idOf = (item: string, path: string) => `${item}/${path}`;
  return {
    '@context': context,
    '@type': 'sc:Dataset',
    conformsTo: 'http://mlcommons.org/croissant/1.0',
    name: accession,
    alternateName: text('title'),
    description: text('description'),
    url: urls.page,
    version: `${version.version}.0.0`,
    datePublished: version.publishedAt.slice(0, 10),
    license: licenceById(text('licence'))?.url ?? text('licence'),
    citeAs: urls.citation,
    isLiveDataset: false,
    distribution: files.map(({ item, path, size, sha256 }) => ({
      '@type': 'cr:FileObject',
      '@id': idOf(item, path),
      name: idOf(item, path),
      contentUrl: urls.content(item, path),
      contentSize: `${size} B`,
      encodingFormat: mediaTypeOf(path),
      sha256,
    })),
    recordSet: [
      {
        '@type': 'cr:RecordSet',
        '@id': 'datasets',
        name: 'datasets',
        key: { '@id': 'datasets/id' },
        field: ['id', 'title', 'task', 'annotation_type', 'split', 'images', 'objects', 'files'].map((name) => ({
          '@type': 'cr:Field',
          '@id': `datasets/${name}`,
          name,
          dataType: name === 'images' || name === 'objects' ? 'sc:Integer' : 'sc:Text',
        })),
        data: all.map(({ dataset, task, annotationType, part, images, objects }) => ({
          'datasets/id': dataset.id,
          'datasets/title': dataset.title,
          'datasets/task': task,
          'datasets/annotation_type': annotationType,
          'datasets/split': part ?? '',
          'datasets/images': images,
          'datasets/objects': objects,
          'datasets/files': files
            .filter(({ item }) => [...dataset.imageItems, ...dataset.quantitativeItems].includes(item))
            .map(({ item, path }) => idOf(item, path))
            .join(' '),
        })),
      },
      ...balanceRecords(classes),
      ...files
        .filter(({ path }) => path.startsWith('tracks-'))
        .map(({ item, path }) => tableRecords(items, item, path, idOf(item, path))),
    ],
  };
}

/** A record for each class in each part of the split; nothing where no column names classes. */
function balanceRecords(classes: readonly ClassCount[]): object[] {
  if (classes.length === 0) return [];
  const names = ['split', 'column', 'class', 'counted', 'count'];
  return [
    {
      '@type': 'cr:RecordSet',
      '@id': 'class_balance',
      name: 'class_balance',
      description: 'How many objects (or rows of a feature table) of each class are in each part of the split.',
      field: names.map((name) => ({
        '@type': 'cr:Field',
        '@id': `class_balance/${name}`,
        name,
        dataType: name === 'count' ? 'sc:Integer' : 'sc:Text',
      })),
      data: classes.flatMap(({ column, of, name, parts }) =>
        Object.entries(parts).map(([part, count]) => ({
          'class_balance/split': part === 'none' ? '' : part,
          'class_balance/column': column,
          'class_balance/class': name,
          'class_balance/counted': of,
          'class_balance/count': count,
        })),
      ),
    },
  ];
}

function filesOf(
  items: readonly StudyItem[],
  id: string,
): { item: string; path: string; size: number; sha256: string }[] {
  const item = items.find((one) => one.id === id);
  return (item?.conversions ?? []).flatMap(({ outputs }) =>
    outputs.filter(({ path }) => offered.test(path)).map((output) => ({ item: id, ...output })),
  );
}

function tableRecords(items: readonly StudyItem[], id: string, path: string, file: string): object {
  const part = Number(/\d+/.exec(path)![0]);
  const set = items.find((one) => one.id === id)?.trackSets.find((one) => one.part === part);
  const numbers = /^(u?int|float|double)/;
  const columns = [
    ...['object_id', 'frame'].map((name) => ({ name, dataType: 'sc:Integer' })),
    ...['x', 'y', ...(set?.hasZ ? ['z'] : [])].map((name) => ({ name, dataType: 'sc:Float' })),
    ...(set?.columns ?? []).map(({ name, type }) => ({ name, dataType: numbers.test(type) ? 'sc:Float' : 'sc:Text' })),
  ];
  return {
    '@type': 'cr:RecordSet',
    '@id': `${file}#rows`,
    name: `${file}#rows`,
    field: columns.map(({ name, dataType }) => ({
      '@type': 'cr:Field',
      '@id': `${file}#rows/${name}`,
      name,
      dataType,
      source: { fileObject: { '@id': file }, extract: { column: name } },
    })),
  };
}

/** What a COCO document is made of. */
export interface CocoRequest {
  set: Pick<TrackSet, 'objects' | 'name'>;
  image: Pick<ImageDescription, 'sizes' | 'name'>;
  mapping: CoordinateMapping;
  /** Address of the film as a zip of OME-Zarr 0.4. */
  film: string;
  page: string;
  licence: { name: string; url: string };
  task: string;
}

/** Objects written at a time. */
const atATime = 2000;

/**
 * COCO JSON (https://cocodataset.org/#format-data) of objects in the pixels of their film, in pieces: an image for each frame, an
 * annotation for each object with its outline where it has one, else the box around its circle, else one pixel. Pixels are counted from
 * the corner of the first one, as COCO counts them. Objects outside the film or without a position are left out.
 */
export function* cocoPieces({ set, image, mapping, film, page, licence, task }: CocoRequest): Generator<string> {
  const { objects } = set;
  const { t, x: width, y: height } = image.sizes;
  const head = {
    info: { description: set.name, url: page, images_zip: film, task },
    licenses: [{ id: 1, name: licence.name, url: licence.url }],
    categories: [{ id: 1, name: objects.entity === 'point' ? 'object' : objects.entity, supercategory: 'object' }],
    images: Array.from({ length: t }, (_, frame) => ({
      id: frame + 1,
      width,
      height,
      license: 1,
      file_name: `t${String(frame).padStart(4, '0')}.tif`,
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
    const annotation = { id, image_id: frame + 1, category_id: 1, iscrowd: 0, object_id: objects.id[row], ...shape };
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
