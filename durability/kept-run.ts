import { existsSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import type { RoundsReport } from './deeds.ts';
import type { TrialReport } from './disk-trials.ts';
import { emptyReport } from './kill-rounds.ts';
import type { ScaleReport } from './scale-rounds.ts';

/** What a run has done so far, in a file: a run that is cut is gone on with. */
export interface KeptRun {
  seed: number;
  /** How often it was begun or gone on with. */
  runs: number;
  /** Runs that came to their end, where everything of their servers was read again. */
  ended: number;
  minutes: number;
  trials: TrialReport[];
  /** Of the tools of the machine; left out until they were tried. */
  lines?: string[];
  kills: RoundsReport;
  /** Rounds on several processes, done last. */
  scale?: ScaleReport;
  /** Process at work on it, and the data folders of its servers. */
  process?: number;
  folders: string[];
}

/** A run of which nothing is done. */
export function newRun(seed: number): KeptRun {
  return { seed, runs: 0, ended: 0, minutes: 0, trials: [], kills: emptyReport(), folders: [] };
}

/** Writes it down, whole or not at all. */
export function keepRun(file: string, run: KeptRun): void {
  writeFileSync(`${file}.new`, `${JSON.stringify(run)}\n`);
  renameSync(`${file}.new`, file);
}

/**
 * The run kept in a file, if there is one; what a killed one left of servers and data is taken away.
 * @throws Error where a living process is at work on it
 */
export function keptRun(file: string): KeptRun | undefined {
  if (!existsSync(file)) return undefined;
  const run = JSON.parse(readFileSync(file, 'utf8')) as KeptRun;
  if (run.process !== undefined && commandOf(run.process).includes('durability'))
    throw new Error(`Process ${run.process} is at work on ${file}`);
  for (const folder of run.folders) {
    for (const pid of readdirSync('/proc').map(Number))
      if (
        pid > 0 &&
        pid !== process.pid &&
        commandOf(pid)
          .split('\0')
          .some((word) => word.startsWith(folder))
      )
        process.kill(pid, 'SIGKILL');
    rmSync(folder, { recursive: true, force: true });
  }
  const { process: _, ...rest } = run;
  // Rounds that were begun and not ended count for nothing.
  return { ...rest, folders: [], kills: { ...run.kills, rounds: run.kills.lasted.length } };
}

function commandOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8');
  } catch {
    // It ended, or there is no such folder here.
    return '';
  }
}
