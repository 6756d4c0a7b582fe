import { resolve } from 'node:path';
import { parseCommand } from '../arguments.ts';
import { exitCode, type Terminal, UsageError, writeLine } from '../terminal.ts';
import { configOf, keepData, sizeText } from './keep-data.ts';

/** `restore`: makes a data folder of a backup. Exit code 1 where something of it is damaged. */
export async function restore(args: string[], terminal: Terminal): Promise<number> {
  const { values, paths } = parseCommand(args, { data: { type: 'string' }, json: { type: 'boolean' } });
  const [folder] = paths;
  if (folder === undefined || paths.length > 1) throw new UsageError('restore takes one backup folder');
  return await keepData(terminal, async (maintenance) => {
    const config = configOf(values.data, terminal);
    const report = await maintenance.restore(config, resolve(folder));
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
    }
    return report.failed.length === 0 ? exitCode.good : exitCode.faulty;
  });
}
