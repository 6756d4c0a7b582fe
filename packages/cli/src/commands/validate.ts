import { type InspectReport, describeReport } from '@micrarium/formats';
import { writeCompletely } from '@micrarium/formats/node';
import { gradedForTier, type Issue, type StudyTier } from '@micrarium/model';
import { type Parsed, parseCommand, readMappings } from '../arguments.ts';
import { conversionIssue } from '../conversion-issues.ts';
import { itemsOfPath } from '../items-of-path.ts';
import { removeWhenKilled } from '../leftovers.ts';
import { existsAt } from '../target.ts';
import { type Terminal, UsageError, exitCode, writeLine } from '../terminal.ts';
import { inspectPaths, isInOrder, optionalLimit } from './inspect.ts';
import { attributeReports } from './validate-attributes.ts';

/** `validate PATH… [--json] [--attributes] [--no-exit-code] [--fix OUT] [--tier archive|database]`: says whether every item is recognised and without errors. */
export async function validate(args: string[], terminal: Terminal): Promise<number> {
  const { values, paths } = parseCommand(args, {
    json: { type: 'boolean' },
    mapping: { type: 'string' },
    map: { type: 'string' },
    'time-limit': { type: 'string' },
    strict: { type: 'boolean' },
    tier: { type: 'string' },
    fix: { type: 'string' },
    force: { type: 'boolean' },
    attributes: { type: 'boolean' },
    'no-exit-code': { type: 'boolean' },
  });
  if (paths.length === 0) throw new UsageError('validate needs the path of a file or folder');
  const { fix } = values;
  const grading: Grading = { strict: values.strict === true, tier: tierFrom(values.tier) };
  if (typeof fix === 'string') return validateAndFix(paths, fix, values, grading, terminal);
  const reports = values.attributes
    ? attributeReports(paths)
    : inspectPaths(paths, terminal, {
        ...(await readMappings(values)),
        ...optionalLimit(values['time-limit']),
        rules: true,
      });
  let isGood = true;
  for await (const report of reports) {
    const verdict = verdictOf(report, grading);
    isGood &&= verdict.valid;
    await writeLine(
      terminal.out,
      values.json
        ? JSON.stringify(verdict)
        : [verdict.path, `  ${verdict.message}`, ...offersOf(verdict.issues)].join('\n'),
    );
  }
  // Programs that call this one as a tool of theirs take any other code for a fault of the tool.
  return isGood || values['no-exit-code'] === true ? exitCode.good : exitCode.faulty;
}

/** Repairs shown of one item; `--json` has them all. */
const mostOffers = 20;

/** A line for each repair that is offered: what was found, and what to write instead. */
function offersOf(issues: readonly Issue[]): string[] {
  const withOffer = issues.flatMap(({ message, where, offer }) => {
    const place = where.field ?? (where.line === undefined ? '' : `line ${where.line}`);
    return offer === undefined ? [] : [`  offered: ${offer}\n    for ${place === '' ? '' : `${place}: `}${message}`];
  });
  const more = withOffer.length - mostOffers;
  return [
    ...withOffer.slice(0, mostOffers),
    ...(more > 0 ? [`  and ${more} more ${more === 1 ? 'repair' : 'repairs'} offered; --json shows all`] : []),
  ];
}

/** How issues are weighed. */
interface Grading {
  /** What should be counts as what must be, as the strict schemas of OME-Zarr do. */
  strict: boolean;
  /** What the data are for. */
  tier: StudyTier;
}

function tierFrom(said: string | boolean | undefined): StudyTier {
  if (said === undefined || said === 'archive' || said === 'database') return said ?? 'archive';
  throw new UsageError('--tier takes archive or database');
}

/** The verdict on an item. */
function verdictOf(report: InspectReport, { strict, tier }: Grading) {
  const { path, format } = report;
  // What is not recognised cannot be called valid.
  const isError = ({ code, severity }: Issue): boolean =>
    (format === 'unknown' && code === 'not-recognised') ||
    (strict && code === 'ome-zarr-not-recommended' && severity === 'warning');
  const graded = gradedForTier(report.issues, tier);
  const issues = graded.map((issue) => (isError(issue) ? { ...issue, severity: 'error' as const } : issue));
  const valid = isInOrder({ ...report, issues });
  const first = issues.find((issue) => issue.severity === 'error');
  const errors = issues.filter((issue) => issue.severity === 'error').length;
  const message = valid
    ? `Valid. ${describeReport(report)}.`
    : `Not valid (${errors} ${errors === 1 ? 'error' : 'errors'}): ${first?.message ?? 'the format is not recognised.'}`;
  return { path, format, valid, message, issues };
}

/** Validates one item, writes it mended as another file, and validates that. */
async function validateAndFix(
  paths: readonly string[],
  output: string,
  { json, force }: Parsed['values'],
  grading: Grading,
  terminal: Terminal,
): Promise<number> {
  const [path] = paths;
  if (path === undefined || paths.length > 1) throw new UsageError('--fix takes one file at a time');
  const before = await soleReport(path, terminal);
  const [found] = (await itemsOfPath(path)).items;
  const checker = await found?.item.descriptor?.checker?.();
  if (!found || !checker?.fix)
    throw new UsageError(`${path} is of a format that cannot be mended; --fix takes BD5 and BDML`);
  if (force !== true && (await existsAt(output))) throw new UsageError(`${output} exists already; --force replaces it`);
  const issues: Issue[] = [...before.issues];
  let changes: Issue[] = [];
  try {
    await writeCompletely(
      output,
      async (sink) => {
        const fixed = await checker.fix!(found.item, sink);
        ({ changes } = fixed);
        if (fixed.unreadable) throw new Unmendable(fixed.unreadable);
      },
      { replace: force === true, onTemporary: removeWhenKilled },
    );
  } catch (error) {
    issues.push(
      error instanceof Unmendable
        ? error.issue
        : conversionIssue('target-not-written', `Writing ${output} failed: ${messageOf(error)}`, {
            where: { file: output },
          }),
    );
    const answer = {
      path,
      format: before.format,
      valid: false,
      message: `Not mended: ${issues.at(-1)!.message}`,
      issues,
    };
    await writeLine(terminal.out, json ? JSON.stringify(answer) : `${path}\n  ${answer.message}`);
    return exitCode.faulty;
  }
  const after = await soleReport(output, terminal);
  const { valid, message } = verdictOf(after, grading);
  const fixed = { output, valid, changes, issues: after.issues };
  const first = verdictOf(before, grading);
  if (json) await writeLine(terminal.out, JSON.stringify({ ...first, fixed }));
  else {
    const lines = [
      `${path}`,
      `  ${first.message}`,
      `${output}`,
      ...changes.map((change) => `  changed: ${change.message}`),
    ];
    if (changes.length === 0) lines.push('  nothing had to be changed');
    await writeLine(terminal.out, [...lines, `  ${message}`].join('\n'));
  }
  return valid ? exitCode.good : exitCode.faulty;
}

/** Nothing could be read, so nothing is written. */
class Unmendable extends Error {
  override readonly name = 'Unmendable';
  readonly issue: Issue;

  constructor(issue: Issue) {
    super(issue.message);
    this.issue = issue;
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

async function soleReport(path: string, terminal: Terminal): Promise<InspectReport> {
  const reports: InspectReport[] = [];
  for await (const report of inspectPaths([path], terminal, { rules: true })) reports.push(report);
  const [report] = reports;
  if (!report || reports.length > 1) throw new UsageError(`${path} holds ${reports.length} items; --fix takes one`);
  return report;
}
