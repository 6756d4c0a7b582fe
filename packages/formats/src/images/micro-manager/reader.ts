import type { FileEntry } from '../../bytes/file-tree.ts';
import type { Item } from '../../recognition/item.ts';
import { recognitionIssue } from '../../recognition/recognition-issues.ts';
import { imageFinding } from '../findings.ts';
import type { ImageReader, OpenedImages } from '../image-reader.ts';
import { classifyTiff } from '../tiff/classify.ts';
import { readXmlText, reopeningSource } from '../tiff/ome-set.ts';
import { mainEntry, tiffReader } from '../tiff/reader.ts';
import { aboutFile, openMicroManagerFolder } from './folder.ts';
import { readMicroManagerHeader } from './header.ts';
import { ndtiffIndexFile, openNdtiff } from './ndtiff.ts';
import { openMicroManagerStack } from './stack.ts';

/** The text that lies beside stacks, which hold the same themselves: no image, and no fault. */
async function textAlone(item: Item, about: FileEntry): Promise<OpenedImages> {
  const message = 'This is the text that Micro-Manager writes beside its stacks; it has no planes of its own here.';
  const hint = 'Nothing is lost: the stacks hold the same. Planes in files of their own belong into the same folder.';
  const text = (await readXmlText(await about.open())) ?? '';
  return {
    images: [],
    issues: [recognitionIssue('recognised-not-read', message, { where: { file: item.path }, hint })],
    ...(text === '' ? {} : { rawMetadata: { mediaType: 'application/json', text } }),
  };
}

/**
 * Opens what Micro-Manager saves: stacks (those with OME-XML or an ImageJ description are OME-TIFF and ImageJ) and folders
 * of one file a plane, and NDTiff data sets. Not yet seen on a real file: built from its documentation.
 */
export const microManagerReader: ImageReader = {
  async open(item: Item, options): Promise<OpenedImages> {
    const about = aboutFile(item);
    if (about) return item.files.length > 1 ? openMicroManagerFolder(item, about) : textAlone(item, about);
    const index = ndtiffIndexFile(item);
    if (index) return openNdtiff(item, index);
    const entry = mainEntry(item);
    const source = entry && reopeningSource(entry);
    const kind = source && (await classifyTiff(source));
    const header = source && (await readMicroManagerHeader(source));
    if (header?.kind === 'ndtiff') {
      const message = `This is a file of an NDTiff data set (version ${header.version ?? 'unknown'}) of Micro-Manager; the NDTiff.index that lists its planes is not there.`;
      const hint = 'Add the file NDTiff.index that lies in the same folder.';
      const issue = imageFinding('set-member-missing', message, { where: { file: item.path }, hint });
      return {
        images: [],
        issues: [issue],
        formatVersion: `NDTiff ${header.version ?? ''}`.trim(),
        ...(header.summaryText === ''
          ? {}
          : { rawMetadata: { mediaType: 'application/json', text: header.summaryText } }),
      };
    }
    if (!kind || kind === 'broken' || kind.id !== 'micro-manager') return tiffReader.open(item, options);
    return openMicroManagerStack(kind.file, header, item.path);
  },
};
