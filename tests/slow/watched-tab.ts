import { readFileSync } from 'node:fs';
import { loadavg } from 'node:os';
import type { Browser, CDPSession, Page } from 'playwright-core';

/** What a tab took while somebody typed in it. */
export interface Watched {
  /** Most bytes of the page's own JavaScript heap. */
  heap: number;
  /** Most bytes of memory of the tab's process that are no file's (`RssAnon` and `RssShmem`): page, workers, canvases. */
  process: number;
  /** Milliseconds from each key to the end of the page's answer, by the clock. */
  answers: number[];
  /** The same without the time in which the page's thread was ready and others had the processor. */
  own: number[];
  /** Milliseconds from each key to the picture that shows the answer; here drawn by the processor, for want of a card. */
  drawn: number[];
  /** Milliseconds the page's thread itself worked in each of those times; what others took of the processor is not in. */
  worked: number[];
  /** The same for each task of the page over 50 ms. */
  tasks: { clock: number; worked: number }[];
  seconds: number;
  /** Share of the time the page's thread worked, and waited for a processor that others had. */
  busy: number;
  waited: number;
}

/** Begin and end of what the page did, in milliseconds since 1970. */
type Span = [number, number];

/** What the page notes of itself: from key to answer, milliseconds from key to the next picture, long tasks. */
interface Spans {
  keys: Span[];
  drawn: number[];
  tasks: Span[];
}

/** Notes in the page how long keys wait for their answer and which tasks are long. Runs in the page. */
function noteAnswers(): void {
  const spans: Spans = { keys: [], drawn: [], tasks: [] };
  Object.assign(globalThis, { spans });
  const { timeOrigin } = performance;
  new PerformanceObserver((list) => {
    for (const { name, startTime, processingEnd, duration } of list.getEntries() as PerformanceEventTiming[])
      if (name === 'keydown') {
        spans.keys.push([timeOrigin + startTime, timeOrigin + processingEnd]);
        spans.drawn.push(duration);
      } else if (name === 'input' && spans.keys.length > 0) {
        // The page's form hears of the letter, which comes with the key, in an event of its own.
        const key = spans.keys.at(-1)!;
        key[1] = Math.max(key[1], timeOrigin + processingEnd);
      }
  }).observe({ type: 'event', durationThreshold: 16, buffered: false } as PerformanceObserverInit);
  new PerformanceObserver((list) => {
    for (const { startTime, duration } of list.getEntries())
      spans.tasks.push([timeOrigin + startTime, timeOrigin + startTime + duration]);
  }).observe({ type: 'longtask' });
}

/** Milliseconds a thread has worked so far and has waited for a processor, as the system counts them. */
class ThreadTimes {
  private readonly path: string;
  private readonly at: number[] = [];
  private readonly worked: number[] = [];
  private readonly waited: number[] = [];
  private readonly timer: ReturnType<typeof setInterval>;

  constructor(path: string) {
    this.path = path;
    this.note();
    this.timer = setInterval(() => this.note(), 10);
  }

  stop(): { busy: number; waited: number } {
    clearInterval(this.timer);
    this.note();
    const all = this.at.at(-1)! - this.at[0]!;
    return {
      busy: (this.worked.at(-1)! - this.worked[0]!) / all,
      waited: (this.waited.at(-1)! - this.waited[0]!) / all,
    };
  }

  /** Work between two moments. */
  workedIn([from, to]: Span): number {
    return this.until(this.worked, to) - this.until(this.worked, from);
  }

  /** Waiting for a processor between two moments. */
  waitedIn([from, to]: Span): number {
    return this.until(this.waited, to) - this.until(this.waited, from);
  }

  private until(sums: readonly number[], moment: number): number {
    const after = this.at.findIndex((at) => at >= moment);
    if (after <= 0) return after === 0 ? sums[0]! : sums.at(-1)!;
    const [at, before] = [this.at[after]!, this.at[after - 1]!];
    const part = at === before ? 1 : (moment - before) / (at - before);
    return sums[after - 1]! + part * (sums[after]! - sums[after - 1]!);
  }

  private note(): void {
    const [worked, waited] = readFileSync(this.path, 'utf8').split(' ').map(Number);
    this.at.push(performance.timeOrigin + performance.now());
    this.worked.push(worked! / 1e6);
    this.waited.push(waited! / 1e6);
  }
}

/** The process of the page among those of the browser: of its tabs, the one that has worked most. */
async function processOf(whole: CDPSession): Promise<number> {
  const { processInfo } = await whole.send('SystemInfo.getProcessInfo');
  const tabs = processInfo.filter(({ type }) => type === 'renderer');
  return tabs.sort((a, b) => b.cpuTime - a.cpuTime)[0]!.id;
}

