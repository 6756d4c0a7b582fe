/**
 * `npm run durability -- [--rounds N] [--seed S] [--states N] [--scale]`: everything of the failure model; writes docs/durability-report.md.
 * With `--scale` only the rounds on several processes over one bucket, and nothing is written.
 */
import { writeFileSync } from 'node:fs';
import { cpus, totalmem, type } from 'node:os';
import { parseArgs } from 'node:util';
import { type TrialReport, tryCrashes, tryFaults } from './disk-trials.ts';
import { killRounds } from './kill-rounds.ts';
import { reportOf, scaleText } from './report.ts';
import { scaleRounds } from './scale-rounds.ts';
import { scenarios } from './scenarios.ts';

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '1000' },
    seed: { type: 'string', default: String(Date.now() % 2 ** 31) },
    states: { type: 'string' },
    scale: { type: 'boolean', default: false },
  },
});
const rounds = Number(values.rounds);
const seed = Number(values.seed);
const most = values.states === undefined ? undefined : Number(values.states);
if (![rounds, seed, most ?? 0].every((one) => Number.isSafeInteger(one) && one >= 0)) {
  console.error('--rounds, --seed and --states take whole numbers');
  process.exit(2);
}
console.log(`Seed ${seed}, ${rounds} rounds`);
const began = Date.now();
if (values.scale) {
  const report = await scaleRounds(rounds, seed, (line) => console.log(line));
  console.log(scaleText(report));
  console.log(`${Math.round((Date.now() - began) / 1000)} s; ${report.findings.length} findings`);
  process.exit(report.findings.length === 0 ? 0 : 1);
}
const trials: TrialReport[] = [];
for (const scenario of scenarios)
  for (const attempt of [tryCrashes, tryFaults]) {
    const report = await attempt(scenario, { seed, ...(most === undefined ? {} : { most }) });
    trials.push(report);
    console.log(`${report.name}: ${report.tried} tried, ${report.findings.length} findings`);
    for (const finding of report.findings.slice(0, 10)) console.log(`  ${finding}`);
  }
const kills = await killRounds(rounds, seed, (line) => console.log(line));
const machine = `${cpus().length} cores (${cpus()[0]?.model ?? 'unknown'}), ${Math.round(totalmem() / 2 ** 30)} GB, ${type()}, Node ${process.versions.node}`;
const text = reportOf({ seed, machine, most, minutes: (Date.now() - began) / 60_000, trials, kills });
writeFileSync(new URL('../docs/durability-report.md', import.meta.url), text);
const findings = trials.reduce((sum, one) => sum + one.findings.length, kills.findings.length);
console.log(`${kills.rounds} rounds of kills; ${findings} findings in all. Written: docs/durability-report.md`);
process.exitCode = findings === 0 ? 0 : 1;
