import { loadMaintenance, readConfig, type ServerConfig, StartRefused } from '@micrarium/server';
import { exitCode, type Terminal, UsageError, writeLine } from '../terminal.ts';

/** The commands an operator keeps data with. */
export type Maintenance = Awaited<ReturnType<typeof loadMaintenance>>;

/** Settings of a command: the environment as for `serve`, and --data. */
export function configOf(data: unknown, terminal: Terminal): ServerConfig {
  return readConfig(typeof data === 'string' ? { data } : {}, terminal.environment);
}

/**
 * Runs a command; what stands in its way is said in a sentence.
 * @param refused exit code then
 */
export async function keepData(
  terminal: Terminal,
  work: (maintenance: Maintenance) => Promise<number>,
  refused: number = exitCode.faulty,
): Promise<number> {
  try {
    return await work(await loadMaintenance());
  } catch (fault) {
    const message = fault instanceof StartRefused ? fault.message : refusalOf(fault);
    if (message === undefined) throw fault;
    await writeLine(terminal.err, `micrarium: ${message}`);
    return refused;
  }
}

/** What an operator does about a refusal of the system; what is not here is a fault of the program. */
const remedies: Readonly<Record<string, string>> = {
  EACCES: 'this user may not do that there: run the command as the user the server runs as, or change owner and mode',
  EPERM: 'this user may not do that there: run the command as the user the server runs as, or change owner and mode',
  EROFS: 'the file system is mounted read-only',
  ENOSPC: 'the disk is full: make room and run the command again',
  EDQUOT: 'the quota of this user is used up: make room and run the command again',
  EIO: 'the disk cannot read or write there: look after it first',
  ENOENT: 'there is no such file or folder',
  ENOTDIR: 'a part of the path is a file, not a folder',
  EISDIR: 'that is a folder, and a file is wanted',
  EEXIST: 'that is there already, and no folder',
  ELOOP: 'the symbolic links lead in a circle',
  ENAMETOOLONG: 'the name is too long for this file system',
  // PostgreSQL: it was stopped, or is starting.
  '57P01': 'the database was stopped meanwhile, by a server or a command that ended: run the command again',
  '57P03': 'the database is starting or stopping: run the command again in a moment',
  ECONNREFUSED: 'the database does not answer: is it stopped meanwhile? Run the command again',
  ECONNRESET: 'the database was stopped meanwhile: run the command again',
  EMFILE: 'too many files are open: raise the limit (ulimit -n)',
};

/** A refusal of the system (no permission, no room, not there) in a sentence; `undefined` for what is none. */
function refusalOf(fault: unknown): string | undefined {
  for (let one = fault; one instanceof Error; one = one.cause) {
    const { code, path } = one as NodeJS.ErrnoException;
    const remedy = code === undefined ? undefined : remedies[code];
    if (remedy !== undefined) return `${path === undefined ? one.message : path}: ${remedy} (${code})`;
  }
  return undefined;
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
