import {
  type EntityKind,
  type Issue,
  type SpaceUnit,
  type TimeUnit,
  parseSpaceUnit,
  parseTimeUnit,
} from '@micrarium/model';
import { IssueTally } from '../../tables/delimited/issues.ts';
import { memberNamed, smallTable } from './column-reader.ts';
import { Hdf5Fault } from '../../containers/hdf5/fault.ts';
import type { Hdf5File, Hdf5Table } from './hdf5-reader.ts';
import { type Bd5IssueCode, bd5Issue } from './issues.ts';

/** Scales and units of a BD5 file. A scale is what a stored number is multiplied by. */
export interface Bd5Scale {
  dimension: string;
  x: number;
  y: number;
  z: number;
  t: number;
  spaceUnit?: SpaceUnit;
  timeUnit?: TimeUnit;
  sourceSpaceUnit?: string;
  sourceTimeUnit?: string;
}

/** A feature as featureDef declares it. */
export interface Bd5Feature {
  id: number;
  name: string;
  unit: string;
}

/** One time group. */
export interface Bd5Frame {
  /** Path of the group. */
  path: string;
  /** Zero-based frame: the number of the group, or its rank where the groups are misnamed. */
  frame: number;
  /** oIDs with an object table. */
  kinds: string[];
  hasFeatures: boolean;
}

/** Tables of one kind of object. */
export interface Bd5Kind {
  /** oID as the name of its datasets. */
  id: string;
  name: string;
}

/** What a BD5 file contains, before its rows are read. */
export interface Bd5Structure {
  scale: Bd5Scale | undefined;
  kinds: Bd5Kind[];
  features: Bd5Feature[];
  frames: Bd5Frame[];
  trackInfo: Hdf5Table | undefined;
  tally: IssueTally<Bd5IssueCode>;
}

/** The entities BD5 knows. */
export const entityKinds: readonly EntityKind[] = ['point', 'line', 'circle', 'sphere', 'face'];

/** Looks at the groups and the definitions of a BD5 file; departures from the format go into the tally. */
export async function readStructure(file: Hdf5File): Promise<Bd5Structure> {
  const tally = new IssueTally<Bd5IssueCode>();
  const members = (await file.names('/data')) ?? [];
  const frames = await timeGroups(file, members, tally);
  const defined = await definitions(file, '/data/objectDef');
  if (!defined) tally.note('bd5-definition-missing', { field: '/data/objectDef' }, '/data/objectDef');
  const kinds = (defined ?? []).map((row) => ({ id: row.get('oID') ?? '', name: row.get('name') ?? '' }));
  for (const id of new Set(frames.flatMap((frame) => frame.kinds)))
    if (!kinds.some((kind) => kind.id === id)) {
      if (defined) tally.note('bd5-kind-undefined', { field: '/data/objectDef' }, `oID ${id}`);
      kinds.push({ id, name: `object ${id}` });
    }
  const features = ((await definitions(file, '/data/featureDef')) ?? []).map((row) => ({
    id: Number(row.get('fID')),
    name: row.get('name') || `feature ${row.get('fID')}`,
    unit: row.get('fUnit') ?? '',
  }));
  const scale = await readScale(file);
  if (!scale) {
    const like = members.filter((name) => /scale/i.test(name));
    const seen = like.length > 0 ? `; found instead: ${like.join(', ')}` : '';
    tally.note('bd5-scale-missing', { field: '/data/scaleUnit' }, `/data/scaleUnit${seen}`);
  }
  return { scale, kinds, features, frames, trackInfo: await file.table('/data/trackInfo'), tally };
}

async function definitions(file: Hdf5File, path: string): Promise<Map<string, string>[] | undefined> {
  const table = await file.table(path);
  return table && smallTable(file, table);
}

