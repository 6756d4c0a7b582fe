import { type EntityKind, type SpaceUnit, type TimeUnit, micrometersPer, secondsPer } from '@micrarium/model';
import { entityOf, featureColumns, namedColumns } from '../entity-of-set.ts';
import { idsOf } from '../object-ids.ts';
import { type SetApart, idsApart } from '../outlines-apart.ts';
import { type Texts, holdsNul } from '../texts.ts';
import type { WritableColumn, WritableSet } from '../writable-set.ts';

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
}

/** Empty time groups stand for frames without objects; beyond so many of them frames are renumbered. */
const maxEmptyGroups = 10_000;

/** Translates sets into BD5: what goes where. */
export function toBd5(apart: readonly SetApart[]): WrittenBd5 {
  const sets = apart.map(({ set }) => set);
  const [first] = sets;
  const axes = axesOf(sets);
  // The unit of times is that of the first set that has some.
  const timed = sets.find(({ objects, timeUnit }) => objects.time && timeUnit !== 'frame');
  const { pixelSize } = first?.provenance ?? {};
  const isTold = (value: number | undefined) => value !== undefined && Number.isFinite(value) && value !== 0;
  const usable = (value: number | undefined) => (isTold(value) ? value! : 1);
  // Frames times the interval are times, where there are no others.
  const counted =
    !timed && first?.timeUnit !== undefined && first.timeUnit !== 'frame' && isTold(first.provenance.frameInterval);
  const clock = counted ? first : timed;
  const scale = {
    x: usable(pixelSize?.x),
    y: usable(pixelSize?.y),
    z: usable(pixelSize?.z),
    t: clock?.timeUnit ? usable(clock.provenance.frameInterval) : 1,
  };
  const features: WrittenBd5['features'] = [];
  // A NUL would end a text of HDF5.
  const ids = idsApart(apart, (own) => idsOf(own, (texts, row) => !holdsNul(texts, row)));
  const kinds = sets.map((set, at): WrittenKind => {
    const entity = entityOf(set, axes < 3);
    const { radius, label } = namedColumns(set, entity);
    return {
      set,
      entity,
      ids: ids[at]!,
      radius,
      label,
      features: featuresOf(set, radius, features),
      factor: { space: unitFactor(set, first!), time: clock ? timeFactor(set, clock) : 1 },
    };
  });
  const frames = frameGroups(sets);
  const isTimed = frames.groups > 1 || clock?.timeUnit !== undefined;
  return {
    dimension: `${axes}D${isTimed ? '+T' : ''}`,
    axes,
    scale,
    spaceUnit: first?.spaceUnit ?? first?.sourceSpaceUnit ?? '',
    timeUnit: clock ? (clock.timeUnit ?? clock.sourceTimeUnit ?? '') : 'frame',
    kinds,
    features,
    ...frames,
  };
}

/** Axes that there are: with a pixel size, outlines, or a position along them somewhere. */
function axesOf(sets: readonly WritableSet[]): number {
  if (sets.some((set) => set.objects.z)) return 3;
  const has = (axis: 'x' | 'y') =>
    sets.some((set) => set.provenance.pixelSize?.[axis] !== undefined || set.objects[axis].some(Number.isFinite));
  const isDrawn = sets.some(({ objects }) => (objects.shapes?.xyz.length ?? 0) > 0);
  if (isDrawn || has('y') || sets.every((set) => set.objects.count === 0)) return 2;
  return has('x') ? 1 : 0;
}

function featuresOf(
  set: WritableSet,
  radius: WritableColumn | undefined,
  all: WrittenBd5['features'],
): WrittenKind['features'] {
  return featureColumns(set, radius).map((column) => {
    const unit = column.unit ?? '';
    let feature = all.find((known) => known.name === column.name && known.unit === unit);
    if (!feature) all.push((feature = { fid: all.length, name: column.name, unit }));
    return { fid: feature.fid, column };
  });
}

/** A file has one unit: lengths of other sets are converted where both are known. */
function unitFactor(set: WritableSet, first: WritableSet): number {
  if (set.spaceUnit === first.spaceUnit) return 1;
  const per = micrometersPer as Partial<Record<SpaceUnit, number>>;
  const from = set.spaceUnit && per[set.spaceUnit];
  const to = first.spaceUnit && per[first.spaceUnit];
  return from && to ? from / to : 1;
}

function timeFactor(set: WritableSet, clock: WritableSet): number {
  if (!set.objects.time || set.timeUnit === clock.timeUnit) return 1;
  const per = secondsPer as Partial<Record<TimeUnit, number>>;
  const from = set.timeUnit && per[set.timeUnit];
  const to = clock.timeUnit && per[clock.timeUnit];
  return from && to ? from / to : 1;
}

/** Time groups are 0 to N-1 without gaps: a frame without objects is an empty group. */
function frameGroups(sets: readonly WritableSet[]): Pick<WrittenBd5, 'groupOfFrame' | 'groups'> {
  const frames = new Set<number>();
  for (const set of sets) for (const frame of set.objects.frame) frames.add(frame);
  const sorted = [...frames].sort((a, b) => a - b);
  const last = sorted.at(-1) ?? -1;
  if ((sorted[0] ?? 0) >= 0 && last + 1 - sorted.length <= maxEmptyGroups)
    return { groups: last + 1, groupOfFrame: (frame) => frame };
  // The column of times keeps them.
  const rank = new Map(sorted.map((frame, i) => [frame, i]));
  return { groups: sorted.length, groupOfFrame: (frame) => rank.get(frame)! };
}
