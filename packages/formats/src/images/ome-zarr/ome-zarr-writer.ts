import type { ImageDescription, Issue } from '@micrarium/model';
import type { FileSink, WriteOptions } from '../../tracks/track-reader.ts';
import type { ImagePixels, ImageWriter } from '../image-reader.ts';
import { type DisplayWindow, displayWindows } from '../pyramid/display-window.ts';
import type { DownsampleMethod } from '../pyramid/downsample.ts';
import { type PlannedLevel, planPyramid } from '../pyramid/pyramid-plan.ts';
import { type ArrayPlan, isStoredType, planArray, type StoredType } from './array-plan.ts';
import { chunkPacker, separateChunks, shardedChunks } from './chunk-writers.ts';
import { foldedPlanes, foldedSizes } from './folded-planes.ts';
import { type LevelWriter, levelWriter } from './level-writer.ts';
import { omeZarrIssue } from './ome-zarr-issues.ts';
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
): Promise<PlannedImage> {
  const { description } = image;
  if (!isStoredType(description.type)) throw new TypeError(`pixels of type ${description.type} cannot be written`);
  const type = description.type;
  const labels = options.pixels === 'labels';
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
  };
}

/** Attributes of an image group. */
function imageAttributes(planned: PlannedImage, version: WrittenVersion, labels: boolean): { [key: string]: Json } {
  const { description, levels, method, windows } = planned;
  return {
    multiscales: [multiscalesEntry(description, levels, method, version)],
    ...(labels ? { 'image-label': version === '0.4' ? { version } : {} } : { omero: omeroBlock(description, windows) }),
  };
}

/** Metadata files in the order RFC-9 asks for: the root first, then breadth first. */
function metadataFiles(images: readonly PlannedImage[], options: OmeZarrOptions): { path: string; value: Json }[] {
  const version = options.version ?? '0.5';
  const level = options.pixels === 'labels' ? 3 : 1;
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
  const several = images.length > 1;
  if (several) {
    // bioformats2raw layout: the images are groups, listed in OME.
    const layout = { 'bioformats2raw.layout': 3 };
    group('', version === '0.5' ? layout : {}, version === '0.5' ? {} : layout);
    group('OME', { series: images.map((image) => image.group) });
  }
  for (const image of images) group(image.group, imageAttributes(image, version, options.pixels === 'labels'));
  for (const image of images)
    for (const [n, plan] of image.arrays.entries())
      files.push({
        path: inGroup(image.group, `${n}/${version === '0.5' ? 'zarr.json' : '.zarray'}`),
        value: arrayMetadata(plan, image.type, level, version),
      });
  return files;
}

/** Writes the pixels of one image, all levels, plane by plane. */
async function writePixels(
  planned: PlannedImage,
  files: ZarrFiles,
  options: OmeZarrOptions,
  run: { signal?: AbortSignal; planeDone(rows: number): void },
): Promise<void> {
  const packer = chunkPacker(options.pixels === 'labels' ? 3 : 1);
  const chunks = options.version === '0.4' ? separateChunks : shardedChunks;
  let next: { writer: LevelWriter; level: PlannedLevel } | undefined;
  for (const [n, plan] of [...planned.arrays.entries()].reverse()) {
    const sink = chunks(inGroup(planned.group, String(n)), plan, packer, files);
    next = { writer: levelWriter(plan, planned.method, sink, next), level: planned.levels[n]! };
  }
  for await (const { plane, values, rows } of foldedPlanes(planned.image, planned.arrays[0]!.chunkSide, run.signal)) {
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
 * A writer of OME-Zarr. One image is written as the root group, several in the bioformats2raw layout. Axes are always
 * t, c, z, y, x; pixel values are never rescaled; chunks of nothing but 0 are not stored. Metadata are written first, so
 * a few planes from the middle are read twice (for the display windows). Memory: the open shards, packed, and one plane.
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

async function writeImages(
  images: readonly ImagePixels[],
  sink: FileSink,
  options: OmeZarrOptions,
  run: WriteOptions = {},
): Promise<void> {
  const { signal } = run;
  const planned: PlannedImage[] = [];
  for (const [n, image] of images.entries())
    planned.push(await planImage(image, images.length === 1 ? '' : String(n), options, signal));
  const files =
    options.container === 'zip'
      ? zippedFiles(await sink.create(''), options.version === '0.5' ? ozxComment : undefined)
      : folderFiles(sink);
  for (const { path, value } of metadataFiles(planned, options)) await files.put(path, jsonFile(value));
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
  for (const image of planned) await writePixels(image, files, options, { ...(signal ? { signal } : {}), planeDone });
  signal?.throwIfAborted();
  await files.finish();
}
