import { failureModel } from './failure-model.ts';
import type { TrialReport } from './disk-trials.ts';
import type { RoundsReport } from './deeds.ts';
import type { ScaleReport } from './scale-rounds.ts';

/** Everything a run of `npm run durability` has to say. */
export interface RunReport {
  seed: number;
  machine: string;
  /** States and faults at most for each deed; `undefined`: all. */
  most: number | undefined;
  minutes: number;
  trials: readonly TrialReport[];
  kills: RoundsReport;
  /** Servers that the rounds were spread over. */
  servers: number;
  /** How often the rounds were begun or gone on with, and how often they came to the end where everything is read again. */
  runs: { begun: number; ended: number };
  /** Lines of what tools of the machine tried, or that they are not there. */
  lines: readonly string[];
  /** Rounds on several processes over one bucket; left out until they are done. */
  scale?: ScaleReport | undefined;
}

const listed = (counts: Record<string, number>) =>
  Object.entries(counts)
    .map(([what, count]) => `${what} ${count}`)
    .join(', ');

/** Median and longest, in words. */
function quantiles(milliseconds: readonly number[]): string {
  const sorted = milliseconds.toSorted((a, b) => a - b);
  const of = (share: number) => ((sorted[Math.floor(share * (sorted.length - 1))] ?? 0) / 1000).toFixed(1);
  return `median ${of(0.5)} s, longest ${of(1)} s`;
}

/** What the rounds on several processes did. */
export function scaleText(scale: ScaleReport): string {
  return `${scale.rounds} rounds on two web processes and two workers over one PostgreSQL and one bucket (${scale.storage}), behind a proxy that gives each request to the next web
process: ${listed(scale.byDeed)}. What went wrong: ${listed(scale.byDeath)}. ${scale.interrupted} mishaps came before the deed was answered.
Meanwhile readers were answered ${scale.reads} times with the right bytes, and turned away ${scale.turnedAway} times (no answer, 500, 502 or 503). From the mishap to the end of the
deed: ${quantiles(scale.recoveries)}. At the end: ${scale.studies} studies with ${scale.versions} versions in the bucket, every byte compared, no intent left.`;
}

/** The failure model as a table. */
function modelRows(): string {
  return failureModel
    .map(({ fault, at, here, tests }) => {
      const named = tests.map((one) => `\`${one.replace(' › ', '` › ')}`).join('; ');
      return `| ${fault} | ${at} | ${here === '' ? '' : `here: ${here}`}${here === '' || named === '' ? '' : '; '}${named} |`;
    })
    .join('\n');
}

/** The report as a page of the documentation. */
export function reportOf({
  seed,
  machine,
  most,
  minutes,
  trials,
  kills,
  servers,
  runs,
  lines,
  scale,
}: RunReport): string {
  const rounds = [
    { name: 'kills', findings: kills.findings },
    { name: 'several processes', findings: scale?.findings ?? [] },
  ];
  const findings = [...trials, ...rounds].flatMap(({ name, findings: found }) =>
    found.map((one) => `- ${name}: ${one}`),
  );
  const inRuns =
    runs.begun <= 1 ? '' : `, in ${runs.begun} runs on new data folders, of which ${runs.ended} came to their end`;
  return `# Durability: what was tried, and what it found

Written by \`npm run durability\` (\`durability/\`); do not edit. A short form runs in \`npm test\` (\`tests/server/durability.test.ts\`; 20 rounds of kills: \`tests/journeys/kill.test.ts\`).

- Machine: ${machine}
- Seed: ${seed} (\`--seed\`), ${Math.round(minutes)} minutes${most === undefined ? '' : `, at most ${most} states and faults of each line below, drawn by the seed (\`--states\`)`}
- Findings: **${findings.length}**

## A disk that forgets, fills up or fails

Every write of the storage is recorded. A power cut is tried after each operation, and each time what no sync had made certain is lost: all, none, each
change alone, all but one, everything after one, writes torn at 512 bytes, and some at random; renames are kept or lost as a whole. Then the process is killed
after each operation, started again, the deed done again, and the power cut. For the failing disk each call fails with each error it knows (no space, failed
write, sync, rename, too many open files), once and for good; the same process must come to the end when the disk is well again, and a power cut follows.
After a failed sync what was pending counts as dropped. Each time: nothing promised is lost, nothing is half there, every object is valid OCFL 1.1, every
digest fits, and doing it again ends well.

| deed | tried | of | findings |
|---|---:|---|---:|
${trials.map(({ name, tried, of, findings: found }) => `| ${name} | ${tried} | ${of} | ${found.length} |`).join('\n')}

## A server that is killed

${kills.rounds} rounds of SIGKILL against real servers with worker and database, on ${servers} data folder${servers === 1 ? '' : 's, each with a server of its own, at once'}${inRuns}. In each round two deeds are under way
(${listed(kills.byDeed)}), and at a random point of them something dies: ${listed(kills.byDeath)}.
${kills.interrupted} deeds were not answered yet. Pieces and publications were sent twice at once now and then; a fifth of the starts had a clock that
was an hour behind or two ahead. After each round the deeds were brought to their end without an operator and what was acknowledged was looked for, of a few
studies or (every fiftieth round) of all.
${runs.begun <= 1 ? 'At the end' : 'At the ends'}: ${kills.studies} studies with ${kills.versions} versions, every byte compared. From start to ready: ${quantiles(kills.starts)}; a round: ${quantiles(kills.lasted)}.

## Several processes: killed, database gone and back, a bucket that fails and is slow

${scale ? scaleText(scale) : 'Not yet.'}

## With tools of the machine

${lines.map((one) => `- ${one}`).join('\n')}

## Findings

${findings.length === 0 ? 'None.' : findings.join('\n')}

## The failure model, row by row

K kill, P power cut, D disk full, I fault of the disk, N requests, C two at once, T clocks, X what is outside, B bits, R restore.

| fault | at | tried |
|---|---|---|
${modelRows()}

## Not tried here

Power cuts of a real machine, a database on a disk that fails (PostgreSQL keeps its own log).
`;
}
