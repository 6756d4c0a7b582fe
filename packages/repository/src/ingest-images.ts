import {
  encodePng,
  type FileSink,
  type ImagePixels,
  type Item,
  omeZarrWriter,
  preview,
  thumbnail,
  zarrRootOf,
  zipWriter,
} from '@micrarium/formats';
import { type ConversionRecord, hasErrors, type Issue } from '@micrarium/model';
import { formKeys, type RecipeName, recipes, tool } from './forms.ts';
import { HashingSink, type WrittenOutput } from './hashing-sink.ts';
import { ingestIssue, isStorageFault, readerFinding } from './ingest-issues.ts';
import type { IngestOptions } from './ingest-tracks.ts';
import type { DerivedStore } from './ports/derived-store.ts';
import type { ConversionRun } from './ports/image-converter.ts';
import type { StoredFile } from './recognise.ts';
import { buildForm } from './stored-form.ts';

/** A folder of more files than this is packed into one (repository-practice 6.4). */
const mostFilesServedLoose = 1000;

/** What the stored form of one image is. */
interface ImageForm {
  outputs: WrittenOutput[];
  issues: Issue[];
  madeAt: string;
  /** Pictures in its preview; left out where there is none. */
  previewFrames?: number;
}

/** One image of an item that is to be made ready for the viewer. */
export interface ImageToStore {
  item: Item;
  itemId: string;
  files: readonly StoredFile[];
  image: ImagePixels;
  index: number;
  /** All images of the item, of which this is one. */
  imageCount: number;
  /** Version of the format, as its reader found it. */
  formatVersion?: string | undefined;
  /** Version of the recipe that the form is to have, where it is made again; left out, today's. */
  recipeVersion?: number | undefined;
  /** The program that read the pixels, where we do not read them ourselves. */
  converted?: ConversionRun | undefined;
}

/**
 * Makes the stored form of one image: a deposited OME-Zarr is served as it is, or packed when it has too many files; everything else becomes
 * one OME-Zarr 0.5 in an `.ozx`. A picture that cannot be decoded gives an issue and no form.
 */
export async function storeImage(
  ports: { derived: DerivedStore; now: () => Date },
  wanted: ImageToStore,
  options: IngestOptions,
): Promise<{ conversion?: ConversionRecord; issues: Issue[] }> {
  const { image, index, item } = wanted;
  const recipe = recipeFor(wanted);
  const refused =
    recipe === 'image-to-ozx'
      ? omeZarrWriter(ozx)
          .losses([image])
          .filter((issue) => hasErrors([issue]))
      : [];
  if (refused.length > 0)
    return {
      issues: refused.map((one) =>
        ingestIssue('ingest-pixels-not-stored', one.message, { where: { file: item.path } }),
      ),
    };
  try {
    const recipeVersion = wanted.recipeVersion ?? recipes[recipe];
    const key = formKeys(wanted.itemId).image(index, recipeVersion);
    const form = await buildForm(
      ports.derived,
      key,
      (sink) => makeForm(ports, wanted, recipe, sink, options),
      options.signal,
    );
    const { previewFrames } = form;
    const parameters = {
      image: index,
      recipeVersion,
      ...parametersOf(wanted, recipe),
      ...(previewFrames ? { previewFrames } : {}),
    };
    const conversion = { recipe, ...tool, parameters, madeAt: form.madeAt, outputs: form.outputs };
    return { conversion, issues: form.issues };
  } catch (error) {
    if (options.signal?.aborted || isStorageFault(error)) throw error;
    return { issues: [readerFinding(error, item.path)] };
  }
}

const ozx = { version: '0.5', container: 'zip' } as const;

function recipeFor({
  item,
  files,
  imageCount,
  formatVersion,
}: ImageToStore): Exclude<RecipeName, 'tracks-to-parquet' | 'raw-metadata'> {
  // Of several images in one hierarchy each becomes a file of its own, which is what the viewer opens.
  if (item.format !== 'ome-zarr' || imageCount !== 1) return 'image-to-ozx';
  // Versions before 0.4 and after 0.5 are read by us, but by few others: what is served is one that all read.
  if (!/^0\.[45](\D|$)/.test(formatVersion ?? '0.5')) return 'image-to-ozx';
  return files.length > mostFilesServedLoose ? 'zarr-packed' : 'zarr-as-deposited';
}

function parametersOf(wanted: ImageToStore, recipe: RecipeName): Record<string, string | number> {
  if (recipe === 'image-to-ozx') return { version: '0.5', shards: 'yes', ...converterOf(wanted) };
  if (recipe === 'zarr-packed') return { files: wanted.files.length };
  const { item } = wanted;
  const inItem = zarrRootOf(item.tree) ?? '';
  const [only] = wanted.files;
  // One deposited file is an archive; its tree was opened by recognition, from the folder that everything lies in.
  if (wanted.files.length === 1 && only) return { archive: only.path, root: archiveRoot(item) };
  const folder = commonFolder(wanted);
  return { root: [folder, inItem].filter(Boolean).join('/') };
}

/** How the pixels came to us, where another program read them. */
function converterOf({ converted }: ImageToStore): Record<string, string> {
  if (!converted) return {};
  const { program, version, arguments: given } = converted;
  return { converter: program, converterVersion: version, converterArguments: given };
}

/** Folder of the item in the study: what its members have before their paths within the item. */
function commonFolder({ item }: ImageToStore): string {
  const [member, inner] = [item.files[0]?.path ?? '', item.tree.entries[0]?.path ?? ''];
  return member.endsWith(`/${inner}`) ? member.slice(0, -inner.length - 1) : '';
}

