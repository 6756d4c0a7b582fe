import { baseName, folderOf } from '../../bytes/file-tree.ts';

/** Axes that names of files number. */
export type SeriesAxis = 't' | 'c' | 'z';

/** Files of one folder whose names count the planes of one image. */
export interface SeriesPattern {
  folder: string;
  /** Name with the numbers replaced by their axis: `img_t{t}_z{z}.tif`. */
  template: string;
  /** Name of the image: what stands before the first number, else the folder. */
  name: string;
  sizes: { t: number; c: number; z: number };
  /** Sorted by t, then c, then z. Indices are zero-based. */
  members: { path: string; t: number; c: number; z: number }[];
  /** Paths that should be there and are not. */
  missing: string[];
}

const axisTokens: Readonly<Record<string, SeriesAxis | 'position'>> = {
  t: 't',
  tp: 't',
  time: 't',
  timepoint: 't',
  frame: 't',
  z: 'z',
  slice: 'z',
  c: 'c',
  ch: 'c',
  channel: 'c',
  w: 'c',
  p: 'position',
  pos: 'position',
  position: 'position',
  s: 'position',
  series: 'position',
  xy: 'position',
  f: 'position',
  field: 'position',
  m: 'position',
  tile: 'position',
  well: 'position',
};

interface Name {
  path: string;
  /** Texts around the numbers: one more than there are numbers. */
  texts: string[];
  numbers: string[];
}

/**
 * Finds series among paths, by names alone and conservatively: at least three files that differ only in numbers.
 * Numbers behind t, z, c (ch, w) are those axes; behind p, s, xy, f they are positions, each an image of its own, and so
 * are wells (`_B02_s1_w1`). The last
 * number without a word is time (z where time is taken), if it counts without gaps of its own step and is padded with
 * zeros or has at least five values. Other numbers separate series. More than a third missing is no series.
 */
export function guessSeries(paths: readonly string[]): SeriesPattern[] {
  const groups = new Map<string, Name[]>();
  for (const path of paths) {
    const name = baseName(path);
    if (!/\.(tiff?|png)$/i.test(name) || /\.ome\.tiff?$/i.test(name) || !/\d/.test(name)) continue;
    const texts = name.split(/\d+/);
    const key = `${folderOf(path)}/${texts.join('\0')}`;
    const group = groups.get(key) ?? [];
    group.push({ path, texts, numbers: name.match(/\d+/g) ?? [] });
    groups.set(key, group);
  }
  return [...groups.values()].flatMap((group) => (group.length < 3 ? [] : seriesOfGroup(group)));
}

/** The axis that the word before a number names; `undefined` where it names none. */
export function axisBefore(text: string): SeriesAxis | 'position' | undefined {
  const word = /(?:^|[^a-z])([a-z]+)$/i.exec(text)?.[1] ?? '';
  // `imgT001`: a capital that begins a word of its own.
  const capital = /[a-z]([TCZ])$/.exec(text)?.[1];
  return axisTokens[word.toLowerCase()] ?? (capital ? axisTokens[capital.toLowerCase()] : undefined);
}

/** Is a number the column of a well (`_B02_s1_w1`), and not a count behind a letter? */
function isWell({ texts, numbers }: Name, at: number): boolean {
  const row = /(?:^|[^a-z0-9])([A-P])$/.exec(texts[at]!)?.[1];
  const column = Number(numbers[at]);
  if (row === undefined || numbers[at]!.length !== 2 || column < 1 || column > 48) return false;
  // C, F, M and P are words for channels and positions too: they are rows where a site or a wavelength follows.
  return axisTokens[row.toLowerCase()] === undefined || /^[_-](?:s|w|f|site|wavelength)$/i.test(texts[at + 1]!);
}

/** `r01c02f03p04-ch1sk1fk1fl1.tiff` of Operetta and Opera Phenix (Harmony): row, column, field, slice, channel, time. */
const harmonyName = /^r0c0f0p0-ch0sk0/i;
const harmonyAxes: readonly (SeriesAxis | 'position')[] = ['position', 'position', 'position', 'z', 'c', 't'];

