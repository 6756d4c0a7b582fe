import { parseCommand } from '../arguments.ts';
import { exitCode, type Terminal, UsageError, writeLine } from '../terminal.ts';
import { configOf, keepData } from './keep-data.ts';

/** `audit`: checks the audit log, or writes it out. Exit code 1 where the chain of hashes is broken. */
export async function audit(args: string[], terminal: Terminal): Promise<number> {
  const { values, paths } = parseCommand(args, { data: { type: 'string' }, json: { type: 'boolean' } });
  const [what] = paths;
  if (paths.length !== 1 || (what !== 'verify' && what !== 'export'))
    throw new UsageError('audit takes one word: verify or export');
  return await keepData(terminal, async (maintenance) => {
    const config = configOf(values.data, terminal);
    if (what === 'export') {
      await maintenance.auditExport(config, (event) => writeLine(terminal.out, JSON.stringify(event)));
      return exitCode.good;
    }
    const { events, head, broken } = await maintenance.auditVerify(config);
    if (values.json) await writeLine(terminal.out, JSON.stringify({ whole: !broken, events, head, broken }));
    else if (broken) await writeLine(terminal.out, `Broken at event ${broken.seq}: ${broken.message}`);
    else
      await writeLine(terminal.out, `${events} events, all whole; head ${head?.seq ?? 0} ${head?.hash ?? ''}`.trim());
    return broken ? exitCode.faulty : exitCode.good;
  });
}
