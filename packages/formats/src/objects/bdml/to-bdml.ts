import { type EntityKind, type Issue, type Shapes, micrometersPer } from '@micrarium/model';
import { losesCharacters } from '../../tracks/trackmate-xml/features.ts';
import { uniqueName } from '../../tracks/trackmate/columns.ts';
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
import { type WritableColumn, type WritableSet, textsOf } from '../writable-set.ts';
import { parseHeader, writtenHeader } from './header-fields.ts';
import { bdmlIssue } from './issues.ts';
import { centreOf } from './set-rows.ts';
import { storedTimes } from './stored-times.ts';
import { type BdmlVersion, unitKinds } from './vocabulary.ts';

/** One set as it becomes a kind of object. */
export interface WrittenKind {
  set: WritableSet;
  name: string;
  entity: EntityKind;
  /** componentID of each row, unique in the document. */
  ids: Texts;
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
  issues: Issue[];
}

/** The version to write: the one the data came in, else 0.18, whose units are more. */
export function versionFor(sets: readonly WritableSet[]): BdmlVersion {
  return parseHeader(sets[0]?.provenance.settings)?.version === '3.0' ? '3.0' : '0.18';
}

/** Translates sets into BDML: what goes where, and what is lost. */
export function toBdml(all: readonly WritableSet[], version: BdmlVersion): WrittenBdml {
  const issues: Issue[] = [];
  const say: Reporter = {
    loss: (set, message) => void issues.push(bdmlIssue('bdml-loss', message, { where: { field: set.name } })),
    change: (set, message) =>
      void issues.push(bdmlIssue('bdml-value-changed', message, { where: { field: set.name } })),
  };
  const sets = all.filter((set) => set.objects.count > 0);
  for (const set of all)
    if (set.objects.count === 0)
      say.loss(set, `"${set.name}" has no objects, and BDML wants at least one: it is left out`);
  const [first] = sets;
  const planar = !sets.some((set) => set.objects.z);
  const { pixelSize, frameInterval } = first?.provenance ?? {};
  const space = spaceOf(first, version, say);
  const times = storedTimes(sets, frameInterval, say);
  const size = (value: number | undefined) => {
    const scaled = (value ?? 1) * space.factor;
    return Number.isFinite(scaled) && scaled > 1e-9 && scaled < 1e9 ? scaled : 1;
  };
  const lengths = { x: size(pixelSize?.x), y: size(pixelSize?.y), z: size(pixelSize?.z) };
  const features: WrittenBdml['features'] = [];
  const ids = idsOf(sets, (texts, row) => !losesCharacters(texts.at(row)), say);
  const names = new Set<string>();
  const kinds = sets.map((set, at): WrittenKind => {
    lossesOf(set, all, say);
    const entity = entityOf(set, planar, 'BDML', say);
    if (entity === 'line' || entity === 'face') outlineLosses(set, set.objects.shapes!, say);
    if (!planar && !set.objects.z) say.change(set, `"${set.name}" is planar and gets z = 0 beside sets with depth`);
    const name = uniqueName(set.name || `object ${at}`, names);
    if (name !== set.name) say.change(set, `"${set.name}" is written as "${name}"`);
    const { radius, label } = namedColumns(set, entity);
    if (isMultiPoint(set)) drawnLosses(set, say);
    if (label?.missing && !label.missing.includes(0))
      say.loss(set, `the text column "${label.name}" has no value, so it is not written`);
    meaningLosses(set, { radius, label }, say);
    // Other lengths are converted, which is said.
    if (space.factor === 1 && set.spaceUnit === first!.spaceUnit) scalingLosses(set, lengths, planar ? 2 : 3, say);
    return {
      set,
      name,
      entity,
      ids: ids[at]!,
      radius,
      label,
      features: featuresOf(set, [radius, label], features, version, say),
      factor: at === 0 ? space.factor : unitFactor(set, first!, say) * space.factor,
      timeOf: times.of(set),
    };
  });
  if (first) headerIssues(first, version, issues);
  return {
    version,
    scale: { ...lengths, z: planar ? 0 : lengths.z, t: times.scale },
    spaceUnit: space.unit,
    timeUnit: times.unit,
    planar,
    kinds,
    features,
    issues,
  };
}

function headerIssues(first: WritableSet, version: BdmlVersion, issues: Issue[]): void {
  const where = { field: 'info' };
  const { invented, lost } = writtenHeader(parseHeader(first.provenance.settings), version, {
    id: '',
    title: undefined,
    today: '',
  });
  if (invented.length > 0)
    issues.push(
      bdmlIssue('bdml-header-invented', `${invented.length} required fields are not known: ${invented.join(', ')}`, {
        where,
      }),
    );
  if (lost.length > 0) issues.push(bdmlIssue('bdml-loss', `of the header, ${lost.join(', ')}`, { where }));
}

