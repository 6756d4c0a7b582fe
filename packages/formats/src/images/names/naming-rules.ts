import { type Issue, defineIssues } from '@micrarium/model';
import { baseName, folderOf } from '../../bytes/file-tree.ts';
import type { ReadSeries } from './name-pattern.ts';

/** What a study asks of its file names. */
export interface NamingRules {
  /** Characters that must not occur; those of Windows and of shells unless said. */
  illegal: string;
  spaces: boolean;
  /** Longest name with its ending, in bytes of UTF-8; file systems end at 255. */
  longest: number;
  /** Longest path, in characters: Windows programs end at 260 with the drive. */
  longestPath: number;
}

/** Rules that hold unless a study says otherwise. */
export const usualRules: NamingRules = {
  illegal: '<>:"|?*\\&;$!\'`#%{}',
  spaces: false,
  longest: 200,
  longestPath: 240,
};

/** What can be wrong with names of files. */
export const namingIssue = defineIssues({
  'name-illegal-characters': {
    severity: 'warning',
    meaning: 'A name has characters that some systems do not allow or that programs take for something else.',
    hint: 'Use the plan of new names; the files that were deposited stay as they are.',
  },
  'name-spaces': {
    severity: 'info',
    meaning: 'A name has spaces, which scripts and command lines trip over.',
    hint: 'Use the plan of new names; the files that were deposited stay as they are.',
  },
  'name-case-clash': {
    severity: 'warning',
    meaning:
      'Two names differ only in capitals or in how accents are written: on Windows and macOS one replaces the other.',
    hint: 'Give one of them another name before you copy the folder to another machine.',
  },
  'name-too-long': {
    severity: 'warning',
    meaning: 'A name or a path is longer than the study allows; some systems cannot open it.',
    hint: 'Use a shorter name, or fewer folders.',
  },
  'series-member-missing': {
    severity: 'warning',
    meaning: 'By the pattern of the names, a member of the series is missing.',
    hint: 'Add the file, or correct the pattern.',
  },
});

/** Findings of one kind are listed up to this number. */
const mostOfKind = 100;

/**
 * Checks the names of files and of their folders by the rules of a study. Control characters are never allowed. A folder is
 * named once, however many files lie in it.
 */
export function checkNames(paths: readonly string[], rules: NamingRules = usualRules): Issue[] {
  const issues: Issue[] = [];
  const counts = new Map<string, number>();
  const note = (code: Parameters<typeof namingIssue>[0], file: string, message: string): void => {
    const count = (counts.get(code) ?? 0) + 1;
    counts.set(code, count);
    if (count <= mostOfKind) issues.push(namingIssue(code, message, { where: { file } }));
  };
  const folded = new Map<string, string>();
  const folders = new Set<string>();
  for (const path of paths) {
    const name = baseName(path);
    for (const place of [...newFolders(path, folders), path]) {
      const own = baseName(place);
      const bad = illegalIn(own, rules);
      if (bad.length > 0) note('name-illegal-characters', place, `“${place}” has ${bad.join(' ')}.`);
      if (!rules.spaces && /\s/.test(own)) note('name-spaces', place, `“${place}” has spaces.`);
    }
    const bytes = new TextEncoder().encode(name).length;
    if (bytes > rules.longest)
      note('name-too-long', path, `“${name}” is ${bytes} bytes long; ${rules.longest} are allowed.`);
    else if (path.length > rules.longestPath)
      note('name-too-long', path, `“${path}” is ${path.length} characters long; ${rules.longestPath} are allowed.`);
    const key = foldedName(path);
    const other = folded.get(key);
    if (other !== undefined && other !== path)
      note('name-case-clash', path, `“${path}” and “${other}” differ only in capitals or accents.`);
    else folded.set(key, path);
  }
  return issues;
}

/** Folders of a path, the outermost first, that were not looked at before. */
function newFolders(path: string, seen: Set<string>): string[] {
  const found: string[] = [];
  for (let folder = folderOf(path); folder !== '' && !seen.has(folder); folder = folderOf(folder)) {
    seen.add(folder);
    found.unshift(folder);
  }
  return found;
}

/** Findings for members of a series that are not there. */
export function missingMembers({ missing }: ReadSeries): Issue[] {
  return missing
    .slice(0, mostOfKind)
    .map((path) => namingIssue('series-member-missing', `${path} is not there.`, { where: { file: path } }));
}

