import { parseCommand } from '../arguments.ts';
import { exitCode, type Terminal, UsageError, writeLine } from '../terminal.ts';
import { configOf, keepData } from './keep-data.ts';

/** `usage recount`: counts the uses of the last thirty days again. */
export async function usage(args: string[], terminal: Terminal): Promise<number> {
  const { values, paths } = parseCommand(args, { data: { type: 'string' }, json: { type: 'boolean' } });
  if (paths[0] !== 'recount' || paths.length > 1) throw new UsageError('usage takes the word recount');
  return await keepData(terminal, async (maintenance) => {
    const counted = await maintenance.usageRecount(configOf(values.data, terminal));
    const { hours, changed, investigations, requests } = counted;
    await writeLine(
      terminal.out,
      values.json
        ? JSON.stringify(counted)
        : `${hours} hours of studies counted again, ${changed} changed: investigations ${investigations.before} before, ${investigations.after} now; requests ${requests.before} before, ${requests.after} now`,
    );
    return exitCode.good;
  });
}
