import {
  type Column,
  type ColumnDescription,
  type Issue,
  type SpaceUnit,
  parseSpaceUnit,
  parseTimeUnit,
} from '@micrarium/model';
import type { ByteSource } from '../../bytes/byte-source.ts';
import { stemOf } from '../../bytes/file-tree.ts';
import { Hdf5Fault, issueOfFault } from '../../containers/hdf5/fault.ts';
import { type Hdf5Node, type OpenHdf5, openHdf5 } from '../../containers/hdf5/open-hdf5.ts';
import { readTimes } from '../../images/ims/describe.ts';
import { textAttributes } from '../../images/ims/layout.ts';
import { IssueTally } from '../../tables/delimited/issues.ts';
import { ChainList, RowStream, pointHeader } from '../row-stream.ts';
import { type TrackFileIssueCode, trackFileIssue, unseen } from '../track-file-issues.ts';
import type { ReadOptions, SetHeader, TrackReader, TrackSink } from '../track-reader.ts';
import { imarisIssue } from './issues.ts';
import { type SceneObjects, readSceneObjects } from './scene-objects.ts';
import { type SceneTracks, type Statistic, readStatistics, readTracks } from './scene-tables.ts';

const mostGroups = 1000;

/**
 * Reads the spots and surfaces of an Imaris scene (`Scene8/Content`): one set for each, edges as the file lists them,
 * statistics as columns, track statistics as the table of source tracks. Frames are zero-based. Spots are spheres,
 * surfaces the points of their centres of mass. A file without a scene gives nothing.
 */
export const imarisSceneReader: TrackReader = {
  async stream(item, sink, options = {}) {
    const entry = item.tree.entries[0] ?? item.files[0];
    if (!entry) return { issues: [] };
    const issues: Issue[] = [];
    const file = await openWhole(await entry.open());
    if (!file) return { issues };
    try {
      const found = await sceneGroups(file);
      if (found.length === 0) return { issues };
      const about = await aboutFile(file, stemOf(entry.path));
      for (const { key, node } of found)
        try {
          issues.push(...(await streamGroup(node, key, about, sink, options, item.path)));
        } catch (error) {
          if (!(error instanceof Hdf5Fault)) throw error;
          issues.push(issueOfFault(error, item.path, node.path));
        }
      issues.push(unseen(item.path, 'the scene of Imaris'));
      return { issues, ...(about.version === undefined ? {} : { formatVersion: about.version }) };
    } catch (error) {
      if (!(error instanceof Hdf5Fault)) throw error;
      issues.push(issueOfFault(error, item.path));
      return { issues };
    }
  },
};

/** The file, where its beginning is whole; the image reader of the same file says what is wrong with it otherwise. */
async function openWhole(source: ByteSource): Promise<OpenHdf5 | undefined> {
  try {
    const file = await openHdf5(source);
    await file.root.attributes();
    await file.root.links();
    return file;
  } catch (error) {
    if (error instanceof Hdf5Fault) return undefined;
    throw error;
  }
}

async function sceneGroups(file: OpenHdf5): Promise<{ key: string; node: Hdf5Node }[]> {
  const content = await file.node('/Scene8/Content');
  const found: { key: string; node: Hdf5Node }[] = [];
  for (const { name } of ((await content?.links()) ?? []).slice(0, mostGroups)) {
    const node = await content!.child(name);
    const names = new Set(((await node?.links()) ?? []).map((link) => link.name));
    if (node && (names.has('Spot') || names.has('SurfaceModelInfo'))) found.push({ key: name, node });
  }
  // The order in which a file lists names differs by its version.
  return found.sort((a, b) => a.key.localeCompare(b.key, 'en', { numeric: true }));
}

/** What all sets of a file share. */
interface AboutFile {
  stem: string;
  version: string | undefined;
  unit: string | undefined;
  /** Seconds of the time points; empty where the file does not list them. */
  seconds: readonly number[];
  times: number;
}

async function aboutFile(file: OpenHdf5, stem: string): Promise<AboutFile> {
  const root = await textAttributes(file.root);
  const info = root.get('DataSetInfoDirectoryName') || 'DataSetInfo';
  const stated = Number((await textAttributes(await file.node(`${info}/TimeInfo`))).get('DatasetTimePoints'));
  const times = Number.isInteger(stated) && stated > 0 && stated < 1e6 ? stated : 0;
  const unit = (await textAttributes(await file.node(`${info}/Image`))).get('Unit');
  const { seconds } = await readTimes(file, info, times);
  return { stem, version: root.get('ImarisVersion'), unit, seconds, times };
}

async function streamGroup(
  node: Hdf5Node,
  key: string,
  about: AboutFile,
  sink: TrackSink,
  options: ReadOptions,
  path: string,
): Promise<Issue[]> {
  const { signal } = options;
  const tally = new IssueTally<TrackFileIssueCode>();
  const attributes = await textAttributes(node);
  const { statistics, timeOf } = await readStatistics(node, signal);
  const objects = await readSceneObjects(node, timeOf, about.times, signal);
  if (!objects)
    return [trackFileIssue('no-position-columns', `${node.path} has no positions`, { where: { file: path } })];
  const tracks = await readTracks(node, signal);
  const unit = attributes.get('Unit') || about.unit || 'um';
  const features = options.graphOnly ? [] : statistics.filter(({ values }) => objects.ids.some((id) => values.has(id)));
  const header = headerOf(attributes.get('Name') || key, unit, about, objects, features);
  const settings = attributes.get('CreationParameters');
  const stream = await RowStream.begin(
    sink,
    { ...header, provenance: { software: 'Imaris', ...(settings ? { settings } : {}) } },
    signal,
  );
  await streamObjects(stream, objects, features, tracks, about, tally);
  await streamEdges(stream, objects, tracks, tally);
  await stream.finishRows();
  if (tracks && tracks.ids.length > 0) await giveTracks(sink, tracks, options.graphOnly ? [] : statistics);
  await sink.end();
  const issues = tally.issues(trackFileIssue, path, {
    'detection-without-time': (n) => `${n} ${n === 1 ? 'object has' : 'objects have'} no time point`,
    'untracked-objects': (n) => `${n} ${n === 1 ? 'object belongs' : 'objects belong'} to no track`,
    'links-inferred': (n) => `the ${n} tracks of "${header.name}" have no list of edges`,
    'duplicate-frame-in-track': (n) => `${n} ${n === 1 ? 'frame' : 'frames'} in which one track has several objects`,
  });
  if (objects.kind === 'surface') {
    const message = `"${header.name}": ${objects.ids.length} surfaces are read as points.`;
    issues.push(imarisIssue('imaris-meshes-left', message, { where: { file: path } }));
  }
  return issues;
}

