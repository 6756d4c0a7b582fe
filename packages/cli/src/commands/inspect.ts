import {
  type InspectReport,
  type Item,
  describeReport,
  inspectItem,
  readDelimitedHead,
  recognitionIssue,
} from '@micrarium/formats';
import { type Issue, hasErrors } from '@micrarium/model';
import { type TableReading, parseCommand, readMappings, rememberMapping } from '../arguments.ts';
import { itemsOfPath } from '../items-of-path.ts';
import { metadataRuleIssues, ofItsKind } from '../metadata-rules.ts';
import { progressOn } from '../progress.ts';
import { type Terminal, UsageError, exitCode, writeLine } from '../terminal.ts';

/** `inspect PATH… [--json]`: says what every item of the paths is. */
export async function inspect(args: string[], terminal: Terminal): Promise<number> {
  const { values, paths } = parseCommand(args, {
    json: { type: 'boolean' },
    mapping: { type: 'string' },
    map: { type: 'string' },
    'time-limit': { type: 'string' },
  });
  if (paths.length === 0) throw new UsageError('inspect needs the path of a file or folder');
  let isGood = true;
  for await (const report of inspectPaths(paths, terminal, {
    ...(await readMappings(values)),
    ...optionalLimit(values['time-limit']),
  })) {
    isGood &&= isInOrder(report);
    await writeLine(terminal.out, values.json ? JSON.stringify(report) : prose(report));
  }
  return isGood ? exitCode.good : exitCode.faulty;
}

/** Options that `inspect` and `validate` share. */
export interface InspectPathsOptions extends TableReading {
  /** Milliseconds for one item. */
  timeLimit?: number;
  /** Check every rule of the format's specification, where we know them. */
  rules?: boolean;
}

/** @throws UsageError where the limit is no number of seconds above zero */
export function optionalLimit(value: string | boolean | undefined): { timeLimit?: number } {
  if (value === undefined) return {};
  const seconds = Number(value);
  if (!(seconds > 0)) throw new UsageError(`--time-limit "${String(value)}" is no number of seconds`);
  return { timeLimit: seconds * 1000 };
}

/** Is an item recognised and without errors? */
export function isInOrder(report: InspectReport): boolean {
  return report.format !== 'unknown' && !hasErrors(report.issues);
}

/**
 * Reports of all items of the paths, in the order asked, items of a folder sorted by path.
 * @yields one report per item; for a missing path one of format `unknown` with the issue `path-missing`
 */
export async function* inspectPaths(
  paths: readonly string[],
  terminal: Terminal,
  options: InspectPathsOptions,
): AsyncGenerator<InspectReport> {
  const progress = progressOn(terminal);
  for (const path of paths) {
    const asked = await itemsOfPath(path, {
      onProgress: (done, total) => progress.show(done / total, `recognising ${path}`),
    });
    progress.clear();
    for (const { path: left, reason } of asked.skipped) await writeLine(terminal.err, `${left}: left out, ${reason}`);
    if (asked.missing !== undefined) yield missingReport(path, asked.missing);
    else if (asked.items.length === 0) await writeLine(terminal.err, `${path}: the folder holds no files`);
    for (const { item, path: shown } of asked.items) {
      const report = await inspectItem(item, {
        path: shown,
        depositRules: true,
        ...options,
        onProgress: (fraction) => progress.show(fraction, `reading ${shown}`),
      });
      progress.clear();
      await remembered(item, options);
      if (options.rules) report.issues = [...ofItsKind(report), ...(await metadataRuleIssues(item, report))];
      yield report;
    }
  }
}

/** Remembers the columns given for a table, where `--map` says where. */
async function remembered(item: Item, { mapping, remember }: TableReading): Promise<void> {
  if (!mapping || remember === undefined) return;
  const head = item.descriptor?.tracks ? await readDelimitedHead(item) : undefined;
  if (head)
    await rememberMapping(
      remember,
      head.columns.map(({ name }) => name),
      mapping,
    );
  for (const file of item.files) await file.close?.();
}

/** The report of a path where nothing could be read. */
export function missingReport(path: string, reason: string): InspectReport {
  const issue: Issue = recognitionIssue('path-missing', `${path}: ${reason}.`, { where: { file: path } });
  return { path, format: 'unknown', kind: 'unknown', issues: [issue] };
}

/** One sentence for the item, one indented line per finding. */
export function prose(report: InspectReport): string {
  const lines = [`${report.path}\n  ${describeReport(report)}`];
  if (report.recognition) lines.push(`  ${report.recognition.grade}: ${report.recognition.reason}`);
  for (const issue of report.issues) {
    lines.push(`  ${issue.severity}: ${issue.message}${placeOf(issue, report)} [${issue.code}]`);
    if (issue.hint !== undefined && issue.severity !== 'info') lines.push(`    ${issue.hint}`);
  }
  return lines.join('\n');
}

function placeOf(issue: Issue, report: InspectReport): string {
  const { file, line, row, column, offset, field } = issue.where;
  const places = [
    file !== undefined && file !== report.path ? file : undefined,
    line === undefined ? undefined : `line ${line}`,
    row === undefined ? undefined : `row ${row}`,
    column === undefined ? undefined : `column ${column}`,
    offset === undefined ? undefined : `byte ${offset}`,
    field,
  ].filter((place) => place !== undefined);
  return places.length > 0 ? ` (${places.join(', ')})` : '';
}
