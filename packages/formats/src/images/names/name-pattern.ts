import { baseName } from '../../bytes/file-tree.ts';
import { axisBefore } from '../series/guess-series.ts';

/** What a part of a file name says. `any` may be anything and says nothing. */
export const nameRoles = [
  'plate',
  'well',
  'row',
  'column',
  'field',
  't',
  'c',
  'z',
  'condition',
  'replicate',
  'any',
] as const;

/** What a part of a file name says. */
export type NameRole = (typeof nameRoles)[number];

/** A pattern of file names: fixed texts, and parts in braces such as `{well}_{field}_t{t}_c{c}.tif`. */
export interface NamePattern {
  /** As it is written. */
  text: string;
  parts: readonly (string | { role: NameRole })[];
}

/** What stands for a role in a name. */
const accepts: Readonly<Record<NameRole, string>> = {
  plate: '[^_\\s]+?',
  well: '[A-Pa-p]\\d{1,2}',
  row: '(?:\\d{1,2}|[A-Pa-p])',
  column: '\\d{1,2}',
  field: '\\d+',
  t: '\\d+',
  z: '\\d+',
  c: '[^_\\s]+?',
  condition: '[^_]+?',
  replicate: '[^_\\s]+?',
  any: '.+?',
};

/** What is wrong with a pattern, for pages that say it in their own language; `parts` are what it is about. */
export interface PatternFault {
  kind: 'unclosed' | 'folder' | 'unknown' | 'twice' | 'touching' | 'empty';
  parts: readonly string[];
}

/** Reads a pattern; a text says what is wrong with it. */
export function parsePattern(text: string): NamePattern | string {
  const read = readPattern(text);
  return 'kind' in read ? faultText(read) : read;
}

function faultText({ kind, parts: [first = '', second = ''] }: PatternFault): string {
  switch (kind) {
    case 'unclosed':
      return `a brace of “${first}” is not closed`;
    case 'folder':
      return 'a pattern is of the name alone, without folders';
    case 'unknown':
      return `{${first}} is not known; there are ${nameRoles.map((one) => `{${one}}`).join(', ')}`;
    case 'twice':
      return `{${first}} stands there twice`;
    case 'touching':
      return `nothing parts {${first}} from {${second}}`;
    case 'empty':
      return 'the pattern has no part in braces';
  }
}

/** Reads a pattern, or tells what is wrong with it. */
export function readPattern(text: string): NamePattern | PatternFault {
  const fault = (kind: PatternFault['kind'], ...about: string[]): PatternFault => ({ kind, parts: about });
  const parts: (string | { role: NameRole })[] = [];
  const seen = new Set<NameRole>();
  for (const part of text.split(/(\{[^{}]*\})/)) {
    if (part === '') continue;
    const name = /^\{([^{}]*)\}$/.exec(part)?.[1]?.trim();
    if (name === undefined) {
      if (/[{}]/.test(part)) return fault('unclosed', part);
      if (/[/\\]/.test(part)) return fault('folder');
      parts.push(part);
      continue;
    }
    const role = nameRoles.find((one) => one === name.toLowerCase());
    if (!role) return fault('unknown', name);
    if (role !== 'any' && seen.has(role)) return fault('twice', role);
    if (typeof parts.at(-1) === 'object' && !(isNumber(role) && !isNumber((parts.at(-1) as { role: NameRole }).role)))
      return fault('touching', (parts.at(-1) as { role: NameRole }).role, role);
    seen.add(role);
    parts.push({ role });
  }
  if (seen.size === 0) return fault('empty');
  return { text, parts };
}

function isNumber(role: NameRole): boolean {
  return role === 't' || role === 'z' || role === 'field' || role === 'column';
}

/** What a name says by a pattern. */
export type NameValues = Partial<Record<NameRole, string>>;

/** A function that reads names by a pattern; it answers `undefined` for names that do not fit. */
export function nameReader(pattern: NamePattern): (name: string) => NameValues | undefined {
  const roles: NameRole[] = [];
  const source = pattern.parts.map((part) => {
    if (typeof part === 'string') return part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
    roles.push(part.role);
    return `(${accepts[part.role]})`;
  });
  const expression = new RegExp(`^${source.join('')}$`, 'i');
  return (name) => {
    // Longer names than any file system has are not tried.
    const match = name.length > 255 ? null : expression.exec(name);
    if (!match) return undefined;
    return Object.fromEntries(roles.map((role, n) => [role, match[n + 1]!]).filter(([role]) => role !== 'any'));
  };
}

/** A name cut into pieces: letters and digits, wells, and what parts them. */
type Piece = { kind: 'text' | 'number' | 'well' | 'word'; text: string };

function pieces(name: string): Piece[] {
  const dot = name.lastIndexOf('.');
  const [stem, ending] = dot > 0 ? [name.slice(0, dot), name.slice(dot)] : [name, ''];
  const out: Piece[] = [];
  for (const segment of stem.split(/([_\-.\s]+)/)) {
    if (segment === '') continue;
    if (/^[_\-.\s]+$/.test(segment)) out.push({ kind: 'text', text: segment });
    else if (/^[A-P]\d{1,2}$/.test(segment)) out.push({ kind: 'well', text: segment });
    else if (!/\d/.test(segment)) out.push({ kind: 'word', text: segment });
    else
      for (const part of segment.split(/(\d+)/))
        if (part !== '') out.push({ kind: /^\d+$/.test(part) ? 'number' : 'text', text: part });
  }
  if (ending !== '') out.push({ kind: 'text', text: ending });
  return out;
}

