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
