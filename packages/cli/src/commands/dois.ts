import { parseCommand } from '../arguments.ts';
import { exitCode, type Terminal, UsageError, writeLine } from '../terminal.ts';
import { configOf, keepData } from './keep-data.ts';

/** `dois check`: compares DOIs with what the registrar holds. Exit code 1 where one differs and is not told again, or was not answered for. */
export async function dois(args: string[], terminal: Terminal): Promise<number> {
  const { values, paths } = parseCommand(args, {
    data: { type: 'string' },
    repair: { type: 'boolean' },
    json: { type: 'boolean' },
  });
  const [what, accession] = paths;
  if (what !== 'check' || paths.length > 2) throw new UsageError('dois takes the word check, and one study at most');
  const stop = new AbortController();
  const onSignal = () => stop.abort();
  process.once('SIGINT', onSignal);
  try {
    return await keepData(terminal, async (maintenance) => {
      const report = await maintenance.doisCheck(configOf(values.data, terminal), {
        accession,
        repair: values.repair === true,
        signal: stop.signal,
      });
      const { isWhole, checked, waiting, unanswered, fault, different } = report;
      const isGood = isWhole && different.every(({ isToldAgain }) => isToldAgain === true);
      if (values.json) await writeLine(terminal.out, JSON.stringify({ good: isGood, ...report }));
      else {
        await writeLine(terminal.out, `${checked} DOIs compared: ${different.length} differ; ${waiting} not told yet`);
        if (unanswered > 0) await writeLine(terminal.out, `${unanswered} without an answer: ${fault ?? ''}`);
        for (const { doi, differences, isToldAgain } of different) {
          const after = isToldAgain === undefined ? '' : isToldAgain ? '; told again' : '; cannot be mended from here';
          for (const { code, wanted, held, fields } of differences)
            await writeLine(
              terminal.out,
              `  ${code} ${doi}: ${fields?.join(', ') ?? `${held} instead of ${wanted}`}${after}`,
            );
        }
      }
      return isGood ? exitCode.good : exitCode.faulty;
    });
  } finally {
    process.off('SIGINT', onSignal);
  }
}