function lossesOf(set: WritableSet, all: readonly WritableSet[], say: Reporter): void {
  tableLosses(set, say);
  const { software, imageName, imageSizes, settings, tracking } = set.provenance;
  const isKept =
    settings === undefined || (parseHeader(settings) !== undefined && settings === all[0]?.provenance.settings);
  if (software || imageName || imageSizes || tracking || !isKept)
    say.loss(set, 'the program, film and settings of the tracking are not written');
  let texts = losesCharacters(set.name) ? 1 : 0;
  for (const column of set.objects.columns) {
    const values = textsOf(column);
    if (values) for (let row = 0; row < values.length; row++) if (losesCharacters(values.at(row))) texts++;
  }
  if (texts > 0) say.change(set, `${texts} texts have characters that XML cannot hold; they are replaced`);
}

/** What BDML cannot hold of lines and meshes: it has no position beside them, and triangles only. */
function outlineLosses(set: WritableSet, shapes: Shapes, { loss, change }: Reporter): void {
  const { objects } = set;
  let [bare, moved, uneven] = [0, 0, 0];
  for (let row = 0; row < objects.count; row++) {
    const parts: number[][] = [];
    for (let part = shapes.partOffsets[row]!; part < shapes.partOffsets[row + 1]!; part++) {
      const vertices = Array.from(
        shapes.xyz.subarray(shapes.vertexOffsets[part]! * 3, shapes.vertexOffsets[part + 1]! * 3),
      );
      if (objects.entity === 'face' && vertices.length !== 9) uneven++;
      else if (vertices.length > 0) parts.push(vertices);
    }
    if (parts.length === 0) {
      if (!Number.isNaN(objects.x[row]!)) bare++;
      continue;
    }
    const [x, y] = centreOf(parts, objects.entity === 'line');
    const isThere = (a: number, b: number) => Math.abs(a - b) <= 1e-6 * Math.max(1, Math.abs(a));
    if (!isThere(x, objects.x[row]!) || !isThere(y, objects.y[row]!)) moved++;
  }
  if (bare > 0) loss(set, `${bare} objects of "${set.name}" have no outline; their positions are not written`);
  if (uneven > 0) loss(set, `${uneven} faces of "${set.name}" are no triangles and are not written`);
  if (moved > 0) change(set, `the positions of ${moved} objects are read back as the centres of their outlines`);
}

function featuresOf(
  set: WritableSet,
  taken: readonly (WritableColumn | undefined)[],
  all: WrittenBdml['features'],
  version: BdmlVersion,
  say: Reporter,
): WrittenKind['features'] {
  const own: WrittenKind['features'] = [];
  for (const column of featureColumns(set, taken, say)) {
    if (column.type !== 'float') say.change(set, `"${column.name}" is read back as decimal numbers`);
    const unit = featureUnit(set, column, version, say);
    const wanted = column.name || 'feature';
    let name = wanted;
    for (let n = 2; ; n++) {
      const known = all.find((one) => one.name === name);
      if (!known) all.push({ name, unit });
      if (!known || (known.unit === unit && !own.some((one) => one.name === name))) break;
      name = `${wanted}_${n}`;
    }
    if (name !== column.name) say.change(set, `"${column.name}" is written as "${name}"`);
    own.push({ name, column });
  }
  return own;
}

function featureUnit(
  set: WritableSet,
  { name, unit }: WritableColumn,
  version: BdmlVersion,
  { loss, change }: Reporter,
): string {
  if (unit === undefined || unit === '') return 'dimensionless';
  if (unitKinds[version].has(unit)) return unit;
  const other = { intensity: 'a.u.', 'a.u.': 'intensity' }[unit];
  if (other !== undefined && unitKinds[version].has(other)) {
    change(set, `the unit ${unit} of "${name}" is written as ${other}`);
    return other;
  }
  loss(
    set,
    `the unit ${unit} of "${name}" is not in the vocabulary of BDML ${version}; it is written as dimensionless`,
  );
  return 'dimensionless';
}

/** The unit of the document and how many of it one unit of the first set is. */
function spaceOf(
  first: WritableSet | undefined,
  version: BdmlVersion,
  { loss, change }: Reporter,
): { unit: string; factor: number } {
  const unit = first?.spaceUnit;
  if (!first || unit === undefined) {
    if (first) change(first, 'positions have no unit; "dimensionless" is written');
    return { unit: 'dimensionless', factor: 1 };
  }
  if (unitKinds[version].has(unit)) return { unit, factor: 1 };
  if (unit === 'pixel') {
    loss(first, `BDML ${version} has no pixels; "dimensionless" is written`);
    return { unit: 'dimensionless', factor: 1 };
  }
  change(first, `BDML has no ${unit}; lengths are written in micrometer`);
  return { unit: 'micrometer', factor: micrometersPer[unit] };
}

function unitFactor(set: WritableSet, first: WritableSet, { loss }: Reporter): number {
  if (set.spaceUnit === first.spaceUnit) return 1;
  const [from, to] = [set.spaceUnit, first.spaceUnit].map((unit) =>
    unit === undefined || unit === 'pixel' ? undefined : micrometersPer[unit],
  );
  if (from && to) return from / to;
  loss(
    set,
    `a BDML document has one unit: "${set.name}" is in ${set.spaceUnit ?? 'no unit'}, "${first.name}" in ${first.spaceUnit ?? 'no unit'}`,
  );
  return 1;
}
