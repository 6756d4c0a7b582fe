import type { ImageDescription, Issue } from '@micrarium/model';
import type { FileSink, LeftBehind, WriteOptions } from '../../tracks/track-reader.ts';
import type { ImagePixels, ImageWriter, LabelImage } from '../image-reader.ts';
import { omeTypeName, writeOmeXml } from '../ome-xml/write.ts';
import { type DisplayWindow, displayWindows } from '../pyramid/display-window.ts';
import type { DownsampleMethod } from '../pyramid/downsample.ts';
import { type PlannedLevel, planPyramid } from '../pyramid/pyramid-plan.ts';
import { type ArrayPlan, isStoredType, planArray, type StoredType } from './array-plan.ts';
import { chunkPacker, separateChunks, shardedChunks } from './chunk-writers.ts';
import { foldedPlanes, foldedSizes } from './folded-planes.ts';
import { type LevelWriter, levelWriter } from './level-writer.ts';
import { omeZarrIssue } from './ome-zarr-issues.ts';
import { fieldPath, labelBlock, plateGroups, plateOf, type PlateToWrite } from './written-plate.ts';
import { arrayMetadata, type Json, multiscalesEntry, omeroBlock, type WrittenVersion } from './written-metadata.ts';
import { folderFiles, type ZarrFiles, zippedFiles } from './zarr-files.ts';

/** What kind of OME-Zarr is written. */
export interface OmeZarrOptions {
  /** 0.5 (Zarr v3, sharded) unless said; 0.4 (Zarr v2, a file a chunk) for older programs. */
  version?: WrittenVersion;
  /** `folder` unless said; `zip` is one file without compression, called `.ozx` for 0.5. */
  container?: 'folder' | 'zip';
  /** `labels`: values are names, not brightness: levels take one value of four, never a mean. */
  pixels?: 'intensities' | 'labels';
  /**
   * `bioformats2raw` also for one image: its group is `0`, and `OME` lists the series and holds `METADATA.ome.xml`. Several
   * images outside a plate are always written so.
   */
  layout?: 'bioformats2raw';
  /** Side of a chunk in pixels; 512 unless said, 256 for planes under 1024. */
  chunkSide?: number;
}

/** An image with all that must be known before its first byte is written. */
interface PlannedImage {
  image: ImagePixels;
  group: string;
  description: ImageDescription;
  type: StoredType;
  method: DownsampleMethod;
  levels: PlannedLevel[];
  arrays: ArrayPlan[];
  windows: DisplayWindow[];
  /** Set where values are names: what is known of them. */
  label?: Pick<LabelImage, 'name' | 'colors' | 'properties'>;
}

const encoder = new TextEncoder();
const jsonFile = (value: Json): Uint8Array[] => [encoder.encode(`${JSON.stringify(value, null, 2)}\n`)];
const inGroup = (group: string, path: string): string => (group === '' ? path : `${group}/${path}`);
/** RFC-9: says that all metadata come first in the archive. */
const ozxComment = JSON.stringify({ ome: { version: '0.5', zipFile: { centralDirectory: { jsonFirst: true } } } });

async function planImage(
  image: ImagePixels,
  group: string,
  options: OmeZarrOptions,
  signal?: AbortSignal,
  label?: PlannedImage['label'],
): Promise<PlannedImage> {
  const { description } = image;
  if (!isStoredType(description.type)) throw new TypeError(`pixels of type ${description.type} cannot be written`);
  const type = description.type;
  const labels = options.pixels === 'labels' || label !== undefined;
  const method = labels || type === 'uint64' || type === 'int64' ? 'nearest' : 'mean';
  const levels = planPyramid(description);
  const arrays = levels.map((level) => planArray(level, foldedSizes(description), type, options.chunkSide));
  return {
    image,
    group,
    description,
    type,
    method,
    levels,
    arrays,
    windows: labels ? [] : await displayWindows(image, signal),
    ...(label ? { label } : labels ? { label: { name: description.name, colors: [], properties: [] } } : {}),
  };
}

