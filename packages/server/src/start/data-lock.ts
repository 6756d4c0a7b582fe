import { closeSync, openSync, readFileSync, renameSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { isGone, startMark } from '../database/processes.ts';
import { StartRefused } from './start-refused.ts';

/** Who holds a data folder. */
interface Holder {
  pid: number;
  /** Tells the process from a later one of the same id. */
  mark: string;
  url?: string;
}

function readHolder(file: string): Holder | undefined {
  try {
    const holder = JSON.parse(readFileSync(file, 'utf8')) as Holder;
    return typeof holder.pid === 'number' && typeof holder.mark === 'string' ? holder : undefined;
  } catch {
    return undefined;
  }
}

function isHeld(holder: Holder): boolean {
  return !isGone(holder.pid) && startMark(holder.pid) === holder.mark;
}

/** Makes the file, with its content, only if it is not there. */
function writeNew(file: string, text: string): boolean {
  try {
    const handle = openSync(file, 'wx', 0o644);
    writeSync(handle, text);
    closeSync(handle);
    return true;
  } catch (fault) {
    if ((fault as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw fault;
  }
}

/** A held data folder. */
export interface DataLock {
  release(): void;
}

/**
 * Takes the data folder for this process: a file `micrarium.lock` with process id and start time. It is stolen only from
 * a process that is dead, never by age.
 * @throws StartRefused when a living server holds it
 */
export function takeDataLock(dataFolder: string): DataLock {
  const file = join(dataFolder, 'micrarium.lock');
  const mine: Holder = { pid: process.pid, mark: startMark(process.pid) ?? '' };
  const text = `${JSON.stringify(mine)}\n`;
  for (let tries = 0; !writeNew(file, text); tries++) {
    const holder = readHolder(file);
    if ((holder && isHeld(holder)) || tries > 10) {
      throw new StartRefused(
        `Another Micrarium server (process ${holder?.pid ?? 'unknown'}) is using the data folder ${dataFolder}. ` +
          'Stop it first, or name another folder with --data.',
      );
    }
    // Renaming away is atomic: of two servers that find the same dead holder only one gets the file out of the way.
    const grave = `${file}.${process.pid}.dead`;
    try {
      renameSync(file, grave);
      const buried = readHolder(grave);
      if (buried && isHeld(buried)) renameSync(grave, file);
      else rmSync(grave);
    } catch (fault) {
      if ((fault as NodeJS.ErrnoException).code !== 'ENOENT') throw fault;
    }
  }
  return {
    release() {
      if (readHolder(file)?.mark === mine.mark) rmSync(file, { force: true });
    },
  };
}
