import { storedFeatures } from '@micrarium/formats';
import type { ColumnDescription, ColumnType, StudyItem, StudyVersion, Term } from '@micrarium/model';
import { citedVersion, knownLicence, splitParts, termAddress } from '@micrarium/standards';
import { classColumnOf } from './class-column.ts';
import { croissantContext } from './croissant-context.ts';
import { type ClassCount, trainingDatasets } from './training-exports.ts';
import { maskedImages } from './training-masks.ts';

/** Addresses that a Croissant names. */
export interface CroissantUrls {
  /** Of the version's page. */
  page: string;
  /** Of a stored form of an item. */
  content(item: string, path: string): string;
  /** How the version is cited: BibTeX, as Croissant asks for. */
  citation: string;
}

/** Tables and films of an item with digests: what a loader can check. */
const offered = /^(image-\d+\.ozx|tracks-\d+\/(objects|edges)\.parquet|table-\d+\.parquet)$/;
const mediaTypeOf = (path: string) => (path.endsWith('.ozx') ? 'application/zip' : 'application/x-parquet');

type Described = StudyVersion | Omit<StudyVersion, 'files'>;
type TrainingData = ReturnType<typeof trainingDatasets>[number];

interface OfferedFile {
  item: string;
  path: string;
  size: number;
  sha256: string;
}

const idOf = ({ item, path }: Pick<OfferedFile, 'item' | 'path'>) => `${item}/${path}`;
const itemsOf = ({ dataset }: Pick<TrainingData, 'dataset'>) => [
  ...new Set([...dataset.imageItems, ...dataset.quantitativeItems]),
];

/**
 * Croissant 1.0 (JSON-LD, http://mlcommons.org/croissant/1.0) of the training material of a version: its films and tables with digests,
 * the data sets with task, annotation and part of the split, which annotation lies over which image, the balance of classes, and the
 * columns of every table.
 */
export function croissantOf(version: Described, urls: CroissantUrls, classes: readonly ClassCount[] = []): object {
  const { metadata, items } = version;
  const text = (field: string) => (typeof metadata.values[field] === 'string' ? metadata.values[field] : '');
  const all = trainingDatasets(version);
  // A file of two data sets is one file.
  const files = [...new Set(all.flatMap(itemsOf))].flatMap((id) => filesOf(items, id));
  return {
    '@context': croissantContext,
    '@type': 'sc:Dataset',
    conformsTo: 'http://mlcommons.org/croissant/1.0',
    name: version.accession,
    alternateName: text('title'),
    description: text('description'),
    url: urls.page,
    version: `${version.version}.0.0`,
    datePublished: version.publishedAt.slice(0, 10),
    license: knownLicence(text('licence'))?.url ?? text('licence'),
    ...peopleAndWords(version, urls.page),
    citeAs: urls.citation,
    isLiveDataset: false,
    distribution: files.map((file) => ({
      '@type': 'cr:FileObject',
      '@id': idOf(file),
      name: idOf(file),
      contentUrl: urls.content(file.item, file.path),
      contentSize: `${file.size} B`,
      encodingFormat: mediaTypeOf(file.path),
      sha256: file.sha256,
    })),
    recordSet: [
      datasetRecords(all, files),
      splitRecords(),
      ...pairRecords(version, all, files),
      ...balanceRecords(classes),
      ...files.flatMap((file) => tableRecords(items, file)),
    ],
  };
}

/** Who made and publishes the data, and what they are about. */
function peopleAndWords(version: Described, page: string): object {
  const cited = citedVersion(version, page);
  const { values } = version.metadata;
  const terms = ['organism', 'cellType', 'imagingMethods', 'biologicalProcess', 'studyType'].flatMap((field) => {
    const value = values[field];
    return Array.isArray(value) ? (value as (Term | string)[]).filter((one) => typeof one === 'object') : [];
  });
  const keywords = [...new Map(terms.map((term) => [term.label, term])).values()];
  return {
    creator: cited.authors.map(({ firstName, lastName, orcid }) => ({
      '@type': 'sc:Person',
      name: `${firstName} ${lastName}`.trim(),
      ...(orcid ? { '@id': `https://orcid.org/${orcid}`, url: `https://orcid.org/${orcid}` } : {}),
    })),
    publisher: { '@type': 'sc:Organization', name: cited.publisher, url: new URL(page).origin },
    keywords: keywords.map(({ id, label }) => (id === undefined ? label : (termAddress(id) ?? label))),
    ...(cited.doi ? { sameAs: `https://doi.org/${cited.doi}` } : {}),
  };
}

