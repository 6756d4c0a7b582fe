import { resolve } from 'node:path';
import type { RestoreReport } from '@micrarium/server';
import { parseCommand } from '../arguments.ts';
import { exitCode, type Terminal, UsageError, writeLine } from '../terminal.ts';
import { configOf, keepData, sizeText } from './keep-data.ts';

/** `restore`: makes a data folder of a backup. Exit code 1 where something of it is damaged. */
export async function restore(args: string[], terminal: Terminal): Promise<number> {
  const { values, paths } = parseCommand(args, {
    data: { type: 'string' },
    json: { type: 'boolean' },
    lost: { type: 'string', multiple: true },
  });
  const remains = (values['lost'] as unknown as string[] | undefined) ?? [];
  const [folder] = paths;
  if (folder === undefined || paths.length > 1) throw new UsageError('restore takes one backup folder');
  return await keepData(terminal, async (maintenance) => {
    const config = configOf(values.data, terminal);
    const report = await maintenance.restore(
      config,
      resolve(folder),
      remains.map((one) => resolve(one)),
    );
    if (values.json) await writeLine(terminal.out, JSON.stringify(report));
    else {
      await writeLine(
        terminal.out,
        `${config.data} is as of ${report.madeAt}: ${report.rows} rows, ${report.objects} studies, ${sizeText(report.bytes)}`,
      );
      if (report.entered.length > 0)
        await writeLine(
          terminal.out,
          `  published while the backup was made, entered now: ${report.entered.join(', ')}`,
        );
      if (report.toBeSentAgain > 0)
        await writeLine(terminal.out, `  files of drafts to be sent again: ${report.toBeSentAgain}`);
      for (const { place, message } of report.failed)
        await writeLine(terminal.out, `  not restored: ${place}: ${message}`);
      for (const line of lostLines(report.lost, report.madeAt)) await writeLine(terminal.out, `  ${line}`);
    }
    return report.failed.length === 0 ? exitCode.good : exitCode.faulty;
  });
}

/** Events told one by one; the others are counted. `--json` has all. */
const mostTold = 500;

/** What was acknowledged after the backup and is lost, and what is not known of it. */
function lostLines(lost: RestoreReport['lost'], madeAt: string): string[] {
  const { lastEvent, newest, events, unlisted, versions, looked } = lost;
  if (looked.length === 0)
    return [
      `lost: whatever was acknowledged after ${madeAt} (event ${lastEvent} of the audit log). What is left of the lost machine tells what that was:`,
      '  --lost with its data folder, its second copy, or a file of "micrarium audit export"; into another data folder',
    ];
  const until = newest && newest.seq > lastEvent ? `${newest.seq} at ${newest.at}` : undefined;
  return [
    until === undefined
      ? `lost: no event after ${lastEvent} is known`
      : `lost: events ${lastEvent + 1} to ${until} of the audit log, ${unlisted} of them known by number only`,
    ...versions.map(({ accession, version, folder }) => `lost: ${accession} v${version}, which is still in ${folder}`),
    ...events.slice(0, mostTold).map(({ at, action, target }) => `lost: ${at} ${action} ${target}`),
    ...(events.length > mostTold ? [`lost: ${events.length - mostTold} more events (--json)`] : []),
    ...looked.flatMap(({ place, message }) => (message === undefined ? [] : [`not read: ${place}: ${message}`])),
    'Of what happened in the last minute before the loss, and is in none of these, nothing is known.',
  ];
}
