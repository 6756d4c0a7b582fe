import { createHash } from 'node:crypto';
import { type ConversionRecord, measureDefinitions, type StudyItem } from '@micrarium/model';
import { base32 } from './recognise.ts';

/**
 * How derived forms are made. A raised version gives a form a new key, so that forms of the old kind are left alone until they are dropped,
 * and are made anew when asked for. Images are the exception: what is published says what its images hold, so they stay in the form that is
 * noted with them, and only what is read anew gets the new one.
 */
export const recipes = {
  'tracks-to-parquet': 1,
  'table-to-parquet': 1,
  // 2: what readers of TIFF, DeltaVision and sweeps find anew.
  'image-to-ozx': 2,
  'zarr-packed': 1,
  'zarr-as-deposited': 1,
  'raw-metadata': 1,
  'export-losses': 1,
  // 6: intervals of lineages, division rates, drift and detections, cells by how their cycles were cut off.
  motion: 6,
  'objects-by-time': 1,
} as const;

/** Name of a recipe, as in `ConversionRecord.recipe`. */
export type RecipeName = keyof typeof recipes;

/** Program and version written into every conversion record. */
export const tool = { tool: 'micrarium', toolVersion: '0.1.0' } as const;

/** Ids and versions of all definitions of measures: measures of other definitions are other measures. */
export function definitionsDigest(): string {
  const all = [...measureDefinitions.values()].map(({ id, version }) => `${id} ${version}`).sort();
  return createHash('sha256').update(all.join('\n'), 'utf8').digest('hex').slice(0, 16);
}

/** Correction of a table's columns, as the depositor gave it. */
export type Mapping = Readonly<Record<string, string | number>>;

/** Where the stored forms of an item lie: one key for its tables, one for each image. */
export interface FormKeys {
  tracks: string;
  /** Feature tables. */
  tables: string;
  /** What every export form cannot hold of the tracks. */
  losses: string;
  /** Measures of how the tracks move. */
  motion: string;
  /** Objects in the order of time, where the stored table is in another. */
  byTime: string;
  /** Raw metadata text. */
  rawText: string;
  /** @param recipeVersion version of the recipe that the form is made by, as its conversion record has it */
  image(index: number, recipeVersion: number): string;
}

/** Keys of the forms of an item: from its content (the id), the recipes and the mapping, so the same thing is never made twice. */
export function formKeys(itemId: string, mapping?: Mapping): FormKeys {
  const key = (text: string) => base32(createHash('sha256').update(text, 'utf8').digest()).slice(0, 10);
  const sorted = Object.entries(mapping ?? {}).sort(([a], [b]) => (a < b ? -1 : 1));
  const tables = key(JSON.stringify([recipes['tracks-to-parquet'], sorted]));
  const features = key(JSON.stringify([recipes['table-to-parquet'], sorted, 'features']));
  const losses = key(JSON.stringify([recipes['export-losses'], tables, 'losses']));
  const motion = key(JSON.stringify([recipes.motion, tables, definitionsDigest()]));
  const byTime = key(JSON.stringify([recipes['objects-by-time'], tables, 'by-time']));
  // The two ones are of the time when the key was of three recipes at once.
  const images = (recipeVersion: number) => key(JSON.stringify([recipeVersion, 1, 1]));
  const rawText = key(JSON.stringify([recipes['raw-metadata'], 'raw-metadata']));
  return {
    tracks: `${itemId}-${tables}-tracks`,
    tables: `${itemId}-${features}-tables`,
    losses: `${itemId}-${losses}-losses`,
    motion: `${itemId}-${motion}-motion`,
    byTime: `${itemId}-${byTime}-by-time`,
    rawText: `${itemId}-${rawText}-raw`,
    image: (index, recipeVersion) => `${itemId}-${images(recipeVersion)}-image-${index}`,
  };
}

/** Key of the stored form of an image, which is that of the recipe it was made by. */
export function imageKeyOf(item: Pick<StudyItem, 'id' | 'conversions'>, index: number): string {
  return formKeys(item.id).image(index, recipeVersionOf(item, index) ?? 1);
}

/** Version of the recipe that an image was made by; `undefined` where it was not made. */
export function recipeVersionOf(item: Pick<StudyItem, 'conversions'>, index: number): number | undefined {
  const version = conversionOf(item, index)?.parameters.recipeVersion;
  return typeof version === 'number' ? version : undefined;
}

