/**
 * `npm run durability -- [--rounds N] [--seed S] [--states N | all] [--servers N] [--patience SECONDS] [--report FILE] [--continue FILE] [--scale [--swift] [--former FOLDER]]`: everything of the
 * failure model; writes docs/durability-report.md. With `--continue` what was done is kept in a file after each step and the same command goes on
 * with it; the report is written every twenty rounds, and Ctrl-C (or SIGTERM) ends in order, with everything read again. Last come rounds on several processes over one bucket; with `--scale` only these, and nothing is written;
 * with `--swift` the bucket is one of Debian's Swift, else of s3rver; with `--former FOLDER`, a checkout of another version with its packages installed, they are its processes at first, and are replaced one after the other.
 */
import { writeFileSync } from 'node:fs';
import { availableParallelism, cpus, totalmem, type } from 'node:os';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { type TrialReport, tryCrashes, tryFaults, tryKillsThenCuts } from './disk-trials.ts';
import { keepRun, keptRun, newRun } from './kept-run.ts';
import { killRounds } from './kill-rounds.ts';
import { tryWithTools } from './machine-tools.ts';
import { reportOf, scaleText } from './report.ts';
import { scaleRounds } from './scale-rounds.ts';
import { scenarios } from './scenarios.ts';

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '1000' },
    seed: { type: 'string', default: String(Date.now() % 2 ** 31) },
    // All of them are about twenty thousand: an hour and more.
    states: { type: 'string', default: '250' },
    servers: { type: 'string', default: String(availableParallelism()) },
    // A start, a read, an answer that takes longer counts as one that never comes.
    patience: { type: 'string', default: '120' },
    report: { type: 'string', default: fileURLToPath(new URL('../docs/durability-report.md', import.meta.url)) },
    continue: { type: 'string' },
    scale: { type: 'boolean', default: false },
    swift: { type: 'boolean', default: false },
    former: { type: 'string' },
  },
});
const rounds = Number(values.rounds);
let seed = Number(values.seed);
const servers = Number(values.servers);
const most = values.states === 'all' ? undefined : Number(values.states);
const patience = Number(values.patience);
if (![rounds, seed, servers, patience, most ?? 0].every((one) => Number.isSafeInteger(one) && one >= 0)) {
  console.error('--rounds, --seed, --servers, --patience and --states take whole numbers, --states also "all"');
  process.exit(2);
}
process.env['MICRARIUM_TRIAL_PATIENCE_S'] = String(patience);
const began = Date.now();
/** A line with the minutes so far. */
const say = (line: string) => console.log(`${((Date.now() - began) / 60_000).toFixed(1)} min  ${line}`);
const stateFile = values.continue;
let run = newRun(seed);
try {
  run = (stateFile === undefined ? undefined : keptRun(stateFile)) ?? run;
} catch (fault) {
  console.error(String(fault));
  process.exit(2);
}
// What was begun with one seed goes on with it.
seed = run.seed;
console.log(`Seed ${seed}, ${rounds} rounds, ${most ?? 'all'} states and faults of each deed`);
if (values.scale) {
  const report = await scaleRounds({ rounds, seed, say, former: values.former, isOverSwift: values.swift });
  console.log(scaleText(report));
  say(`${report.findings.length} findings`);
  process.exit(report.findings.length === 0 ? 0 : 1);
}

/** On several processes: each mishap three times. */
const roundsAtScale = Math.min(21, rounds);
const isAllDone = run.lines !== undefined && run.kills.rounds >= rounds;
if (!isAllDone) run.runs++;
const minutesBefore = run.minutes;
let isToStop = false;
for (const signal of ['SIGINT', 'SIGTERM'] as const)
  process.on(signal, () => {
    // A second one of somebody who cannot wait.
    if (isToStop) process.exit(1);
    isToStop = true;
    say('stopping: what is under way comes to its end');
  });

function keep(): void {
  run.minutes = minutesBefore + (Date.now() - began) / 60_000;
  if (stateFile !== undefined) keepRun(stateFile, run);
}

function writeReport(): void {
  const machine = `${cpus().length} cores (${cpus()[0]?.model ?? 'unknown'}), ${Math.round(totalmem() / 2 ** 30)} GB, ${type()}, Node ${process.versions.node}`;
  const { minutes, trials, kills, lines = [], runs, ended, scale } = run;
  const of = { servers: Math.min(servers, rounds), runs: { begun: runs, ended } };
  writeFileSync(values.report, reportOf({ seed, machine, most, minutes, trials, kills, lines, scale, ...of }));
}

function tell(report: TrialReport): void {
  run.trials.push(report);
  say(`${report.name}: ${report.tried} tried of ${report.of}, ${report.findings.length} findings`);
  for (const finding of report.findings.slice(0, 10)) console.log(`  ${finding}`);
}

run.process = process.pid;
keep();
/** Each attempt of each scenario tells one report: as many as there are, are done. */
const attempts = scenarios.flatMap((scenario) =>
  [tryCrashes, tryKillsThenCuts, tryFaults].map(
    (attempt) => () => attempt(scenario, { seed, ...(most === undefined ? {} : { most }) }),
  ),
);
for (const attempt of attempts.slice(run.trials.length)) {
  if (isToStop) break;
  tell(await attempt());
  keep();
}
if (run.lines === undefined && !isToStop) {
  const { reports, lines } = await tryWithTools(seed);
  reports.forEach(tell);
  lines.forEach(say);
  run.lines = lines;
  keep();
}
if (!isToStop)
  await killRounds({
    rounds,
    // Other numbers for each run: it begins on empty folders, and the same ones would do the same again.
    seed: seed + (run.runs - 1) * 1000,
    servers,
    say,
    report: run.kills,
    isToStop: () => isToStop,
    onRound(report, folders) {
      run.folders = [...folders];
      keep();
      if (stateFile !== undefined && report.rounds % 20 === 0) writeReport();
    },
  });
run.folders = [];
if (!isAllDone) run.ended++;
keep();
if (run.scale === undefined && roundsAtScale > 0 && !isToStop)
  try {
    run.scale = await scaleRounds({ rounds: roundsAtScale, seed, say, isOverSwift: values.swift });
  } catch (fault) {
    run.kills.findings.push(`several processes: ${String(fault)}`);
  }
delete run.process;
keep();
writeReport();
const findings = run.trials.reduce(
  (sum, one) => sum + one.findings.length,
  run.kills.findings.length + (run.scale?.findings.length ?? 0),
);
say(`${run.kills.rounds} of ${rounds} rounds of kills; ${findings} findings in all. Written: ${values.report}`);
process.exit(findings === 0 ? 0 : 1);
