import {
  type FileEntry,
  fileTree,
  formatById,
  httpSource,
  type Item,
  openZip,
  readTrackSets,
  type TrackReader,
} from '@micrarium/formats';
import type { CoordinateMapping, ImageDescription, Pair, PixelBlock, TrackSet } from '@micrarium/model';
import type { ImageSource } from '@micrarium/viewer';
import { api, ApiError, routes } from '../app/api.ts';
import { unpackInWorkers } from '../workers/chunk-pool.ts';

/** Where a form of an item lies: a published version. */
export interface FilmPlace {
  accession: string;
  version: number;
  item: string;
}

/** The form is still being made (or made again after it was dropped); asking again later helps. */
export class FormNotReady extends Error {
  override readonly name = 'FormNotReady';
  /** Seconds after which the server wants to be asked again, where it says. */
  readonly seconds: number | undefined;

  constructor(path: string, seconds?: number) {
    super(path);
    this.seconds = seconds;
  }
}

/** What an answer of 503 says. */
export function notReady(path: string, answer: Response): FormNotReady {
  const seconds = Number(answer.headers.get('retry-after'));
  return new FormNotReady(path, seconds > 0 ? seconds : undefined);
}

const urlOf = (place: FilmPlace, path: string) => api.url(routes.getItemContent, { params: { ...place, path } });

/** Address of the small picture of an image. */
export function thumbnailUrl(place: FilmPlace, image: number): string {
  return urlOf(place, `image-${image}.thumbnail.png`);
}

async function remoteEntry(place: FilmPlace, path: string, signal: AbortSignal): Promise<FileEntry | undefined> {
  const url = urlOf(place, path);
  const answer = await fetch(url, { method: 'HEAD', signal });
  if (answer.status === 503) throw notReady(path, answer);
  if (!answer.ok) return undefined;
  const size = Number(answer.headers.get('content-length') ?? 0);
  const name = path.slice(path.lastIndexOf('/') + 1);
  return { path: name, size, open: async () => httpSource(name, url, size) };
}

/** Why the server does not give something, as the typed calls say it. */
export async function refusalOf(answer: Response): Promise<ApiError> {
  const body = (await answer.json().catch(() => ({}))) as { code?: string; title?: string; detail?: string };
  const said = body.detail ?? body.title ?? `HTTP ${answer.status}`;
  return new ApiError(answer.status, body.code ?? `http-${answer.status}`, said, body);
}

/** Asks for the words that an answer to HEAD does not have. @throws ApiError where the file is not given */
export async function refuseUnread(place: FilmPlace, path: string, signal?: AbortSignal): Promise<void> {
  const answer = await fetch(urlOf(place, path), {
    headers: { range: 'bytes=0-0' },
    ...(signal ? { signal } : {}),
  });
  if (!answer.ok) throw await refusalOf(answer);
}

/** The image's files as they are stored: entries of the packed `.ozx`, or the members of an OME-Zarr served as it was deposited. */
async function storedImage(
  place: FilmPlace,
  image: number,
  signal: AbortSignal,
): Promise<Pick<Item, 'files' | 'tree'>> {
  const packed = await remoteEntry(place, `image-${image}.ozx`, signal);
  if (packed) return { files: [packed], tree: (await openZip(await packed.open())).tree };
  const answer = await fetch(urlOf(place, `image-${image}.files.json`), { signal });
  if (answer.status === 503) throw notReady(`image-${image}`, answer);
  if (!answer.ok) throw await refusalOf(answer);
  const listed = (await answer.json()) as { path: string; size: number }[];
  const files = listed.map(({ path, size }): FileEntry => {
    const url = urlOf(place, `image-${image}.zarr/${path}`);
    return { path, size, open: async () => httpSource(path, url, size) };
  });
  return { files, tree: fileTree(`image-${image}.zarr`, files) };
}

/** Opens an image of an item by ranges. */
export async function openImage(place: FilmPlace, image: number, signal: AbortSignal): Promise<ImageSource> {
  unpackInWorkers();
  const stored = await storedImage(place, image, signal);
  const descriptor = formatById('ome-zarr');
  const item: Item = {
    path: `image-${image}`,
    ...stored,
    format: 'ome-zarr',
    recognition: { score: 1, reason: 'made at ingest' },
    ...(descriptor ? { descriptor } : {}),
  };
  const reader = await descriptor?.images?.reader();
  const opened = await reader?.open(item, { signal });
  const first = opened?.images[0];
  if (!first) throw new Error(opened?.issues.map((issue) => issue.message).join(' ') || 'no image in the file');
  return first;
}

/** Reads a track set of an item from its stored tables. */
export async function openTrackSet(place: FilmPlace, part: number, signal: AbortSignal): Promise<TrackSet> {
  const names = ['objects.parquet', 'edges.parquet', 'tracks.parquet', 'vertices.parquet'];
  const { item, reader } = await storedTables(place, part, names, signal);
  const { sets, issues } = await readTrackSets(reader, item, { signal });
  if (!sets[0]) throw new Error(issues.map((issue) => issue.message).join(' '));
  return sets[0];
}

