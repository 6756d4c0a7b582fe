import { type Issue, type SpaceUnit, type TimeUnit, parseSpaceUnit, parseTimeUnit } from '@micrarium/model';
import { geffIssue } from './issues.ts';
import type { GeffAxis, GeffMetadata } from './metadata.ts';

/** Which property, and which of its components, is a coordinate, and how its numbers become ours. */
export interface Coordinate {
  property: string;
  /** Place in a property with several numbers a node; left out for plain ones. */
  component?: number;
  scale: number;
  offset: number;
}

/** Coordinates of a graph, with their units. */
export interface GeffAxes {
  x?: Coordinate;
  y?: Coordinate;
  z?: Coordinate;
  t?: Coordinate;
  spaceUnit?: SpaceUnit;
  timeUnit?: TimeUnit;
  sourceSpaceUnit?: string;
  sourceTimeUnit?: string;
  /** Size of a pixel where the axes are in pixels and say their scale. */
  pixelSize?: { x?: number; y?: number; z?: number };
  frameInterval?: number;
}

const timeNames = ['t', 'time', 'frame', 'timepoint', 'frame_id'];
const spaceAxes = ['x', 'y', 'z'] as const;

/** Decides which properties are positions and time: by the axes, else by the old position property, else by their names. */
export function geffAxes(
  meta: GeffMetadata,
  names: readonly string[],
  file: string,
): { axes: GeffAxes; issues: Issue[] } {
  const issues: Issue[] = [];
  const where = { file };
  const known = meta.axes.filter(({ name }) => names.includes(name));
  const space = known.filter(({ type }) => type === 'space');
  if (space.length >= 2)
    return {
      axes: ofAxes(
        space,
        known.find(({ type }) => type === 'time'),
        issues,
        file,
      ),
      issues,
    };
  const { position } = meta;
  if (position && names.includes(position.property)) return { axes: ofPosition(position, names), issues };
  const axes = byName(names);
  if (axes.x && axes.y) {
    const message = `no axes in the metadata; taken: ${spaceAxes.flatMap((axis) => axes[axis]?.property ?? []).join(', ')}`;
    issues.push(geffIssue('geff-axes-missing', message, { where }));
  }
  issues.push(geffIssue('no-units', 'no axis says its unit', { where }));
  return { axes, issues };
}

function ofAxes(space: readonly GeffAxis[], time: GeffAxis | undefined, issues: Issue[], file: string): GeffAxes {
  const axes: GeffAxes = {};
  const scaled = space.every(({ scale, scaledUnit }) => scale !== undefined && scaledUnit !== undefined);
  const units = new Set(space.map((axis) => (scaled ? axis.scaledUnit : axis.unit)));
  const unit = units.size === 1 ? [...units][0] : undefined;
  for (const [at, axis] of space.entries()) {
    const named = spaceAxes.find((one) => one === axis.name.toLowerCase());
    const role = named ?? spaceAxes[space.length - 1 - at];
    if (!role || axes[role]) continue;
    axes[role] = coordinate(axis, scaled);
    if (scaled && (axis.unit === undefined || parseSpaceUnit(axis.unit) === 'pixel'))
      axes.pixelSize = { ...axes.pixelSize, [role]: axis.scale! };
  }
  const where = { file };
  const spaceUnit = unit === undefined ? undefined : parseSpaceUnit(unit);
  if (spaceUnit) axes.spaceUnit = spaceUnit;
  if (unit !== undefined) axes.sourceSpaceUnit = unit;
  if (units.size > 1)
    issues.push(
      geffIssue('axis-units-differ', `units: ${[...units].map((one) => one ?? 'none').join(', ')}`, { where }),
    );
  else if (!spaceUnit) issues.push(geffIssue('no-units', 'the space axes have no unit we know', { where }));
  if (spaceUnit === 'pixel') issues.push(geffIssue('pixel-units-only', 'positions are in pixels', { where }));
  if (time) addTime(axes, time);
  else issues.push(geffIssue('geff-no-time', 'no axis of type time', { where }));
  return axes;
}

function addTime(axes: GeffAxes, time: GeffAxis): void {
  const scaledUnit = time.scale !== undefined && time.scaledUnit ? parseTimeUnit(time.scaledUnit) : undefined;
  const unit = time.unit ? parseTimeUnit(time.unit) : undefined;
  axes.t = { property: time.name, scale: 1, offset: 0 };
  if (scaledUnit && (unit === undefined || unit === 'frame')) {
    axes.timeUnit = scaledUnit;
    axes.frameInterval = time.scale!;
    axes.t = { property: time.name, scale: time.scale!, offset: time.offset ?? 0 };
  } else if (unit) axes.timeUnit = unit;
  const said = scaledUnit ? time.scaledUnit : time.unit;
  if (said) axes.sourceTimeUnit = said;
}

function coordinate({ name, scale, offset }: GeffAxis, scaled: boolean): Coordinate {
  return { property: name, scale: scaled ? scale! : 1, offset: scaled ? (offset ?? 0) : 0 };
}

function ofPosition(position: { property: string; axes: string[] }, names: readonly string[]): GeffAxes {
  const axes: GeffAxes = {};
  const order = position.axes.length > 0 ? position.axes : ['t', 'z', 'y', 'x'];
  for (const [component, name] of order.entries()) {
    const role = timeNames.includes(name.toLowerCase()) ? 't' : spaceAxes.find((axis) => axis === name.toLowerCase());
    if (role) axes[role] = { property: position.property, component, scale: 1, offset: 0 };
  }
  const time = timeNames.find((name) => names.includes(name));
  if (!axes.t && time) axes.t = { property: time, scale: 1, offset: 0 };
  return axes;
}

function byName(names: readonly string[]): GeffAxes {
  const axes: GeffAxes = {};
  const find = (...wanted: string[]) => names.find((name) => wanted.includes(name.toLowerCase()));
  for (const axis of spaceAxes) {
    const property = find(axis, `pos_${axis}`, `position_${axis}`);
    if (property) axes[axis] = { property, scale: 1, offset: 0 };
  }
  const time = find(...timeNames);
  if (time) axes.t = { property: time, scale: 1, offset: 0 };
  return axes;
}
