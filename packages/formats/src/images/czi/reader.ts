import type { ImageDescription, Issue } from '@micrarium/model';
import type { ByteSource } from '../../bytes/byte-source.ts';
import { stemOf } from '../../bytes/file-tree.ts';
import type { Item } from '../../recognition/item.ts';
import { imageFinding, imageFindings } from '../findings.ts';
import type { ImagePixels, ImageReader, OpenedImages } from '../image-reader.ts';
import { bytesPerValue } from '../pixel-arrays.ts';
import { microscopeIssue } from '../stored/microscope-issues.ts';
import { rounded } from '../ome-xml/to-model.ts';
import { timeStepOf } from '../stored/stated-values.ts';
import { parseXmlTree } from '../stored/xml-tree.ts';
import { reopeningSource } from '../tiff/ome-set.ts';
import { mainEntry } from '../tiff/reader.ts';
import { tiffIssue } from '../tiff/tiff-issues.ts';
import { cziStagePosition, cziTimeStamps } from './attachments.ts';
import { cziCompression, cziPixels, isCziCompressionRead } from './block-pixels.ts';
import { type CziBlock, readCziDirectory, readCziHeader, readCziXml } from './directory.ts';
import { type CziMetadata, cziMetadata } from './metadata.ts';
import { type CziScene, cziAxes, sceneImage } from './scene-image.ts';

/**
 * Opens Zeiss CZI: every scene is an image, its mosaic tiles laid together; blocks of the pyramid are passed over.
 * Uncompressed, zstd, JPEG and LZW pixels are read; JPEG XR is named.
 */
export const cziReader: ImageReader = {
  async open(item: Item, options = {}): Promise<OpenedImages> {
    const { path } = item;
    const entry = mainEntry(item);
    const source = entry && reopeningSource(entry);
    const header = source && (await readCziHeader(source));
    const directory = header && (await readCziDirectory(source, header.directory, options.signal));
    const xml = header && (await readCziXml(source, header.metadata));
    const rawMetadata = xml === undefined ? {} : { rawMetadata: { mediaType: 'application/xml', text: xml } };
    if (!source || !header || !directory) {
      const message = 'The file begins like a CZI, but its directory of images cannot be read.';
      return {
        images: [],
        issues: [microscopeIssue('microscope-file-broken', message, { where: { file: path } })],
        ...rawMetadata,
      };
    }
    const { root, fault } = parseXmlTree(xml ?? '');
    const issues: Issue[] = directory.issues.map((issue) => ({ ...issue, where: { ...issue.where, file: path } }));
    if (xml === undefined || fault !== undefined)
      issues.push(metadataIssue(path, xml === undefined ? 'it lies outside the file' : fault!));
    const metadata = cziMetadata(root);
    const times = await cziTimeStamps(source, header.attachments);
    // What was measured, where the description lists no times of its own.
    if (metadata.planeTimes.length === 0) metadata.planeTimes = times.map((time) => rounded(time - times[0]!));
    metadata.timeStep ??= timeStepOf(times).timeStep;
    const images = await openScenes(directory.blocks, metadata, source, path, issues);
    return { images, issues, formatVersion: header.version, ...rawMetadata };
  },
};

/** Scenes whose stage position is looked up: one read each. */
const mostPositions = 2000;

function metadataIssue(file: string, why: string): Issue {
  const message = `The description of the CZI could not be read whole: ${why}.`;
  return microscopeIssue('microscope-metadata-broken', message, { where: { file } });
}

async function openScenes(
  blocks: readonly CziBlock[],
  metadata: CziMetadata,
  source: ByteSource,
  path: string,
  issues: Issue[],
): Promise<ImagePixels[]> {
  const groups = Map.groupBy(blocks, ({ starts, pixelType }) => `${starts['S'] ?? 0} ${pixelType}`);
  const images: ImagePixels[] = [];
  const sorted = [...groups.values()].toSorted((a, b) => (a[0]!.starts['S'] ?? 0) - (b[0]!.starts['S'] ?? 0));
  for (const [index, group] of sorted.entries()) {
    const name = sorted.length > 1 ? `${stemOf(path)} (${index + 1})` : stemOf(path);
    const unread = [...new Set(group.map(({ compression }) => compression))].filter(
      (code) => !isCziCompressionRead(code),
    );
    for (const code of unread) {
      const message = `Pixels of “${name}” are compressed with ${cziCompression(code)}.`;
      issues.push(imageFinding('compression-not-read', message, { where: { file: path } }));
    }
    const scene = layOut(group);
    if (typeof scene === 'string') {
      const code = cziPixels(group[0]!.pixelType) ? 'microscope-image-unusable' : undefined;
      const message = `The image “${name}” cannot be read: ${scene}.`;
      const where = { file: path };
      issues.push(
        code ? microscopeIssue(code, message, { where }) : imageFinding('pixel-type-not-read', message, { where }),
      );
      continue;
    }
    const { description, missing } = describe(scene, metadata, name);
    issues.push(...planeIssues(scene, missing, name, source.size, path), ...imageFindings(description, path));
    if (index < mostPositions) Object.assign(description, await cziStagePosition(source, group[0]!));
    images.push(sceneImage(scene, description, source));
  }
  return images;
}

