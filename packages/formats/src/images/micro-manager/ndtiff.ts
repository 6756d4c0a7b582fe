import type { ImageDescription, Issue, PixelType, Quantity } from '@micrarium/model';
import type { ByteSource } from '../../bytes/byte-source.ts';
import { type FileEntry, baseName, folderOf, stemOf } from '../../bytes/file-tree.ts';
import type { Item } from '../../recognition/item.ts';
import { imageFinding, imageFindings } from '../findings.ts';
import type { ImagePixels, OpenedImages } from '../image-reader.ts';
import { bytesPerValue } from '../pixel-arrays.ts';
import { known } from '../stored/known-values.ts';
import { microscopeIssue } from '../stored/microscope-issues.ts';
import { checkedRegion, readStrided, singleLevel } from '../stored/strided-image.ts';
import { reopeningSource } from '../tiff/ome-set.ts';
import { emptyBlock } from '../tiff/paged-image.ts';
import { tiffIssue } from '../tiff/tiff-issues.ts';
import { describeMicroManager } from './describe.ts';
import { type JsonValues, parseValues, readMicroManagerHeader, textOf } from './header.ts';
import { type NdtiffPlane, readNdtiffIndex } from './ndtiff-index.ts';

/** How pixels are stored, by the number in the index. */
const kinds: Readonly<Record<number, { type: PixelType; samples: number; bits?: number }>> = {
  0: { type: 'uint8', samples: 1 },
  1: { type: 'uint16', samples: 1 },
  2: { type: 'uint8', samples: 3 },
  3: { type: 'uint16', samples: 1, bits: 10 },
  4: { type: 'uint16', samples: 1, bits: 12 },
  5: { type: 'uint16', samples: 1, bits: 14 },
  6: { type: 'uint16', samples: 1, bits: 11 },
};

const largestIndex = 512 << 20;
/** Time points and slices whose metadata are looked at for the step. */
const mostTimes = 200;
/** Axes that are places of the stage: each is an image of its own. */
const stageAxes = new Set(['position', 'row', 'column']);
const ownNames: Readonly<Record<string, 't' | 'c' | 'z'>> = { time: 't', channel: 'c', z: 'z' };

/** The index of an NDTiff data set among the files of an item. */
export function ndtiffIndexFile(item: Item): FileEntry | undefined {
  const all = item.files.filter(({ path }) => baseName(path) === 'NDTiff.index');
  // Of a pyramid, the full resolution is read.
  return all.find(({ path }) => /^full resolution$/i.test(baseName(folderOf(path)))) ?? all[0];
}

/** Opens an NDTiff data set by its index: every place of the stage is an image. */
export async function openNdtiff(item: Item, index: FileEntry): Promise<OpenedImages> {
  const where = { file: item.path };
  const source = reopeningSource(index);
  const bytes = await source.read(0, Math.min(largestIndex, source.size));
  const { planes, isWhole } = readNdtiffIndex(bytes);
  const issues: Issue[] = [];
  if (!isWhole) {
    const message = `NDTiff.index is cut off or damaged behind ${planes.length} planes; those before are read.`;
    issues.push(microscopeIssue('microscope-metadata-broken', message, { where: { file: index.path } }));
  }
  const set = new NdtiffFiles(item, folderOf(index.path));
  const header = await set.header(planes[0]?.file);
  const groups = Map.groupBy(planes, ({ axes }) => stagePlace(axes));
  const images: ImagePixels[] = [];
  const factor = reductionOf(folderOf(index.path));
  const stated =
    textOf(header?.summary ?? {}, 'Prefix') ??
    (titleOfFolder(folderOf(index.path)) || stemOf(item.path) || item.tree.name);
  const title = factor > 1 ? `${stated} 1/${factor}` : stated;
  const named = new Set<string>();
  for (const [place, members] of groups) {
    const label = textOf(parseValues(await set.metadataText(members[0])), 'PositionName', 'Position') ?? place;
    // Micro-Magellan calls all its tiles by one name.
    const words = place === '' || !(named.has(label) || label === 'Default') ? label : `${label}, ${place}`;
    named.add(label);
    const name = groups.size > 1 ? `${title} (${words})` : title;
    const image = await openPlace(set, members, { summary: header?.summary ?? {}, name, factor }, item.path, issues);
    if (image) images.push(image);
  }
  if (planes.length === 0)
    issues.push(microscopeIssue('microscope-image-unusable', 'NDTiff.index lists no planes.', { where }));
  const text = [header?.summaryText ?? '', await set.metadataText(planes[0])].filter((part) => part !== '').join('\n');
  return {
    images,
    issues,
    formatVersion: `NDTiff ${header?.version ?? ''}`.trim(),
    ...(text === '' ? {} : { rawMetadata: { mediaType: 'application/json', text } }),
  };
}

