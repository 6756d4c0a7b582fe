import { parseSpaceUnit, parseTimeUnit, type Quantity } from '@micrarium/model';

/** Is the field one of the scales of the database tier? Also by the key of a value for one data set. */
export function isScale(field: string): boolean {
  return /^(spaceScale|timeScale)(@|$)/.test(field);
}

/** What stands beside the numbers of a scale and is no unit of it. */
const besides =
  /\b(xyz|xy|[xyzt])\b|[×*]|\/\s*(pixels?|voxels?|slices?|frames?)\b|\b(for|per|each|every|time|interval|step)\b/gi;

/** Does a scale have numbers, and none of them a unit? Of `0.1 x 0.1 x 0.5 µm` the one unit is that of all. */
export function isUnitless(scale: string): boolean {
  const rest = scale.replace(/\d[eE][+-]?\d/g, '0').replace(besides, ' ');
  return /\d/.test(rest) && !/[\p{L}°%]/u.test(rest);
}

const number = String.raw`\d+(?:\.\d+)?(?:[eE][+-]?\d+)?`;

/**
 * A scale without units as the template writes it, with the units nearly all of its studies have: seconds, micrometers.
 * `undefined` where the numbers are more than the axes, or a comma may be a decimal sign.
 */
export function scaleWithUnit(field: string, scale: string): string | undefined {
  if (/\d,\d/.test(scale)) return undefined;
  const numbers = scale.match(new RegExp(number, 'g')) ?? [];
  const [x, y, z] = numbers;
  if (x === undefined || numbers.some((one) => !(Number(one) > 0))) return undefined;
  if (field.startsWith('timeScale')) return numbers.length === 1 ? `${x} second for each time interval` : undefined;
  const planar = `XY: ${x} micrometer/pixel`;
  if (numbers.length === 1) return /\bz\b/i.test(scale) ? undefined : planar;
  if (numbers.length === 2)
    return /\by\b/i.test(scale)
      ? `X: ${x} micrometer/pixel, Y: ${y} micrometer/pixel`
      : `${planar}, Z: ${y} micrometer/slice`;
  if (numbers.length > 3) return undefined;
  return x === y
    ? `${planar}, Z: ${z} micrometer/slice`
    : `X: ${x} micrometer/pixel, Y: ${y} micrometer/pixel, Z: ${z} micrometer/slice`;
}

/** Sizes of a pixel, and the distance of slices. */
export interface ReadScale {
  x?: Quantity;
  y?: Quantity;
  z?: Quantity;
}

const measure = new RegExp(String.raw`(${number})\s*([\p{L}µμÅ]+)?`, 'gu');
const labelled = new RegExp(
  String.raw`(?<![\p{L}\d])(xyz|xy|[xyz])(?:[- ]?scale)?\s*[:=]\s*(${number})\s*([\p{L}µμÅ]+)?`,
  'giu',
);

/** A number with the unit beside it, else that of the whole scale. */
function lengthOf(value: string, unit: string | undefined, ofAll: string | undefined): Quantity | undefined {
  const read = parseSpaceUnit(unit ?? '') ?? parseSpaceUnit(ofAll ?? '');
  return read === undefined || read === 'pixel' || !(Number(value) > 0)
    ? undefined
    : { value: Number(value), unit: read };
}

/**
 * A scale as people and the template write it: “XY: 0.105 micrometer/pixel, Z: 0.5 micrometer/slice”, “0.1 x 0.1 x 0.5 µm”.
 * Nothing is read of one without a unit, or of which it is not clear what its numbers are.
 */
export function readScale(text: string): ReadScale {
  if (/\d,\d/.test(text)) return {};
  const all = [...text.matchAll(measure)];
  const unitOfAll = all.map(([, , unit]) => unit).findLast((unit) => parseSpaceUnit(unit ?? '') !== undefined);
  const scale: ReadScale = {};
  const axes = [...text.matchAll(labelled)];
  if (axes.length > 0) {
    for (const [, axis, value, unit] of axes) {
      const length = lengthOf(value!, unit, unitOfAll);
      if (length) for (const one of axis!.toLowerCase() as Iterable<'x' | 'y' | 'z'>) scale[one] ??= length;
    }
    return scale;
  }
  const lengths = all.map(([, value, unit]) => lengthOf(value!, /^x$/i.test(unit ?? '') ? undefined : unit, unitOfAll));
  const [x, y, z] = lengths;
  if (lengths.length > 3 || lengths.includes(undefined) || !x) return {};
  if (!y) return { x, y: x };
  return z ? { x, y, z } : /\d[^\d]*[x×*][^\d]*\d/i.test(text) ? { x, y } : {};
}

/** A time between frames: “40 second for each time interval”, “5 min”, “every 10 minutes”. */
export function readInterval(text: string): Quantity | undefined {
  const all = [...text.matchAll(measure)];
  const [, value, unit] = all[0] ?? [];
  const read = all.length === 1 ? parseTimeUnit(unit ?? '') : undefined;
  return read === undefined || read === 'frame' || !(Number(value) > 0)
    ? undefined
    : { value: Number(value), unit: read };
}
