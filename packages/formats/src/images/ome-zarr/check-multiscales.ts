import { parseSpaceUnit, parseTimeUnit } from '@micrarium/model';
import type { Findings } from './check-findings.ts';
import { areUnique } from './check-findings.ts';
import { isObject, type JsonObject, numbersOf } from './group-metadata.ts';

const listOf = (value: unknown): unknown[] => (Array.isArray(value) ? value : []);

/** Axes: number, names, types, order, units. */
function checkAxes(axes: unknown, field: string, found: Findings): void {
  const list = listOf(axes);
  found.must(Array.isArray(axes) && list.length >= 2 && list.length <= 5, field, 'two to five axes must be listed');
  const named = list.every((axis) => isObject(axis) && typeof axis['name'] === 'string');
  found.must(named, field, 'every axis must have a name');
  const objects = list.filter(isObject);
  found.must(areUnique(objects.map((axis) => axis['name'])), field, 'axis names must be unique');
  const types = objects.map((axis) => axis['type']);
  const worded = types.every((type) => type === undefined || typeof type === 'string');
  found.must(worded, field, 'the type of an axis must be a text');
  const count = (type: string): number => types.filter((one) => one === type).length;
  found.must(count('space') === 2 || count('space') === 3, field, 'two or three axes must be of type space');
  found.must(count('time') <= 1 && count('channel') <= 1, field, 'at most one time and one channel axis are allowed');
  const others = types.filter((type) => type !== 'space' && type !== 'time').length;
  found.must(others <= 1, field, 'at most one axis may be of type channel, of a custom type or without type');
  const rank = (type: unknown): number => (type === 'time' ? 0 : type === 'space' ? 2 : 1);
  const inOrder = types.every((type, n) => n === 0 || rank(types[n - 1]) <= rank(type));
  found.must(inOrder, field, 'axes must be ordered: time, then channel or custom, then space');
  const spaces = objects.filter((axis) => axis['type'] === 'space').map((axis) => axis['name']);
  const zyx = ['z', 'y', 'x'].filter((name) => spaces.includes(name));
  const ofZyx = spaces.filter((name) => typeof name === 'string' && 'zyx'.includes(name));
  found.should(ofZyx.join() === zyx.join(), field, 'space axes should be in the order z, y, x');
  for (const axis of objects) checkUnit(axis, field, found);
}

function checkUnit(axis: JsonObject, field: string, found: Findings): void {
  const { type, unit, name } = axis as { type?: unknown; unit?: unknown; name?: unknown };
  if (unit === undefined) return;
  found.must(typeof unit === 'string', field, `the unit of axis ${String(name)} must be a text`);
  if (typeof unit !== 'string' || (type !== 'space' && type !== 'time')) return;
  // A spelling we understand but that is not the long name, such as "um".
  const long = type === 'space' ? parseSpaceUnit(unit) : parseTimeUnit(unit);
  found.should(long === undefined || long === unit, field, `the unit "${unit}" should be written "${long}"`);
}

/** Each transformation is as long as the array has dimensions. Asked where the array is known. */
export function checkLengths(value: unknown, dimensions: number, field: string, found: Findings): void {
  for (const one of listOf(value)) {
    if (!isObject(one) || (one['type'] !== 'scale' && one['type'] !== 'translation')) continue;
    const fits = numbersOf(one[one['type']])?.length === dimensions;
    found.must(fits, `${field}.coordinateTransformations`, `${one['type']} must be ${dimensions} numbers`);
  }
}

/** One scale, then at most one translation. */
function checkTransformations(value: unknown, field: string, found: Findings): void {
  const list = listOf(value);
  found.must(Array.isArray(value) && list.length > 0, field, 'a scale must be given');
  const types = list.map((one) => (isObject(one) ? one['type'] : undefined));
  const allowed = types.every((type) => type === 'scale' || type === 'translation');
  found.must(allowed, field, 'only scale and translation are allowed');
  found.must(types.filter((type) => type === 'scale').length === 1, field, 'exactly one scale must be given');
  found.must(types.filter((type) => type === 'translation').length <= 1, field, 'at most one translation is allowed');
  const ordered = !types.includes('translation') || types.indexOf('scale') < types.indexOf('translation');
  found.must(ordered, field, 'scale must come before translation');
  for (const one of list) {
    if (!isObject(one) || (one['type'] !== 'scale' && one['type'] !== 'translation')) continue;
    const numbers = numbersOf(one[one['type']]);
    found.must(numbers !== undefined, field, `${one['type']} must be numbers`);
    // That there is one for each axis is asked where the array is known: cases of the specification differ.
    const enough = numbers === undefined || numbers.length >= 2;
    found.must(enough, field, `${one['type']} must be two numbers at least, one for each axis`);
  }
}

/** Rules for `multiscales` that hold without looking at the arrays. */
export function checkMultiscales(value: unknown, version: '0.4' | '0.5', found: Findings): void {
  const list = listOf(value);
  found.must(Array.isArray(value) && list.length > 0, 'multiscales', 'at least one entry must be given');
  found.must(areUnique(list), 'multiscales', 'no entry may be given twice');
  for (const [n, entry] of list.entries()) {
    const field = `multiscales[${n}]`;
    found.must(isObject(entry), field, 'must be an object');
    if (!isObject(entry)) continue;
    if (version === '0.4' && entry['version'] !== undefined)
      found.must(entry['version'] === '0.4', `${field}.version`, 'must be "0.4"');
    found.should(version === '0.5' || entry['version'] !== undefined, `${field}.version`, 'should be given');
    const { name } = entry as { name?: unknown };
    found.must(name === undefined || typeof name === 'string', `${field}.name`, 'must be a text');
    for (const key of ['name', 'type', 'metadata'])
      found.should(entry[key] !== undefined, `${field}.${key}`, 'should be given');
    checkAxes(entry['axes'], `${field}.axes`, found);
    const datasets = listOf(entry['datasets']);
    found.must(datasets.length > 0, `${field}.datasets`, 'at least one level must be listed');
    for (const [level, dataset] of datasets.entries()) {
      const at = `${field}.datasets[${level}]`;
      const object = isObject(dataset) ? dataset : {};
      found.must(typeof object['path'] === 'string', `${at}.path`, 'must be a text');
      checkTransformations(object['coordinateTransformations'], `${at}.coordinateTransformations`, found);
    }
    if (entry['coordinateTransformations'] !== undefined)
      checkTransformations(entry['coordinateTransformations'], `${field}.coordinateTransformations`, found);
  }
}

/** Rules for the `omero` block: colours and windows must be complete, as the text (not the schema) asks. */
export function checkOmero(value: unknown, found: Findings): void {
  const channels = isObject(value) ? value['channels'] : undefined;
  found.must(Array.isArray(channels), 'omero.channels', 'must be a list');
  for (const [n, channel] of listOf(channels).entries()) {
    const field = `omero.channels[${n}]`;
    const { color, window, label, active } = (isObject(channel) ? channel : {}) as JsonObject;
    const hex = typeof color === 'string' && /^[0-9a-f]{6}$/i.test(color);
    found.must(hex, `${field}.color`, 'must be six hexadecimal digits');
    const limits = isObject(window) ? ['min', 'max', 'start', 'end'].map((key) => window[key]) : [undefined];
    const complete = limits.every((limit) => typeof limit === 'number');
    found.must(complete, `${field}.window`, 'must have min, max, start and end as numbers');
    found.must(label === undefined || typeof label === 'string', `${field}.label`, 'must be a text');
    found.must(active === undefined || typeof active === 'boolean', `${field}.active`, 'must be true or false');
  }
}