function headerOf(
  name: string,
  unit: string,
  { seconds }: AboutFile,
  objects: SceneObjects,
  features: readonly Statistic[],
): SetHeader {
  const spaceUnit = parseSpaceUnit(unit);
  const inUnit = spaceUnit ? { unit: spaceUnit } : {};
  const columns: ColumnDescription[] = [
    { name: 'source_track_id', type: 'int', description: 'Number of the track in Imaris', sourceKey: 'TrackID' },
    ...(objects.radius ? [{ name: 'radius', type: 'float' as const, ...inUnit }] : []),
    ...[...objects.further.keys()].map((key) => ({ name: key, type: 'float' as const, sourceKey: key })),
    ...features.map(({ name: feature, unit: stated }) => ({
      name: objects.further.has(feature) || feature === 'radius' ? `${feature} (statistic)` : feature,
      type: 'float' as const,
      ...(stated === undefined ? {} : { unit: unitName(stated) }),
    })),
  ];
  return pointHeader(name, {
    entity: objects.radius ? 'sphere' : 'point',
    ...(spaceUnit ? { spaceUnit } : {}),
    sourceSpaceUnit: unit,
    ...(seconds.length > 0 ? { timeUnit: 'second' as const } : {}),
    sourceFrameBase: 0,
    hasZ: true,
    hasTime: seconds.length > 0,
    objectColumns: columns,
  });
}

/** `um` and `s` as we spell them; other units stay as the file has them. */
function unitName(stated: string): string {
  const space: SpaceUnit | undefined = parseSpaceUnit(stated);
  return space ?? parseTimeUnit(stated) ?? stated;
}

async function streamObjects(
  stream: RowStream,
  objects: SceneObjects,
  features: readonly Statistic[],
  tracks: SceneTracks | undefined,
  { seconds }: AboutFile,
  tally: IssueTally<TrackFileIssueCode>,
): Promise<void> {
  const further = [...objects.further.values()];
  for (const [row, id] of objects.ids.entries()) {
    const frame = objects.frames[row]!;
    if (frame < 0) {
      tally.note('detection-without-time', {}, `object ${id}`);
      continue;
    }
    const track = tracks?.trackOf.get(id);
    if (tracks && track === undefined) tally.note('untracked-objects', {}, `object ${id}`);
    const values = [
      track,
      ...(objects.radius ? [objects.radius[row]] : []),
      ...further.map((column) => column[row]),
      ...features.map((feature) => feature.values.get(id)),
    ];
    const time = seconds[frame];
    const [x, y, z] = [objects.x[row]!, objects.y[row]!, objects.z[row]!];
    const full = stream.object({ id, frame, x, y, z, ...(time === undefined ? {} : { time }), values });
    if (full) await full;
  }
}

/** Edges of the list; where tracks have none, their objects in the order of time. */
async function streamEdges(
  stream: RowStream,
  objects: SceneObjects,
  tracks: SceneTracks | undefined,
  tally: IssueTally<TrackFileIssueCode>,
): Promise<void> {
  if (!tracks) return;
  for (const [row, from] of tracks.from.entries()) {
    const full = stream.edge(from, tracks.to[row]!);
    if (full) await full;
  }
  if (tracks.from.length > 0 || tracks.trackOf.size === 0) return;
  const chains = new ChainList();
  const chainOf = new Map([...tracks.ids].map((id, chain) => [id, chain]));
  for (const [row, id] of objects.ids.entries()) {
    const track = tracks.trackOf.get(id);
    if (track !== undefined && objects.frames[row]! >= 0) chains.note(chainOf.get(track)!, id, objects.frames[row]!);
  }
  const { ambiguous } = await stream.chains(chains);
  for (const id of tracks.ids) tally.note('links-inferred', {}, `track ${id}`);
  for (const { frame } of ambiguous) tally.note('duplicate-frame-in-track', {}, `frame ${frame}`);
}

async function giveTracks(sink: TrackSink, tracks: SceneTracks, statistics: readonly Statistic[]): Promise<void> {
  const ids = Array.from(tracks.ids);
  const columns: Column[] = [{ name: 'source_track_id', type: 'int', values: Float64Array.from(ids) }];
  for (const { name, unit, values } of statistics) {
    if (!ids.some((id) => values.has(id))) continue;
    const missing = Uint8Array.from(ids, (id) => (values.has(id) ? 0 : 1));
    columns.push({
      name,
      type: 'float',
      ...(unit === undefined ? {} : { unit: unitName(unit) }),
      values: Float64Array.from(ids, (id) => values.get(id) ?? Number.NaN),
      ...(missing.includes(1) ? { missing } : {}),
    });
  }
  await sink.sourceTracks?.(columns, ids.length);
}
