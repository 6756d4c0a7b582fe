import type { ImageDescription } from '@micrarium/model';
import { stemOf } from '../../bytes/file-tree.ts';
import { converterFinding, pixelsOfConverter } from '../converter/known-by-name.ts';
import { imageFindings } from '../findings.ts';
import type { ImagePixels, ImageReader } from '../image-reader.ts';
import { microscopeIssue } from '../stored/microscope-issues.ts';
import { singleLevel } from '../stored/strided-image.ts';
import { reopeningSource } from '../tiff/ome-set.ts';
import { describeVsi } from './describe.ts';
import { type EtsStack, etsLine, readEts } from './ets.ts';
import { readVsiTags, vsiTagName } from './tags.ts';

/** Lines of tags that are kept as raw text. */
const mostLines = 20_000;

/** Describes what an Olympus VSI consists of, by its tags and the heads of its tiles; its pixels are left to a converter. */
export const vsiReader: ImageReader = {
  async open(item, { signal } = {}) {
    const { path } = item;
    const files = item.files.filter((entry) => /\.ets$/i.test(entry.path));
    const stacks: EtsStack[] = [];
    for (const file of files.slice(0, 1000)) {
      const stack = await readEts(file);
      if (stack) stacks.push(stack);
    }
    const main = item.files.find((entry) => /\.vsi$/i.test(entry.path));
    const tags = main ? await readVsiTags(reopeningSource(main), signal) : [];
    const descriptions = describeVsi(tags, stacks, stemOf(main?.path ?? path));
    const told = ` with ${files.length} ${files.length === 1 ? 'stack' : 'stacks'} of tiles`;
    const issues = [converterFinding('Olympus VSI', path, files.length > 0 ? told : '')];
    if (files.length === 0) {
      const message = 'The folder with the pixels, which has the name of this file between underscores, is not there.';
      issues.push(microscopeIssue('image-in-other-file', message, { where: { file: path } }));
    }
    for (const description of descriptions) issues.push(...imageFindings(description, path));
    const lines = [
      ...stacks.map((stack) => etsLine(stack)),
      ...tags.slice(0, mostLines).map(({ tag, value, image }) => `${image} ${vsiTagName(tag)}: ${String(value)}`),
    ];
    const text = lines.join('\n');
    return {
      images: descriptions.map((description) => describedOnly(description, path)),
      issues,
      ...(text === '' ? {} : { rawMetadata: { mediaType: 'text/plain', text } }),
    };
  },
};

function describedOnly(description: ImageDescription, path: string): ImagePixels {
  return {
    description,
    levels: [singleLevel(description)],
    readRegion: () => Promise.reject(pixelsOfConverter('Olympus VSI', path)),
  };
}