/** Labels of an image, planned below its group; as many levels as the image has. */
async function planLabels(of: PlannedImage, options: OmeZarrOptions, signal?: AbortSignal): Promise<PlannedImage[]> {
  const opened = await of.image.labels?.(signal);
  const planned: PlannedImage[] = [];
  for (const { name, image, ...known } of opened?.labels ?? []) {
    const group = inGroup(of.group, `labels/${name}`);
    const description = {
      ...image.description,
      ...(of.description.voxelSize ? { voxelSize: of.description.voxelSize } : {}),
    };
    const label = await planImage({ ...image, description }, group, options, signal, { name, ...known });
    if (label.levels.length !== of.levels.length)
      throw new TypeError(`the labels "${name}" have ${label.levels.length} levels, their image ${of.levels.length}`);
    planned.push(label);
  }
  return planned;
}

/** Attributes of an image group. */
function imageAttributes(planned: PlannedImage, version: WrittenVersion): { [key: string]: Json } {
  const { description, levels, method, windows, label } = planned;
  return {
    multiscales: [multiscalesEntry(description, levels, method, version)],
    ...(label ? { 'image-label': labelBlock(label, version) } : { omero: omeroBlock(description, windows) }),
  };
}

/** Metadata files in the order RFC-9 asks for: the root first, then breadth first. */
function metadataFiles(
  images: readonly PlannedImage[],
  options: OmeZarrOptions,
  plate: PlateToWrite | undefined,
): { path: string; value: Json }[] {
  const version = options.version ?? '0.5';
  const files: { path: string; value: Json }[] = [];
  const group = (path: string, ome: { [key: string]: Json }, plain: { [key: string]: Json } = {}): void => {
    if (version === '0.5') {
      const attributes = { ...plain, ...(Object.keys(ome).length > 0 ? { ome: { version, ...ome } } : {}) };
      files.push({ path: inGroup(path, 'zarr.json'), value: { zarr_format: 3, node_type: 'group', attributes } });
      return;
    }
    files.push({ path: inGroup(path, '.zgroup'), value: { zarr_format: 2 } });
    files.push({ path: inGroup(path, '.zattrs'), value: { ...plain, ...ome } });
  };
  const isLayout = isSeries(images, options, plate);
  const tops = images.filter(({ group: path }) => !/(^|\/)labels\//.test(path));
  if (plate) for (const { path, ome } of plateGroups(plate, version)) group(path, ome);
  else if (isLayout) {
    // bioformats2raw layout: the images are groups, listed in OME.
    const layout = { 'bioformats2raw.layout': 3 };
    group('', version === '0.5' ? layout : {}, version === '0.5' ? {} : layout);
    group('OME', { series: tops.map((image) => image.group) });
  }
  for (const image of tops) group(image.group, imageAttributes(image, version));
  for (const image of tops) {
    const prefix = inGroup(image.group, 'labels/');
    const labels = images.filter((one) => one.group.startsWith(prefix));
    if (labels.length > 0) group(inGroup(image.group, 'labels'), { labels: labels.map(({ label }) => label!.name) });
    for (const label of labels) group(label.group, imageAttributes(label, version));
  }
  for (const image of images)
    for (const [n, plan] of image.arrays.entries())
      files.push({
        path: inGroup(image.group, `${n}/${version === '0.5' ? 'zarr.json' : '.zarray'}`),
        value: arrayMetadata(plan, image.type, packingLevel(image), version),
      });
  const depth = (path: string): number => path.split('/').length;
  // Stable: the order among files of one depth stays.
  return files.sort((a, b) => depth(a.path) - depth(b.path));
}

/** Images in groups of their own that `OME` lists. */
function isSeries(
  images: readonly Pick<PlannedImage, 'group'>[],
  options: OmeZarrOptions,
  plate: PlateToWrite | undefined,
): boolean {
  return plate === undefined && (options.layout === 'bioformats2raw' || images.some(({ group }) => group === '1'));
}

/** `OME/METADATA.ome.xml` of the series, in their order; `undefined` where OME-XML has no such pixel type. */
function seriesXml(images: readonly PlannedImage[]): Uint8Array[] | undefined {
  const descriptions = images.filter(({ label }) => !label).map(({ description }) => writtenDescription(description));
  if (descriptions.some(({ type }) => omeTypeName(type) === undefined)) return undefined;
  return [encoder.encode(writeOmeXml(descriptions, undefined))];
}

/** Sizes and type as they are written: colour samples and further axes are channels. */
function writtenDescription(description: ImageDescription): ImageDescription {
  const { samples: _, ...rest } = description;
  const { t, c } = foldedSizes(description);
  const { z, y, x } = description.sizes;
  const type = description.type === 'bool' ? 'uint8' : description.type === 'float16' ? 'float32' : description.type;
  const channels = c === description.sizes.c ? description.channels : [];
  return { ...rest, type, sizes: { t, c, z, y, x }, channels };
}

/** Labels pack well, so more work pays. */
function packingLevel({ label }: PlannedImage): 1 | 3 {
  return label ? 3 : 1;
}

/** Writes the pixels of one image, all levels, plane by plane. */
async function writePixels(
  planned: PlannedImage,
  files: ZarrFiles,
  options: OmeZarrOptions,
  run: { signal?: AbortSignal; from?: { t: number; c: number }; planeDone(rows: number): void },
): Promise<void> {
  const packer = chunkPacker(packingLevel(planned));
  const chunks = options.version === '0.4' ? separateChunks : shardedChunks;
  let next: { writer: LevelWriter; level: PlannedLevel } | undefined;
  for (const [n, plan] of [...planned.arrays.entries()].reverse()) {
    const sink = chunks(inGroup(planned.group, String(n)), plan, packer, files);
    next = { writer: levelWriter(plan, planned.method, sink, next), level: planned.levels[n]! };
  }
  for await (const { plane, values, rows } of foldedPlanes(
    planned.image,
    planned.arrays[0]!.chunkSide,
    run.signal,
    run.from,
  )) {
    await next!.writer.push(plane, values, rows);
    run.planeDone(rows);
  }
}

function lossesOf(image: ImagePixels): Issue[] {
  const { description: d } = image;
  const where = { where: { field: d.name || 'image' } };
  if (!isStoredType(d.type))
    return [omeZarrIssue('ome-zarr-type-not-written', `"${d.name}" has pixels of type ${d.type}.`, where)];
  const issues: Issue[] = [];
  if (d.type === 'bool' || d.type === 'float16')
    issues.push(
      omeZarrIssue(
        'ome-zarr-widens-type',
        `${d.type} pixels become ${d.type === 'bool' ? 'uint8' : 'float32'}.`,
        where,
      ),
    );
  const further = Object.keys(d.sizes).filter((axis) => !'tczyx'.includes(axis) && d.sizes[axis]! > 1);
  if ((d.samples ?? 1) > 1 || further.length > 0) {
    const what = [...((d.samples ?? 1) > 1 ? [`${d.samples} colour samples`] : []), ...further.map((a) => `axis ${a}`)];
    issues.push(omeZarrIssue('ome-zarr-folds-axes', `${what.join(' and ')} of "${d.name}" become channels.`, where));
  }
  const lost = [
    ...(d.acquiredAt ? ['acquisition date'] : []),
    ...(d.description ? ['description'] : []),
    ...(d.instrument ? ['instrument'] : []),
    ...(d.channels.some(
      (c) => c.fluorophore || c.excitationNanometers || c.emissionNanometers || c.exposureSeconds || c.contrastMethod,
    )
      ? ['fluorophores, wavelengths and exposure of the channels']
      : []),
  ];
  if (lost.length > 0)
    issues.push(omeZarrIssue('ome-zarr-loses-metadata', `"${d.name}": ${lost.join(', ')} cannot be written.`, where));
  return issues;
}

/**
 * A writer of OME-Zarr. One image is written as the root group, several as a plate where all of them have a place in one,
 * else in the bioformats2raw layout; with the labels that belong to them. Axes are always
 * t, c, z, y, x; pixel values are never rescaled; chunks of nothing but 0 are not stored. Metadata are written first, so
 * a few planes from the middle are read twice (for the display windows). Memory: the open shards, packed, and one plane.
 * With `left` of a run that was broken off it goes on behind the last shard, and gives the same bytes.
 * @throws TypeError for pixel types that `losses` refused
 */
export function omeZarrWriter(options: OmeZarrOptions = {}): ImageWriter {
  const zipped = options.container === 'zip';
  const version = options.version ?? '0.5';
  return {
    layout: zipped ? 'file' : 'folder',
    extension: !zipped ? '.ome.zarr' : version === '0.5' ? '.ozx' : '.ome.zarr.zip',
    losses: (images) => images.flatMap(lossesOf),
    write: (images, sink, run) => writeImages(images, sink, { ...options, version }, run),
  };
}

/** The writer that fits a file name: `.ozx` and `.zip` give one file, everything else a folder. */
export function omeZarrWriterFor(fileName: string, options: Omit<OmeZarrOptions, 'container'> = {}): ImageWriter {
  return omeZarrWriter({ ...options, container: /\.(ozx|zip)$/i.test(fileName) ? 'zip' : 'folder' });
}

/** The image, time and channel that the last shard of an earlier run belongs to. */
function startBehind(images: readonly PlannedImage[], left?: LeftBehind): { image: number; t: number; c: number } {
  let last = { image: 0, t: 0, c: 0 };
  const byGroup = new Map(images.map(({ group }, image) => [group, image]));
  for (const path of left?.files ?? []) {
    const parts = /^(?:(.*)\/)?\d+\/(?:c\/)?(\d+)\/(\d+)\/\d+\/\d+\/\d+$/.exec(path);
    const image = parts ? byGroup.get(parts[1] ?? '') : undefined;
    if (!parts || image === undefined) continue;
    const one = { image, t: Number(parts[2]), c: Number(parts[3]) };
    if ((one.image - last.image || one.t - last.t || one.c - last.c) > 0) last = one;
  }
  return last;
}

/** Planes before a place; all of the image where there is none. */
function rowsBefore({ arrays: [first] }: PlannedImage, from: { t: number; c: number } | undefined): number {
  const [t, c, z, y] = first!.shape;
  return (from ? from.t * c + from.c : t * c) * z * y;
}

async function writeImages(
  images: readonly ImagePixels[],
  sink: FileSink,
  options: OmeZarrOptions,
  run: WriteOptions = {},
): Promise<void> {
  const { signal } = run;
  const plate = plateOf(images);
  const planned: PlannedImage[] = [];
  for (const [n, image] of images.entries()) {
    const isRoot = images.length === 1 && options.layout !== 'bioformats2raw';
    const group = plate ? fieldPath(image.place!) : isRoot ? '' : String(n);
    const one = await planImage(image, group, options, signal);
    planned.push(one, ...(await planLabels(one, options, signal)));
  }
  const files =
    options.container === 'zip'
      ? zippedFiles(await sink.create(''), options.version === '0.5' ? ozxComment : undefined, run.left)
      : folderFiles(sink, run.left);
  for (const { path, value } of metadataFiles(planned, options, plate)) await files.put(path, jsonFile(value));
  const xml = isSeries(planned, options, plate) ? seriesXml(planned) : undefined;
  if (xml) await files.put('OME/METADATA.ome.xml', xml);
  const total = planned.reduce(
    (sum, { arrays: [first] }) => sum + first!.shape.slice(0, 4).reduce((a, b) => a * b, 1),
    0,
  );
  let done = 0;
  let reported = 0;
  const planeDone = (rows: number): void => {
    done += rows;
    if (!run.onProgress || (done < total && performance.now() - reported < 250)) return;
    reported = performance.now();
    run.onProgress(done / total);
  };
  const start = startBehind(planned, run.left);
  for (const [n, image] of planned.entries()) {
    const from = n < start.image ? undefined : n === start.image ? start : { t: 0, c: 0 };
    // What lies before is complete: shards are written one after another.
    planeDone(rowsBefore(image, from));
    if (from) await writePixels(image, files, options, { ...(signal ? { signal } : {}), from, planeDone });
  }
  signal?.throwIfAborted();
  await files.finish();
}
