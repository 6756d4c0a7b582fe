import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { parseCommand } from '../arguments.ts';
import { type Terminal, UsageError, writeLine } from '../terminal.ts';
import { configOf, keepData, numberOption } from './keep-data.ts';

/** What the command says of everything it read: the worst decides. */
const weight = { valid: 0, warned: 1, incomplete: 1, invalid: 2 } as const;

/**
 * `verify`: says whether OCFL objects, storage roots and BagIt bags are in order, or the archive of a data folder. Exit code 0 in order,
 * 1 with warnings, 2 with errors.
 */
export async function verify(args: string[], terminal: Terminal): Promise<number> {
  const { values, paths } = parseCommand(args, {
    data: { type: 'string' },
    sample: { type: 'string' },
    json: { type: 'boolean' },
  });
  const sample = numberOption(values.sample, 'sample');
  const accessions = paths.filter((path) => /^[A-Z]{2,8}-\d{6,}/.test(path) && !existsSync(path));
  for (const path of paths)
    if (!accessions.includes(path) && !existsSync(path)) throw new UsageError(`there is no ${path}`);
  return await keepData(
    terminal,
    async ({ verifyArchive, verifyAt }) => {
      let worst = 0;
      const tell = async (all: ReturnType<typeof verifyAt>) => {
        for await (const one of all) {
          worst = Math.max(worst, weight[one.state]);
          if (values.json) await writeLine(terminal.out, JSON.stringify(one));
          else {
            await writeLine(terminal.out, `${one.path}: ${one.kind}, ${one.state}`);
            for (const { code, path, message } of one.findings)
              await writeLine(terminal.out, `  ${code} ${path === '' ? '' : `${path}: `}${message}`);
          }
        }
      };
      const options = sample === undefined ? {} : { sample };
      for (const path of paths.filter((one) => !accessions.includes(one))) await tell(verifyAt(resolve(path), options));
      if (accessions.length > 0 || paths.length === 0)
        await tell(verifyArchive(configOf(values.data, terminal), accessions, options));
      return worst;
      // 1 says of what was read that it has warnings; what cannot be read is worse.
    },
    weight.invalid,
  );
}
