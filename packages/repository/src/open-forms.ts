import {
  type ByteSource,
  type FileEntry,
  fileTree,
  findItems,
  formatById,
  type ImagePixels,
  type Item,
  openParquet,
  type ParquetTable,
  readTrackSets,
} from '@micrarium/formats';
import type { StudyItem, TrackSet } from '@micrarium/model';
import { conversionOf, formKeys, imageKeyOf, mappingOf } from './forms.ts';
import type { BlobStore } from './ports/blob-store.ts';
import type { DerivedStore } from './ports/derived-store.ts';
import { type StoredFile, treeOfBlobs } from './recognise.ts';
import { NotThere } from './refusals.ts';

/** A stored form was dropped, or is still being made: have it made and ask again. */
export class FormNotMade extends Error {
  override readonly name = 'FormNotMade';

  constructor(itemId: string, path: string) {
    super(`${path} of item ${itemId} is not there now`);
  }
}

/** An open source that must be closed. */
export type OpenSource = ByteSource & { close(): Promise<void> };

/** What reading stored forms needs. */
export interface FormPorts {
  derived: DerivedStore;
  blobs: BlobStore;
}

/**
 * Opens a table of a set of tracks.
 * @param mapping the columns it was read with, where the conversion record does not say it yet
 * @throws NotThere where the item has no such set, FormNotMade
 */
export async function openTable(
  ports: Pick<FormPorts, 'derived'>,
  item: StudyItem,
  part: number,
  table: 'objects' | 'edges' | 'tracks' | 'source_tracks',
  mapping = mappingOf(item),
): Promise<{ table: ParquetTable; source: OpenSource }> {
  if (!item.trackSets.some((set) => set.part === part)) throw new NotThere(`set ${part} in item ${item.id}`);
  return await openStoredTable(ports, item, formKeys(item.id, mapping).tracks, `tracks-${part}/${table}.parquet`);
}

/** Opens a Parquet table of a stored form by the form's key. @throws FormNotMade */
export async function openStoredTable(
  ports: Pick<FormPorts, 'derived'>,
  item: StudyItem,
  key: string,
  path: string,
): Promise<{ table: ParquetTable; source: OpenSource }> {
  const source = await ports.derived.open(key, path);
  if (!source) throw new FormNotMade(item.id, path);
  try {
    return { table: await openParquet(source), source };
  } catch (error) {
    await source.close();
    throw error;
  }
}

/**
 * Reads a whole set of tracks out of its stored tables.
 * @param mapping the columns it was read with, where the conversion record does not say it yet
 * @throws NotThere, FormNotMade
 */
export async function readStoredSet(
  ports: Pick<FormPorts, 'derived'>,
  item: StudyItem,
  part: number,
  signal?: AbortSignal,
  mapping = mappingOf(item),
): Promise<TrackSet> {
  if (!item.trackSets.some((set) => set.part === part)) throw new NotThere(`set ${part} in item ${item.id}`);
  const key = formKeys(item.id, mapping).tracks;
  const folder = `tracks-${part}/`;
  const files = (await ports.derived.list(key))?.filter((file) => file.path.startsWith(folder));
  if (!files || files.length === 0) throw new FormNotMade(item.id, folder);
  const entries = files.map((file) => formEntry(ports.derived, key, file, file.path.slice(folder.length)));
  const descriptor = formatById('parquet');
  const reader = await descriptor!.tracks!.reader();
  try {
    const stored = itemOf(item.path, 'parquet', entries);
    const { sets } = await readTrackSets(reader, stored, signal ? { signal } : {});
    const name = item.trackSets.find((set) => set.part === part)!.name;
    return { ...sets[0]!, name };
  } finally {
    for (const entry of entries) await entry.close?.();
  }
}

/**
 * Opens one image of an item in its stored form, or as it was deposited where that is what is served.
 * @param files members of the item, needed for images served as deposited
 * @throws NotThere where the item has no such image, FormNotMade
 */
export async function openStoredImage(
  ports: FormPorts,
  item: StudyItem,
  files: readonly StoredFile[],
  index: number,
): Promise<{ image: ImagePixels; close(): Promise<void> }> {
  const made = conversionOf(item, index);
  if (!made || !item.images[index]) throw new NotThere(`stored image ${index} in item ${item.id}`);
  const asDeposited = made.recipe === 'zarr-as-deposited';
  const found = asDeposited ? await depositedItem(ports.blobs, item, files) : await ozxItem(ports.derived, item, index);
  const close = async () => {
    for (const entry of found.files) await entry.close?.();
  };
  try {
    const reader = await formatById('ome-zarr')!.images!.reader();
    const { images } = await reader.open(found);
    if (!images[0]) throw new FormNotMade(item.id, `image-${index}.ozx`);
    return { image: images[0], close };
  } catch (error) {
    await close();
    throw error;
  }
}

async function depositedItem(blobs: BlobStore, item: StudyItem, files: readonly StoredFile[]): Promise<Item> {
  const items = await findItems(treeOfBlobs(blobs, files));
  const found = items.find((one) => one.format === item.format);
  if (!found) throw new NotThere(`image in item ${item.id}`);
  return found;
}

async function ozxItem(derived: DerivedStore, item: StudyItem, index: number): Promise<Item> {
  const key = imageKeyOf(item, index);
  const path = `image-${index}.ozx`;
  const file = (await derived.list(key))?.find((one) => one.path === path);
  if (!file) throw new FormNotMade(item.id, path);
  return itemOf(path, 'ome-zarr', [formEntry(derived, key, file, path)]);
}

function formEntry(derived: DerivedStore, key: string, file: { path: string; size: number }, path: string): FileEntry {
  let opened: Promise<OpenSource> | undefined;
  return {
    path,
    size: file.size,
    open() {
      opened ??= derived.open(key, file.path).then((source) => {
        if (!source) throw new FormNotMade(key, file.path);
        return source;
      });
      return opened;
    },
    async close() {
      const source = opened;
      opened = undefined;
      await (await source?.catch(() => undefined))?.close();
    },
  };
}

function itemOf(path: string, format: 'parquet' | 'ome-zarr', entries: FileEntry[]): Item {
  const descriptor = formatById(format);
  return {
    path,
    files: entries,
    tree: fileTree(path, entries),
    format,
    recognition: { score: 1, reason: 'stored form' },
    ...(descriptor ? { descriptor } : {}),
  };
}
