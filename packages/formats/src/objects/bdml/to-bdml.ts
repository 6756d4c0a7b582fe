import { type EntityKind, micrometersPer } from '@micrarium/model';
import { heldText, losesCharacters } from '../../tracks/trackmate-xml/features.ts';
import { uniqueName } from '../../tracks/trackmate/columns.ts';
import { entityOf, featureColumns, isMultiPoint, namedColumns } from '../entity-of-set.ts';
import { idsOf } from '../object-ids.ts';
import { type SetApart, idsApart } from '../outlines-apart.ts';
import type { Texts } from '../texts.ts';
import type { WritableColumn, WritableSet } from '../writable-set.ts';
import { parseHeader } from './header-fields.ts';
import { storedTimes } from './stored-times.ts';
import { type BdmlVersion, unitKinds } from './vocabulary.ts';

/** One set as it becomes a kind of object. */
export interface WrittenKind {
  set: WritableSet;
  name: string;
  entity: EntityKind;
  /** componentID of each row, unique in the document. */
  ids: Texts;
  /** Are the shapes several points an object? */
  isMultiPoint: boolean;
  radius: WritableColumn | undefined;
  label: WritableColumn | undefined;
  features: { name: string; column: WritableColumn }[];
  /** Length in the document's unit = length in the set × factor. */
  factor: number;
  /** Stored time of each frame. */
  timeOf(row: number): number;
}

/** Sets in the words of BDML. */
export interface WrittenBdml {
  version: BdmlVersion;
  scale: { x: number; y: number; z: number; t: number };
  spaceUnit: string;
  timeUnit: string;
  planar: boolean;
  kinds: WrittenKind[];
  features: { name: string; unit: string }[];
}

/** The version to write: the one the data came in, else 0.18, whose units are more. */
export function versionFor(sets: readonly WritableSet[]): BdmlVersion {
  return parseHeader(sets[0]?.provenance.settings)?.version === '3.0' ? '3.0' : '0.18';
}

/** Translates sets into BDML: what goes where. Sets without objects are left out. */
export function toBdml(all: readonly SetApart[], version: BdmlVersion): WrittenBdml {
  const apart = all.filter(({ set }) => set.objects.count > 0);
  const sets = apart.map(({ set }) => set);
  const [first] = sets;
  const planar = !sets.some((set) => set.objects.z);
  const { pixelSize } = first?.provenance ?? {};
  const space = spaceOf(first, version);
  const times = storedTimes(sets);
  const size = (value: number | undefined) => {
    const scaled = (value ?? 1) * space.factor;
    return Number.isFinite(scaled) && scaled > 1e-9 && scaled < 1e9 ? scaled : 1;
  };
  const features: WrittenBdml['features'] = [];
  const ids = idsApart(apart, (own) => idsOf(own, (texts, row) => !losesCharacters(texts.at(row))));
  const names = new Set<string>();
  const kinds = sets.map((set, at): WrittenKind => {
    const entity = entityOf(set, planar);
    const { radius, label } = namedColumns(set, entity);
    return {
      set,
      name: uniqueName(heldText(set.name) || `object ${at}`, names),
      entity,
      ids: ids[at]!,
      isMultiPoint: isMultiPoint(set),
      radius,
      label,
      features: featuresOf(set, radius, features, version),
      factor: at === 0 ? space.factor : unitFactor(set, first!) * space.factor,
      timeOf: times.of(set),
    };
  });
  return {
    version,
    scale: {
      x: size(pixelSize?.x),
      y: size(pixelSize?.y),
      z: planar ? 0 : size(pixelSize?.z),
      t: times.scale,
    },
    spaceUnit: space.unit,
    timeUnit: times.unit,
    planar,
    kinds,
    features,
  };
}

function featuresOf(
  set: WritableSet,
  radius: WritableColumn | undefined,
  all: WrittenBdml['features'],
  version: BdmlVersion,
): WrittenKind['features'] {
  const own: WrittenKind['features'] = [];
  for (const column of featureColumns(set, radius)) {
    const unit = featureUnit(column.unit, version);
    const wanted = heldText(column.name) || 'feature';
    let name = wanted;
    for (let n = 2; ; n++) {
      const known = all.find((one) => one.name === name);
      if (!known) all.push({ name, unit });
      if (!known || (known.unit === unit && !own.some((one) => one.name === name))) break;
      name = `${wanted}_${n}`;
    }
    own.push({ name, column });
  }
  return own;
}

/** A unit of the vocabulary: that of the feature, its like in the other version, or none. */
function featureUnit(unit: string | undefined, version: BdmlVersion): string {
  if (unit === undefined || unit === '') return 'dimensionless';
  if (unitKinds[version].has(unit)) return unit;
  const other = { intensity: 'a.u.', 'a.u.': 'intensity' }[unit];
  return other !== undefined && unitKinds[version].has(other) ? other : 'dimensionless';
}

/** The unit of the document and how many of it one unit of the first set is. */
function spaceOf(first: WritableSet | undefined, version: BdmlVersion): { unit: string; factor: number } {
  const unit = first?.spaceUnit;
  if (unit === undefined) return { unit: 'dimensionless', factor: 1 };
  if (unitKinds[version].has(unit)) return { unit, factor: 1 };
  if (unit === 'pixel') return { unit: 'dimensionless', factor: 1 };
  return { unit: 'micrometer', factor: micrometersPer[unit] };
}

/** A document has one unit: lengths of other sets are converted where both are known. */
function unitFactor(set: WritableSet, first: WritableSet): number {
  if (set.spaceUnit === first.spaceUnit) return 1;
  const [from, to] = [set.spaceUnit, first.spaceUnit].map((unit) =>
    unit === undefined || unit === 'pixel' ? undefined : micrometersPer[unit],
  );
  return from && to ? from / to : 1;
}
