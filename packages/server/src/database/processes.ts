import { execFileSync } from 'node:child_process';
import { readFileSync, readdirSync, readlinkSync } from 'node:fs';

/** Is there a process of this id? One of another user counts. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (fault) {
    return (fault as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** Reads a file of `/proc`, `undefined` where it is not there. */
function procFile(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}

/** Asks `ps` on systems without `/proc`. */
function ps(pid: number, column: string): string | undefined {
  try {
    return execFileSync('ps', ['-p', String(pid), '-o', `${column}=`], { encoding: 'utf8' }).trim() || undefined;
  } catch {
    return undefined;
  }
}

/**
 * A text that differs between two processes that got the same id one after the other: boot id and start time in clock
 * ticks where there is `/proc`, else the start time as `ps` prints it. `undefined` where there is no such process.
 */
export function startMark(pid: number): string | undefined {
  if (process.platform === 'linux') {
    const stat = procFile(`/proc/${pid}/stat`);
    if (stat === undefined) return undefined;
    // The name in parentheses may hold spaces and parentheses; the 22nd field counts from after the last one.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return `${procFile('/proc/sys/kernel/random/boot_id')?.trim() ?? ''}/${fields[19]}`;
  }
  return ps(pid, 'lstart');
}

/** Is the process gone, or only a zombie nobody has waited for yet? */
export function isGone(pid: number): boolean {
  if (!isAlive(pid)) return true;
  const stat = process.platform === 'linux' ? procFile(`/proc/${pid}/stat`) : undefined;
  return stat !== undefined && stat.slice(stat.lastIndexOf(')') + 2).startsWith('Z');
}

/** Command line of a process, words joined by spaces; `''` where it cannot be read. */
export function commandLine(pid: number): string {
  if (process.platform === 'linux') return (procFile(`/proc/${pid}/cmdline`) ?? '').replaceAll('\0', ' ').trim();
  return ps(pid, 'command') ?? '';
}

/** Ids of the processes that work in a folder (PostgreSQL's all do in their cluster). Empty without `/proc`. */
export function processesIn(folder: string): number[] {
  if (process.platform !== 'linux') return [];
  const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  return pids.map(Number).filter((pid) => {
    try {
      return readlinkSync(`/proc/${pid}/cwd`) === folder;
    } catch {
      return false;
    }
  });
}

/** Waits until a condition holds; `false` when it did not within the time. */
export async function until(isSo: () => boolean, milliseconds: number): Promise<boolean> {
  const end = Date.now() + milliseconds;
  while (!isSo()) {
    if (Date.now() > end) return false;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return true;
}