/** Lays out the blocks of a scene; a text says why they cannot be an image. */
function layOut(blocks: CziBlock[]): CziScene | string {
  const pixels = cziPixels(blocks[0]!.pixelType);
  if (!pixels) return `its pixels are of type ${blocks[0]!.pixelType}, which we do not read`;
  let [left, top] = [Infinity, Infinity];
  for (const { x, y } of blocks) [left, top] = [Math.min(left, x), Math.min(top, y)];
  let [right, bottom, covered] = [0, 0, 0];
  for (const { x, y, width, height } of blocks) {
    [right, bottom] = [Math.max(right, x + width - left), Math.max(bottom, y + height - top)];
    covered += width * height;
  }
  // Mosaics have gaps, but a damaged start would put a tile millions of pixels away.
  if (right * bottom > 10_000 * covered || right * bottom > 2 ** 42) return `it would have ${right} x ${bottom} pixels`;
  const places = new Map<string, Map<number, number>>();
  for (const letter of ['T', 'C', 'Z', ...Object.keys(cziAxes)]) {
    const indices = [...new Set(blocks.map(({ starts }) => starts[letter] ?? 0))].toSorted((a, b) => a - b);
    const first = indices[0]!;
    // Gaps in time and depth are planes that are missing; channels and the rest are counted as they are there.
    const isAxis = letter === 'T' || letter === 'Z';
    const keepsGaps = isAxis && indices.at(-1)! - first < 2 * indices.length + 16;
    places.set(letter, new Map(indices.map((index, n) => [index, keepsGaps ? index - first : n])));
  }
  return { blocks, pixels, left, top, places };
}

function describe(
  scene: CziScene,
  metadata: CziMetadata,
  name: string,
): { description: ImageDescription; missing: number } {
  const { blocks, pixels, left, top, places } = scene;
  let [x, y] = [1, 1];
  for (const block of blocks) {
    x = Math.max(x, block.x + block.width - left);
    y = Math.max(y, block.y + block.height - top);
  }
  const length = (letter: string): number =>
    1 + [...(places.get(letter)?.values() ?? [0])].reduce((a, b) => Math.max(a, b), 0);
  const further = Object.entries(cziAxes).filter(([letter]) => length(letter) > 1);
  const sizes = {
    t: length('T'),
    c: length('C'),
    z: length('Z'),
    y,
    x,
    ...Object.fromEntries(further.map(([letter, axis]) => [axis, length(letter)])),
  };
  const channelNumbers = [...(places.get('C')?.keys() ?? [])];
  const bits = metadata.bits[channelNumbers[0] ?? 0];
  const { type, samples } = pixels;
  const description: ImageDescription = {
    name,
    sizes,
    type,
    ...(samples > 1 ? { samples } : {}),
    ...metadata.shared,
    ...(metadata.timeStep && sizes.t > 1 ? { timeStep: metadata.timeStep } : {}),
    ...(sizes.t > 1 && metadata.planeTimes.length === sizes.t ? { planeTimes: metadata.planeTimes } : {}),
    channels: channelNumbers.map((number) => metadata.channels[number] ?? { name: '' }),
    ...(bits !== undefined && bits < bytesPerValue(type) * 8 && !type.startsWith('float')
      ? { significantBits: bits }
      : {}),
  };
  const letters = [...places.keys()];
  const there = new Set(blocks.map(({ starts }) => letters.map((letter) => starts[letter] ?? 0).join())).size;
  return { description, missing: wantedPlanes(scene, length) - there };
}

/**
 * Planes that should be there: each channel with as many places of further axes as it has, since of Airyscan some have all
 * phases of the detector and others their sum.
 */
function wantedPlanes({ blocks, places }: CziScene, length: (letter: string) => number): number {
  const letters = [...places.keys()];
  const further = letters.filter((letter) => letter in cziAxes);
  const common = letters.filter((letter) => letter !== 'C' && !further.includes(letter));
  const each = common.reduce((product, letter) => product * length(letter), 1);
  const phases = new Map<number, Map<string, Set<number>>>();
  for (const { starts } of blocks) {
    const channel = starts['C'] ?? 0;
    const seen = phases.get(channel) ?? new Map(further.map((letter) => [letter, new Set<number>()]));
    for (const [letter, numbers] of seen) numbers.add(starts[letter] ?? 0);
    phases.set(channel, seen);
  }
  const own = [...phases.values()].map((seen) => {
    const full = [...seen].map(([letter, numbers]) => (numbers.size > 1 ? length(letter) : 1));
    return full.reduce((product, places) => product * places, 1);
  });
  return each * (own.reduce((sum, planes) => sum + planes, 0) + (length('C') - own.length));
}

/** Blocks outside the file, planes nobody stored. */
function planeIssues(scene: CziScene, missing: number, name: string, size: number, file: string): Issue[] {
  const issues: Issue[] = [];
  const cut = scene.blocks.filter(({ position, compression, width, height, dimensions }) => {
    const pixels = compression === 0 ? width * height * scene.pixels.bytes : 1;
    return position + 32 + Math.max(256, 48 + 20 * dimensions) + pixels > size;
  });
  if (cut.length > 0) {
    const message = `${cut.length} of ${scene.blocks.length} blocks of “${name}” end behind the end of the file.`;
    issues.push(tiffIssue('pixel-data-truncated', message, { where: { file, offset: cut[0]!.position } }));
  }
  if (missing > 0) {
    const message = `${missing} planes of “${name}” are not in the file; they are shown as 0.`;
    issues.push(tiffIssue('planes-missing', message, { where: { file } }));
  }
  return issues;
}
