import type { ImageDescription } from '@micrarium/model';
import type { ByteSource } from '../../bytes/byte-source.ts';
import { stemOf } from '../../bytes/file-tree.ts';
import { converterFinding, pixelsOfConverter } from '../converter/known-by-name.ts';
import { imageFindings } from '../findings.ts';
import type { ImagePixels, ImageReader } from '../image-reader.ts';
import { singleLevel } from '../stored/strided-image.ts';
import { parseXmlTree } from '../stored/xml-tree.ts';
import { reopeningSource } from '../tiff/ome-set.ts';
import { mainEntry } from '../tiff/reader.ts';
import { describeOir } from './properties.ts';

/** The description lies behind the pixels, in files of up to 1 GB; looked for in this much of the end and of the front. */
const searchedBytes = 48 << 20;
const begin = '<lsmimage:imageProperties';
const end = '</lsmimage:imageProperties>';

/** Reads what an Olympus OIR says of itself; its pixels are left to a converter. */
export const oirReader: ImageReader = {
  async open(item, options = {}) {
    const { path } = item;
    const entry = mainEntry(item);
    const xml = entry && (await propertiesOf(reopeningSource(entry), options.signal));
    const { root } = parseXmlTree(xml ?? '');
    const description = root && describeOir(root, stemOf(path));
    const rawMetadata = xml === undefined ? {} : { rawMetadata: { mediaType: 'application/xml', text: xml } };
    const finding = converterFinding('Olympus OIR', path, description ? '' : ', whose description cannot be read');
    if (!description) return { images: [], issues: [finding], ...rawMetadata };
    return {
      images: [describedOnly(description, path)],
      issues: [finding, ...imageFindings(description, path)],
      ...rawMetadata,
    };
  },
};

function describedOnly(description: ImageDescription, path: string): ImagePixels {
  return {
    description,
    levels: [singleLevel(description)],
    readRegion: () => Promise.reject(pixelsOfConverter('Olympus OIR', path)),
  };
}

/** The XML of the image properties, looked for at the end of the file, then at the front. */
async function propertiesOf(source: ByteSource, signal?: AbortSignal): Promise<string | undefined> {
  for (const start of new Set([Math.max(0, source.size - searchedBytes), 0])) {
    const bytes = await source.read(start, Math.min(searchedBytes, source.size - start), signal);
    // One character a byte, so that places in the text are places in the bytes.
    const text = new TextDecoder('latin1').decode(bytes);
    const from = text.lastIndexOf(begin);
    const to = from < 0 ? -1 : text.indexOf(end, from);
    if (to > 0) return new TextDecoder().decode(bytes.subarray(from, to + end.length));
  }
  return undefined;
}
