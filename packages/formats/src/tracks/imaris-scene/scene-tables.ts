import type { Hdf5Dataset } from '../../containers/hdf5/dataset.ts';
import type { Hdf5Node } from '../../containers/hdf5/open-hdf5.ts';
import { isNumeric } from '../../containers/hdf5/values.ts';

/** Columns of a table of the scene, whole. */
export interface SceneTable {
  rows: number;
  /** Columns that are numbers, by name. */
  numbers: Map<string, Float64Array>;
  /** Columns that are texts, by name. */
  texts: Map<string, string[]>;
}

/** A table of records below a group; `undefined` where there is none of this name. */
export async function sceneTable(group: Hdf5Node, name: string, signal?: AbortSignal): Promise<SceneTable | undefined> {
  const dataset = await (await group.child(name))?.dataset();
  if (dataset?.type.class !== 'compound' || dataset.shape.length !== 1) return undefined;
  dataset.assertPlausible();
  const table: SceneTable = { rows: dataset.count, numbers: new Map(), texts: new Map() };
  for (const member of dataset.type.members) {
    if (isNumeric(member.type)) table.numbers.set(member.name, new Float64Array(dataset.count));
    else if (member.type.class === 'string') table.texts.set(member.name, []);
  }
  for await (const { first, bytes } of dataset.blocks(signal)) await fill(table, dataset, first, bytes);
  return table;
}

async function fill(table: SceneTable, dataset: Hdf5Dataset, first: number, bytes: Uint8Array): Promise<void> {
  for (const [name, values] of table.numbers) values.set(dataset.columnNumbers(dataset.member(name)!, bytes), first);
  for (const [name, texts] of table.texts)
    for (const text of await dataset.columnTexts(dataset.member(name)!, bytes)) texts.push(text.trim());
}

/** A statistic of the scene: what is measured of each object. */
export interface Statistic {
  name: string;
  unit: string | undefined;
  /** Values by object id. */
  values: Map<number, number>;
}

/** Statistics that say nothing but where and when an object is. */
const known = /^(Position [XYZ]|Time|Time Index)$/;

/**
 * The statistics of a group with the time each object is measured at. A name that stands for several types gets the
 * levels of its factors behind it, as "Intensity Mean (channel 2)".
 */
export async function readStatistics(
  group: Hdf5Node,
  signal?: AbortSignal,
): Promise<{ statistics: Statistic[]; timeOf: Map<number, number> }> {
  const timeOf = new Map<number, number>();
  const types = await sceneTable(group, 'StatisticsType', signal);
  const values = await sceneTable(group, 'StatisticsValue', signal);
  const ids = types?.numbers.get('ID');
  const [time, object, type, value] = ['ID_Time', 'ID_Object', 'ID_StatisticsType', 'Value'].map((name) =>
    values?.numbers.get(name),
  );
  if (!types || !ids || !object || !type || !value) return { statistics: [], timeOf };
  const names = await statisticNames(group, types);
  const statistics = names.map((name, n): Statistic => {
    return { name, unit: types.texts.get('Unit')?.[n] || undefined, values: new Map() };
  });
  const byType = new Map(statistics.map((statistic, n) => [ids[n]!, statistic]));
  for (let row = 0; row < object.length; row++) {
    // −1 is the whole scene.
    if (object[row]! < 0) continue;
    byType.get(type[row]!)?.values.set(object[row]!, value[row]!);
    if (time && time[row]! >= 0) timeOf.set(object[row]!, time[row]!);
  }
  return { statistics: statistics.filter(({ name, values: found }) => found.size > 0 && !known.test(name)), timeOf };
}

async function statisticNames(group: Hdf5Node, types: SceneTable): Promise<string[]> {
  const names = types.texts.get('Name') ?? [];
  const factors = await sceneTable(group, 'Factor');
  const lists = types.numbers.get('ID_FactorList');
  const counts = new Map<string, number>();
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
  const used = new Map<string, number>();
  return names.map((name, n) => {
    const levels: string[] = [];
    const list = factors?.numbers.get('ID_List');
    for (let row = 0; list && row < list.length; row++)
      if (list[row] === lists?.[n])
        levels.push(`${factors!.texts.get('Name')?.[row] ?? ''} ${factors!.texts.get('Level')?.[row] ?? ''}`.trim());
    const isChannel = levels.some((level) => level.startsWith('Channel'));
    const full = levels.length > 0 && (isChannel || counts.get(name)! > 1) ? `${name} (${levels.join(', ')})` : name;
    const spoken = full.replaceAll('(Channel ', '(channel ');
    const times = used.get(spoken) ?? 0;
    used.set(spoken, times + 1);
    return times === 0 ? spoken : `${spoken} #${times + 1}`;
  });
}

/** Tracks of a group: which objects belong to each, and the edges between them. */
export interface SceneTracks {
  ids: Float64Array;
  trackOf: Map<number, number>;
  /** Pairs of object ids, earlier and later, as stored. */
  from: Float64Array;
  to: Float64Array;
}

/** The tables of the tracks, by the names the file lists, else by those Imaris always gives. */
export async function readTracks(group: Hdf5Node, signal?: AbortSignal): Promise<SceneTracks | undefined> {
  const listed = await sceneTable(group, 'MainTrackTable', signal);
  const name = (column: string, usual: string): string => listed?.texts.get(column)?.[0] || usual;
  const tracks = await sceneTable(group, name('TrackName', 'Track0'), signal);
  const objects = (await sceneTable(group, name('TrackObjectName', 'TrackObject0'), signal))?.numbers.get('ID_Object');
  const edges = await sceneTable(group, name('TrackEdgeName', 'TrackEdge0'), signal);
  const none = new Float64Array(0);
  const [from, to] = [edges?.numbers.get('ID_ObjectA') ?? none, edges?.numbers.get('ID_ObjectB') ?? none];
  const ids = tracks?.numbers.get('ID') ?? none;
  if (ids.length === 0 && from.length === 0) return undefined;
  const trackOf = new Map<number, number>();
  const [begin, end] = ['IndexTrackObjectBegin', 'IndexTrackObjectEnd'].map((column) => tracks?.numbers.get(column));
  for (const [row, id] of ids.entries()) {
    const stop = Math.min(end?.[row] ?? 0, objects?.length ?? 0);
    for (let at = Math.max(0, begin?.[row] ?? 0); at < stop; at++) trackOf.set(objects![at]!, id);
  }
  return { ids, trackOf, from, to };
}
