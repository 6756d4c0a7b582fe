import { type GivenDois, identifiersFile } from './kept-identifiers.ts';
import { edgesCsv, type FileSink, type FileSinkWriter, objectsCsv, zipWriter } from '@micrarium/formats';
import { type FileReference, hasErrors, type Issue, type StudyItem, type TrackSet } from '@micrarium/model';
import { byteStream } from './byte-stream.ts';
import {
  exportForms,
  exportMediaType,
  exportWriter,
  type ImageForm,
  imageForms,
  imageWriter,
  lossesIn,
  type TrackForm,
} from './export-forms.ts';
import { jsonPieces } from './json-pieces.ts';
import { type FormPorts, openStoredImage, readStoredSet } from './open-forms.ts';
import { everyRow } from './pages-of-rows.ts';
import { everyItem } from './plain-items.ts';
import { type BlobStore, type Loss, lossText } from './ports/blob-store.ts';
import type { StudyStore, VersionWithoutFiles } from './ports/study-store.ts';
import type { StoredFile } from './recognise.ts';
import { referencesFile, referencesPath } from './references.ts';
import { NotThere, Refused } from './refusals.ts';
import { publicMetadata } from './search-document.ts';

/** Something to download, made while it is sent. */
export interface ExportStream {
  fileName: string;
  mediaType: string;
  /** What the target cannot hold, told before a byte is sent. */
  losses: Issue[];
  /** The bytes, once. An error in the middle ends the stream with that error. */
  stream: AsyncGenerator<Uint8Array>;
}

/** Which part of an item is exported, and how. */
export interface ExportRequest {
  item: StudyItem;
  /** Members of the item. */
  files: readonly StoredFile[];
  form: string;
  /** Set of tracks, 0 where left out. */
  part?: number | undefined;
  /** Image, 0 where left out. */
  image?: number | undefined;
  signal?: AbortSignal | undefined;
}

/**
 * Exports an item in another form, from what is stored of it.
 * @throws NotThere for a form, set or image that is not there; FormNotMade where the stored form was dropped; Refused where the target cannot
 * hold the item at all
 */
export async function exportItem(ports: FormPorts, request: ExportRequest): Promise<ExportStream> {
  const { form, item } = request;
  if (!(exportForms as readonly string[]).includes(form)) throw new NotThere(`export form ${form.slice(0, 40)}`);
  const image = imageForms.find((one) => one === form);
  if (image) return await exportImage(ports, image, request);
  const set = await readStoredSet(ports, item, request.part ?? 0, request.signal);
  return await exportSet(set, form as TrackForm, baseName(item), request.signal);
}

async function exportSet(set: TrackSet, form: TrackForm, name: string, signal?: AbortSignal): Promise<ExportStream> {
  const options = signal ? { signal } : {};
  const losses = acceptable(await lossesIn(form, set));
  const about = { fileName: `${name}.${form}`, mediaType: exportMediaType(form), losses };
  if (form === 'objects.csv' || form === 'edges.csv') {
    const table = form === 'objects.csv' ? objectsCsv : edgesCsv;
    return { ...about, stream: table(set, options) };
  }
  const writer = await exportWriter(form);
  if (writer.layout === 'file') {
    return { ...about, stream: byteStream((out) => writer.write([set], oneFile(out), options)) };
  }
  const stream = byteStream(async (out) => {
    const zip = zipWriter(out);
    await writer.write([set], inFolder(zip, form === 'geff.zip' ? `${name}.geff/` : ''), options);
    await zip.finish();
  });
  return { ...about, stream };
}

const inFolder = (sink: FileSink, folder: string): FileSink => ({ create: (path) => sink.create(folder + path) });

async function exportImage(ports: FormPorts, form: ImageForm, request: ExportRequest): Promise<ExportStream> {
  const { item, files, signal } = request;
  const { image, close } = await openStoredImage(ports, item, files, request.image ?? 0);
  const writer = await imageWriter(form);
  let losses: Issue[];
  try {
    // Against what the deposited file says, not against what the stored form kept of it.
    const deposited = { ...image, description: item.images[request.image ?? 0]! };
    losses = acceptable(writer.losses([deposited]));
  } catch (error) {
    await close();
    throw error;
  }
  const stream = byteStream(async (out) => {
    try {
      await writer.write([image], oneFile(out), signal ? { signal } : {});
    } finally {
      await close();
    }
  });
  const ending = form === 'ome.tif' ? form : 'ome.zarr.zip';
  return { fileName: `${baseName(item)}.${ending}`, mediaType: exportMediaType(form), losses, stream };
}

/** A loss of severity `error` is a refusal: the target would not be what it says it is. */
function acceptable(losses: Issue[]): Issue[] {
  const errors = losses.filter((issue) => hasErrors([issue]));
  if (errors.length > 0) throw new Refused('The target format cannot hold this item', errors);
  return losses;
}

function oneFile(out: { write(bytes: Uint8Array): Promise<void> }): FileSink {
  return {
    create: async (): Promise<FileSinkWriter> => ({ write: (bytes) => out.write(bytes), close: async () => undefined }),
  };
}

/**
 * A whole published version as one zip, made while it is sent: `metadata/study.json` (without the private fields), `files/…` as deposited, and
 * `manifest-sha256.txt` in the form `sha256sum -c` takes; `quarantined.txt` names files that are held back, with why, and `lost.txt` those whose bytes are lost or damaged; `metadata/identifiers.json` tells a DOI given since, `metadata/references.json` files that stay where they are. Else the same version always gives the
 * same bytes.
 * @throws NotThere
 */
