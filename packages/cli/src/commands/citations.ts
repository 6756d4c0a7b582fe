import { hasErrors } from '@micrarium/model';
import { parseCommand } from '../arguments.ts';
import { exitCode, type Terminal, UsageError, writeLine } from '../terminal.ts';
import { configOf, keepData, type Maintenance } from './keep-data.ts';

type Imported = Awaited<ReturnType<Maintenance['citationsImport']>>;

/** Entries without a match, and issues, that are written out; the rest is counted, and in `--json`. */
const mostShown = 20;

/** `citations import FILE`: takes over what a file of citation events says of the studies here. Exit code 1 where something in it is wrong. */
export async function citations(args: string[], terminal: Terminal): Promise<number> {
  const { values, paths } = parseCommand(args, {
    data: { type: 'string' },
    'dry-run': { type: 'boolean' },
    json: { type: 'boolean' },
  });
  const [what, file] = paths;
  if (what !== 'import' || file === undefined || paths.length > 2)
    throw new UsageError('citations takes the word import, and one file');
  const isTrial = values['dry-run'] === true;
  return await keepData(terminal, async (maintenance) => {
    const imported = await maintenance.citationsImport(configOf(values.data, terminal), file, { isTrial });
    const isGood = !hasErrors(imported.issues);
    if (values.json) await writeLine(terminal.out, JSON.stringify({ good: isGood, dryRun: isTrial, ...imported }));
    else for (const line of prose(imported, isTrial)) await writeLine(terminal.out, line);
    return isGood ? exitCode.good : exitCode.faulty;
  });
}

/** Why entries were not taken over, in words. */
const reasons: Readonly<Record<keyof Imported['notTaken'], string>> = {
  'no-study': 'about no public study here',
  'other-relation': 'with a relation that is no citation',
  'unknown-relation': 'with an unknown relation',
  withdrawn: 'taken back by their source',
  'no-doi': 'of a work without a DOI',
  'no-version': 'of a version that is not there',
  itself: 'of a study by itself',
  'own-paper': 'of a paper that the study names as its own',
};

function prose(imported: Imported, isTrial: boolean): string[] {
  const { entries, added, changed, known, repeated, notTaken, citations: found, unmatched, issues } = imported;
  const few = <One>(all: readonly One[], line: (one: One) => string) => [
    ...all.slice(0, mostShown).map((one) => `  ${line(one)}`),
    ...(all.length > mostShown ? [`  and ${all.length - mostShown} more; --json has them`] : []),
  ];
  const counts = Object.entries(notTaken).map(
    ([reason, count]) => `  ${count} ${reasons[reason as keyof typeof reasons]}`,
  );
  return [
    `${entries} entries: ${added} citations ${isTrial ? 'would be added' : 'added'}, ${changed} ${isTrial ? 'would become' : 'became'} papers of their data, ${known} known already, ${repeated} said twice`,
    ...few(
      found.filter(({ outcome }) => outcome !== 'known'),
      ({ accession, version, identifier, use, source, on }) =>
        `${accession} v${version} ${use} ${identifier} (${source}${on === undefined ? '' : `, ${on}`})`,
    ),
    ...(counts.length > 0 ? ['Not taken over', ...counts] : []),
    ...few(unmatched, ({ entry, work, data, reason }) => `entry ${entry}: ${work} about ${data}: ${reason}`),
    ...(issues.length > 0 ? ['Findings'] : []),
    ...few(issues, ({ severity, code, message }) => `${severity} ${code}: ${message}`),
  ];
}
