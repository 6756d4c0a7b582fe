/**
 * Runs the benchmarks one after the other, prints a table and writes `docs/benchmarks.md`, all of it or nothing.
 *
 * npm run bench                 all at full size
 * npm run bench -- NAME…        only these; prints, and leaves the page alone
 * npm run bench -- NAME… --page  only these; writes their sections of the page anew, and says so there
 * npm run bench -- --quick      small sizes, to see that they run; leaves the page alone
 */
import { spawn } from 'node:child_process';
import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { availableParallelism, cpus, loadavg, release, totalmem, type } from 'node:os';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import type { Benchmark, Figure } from './figure.ts';
import { benchmarks } from './figures.ts';

const page = fileURLToPath(new URL('../docs/benchmarks.md', import.meta.url));

interface Run {
  benchmark: Benchmark;
  command: string;
  figures: readonly Figure[];
  notes: readonly string[];
  /** Load average over a minute before and after. */
  load: [before: number, after: number];
}

/** Runs one and answers the last line it prints, read as JSON. */
async function answerOf(script: string, args: readonly string[]): Promise<unknown> {
  const path = fileURLToPath(new URL(script, import.meta.url));
  const child = spawn(process.execPath, [path, ...args], { stdio: ['ignore', 'pipe', 'inherit'] });
  let printed = '';
  child.stdout.on('data', (part: Buffer) => (printed += part.toString()));
  const code = await new Promise<number | null>((resolve, reject) => child.on('error', reject).on('close', resolve));
  if (code !== 0) throw new Error(`${script} ended with ${code}`);
  return JSON.parse(printed.trim().split('\n').at(-1)!);
}

async function runOne(benchmark: Benchmark, isQuick: boolean): Promise<Run> {
  const args = isQuick ? benchmark.quick : (benchmark.args ?? []);
  const before = loadavg()[0]!;
  const { figures, notes = [] } = benchmark.read(await answerOf(benchmark.script, args));
  const command = ['node', `benchmarks/${benchmark.script}`, ...args].join(' ');
  return { benchmark, command, figures, notes, load: [before, loadavg()[0]!] };
}

const header = '| | ours | beside it | ours to theirs | our peak memory | theirs |\n|---|---|---|---|---|---|';

/** Numbers with as many digits as mean something. */
function written(value: number, unit: string): string {
  const digits = value >= 100 ? 0 : value >= 10 ? 1 : 2;
  return `${value.toFixed(digits)} ${unit}`;
}

function lineOf({ what, unit, ours, theirs, peakMegabytes }: Figure): string {
  const memory = (value: number | undefined): string => (value === undefined ? '' : `${Math.round(value)} MB`);
  const cells = [
    what,
    written(ours, unit),
    theirs === undefined ? 'not here' : written(theirs, unit),
    theirs === undefined ? '' : (ours / theirs).toFixed(2),
    memory(peakMegabytes?.ours),
    memory(peakMegabytes?.theirs),
  ];
  return `| ${cells.join(' | ')} |`;
}

function tableOf({ figures }: Run): string {
  return [header, ...figures.map(lineOf)].join('\n');
}

function sectionOf(run: Run, isLater = false): string {
  const { benchmark, command, load, notes } = run;
  return [
    `## ${benchmark.title}`,
    benchmark.about,
    `Beside it: ${benchmark.peer}. Floor: ${benchmark.floor}.`,
    tableOf(run),
    ...notes,
    `\`${command}\`, load average ${load[0].toFixed(1)} before and ${load[1].toFixed(1)} after.${isLater ? ` Measured again ${new Date().toISOString().slice(0, 10)}, by itself.` : ''}`,
  ].join('\n\n');
}

function pageOf(runs: readonly Run[]): string {
  const cores = availableParallelism();
  const memory = (totalmem() / 1e9).toFixed(0);
  return `${[
    '# Benchmarks',
    'Written by `npm run bench`, which measures what a person would wait for beside what they would run instead, one after the other in the same run, each in a process of its own. Memory is the largest resident size of that process, in units of 10^6 bytes. Processor time counts all threads; it tells more than seconds where other work runs on the machine, which the load average shows (its own work counts for about one).',
    `Measured ${new Date().toISOString().slice(0, 10)} on ${cores} cores (${cpus()[0]?.model ?? 'unknown processor'}), ${memory} GB of memory, ${type()} ${release()}, Node ${process.version}.`,
    ...runs.map((run) => sectionOf(run)),
  ].join('\n\n')}\n`;
}

/** The page with some sections written anew; the others stay as they are. */
function pageWith(old: string, some: readonly Run[]): string {
  const sections = old.trimEnd().split(/\n\n(?=## )/);
  for (const run of some) {
    const at = sections.findIndex((section) => section.startsWith(`## ${run.benchmark.title}\n`));
    // A benchmark that the page does not know yet comes last.
    if (at < 0) sections.push(sectionOf(run, true));
    else sections[at] = sectionOf(run, true);
  }
  return `${sections.join('\n\n')}\n`;
}

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { quick: { type: 'boolean' }, page: { type: 'boolean' } },
});
const unknown = positionals.filter((name) => !benchmarks.some((one) => one.name === name));
if (unknown.length > 0) {
  console.error(
    `There is no benchmark ${unknown.join(', ')}. There are: ${benchmarks.map(({ name }) => name).join(', ')}.`,
  );
  process.exit(2);
}
const chosen = benchmarks.filter(({ name }) => positionals.length === 0 || positionals.includes(name));
const runs: Run[] = [];
for (const benchmark of chosen) {
  console.log(`${benchmark.title}…`);
  const run = await runOne(benchmark, values.quick === true);
  console.log(`${tableOf(run)}\n${run.notes.join('\n')}\n`);
  runs.push(run);
}
if (values.quick || (positionals.length > 0 && !values.page))
  console.log('docs/benchmarks.md is left as it is: not all was measured at full size.');
else {
  writeFileSync(`${page}.new`, positionals.length > 0 ? pageWith(readFileSync(page, 'utf8'), runs) : pageOf(runs));
  renameSync(`${page}.new`, page);
  console.log('docs/benchmarks.md is written.');
}