export async function exportVersion(
  ports: { studies: StudyStore; blobs: BlobStore },
  accession: string,
  version: number,
  signal?: AbortSignal,
  given: GivenDois = {},
): Promise<ExportStream> {
  const found = await ports.studies.getVersion(accession, version);
  if (!found) throw new NotThere(`version ${version} of ${accession}`);
  const stream = byteStream(async (out) => {
    const zip = zipWriter(out);
    await writeVersion(ports, found, zip, { folder: '', given, signal });
    await zip.finish();
  });
  return { fileName: `${accession}-v${version}.zip`, mediaType: 'application/zip', losses: [], stream };
}

type ZipWriter = ReturnType<typeof zipWriter>;

/**
 * Writes a published version into a folder of a zip, as `exportVersion` says.
 * @param folder with its `/` at the end, or empty
 * @param isClosed are its files given to nobody? Then only what is said of it is written
 */
export async function writeVersion(
  ports: { studies: StudyStore; blobs: BlobStore },
  found: VersionWithoutFiles,
  zip: ZipWriter,
  options: { folder: string; given?: GivenDois; isClosed?: boolean; signal?: AbortSignal | undefined },
): Promise<void> {
  const { folder, given = {}, isClosed = false, signal } = options;
  const { fileCount: _count, byteCount: _bytes, referenced: _referenced, plainItems: _plain, ...document } = found;
  const { accession, version } = found;
  const items = found.plainItems === undefined ? found.items : everyItem(ports.studies, found);
  const shown = { ...document, metadata: publicMetadata(document.metadata), items };
  const study = await zip.create(`${folder}metadata/study.json`);
  for await (const piece of jsonPieces(shown)) await study.write(piece);
  await study.close();
  const identifiers = identifiersFile({ accession, version, ...given });
  if (identifiers) await zip.add(`${folder}metadata/identifiers.json`, [identifiers]);
  const elsewhere: FileReference[] = [];
  for await (const one of everyRow((page) => ports.studies.listVersionReferences(accession, version, page)))
    elsewhere.push(one);
  const references = referencesFile({ accession, version, references: elsewhere });
  if (references) await zip.add(`${folder}${referencesPath}`, [references]);
  if (isClosed) return;
  const held: string[] = [];
  const lost: string[] = [];
  const named = (file: Pick<StoredFile, 'path' | 'sha256'>, why: string) =>
    `${file.sha256}  files/${file.path}\n  ${why}\n`;
  await writeFiles(
    ports.blobs,
    everyRow((page) => ports.studies.listVersionFiles(accession, version, page)),
    zip,
    {
      folder,
      signal,
      onHeld: (file, reason) => held.push(named(file, reason)),
      onLost: (file, loss) => lost.push(named(file, lossText(file.sha256, loss))),
    },
  );
  if (held.length > 0)
    await zip.add(`${folder}quarantined.txt`, [
      textBytes(`Files of this version that are in quarantine and given to nobody:\n\n${held.join('')}`),
    ]);
  if (lost.length > 0)
    await zip.add(`${folder}lost.txt`, [
      textBytes(
        `Files of this version that are not in this download, for no copy here has their bytes:\n\n${lost.join('')}`,
      ),
    ]);
}

/**
 * Writes stored files below `files/` of a folder of a zip, and their digests as `manifest-sha256.txt`, which `sha256sum -c` takes.
 * @param onHeld told of each file in quarantine, which is not written, with why in one line
 * @param onLost told of each file whose bytes are lost or damaged, which is not written
 */
export async function writeFiles(
  blobs: BlobStore,
  files: AsyncIterable<Pick<StoredFile, 'path' | 'sha256'>>,
  zip: ZipWriter,
  options: {
    folder: string;
    signal?: AbortSignal | undefined;
    onHeld: (file: Pick<StoredFile, 'path' | 'sha256'>, reason: string) => void;
    onLost: (file: Pick<StoredFile, 'path' | 'sha256'>, loss: Loss) => void;
  },
): Promise<void> {
  const { folder, signal, onHeld, onLost } = options;
  const manifest: string[] = [];
  for await (const file of files) {
    signal?.throwIfAborted();
    const reason = await blobs.heldBack?.(file.sha256);
    if (reason !== undefined) {
      onHeld(file, reason.replaceAll(/\s+/g, ' '));
      continue;
    }
    const loss = await blobs.lost?.(file.sha256);
    if (loss) {
      onLost(file, loss);
      continue;
    }
    await copyBlob(blobs, file.sha256, await zip.create(`${folder}files/${file.path}`), signal);
    manifest.push(`${file.sha256}  files/${file.path}\n`);
  }
  await zip.add(`${folder}manifest-sha256.txt`, [textBytes(manifest.join(''))]);
}

/** Copies stored bytes to a file that is being written, piece by piece, and closes it. */
export async function copyBlob(
  blobs: BlobStore,
  sha256: string,
  file: FileSinkWriter,
  signal?: AbortSignal,
): Promise<void> {
  const source = await blobs.open(sha256);
  try {
    for (let at = 0; at < source.size; at += 2 ** 20) await file.write(await source.read(at, 2 ** 20, signal));
  } finally {
    await source.close();
  }
  await file.close();
}

/** File or folder name of an item without extensions. */
function baseName(item: StudyItem): string {
  return item.path.slice(item.path.lastIndexOf('/') + 1).replace(/(\.ome)?\.[A-Za-z0-9]{1,5}$/, '') || item.id;
}

const textBytes = (text: string) => new TextEncoder().encode(text);
