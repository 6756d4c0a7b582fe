import type { ImageDescription, Issue, PixelBlock, PixelType } from '@micrarium/model';
import { stemOf } from '../../bytes/file-tree.ts';
import { Hdf5Fault, issueOfFault } from '../../containers/hdf5/fault.ts';
import { type Hdf5Node, type OpenHdf5, openHdf5 } from '../../containers/hdf5/open-hdf5.ts';
import { typedArrayOf } from '../../containers/hdf5/values.ts';
import type { Item } from '../../recognition/item.ts';
import { imageFinding, imageFindings } from '../findings.ts';
import { type ImagePixels, type ImageReader, type OpenedImages, PixelsUnreadable } from '../image-reader.ts';
import { microscopeIssue } from '../stored/microscope-issues.ts';
import { checkedRegion } from '../stored/strided-image.ts';
import { reopeningSource } from '../tiff/ome-set.ts';
import { emptyBlock } from '../tiff/paged-image.ts';
import { mainEntry } from '../tiff/reader.ts';
import { tiffIssue } from '../tiff/tiff-issues.ts';
import { describeIms, imsPixelType } from './describe.ts';
import { type ImsLayout, pixelPath, readLayout, textAttributes } from './layout.ts';

/** Unpacked chunks that are kept: a layer of them, so that its planes are unpacked once, but no more than this. */
const mostKept = 192 << 20;

/**
 * Opens Imaris files by ranges: the resolution levels as they are stored, all time points and channels. Pixels packed
 * with gzip and with LZ4 (newer versions).
 */
export const imsReader: ImageReader = {
  async open(item: Item): Promise<OpenedImages> {
    const entry = mainEntry(item);
    if (!entry) return { images: [], issues: [] };
    try {
      return await openIms(await openHdf5(reopeningSource(entry)), item.path, stemOf(entry.path));
    } catch (error) {
      if (!(error instanceof Hdf5Fault)) throw error;
      return { images: [], issues: [issueOfFault(error, item.path)] };
    }
  },
};

async function openIms(file: OpenHdf5, path: string, fallbackName: string): Promise<OpenedImages> {
  const where = { file: path };
  const issues: Issue[] = [];
  const version = (await textAttributes(file.root)).get('ImarisVersion');
  const about = version === undefined ? {} : { formatVersion: version };
  const layout = await readLayout(file);
  if (file.missingBytes > 0) {
    const message = `The file is ${file.missingBytes} bytes shorter than it says.`;
    issues.push(tiffIssue('pixel-data-truncated', message, { where }));
  }
  if (!layout?.levels[0]) {
    const message = 'There are no pixels where Imaris keeps them (DataSet/ResolutionLevel 0).';
    issues.push(microscopeIssue('microscope-image-unusable', message, { where }));
    return { images: [], issues, ...about };
  }
  const type = imsPixelType(layout.first.type);
  if (!type || type === 'float16' || !layout.first.filters.every(isRead)) {
    const how = type ? `packed with ${layout.first.filters.join(', ')}` : 'of a type that is no pixel type';
    issues.push(imageFinding('compression-not-read', `The pixels are ${how}.`, { where }));
    return { images: [], issues, ...about };
  }
  const { description, raw, fault } = await metadataOf(file, layout, type, fallbackName);
  if (fault) issues.push(microscopeIssue('microscope-metadata-broken', fault.message, { where }));
  issues.push(...layoutIssues(layout, path), ...imageFindings(description, path));
  keepLayer(file, layout, layout.first.type.size);
  return {
    images: [imsImage(file, layout, description)],
    issues,
    ...about,
    ...(raw === '' ? {} : { rawMetadata: { mediaType: 'text/plain', text: raw } }),
  };
}

/** Description and raw text; where the metadata are damaged, what the pixels say. */
async function metadataOf(
  file: OpenHdf5,
  layout: ImsLayout,
  type: PixelType,
  fallbackName: string,
): Promise<{ description: ImageDescription; raw: string; fault?: Hdf5Fault }> {
  try {
    const description = await describeIms(file, layout, type, fallbackName);
    return { description, raw: await rawMetadata(file, layout.info) };
  } catch (error) {
    if (!(error instanceof Hdf5Fault)) throw error;
    const channels = Array.from({ length: layout.channels }, () => ({ name: '' }));
    const sizes = { t: layout.times, c: layout.channels, ...layout.levels[0]!.sizes };
    return { description: { name: fallbackName, sizes, type, channels }, raw: '', fault: error };
  }
}

