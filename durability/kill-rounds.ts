import { readFileSync } from 'node:fs';
import { createClient } from '@micrarium/api';
import { makeOwner, makeToken } from '../tests/journeys/depositor.ts';
import { processesBelow, removeData, type RunningServer, startServer } from '../tests/journeys/server-under-test.ts';
import { interruptDeeds, patience, type RoundsReport, wait, type World } from './deeds.ts';
import { randomFrom } from './disk-trials.ts';
import { checkAll, checkArchive } from './oracle.ts';

/** What dies: everything, everything but the database (an orphan then), the server (two orphans), the database or the worker alone. */
const deaths = ['all', 'all but the database', 'the server alone', 'the database', 'the worker'] as const;
/** One of them. */
export type Death = (typeof deaths)[number];

/** Deeds that are under way when the kill comes. */
const deedsAtOnce = 2;
/** Rounds of a server until everything it has acknowledged is read again, instead of a few studies. */
const roundsToFullCheck = 50;
/** How a server is started that rounds are done on. */
export const environment = {
  MICRARIUM_PAGES: 'off',
  NODE_OPTIONS: `--import ${new URL('clock-shift.ts', import.meta.url)}`,
};

/** A report of nothing yet. */
export function emptyReport(): RoundsReport {
  const counts = { rounds: 0, interrupted: 0, studies: 0, versions: 0 };
  return { ...counts, byDeed: {}, byDeath: {}, starts: [], lasted: [], findings: [] };
}

function commandOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8');
  } catch {
    // It ended in the meantime.
    return '';
  }
}

function killHard(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It went with its parent.
  }
}

const isEnded = ({ process: { exitCode, signalCode } }: RunningServer) => exitCode !== null || signalCode !== null;

/** @returns whether a start has to follow */
async function die(world: World, death: Death): Promise<boolean> {
  const { server } = world;
  const below = processesBelow(server.process.pid!);
  const isDatabase = (pid: number) => commandOf(pid).includes('postgres');
  if (death === 'the worker') {
    // The server starts another one.
    for (const pid of below) if (commandOf(pid).includes('/jobs/worker.ts')) killHard(pid);
    return false;
  }
  if (death === 'all' || death === 'all but the database') {
    await server.kill({ spareDatabase: death !== 'all' });
    return true;
  }
  const ended = isEnded(server)
    ? Promise.resolve()
    : new Promise<void>((resolve) => server.process.once('exit', () => resolve()));
  if (death === 'the server alone') {
    killHard(server.process.pid!);
    await ended;
    return true;
  }
  // A server whose database is gone ends by itself, and whoever keeps it running starts it again.
  for (const pid of below) if (isDatabase(pid)) killHard(pid);
  const waiting = new AbortController();
  const longest = patience() / 4;
  const isGone = await Promise.race([ended.then(() => true), wait(longest, waiting.signal).then(() => false)]);
  waiting.abort();
  if (!isGone) {
    world.note(`the server did not end within ${longest / 1000} s of its database`);
    await server.kill();
  }
  return true;
}

async function oneRound(
  world: World,
  before: { death: Death | undefined },
  dying: readonly Death[] = deaths,
): Promise<void> {
  const { random, report } = world;
  let isToStart = false;
  // The next worker comes after a pause that grows with each death: not two in a row.
  const possible = dying.filter((death) => death !== 'the worker' || before.death !== death);
  const { doing, finish } = await interruptDeeds(
    world,
    report,
    deedsAtOnce,
    () => (before.death = possible[Math.floor(random() * possible.length)]!),
    async (death) => {
      isToStart = await die(world, death);
    },
  );
  await doing;
  if (isToStart) {
    const began = Date.now();
    const hours = random() < 0.2 ? (random() < 0.5 ? -1 : 2) : 0;
    const clock = { ...environment, MICRARIUM_TRIAL_CLOCK_HOURS: String(hours) };
    world.server = await startServer({ dataFolder: world.server.dataFolder, port: world.port, environment: clock });
    report.starts.push(Date.now() - began);
  }
  await finish();
}

