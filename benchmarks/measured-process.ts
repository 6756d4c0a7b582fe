import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { fileEntry } from '../packages/formats/src/bytes/node-file.ts';
import { fileTree } from '../packages/formats/src/bytes/file-tree.ts';
import type { FormatId } from '../packages/formats/src/recognition/format-id.ts';
import type { Item } from '../packages/formats/src/recognition/item.ts';

/*
 * What every benchmark of this folder needs: work in a process of its own, so that its peak memory is its own (a child's
 * starts from its parent's, so inputs are made in processes of their own too), and the costs of it.
 */

/** Costs of a piece of work, as printed by the process that did it. */
export interface Costs {
  seconds: number;
  /** Processor time of all threads: what to compare on a machine that others use too. */
  cpuSeconds: number;
  /** Largest resident size of the process, in units of 10^6 bytes. */
  peakMegabytes: number;
}

/** Costs of this process, with the seconds since a moment of `performance.now()`. */
export function costsSince(started: number): Costs {
  const { user, system } = process.cpuUsage();
  return {
    seconds: (performance.now() - started) / 1000,
    cpuSeconds: (user + system) / 1e6,
    peakMegabytes: (process.resourceUsage().maxRSS * 1024) / 1e6,
  };
}

/** Path of a file beside the benchmarks. */
export function beside(name: string): string {
  return fileURLToPath(new URL(name, import.meta.url));
}

/** Runs a program to its end; what it prints to standard error is shown. @returns its last line, read as JSON */
export function answerOf<Answer>(command: string, args: readonly string[]): Answer {
  const output = execFileSync(command, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] });
  return JSON.parse(output.trim().split('\n').at(-1)!) as Answer;
}

/** Runs a script of this folder to its end, for what it leaves behind. */
export function make(script: string, ...args: readonly string[]): void {
  execFileSync(process.execPath, [beside(script), ...args], { stdio: ['ignore', 'ignore', 'inherit'] });
}

/** The Python the peers run in. */
export const python = '/usr/bin/python3';

/** Are these Python modules here? Where they are not, the peer is left out and said so. */
export function hasModules(...modules: readonly string[]): boolean {
  try {
    execFileSync(python, ['-c', `import ${modules.join(', ')}`], { stdio: 'ignore' });
    return true;
  } catch {
    console.error(`Without the peer: ${python} with ${modules.join(', ')} is not here.`);
    return false;
  }
}

/** A file on disk as an item of a known format; `close` gives its handle back. */
export async function itemOf(
  path: string,
  name: string,
  format: FormatId,
): Promise<{ item: Item; close(): Promise<void> }> {
  const entry = await fileEntry(path, name);
  const item: Item = {
    path: name,
    files: [entry],
    tree: fileTree('', [entry]),
    format,
    recognition: { score: 1, reason: 'made by this benchmark' },
  };
  return { item, close: async () => entry.close?.() };
}