/** The mapping an item was read with, from its conversion record. */
export function mappingOf(item: Pick<StudyItem, 'conversions'>): Mapping | undefined {
  const text = item.conversions.find(({ recipe }) => recipe === 'tracks-to-parquet' || recipe === 'table-to-parquet')
    ?.parameters.mapping;
  return typeof text === 'string' ? (JSON.parse(text) as Mapping) : undefined;
}

/** Keys of all forms that may have been made of an item. */
export function formsOfItem(item: StudyItem): string[] {
  const { tracks, tables, losses, motion, byTime, rawText } = formKeys(item.id, mappingOf(item));
  const images = item.images.map((_image, index) => imageKeyOf(item, index));
  return [tracks, tables, losses, motion, byTime, rawText, ...images];
}

/** Where the content of an item that a page asks for lies. */
export type ContentPlace =
  /** A file of a stored form; where the form was dropped, it must be made again. */
  | { kind: 'form'; key: string; path: string }
  /** A deposited file, by its logical path. */
  | { kind: 'deposited'; path: string }
  /** A file within an archive that is one of the two. */
  | {
      kind: 'entry';
      archive: { kind: 'form'; key: string; path: string } | { kind: 'deposited'; path: string };
      entry: string;
    };

/**
 * Finds what a content path of an item means: `image-0.ozx`, `image-0.thumbnail.png`, `image-0.preview.png`, `image-0.zarr/…`, `tracks-0/objects.parquet`, `motion-0/paths.parquet`, `motion-0/steps.parquet`, `motion-0/lives.parquet`, `motion-0/motion.json`, `by-time-0/objects.parquet`, `table-0.parquet`, `table-0.schema.json`; for an
 * OME-Zarr folder that is served as deposited also `image-0.files.json` (paths and sizes below `image-0.zarr/`), for one that was packed
 * `image-0.digests.txt`; `export-losses.json` (what each export form cannot hold of the tracks); `raw-metadata.txt` of items whose raw metadata text may be seen.
 * @returns `undefined` for paths no item has
 */
export function placeOfContent(item: StudyItem, path: string): ContentPlace | undefined {
  const keys = formKeys(item.id, mappingOf(item));
  if (/^tracks-\d+\/[\w-]+\.parquet$/.test(path)) return { kind: 'form', key: keys.tracks, path };
  if (/^motion-\d+\/((paths|steps|lives)\.parquet|motion\.json)$/.test(path))
    return { kind: 'form', key: keys.motion, path };
  if (/^by-time-\d+\/objects\.parquet$/.test(path)) return { kind: 'form', key: keys.byTime, path };
  if (path === 'export-losses.json') return { kind: 'form', key: keys.losses, path };
  if (path === 'raw-metadata.txt')
    return item.conversions.some(({ recipe }) => recipe === 'raw-metadata')
      ? { kind: 'form', key: keys.rawText, path }
      : undefined;
  if (/^table-\d+\.(parquet|schema\.json)$/.test(path)) return { kind: 'form', key: keys.tables, path };
  const match =
    /^image-(\d{1,6})\.(ozx|thumbnail\.png|preview\.png|digests\.txt|files\.json|converter\.txt|zarr)(?:\/(.+))?$/.exec(
      path,
    );
  if (!match || (match[2] === 'zarr') === (match[3] === undefined)) return undefined;
  const index = Number(match[1]);
  const made = conversionOf(item, index);
  if (!made) return undefined;
  const key = imageKeyOf(item, index);
  const ozx = { kind: 'form', key, path: `image-${index}.ozx` } as const;
  if (match[2] !== 'ozx' && match[2] !== 'zarr') return { kind: 'form', key, path };
  if (made.recipe !== 'zarr-as-deposited')
    return match[2] === 'ozx' ? ozx : { kind: 'entry', archive: ozx, entry: match[3]! };
  const root = typeof made.parameters.root === 'string' ? made.parameters.root : '';
  const archive = made.parameters.archive;
  if (typeof archive !== 'string')
    return match[3] === undefined ? undefined : { kind: 'deposited', path: inFolder(root, match[3]) };
  const deposited = { kind: 'deposited', path: archive } as const;
  return match[3] === undefined ? deposited : { kind: 'entry', archive: deposited, entry: inFolder(root, match[3]) };
}

/** How an image of an item was made ready for the viewer. */
export function conversionOf(item: Pick<StudyItem, 'conversions'>, image: number): ConversionRecord | undefined {
  return item.conversions.find((one) => one.recipe !== 'tracks-to-parquet' && one.parameters.image === image);
}

function inFolder(folder: string, path: string): string {
  return folder === '' ? path : `${folder}/${path}`;
}
