import { stat } from 'node:fs/promises';
import type { ByteSource } from '@micrarium/formats';
import type { StudyItem } from '@micrarium/model';
import { type ContentPlace, mediaTypeOf, placeOfContent } from '@micrarium/repository';
import type { HttpContext } from './context.ts';
import type { Services } from './kernel.ts';
import { Problem } from './problems.ts';
import { sendFile, type FileToSend } from './send-file.ts';
import { ZipFolders } from './zip-folders.ts';

/** Where an item's deposited files lie, and what is done when a form is not there. */
export interface ItemHome {
  item: StudyItem;
  /** Digest of a deposited file by its logical path. */
  digestOf(path: string): Promise<string | undefined>;
  /** Has the forms made again. */
  askForForms(): Promise<void>;
  /** Forms of drafts are never kept by anybody. */
  isDraft: boolean;
}

const folders = new ZipFolders();
const formTypes: Readonly<Record<string, string>> = {
  ozx: 'application/zip',
  png: 'image/png',
  parquet: 'application/vnd.apache.parquet',
  json: 'application/json',
  txt: 'text/plain',
};

const extensionOf = (path: string) => path.slice(path.lastIndexOf('.') + 1).toLowerCase();
const nameOf = (path: string) => path.slice(path.lastIndexOf('/') + 1);

/**
 * A form's file: its path on this machine, or its bytes by range where they lie elsewhere.
 * @throws Problem `form-being-made`, after asking for it, where it is not there
 */
async function formFile(
  { derived }: Services,
  home: ItemHome,
  place: { key: string; path: string },
): Promise<string | ByteSource> {
  const found = await (derived.isElsewhere
    ? derived.open(place.key, place.path)
    : derived.pathOf(place.key, place.path));
  if (found !== undefined) return found;
  // Only a form that is gone as a whole is made again; a file that a form never had is simply not there.
  if ((await derived.list(place.key)) !== undefined && !(await wasMade(home, place.path)))
    throw new Problem('not-found');
  await home.askForForms();
  throw new Problem('form-being-made', 'It is made from the originals; ask again in a moment.', {
    headers: { 'retry-after': '2' },
  });
}

function wasMade(home: ItemHome, path: string): boolean {
  return home.item.conversions.some((conversion) => conversion.outputs.some((output) => output.path === path));
}

async function depositedFile(
  services: Services,
  home: ItemHome,
  path: string,
): Promise<{ file: string | ByteSource; sha256: string }> {
  const sha256 = await home.digestOf(path);
  if (sha256 === undefined) throw new Problem('not-found');
  return { file: await storedBytes(services, sha256), sha256 };
}

/** A blob: its path on this machine, or its bytes by range where they lie elsewhere. @throws BlobMissing */
export async function storedBytes({ blobs }: Services, sha256: string): Promise<string | ByteSource> {
  return blobs.isElsewhere ? await blobs.open(sha256) : await blobs.pathOf(sha256);
}

/** Changes when the file does. A form that lies elsewhere is told by its recipe and size. */
async function markOf(file: string | ByteSource): Promise<string> {
  if (typeof file !== 'string') return file.size.toString(36);
  const { mtimeMs, size } = await stat(file);
  return `${size.toString(36)}-${Math.round(mtimeMs).toString(36)}`;
}

/** Tells the archive of a form from others; one with texts hidden in it is another one. */
const markOfForm = (place: ContentPlace, file: string | ByteSource): string =>
  place.kind === 'form' ? `${place.key}/${place.path}${typeof file === 'string' ? '' : `/${file.name}`}` : '';

async function locate(
  services: Services,
  home: ItemHome,
  place: ContentPlace,
): Promise<Pick<FileToSend, 'from' | 'tag' | 'sha256' | 'mediaType' | 'name' | 'isFromDepositor'>> {
  if (place.kind === 'deposited') {
    const { file, sha256 } = await depositedFile(services, home, place.path);
    return {
      from: file,
      tag: sha256,
      sha256,
      mediaType: mediaTypeOf(place.path),
      name: nameOf(place.path),
      isFromDepositor: true,
    };
  }
  if (place.kind === 'form') {
    const file = await formFile(services, home, place);
    const mediaType = formTypes[extensionOf(place.path)] ?? 'application/octet-stream';
    const tag = `${place.key}-${await markOf(file)}`;
    return { from: file, tag, mediaType, name: nameOf(place.path), isFromDepositor: false };
  }
  const isForm = place.archive.kind === 'form';
  const archive =
    place.archive.kind === 'form'
      ? await formFile(services, home, place.archive).then((file) => ({ file, mark: markOfForm(place.archive, file) }))
      : await depositedFile(services, home, place.archive.path).then(({ file, sha256 }) => ({ file, mark: sha256 }));
  const entry =
    typeof archive.file === 'string'
      ? await folders.open(archive.file, place.entry)
      : await folders.openIn(archive.mark, archive.file, place.entry);
  // A chunk that is not there is nothing but background to a reader of Zarr: 404, quietly.
  if (!entry) throw new Problem('not-found');
  const mediaType = extensionOf(place.entry) === 'json' ? 'application/json' : 'application/octet-stream';
  return { from: entry.bytes, tag: entry.tag, mediaType, name: nameOf(place.entry), isFromDepositor: !isForm };
}

/**
 * Answers with a stored form of an item, or a file within one.
 * @throws Problem `not-found`, `form-being-made`, `range-outside`
 */
export async function sendItemContent(
  c: HttpContext,
  services: Services,
  home: ItemHome,
  path: string,
): Promise<Response> {
  const place = placeOfContent(home.item, path);
  if (!place) throw new Problem('not-found');
  const found = await locate(services, home, place).catch((fault: unknown) => {
    if ((fault as { code?: string }).code === 'ENOENT') throw new Problem('not-found', undefined, { cause: fault });
    throw fault;
  });
  return await sendFile(c, { ...found, cache: home.isDraft ? 'private' : 'derived' });
}