/** Memory of a process that lies in no file, in bytes. */
function ownBytes(id: number): number {
  const status = readFileSync(`/proc/${id}/status`, 'utf8');
  const kilobytes = (name: string) => Number(new RegExp(`${name}:\\s+(\\d+) kB`).exec(status)?.[1] ?? 0);
  return (kilobytes('RssAnon') + kilobytes('RssShmem')) * 1024;
}

/**
 * Types into the title of a deposit again and again until `isDone`, and measures meanwhile (Linux only).
 * @throws when it is not done after `limit` seconds, with what the page says
 */
export async function typeAndWatch(
  browser: Browser,
  page: Page,
  isDone: () => Promise<boolean>,
  limit: number,
): Promise<Watched> {
  const devtools = await page.context().newCDPSession(page);
  const whole = await browser.newBrowserCDPSession();
  await devtools.send('Performance.enable');
  await page.evaluate(noteAnswers);
  const id = await processOf(whole);
  const thread = new ThreadTimes(`/proc/${id}/task/${id}/schedstat`);
  const most = { heap: 0, process: 0 };
  await page.locator('#field-title').click();
  const started = performance.now();
  let keys = 0;
  const status = () => page.locator('#files [role=status]').first().textContent();
  for (let told = started; ; keys++) {
    await page.keyboard.press(keys % 40 === 39 ? 'Home' : 'a');
    await page.waitForTimeout(100);
    const { metrics } = await devtools.send('Performance.getMetrics');
    most.heap = Math.max(most.heap, metrics.find(({ name }) => name === 'JSHeapUsedSize')!.value);
    most.process = Math.max(most.process, ownBytes(id));
    if (keys > 20 && (await isDone())) break;
    const now = performance.now();
    if (now - told > 30_000) {
      told = now;
      console.info(`after ${((now - started) / 1000).toFixed(0)} s: ${written(most.process)}, ${await status()}`);
    }
    if (now - started > limit * 1000)
      throw new Error(`Not done after ${limit} s, ${written(most.process)}: ${await status()}`);
  }
  const seconds = (performance.now() - started) / 1000;
  const shares = thread.stop();
  const spans = await page.evaluate(() => (globalThis as unknown as { spans: Spans }).spans);
  await devtools.detach();
  await whole.detach();
  // The browser does not list keys that were answered and drawn within 16 ms.
  const fast = Array.from({ length: Math.max(0, keys - spans.keys.length) }, () => 16);
  return {
    ...most,
    ...shares,
    seconds,
    answers: [...spans.keys.map(([from, to]) => to - from), ...fast],
    own: [...spans.keys.map((span) => Math.max(0, span[1] - span[0] - thread.waitedIn(span))), ...fast],
    drawn: [...spans.drawn, ...fast],
    worked: [...spans.keys.map((span) => thread.workedIn(span)), ...fast],
    tasks: spans.tasks.map((span) => ({ clock: span[1] - span[0], worked: thread.workedIn(span) })),
  };
}

function written(bytes: number): string {
  return `${(bytes / 1e6).toFixed(0)} MB`;
}

/** The value below which that part of the values lies. */
export function share(values: readonly number[], part: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? 0;
}

/** Prints what was measured. */
export function report(what: string, watched: Watched): void {
  const { heap, process, answers, own, drawn, worked, tasks, seconds, busy, waited } = watched;
  const most = (values: readonly number[]) => share(values, 1).toFixed(0);
  console.info(
    [
      `${what}: ${seconds.toFixed(0)} s, process ${written(process)}, heap ${written(heap)}`,
      `  ${answers.length} keys, answered by the clock: half within ${share(answers, 0.5).toFixed(0)} ms, ` +
        `95 % within ${share(answers, 0.95).toFixed(0)} ms, slowest ${most(answers)} ms; ` +
        `with a processor of its own 99 % within ${share(own, 0.99).toFixed(0)} ms; most work in one ${most(worked)} ms; ` +
        `on the screen half within ${share(drawn, 0.5).toFixed(0)} ms`,
      `  ${tasks.length} tasks over 50 ms, longest ${most(tasks.map(({ clock }) => clock))} ms by the clock, ` +
        `${most(tasks.map((task) => task.worked))} ms of work`,
      `  the page's thread worked ${(100 * busy).toFixed(0)} % of the time and waited ${(100 * waited).toFixed(0)} % for a ` +
        `processor; load ${loadavg()[0]!.toFixed(1)}`,
    ].join('\n'),
  );
}