type FieldShape = readonly [name: string, dataType: string | readonly string[], more?: object];

/** A record set whose records stand in the document. */
function inlineRecords(
  id: string,
  about: object,
  fields: readonly FieldShape[],
  data: readonly Readonly<Record<string, unknown>>[],
): object {
  return {
    '@type': 'cr:RecordSet',
    '@id': id,
    name: id,
    ...about,
    field: fields.map(([name, dataType, more]) => ({
      '@type': 'cr:Field',
      '@id': `${id}/${name}`,
      name,
      dataType,
      ...more,
    })),
    data: data.map((record) => Object.fromEntries(Object.entries(record).map(([name, one]) => [`${id}/${name}`, one]))),
  };
}

/** Parts of the split by the names that programs know (`cr:TrainingSplit` and the others). */
function splitRecords(): object {
  const known = { train: 'cr:TrainingSplit', validation: 'cr:ValidationSplit', test: 'cr:TestSplit' } as const;
  return inlineRecords(
    'splits',
    { dataType: 'cr:Split', key: { '@id': 'splits/name' }, description: 'Parts of the fixed split.' },
    [
      ['name', 'sc:Text'],
      ['url', 'sc:URL'],
    ],
    splitParts.map((name) => ({ name, url: known[name] })),
  );
}

const ofSplit = { references: { field: { '@id': 'splits/name' } } };

function datasetRecords(all: readonly TrainingData[], files: readonly OfferedFile[]): object {
  return inlineRecords(
    'datasets',
    { key: { '@id': 'datasets/id' }, description: 'Data sets with what they teach and their part of the split.' },
    [
      ['id', 'sc:Text'],
      ['title', 'sc:Text'],
      ['task', 'sc:Text'],
      ['annotation_type', 'sc:Text'],
      ['split', 'sc:Text', ofSplit],
      ['images', 'sc:Integer'],
      ['objects', 'sc:Integer'],
      ['files', 'sc:Text', { description: 'Their ids among the files (`distribution`), separated by blanks.' }],
    ],
    all.map((one) => ({
      id: one.dataset.id,
      title: one.dataset.title,
      task: one.task,
      annotation_type: one.annotationType,
      split: one.part ?? '',
      images: one.images,
      objects: one.objects,
      files: files
        .filter(({ item }) => itemsOf(one).includes(item))
        .map(idOf)
        .join(' '),
    })),
  );
}

/** Which table of objects or label image is the annotation of which image; nothing where there is none. */
function pairRecords(version: Described, all: readonly TrainingData[], files: readonly OfferedFile[]): object[] {
  const known = new Set(files.map(idOf));
  const records = all.flatMap(({ dataset, part = '' }) => {
    const about = { dataset: dataset.id, split: part };
    const tracks = (version.pairs ?? [])
      .filter(({ trackItem }) => dataset.quantitativeItems.includes(trackItem))
      .map((pair) => ({
        ...about,
        image: idOf({ item: pair.imageItem, path: `image-${pair.image}.ozx` }),
        annotation: idOf({ item: pair.trackItem, path: `tracks-${pair.part}/objects.parquet` }),
        kind: 'objects',
      }));
    const masks = maskedImages(version, dataset.id).map(({ item, mask }) => ({
      ...about,
      image: idOf({ item: item.id, path: 'image-0.ozx' }),
      annotation: idOf({ item: mask.id, path: 'image-0.ozx' }),
      kind: 'labels',
    }));
    return [...tracks, ...masks].filter(({ image, annotation }) => known.has(image) && known.has(annotation));
  });
  if (records.length === 0) return [];
  const description = 'Which file annotates which image: a table of objects, or an image whose values are labels.';
  const fields: FieldShape[] = [
    ['dataset', 'sc:Text', { references: { field: { '@id': 'datasets/id' } } }],
    ['split', 'sc:Text', ofSplit],
    ['image', 'sc:Text'],
    ['annotation', ['sc:Text', 'cr:Label']],
    ['kind', 'sc:Text'],
  ];
  return [inlineRecords('annotated_images', { description }, fields, records)];
}

