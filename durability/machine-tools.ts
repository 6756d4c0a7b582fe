import { execFileSync, spawnSync } from 'node:child_process';
import { accessSync, constants, mkdtempSync, openSync, closeSync, ftruncateSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { examine, type TrialReport } from './disk-trials.ts';
import { type Scenario, scenarios, startOn } from './scenarios.ts';

/** What tools of the machine found, and a line about each of them. */
export interface ToolsReport {
  reports: TrialReport[];
  lines: string[];
}

const deedProcess = fileURLToPath(new URL('deed-process.ts', import.meta.url));

function isInstalled(tool: string): boolean {
  return (process.env['PATH'] ?? '').split(delimiter).some((folder) => {
    try {
      accessSync(join(folder, tool), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}

/** The same deeds under what the system itself can be made to do wrong, where its tools are there and allowed. */
export async function tryWithTools(seed: number): Promise<ToolsReport> {
  const lines: string[] = [];
  const reports: TrialReport[] = [];
  for (const attempt of [trySmallDisk, () => tryFailingCalls(seed), tryOtherClocks]) {
    const { line, report } = await attempt();
    lines.push(line);
    if (report) reports.push(report);
  }
  return { reports, lines };
}

interface ToolTried {
  line: string;
  report?: TrialReport;
}

/** Bytes of the small file system, and what is left of them when a deed begins. */
const smallSize = 2 * 2 ** 20;
const leftOver = [0, 1, 2, 3, 4, 6, 8, 12, 16, 24].map((pages) => pages * 4096);

/** A file system of two megabytes that is full but for some pages: what is really said by a full disk, and how it really ends. */
async function trySmallDisk(): Promise<ToolTried> {
  const place = mkdtempSync(join(tmpdir(), 'micrarium-small-'));
  const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', `size=${smallSize}`, 'tmpfs', place], { encoding: 'utf8' });
  if (mounted.status !== 0) {
    rmSync(place, { recursive: true });
    const why = (mounted.stderr || mounted.error?.message || '').trim().split('\n')[0];
    return { line: `tmpfs: not permitted here, left out (${why})` };
  }
  const of = `${leftOver.length} amounts of free space of each of ${scenarios.length} deeds`;
  const report: TrialReport = { name: 'a full tmpfs', tried: 0, of, findings: [] };
  try {
    for (const scenario of scenarios)
      for (const left of leftOver) {
        const folder = join(place, `data-${report.tried++}`);
        const label = `${scenario.name}, ${left} bytes free`;
        for (const fault of await onFullDisk(scenario, folder, join(place, 'ballast'), left))
          report.findings.push(`${label}: ${fault}`);
        rmSync(folder, { recursive: true, force: true });
      }
  } finally {
    execFileSync('umount', [place]);
    rmSync(place, { recursive: true });
  }
  return { line: `tmpfs: a file system of ${smallSize / 2 ** 20} MB, full but for some pages`, report };
}

async function onFullDisk(scenario: Scenario, folder: string, ballast: string, left: number): Promise<string[]> {
  const storage = await startOn(folder);
  await scenario.prepare(storage);
  const promised = new Set<string>();
  const note = (fact: string) => void promised.add(fact);
  fill(ballast, left);
  await scenario.act(storage, note).catch(() => {});
  rmSync(ballast);
  try {
    // The disk has room again, and the same process goes on.
    await scenario.act(storage, note);
    return await scenario.check(storage, folder, promised);
  } catch (fault) {
    return [`then there was room again: ${String(fault)}`];
  }
}

/** Takes all the space of a file system but some bytes. */
function fill(path: string, left: number): void {
  const file = openSync(path, 'w');
  const block = new Uint8Array(4096);
  let size = 0;
  try {
    for (;;) size += writeSync(file, block);
  } catch (fault) {
    if ((fault as NodeJS.ErrnoException).code !== 'ENOSPC') throw fault;
  }
  ftruncateSync(file, Math.max(0, size - left));
  closeSync(file);
}

/** Does a deed in a process with something around it, then starts on what it left. */
async function around(scenario: Scenario, tool: readonly string[], label: string, report: TrialReport): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'micrarium-around-'));
  try {
    await scenario.prepare(await startOn(folder));
    const [command, ...args] = [...tool, process.execPath, deedProcess, scenario.name, folder];
    const { stdout, error } = spawnSync(command!, args, { encoding: 'utf8', timeout: 120_000 });
    report.tried++;
    // One whose runtime cannot even wake its own threads is aborted, which is as good as a kill; one that hangs is not.
    if (error) report.findings.push(`${label}: the process did not end: ${error.message}`);
    const promised = new Set(stdout.split('\n').filter((line) => line !== ''));
    for (const fault of await examine(scenario, folder, promised)) report.findings.push(`${label}: ${fault}`);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Calls that fail by libfiu (`fiu-run`), together, and the code they fail with. */
const failing = [
  { calls: ['sync/fsync', 'sync/fdatasync', 'dir/rename'], code: 5, name: 'EIO' },
  { calls: ['rw/write', 'rw/pwrite'], code: 28, name: 'ENOSPC' },
] as const;

/** Calls of the system fail now and then below the runtime, as `fiu-run -x` makes them. */
async function tryFailingCalls(seed: number): Promise<ToolTried> {
  if (!isInstalled('fiu-run')) return { line: 'fiu-run: not on this machine, left out (Debian: fiu-utils)' };
  const of = `${failing.length} kinds of failure in each of ${scenarios.length} deeds`;
  const report: TrialReport = { name: 'fiu-run', tried: 0, of, findings: [] };
  for (const [at, scenario] of scenarios.entries())
    for (const { calls, code, name } of failing) {
      const probability = [0.1, 0.3, 0.6][(seed + at) % 3]!;
      const faults = calls.flatMap((call) => [
        '-c',
        `enable_random name=posix/io/${call},probability=${probability},failinfo=${code}`,
      ]);
      // No control over named pipes: nothing is left behind.
      const label = `${scenario.name}, ${calls.join(' and ')} fail with ${name} at ${probability}`;
      await around(scenario, ['fiu-run', '-x', '-f', '', ...faults], label, report);
    }
  return { line: 'fiu-run: sync, rename and write fail now and then', report };
}

/** The clock of the process is elsewhere (`faketime`), and the next start has the right one again. */
async function tryOtherClocks(): Promise<ToolTried> {
  if (!isInstalled('faketime')) return { line: 'faketime: not on this machine, left out (Debian: faketime)' };
  const clocks = ['-1h', '+10y'];
  const of = `${clocks.length} clocks of each of ${scenarios.length} deeds`;
  const report: TrialReport = { name: 'faketime', tried: 0, of, findings: [] };
  for (const scenario of scenarios)
    for (const clock of clocks)
      await around(scenario, ['faketime', '-f', clock], `${scenario.name}, the clock ${clock}`, report);
  return { line: `faketime: clocks ${clocks.join(', ')} from the right one`, report };
}
