import { type InspectReport, describeReport } from '@micrarium/formats';
import { parseCommand, readMapping } from '../arguments.ts';
import { type Terminal, UsageError, exitCode, writeLine } from '../terminal.ts';
import { inspectPaths, isInOrder, optionalLimit, optionalMapping } from './inspect.ts';

/** `validate PATH… [--json]`: says whether every item is recognised and without errors. */
export async function validate(args: string[], terminal: Terminal): Promise<number> {
  const { values, paths } = parseCommand(args, {
    json: { type: 'boolean' },
    mapping: { type: 'string' },
    'time-limit': { type: 'string' },
  });
  if (paths.length === 0) throw new UsageError('validate needs the path of a file or folder');
  let isGood = true;
  for await (const report of inspectPaths(paths, terminal, {
    ...optionalMapping(await readMapping(values.mapping)),
    ...optionalLimit(values['time-limit']),
  })) {
    const verdict = verdictOf(report);
    isGood &&= verdict.valid;
    await writeLine(terminal.out, values.json ? JSON.stringify(verdict) : `${verdict.path}\n  ${verdict.message}`);
  }
  return isGood ? exitCode.good : exitCode.faulty;
}

function verdictOf(report: InspectReport) {
  const { path, format } = report;
  // What is not recognised cannot be called valid.
  const issues = report.issues.map((issue) =>
    format === 'unknown' && issue.code === 'not-recognised' ? { ...issue, severity: 'error' as const } : issue,
  );
  const valid = isInOrder(report);
  const first = issues.find((issue) => issue.severity === 'error');
  const errors = issues.filter((issue) => issue.severity === 'error').length;
  const message = valid
    ? `Valid. ${describeReport(report)}.`
    : `Not valid (${errors} ${errors === 1 ? 'error' : 'errors'}): ${first?.message ?? 'the format is not recognised.'}`;
  return { path, format, valid, message, issues };
}
