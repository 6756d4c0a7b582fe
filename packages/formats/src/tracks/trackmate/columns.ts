import { type ColumnDescription, parseSpaceUnit, parseTimeUnit, type SpaceUnit, type TimeUnit } from '@micrarium/model';
import type { SeenAttributes } from './survey.ts';

/** Units of the model as the file spells them and as we do. */
export interface TrackmateUnits {
  space: SpaceUnit | undefined;
  time: TimeUnit | undefined;
  sourceSpace: string | undefined;
  sourceTime: string | undefined;
}

/** Reads the units of `<Model>`; empty text counts as not said. */
export function readUnits(spatial: string | undefined, temporal: string | undefined): TrackmateUnits {
  const sourceSpace = spatial?.trim() || undefined;
  const sourceTime = temporal?.trim() || undefined;
  return {
    space: sourceSpace === undefined ? undefined : parseSpaceUnit(sourceSpace),
    time: sourceTime === undefined ? undefined : parseTimeUnit(sourceTime),
    sourceSpace,
    sourceTime,
  };
}

/** One `<Feature>` of the declarations. */
export interface DeclaredFeature {
  key: string;
  name: string;
  dimension: string;
  isInt: boolean;
}

/** A column and the attribute that fills it. */
export interface AttributeColumn {
  attribute: string;
  column: ColumnDescription;
}

/**
 * Unit of a feature's dimension, as TrackMate's `Dimension` has them (`fiji.plugin.trackmate.Dimension`): quality,
 * cost, intensity and text have none.
 */
export function unitOfDimension(dimension: string, units: TrackmateUnits): string | undefined {
  const space = units.space ?? units.sourceSpace;
  const time = units.time ?? units.sourceTime;
  switch (dimension) {
    case 'POSITION':
    case 'LENGTH':
      return space;
    case 'AREA':
      return space && `${space}^2`;
    case 'TIME':
      return time;
    case 'VELOCITY':
      return space && time && `${space}/${time}`;
    case 'RATE':
      return time && `1/${time}`;
    case 'ANGLE':
      return 'radian';
    case 'ANGLE_RATE':
      return time && `radian/${time}`;
    default:
      return undefined;
  }
}

/**
 * Columns of a table: the declared features, then attributes seen without a declaration. Names are the keys in lower
 * case, unique, and none of the names our tables use themselves.
 * @param taken attributes that are not features (ids, position), and column names already used
 */
export function featureColumns(
  declared: readonly DeclaredFeature[],
  seen: SeenAttributes,
  units: TrackmateUnits,
  taken: { attributes: ReadonlySet<string>; names: readonly string[] },
): AttributeColumn[] {
  const names = new Set(taken.names);
  const used = new Set(taken.attributes);
  const columns: AttributeColumn[] = [];
  const add = (attribute: string, description: Omit<ColumnDescription, 'name' | 'sourceKey'>) => {
    if (used.has(attribute)) return;
    used.add(attribute);
    const special =
      attribute === 'VISIBILITY' ? ({ type: 'bool', description: 'Not hidden by a filter' } as const) : {};
    const name = uniqueName(attribute === 'VISIBILITY' ? 'visible' : attribute.toLowerCase(), names);
    columns.push({ attribute, column: { name, ...description, ...special, sourceKey: attribute } });
  };
  for (const feature of declared) {
    const unit = unitOfDimension(feature.dimension, units);
    const type = feature.dimension === 'STRING' ? 'string' : feature.isInt ? 'int' : 'float';
    add(feature.key, {
      type,
      ...(unit === undefined ? {} : { unit }),
      ...(feature.name === '' ? {} : { description: feature.name }),
    });
  }
  for (const [attribute, { kind }] of seen)
    add(attribute, {
      type: kind,
      ...(attribute === 'ROI_N_POINTS' ? { description: 'Number of points of the outline' } : {}),
    });
  return columns;
}

/** The name, with `_2`, `_3`... where it is taken; takes it. */
export function uniqueName(wanted: string, names: Set<string>): string {
  let name = wanted;
  for (let number = 2; names.has(name); number++) name = `${wanted}_${number}`;
  names.add(name);
  return name;
}