function seriesOfGroup(group: readonly Name[]): SeriesPattern[] {
  const { texts } = group[0]!;
  const varying = texts.slice(1).map((_, at) => new Set(group.map(({ numbers }) => numbers[at])).size > 1);
  const isHarmony = harmonyName.test(texts.join('0'));
  const axes = new Map<SeriesAxis, number>();
  let unnamed: number | undefined;
  for (const [at, varies] of varying.entries()) {
    if (!varies) continue;
    const axis = isHarmony
      ? (harmonyAxes[at] ?? 'position')
      : isWell(group[0]!, at)
        ? 'position'
        : axisBefore(texts[at]!);
    if (axis === undefined) unnamed = at;
    else if (axis !== 'position' && !axes.has(axis)) axes.set(axis, at);
  }
  const free = unnamed === undefined ? undefined : (['t', 'z'] as const).find((axis) => !axes.has(axis));
  if (unnamed !== undefined && free) axes.set(free, unnamed);
  const isAxis = new Set(axes.values());
  const series = new Map<string, Name[]>();
  for (const name of group) {
    const key = name.numbers.map((number, at) => (isAxis.has(at) ? '' : number)).join('/');
    const members = series.get(key) ?? [];
    members.push(name);
    series.set(key, members);
  }
  return [...series.values()].flatMap((members) => {
    const pattern = members.length < 3 ? undefined : patternOf(members, axes, free ? unnamed : undefined);
    return pattern ? [pattern] : [];
  });
}

function patternOf(
  names: readonly Name[],
  axes: ReadonlyMap<SeriesAxis, number>,
  unnamed: number | undefined,
): SeriesPattern | undefined {
  const sizes = { t: 1, c: 1, z: 1 };
  const scale = new Map<SeriesAxis, { first: number; step: number; width: number }>();
  for (const [axis, at] of axes) {
    const written = [...new Set(names.map(({ numbers }) => numbers[at]!))];
    const values = [...new Set(written.map(Number))].sort((a, b) => a - b);
    // `1` and `01` side by side count nothing we could name.
    if (values.length !== written.length || values.some((value) => !Number.isSafeInteger(value))) return undefined;
    const step =
      values.slice(1).reduce((divisor, value, index) => greatestDivisor(divisor, value - values[index]!), 0) || 1;
    const lengths = new Set(written.map((number) => number.length));
    const padded = lengths.size === 1;
    if (!padded && written.some((number) => number.length > 1 && number.startsWith('0'))) return undefined;
    const zeros = padded && written.some((number) => number.length > 1 && number.startsWith('0'));
    if (at === unnamed && ((!zeros && values.length < 5) || step !== 1)) return undefined;
    sizes[axis] = (values.at(-1)! - values[0]!) / step + 1;
    scale.set(axis, { first: values[0]!, step, width: padded ? written[0]!.length : 0 });
  }
  const total = sizes.t * sizes.c * sizes.z;
  if (total > names.length * 1.5) return undefined;
  const indexOf = (name: Name, axis: SeriesAxis): number => {
    const known = scale.get(axis);
    return known ? (Number(name.numbers[axes.get(axis)!]) - known.first) / known.step : 0;
  };
  const members = names
    .map((name) => ({ path: name.path, t: indexOf(name, 't'), c: indexOf(name, 'c'), z: indexOf(name, 'z') }))
    .sort((a, b) => a.t - b.t || a.c - b.c || a.z - b.z);
  const { texts, numbers, path } = names[0]!;
  const folder = folderOf(path);
  const nameWith = (number: (at: number) => string): string =>
    texts.reduce((name, text, at) => name + number(at - 1) + text);
  const axisAt = new Map([...axes].map(([axis, at]) => [at, axis]));
  const there = new Set(members.map(({ t, c, z }) => `${t}/${c}/${z}`));
  const missing: string[] = [];
  for (let t = 0; t < sizes.t; t++)
    for (let c = 0; c < sizes.c; c++)
      for (let z = 0; z < sizes.z; z++) {
        if (there.has(`${t}/${c}/${z}`)) continue;
        const file = nameWith((at) => {
          const axis = axisAt.get(at);
          const known = axis && scale.get(axis);
          if (!axis || !known) return numbers[at]!;
          return String(known.first + { t, c, z }[axis] * known.step).padStart(known.width, '0');
        });
        missing.push(folder === '' ? file : `${folder}/${file}`);
      }
  const firstAxis = Math.min(...axes.values());
  const start = nameWith((at) => (at >= firstAxis ? '\0' : numbers[at]!)).split('\0')[0]!;
  return {
    folder,
    template: nameWith((at) => (axisAt.has(at) ? `{${axisAt.get(at)}}` : numbers[at]!)),
    name: withoutToken(start) || baseName(folder) || start,
    sizes,
    members,
    missing,
  };
}

/** The text before the first number without its separators and the word that names the axis. */
function withoutToken(text: string): string {
  const word = /(^|[^a-z])([a-z]+)$/i.exec(text);
  const bare = word && axisTokens[word[2]!.toLowerCase()] ? text.slice(0, text.length - word[2]!.length) : text;
  return bare.replace(/[\s_.-]+$/, '');
}

function greatestDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestDivisor(b, a % b);
}
