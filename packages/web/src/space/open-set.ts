import { type ByteSource, httpSource } from '@micrarium/formats';
import {
  boundsOfColumn,
  drawnExtent,
  type LinkedSet,
  nameFeature,
  ObjectSlabs,
  radiusFeature,
  type SpaceExtent,
  VertexSlabs,
} from '@micrarium/viewer';
import type { StudyItem, TrackSetSummary } from '@micrarium/model';
import { api, routes } from '../app/api.ts';
import { type FilmPlace, notReady, refuseUnread } from '../viewer/open-film.ts';

/** A set of objects of a published version, open for reading by time. */
export interface SpaceSet extends LinkedSet {
  place: FilmPlace;
  part: number;
  name: string;
  summary: TrackSetSummary;
  slabs: ObjectSlabs;
  /** Outlines or meshes, where the set has some. */
  vertices: VertexSlabs | undefined;
  /** Opens the table of edges; `undefined` where there is none. */
  edges(signal?: AbortSignal): Promise<ByteSource | undefined>;
  /** Features that say how large objects are and what they are called. */
  radius: string | undefined;
  label: string | undefined;
}

async function remoteTable(
  place: FilmPlace,
  part: number,
  table: string,
  signal?: AbortSignal,
): Promise<ByteSource | undefined> {
  return await remoteFile(place, `tracks-${part}/${table}.parquet`, signal);
}

async function remoteFile(place: FilmPlace, path: string, signal?: AbortSignal): Promise<ByteSource | undefined> {
  const url = api.url(routes.getItemContent, { params: { ...place, path } });
  const answer = await fetch(url, { method: 'HEAD', ...(signal ? { signal } : {}) });
  if (answer.status === 503) throw notReady(path, answer);
  if (!answer.ok) return undefined;
  return httpSource(path, url, Number(answer.headers.get('content-length') ?? 0));
}

/** The objects of a set, in the order of time where a table of that order was made. */
async function objectTable(
  place: FilmPlace,
  part: number,
  { conversions }: Pick<StudyItem, 'conversions'>,
  signal: AbortSignal,
): Promise<ByteSource | undefined> {
  const path = `by-time-${part}/objects.parquet`;
  const isMade = conversions.some(({ outputs }) => outputs.some((output) => output.path === path));
  return (
    (isMade ? await remoteFile(place, path, signal) : undefined) ?? (await remoteTable(place, part, 'objects', signal))
  );
}

/** Opens a set of an item. Only the end of its table is read. @throws FormNotReady while the table is being made */
export async function openSpaceSet(
  place: FilmPlace,
  item: Pick<StudyItem, 'conversions'>,
  summary: TrackSetSummary,
  signal: AbortSignal,
): Promise<SpaceSet> {
  const { part } = summary;
  const source = await objectTable(place, part, item, signal);
  if (!source) await refuseUnread(place, `tracks-${part}/objects.parquet`, signal);
  if (!source) throw new Error(`the tables of set ${part} are not there`);
  const slabs = await ObjectSlabs.open(source, signal);
  const hasShapes = ['line', 'face', 'circle'].includes(summary.entity);
  const outlines = hasShapes ? await remoteTable(place, part, 'vertices', signal) : undefined;
  const vertices = outlines ? await VertexSlabs.open(outlines) : undefined;
  const { extent } = summary;
  const radius = radiusFeature(slabs.features);
  const sizes = radius === undefined ? undefined : slabs.bounds(slabs.storedName(radius)!);
  const around = (axis: string) => vertices && boundsOfColumn(vertices.table.groups, axis);
  const middles: SpaceExtent = extent
    ? [extent.x, extent.y, extent.z ?? [0, 0]]
    : [
        [0, 0],
        [0, 0],
        [0, 0],
      ];
  return {
    place,
    part,
    name: summary.name,
    summary,
    spaceUnit: summary.spaceUnit,
    timeUnit: summary.timeUnit,
    frameInterval: summary.frameInterval,
    slabs,
    vertices,
    edges: (stop) => remoteTable(place, part, 'edges', stop),
    extent: drawnExtent(middles, sizes?.[1] ?? 0, ['x', 'y', 'z'].map(around), slabs.isPlanar),
    frames: extent?.frame ?? [0, 0],
    radius,
    label: nameFeature(slabs.features),
  };
}