async function readScale(file: Hdf5File): Promise<Bd5Scale | undefined> {
  const row = (await definitions(file, '/data/scaleUnit'))?.[0];
  if (!row) return undefined;
  const number = (name: string) => {
    const value = Number(row.get(name) ?? Number.NaN);
    return Number.isFinite(value) && row.get(name) !== '' ? value : Number.NaN;
  };
  const [space, time] = [row.get('sUnit') ?? '', row.get('tUnit') ?? ''];
  const spaceUnit = parseSpaceUnit(space);
  const timeUnit = parseTimeUnit(time);
  return {
    dimension: row.get('dimension') ?? '',
    x: number('xScale'),
    y: number('yScale'),
    z: number('zScale'),
    t: number('tScale'),
    ...(spaceUnit ? { spaceUnit } : {}),
    ...(timeUnit ? { timeUnit } : {}),
    ...(space ? { sourceSpaceUnit: space } : {}),
    ...(time ? { sourceTimeUnit: time } : {}),
  };
}

/** Time groups in numeric order (HDF5 lists them in byte order). */
async function timeGroups(
  file: Hdf5File,
  members: readonly string[],
  tally: IssueTally<Bd5IssueCode>,
): Promise<Bd5Frame[]> {
  const named: string[] = [];
  for (const name of members)
    if (/^\d+$/.test(name) && (await file.typeOf(`/data/${name}`)) === 'group') named.push(name);
  const sorted = named.sort((a, b) => Number(a) - Number(b) || b.length - a.length);
  const wrong = sorted.filter((name) => String(Number(name)) !== name);
  for (const name of wrong)
    tally.note('bd5-time-groups', { field: `/data/${name}` }, `group "${name}" has leading zeros`);
  const present = new Set(sorted);
  const last = Math.max(-1, ...sorted.map(Number));
  for (let frame = 0; frame <= Math.min(last, sorted.length); frame++)
    if (!present.has(String(frame)))
      tally.note('bd5-time-groups', { field: `/data/${frame}` }, `there is no group "${frame}"`);
  const groups: Bd5Frame[] = [];
  for (const [rank, name] of sorted.entries()) {
    const path = `/data/${name}`;
    const inside = (await file.names(path)) ?? [];
    for (const member of inside)
      if (member !== 'object' && member !== 'feature')
        tally.note('bd5-unknown-member', { field: `${path}/${member}` }, `${path}/${member}`);
    if (!inside.includes('object')) tally.note('bd5-unknown-member', { field: path }, `${path} has no "object"`);
    const kinds = inside.includes('object') ? ((await file.names(`${path}/object`)) ?? []) : [];
    groups.push({
      path,
      frame: wrong.length > 0 ? rank : Number(name),
      kinds,
      hasFeatures: inside.includes('feature'),
    });
  }
  return groups.filter(({ frame }) => frame < 2 ** 31);
}

