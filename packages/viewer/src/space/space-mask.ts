import type { FeatureFilter } from '../object-colours.ts';
import type { SpaceFrame } from './space-frame.ts';
import type { ClipBox } from './space-state.ts';

/**
 * Which objects of a frame are drawn: those whose values lie in the ranges of all filters, ends included, and that lie in the box.
 * Without a value an object does not pass; filters of features that were not read, or are texts, let all pass.
 * @returns 1 or 0 an object; `undefined` where all are drawn
 */
export function drawnObjects(
  frame: SpaceFrame,
  filters: readonly FeatureFilter[] | undefined,
  clip: ClipBox | undefined,
): Uint8Array | undefined {
  const active = (filters ?? []).flatMap(({ feature, low, high }) => {
    const values = frame.features.get(feature)?.values;
    return values instanceof Float64Array ? [{ values, low, high }] : [];
  });
  if (active.length === 0 && !clip) return undefined;
  const mask = new Uint8Array(frame.count).fill(1);
  for (const { values, low, high } of active)
    for (let at = 0; at < frame.count; at++) if (!(values[at]! >= low && values[at]! <= high)) mask[at] = 0;
  if (clip)
    for (let at = 0; at < frame.count; at++)
      for (let axis = 0; axis < 3; axis++) {
        const place = frame.xyz[at * 3 + axis]!;
        if (place < clip[axis * 2]! || place > clip[axis * 2 + 1]!) mask[at] = 0;
      }
  return mask;
}

/** How values of a feature become radii: what lies above `from`, times `factor`, in the unit of the set. */
export interface SizeRule {
  from: number;
  factor: number;
}

/**
 * What makes radii of a feature. Radii are what they say; any other feature (an intensity, an area, a coordinate) has no length of its own: its
 * largest value gets the radius that the largest objects have, where the smallest is below 0 counted from there.
 * @param range smallest and largest value in all that is seen together
 * @param largest radius of the largest objects, in the unit of the set
 */
export function sizeRule(isRadius: boolean, range: readonly [number, number] | undefined, largest: number): SizeRule {
  if (isRadius || !range) return { from: 0, factor: 1 };
  const from = Math.min(0, range[0]);
  const factor = largest / (range[1] - from);
  return { from, factor: Number.isFinite(factor) ? factor : 0 };
}

/** Radius of each object; 0 where it has no value. @param feature left out = none has a size @param rule left out = values are radii */
export function radiiOf(
  frame: SpaceFrame,
  feature: string | undefined,
  scale: number,
  { from, factor }: SizeRule = { from: 0, factor: 1 },
): Float32Array {
  const radius = new Float32Array(frame.count);
  const values = feature === undefined ? undefined : frame.features.get(feature)?.values;
  if (!(values instanceof Float64Array)) return radius;
  for (let at = 0; at < frame.count; at++) {
    const size = (values[at]! - from) * factor * scale;
    radius[at] = size > 0 && Number.isFinite(size) ? size : 0;
  }
  return radius;
}

/** The feature that says how large objects are; `undefined` where the set has none. */
export function radiusFeature(features: readonly { name: string; type: string }[]): string | undefined {
  return features.find(({ name, type }) => /^radius$/i.test(name) && type !== 'string')?.name;
}

/** The feature that names objects as people do (`ABpl`); `undefined` where the set has none. */
export function nameFeature(features: readonly { name: string; type: string }[]): string | undefined {
  const texts = features.filter(({ type }) => type === 'string');
  const wanted = [/^(cell|nucleus)?[ _]?name$/i, /^label$/i, /name$/i, /^id_string$/i, /label$/i];
  for (const pattern of wanted) {
    const found = texts.find(({ name }) => pattern.test(name));
    if (found) return found.name;
  }
  return undefined;
}
