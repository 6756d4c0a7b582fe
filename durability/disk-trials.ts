import { cpSync, existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DiskModel, type Loss } from './crash-states.ts';
import { type Call, type DiskOperation, type FaultPlan, watchDisk } from './disk-log.ts';
import { type Scenario, startOn } from './scenarios.ts';

/** What a trial did and found. */
export interface TrialReport {
  name: string;
  /** States or faults tried. */
  tried: number;
  /** What they were drawn from, in words. */
  of: string;
  /** Sentences; empty where everything held. */
  findings: string[];
}

/** Random numbers in [0, 1) that a seed repeats (mulberry32). */
export function randomFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let value = Math.imul(state ^ (state >>> 15), 1 | state);
    value = (value + Math.imul(value ^ (value >>> 7), 61 | value)) ^ value;
    return ((value ^ (value >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** In memory where the system has such a place: what a power cut leaves is computed, so that nothing need reach a real disk. */
const place = existsSync('/dev/shm') ? '/dev/shm' : tmpdir();

/** Runs with an empty folder that goes away afterwards. */
async function withFolder<Value>(work: (folder: string) => Promise<Value>): Promise<Value> {
  const folder = mkdtempSync(join(place, 'micrarium-durability-'));
  try {
    return await work(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function promisedIn(operations: readonly DiskOperation[], before = operations.length): Set<string> {
  const facts = operations.slice(0, before).flatMap((one) => (one.op === 'promise' ? [one.fact] : []));
  return new Set(facts);
}

/** Checks a state as found after a start, then does the deed once more (as its sender would) and checks again. */
export async function examine(scenario: Scenario, folder: string, promised: Set<string>): Promise<string[]> {
  try {
    const storage = await startOn(folder);
    const faults = await scenario.check(storage, folder, promised);
    const all = new Set(promised);
    await scenario.act(storage, (fact) => void all.add(fact));
    const after = await scenario.check(storage, folder, all);
    return [...faults, ...after.map((fault) => `after doing it again: ${fault}`)];
  } catch (fault) {
    return [fault instanceof Error ? `${fault.name}: ${fault.message}` : String(fault)];
  }
}

interface Trier {
  report: TrialReport;
  seen: Set<string>;
  base: string;
  scenario: Scenario;
}

async function tryLoss(
  trier: Trier,
  model: DiskModel,
  loss: Loss,
  promised: Set<string>,
  label: string,
): Promise<void> {
  const mark = `${model.signature(loss)} ${[...promised].join()}`;
  if (trier.seen.has(mark)) return;
  trier.seen.add(mark);
  trier.report.tried++;
  const folder = join(trier.base, `state-${trier.report.tried}`);
  model.lay(loss, folder);
  for (const fault of await examine(trier.scenario, folder, promised))
    trier.report.findings.push(`${label}, ${loss.names.size + loss.data.size} unsynced changes kept: ${fault}`);
  rmSync(folder, { recursive: true, force: true });
}

/** Records a deed on a prepared folder. */
async function recorded(scenario: Scenario, base: string): Promise<{ before: string; operations: DiskOperation[] }> {
  const [before, work] = [join(base, 'before'), join(base, 'work')];
  await scenario.prepare(await startOn(work));
  cpSync(work, before, { recursive: true, verbatimSymlinks: true });
  const storage = await startOn(work);
  const watch = watchDisk(work);
  try {
    await scenario.act(storage, watch.promise);
  } finally {
    watch.end();
  }
  const moved = watch.operations.map((one) => relocate(one, work, before));
  rmSync(work, { recursive: true, force: true });
  return { before, operations: moved };
}

function relocate(operation: DiskOperation, from: string, to: string): DiskOperation {
  const move = (path: string) => to + path.slice(from.length);
  if ('from' in operation) return { ...operation, from: move(operation.from), to: move(operation.to) };
  return 'path' in operation ? { ...operation, path: move(operation.path) } : operation;
}

/** How thorough a trial is. */
export interface Thoroughness {
  seed: number;
  /** At most so many states or faults, drawn by the seed from all of them; all without. */
  most?: number;
}

/** Some of a list, drawn at random, in order. */
function drawn<One>(all: readonly One[], most: number | undefined, random: () => number): readonly One[] {
  if (most === undefined || all.length <= most) return all;
  const marked = all.map((one, at) => ({ one, at, mark: random() }));
  const kept = marked.sort((a, b) => a.mark - b.mark).slice(0, most);
  return kept.sort((a, b) => a.at - b.at).map(({ one }) => one);
}

/** The same state with the same promises is tried once. */
function distinct(
  model: DiskModel,
  losses: Iterable<Loss>,
  promisedAfter: (after: number) => ReadonlySet<string>,
): Loss[] {
  const found = new Map<string, Loss>();
  for (const loss of losses) {
    const mark = `${model.signature(loss)} ${[...promisedAfter(loss.after)].join()}`;
    if (!found.has(mark)) found.set(mark, loss);
  }
  return [...found.values()];
}

/** A power cut at every point of a deed, and for each of them every loss worth trying. */
export async function tryCrashes(scenario: Scenario, { seed, most }: Thoroughness): Promise<TrialReport> {
  return await withFolder(async (base) => {
    const report: TrialReport = { name: `power cut: ${scenario.name}`, tried: 0, of: '', findings: [] };
    const trier: Trier = { report, seen: new Set(), base, scenario };
    const random = randomFrom(seed);
    const { before, operations } = await recorded(scenario, base);
    const model = new DiskModel(before);
    for (const operation of operations) model.apply(operation);
    const losses: Loss[] = [];
    for (let after = 0; after <= operations.length; after++) losses.push(...model.losses(after, random));
    const states = distinct(model, losses, (after) => promisedIn(operations, after));
    report.of = `${states.length} states after ${operations.length} operations`;
    for (const loss of drawn(states, most, random)) {
      const label = `power cut after operation ${loss.after} of ${operations.length}`;
      await tryLoss(trier, model, loss, promisedIn(operations, loss.after), label);
    }
    return report;
  });
}

/** States tried at each point where a process was killed, when they are drawn. */
const statesOfPoint = 4;

/** A kill at every point of a deed, a start and the deed again, and a power cut right after it. */
export async function tryKillsThenCuts(scenario: Scenario, { seed, most }: Thoroughness): Promise<TrialReport> {
  return await withFolder(async (base) => {
    const name = `kill, start, power cut: ${scenario.name}`;
    const report: TrialReport = { name, tried: 0, of: '', findings: [] };
    const trier: Trier = { report, seen: new Set(), base, scenario };
    const random = randomFrom(seed);
    const { before, operations } = await recorded(scenario, base);
    const points = drawn([...operations.keys()], most && Math.ceil(most / statesOfPoint), random);
    const each = most === undefined ? 'all' : `at most ${statesOfPoint}`;
    report.of = `${each} states at each of ${points.length} of ${operations.length} operations`;
    for (const after of points)
      await tryKillThenCut(trier, before, operations.slice(0, after), random, most && statesOfPoint);
    return report;
  });
}

/** The process dies, the machine does not: everything written is seen by the next start, and most of it is not on the disk yet. */
async function tryKillThenCut(
  trier: Trier,
  before: string,
  operations: readonly DiskOperation[],
  random: () => number,
  most: number | undefined,
): Promise<void> {
  const { scenario, base } = trier;
  const model = new DiskModel(before);
  for (const operation of operations) model.apply(operation);
  const [all] = model.losses(operations.length, random);
  // A name never used before: what the program remembers of a folder must be of this trial.
  const folder = join(base, `killed-${operations.length}`);
  model.lay(all!, folder);
  const watch = watchDisk(folder);
  const label = `killed after operation ${operations.length}`;
  try {
    await scenario.act(await startOn(folder), watch.promise);
  } catch (fault) {
    trier.report.findings.push(`${label}, started and done again: ${String(fault)}`);
  } finally {
    watch.end();
  }
  const more = watch.operations.map((one) => relocate(one, folder, before));
  // What a sync of the second process covers is told in numbers of its own log.
  for (const one of more) model.apply(one.op === 'sync' ? { ...one, began: one.began + operations.length } : one);
  rmSync(folder, { recursive: true, force: true });
  const promised = promisedIn([...operations, ...more]);
  for (const loss of drawn([...model.losses(model.length, random)], most, random))
    await tryLoss(trier, model, loss, promised, `${label}, done again, then a power cut`);
}

const faultsOf: Readonly<Record<Call, readonly string[]>> = {
  open: ['EMFILE', 'ENOSPC'],
  write: ['ENOSPC', 'EIO'],
  sync: ['EIO'],
  rename: ['EIO', 'ENOSPC'],
  link: ['ENOSPC'],
  mkdir: ['ENOSPC'],
  unlink: ['EIO'],
};

/**
 * Every call of a deed fails once, with every error it knows, for once or for good; then the disk is well again, and the same process must come
 * to the end without a start. After that comes a power cut.
 */
export async function tryFaults(scenario: Scenario, { seed, most }: Thoroughness): Promise<TrialReport> {
  return await withFolder(async (base) => {
    const report: TrialReport = { name: `failing disk: ${scenario.name}`, tried: 0, of: '', findings: [] };
    const trier: Trier = {
      report: { name: '', tried: 0, of: '', findings: report.findings },
      seen: new Set(),
      base,
      scenario,
    };
    const random = randomFrom(seed);
    const before = join(base, 'before');
    mkdirSync(before, { recursive: true });
    await scenario.prepare(await startOn(before));
    const calls = await callsOf(scenario, base, before);
    const faults = calls.flatMap((call, at) =>
      faultsOf[call].flatMap((code) => [false, true].map((isLasting) => ({ call, at, code, isLasting }))),
    );
    report.of = `${faults.length} faults of ${calls.length} calls`;
    for (const { call, at, code, isLasting } of drawn(faults, most, random)) {
      const plan =
        (made: () => number): FaultPlan =>
        () =>
          made() - 1 === at || (isLasting && made() - 1 > at) ? code : undefined;
      const label = `${call}, call ${at} of ${calls.length}, failed with ${code} ${isLasting ? 'for good' : 'once'}`;
      await tryFault(trier, before, plan, random, label);
      report.tried++;
    }
    return report;
  });
}

/** What a deed calls, in order, when nothing fails. */
async function callsOf(scenario: Scenario, base: string, before: string): Promise<Call[]> {
  const folder = mkdtempSync(join(base, 'calls-'));
  cpSync(before, folder, { recursive: true, verbatimSymlinks: true });
  const storage = await startOn(folder);
  const watch = watchDisk(folder);
  const calls: Call[] = [];
  try {
    watch.failBy((call) => void calls.push(call));
    await scenario.act(storage, watch.promise);
  } finally {
    watch.end();
  }
  rmSync(folder, { recursive: true, force: true });
  return calls;
}

async function tryFault(
  trier: Trier,
  before: string,
  planOf: (calls: () => number) => FaultPlan,
  random: () => number,
  label: string,
): Promise<void> {
  const { scenario, base, report } = trier;
  const folder = mkdtempSync(join(base, 'failing-'));
  cpSync(before, folder, { recursive: true, verbatimSymlinks: true });
  const storage = await startOn(folder);
  const model = new DiskModel(before);
  const watch = watchDisk(folder);
  let isWell = false;
  try {
    watch.failBy(planOf(watch.calls));
    await scenario.act(storage, watch.promise).catch(() => {});
    watch.failBy(undefined);
    await scenario.act(storage, watch.promise);
    isWell = true;
  } catch (fault) {
    report.findings.push(`${label}, then the disk was well again: ${String(fault)}`);
  } finally {
    watch.end();
  }
  if (isWell) {
    const promised = promisedIn(watch.operations);
    const faults = await scenario.check(storage, folder, promised).catch((fault: unknown) => [String(fault)]);
    report.findings.push(...faults.map((fault) => `${label}: ${fault}`));
    for (const one of watch.operations) model.apply(relocate(one, folder, before));
    const losses = [...model.losses(model.length, random, 0)].slice(0, 2);
    for (const loss of losses) await tryLoss(trier, model, loss, promised, `${label}, done again, then a power cut`);
  }
  rmSync(folder, { recursive: true, force: true });
}
