import { resolve } from 'node:path';
import { parseCommand } from '../arguments.ts';
import { exitCode, type Terminal, UsageError, writeLine } from '../terminal.ts';
import { configOf, keepData, sizeText } from './keep-data.ts';

/** `backup`: brings a backup folder up to date. Exit code 1 where something could not be copied. */
export async function backup(args: string[], terminal: Terminal): Promise<number> {
  const { values, paths } = parseCommand(args, { data: { type: 'string' }, json: { type: 'boolean' } });
  const [folder] = paths;
  if (folder === undefined || paths.length > 1) throw new UsageError('backup takes one folder to write to');
  return await keepData(terminal, async (maintenance) => {
    const report = await maintenance.backup(configOf(values.data, terminal), resolve(folder));
    if (values.json) await writeLine(terminal.out, JSON.stringify(report));
    else {
      await writeLine(
        terminal.out,
        `Backed up as of ${report.madeAt}: ${report.rows} rows, ${report.objects} studies, ${report.blobs} files of drafts; ${report.files} files copied (${sizeText(report.bytes)})${report.removed > 0 ? `, ${report.removed} files of drafts removed that none needs any more` : ''}`,
      );
      for (const { place, message } of report.failed)
        await writeLine(terminal.out, `  not copied: ${place}: ${message}`);
    }
    return report.failed.length === 0 ? exitCode.good : exitCode.faulty;
  });
}
