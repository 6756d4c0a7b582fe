import { isObject, type JsonObject, numbersOf, objectsOf } from './group-metadata.ts';

/** A transformation as one factor and one shift for each axis; a text says why it cannot be told so. */
function simple(transformation: JsonObject, dimensions: number): { scale: number[]; shift: number[] } | string {
  const ones = (): number[] => Array.from({ length: dimensions }, () => 1);
  const zeros = (): number[] => Array.from({ length: dimensions }, () => 0);
  const type = transformation['type'];
  if (type === 'identity') return { scale: ones(), shift: zeros() };
  if (type === 'scale' || type === 'translation') {
    const numbers = numbersOf(transformation[type]);
    if (numbers?.length !== dimensions) return `a ${type} that is not ${dimensions} numbers`;
    return type === 'scale' ? { scale: numbers, shift: zeros() } : { scale: ones(), shift: numbers };
  }
  if (type !== 'sequence') return `a transformation of type ${JSON.stringify(type) ?? 'none'}`;
  const all = { scale: ones(), shift: zeros() };
  for (const part of objectsOf(transformation['transformations'])) {
    // A sequence in a sequence is not allowed, which also ends any loop.
    const next = part['type'] === 'sequence' ? 'a sequence within a sequence' : simple(part, dimensions);
    if (typeof next === 'string') return next;
    for (let n = 0; n < dimensions; n++) {
      all.scale[n]! *= next.scale[n]!;
      all.shift[n] = all.shift[n]! * next.scale[n]! + next.shift[n]!;
    }
  }
  return all;
}

/**
 * A multiscales entry of 0.6 (RFC-5: coordinate systems, transformations with names) as those of 0.5 are: axes of the
 * system that the levels are placed in, and scale and translation of each level. How that system relates to others is
 * left out. A text says why that cannot be done: only scale, translation, identity and sequences of them are understood.
 */
export function withoutCoordinateSystems(multiscales: JsonObject): JsonObject | string {
  const systems = objectsOf(multiscales['coordinateSystems']);
  if (systems.length === 0) return multiscales;
  const datasets = objectsOf(multiscales['datasets']);
  const target = (dataset: JsonObject | undefined): string => {
    const output = objectsOf(dataset?.['coordinateTransformations'])[0]?.['output'];
    return nameOf(output);
  };
  const name = target(datasets[0]);
  const system = systems.find((one) => one['name'] === name) ?? systems[0]!;
  const axes = objectsOf(system['axes']);
  const placed: JsonObject[] = [];
  for (const dataset of datasets) {
    const transformations = objectsOf(dataset['coordinateTransformations']);
    if (transformations.length !== 1) return `${transformations.length} transformations of one level`;
    if (target(dataset) !== name) return 'levels that are placed in different coordinate systems';
    const told = simple(transformations[0]!, axes.length);
    if (typeof told === 'string') return told;
    const { scale, shift } = told;
    const both = [
      { type: 'scale', scale },
      ...(shift.some((one) => one !== 0) ? [{ type: 'translation', translation: shift }] : []),
    ];
    placed.push({ ...dataset, coordinateTransformations: both });
  }
  const { coordinateSystems: _, coordinateTransformations: __, ...rest } = multiscales;
  return { ...rest, axes, datasets: placed };
}

/** Names of systems are texts, or objects with one where they lie in another group. */
function nameOf(value: unknown): string {
  if (typeof value === 'string') return value;
  return isObject(value) && typeof value['name'] === 'string' ? value['name'] : '';
}