function archiveRoot(item: Item): string {
  const root = zarrRootOf(item.tree) ?? '';
  // `subTree` names the tree after the folder it was cut from.
  const cut = item.tree.name !== '' && item.tree.name !== item.files[0]?.path.split('/').at(-1) ? item.tree.name : '';
  return [cut, root].filter(Boolean).join('/');
}

async function makeForm(
  ports: { now: () => Date },
  wanted: ImageToStore,
  recipe: RecipeName,
  sink: FileSink,
  { signal, onProgress }: IngestOptions,
): Promise<ImageForm> {
  const { image, index } = wanted;
  const hashing = new HashingSink(sink, (path) => (path === '' ? `image-${index}.ozx` : path));
  // What another program read need not come out the same a second time.
  const left = recipe === 'image-to-ozx' && !wanted.converted ? await hashing.left('') : undefined;
  if (recipe === 'image-to-ozx')
    await omeZarrWriter(ozx).write([image], hashing, {
      ...(left ? { left } : {}),
      ...(signal ? { signal } : {}),
      ...(onProgress ? { onProgress } : {}),
    });
  else if (recipe === 'zarr-packed') await packFolder(wanted, hashing, { signal, onProgress });
  else if (wanted.files.length > 1) await listFolder(wanted, hashing);
  if (wanted.converted)
    await writeFile(hashing, `image-${index}.converter.txt`, [new TextEncoder().encode(wanted.converted.log)]);
  const issues = await writeThumbnail(wanted, hashing, signal);
  // Where the small picture could not be made, neither can a row of them.
  const previewFrames = issues.length === 0 ? await writePreview(wanted, hashing, signal) : 0;
  return { outputs: hashing.outputs, issues, madeAt: ports.now().toISOString(), previewFrames };
}

/** The small picture is a kindness: an image without one is still an image. */
async function writeThumbnail(wanted: ImageToStore, sink: FileSink, signal?: AbortSignal): Promise<Issue[]> {
  const { image, index, item } = wanted;
  try {
    const picture = await thumbnail(image, signal ? { signal } : {});
    const bytes = await encodePng(picture.width, picture.height, picture.rgba);
    await writeFile(sink, `image-${index}.thumbnail.png`, [bytes]);
    return [];
  } catch (error) {
    if (signal?.aborted || isStorageFault(error)) throw error;
    const why = error instanceof Error ? error.message : String(error);
    return [
      ingestIssue('ingest-no-thumbnail', `${item.path}, image ${index + 1}: ${why}`, { where: { file: item.path } }),
    ];
  }
}

/** A short preview, played where the image stands in a gallery. @returns how many pictures it has */
async function writePreview(
  { image, index }: ImageToStore,
  sink: FileSink,
  signal: AbortSignal | undefined,
): Promise<number> {
  try {
    const made = await preview(image, signal ? { signal } : {});
    if (!made) return 0;
    await writeFile(sink, `image-${index}.preview.png`, [await encodePng(made.width, made.height, made.rgba)]);
    return made.frames;
  } catch (error) {
    if (signal?.aborted || isStorageFault(error)) throw error;
    return 0;
  }
}

const metadataNames = ['zarr.json', '.zgroup', '.zattrs', '.zarray', '.zmetadata'];

/**
 * Packs the files of an OME-Zarr, bytes unchanged, into one zip without compression, and lists their digests beside it. Metadata come first,
 * root before branches (RFC-9, `.ozx`); the rest follows by path, so the same folder always gives the same archive.
 */
async function packFolder(wanted: ImageToStore, sink: FileSink, { signal, onProgress }: IngestOptions): Promise<void> {
  const { item, files, index } = wanted;
  const rank = (path: string) => {
    const isMetadata = metadataNames.includes(path.slice(path.lastIndexOf('/') + 1));
    return isMetadata ? path.split('/').length : Number.MAX_SAFE_INTEGER;
  };
  const entries = [...item.tree.entries].sort((a, b) => rank(a.path) - rank(b.path) || (a.path < b.path ? -1 : 1));
  const out = await sink.create('');
  const comment = JSON.stringify({ ome: { version: '0.5', zipFile: { centralDirectory: { jsonFirst: true } } } });
  const zip = zipWriter(out, item.tree.entries.some(({ path }) => path === 'zarr.json') ? { comment } : {});
  for (const [done, entry] of entries.entries()) {
    signal?.throwIfAborted();
    const source = await entry.open();
    const file = await zip.create(entry.path);
    for (let at = 0; at < source.size; at += 2 ** 22) await file.write(await source.read(at, 2 ** 22, signal));
    await file.close();
    await entry.close?.();
    if (done % 100 === 0) onProgress?.(done / entries.length);
  }
  await zip.finish();
  await out.close();
  const lines = [...files].sort((a, b) => (a.path < b.path ? -1 : 1)).map((file) => `${file.sha256}  ${file.path}\n`);
  await writeFile(sink, `image-${index}.digests.txt`, [new TextEncoder().encode(lines.join(''))]);
}

/** Lists the files of a folder that is served as deposited, so that a reader over HTTP need not look for them one by one. */
async function listFolder({ item, index }: ImageToStore, sink: FileSink): Promise<void> {
  const root = zarrRootOf(item.tree) ?? '';
  const prefix = root === '' ? '' : `${root}/`;
  const listed = item.tree.entries
    .filter(({ path }) => path.startsWith(prefix))
    .map(({ path, size }) => ({ path: path.slice(prefix.length), size }));
  await writeFile(sink, `image-${index}.files.json`, [new TextEncoder().encode(JSON.stringify(listed))]);
}

async function writeFile(sink: FileSink, path: string, parts: readonly Uint8Array[]): Promise<void> {
  const file = await sink.create(path);
  for (const part of parts) await file.write(part);
  await file.close();
}