/** The levels of a pyramid lie in folders of their own beside that of the full resolution. */
function reductionOf(folder: string): number {
  return Number(/^Downsampled_x(\d{1,6})$/i.exec(baseName(folder))?.[1] ?? 1) || 1;
}

/** Name of the folder of the data set. */
function titleOfFolder(folder: string): string {
  const isLevel = /^(full resolution|downsampled_x\d+)$/i.test(baseName(folder));
  return baseName(isLevel ? folderOf(folder) : folder);
}

/** Words for a place of the stage: `''` where the axes name none. */
function stagePlace(axes: NdtiffPlane['axes']): string {
  const parts = Object.entries(axes).filter(([axis]) => stageAxes.has(axis));
  return parts.map(([axis, place]) => (typeof place === 'number' ? `${axis} ${place}` : place)).join(', ');
}

/** Places of each axis in the order they are counted: numbers from their least, names as they come. */
function countAxes(planes: readonly NdtiffPlane[]): Map<string, ReadonlyMap<number | string, number>> {
  const found = new Map<string, Set<number | string>>();
  for (const { axes } of planes)
    for (const [axis, place] of Object.entries(axes)) {
      if (stageAxes.has(axis)) continue;
      const places = found.get(axis);
      if (places) places.add(place);
      else found.set(axis, new Set([place]));
    }
  const counted = new Map<string, ReadonlyMap<number | string, number>>();
  for (const [axis, places] of found) {
    const numbers = [...places].filter((place) => typeof place === 'number').toSorted((a, b) => a - b);
    const isNumbered = numbers.length === places.size;
    const [first = 0, last = 0] = [numbers[0], numbers.at(-1)];
    // Gaps are planes that were not recorded, unless the numbers are no count (a serial number, a position in nm).
    const keepsGaps = isNumbered && last - first < 2 * numbers.length + 16;
    const order = isNumbered ? numbers : [...places];
    counted.set(axis, new Map(order.map((place, n) => [place, keepsGaps ? Number(place) - first : n])));
  }
  return counted;
}

async function openPlace(
  set: NdtiffFiles,
  planes: readonly NdtiffPlane[],
  { summary, name, factor }: { summary: JsonValues; name: string; factor: number },
  path: string,
  issues: Issue[],
): Promise<ImagePixels | undefined> {
  const where = { file: path };
  const wider = (size: Quantity | undefined): Quantity | undefined => size && { ...size, value: size.value * factor };
  const first = planes[0]!;
  const kind = kinds[first.pixelType];
  if (!kind || planes.some(({ compression }) => compression !== 0)) {
    const message = kind
      ? `Planes of “${name}” are compressed (number ${planes.find(({ compression }) => compression !== 0)!.compression}).`
      : `The pixels of “${name}” are of type ${first.pixelType}.`;
    issues.push(imageFinding(kind ? 'compression-not-read' : 'pixel-type-not-read', message, { where }));
    return undefined;
  }
  const axes = countAxes(planes);
  const length = (axis: string): number =>
    1 + [...(axes.get(axis)?.values() ?? [0])].reduce((a, b) => Math.max(a, b), 0);
  const further = [...axes.keys()].filter((axis) => ownNames[axis] === undefined && length(axis) > 1);
  const sizes = {
    t: length('time'),
    c: length('channel'),
    z: length('z'),
    y: first.height,
    x: first.width,
    ...Object.fromEntries(further.map((axis) => [furtherName(axis), length(axis)])),
  };
  const wanted = sizes.t * sizes.c * sizes.z * further.reduce((product, axis) => product * length(axis), 1);
  const largest = first.width * first.height;
  if (!(largest > 0 && largest < 2 ** 40) || wanted > 16 * planes.length + 1000) {
    const message = `The index speaks of ${wanted} planes of ${first.width} x ${first.height} pixels, ${planes.length} are there: it is damaged.`;
    issues.push(microscopeIssue('microscope-image-unusable', message, { where }));
    return undefined;
  }
  const keyOf = (places: Readonly<Record<string, number>>): string =>
    [...axes.keys()].map((axis) => places[axis] ?? 0).join('/');
  const byPlace = new Map<string, NdtiffPlane>();
  for (const plane of planes) {
    if (plane.width !== first.width || plane.height !== first.height || plane.pixelType !== first.pixelType) continue;
    const places = [...axes].map(([axis, counted]) => [axis, counted.get(plane.axes[axis] ?? '') ?? 0] as const);
    byPlace.set(keyOf(Object.fromEntries(places)), plane);
  }
  const pixelBytes = bytesPerValue(kind.type) * kind.samples;
  const cut = [...byPlace.values()].filter(({ file, offset }) => offset + largest * pixelBytes > set.size(file));
  if (cut.length > 0) {
    const message = `${cut.length} planes of “${name}” lie in files that are not there or end before them.`;
    issues.push(tiffIssue('pixel-data-truncated', message, { where }));
  }
  if (byPlace.size < wanted) {
    const message = `${wanted - byPlace.size} of ${wanted} planes of “${name}” are not there; they are shown as 0.`;
    issues.push(tiffIssue('planes-missing', message, { where }));
  }
  const description = await describe(set, byPlace, keyOf, { axes, sizes, summary, kind, name });
  const { voxelSize } = description;
  // Metadata of a smaller level are those of the full resolution.
  if (voxelSize && factor > 1)
    description.voxelSize = { ...voxelSize, ...known('y', wider(voxelSize.y)), ...known('x', wider(voxelSize.x)) };
  issues.push(...imageFindings(description, path));
  return {
    description,
    levels: [singleLevel(description)],
    async readRegion(plane, wantedRegion, level = 0, signal) {
      const region = checkedRegion(description, plane, wantedRegion, level);
      const block = emptyBlock(description, region);
      const places = Object.fromEntries(further.map((axis) => [axis, plane.other?.[furtherName(axis)] ?? 0]));
      const found = byPlace.get(keyOf({ ...places, time: plane.t, channel: plane.c, z: plane.z }));
      const file = found && set.source(found.file);
      if (!found || !file) return block;
      const layout = { offset: found.offset, xStride: pixelBytes, yStride: pixelBytes * first.width };
      const parts = { description, source: file, littleEndian: true };
      return { ...block, data: await readStrided(parts, layout, region, signal) } as typeof block;
    },
  };
}

