import { type Terminal, UsageError, exitCode, writeLine } from './terminal.ts';

/** A command, loaded when it is called. */
type Command = (args: string[], terminal: Terminal) => Promise<number>;

const commands: Readonly<Record<string, () => Promise<Command>>> = {
  inspect: async () => (await import('./commands/inspect.ts')).inspect,
  validate: async () => (await import('./commands/validate.ts')).validate,
  convert: async () => (await import('./commands/convert.ts')).convert,
  look: async () => (await import('./commands/look.ts')).look,
  names: async () => (await import('./commands/names.ts')).names,
  vocabulary: async () => (await import('./commands/vocabulary.ts')).vocabulary,
  metadata: async () => (await import('./commands/metadata.ts')).metadata,
  measure: async () => (await import('./commands/measure.ts')).measure,
  sql: async () => (await import('./commands/sql.ts')).sql,
  score: async () => (await import('./commands/score.ts')).score,
  fair: async () => (await import('./commands/fair.ts')).fair,
  deposit: async () => (await import('./commands/deposit.ts')).deposit,
  fixity: async () => (await import('./commands/fixity.ts')).fixity,
  verify: async () => (await import('./commands/verify.ts')).verify,
  rebuild: async () => (await import('./commands/rebuild.ts')).rebuild,
  backup: async () => (await import('./commands/backup.ts')).backup,
  restore: async () => (await import('./commands/restore.ts')).restore,
  audit: async () => (await import('./commands/audit.ts')).audit,
  dois: async () => (await import('./commands/dois.ts')).dois,
  usage: async () => (await import('./commands/usage.ts')).usage,
  citations: async () => (await import('./commands/citations.ts')).citations,
  serve: async () => (await import('./commands/serve.ts')).serve,
};

/**
 * Runs one command line and answers its exit code.
 * @param args without the program: `['inspect', 'film.tif', '--json']`
 */
export async function run(args: readonly string[], terminal: Terminal): Promise<number> {
  const [name, ...rest] = args;
  try {
    if (name === '--version' || name === '-V') {
      const { readFile } = await import('node:fs/promises');
      const about = JSON.parse(await readFile(new URL('../package.json', import.meta.url), 'utf8')) as {
        version: string;
      };
      await writeLine(terminal.out, about.version);
      return exitCode.good;
    }
    if (name === undefined || name === 'help' || name === '--help' || name === '-h' || asksForHelp(rest)) {
      const { helpFor } = await import('./help.ts');
      const topic = name === 'help' ? rest[0] : name?.startsWith('-') ? undefined : name;
      await writeLine(name === undefined ? terminal.err : terminal.out, helpFor(topic));
      return name === undefined ? exitCode.usage : exitCode.good;
    }
    const load = Object.hasOwn(commands, name) ? commands[name] : undefined;
    if (!load) throw new UsageError(`there is no command "${name}"`);
    return await (await load())(rest, terminal);
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    await writeLine(terminal.err, `micrarium: ${error.message}`);
    await writeLine(
      terminal.err,
      `Try: npx micrarium ${name && Object.hasOwn(commands, name) ? `${name} ` : ''}--help`,
    );
    return exitCode.usage;
  }
}

function asksForHelp(args: readonly string[]): boolean {
  const end = args.indexOf('--');
  return (end < 0 ? args : args.slice(0, end)).some((arg) => arg === '--help' || arg === '-h');
}
