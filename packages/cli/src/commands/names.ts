import { readFile, stat, writeFile } from 'node:fs/promises';
import {
  checkNames,
  guessLevels,
  guessPattern,
  missingMembers,
  type NamingTemplate,
  parsePattern,
  planRenaming,
  readFolders,
  readSeries,
  readTemplate,
  type Renaming,
  renamingCsv,
  renamingScript,
  usualRules,
} from '@micrarium/formats';
import { openFolder } from '@micrarium/formats/node';
import type { Issue } from '@micrarium/model';
import { parseCommand } from '../arguments.ts';
import { exitCode, type Terminal, UsageError, writeLine } from '../terminal.ts';

/** Findings that are written out; the rest is counted. */
const mostShown = 200;

/** What names and folders say; one line of `names --json`. */
interface NamesRead {
  folder: string;
  files: number;
  levels: NamingTemplate['levels'];
  /** Left out where the names have none in common. */
  pattern?: string;
  /** Files whose names have the pattern. */
  members: number;
  /** Values by what they mean, of names and of folders. */
  axes: Record<string, string[]>;
  issues: Issue[];
  /** Files that the rules would give another name. */
  renamed: number;
}

/** `names FOLDER [--pattern P] [--rules FILE] [--plan OUT]`: reads names and folders, holds them to rules, plans new names. */
export async function names(args: string[], terminal: Terminal): Promise<number> {
  const { values, paths } = parseCommand(args, {
    pattern: { type: 'string' },
    rules: { type: 'string' },
    plan: { type: 'string' },
    force: { type: 'boolean' },
    json: { type: 'boolean' },
  });
  const [folder, ...more] = paths;
  if (folder === undefined || more.length > 0) throw new UsageError('names needs one folder');
  if (!(await stat(folder).catch(() => undefined))?.isDirectory()) {
    await writeLine(terminal.err, `${folder}: there is no such folder`);
    return exitCode.faulty;
  }
  const files = (await openFolder(folder)).entries.map(({ path }) => path);
  const template = await templateFor(files, values['rules'], values['pattern']);
  const plan = planRenaming(files, template.rules);
  const read = readNames(folder, files, template, plan);
  if (typeof values['plan'] === 'string') await writePlan(values['plan'], plan, values['force'] === true);
  await writeLine(terminal.out, values['json'] ? JSON.stringify(read) : prose(read));
  return read.issues.some(({ severity }) => severity !== 'info') ? exitCode.faulty : exitCode.good;
}

/** The laboratory's template, or what names and folders themselves suggest. @throws UsageError */
async function templateFor(
  files: readonly string[],
  rules: string | boolean | undefined,
  pattern: string | boolean | undefined,
): Promise<NamingTemplate> {
  let template: NamingTemplate;
  if (typeof rules === 'string') {
    const text = await readFile(rules, 'utf8').catch((cause: unknown) => {
      throw new UsageError(`--rules ${rules} cannot be read`, { cause });
    });
    const found = readTemplate(text);
    if (typeof found === 'string') throw new UsageError(`--rules ${rules}: ${found}`);
    template = found;
  } else {
    const guessed = guessPattern(files);
    template = {
      schema: 'micrarium-naming-1',
      name: '',
      levels: guessLevels(files),
      ...(guessed === undefined ? {} : { pattern: guessed }),
      rules: usualRules,
    };
  }
  return typeof pattern === 'string' ? { ...template, pattern } : template;
}

function readNames(
  folder: string,
  files: readonly string[],
  template: NamingTemplate,
  plan: readonly Renaming[],
): NamesRead {
  const { pattern, levels, rules } = template;
  const parsed = pattern === undefined ? undefined : parsePattern(pattern);
  if (typeof parsed === 'string') throw new UsageError(`--pattern: ${parsed}`);
  const series = parsed && readSeries(parsed, files);
  const found = new Map<string, Set<string>>();
  for (const { values } of readFolders(levels, files))
    for (const [level, value] of Object.entries(values)) found.set(level, (found.get(level) ?? new Set()).add(value));
  const axes: Record<string, string[]> = {};
  for (const [level, some] of found) axes[level] = [...some].sort();
  for (const [role, some] of Object.entries(series?.axes ?? {})) axes[role] = [...some];
  return {
    folder,
    files: files.length,
    levels,
    ...(pattern === undefined ? {} : { pattern }),
    members: series?.read.length ?? 0,
    axes,
    issues: [...checkNames(files, rules), ...(series ? missingMembers(series) : [])],
    renamed: plan.length,
  };
}

/** Writes the plan: a table, or with the ending `.sh` a script that copies. The files themselves are never touched. */
async function writePlan(path: string, plan: readonly Renaming[], isForced: boolean): Promise<void> {
  const text = path.endsWith('.sh') ? renamingScript(plan) : renamingCsv(plan);
  await writeFile(path, text, { flag: isForced ? 'w' : 'wx' }).catch((cause: unknown) => {
    const why =
      (cause as { code?: string }).code === 'EEXIST' ? 'is there already: --force replaces it' : 'cannot be written';
    throw new UsageError(`--plan ${path} ${why}`, { cause });
  });
}

/** Values of an axis that are named; the rest is counted. */
const fewValues = 8;

function prose({ folder, files, pattern, members, axes, issues, renamed }: NamesRead): string {
  const lines = [
    `${folder}: ${files} files`,
    pattern === undefined ? '  no pattern that several names have in common' : `  ${pattern}: ${members} of them`,
    ...Object.entries(axes).map(([axis, values]) => {
      const more = values.length > fewValues ? ` … (${values.length})` : '';
      return `  ${axis}: ${values.slice(0, fewValues).join(', ')}${more}`;
    }),
    ...issues.slice(0, mostShown).map(({ severity, code, message }) => `  ${severity} ${code}: ${message}`),
    ...(issues.length > mostShown ? [`  and ${issues.length - mostShown} more`] : []),
    renamed === 0
      ? '  all names keep the rules'
      : `  ${renamed} would get another name; --plan FILE.csv or FILE.sh writes the plan, nothing is renamed`,
  ];
  return lines.join('\n');
}
