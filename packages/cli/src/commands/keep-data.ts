import { loadMaintenance, readConfig, type ServerConfig, StartRefused } from '@micrarium/server';
import { exitCode, type Terminal, UsageError, writeLine } from '../terminal.ts';

/** The commands an operator keeps data with. */
export type Maintenance = Awaited<ReturnType<typeof loadMaintenance>>;

/** Settings of a command: the environment as for `serve`, and --data. */
export function configOf(data: unknown, terminal: Terminal): ServerConfig {
  return readConfig(typeof data === 'string' ? { data } : {}, terminal.environment);
}

/** Runs a command; what stands in its way is said in a sentence, with exit code 1. */
export async function keepData(
  terminal: Terminal,
  work: (maintenance: Maintenance) => Promise<number>,
): Promise<number> {
  try {
    return await work(await loadMaintenance());
  } catch (fault) {
    if (!(fault instanceof StartRefused)) throw fault;
    await writeLine(terminal.err, `micrarium: ${fault.message}`);
    return exitCode.faulty;
  }
}

/** A whole number of an option. @throws UsageError */
export function numberOption(value: unknown, name: string): number | undefined {
  if (value === undefined) return undefined;
  const number = Number(value);
  if (!Number.isFinite(number) || number < 0) throw new UsageError(`--${name} takes a number, not "${String(value)}"`);
  return number;
}

/** A size as people read it. */
export function sizeText(bytes: number): string {
  const units = ['bytes', 'kB', 'MB', 'GB', 'TB', 'PB'];
  const step = Math.min(units.length - 1, bytes < 1000 ? 0 : Math.floor(Math.log10(bytes) / 3));
  return `${step === 0 ? bytes : (bytes / 1000 ** step).toFixed(1)} ${units[step]!}`;
}