/** How the rounds are done. */
export interface RoundsPlan {
  rounds: number;
  seed: number;
  /** Servers, each with a data folder of its own, that the rounds are spread over, all at once. */
  servers: number;
  /** What earlier runs did, to be gone on with; left out, nothing. */
  report?: RoundsReport;
  /** Asked after each round: is it enough for now? What is under way comes to its end, and everything is read again. */
  isToStop?(): boolean;
  /** Told after each round, with the data folders in use. */
  onRound?(report: RoundsReport, folders: readonly string[]): void;
  say(line: string): void;
}

/** Ports below those that the system gives to connections: one that is free for a moment is not taken by them. */
const firstPort = 21_000;

/** The port of one of several servers of this process, kept over their deaths. */
export const portOf = (at: number): number => firstPort + (process.pid % 500) * 10 + at;

/** A server that is new, with its owner, made ready for rounds. */
export async function worldOf(
  { server, session }: Pick<World, 'server' | 'session'>,
  { seed, say, at = 0, report = emptyReport() }: Pick<RoundsPlan, 'seed' | 'say' | 'report'> & { at?: number },
): Promise<World> {
  const { secret: token } = await makeToken(session, ['read', 'deposit']);
  return {
    server,
    port: Number(new URL(server.url).port),
    client: createClient({ server: server.url, token }),
    session,
    token,
    known: { studies: new Map(), states: new Map() },
    busy: new Set(),
    random: randomFrom(seed + at),
    report,
    note(finding) {
      report.findings.push(`about round ${report.rounds}, server ${at + 1}: ${finding}`);
      say(`  about round ${report.rounds}, server ${at + 1}: ${finding}`);
    },
  };
}

async function openWorld(report: RoundsReport, at: number, { seed, say }: RoundsPlan): Promise<World> {
  const server = await startServer({ environment, port: portOf(at) });
  return await worldOf({ server, session: await makeOwner(server) }, { seed, say, report, at });
}

/** Some rounds on one server, which goes on afterwards. @param dying what may die; what stands there twice dies twice as often */
export async function someRounds(world: World, rounds: number, dying: readonly Death[] = deaths): Promise<void> {
  const before = { death: undefined };
  for (let own = 0; own < rounds; own++) {
    world.report.rounds++;
    await oneRound(world, before, dying);
    await checkAll(world, false);
  }
}

/** Rounds on one server, until all are done; then everything is read again. */
async function roundsOn(world: World, plan: RoundsPlan, tell: () => void): Promise<void> {
  const { rounds, say } = plan;
  const { report } = world;
  const { dataFolder } = world.server;
  const before = { death: undefined };
  try {
    for (let own = 1; report.rounds < rounds && !plan.isToStop?.(); own++) {
      const number = ++report.rounds;
      const began = Date.now();
      await oneRound(world, before)
        .then(() => checkAll(world, own % roundsToFullCheck === 0))
        .catch(async (fault: unknown) => {
          world.note(String(fault));
          // The rounds after a finding are still worth something.
          await world.server.kill();
          world.server = await startServer({ dataFolder, port: world.port, environment });
        });
      report.lasted.push(Date.now() - began);
      tell();
      if (number % 20 === 0) say(`${number} rounds, ${report.findings.length} findings`);
    }
    await checkAll(world, true);
    await world.server.stop();
    await checkArchive(world);
  } finally {
    await world.server.stop().catch(() => {});
    removeData(world.server);
  }
}

/**
 * Rounds of SIGKILL against real servers with worker and database: deeds begin, something dies at a random point of them, a new start has to
 * find everything acknowledged, and the deeds are brought to their end.
 */
export async function killRounds(plan: RoundsPlan): Promise<RoundsReport> {
  const report = plan.report ?? emptyReport();
  if (report.rounds >= plan.rounds) return report;
  const servers = Math.max(1, Math.min(plan.servers, plan.rounds - report.rounds));
  const worlds: World[] = [];
  const tell = () =>
    plan.onRound?.(
      report,
      worlds.map(({ server }) => server.dataFolder),
    );
  // One after the other: the first start fills what the later ones read.
  for (let at = 0; at < servers; at++) {
    worlds.push(await openWorld(report, at, plan));
    tell();
  }
  await Promise.all(worlds.map((world) => roundsOn(world, plan, tell)));
  return report;
}
