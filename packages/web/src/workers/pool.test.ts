import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type WorkerLike, WorkerPool } from './pool.ts';
import type { FromWorker, ToWorker } from './work.ts';

class StandIn implements WorkerLike {
  heard: ToWorker[] = [];
  gone = false;
  onmessage: ((event: MessageEvent<FromWorker>) => void) | null = null;
  onerror: ((event: ErrorEvent) => void) | null = null;
  postMessage(message: ToWorker) {
    this.heard.push(message);
  }
  terminate() {
    this.gone = true;
  }
  say(message: FromWorker) {
    this.onmessage?.({ data: message } as MessageEvent<FromWorker>);
  }
}

describe('the pool of workers', () => {
  let made: StandIn[] = [];
  const poolOf = (size: number) =>
    new WorkerPool(() => {
      const worker = new StandIn();
      made.push(worker);
      return worker;
    }, size);
  const digest = { kind: 'digest', file: new Blob() as File } as const;
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => {
    vi.useRealTimers();
    made = [];
  });

  it('gives each worker one task at a time, urgent ones first', async () => {
    const pool = poolOf(1);
    const first = pool.ask(digest);
    const second = pool.ask(digest);
    const urgent = pool.ask(digest, { urgent: true });
    expect([made.length, made[0]!.heard.length]).toEqual([1, 1]);
    made[0]!.say({ id: 1, answer: 'a' });
    made[0]!.say({ id: 3, answer: 'c' });
    made[0]!.say({ id: 2, answer: 'b' });
    expect(await Promise.all([first, second, urgent])).toEqual(['a', 'b', 'c']);
  });

  it('lets idle workers go, and survives one that dies', async () => {
    const pool = poolOf(2);
    const dying = pool.ask(digest);
    const next = pool.ask(digest);
    made[0]!.onerror?.({ message: 'out of memory' } as ErrorEvent);
    await expect(dying).rejects.toThrow('out of memory');
    made[1]!.say({ id: 2, answer: 'ok' });
    expect(await next).toBe('ok');
    vi.advanceTimersByTime(20_000);
    expect(made.every((worker) => worker.gone)).toBe(true);
  });

  it('stops a task whose signal says so', async () => {
    const pool = poolOf(1);
    const control = new AbortController();
    const asked = pool.ask(digest, { signal: control.signal });
    control.abort(new Error('no longer wanted'));
    await expect(asked).rejects.toThrow('no longer wanted');
    expect(made[0]!.gone).toBe(true);
    void pool.ask(digest);
    expect(made).toHaveLength(2);
  });

  it('hands over many files in small lots, then the task', async () => {
    const pool = poolOf(1);
    const files = Array.from({ length: 100 }, (_, index) => ({ path: `f${index}`, size: 1 }));
    void pool.ask<'inspect'>({ kind: 'inspect', files, path: 'f0' });
    await vi.advanceTimersByTimeAsync(100);
    const heard = made[0]!.heard;
    expect(heard.slice(0, -1).flatMap((message) => ('files' in message ? message.files : []))).toEqual(files);
    expect(heard.at(-1)).toEqual({ id: 1, task: { kind: 'inspect', files: [], path: 'f0' } });
  });

  it('supplies files as they are wanted, and renews a worker that was handed many', async () => {
    const pool = poolOf(1);
    const list = { paths: '', sizes: new Float64Array(), times: new Float64Array(), taken: new Uint8Array() };
    const file = new Blob(['a']) as File;
    const supply = (index: number) => (index === 7 ? undefined : file);
    const asked = pool.ask<'find'>({ kind: 'find', list, known: '', remembered: {} }, { supply });
    made[0]!.say({ id: 1, want: [6, 7] });
    expect(made[0]!.heard.at(-1)).toEqual({ id: 1, supplied: [{ index: 6, file }, { index: 7 }] });
    made[0]!.say({ id: 1, want: Array.from({ length: 1000 }, (_, index) => index) });
    made[0]!.say({ id: 1, answer: { items: [], isWhole: true } });
    expect(await asked).toEqual({ items: [], isWhole: true });
    expect(made[0]!.gone).toBe(true);
  });
});