/** The words before numbers of the Opera and Operetta microscopes, which write `r01c02f03p04-ch1sk1fk1fl1`. */
const operaRoles: Readonly<Record<string, NameRole>> = {
  r: 'row',
  c: 'column',
  f: 'field',
  p: 'z',
  '-ch': 'c',
  ch: 'c',
  sk: 't',
};

/**
 * Guesses the pattern of names: of the largest group that differs only in numbers, wells and words. Parts that are the
 * same in all names stay as they are. `undefined` where no two names are alike.
 */
export function guessPattern(paths: readonly string[]): string | undefined {
  const groups = new Map<string, Piece[][]>();
  for (const path of paths) {
    const cut = pieces(baseName(path));
    const shape = cut.map(({ kind, text }) => (kind === 'text' ? text : `\0${kind}`)).join('\u0001');
    const group = groups.get(shape) ?? [];
    group.push(cut);
    groups.set(shape, group);
  }
  const [largest] = [...groups.values()].toSorted((a, b) => b.length - a.length);
  if (!largest || largest.length < 2) return undefined;
  const first = largest[0]!;
  const isOpera = /^r\d+c\d+f\d+/i.test(first.map(({ text }) => text).join(''));
  const used = new Set<NameRole>();
  const parts = first.map(({ kind, text }, at) => {
    const values = new Set(largest.map((cut) => cut[at]!.text));
    if (values.size === 1 && !(isOpera && kind === 'number')) return text;
    const before = first[at - 1]?.text ?? '';
    const role = isOpera && kind === 'number' ? operaRoles[before.toLowerCase()] : roleOf(kind, before, used);
    if (role === undefined) return values.size === 1 ? text : '{any}';
    used.add(role);
    return `{${role}}`;
  });
  const text = parts.join('');
  return typeof parsePattern(text) === 'string' ? undefined : text;
}

function roleOf(kind: Piece['kind'], before: string, used: ReadonlySet<NameRole>): NameRole {
  const free = (...roles: NameRole[]): NameRole => roles.find((role) => !used.has(role)) ?? 'any';
  if (kind === 'well') return free('well');
  if (kind === 'word') return free('c', 'condition');
  const axis = axisBefore(before);
  if (axis === 'position') return free('field');
  if (axis !== undefined) return free(axis);
  // A number of its own behind a well is a field of it; else it counts times, then slices.
  return used.has('well') ? free('field', 't', 'z') : free('t', 'z', 'field');
}

/** A file that a pattern fits. */
export interface ReadName {
  path: string;
  values: NameValues;
}

/** What a pattern reads of a series of files. */
export interface ReadSeries {
  read: ReadName[];
  /** Paths the pattern does not fit. */
  unread: string[];
  /** Values of each role, in order. */
  axes: Partial<Record<NameRole, string[]>>;
  /** Names that should be there: a plate, well and field has every time, channel and slice that any of them has. */
  missing: string[];
}

/** Names that are missing are listed up to this number. */
const mostMissing = 1000;

/** Reads paths by a pattern, and finds which members of the series are missing. */
export function readSeries(pattern: NamePattern, paths: readonly string[]): ReadSeries {
  const readName = nameReader(pattern);
  const read: ReadName[] = [];
  const unread: string[] = [];
  for (const path of paths) {
    const values = readName(baseName(path));
    if (values) read.push({ path, values });
    else unread.push(path);
  }
  const axes: ReadSeries['axes'] = {};
  for (const role of nameRoles) {
    const values = [...new Set(read.flatMap(({ values: one }) => one[role] ?? []))];
    if (values.length > 0) axes[role] = values.sort((a, b) => a.localeCompare(b, 'en', { numeric: true }));
  }
  return { read, unread, axes, missing: missingOf(pattern, read, axes) };
}

function missingOf(pattern: NamePattern, read: readonly ReadName[], axes: ReadSeries['axes']): string[] {
  if (pattern.parts.some((part) => typeof part === 'object' && part.role === 'any')) return [];
  const counted = (['t', 'c', 'z'] as const).filter((role) => axes[role]);
  const perGroup = counted.reduce((product, role) => product * axes[role]!.length, 1);
  const folderOf = (path: string): string => path.slice(0, path.lastIndexOf('/') + 1);
  const keyOf = ({ path, values }: ReadName): string =>
    JSON.stringify([
      folderOf(path),
      ...nameRoles.filter((role) => !counted.includes(role as 't')).map((role) => values[role] ?? ''),
    ]);
  const missing: string[] = [];
  for (const group of Map.groupBy(read, keyOf).values()) {
    // A grid with most of its places empty is no series.
    if (perGroup > group.length * 2 + 2) continue;
    const there = new Set(group.map(({ values }) => counted.map((role) => values[role]).join('\0')));
    for (let n = 0; n < perGroup && missing.length < mostMissing; n++) {
      const values: NameValues = { ...group[0]!.values };
      let rest = n;
      for (const role of counted) {
        const list = axes[role]!;
        values[role] = list[rest % list.length]!;
        rest = Math.floor(rest / list.length);
      }
      if (there.has(counted.map((role) => values[role]).join('\0'))) continue;
      missing.push(folderOf(group[0]!.path) + writeName(pattern, values));
    }
  }
  return missing.sort();
}

/** The name a pattern gives for values; parts without a value stay in braces. */
export function writeName(pattern: NamePattern, values: NameValues): string {
  return pattern.parts
    .map((part) => (typeof part === 'string' ? part : (values[part.role] ?? `{${part.role}}`)))
    .join('');
}