function isRead(filter: string): boolean {
  return ['gzip', 'shuffle', 'fletcher32', 'lzf', 'lz4', 'zstd', 'blosc'].includes(filter);
}

function layoutIssues(layout: ImsLayout, path: string): Issue[] {
  const where = { file: path };
  const issues: Issue[] = [];
  if (layout.missing.length > 0) {
    const message = `The file lacks ${layout.missing.join(', ')}; what is missing is shown as 0.`;
    issues.push(tiffIssue('planes-missing', message, { where }));
  }
  if (layout.isCut) {
    const message = 'The stated size of the image is larger than what is stored; the stored size is used.';
    issues.push(tiffIssue('pixel-data-truncated', message, { where }));
  }
  return issues;
}

/** A layer of chunks over a plane stays unpacked, as neighbouring slices lie in it. */
function keepLayer(file: OpenHdf5, { levels, channels }: ImsLayout, valueBytes: number): void {
  const { sizes, chunk } = levels[0]!;
  const [depth = 1, height = 1, width = 1] = chunk;
  const plane = Math.ceil(sizes.y / height) * height * Math.ceil(sizes.x / width) * width;
  file.keepUnpacked(Math.min(mostKept, Math.max(32 << 20, depth * plane * valueBytes * Math.min(2, channels))));
}

function imsImage(file: OpenHdf5, layout: ImsLayout, description: ImageDescription): ImagePixels {
  const levels = layout.levels.map(({ sizes, chunk }) => ({
    width: sizes.x,
    height: sizes.y,
    depth: sizes.z,
    tileWidth: Math.min(sizes.x, chunk[2] ?? sizes.x),
    tileHeight: Math.min(sizes.y, chunk[1] ?? sizes.y),
  }));
  return {
    description,
    levels,
    async readRegion(plane, wanted, level = 0, signal) {
      const size = levels[level];
      // A plane of a smaller level counts among the slices of that level.
      const inLevel = { ...description, sizes: { ...description.sizes, z: size?.depth ?? description.sizes.z } };
      const region = checkedRegion(inLevel, plane, wanted, level, size, levels.length);
      const block = emptyBlock(description, region);
      try {
        const path = pixelPath(layout.levels[level]!.group, plane.t, plane.c);
        const data = await (await file.node(path))?.dataset();
        if (!data) return block;
        const box = { start: [plane.z, region.y, region.x], count: [1, region.height, region.width] };
        const values = typedArrayOf(data.type, await data.read(box, signal));
        if (values?.constructor !== block.data.constructor)
          throw new PixelsUnreadable(`${path} holds values of another type`);
        return { ...block, data: values } as PixelBlock;
      } catch (error) {
        if (error instanceof Hdf5Fault) throw new PixelsUnreadable(error.message, { cause: error });
        // A plane stored with fewer pixels than the first one.
        if (error instanceof RangeError) throw new PixelsUnreadable(error.message, { cause: error });
        throw error;
      }
    },
  };
}

/** Longest list of groups, and longest value, in the raw metadata. */
const mostGroups = 2000;
const longestValue = 100_000;

/** Every attribute below the metadata group, as text. */
async function rawMetadata(file: OpenHdf5, info: string): Promise<string> {
  const lines: string[] = [];
  const queue: { name: string; node: Hdf5Node | undefined }[] = [{ name: info, node: await file.node(info) }];
  const seen = new Set<number>();
  for (let next = queue.shift(); next && seen.size < mostGroups; next = queue.shift()) {
    const { name, node } = next;
    if (!node || seen.has(node.address)) continue;
    seen.add(node.address);
    const attributes = await textAttributes(node);
    if (attributes.size > 0) lines.push(`[${name}]`);
    for (const [key, value] of attributes) lines.push(`${key} = ${value.slice(0, longestValue)}`);
    for (const link of await node.links())
      queue.push({ name: `${name}/${link.name}`, node: await node.child(link.name) });
  }
  return lines.join('\n');
}
