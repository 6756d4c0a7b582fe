import { readFileSync } from 'node:fs';
import { Agent, request as httpRequest } from 'node:http';
import { processesBelow } from '../tests/journeys/server-under-test.ts';
import { within } from './catalogue-for-benchmarks.ts';

/*
 * Askers of load.ts: a number of clients that ask for some seconds, each after the answer to its last question. What they themselves cost is
 * kept small, for they share the cores with what they ask.
 */

/** What was measured of one kind of request. */
export interface Measured {
  perSecond: number;
  /** Milliseconds. */
  median: number;
  p95: number;
  p99: number;
  failed: number;
  /** Milliseconds of processor time for one answer, of the processes of each kind. */
  processor: Record<string, number>;
}

const wait = (milliseconds: number) => new Promise<void>((resolve) => setTimeout(resolve, milliseconds));
/** Connections of all askers, kept open: of a thousand viewers each has one. */
const agent = new Agent({ keepAlive: true, maxSockets: 2_000 });
/** Clock ticks in a second, as /proc counts processor time on Linux. */
const ticks = 100;

/** A request and the bytes of its answer. @returns whether the answer was one of success */
export function asked(
  url: string,
  headers: Record<string, string> = {},
  method = 'GET',
  body?: Uint8Array,
): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const sent = httpRequest(url, { agent, headers, method }, (answer) => {
      answer.on('data', () => {});
      answer.on('error', reject);
      answer.on('end', () => resolve(answer.statusCode! < 300));
    });
    sent.on('error', reject);
    sent.end(body);
  });
}

/** Seconds of processor time that processes and all below them have taken. */
function processorSeconds(pids: readonly number[]): number {
  let sum = 0;
  for (const pid of new Set(pids.flatMap((one) => [one, ...processesBelow(one)])))
    try {
      const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
      const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
      // With those of children that ended, which are below no more.
      for (const at of [11, 12, 13, 14]) sum += Number(fields[at]) / ticks;
    } catch {
      // It ended meanwhile.
    }
  return sum;
}

/** Seconds asked before anything is measured: a process that has just started compiles what it runs. */
const warmUp = 1.5;

/**
 * Asks again and again, some at once, for some seconds, after a while that is not measured.
 * @param options.pause milliseconds between an answer and the next question of one asker
 * @param options.processes ids of the processes whose time is told, by kind
 */
export async function ask(
  {
    atOnce,
    pause,
    seconds,
    processes,
  }: { atOnce: number; pause: number; seconds: number; processes: Record<string, number[]> },
  request: (asker: number) => Promise<boolean>,
): Promise<Measured> {
  const times: number[] = [];
  let failed = 0;
  const start = performance.now() + (warmUp + pause / 1000) * 1000;
  const end = start + seconds * 1000;
  const asker = async (number: number) => {
    await wait((pause * number) / atOnce);
    for (let from = performance.now(); from < end; from = performance.now()) {
      const isRight = await request(number).catch(() => false);
      // What began before the measured time took some of it all the same, and what ends after it did not count yet.
      const now = performance.now();
      if (now >= start && now < end)
        if (isRight) times.push(now - from);
        else failed++;
      if (pause > 0) await wait(pause);
    }
  };
  const askers = Promise.all(Array.from({ length: atOnce }, (_, number) => asker(number)));
  await wait(start - performance.now());
  const before = Object.entries(processes).map(([kind, pids]) => [kind, pids, processorSeconds(pids)] as const);
  const own = process.cpuUsage();
  await wait(end - performance.now());
  const after = Object.fromEntries(before.map(([kind, pids]) => [kind, processorSeconds(pids)]));
  const { user, system } = process.cpuUsage(own);
  await askers;
  const answers = Math.max(1, times.length);
  const processor = Object.fromEntries([
    ...before.map(([kind, , spent]) => [kind, ((after[kind]! - spent) * 1000) / answers] as const),
    ['clients', (user + system) / 1000 / answers] as const,
  ]);
  return {
    perSecond: times.length / seconds,
    median: within(times, 0.5),
    p95: within(times, 0.95),
    p99: within(times, 0.99),
    failed,
    processor,
  };
}
