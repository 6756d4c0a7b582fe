import type { Issue } from '@micrarium/model';
import { type FileEntry, type FileTree, baseName, folderOf, stemOf } from '../../bytes/file-tree.ts';
import type { Item } from '../../recognition/item.ts';
import type { ImageReader, OpenedImages } from '../image-reader.ts';
import { microscopeIssue } from '../stored/microscope-issues.ts';
import { readXmlText, reopeningSource } from '../tiff/ome-set.ts';
import { mainEntry } from '../tiff/reader.ts';
import { lifReader } from './reader.ts';

/** Names of files an XLIF says its pixels lie in: one LOF, or a picture for every plane. */
export function pixelFiles(xml: string): string[] {
  const names = [...xml.matchAll(/<(?:Block|Frame)\b[^>]*?\bFile="([^"]+)"/g)].map(([, name]) => name!);
  return [...new Set(names.slice(0, 100_000).map((name) => decoded(name).replaceAll('\\', '/')))];
}

function decoded(name: string): string {
  const text = name.replace(
    /&(amp|lt|gt|quot|apos);/g,
    (_, entity: string) => ({ amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" })[entity]!,
  );
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** Files of a tree that an XLIF names, relative to its folder; by their last part where folders were moved. */
export function membersOf(xml: string, tree: FileTree, path: string): FileEntry[] {
  const wanted = pixelFiles(xml);
  if (wanted.length === 0) return [];
  const byPath = new Map(tree.entries.map((entry) => [entry.path.toLowerCase(), entry]));
  const byName = new Map(tree.entries.map((entry) => [baseName(entry.path).toLowerCase(), entry]));
  return wanted.flatMap((name) => {
    const full = resolved(folderOf(path), name).toLowerCase();
    return byPath.get(full) ?? byName.get(baseName(name).toLowerCase()) ?? [];
  });
}

function resolved(folder: string, name: string): string {
  const parts = folder === '' ? [] : folder.split('/');
  for (const part of name.split('/')) {
    if (part === '..') parts.pop();
    else if (part !== '.' && part !== '') parts.push(part);
  }
  return parts.join('/');
}

/** Opens an image of a Leica project (XLIF) whose pixels lie in an object file (LOF); others are named. */
export const xlifReader: ImageReader = {
  async open(item: Item, options = {}): Promise<OpenedImages> {
    const where = { where: { file: item.path } };
    const main = item.files.find(({ path }) => /\.xl[ic]f$|\.xlef$/i.test(path)) ?? mainEntry(item);
    const xml = (main && (await readXmlText(reopeningSource(main)))) ?? '';
    const rawMetadata = xml === '' ? {} : { rawMetadata: { mediaType: 'application/xml', text: xml } };
    const issues: Issue[] = [];
    const images: OpenedImages['images'] = [];
    for (const entry of item.files.filter(({ path }) => /\.lof$/i.test(path))) {
      const own: Item = { ...item, path: entry.path, files: [entry], format: 'lif' };
      const opened = await lifReader.open(own, options);
      issues.push(...opened.issues);
      for (const image of opened.images) {
        if (image.description.name === '') image.description.name = stemOf(item.path);
        images.push(image);
      }
    }
    const names = pixelFiles(xml);
    if (images.length === 0 && issues.length === 0 && names.length > 0) {
      const few = names.slice(0, 3).join(', ');
      const message = `The pixels lie in ${names.length} other ${names.length === 1 ? 'file' : 'files'} (${few}${names.length > 3 ? ', …' : ''}), each of which is read by itself where it is there.`;
      issues.push(microscopeIssue('image-in-other-file', message, where));
    }
    return { images, issues, ...rawMetadata };
  },
};
