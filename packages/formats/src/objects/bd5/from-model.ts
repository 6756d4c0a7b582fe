import {
  type Column,
  type EntityKind,
  type Issue,
  type SpaceUnit,
  type TimeUnit,
  type TrackSet,
  micrometersPer,
  secondsPer,
} from '@micrarium/model';
import { bd5Issue } from './issues.ts';

/** One set as it becomes a kind of object. */
export interface WrittenKind {
  set: TrackSet;
  entity: EntityKind;
  /** ID of each row, unique in the file. */
  ids: string[];
  radius: Column | undefined;
  label: Column | undefined;
  features: { fid: number; column: Column }[];
  /** Stored number = value of the set × factor. */
  factor: { x: number; y: number; z: number; t: number };
}

/** A set of tracks in the words of BD5. */
export interface WrittenBd5 {
  dimension: string;
  scale: { x: number; y: number; z: number; t: number };
  spaceUnit: string;
  timeUnit: string;
  kinds: WrittenKind[];
  features: { fid: number; name: string; unit: string }[];
  /** Time group of each frame. */
  groupOfFrame(frame: number): number;
  groups: number;
  planar: boolean;
  /** What BD5 cannot hold or holds in another form. */
  issues: Issue[];
}

/** Empty time groups stand for frames without objects; beyond so many of them frames are renumbered. */
const maxEmptyGroups = 10_000;

/** Translates sets into BD5: what goes where, and what is lost. */
export function toBd5(sets: readonly TrackSet[]): WrittenBd5 {
  const issues: Issue[] = [];
  const loss = (set: TrackSet, message: string) =>
    issues.push(bd5Issue('bd5-loss', message, { where: { field: set.name } }));
  const change = (set: TrackSet, message: string) =>
    issues.push(bd5Issue('bd5-value-changed', message, { where: { field: set.name } }));
  const first = sets[0];
  const planar = !sets.some((set) => set.objects.z);
  const { pixelSize, frameInterval } = first?.provenance ?? {};
  const usable = (value: number | undefined) =>
    value !== undefined && Number.isFinite(value) && value !== 0 ? value : 1;
  const scale = {
    x: usable(pixelSize?.x),
    y: usable(pixelSize?.y),
    z: usable(pixelSize?.z),
    t: first?.objects.time && first.timeUnit ? usable(frameInterval) : 1,
  };
  const features: WrittenBd5['features'] = [];
  const kinds = sets.map((set, oID): WrittenKind => {
    lossesOf(set, loss, change);
    const entity = entityOf(set, planar, loss, change);
    if (!planar && !set.objects.z) change(set, `"${set.name}" is planar and gets z = 0 beside sets with depth`);
    const radius = entity === 'circle' || entity === 'sphere' ? numericColumn(set, 'radius') : undefined;
    const label = set.objects.columns.find(
      ({ name, type }) => type === 'string' && (name === 'label' || name === 'name'),
    );
    const space = unitFactor(set, first!, loss);
    const time = timeFactor(set, first!, loss);
    return {
      set,
      entity,
      ids: idsOf(set, sets.length > 1 ? `${oID}_` : ''),
      radius,
      label,
      features: featuresOf(set, [radius, label], features, loss, change),
      factor: { x: space / scale.x, y: space / scale.y, z: space / scale.z, t: time / scale.t },
    };
  });
  const frames = frameGroups(sets, (message) => first && change(first, message));
  return {
    dimension: `${planar ? 2 : 3}D${frames.groups > 1 || sets.some((set) => set.objects.time && set.timeUnit) ? '+T' : ''}`,
    scale,
    spaceUnit: first?.spaceUnit ?? '',
    timeUnit: first?.objects.time ? (first.timeUnit ?? '') : 'frame',
    kinds,
    features,
    ...frames,
    planar,
    issues,
  };
}

type Say = (set: TrackSet, message: string) => void;

function lossesOf(set: TrackSet, loss: Say, change: Say): void {
  const list = (columns: readonly Column[]) => columns.map(({ name }) => name).join(', ');
  if (set.edges.columns.length > 0) loss(set, `features of edges are not written: ${list(set.edges.columns)}`);
  if (set.sourceTracks && set.sourceTracks.columns.length > 0)
    loss(set, `features of whole tracks are not written: ${list(set.sourceTracks.columns)}`);
  const { software, imageName, settings } = set.provenance;
  if (software || imageName || settings)
    loss(set, 'the program, film name and settings of the tracking are not written');
  if (
    set.spaceUnit === 'angstrom' ||
    set.spaceUnit === 'nanometer' ||
    set.spaceUnit === 'millimeter' ||
    set.spaceUnit === 'centimeter'
  )
    change(set, `the unit ${set.spaceUnit} is written although the BDML vocabulary lacks it`);
  if (set.objects.time && set.timeUnit === undefined && new Set(set.objects.frame).size > 1)
    change(set, 'times are written without a unit');
  if (!set.objects.time || set.timeUnit === 'frame')
    change(set, 'times are frames, for which BDML has no unit; "frame" is written');
}

