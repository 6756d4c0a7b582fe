import type { Issue } from '@micrarium/model';
import type { FileEntry } from '../../bytes/file-tree.ts';
import { baseName } from '../../bytes/file-tree.ts';
import type { Item } from '../../recognition/item.ts';
import { recognitionIssue } from '../../recognition/recognition-issues.ts';
import type { ImageReader, OpenedImages } from '../image-reader.ts';
import { describeMicroManager, fillFromMicroManager } from '../micro-manager/describe.ts';
import { readMicroManagerHeader } from '../micro-manager/header.ts';
import { planeRecord } from '../micro-manager/plane-records.ts';
import { type TiffKind, classifyTiff, isOmeXml } from './classify.ts';
import type { TiffFile } from './directory.ts';
import { electronMicroscope } from './electron-microscope.ts';
import { SetMembers, readXmlText, reopeningSource } from './ome-set.ts';
import { openImagejTiff } from './open-imagej.ts';
import { openOmeTiff } from './open-ome.ts';
import { openPlainTiff } from './open-plain.ts';
import { tiffIssue } from './tiff-issues.ts';

/** Kinds that have a reader of their own; here only where a file was taken for a plain TIFF. */
const notRead: Partial<Record<TiffKind['id'], string>> = {
  lsm: 'Zeiss LSM',
  stk: 'MetaMorph STK',
  'micro-manager': 'Micro-Manager',
};

/**
 * Opens TIFFs of every kind: OME-TIFF (also as a set of files, whichever member is pointed at, and by its companion),
 * ImageJ, plain; with what Micro-Manager adds to the first two. Zeiss LSM, MetaMorph STK and Micro-Manager's own stacks
 * have readers of their own.
 */
export const tiffReader: ImageReader = {
  async open(item: Item): Promise<OpenedImages> {
    const entry = mainEntry(item);
    if (!entry) return { images: [], issues: [broken(item.path)] };
    const source = reopeningSource(entry);
    const kind = await classifyTiff(source);
    const members = new SetMembers(inItem(item), entry.path);
    if (kind === undefined) {
      const text = await readXmlText(source);
      if (text && isOmeXml(text)) return openOmeTiff({ text, path: item.path }, members);
      return { images: [], issues: [broken(item.path)] };
    }
    if (kind === 'broken') return { images: [], issues: [broken(item.path)] };
    return openKind(kind, item.path, members);
  },
};

async function openKind(kind: TiffKind, path: string, members: SetMembers): Promise<OpenedImages> {
  const { file, description: text } = kind;
  const name = notRead[kind.id];
  if (name !== undefined) {
    const message = `This is a ${name} file; its pixels are not read yet.`;
    const where = { file: path };
    return { images: [], issues: [recognitionIssue('recognised-not-read', message, { where })] };
  }
  if (kind.id === 'ome-tiff') {
    const opened = await openOmeTiff({ text, path, file }, members);
    await addMicroManager(file, opened);
    return { ...opened, issues: withFileIssues(opened.issues, file.issues) };
  }
  const isImagej = kind.id === 'imagej-tiff';
  const opened = isImagej ? await openImagejTiff(kind, path) : await openPlainTiff(file, path);
  const electron = isImagej ? undefined : (await electronMicroscope(file, kind.first))?.text;
  const summary = isImagej ? await addMicroManager(file, opened) : '';
  return {
    images: opened.images,
    issues: withFileIssues(opened.issues, file.issues),
    ...(kind.version ? { formatVersion: kind.version } : {}),
    ...rawTextOf([text, summary, electron ?? '']),
  };
}

function rawTextOf(parts: readonly string[]): Pick<OpenedImages, 'rawMetadata'> {
  const text = parts.filter((part) => part !== '').join('\n');
  return text === '' ? {} : { rawMetadata: { mediaType: 'text/plain', text } };
}

/** Fills what OME-XML or ImageJ's lines leave out with what Micro-Manager wrote beside them; answers its text. */
async function addMicroManager(file: TiffFile, { images }: Pick<OpenedImages, 'images'>): Promise<string> {
  const header = await readMicroManagerHeader(file.source);
  if (!header || images.length === 0) return '';
  const record = await planeRecord(file, 0);
  for (const { description } of images)
    fillFromMicroManager(
      description,
      describeMicroManager(
        header.summary,
        description.channels.map((_, c) => (c === 0 ? record : undefined)),
      ),
    );
  return header.summaryText;
}

function withFileIssues(issues: readonly Issue[], fromFile: readonly Issue[]): Issue[] {
  return [...fromFile, ...issues];
}

function broken(path: string): Issue {
  const message = 'The file begins like a TIFF, but its first directory cannot be read.';
  return tiffIssue('tiff-broken-header', message, { where: { file: path } });
}

/** Files of an item: its own tree, and the members where they are listed apart. */
function inItem(item: Item): FileEntry[] {
  const known = new Set(item.tree.entries.map((entry) => entry.path));
  return [...item.tree.entries, ...item.files.filter((entry) => !known.has(entry.path))];
}

/** The file that was pointed at: by its path, by its name, else the first. */
export function mainEntry(item: Item): FileEntry | undefined {
  const entries = inItem(item);
  return (
    entries.find((entry) => entry.path === item.path) ??
    entries.find((entry) => entry.path === baseName(item.path)) ??
    entries.find((entry) => baseName(entry.path) === baseName(item.path)) ??
    entries[0]
  );
}
