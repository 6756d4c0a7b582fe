import { parseCommand } from '../arguments.ts';
import { exitCode, type Terminal, UsageError, writeLine } from '../terminal.ts';
import { configOf, keepData } from './keep-data.ts';

/** `vocabulary add FILE|URL | list | remove NAME`: vocabularies that terms are searched and studies found by. */
export async function vocabulary(args: string[], terminal: Terminal): Promise<number> {
  const { values, paths } = parseCommand(args, {
    data: { type: 'string' },
    name: { type: 'string' },
    json: { type: 'boolean' },
  });
  const [verb, what, ...more] = paths;
  const isGood = verb === 'list' ? what === undefined : (verb === 'add' || verb === 'remove') && what !== undefined;
  if (!isGood || more.length > 0) throw new UsageError('vocabulary takes: add FILE or URL, list, or remove NAME');
  return await keepData(terminal, async (maintenance) => {
    const config = configOf(values.data, terminal);
    if (verb === 'add') {
      const added = await maintenance.addVocabulary(
        config,
        what!,
        typeof values.name === 'string' ? values.name : undefined,
      );
      await writeLine(
        terminal.out,
        values.json
          ? JSON.stringify(added)
          : `${added.name}: ${added.terms} terms (${added.obsolete} obsolete)${added.release === undefined ? '' : `, release ${added.release}`}; ${added.studies} studies looked at anew`,
      );
      return exitCode.good;
    }
    if (verb === 'remove') {
      const wasThere = await maintenance.dropVocabulary(config, what!);
      await writeLine(terminal.err, wasThere ? `${what} is removed.` : `There is no vocabulary ${what}.`);
      return wasThere ? exitCode.good : exitCode.faulty;
    }
    const all = await maintenance.vocabulariesOf(config);
    if (values.json) await writeLine(terminal.out, JSON.stringify(all));
    else
      for (const { name, terms, release, source } of all)
        await writeLine(
          terminal.out,
          `${name.padEnd(30)} ${String(terms).padStart(9)} terms  ${release ?? ''}  ${source}`,
        );
    return exitCode.good;
  });
}
