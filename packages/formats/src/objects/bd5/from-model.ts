import {
  type EntityKind,
  type Issue,
  type SpaceUnit,
  type TimeUnit,
  micrometersPer,
  secondsPer,
} from '@micrarium/model';
import {
  type Reporter,
  drawnLosses,
  entityOf,
  featureColumns,
  isMultiPoint,
  meaningLosses,
  namedColumns,
  scalingLosses,
  tableLosses,
} from '../entity-of-set.ts';
import { idsOf } from '../object-ids.ts';
import type { Texts } from '../texts.ts';
import type { WritableColumn, WritableSet } from '../writable-set.ts';
import { bd5Issue } from './issues.ts';

/** One set as it becomes a kind of object. */
export interface WrittenKind {
  set: WritableSet;
  entity: EntityKind;
  /** ID of each row. */
  ids: Texts;
  radius: WritableColumn | undefined;
  label: WritableColumn | undefined;
  features: { fid: number; column: WritableColumn }[];
  /** Value stored at scale 1 = value of the set × factor; with the scale, that divided by it. */
  factor: { space: number; time: number };
}

/** A set of tracks in the words of BD5. */
export interface WrittenBd5 {
  dimension: string;
  /** How many of x, y and z there are. */
  axes: number;
  scale: { x: number; y: number; z: number; t: number };
  spaceUnit: string;
  timeUnit: string;
  kinds: WrittenKind[];
  features: { fid: number; name: string; unit: string }[];
  /** Time group of each frame. */
  groupOfFrame(frame: number): number;
  groups: number;
  /** What BD5 cannot hold or holds in another form. */
  issues: Issue[];
}

/** Empty time groups stand for frames without objects; beyond so many of them frames are renumbered. */
const maxEmptyGroups = 10_000;

/** Translates sets into BD5: what goes where, and what is lost. */
export function toBd5(sets: readonly WritableSet[]): WrittenBd5 {
  const issues: Issue[] = [];
  const say: Reporter = {
    loss: (set, message) => void issues.push(bd5Issue('bd5-loss', message, { where: { field: set.name } })),
    change: (set, message) => void issues.push(bd5Issue('bd5-value-changed', message, { where: { field: set.name } })),
  };
  const [first] = sets;
  const axes = axesOf(sets);
  const planar = axes < 3;
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
  // A NUL would end a text of HDF5.
  const ids = idsOf(sets, (texts, row) => !texts.at(row).includes('\0'), say);
  const kinds = sets.map((set, at): WrittenKind => {
    lossesOf(set, say);
    const entity = entityOf(set, planar, 'BD5', say);
    if (!planar && !set.objects.z) say.change(set, `"${set.name}" is planar and gets z = 0 beside sets with depth`);
    const { radius, label } = namedColumns(set, entity);
    meaningLosses(set, { radius, label }, say);
    if (entity === 'line' || entity === 'face' || isMultiPoint(set)) drawnLosses(set, say);
    if (label?.missing?.includes(1)) say.change(set, `absent values of "${label.name}" are read back as empty texts`);
    const factor = { space: unitFactor(set, first!, say), time: timeFactor(set, first!, say) };
    const by = { x: scale.x / factor.space, y: scale.y / factor.space, z: scale.z / factor.space };
    scalingLosses(set, { ...by, t: scale.t / factor.time }, axes, say);
    return {
      set,
      entity,
      ids: ids[at]!,
      radius,
      label,
      features: featuresOf(set, [radius, label], features, say),
      factor,
    };
  });
  const frames = frameGroups(sets, (message) => first && say.change(first, message));
  const isTimed = frames.groups > 1 || sets.some((set) => set.objects.time && set.timeUnit);
  return {
    dimension: `${axes}D${isTimed ? '+T' : ''}`,
    axes,
    scale,
    spaceUnit: first?.spaceUnit ?? '',
    timeUnit: first?.objects.time ? (first.timeUnit ?? '') : 'frame',
    kinds,
    features,
    ...frames,
    issues,
  };
}

/** Axes that there are: with a pixel size, or a position along them somewhere. */
function axesOf(sets: readonly WritableSet[]): number {
  if (sets.some((set) => set.objects.z)) return 3;
  const has = (axis: 'x' | 'y') =>
    sets.some((set) => set.provenance.pixelSize?.[axis] !== undefined || set.objects[axis].some(Number.isFinite));
  if (has('y') || sets.every((set) => set.objects.count === 0)) return 2;
  return has('x') ? 1 : 0;
}

function lossesOf(set: WritableSet, say: Reporter): void {
  tableLosses(set, say);
  if (set.objects.count === 0) say.loss(set, `"${set.name}" has no objects, so it is not read back as a set`);
  const { software, imageName, imageSizes, settings, tracking } = set.provenance;
  if (software || imageName || imageSizes || settings || tracking)
    say.loss(set, 'the program, film name and settings of the tracking are not written');
  if (
    set.spaceUnit === 'angstrom' ||
    set.spaceUnit === 'nanometer' ||
    set.spaceUnit === 'millimeter' ||
    set.spaceUnit === 'centimeter'
  )
    say.change(set, `the unit ${set.spaceUnit} is written although the BDML vocabulary lacks it`);
  if (set.objects.time && set.timeUnit === undefined && new Set(set.objects.frame).size > 1)
    say.change(set, 'times are written without a unit');
  if (!set.objects.time || set.timeUnit === 'frame')
    say.change(set, 'times are frames, for which BDML has no unit; "frame" is written');
}

function featuresOf(
  set: WritableSet,
  taken: readonly (WritableColumn | undefined)[],
  all: WrittenBd5['features'],
  say: Reporter,
): WrittenKind['features'] {
  return featureColumns(set, taken, say).map((column) => {
    if (column.type === 'bool') say.change(set, `"${column.name}" is written as 0 and 1`);
    else if (column.type === 'int') say.change(set, `"${column.name}" is read back as decimal numbers`);
    const unit = column.unit ?? '';
    let feature = all.find((known) => known.name === column.name && known.unit === unit);
    if (!feature) all.push((feature = { fid: all.length, name: column.name, unit }));
    return { fid: feature.fid, column };
  });
}

function unitFactor(set: WritableSet, first: WritableSet, { loss }: Reporter): number {
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

function timeFactor(set: WritableSet, first: WritableSet, { loss }: Reporter): number {
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
  sets: readonly WritableSet[],
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
