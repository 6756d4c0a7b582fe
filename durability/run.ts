/**
 * `npm run durability -- [--rounds N] [--seed S] [--states N | all] [--servers N] [--report FILE] [--scale]`: everything of the failure model;
 * writes docs/durability-report.md. With `--scale` only the rounds on several processes over one bucket, and nothing is written.
 */
import { writeFileSync } from 'node:fs';
import { availableParallelism, cpus, totalmem, type } from 'node:os';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { type TrialReport, tryCrashes, tryFaults, tryKillsThenCuts } from './disk-trials.ts';
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
    report: { type: 'string', default: fileURLToPath(new URL('../docs/durability-report.md', import.meta.url)) },
    scale: { type: 'boolean', default: false },
  },
});
const rounds = Number(values.rounds);
const seed = Number(values.seed);
const servers = Number(values.servers);
const most = values.states === 'all' ? undefined : Number(values.states);
if (![rounds, seed, servers, most ?? 0].every((one) => Number.isSafeInteger(one) && one >= 0)) {
  console.error('--rounds, --seed, --servers and --states take whole numbers, --states also "all"');
  process.exit(2);
}
const began = Date.now();
/** A line with the minutes so far. */
const say = (line: string) => console.log(`${((Date.now() - began) / 60_000).toFixed(1)} min  ${line}`);
console.log(`Seed ${seed}, ${rounds} rounds, ${most ?? 'all'} states and faults of each deed`);
if (values.scale) {
  const report = await scaleRounds(rounds, seed, say);
  console.log(scaleText(report));
  say(`${report.findings.length} findings`);
  process.exit(report.findings.length === 0 ? 0 : 1);
}

const trials: TrialReport[] = [];
function tell(report: TrialReport): void {
  trials.push(report);
  say(`${report.name}: ${report.tried} tried of ${report.of}, ${report.findings.length} findings`);
  for (const finding of report.findings.slice(0, 10)) console.log(`  ${finding}`);
}
for (const scenario of scenarios)
  for (const attempt of [tryCrashes, tryKillsThenCuts, tryFaults])
    tell(await attempt(scenario, { seed, ...(most === undefined ? {} : { most }) }));
const { reports, lines } = await tryWithTools(seed);
reports.forEach(tell);
lines.forEach(say);
const kills = await killRounds({ rounds, seed, servers, say });
const machine = `${cpus().length} cores (${cpus()[0]?.model ?? 'unknown'}), ${Math.round(totalmem() / 2 ** 30)} GB, ${type()}, Node ${process.versions.node}`;
const minutes = (Date.now() - began) / 60_000;
const text = reportOf({ seed, machine, most, minutes, trials, kills, servers: Math.min(servers, rounds), lines });
writeFileSync(values.report, text);
const findings = trials.reduce((sum, one) => sum + one.findings.length, kills.findings.length);
say(`${kills.rounds} rounds of kills; ${findings} findings in all. Written: ${values.report}`);
process.exit(findings === 0 ? 0 : 1);
