import type { Issue } from '@micrarium/model';
import type { ByteSource } from '../../bytes/byte-source.ts';
import type { Item } from '../../recognition/item.ts';
import { imageFindings } from '../findings.ts';
import type { ImagePixels, ImageReader, OpenedImages } from '../image-reader.ts';
import { microscopeIssue } from '../stored/microscope-issues.ts';
import { stridedImage } from '../stored/strided-image.ts';
import { type XmlNode, nodeAt, nodesNamed, parseXmlTree } from '../stored/xml-tree.ts';
import { reopeningSource } from '../tiff/ome-set.ts';
import { mainEntry } from '../tiff/reader.ts';
import { tiffIssue } from '../tiff/tiff-issues.ts';
import { describeLif } from './describe.ts';
import { type LifLayout, lifLayout } from './layout.ts';
import { type MemoryBlock, findMemoryBlocks, readLifXml } from './memory-blocks.ts';
import { objectFileMark, readObjectFile } from './object-file.ts';

/** Opens Leica LIF, and LOF, one object of a project: every element with an image and a memory block is an image, in the order of the XML. */
export const lifReader: ImageReader = {
  async open(item: Item, options = {}): Promise<OpenedImages> {
    const where = { file: item.path };
    const entry = mainEntry(item);
    const source = entry && reopeningSource(entry);
    const front = source && (await readLifXml(source));
    if (!source || !front) {
      const message = 'The file begins like a LIF, but its description cannot be read.';
      return { images: [], issues: [microscopeIssue('microscope-file-broken', message, { where })] };
    }
    const object = front.xml === objectFileMark ? await readObjectFile(source, front.end, options.signal) : undefined;
    if (front.xml === objectFileMark && !object) {
      const message = 'This is one object of a Leica project (LOF); what lies behind its pixels cannot be read.';
      return { images: [], issues: [microscopeIssue('microscope-file-broken', message, { where })] };
    }
    const xml = object?.xml ?? front.xml;
    const { root, fault } = parseXmlTree(xml);
    const issues: Issue[] = [];
    if (fault !== undefined) {
      const message = `The description of the LIF could not be read whole: ${fault}.`;
      issues.push(microscopeIssue('microscope-metadata-broken', message, { where }));
    }
    const version = object?.version ?? root?.attributes['Version'];
    // An object has one block, whatever it is called.
    const { blocks, broken } = object
      ? { blocks: blocksOf(root, object.block), broken: undefined }
      : await findMemoryBlocks(source, front.end, Number(version ?? 2) >= 2, options.signal);
    if (broken !== undefined) {
      const message = `What lies at offset ${broken} is no block of pixels; those behind it are lost.`;
      issues.push(microscopeIssue('microscope-file-broken', message, { where: { ...where, offset: broken } }));
    }
    const images = elements(root).flatMap((element) => openElement(element, blocks, source, item.path, issues));
    return {
      images,
      issues,
      ...(version === undefined ? {} : { formatVersion: version }),
      rawMetadata: { mediaType: 'application/xml', text: xml },
    };
  },
};

/** The one block of an object file, under the name that its first image gives it. */
function blocksOf(root: XmlNode | undefined, block: MemoryBlock): Map<string, MemoryBlock> {
  const [element] = elements(root);
  return new Map([[memoryOf(element), block]]);
}

function memoryOf(element: XmlNode | undefined): string {
  return nodesNamed(element, 'Memory')[0]?.attributes['MemoryBlockID'] ?? '';
}

/** All elements that hold an image, in document order. */
function elements(root: XmlNode | undefined): XmlNode[] {
  const found: XmlNode[] = [];
  const rest = root ? [root] : [];
  for (let node = rest.pop(); node; node = rest.pop()) {
    if (node.name === 'Element' && nodeAt(node, 'Data', 'Image')) found.push(node);
    // What an image carries inside may repeat the names of the outer structure.
    const below = node.children.filter(({ name }) => name === 'Element' || name === 'Children');
    rest.push(...below.reverse());
  }
  return found;
}

function openElement(
  element: XmlNode,
  blocks: ReadonlyMap<string, MemoryBlock>,
  source: ByteSource,
  file: string,
  issues: Issue[],
): ImagePixels[] {
  const name = element.attributes['Name'] ?? '';
  const image = nodeAt(element, 'Data', 'Image')!;
  const layout = lifLayout(image);
  const id = memoryOf(element);
  const block = blocks.get(id);
  const refuse = (code: 'microscope-image-unusable' | 'image-in-other-file', why: string): ImagePixels[] => {
    issues.push(microscopeIssue(code, `The image “${name}” cannot be read: ${why}.`, { where: { file, field: id } }));
    return [];
  };
  if (typeof layout === 'string') return refuse('microscope-image-unusable', layout);
  if (!block || block.size === 0) return refuse('image-in-other-file', 'its pixels are not in this file');
  if (layout.extent > block.size)
    return refuse('microscope-image-unusable', `it needs ${layout.extent} bytes of a block of ${block.size}`);
  if (block.offset + layout.extent > source.size) {
    const message = `Pixels of “${name}” end at byte ${block.offset + layout.extent} of a file of ${source.size} bytes.`;
    issues.push(tiffIssue('pixel-data-truncated', message, { where: { file, offset: block.offset } }));
  }
  const description = describeLif(name, image, layout);
  issues.push(...imageFindings(description, file));
  return [
    stridedImage({
      description,
      source,
      littleEndian: true,
      locate: ({ t, c, z, other }) => ({
        offset: block.offset + layout.channelOffsets[c]! + offsetOf(layout, { ...other, t, z }),
        xStride: layout.axes.get('x')?.stride ?? 0,
        yStride: layout.axes.get('y')?.stride ?? 0,
      }),
    }),
  ];
}

function offsetOf({ axes }: LifLayout, places: Readonly<Record<string, number>>): number {
  return Object.entries(places).reduce((sum, [axis, place]) => sum + place * (axes.get(axis)?.stride ?? 0), 0);
}
