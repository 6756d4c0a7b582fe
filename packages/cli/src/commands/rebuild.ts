import { parseCommand } from '../arguments.ts';
import { exitCode, type Terminal, UsageError, writeLine } from '../terminal.ts';
import { configOf, keepData } from './keep-data.ts';

/** `rebuild`: makes the catalogue anew from the archive. Exit code 1 where a version could not be read. */
export async function rebuild(args: string[], terminal: Terminal): Promise<number> {
  const { values, paths } = parseCommand(args, { data: { type: 'string' }, json: { type: 'boolean' } });
  if (paths.length > 0) throw new UsageError('rebuild takes no path; the data folder is --data FOLDER');
  return await keepData(terminal, async (maintenance) => {
    const report = await maintenance.rebuild(configOf(values.data, terminal));
    if (values.json) await writeLine(terminal.out, JSON.stringify(report));
    else {
      await writeLine(
        terminal.out,
        `The catalogue holds ${report.studies} studies with ${report.versions} versions again (${report.blobs} stored files)`,
      );
      for (const { accession, version, message } of report.failed)
        await writeLine(terminal.out, `  not readable: ${accession}${version > 0 ? ` v${version}` : ''}: ${message}`);
    }
    return report.failed.length === 0 ? exitCode.good : exitCode.faulty;
  });
}