/**
 * Reads ids, frames, times, positions and edges of a set, and nothing else: of its stored tables only these columns are fetched, a
 * range for each row group, and neither features nor outlines take memory.
 * @throws FormNotReady while the tables are being made
 */
export async function openTrackGraph(place: FilmPlace, part: number, signal: AbortSignal): Promise<TrackSet> {
  const { item, reader } = await storedTables(place, part, ['objects.parquet', 'edges.parquet'], signal);
  const { sets, issues } = await readTrackSets(withoutColumns(reader), item, { signal, graphOnly: true });
  if (!sets[0]) throw new Error(issues.map((issue) => issue.message).join(' '));
  return sets[0];
}

/** A reader that hands on no feature columns: those a graph is read without would still stand there, every row absent. */
function withoutColumns(reader: TrackReader): TrackReader {
  return {
    stream: (item, sink, options) =>
      reader.stream(
        item,
        {
          header: (header) => sink.header({ ...header, objectColumns: [], edgeColumns: [] }),
          objects: (batch) => sink.objects({ ...batch, columns: [] }),
          edges: (batch) => sink.edges({ ...batch, columns: [] }),
          end: () => sink.end(),
        },
        options,
      ),
  };
}

async function storedTables(
  place: FilmPlace,
  part: number,
  names: readonly string[],
  signal: AbortSignal,
): Promise<{ item: Item; reader: TrackReader }> {
  const entries = (await Promise.all(names.map((name) => remoteEntry(place, `tracks-${part}/${name}`, signal)))).filter(
    (entry) => entry !== undefined,
  );
  const descriptor = formatById('parquet');
  const reader = await descriptor?.tracks?.reader();
  if (entries.length === 0) await refuseUnread(place, `tracks-${part}/objects.parquet`, signal);
  if (!reader || entries.length === 0) throw new Error(`the tables of track set ${part} are not there`);
  const item: Item = {
    path: `tracks-${part}`,
    files: entries,
    tree: fileTree(`tracks-${part}`, entries),
    format: 'parquet',
    recognition: { score: 1, reason: 'made at ingest' },
    ...(descriptor ? { descriptor } : {}),
  };
  return { item, reader };
}

/** Longer side of the stage for objects without a film, in pixels. */
const emptyStagePixels = 1000;

/** A dark stage for objects that have no film, and the mapping that fits them onto it. */
export function emptyStage(set: TrackSet): { source: ImageSource; mapping: CoordinateMapping } {
  const { objects } = set;
  const x = extentOf(objects.x);
  const y = extentOf(objects.y);
  const z = objects.z ? extentOf(objects.z) : ([0, 0] as const);
  const side = Math.max(x[1] - x[0], y[1] - y[0]) || 1;
  const margin = side * 0.05;
  const scale = emptyStagePixels / (side + 2 * margin);
  const sliceScale = z[1] > z[0] ? 20 / (z[1] - z[0]) : 1;
  let frames = 1;
  for (const frame of objects.frame) frames = Math.max(frames, frame + 1);
  const width = Math.ceil((x[1] - x[0] + 2 * margin) * scale);
  const height = Math.ceil((y[1] - y[0] + 2 * margin) * scale);
  const pixel = { value: 1 / scale, unit: set.spaceUnit ?? 'pixel' };
  const description: ImageDescription = {
    name: set.name,
    sizes: { t: frames, c: 1, z: z[1] > z[0] ? 21 : 1, y: height, x: width },
    type: 'uint8',
    voxelSize: { x: pixel, y: pixel },
    channels: [{ name: '' }],
    ...(set.provenance.frameInterval && set.timeUnit
      ? { timeStep: { value: set.provenance.frameInterval, unit: set.timeUnit } }
      : {}),
  };
  const black = async (_plane: unknown, region?: { width: number; height: number }): Promise<PixelBlock> => {
    const size = region ?? { width, height };
    return {
      width: size.width,
      height: size.height,
      samples: 1,
      type: 'uint8',
      data: new Uint8Array(size.width * size.height),
    };
  };
  return {
    source: {
      description,
      levels: [{ width, height, depth: description.sizes.z, tileWidth: 512, tileHeight: 512 }],
      readRegion: black,
    },
    mapping: {
      axes: { x: 'x', y: 'y', z: 'z' },
      scale: { x: scale, y: scale, z: sliceScale },
      offset: { x: x[0] - margin, y: y[0] - margin, z: z[0] },
      firstFrame: 0,
      firstSlice: 0,
    },
  };
}

function extentOf(values: Float64Array): readonly [number, number] {
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (const value of values) {
    if (value < low) low = value;
    if (value > high) high = value;
  }
  return low <= high ? [low, high] : [0, 1];
}

/** Confirmed pairs of an image of an item, in the order of the study. */
export function pairsOfImage(pairs: readonly Pair[], item: string, image: number): Pair[] {
  return pairs.filter((pair) => pair.confirmed && pair.imageItem === item && pair.image === image);
}
