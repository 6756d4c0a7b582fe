import { type InspectReport, describeReport } from '@micrarium/formats';
import type { Issue } from '@micrarium/model';
import { parseCommand, readMappings } from '../arguments.ts';
import { type Terminal, UsageError, exitCode, writeLine } from '../terminal.ts';
import { inspectPaths, isInOrder, optionalLimit } from './inspect.ts';

/** `validate PATH… [--json]`: says whether every item is recognised and without errors. */
export async function validate(args: string[], terminal: Terminal): Promise<number> {
  const { values, paths } = parseCommand(args, {
    json: { type: 'boolean' },
    mapping: { type: 'string' },
    map: { type: 'string' },
    'time-limit': { type: 'string' },
    strict: { type: 'boolean' },
  });
  if (paths.length === 0) throw new UsageError('validate needs the path of a file or folder');
  let isGood = true;
  for await (const report of inspectPaths(paths, terminal, {
    ...(await readMappings(values)),
    ...optionalLimit(values['time-limit']),
    rules: true,
  })) {
    const verdict = verdictOf(report, values.strict === true);
    isGood &&= verdict.valid;
    await writeLine(terminal.out, values.json ? JSON.stringify(verdict) : `${verdict.path}\n  ${verdict.message}`);
  }
  return isGood ? exitCode.good : exitCode.faulty;
}

/** The verdict; `strict` counts what should be as what must be, as the strict schemas of OME-Zarr do. */
function verdictOf(report: InspectReport, strict: boolean) {
  const { path, format } = report;
  // What is not recognised cannot be called valid.
  const isError = ({ code, severity }: Issue): boolean =>
    (format === 'unknown' && code === 'not-recognised') ||
    (strict && code === 'ome-zarr-not-recommended' && severity === 'warning');
  const issues = report.issues.map((issue) => (isError(issue) ? { ...issue, severity: 'error' as const } : issue));
  const valid = isInOrder({ ...report, issues });
  const first = issues.find((issue) => issue.severity === 'error');
  const errors = issues.filter((issue) => issue.severity === 'error').length;
  const message = valid
    ? `Valid. ${describeReport(report)}.`
    : `Not valid (${errors} ${errors === 1 ? 'error' : 'errors'}): ${first?.message ?? 'the format is not recognised.'}`;
  return { path, format, valid, message, issues };
}