/** Names of further axes never clash with ours. */
function furtherName(axis: string): string {
  const name = axis.toLowerCase();
  return ['t', 'c', 'z', 'y', 'x'].includes(name) ? `axis_${name}` : name;
}

async function describe(
  set: NdtiffFiles,
  planes: ReadonlyMap<string, NdtiffPlane>,
  keyOf: (places: Readonly<Record<string, number>>) => string,
  about: {
    axes: ReadonlyMap<string, ReadonlyMap<number | string, number>>;
    sizes: ImageDescription['sizes'];
    summary: JsonValues;
    kind: { type: PixelType; samples: number; bits?: number };
    name: string;
  },
): Promise<ImageDescription> {
  const { axes, sizes, summary, kind, name } = about;
  const recordAt = async (places: Readonly<Record<string, number>>): Promise<JsonValues | undefined> => {
    const values = parseValues(await set.metadataText(planes.get(keyOf(places))));
    return Object.keys(values).length > 0 ? values : undefined;
  };
  const channels: (JsonValues | undefined)[] = [];
  for (let channel = 0; channel < Math.min(sizes.c, 100); channel++) channels.push(await recordAt({ channel }));
  const times: (JsonValues | undefined)[] = [];
  for (let time = 0; time < sizes.t && sizes.t > 1 && sizes.t <= mostTimes; time++)
    times.push(await recordAt({ time }));
  const slices: (JsonValues | undefined)[] = [];
  for (let z = 0; z < sizes.z && sizes.z > 1 && sizes.z <= mostTimes; z++) slices.push(await recordAt({ z }));
  const { channels: described, ...stated } = describeMicroManager(summary, channels, times, slices);
  const names = new Map([...(axes.get('channel') ?? [])].map(([place, n]) => [n, place]));
  return {
    name,
    sizes,
    type: kind.type,
    ...(kind.samples > 1 ? { samples: kind.samples } : {}),
    ...(kind.bits === undefined ? {} : { significantBits: kind.bits }),
    ...stated,
    channels: Array.from({ length: sizes.c }, (_, n) => {
      const own = names.get(n);
      return { ...described[n], name: typeof own === 'string' ? own : (described[n]?.name ?? '') };
    }),
  };
}

/** The TIFF files of a data set, by name. */
class NdtiffFiles {
  readonly #entries: ReadonlyMap<string, FileEntry>;
  readonly #sources = new Map<string, ByteSource>();

  constructor(item: Item, folder: string) {
    const own = item.files.filter(({ path }) => folderOf(path) === folder);
    this.#entries = new Map(own.map((entry) => [baseName(entry.path), entry]));
  }

  size(file: string): number {
    return this.#entries.get(file)?.size ?? 0;
  }

  source(file: string): ByteSource | undefined {
    const entry = this.#entries.get(file);
    const known = this.#sources.get(file);
    if (known || !entry) return known;
    const source = reopeningSource(entry);
    this.#sources.set(file, source);
    return source;
  }

  async header(file: string | undefined): Promise<Awaited<ReturnType<typeof readMicroManagerHeader>>> {
    const source = file === undefined ? undefined : this.source(file);
    return source && (await readMicroManagerHeader(source));
  }

  /** Metadata of a plane as they stand; `''` where there are none, or packed ones. */
  async metadataText(plane: NdtiffPlane | undefined): Promise<string> {
    const source = plane && this.source(plane.file);
    if (!source || plane.metadata.packed || plane.metadata.length > 4 << 20) return '';
    return new TextDecoder().decode(await source.read(plane.metadata.offset, plane.metadata.length));
  }
}