/** Words of the issues that the tally counts. */
export const tallyWords: Partial<Record<Bd5IssueCode, (count: number) => string>> = {
  'bd5-scale-missing': () => 'there is no readable scaleUnit',
  'bd5-definition-missing': () => 'there is no readable objectDef',
  'bd5-time-groups': (n) => `${n} ${n === 1 ? 'fault' : 'faults'} in the names of the time groups`,
  'bd5-unknown-member': (n) =>
    `${n} ${n === 1 ? 'time group has' : 'members of time groups have'} unknown or missing names`,
  'bd5-kind-undefined': (n) => `${n} ${n === 1 ? 'kind of object is' : 'kinds of object are'} not defined`,
  'bd5-column-missing': (n) => `${n} required ${n === 1 ? 'column is' : 'columns are'} missing`,
  'bd5-column-type': (n) => `${n} ${n === 1 ? 'table has' : 'tables have'} another layout than BD5`,
  'bd5-mixed-entity': (n) => `${n} ${n === 1 ? 'row has' : 'rows have'} another entity than the first of its kind`,
  'bd5-entity-not-allowed': () => 'the entity is not allowed in this dimension',
  'bd5-duplicate-id': (n) => `${n} ${n === 1 ? 'object has' : 'objects have'} an ID that another has`,
  'bd5-dangling-link': (n) => `${n} ${n === 1 ? 'link names' : 'links name'} an object that is not in the file`,
  'bd5-link-between-kinds': (n) => `${n} ${n === 1 ? 'link joins' : 'links join'} objects of different kinds`,
  'bd5-feature-unjoined': (n) => `${n} feature ${n === 1 ? 'value names' : 'values name'} no known object or feature`,
  'bd5-foreign-member': (n) => `${n} ${n === 1 ? 'member is' : 'members are'} not part of BD5`,
  'bd5-table-shape': (n) => `${n} ${n === 1 ? 'table has' : 'tables have'} a second axis of length 1`,
  'bd5-number-as-text': (n) => `${n} ${n === 1 ? 'column holds' : 'columns hold'} numbers as text`,
  'bd5-dimension-label': () => 'the dimension does not fit the scales and columns',
  'bd5-column-not-allowed': (n) =>
    `${n} ${n === 1 ? 'column does' : 'columns do'} not belong to the dimension and entity`,
  'bd5-unused-radius': (n) => `${n} ${n === 1 ? 'table' : 'tables'} of points, lines or meshes with a radius`,
  'bd5-entity-unknown': (n) => `${n} ${n === 1 ? 'row has' : 'rows have'} an entity that BD5 does not know`,
  'bd5-unit-unknown': (n) => `${n} ${n === 1 ? 'unit is' : 'units are'} not in the vocabulary`,
  'bd5-definition-repeated': (n) => `${n} ${n === 1 ? 'definition repeats' : 'definitions repeat'} a number`,
  'bd5-id-empty': (n) => `${n} ${n === 1 ? 'row has' : 'rows have'} no ID`,
  'bd5-value-impossible': (n) => `${n} ${n === 1 ? 'value is' : 'values are'} impossible`,
  'bd5-rows-out-of-order': (n) => `${n} ${n === 1 ? 'row stands' : 'rows stand'} apart from the rest of the outline`,
  'bd5-time-disagrees': (n) => `${n} ${n === 1 ? 'time disagrees' : 'times disagree'} with the time group`,
  'bd5-link-direction': (n) => `${n} ${n === 1 ? 'link does' : 'links do'} not lead to a later object`,
  'bd5-link-repeated': (n) => `${n} ${n === 1 ? 'link repeats' : 'links repeat'} another`,
  'bd5-feature-repeated': (n) => `${n} feature ${n === 1 ? 'value repeats' : 'values repeat'} another`,
  'bd5-label-missing': (n) => `${n} ${n === 1 ? 'table has' : 'tables have'} no labels where others have some`,
  'bd5-face-incomplete': (n) => `${n} ${n === 1 ? 'triangle does' : 'triangles do'} not have three vertices`,
};

/** Issues of the tally, for one file. */
export function tallyIssues(tally: IssueTally<Bd5IssueCode>, path: string): Issue[] {
  return tally.issues(bd5Issue, path, tallyWords);
}

/** The table of a kind in a frame; faults go into the tally. */
export async function kindTable(
  file: Hdf5File,
  frame: Bd5Frame,
  room: 'object' | 'feature',
  kind: string,
  tally: IssueTally<Bd5IssueCode>,
): Promise<Hdf5Table | undefined> {
  const path = `${frame.path}/${room}/${kind}`;
  try {
    const table = await file.table(path);
    if (table && memberNamed(table, 'ID')) return table;
    if (table) tally.note('bd5-column-missing', { field: path, column: 'ID' }, `${path}: ID`);
    else if ((await file.typeOf(path)) !== undefined) tally.note('bd5-column-type', { field: path }, path);
  } catch (error) {
    if (!(error instanceof Hdf5Fault)) throw error;
    tally.note(error.reason === 'absurd' ? 'hdf5-absurd-size' : 'hdf5-unreadable', { field: path }, error.message);
  }
  return undefined;
}