function foldedName(path: string): string {
  return path.normalize('NFKD').toLowerCase();
}

function illegalIn(path: string, { illegal }: NamingRules): string[] {
  const found = new Set<string>();
  // Some systems store names composed, which makes a back quote of a Greek varia (U+1FEF), a semicolon of a question mark (U+037E).
  for (const letter of path.normalize('NFC')) {
    if (letter < ' ' || letter === '\u007f')
      found.add(`U+${letter.codePointAt(0)!.toString(16).toUpperCase().padStart(4, '0')}`);
    else if (letter !== '/' && illegal.includes(letter)) found.add(letter);
  }
  for (const part of path.split('/'))
    if (/[. ]$/.test(part)) found.add('a dot or space at the end');
    else if (/^(con|prn|aux|nul|com\d|lpt\d)(\.|$)/i.test(part)) found.add(`the reserved name ${part}`);
  return [...found];
}

/** A file under another name. */
export interface Renaming {
  from: string;
  to: string;
}

/**
 * Plans names that keep the rules: spaces and characters that are not allowed become `_`, names that are too long are cut
 * before their ending, clashes get a number. A plan only: nothing is renamed here.
 */
export function planRenaming(paths: readonly string[], rules: NamingRules = usualRules): Renaming[] {
  const taken = new Set<string>();
  const plan: Renaming[] = [];
  // Names that may stay come first, so that others give way to them.
  const cleaned = paths.map((from) => ({
    from,
    to: from
      .split('/')
      .map((part) => cleanPart(part, rules))
      .join('/'),
  }));
  for (const { from, to } of cleaned.toSorted((a, b) => Number(a.from !== a.to) - Number(b.from !== b.to))) {
    let name = to;
    for (let n = 2; taken.has(foldedName(name)); n++) name = withNumber(to, n);
    taken.add(foldedName(name));
    if (name !== from) plan.push({ from, to: name });
  }
  return plan.sort((a, b) => (a.from < b.from ? -1 : 1));
}

function cleanPart(part: string, rules: NamingRules): string {
  const isBad = (letter: string): boolean =>
    letter < ' ' || letter === '\u007f' || rules.illegal.includes(letter) || (!rules.spaces && /\s/.test(letter));
  // Several in a row become one.
  let clean = [...part.normalize('NFC')]
    .map((letter) => (isBad(letter) ? '\0' : letter))
    .join('')
    .replaceAll(/\0+/g, '_')
    .replace(/[. ]+$/, '');
  if (/^(con|prn|aux|nul|com\d|lpt\d)(\.|$)/i.test(clean)) clean = `_${clean}`;
  const dot = clean.lastIndexOf('.');
  const ending = dot > 0 ? clean.slice(dot) : '';
  let stem = dot > 0 ? clean.slice(0, dot) : clean;
  const letters = [...stem];
  while (letters.length > 1 && new TextEncoder().encode(letters.join('') + ending).length > rules.longest)
    letters.pop();
  stem = letters.join('');
  return stem + ending || '_';
}

function withNumber(path: string, number: number): string {
  const name = baseName(path);
  const dot = name.lastIndexOf('.');
  const folder = folderOf(path);
  const numbered = dot > 0 ? `${name.slice(0, dot)}_${number}${name.slice(dot)}` : `${name}_${number}`;
  return folder === '' ? numbered : `${folder}/${numbered}`;
}

/** The plan as a table with a header, for people and programs. */
export function renamingCsv(plan: readonly Renaming[]): string {
  const cell = (text: string): string => (/[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
  return `${['from,to', ...plan.map(({ from, to }) => `${cell(from)},${cell(to)}`)].join('\r\n')}\r\n`;
}

/** The plan as a script for a POSIX shell that copies into the folder `renamed` and leaves the originals alone. */
export function renamingScript(plan: readonly Renaming[]): string {
  const quoted = (text: string): string => `'${text.replaceAll("'", String.raw`'\''`)}'`;
  const lines = plan.flatMap(({ from, to }) => {
    const folder = folderOf(`renamed/${to}`);
    return [`mkdir -p -- ${quoted(folder)}`, `cp -n -- ${quoted(`./${from}`)} ${quoted(`renamed/${to}`)}`];
  });
  return `#!/bin/sh\n# Copies files under their new names into the folder "renamed". The originals stay as they are.\nset -eu\n${lines.join('\n')}\n`;
}
