import { parseCommand } from '../arguments.ts';
import { exitCode, type Terminal, UsageError, writeLine } from '../terminal.ts';
import { configOf, keepData, numberOption, sizeText } from './keep-data.ts';

/** `fixity`: reads all stored bytes and compares digests. Exit code 1 where something is damaged and not mended. */
export async function fixity(args: string[], terminal: Terminal): Promise<number> {
  const { values, paths } = parseCommand(args, {
    data: { type: 'string' },
    'older-than': { type: 'string' },
    rate: { type: 'string' },
    json: { type: 'boolean' },
  });
  if (paths.length > 1) throw new UsageError('fixity takes one study at most (MIC-000001)');
  const olderThanDays = numberOption(values['older-than'], 'older-than');
  const rate = numberOption(values.rate, 'rate');
  const stop = new AbortController();
  const onSignal = () => stop.abort();
  process.once('SIGINT', onSignal);
  try {
    return await keepData(terminal, async (maintenance) => {
      const report = await maintenance.fixity(configOf(values.data, terminal), {
        ...(paths[0] === undefined ? {} : { accession: paths[0] }),
        ...(olderThanDays === undefined ? {} : { olderThanDays }),
        ...(rate === undefined ? {} : { bytesPerSecond: rate * 1e6 }),
        signal: stop.signal,
        async onUnit(unit, checked) {
          if (checked.state === 'whole') return;
          await writeLine(terminal.err, `${unit.accession ?? unit.unit}: ${checked.state}`);
        },
      });
      const isWhole = report.open.length === 0;
      if (values.json) await writeLine(terminal.out, JSON.stringify({ whole: isWhole, ...report }));
      else {
        await writeLine(
          terminal.out,
          `${report.checked} of ${report.units} studies and blobs read (${sizeText(report.bytes)}): ${report.damaged} damaged, ${report.repaired} mended`,
        );
        for (const one of report.open)
          await writeLine(terminal.out, `  ${one.code} ${one.accession ?? ''} ${one.path}: ${one.message}`);
      }
      return isWhole && report.checked + report.busy === report.units ? exitCode.good : exitCode.faulty;
    });
  } finally {
    process.off('SIGINT', onSignal);
  }
}
