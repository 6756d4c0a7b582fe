import { folderOf } from '../../bytes/file-tree.ts';
import { type NamingRules, usualRules } from './naming-rules.ts';
import { parsePattern } from './name-pattern.ts';

/** What a level of folders can be. */
export const levelRoles = ['study', 'data set', 'condition', 'plate', 'well', 'replicate', 'ignored'] as const;

/** What a level of folders is. */
export type LevelRole = (typeof levelRoles)[number];

/** How a laboratory names folders and files; saved and taken up again. */
export interface NamingTemplate {
  schema: 'micrarium-naming-1';
  name: string;
  /** Outermost folder first; levels beyond are ignored. */
  levels: LevelRole[];
  /** Pattern of file names; left out where there is none. */
  pattern?: string;
  rules: NamingRules;
}

/** What the folders of a file say. */
export interface FolderReading {
  path: string;
  values: Partial<Record<LevelRole, string>>;
}

/** Reads the folders of paths by levels. */
export function readFolders(levels: readonly LevelRole[], paths: readonly string[]): FolderReading[] {
  return paths.map((path) => {
    const values: FolderReading['values'] = {};
    const folders = folderOf(path) === '' ? [] : folderOf(path).split('/');
    for (const [n, folder] of folders.entries()) {
      const role = levels[n];
      if (role !== undefined && role !== 'ignored') values[role] = folder;
    }
    return { path, values };
  });
}

/**
 * Guesses what the levels of folders are: one folder that holds all is the study; names such as A01 are wells; such as
 * `rep2` or `n3` replicates; such as `control` or `wt` conditions; such as `plate1` plates. The first level that says
 * nothing of itself is the data set, further ones conditions.
 */
export function guessLevels(paths: readonly string[]): LevelRole[] {
  const folders = paths.map((path) => (folderOf(path) === '' ? [] : folderOf(path).split('/')));
  const depth = folders.reduce((most, one) => Math.max(most, one.length), 0);
  const used = new Set<LevelRole>();
  const levels: LevelRole[] = [];
  for (let level = 0; level < Math.min(depth, 12); level++) {
    const names = [...new Set(folders.flatMap((one) => one[level] ?? []))];
    const all = (pattern: RegExp): boolean => names.every((name) => pattern.test(name));
    const isShared = level === 0 && names.length === 1 && folders.every((one) => one.length > 0) && depth > 1;
    const said: LevelRole | undefined = isShared
      ? 'study'
      : all(/^[A-P]\d{1,2}$/)
        ? 'well'
        : all(/^(rep(licate)?|n|run|exp(eriment)?|trial|batch)[\s_-]?\d+$/i)
          ? 'replicate'
          : all(/^plate/i)
            ? 'plate'
            : names.some((name) => /^(control|ctrl|wt|wild[\s_-]?type|mock|dmso|untreated)\b/i.test(name))
              ? 'condition'
              : undefined;
    const role =
      said !== undefined && !used.has(said)
        ? said
        : ((['data set', 'condition'] as const).find((one) => !used.has(one)) ?? 'ignored');
    used.add(role);
    levels.push(role);
  }
  return levels;
}

/** A template as a file. */
export function templateText(template: NamingTemplate): string {
  return `${JSON.stringify(template, null, 2)}\n`;
}

/** Reads a template; a text says what is wrong with it. */
export function readTemplate(text: string): NamingTemplate | string {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return 'the file is no JSON';
  }
  const { schema, name, levels, pattern, rules } = (value ?? {}) as Record<string, unknown>;
  if (schema !== 'micrarium-naming-1') return 'the file is no template of names';
  const known =
    Array.isArray(levels) && levels.length <= 50 && levels.every((level) => levelRoles.includes(level as LevelRole));
  if (!known) return `levels must be of ${levelRoles.join(', ')}`;
  if (pattern !== undefined) {
    const read = typeof pattern === 'string' ? parsePattern(pattern) : 'it is no text';
    if (typeof read === 'string') return `the pattern cannot be used: ${read}`;
  }
  const { illegal, spaces, longest, longestPath } = (rules ?? {}) as Record<string, unknown>;
  const whole = (number: unknown, otherwise: number): number =>
    typeof number === 'number' && Number.isInteger(number) && number > 0 ? number : otherwise;
  return {
    schema: 'micrarium-naming-1',
    name: typeof name === 'string' ? name.slice(0, 200) : '',
    levels: levels as LevelRole[],
    ...(typeof pattern === 'string' ? { pattern } : {}),
    rules: {
      illegal: typeof illegal === 'string' ? illegal.slice(0, 200) : usualRules.illegal,
      spaces: typeof spaces === 'boolean' ? spaces : usualRules.spaces,
      longest: whole(longest, usualRules.longest),
      longestPath: whole(longestPath, usualRules.longestPath),
    },
  };
}

/**
 * An empty tree for a new project: one folder of each level, named after what belongs there, and a README that explains
 * them. Paths with their content; folders are kept by an empty `.keep`.
 */
export function emptyTree(template: NamingTemplate, project: string): { path: string; text: string }[] {
  const example: Readonly<Record<LevelRole, string>> = {
    study: project,
    'data set': 'dataset-1',
    condition: 'control',
    plate: 'plate-1',
    well: 'A01',
    replicate: 'replicate-1',
    ignored: 'other',
  };
  const levels = template.levels[0] === 'study' ? template.levels : (['study', ...template.levels] as const);
  const folder = levels.map((level) => example[level]).join('/');
  const { rules, pattern } = template;
  const lines = [
    `# ${project}`,
    '',
    'Folders, from the outside in:',
    '',
    ...levels.map((level, n) => `${n + 1}. ${level} (here: \`${example[level]}\`)`),
    '',
    ...(pattern === undefined ? [] : [`Names of image files follow \`${pattern}\`.`, '']),
    'Rules for names:',
    '',
    ...(rules.spaces ? [] : ['- no spaces; write `_` or `-`']),
    `- none of these characters: \`${rules.illegal}\``,
    `- at most ${rules.longest} bytes for a name and ${rules.longestPath} characters for a path`,
    '- no two names that differ only in capitals',
    '',
  ];
  return [
    { path: `${project}/README.md`, text: lines.join('\n') },
    { path: `${folder}/.keep`, text: '' },
  ];
}