function entityOf(set: TrackSet, planar: boolean, loss: Say, change: Say): EntityKind {
  const { entity, shapes } = set.objects;
  const drawn = shapes !== undefined && shapes.vertexOffsets.length > 1;
  if (entity === 'line' || entity === 'face') {
    if (drawn) return entity;
    change(set, `"${set.name}" has no outlines; its objects are written as points`);
    return 'point';
  }
  if (entity === 'point' && drawn && isMultiPoint(set)) return 'point';
  if (drawn) loss(set, `outlines of "${set.name}" are not written: a BD5 ${entity} has no outline`);
  if (entity === 'point') return 'point';
  if (!numericColumn(set, 'radius')) {
    change(set, `"${set.name}" has no radius; its objects are written as points`);
    return 'point';
  }
  if (entity === 'sphere' && planar) {
    change(set, `spheres of the planar set "${set.name}" are written as circles`);
    return 'circle';
  }
  return entity;
}

/** Are the shapes of a set of points nothing but points, several an object? */
export function isMultiPoint({ objects: { entity, shapes } }: TrackSet): boolean {
  return (
    entity === 'point' &&
    shapes !== undefined &&
    shapes.vertexOffsets.length > 1 &&
    shapes.vertexOffsets.every((offset, part) => offset === part)
  );
}

/** The column of numbers of a name. */
export function numericColumn(set: TrackSet, name: string): Column | undefined {
  return set.objects.columns.find(
    (column) => column.name === name && (column.type === 'float' || column.type === 'int'),
  );
}

/** IDs the source gave where they are unique, else our own; with a prefix where several sets share the file. */
function idsOf(set: TrackSet, prefix: string): string[] {
  const source = set.objects.columns.find(({ sourceKey, type }) => sourceKey === 'ID' && type === 'string');
  const given = source ? (source.values as string[]) : undefined;
  if (given && prefix === '' && !given.includes('') && new Set(given).size === given.length) return given;
  return Array.from(set.objects.id, (id) => `${prefix}${id}`);
}

function featuresOf(
  set: TrackSet,
  taken: readonly (Column | undefined)[],
  all: WrittenBd5['features'],
  loss: Say,
  change: Say,
): WrittenKind['features'] {
  const own: WrittenKind['features'] = [];
  for (const column of set.objects.columns) {
    if (taken.includes(column) || column.sourceKey === 'ID') continue;
    if (column.type === 'string') {
      loss(set, `the text column "${column.name}" is not written: features are numbers`);
      continue;
    }
    if (column.type === 'bool') change(set, `"${column.name}" is written as 0 and 1`);
    const unit = column.unit ?? '';
    let feature = all.find((known) => known.name === column.name && known.unit === unit);
    if (!feature) all.push((feature = { fid: all.length, name: column.name, unit }));
    own.push({ fid: feature.fid, column });
  }
  return own;
}

function unitFactor(set: TrackSet, first: TrackSet, loss: Say): number {
  if (set.spaceUnit === first.spaceUnit) return 1;
  const per = micrometersPer as Partial<Record<SpaceUnit, number>>;
  const from = set.spaceUnit && per[set.spaceUnit];
  const to = first.spaceUnit && per[first.spaceUnit];
  if (from && to) return from / to;
  loss(
    set,
    `a BD5 file has one unit: "${set.name}" is in ${set.spaceUnit ?? 'no unit'}, "${first.name}" in ${first.spaceUnit ?? 'no unit'}`,
  );
  return 1;
}

function timeFactor(set: TrackSet, first: TrackSet, loss: Say): number {
  if (!set.objects.time || set.timeUnit === first.timeUnit) return 1;
  const per = secondsPer as Partial<Record<TimeUnit, number>>;
  const from = set.timeUnit && per[set.timeUnit];
  const to = first.timeUnit && per[first.timeUnit];
  if (from && to) return from / to;
  loss(
    set,
    `a BD5 file has one time unit: "${set.name}" is in ${set.timeUnit ?? 'no unit'}, "${first.name}" in ${first.timeUnit ?? 'no unit'}`,
  );
  return 1;
}

/** Time groups are 0 to N-1 without gaps: a frame without objects is an empty group. */
function frameGroups(
  sets: readonly TrackSet[],
  change: (message: string) => void,
): Pick<WrittenBd5, 'groupOfFrame' | 'groups'> {
  const frames = new Set<number>();
  for (const set of sets) for (const frame of set.objects.frame) frames.add(frame);
  const sorted = [...frames].sort((a, b) => a - b);
  const last = sorted.at(-1) ?? -1;
  if ((sorted[0] ?? 0) >= 0 && last + 1 - sorted.length <= maxEmptyGroups)
    return { groups: last + 1, groupOfFrame: (frame) => frame };
  change('frames are renumbered without gaps, since BD5 has time groups from 0 on; the time column keeps them');
  const rank = new Map(sorted.map((frame, i) => [frame, i]));
  return { groups: sorted.length, groupOfFrame: (frame) => rank.get(frame)! };
}