/** A record for each class in each part of the split; nothing where no column names classes. */
function balanceRecords(classes: readonly ClassCount[]): object[] {
  if (classes.length === 0) return [];
  const description = 'How many objects (or rows of a feature table) of each class are in each part of the split.';
  const fields: FieldShape[] = [
    ['split', 'sc:Text', ofSplit],
    ['column', 'sc:Text'],
    ['class', 'sc:Text'],
    ['counted', 'sc:Text'],
    ['count', 'sc:Integer'],
  ];
  const records = classes.flatMap(({ column, of, name, parts }) =>
    Object.entries(parts).map(([part, count]) => ({
      split: part === 'none' ? '' : part,
      column,
      class: name,
      counted: of,
      count,
    })),
  );
  return [inlineRecords('class_balance', { description }, fields, records)];
}

function filesOf(items: readonly StudyItem[], id: string): OfferedFile[] {
  const item = items.find((one) => one.id === id);
  return (item?.conversions ?? []).flatMap(({ outputs }) =>
    outputs.filter(({ path }) => offered.test(path)).map((output) => ({ item: id, ...output })),
  );
}

const dataTypes: Readonly<Record<ColumnType, string>> = {
  // Whole numbers may be missing, which integers of many programs cannot be.
  int: 'sc:Float',
  float: 'sc:Float',
  bool: 'sc:Boolean',
  string: 'sc:Text',
};

/** Columns of a table that every table of its kind has, as far as a loader needs them. */
function ownColumns(path: string, hasZ: boolean): (readonly [name: string, dataType: string])[] {
  if (path.startsWith('table-')) return [];
  if (path.endsWith('edges.parquet'))
    return [
      ['source_object_id', 'sc:Integer'],
      ['target_object_id', 'sc:Integer'],
    ];
  const axes = ['x', 'y', ...(hasZ ? ['z'] : [])].map((name) => [name, 'sc:Float'] as const);
  return [
    ['object_id', 'sc:Integer'],
    ['frame', 'sc:Integer'],
    ...axes,
    // Missing where an object lies in no track.
    ['track_id', 'sc:Float'],
  ];
}

/** Names that columns of files cannot be stored under. */
const takenNames = ['time', 'link_id'];

/** Columns of the files of objects, edges and features, by the names they are stored under. */
function tableRecords(items: readonly StudyItem[], file: OfferedFile): object[] {
  const part = Number(/\d+/.exec(file.path)![0]);
  const item = items.find(({ id }) => id === file.item);
  const isTable = file.path.startsWith('table-');
  const set = file.path.startsWith('tracks-') ? item?.trackSets.find((one) => one.part === part) : undefined;
  const table = isTable ? item?.tables?.find((one) => one.part === part) : undefined;
  if (!set && !table) return [];
  const ours = ownColumns(file.path, set?.hasZ ?? false);
  // The columns of edges are not summarised.
  const columns = (table?.columns ??
    (file.path.endsWith('edges.parquet') ? [] : set!.columns)) as readonly ColumnDescription[];
  const own = set ? [...ours.map(([name]) => name), ...takenNames] : [];
  const stored = storedFeatures(
    columns,
    own.map((name) => ({ name, type: 'double', nullable: true })),
  );
  const classes = classColumnOf(columns);
  const fields = [
    ...ours.map(([name, dataType]) => ({ name, dataType })),
    ...stored.map(({ name, stored: column, type, description }) => ({
      name: column,
      dataType: name === classes ? [dataTypes[type], 'cr:Label'] : dataTypes[type],
      ...(description ? { description } : {}),
    })),
  ];
  const id = `${idOf(file)}#rows`;
  return [
    {
      '@type': 'cr:RecordSet',
      '@id': id,
      name: id,
      field: fields.map(({ name, ...about }) => ({
        '@type': 'cr:Field',
        '@id': `${id}/${name}`,
        name,
        ...about,
        source: { fileObject: { '@id': idOf(file) }, extract: { column: name } },
      })),
    },
  ];
}
