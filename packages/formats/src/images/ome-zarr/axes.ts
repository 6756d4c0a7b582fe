import { parseSpaceUnit, parseTimeUnit, type Quantity, toMicrometers, toSeconds } from '@micrarium/model';
import { isObject, type JsonObject, numbersOf, objectsOf } from './group-metadata.ts';

/** An axis of an image: `role` is our name for it; further axes keep their own. */
export interface ImageAxis {
  name: string;
  role: string;
  unit?: string;
}

const fiveAxes: readonly ImageAxis[] = ['t', 'c', 'z', 'y', 'x'].map((name) => ({ name, role: name }));

/**
 * Axes of a multiscales entry, in array order. 0.1 and 0.2 have none (t, c, z, y, x are meant), 0.3 has names, later
 * versions objects. A lone time or channel axis is found by its type whatever its name.
 */
export function readAxes(multiscales: JsonObject, dimensions: number): readonly ImageAxis[] | undefined {
  const given = multiscales['axes'];
  if (given === undefined) return dimensions <= 5 ? fiveAxes.slice(5 - dimensions) : undefined;
  if (!Array.isArray(given) || given.length !== dimensions) return undefined;
  const axes = given.map((axis: unknown): ImageAxis & { type?: unknown } => {
    if (!isObject(axis)) return { name: String(axis), role: String(axis).toLowerCase() };
    const name = String(axis['name'] ?? '');
    const unit = axis['unit'];
    return { name, role: name.toLowerCase(), type: axis['type'], ...(typeof unit === 'string' ? { unit } : {}) };
  });
  for (const [type, role] of [
    ['time', 't'],
    ['channel', 'c'],
  ] as const) {
    const typed = axes.filter((axis) => axis.type === type);
    if (typed.length === 1 && !axes.some((axis) => axis.role === role)) typed[0]!.role = role;
  }
  const roles = new Set(axes.map((axis) => axis.role));
  return roles.size === axes.length && roles.has('y') && roles.has('x') ? axes : undefined;
}

/** All scales of one level multiplied: those of the data set, then those beside `datasets`. */
export function scaleOf(
  dataset: JsonObject,
  multiscales: JsonObject,
  dimensions: number,
): { scale: number[]; problem?: string } {
  const scale = Array.from({ length: dimensions }, () => 1);
  let problem: string | undefined;
  for (const owner of [dataset, multiscales])
    for (const transformation of objectsOf(owner['coordinateTransformations'])) {
      const type = transformation['type'];
      if (type === 'translation' || type === 'identity') continue;
      const factors = type === 'scale' ? numbersOf(transformation['scale']) : undefined;
      if (factors?.length === dimensions) for (const [n, factor] of factors.entries()) scale[n]! *= factor;
      else problem = type === 'scale' ? `a scale that is not ${dimensions} numbers` : `type ${JSON.stringify(type)}`;
    }
  return problem === undefined ? { scale } : { scale, problem };
}

/** Pixel sizes in micrometers and time step in seconds, where the axes have units. */
export function physicalSizes(
  axes: readonly ImageAxis[],
  scale: readonly number[],
): { voxelSize?: { z?: Quantity; y?: Quantity; x?: Quantity }; timeStep?: Quantity } {
  const voxelSize: { z?: Quantity; y?: Quantity; x?: Quantity } = {};
  let timeStep: Quantity | undefined;
  for (const [n, { role, unit }] of axes.entries()) {
    const value = scale[n]!;
    if (unit === undefined || !(value > 0) || !Number.isFinite(value)) continue;
    if (role === 't') {
      const known = parseTimeUnit(unit);
      const seconds = known && toSeconds({ value, unit: known });
      if (seconds !== undefined) timeStep = { value: rounded(seconds), unit: 'second' };
    } else if (role === 'z' || role === 'y' || role === 'x') {
      const known = parseSpaceUnit(unit);
      const micrometers = known && toMicrometers({ value, unit: known });
      if (micrometers !== undefined) voxelSize[role] = { value: rounded(micrometers), unit: 'micrometer' };
    }
  }
  return { ...(Object.keys(voxelSize).length > 0 ? { voxelSize } : {}), ...(timeStep ? { timeStep } : {}) };
}

/** Products of decimal numbers pick up binary dust in the 16th digit. */
function rounded(value: number): number {
  return Number(value.toPrecision(14));
}
