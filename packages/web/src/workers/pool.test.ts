import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type WorkerLike, WorkerPool } from './pool.ts';
import { listOf } from '../deposit/file-list.ts';
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
  const digest = { kind: 'digest', files: listOf([{ path: 'a', size: 1 }]) } as const;
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

  it('supplies bytes and files as they are wanted, and says why not', async () => {
    vi.useRealTimers();
    const pool = poolOf(1);
    const file = new File(['abcdef'], 'a.txt');
    const open = async (path: string) => {
      if (path !== 'a.txt') throw new Error(`${path} was taken out`);
      return file;
    };
    const asked = pool.ask<'find'>({ kind: 'find', files: listOf([]), known: '', remembered: {} }, { open });
    made[0]!.say({
      id: 1,
      want: [
        { key: 1, path: 'a.txt', range: { offset: 2, length: 3 } },
        { key: 2, path: 'a.txt' },
        { key: 3, path: 'b.txt' },
      ],
    });
    await vi.waitFor(() => expect(made[0]!.heard).toHaveLength(4));
    const supplied = made[0]!.heard
      .flatMap((message) => ('supplied' in message ? [message.supplied] : []))
      .sort((a, b) => a.key - b.key);
    expect(supplied[0]).toEqual({ key: 1, bytes: new TextEncoder().encode('cde').buffer });
    expect(supplied.slice(1)).toEqual([
      { key: 2, file },
      { key: 3, failed: 'b.txt was taken out' },
    ]);
    made[0]!.say({ id: 1, answer: 0 });
    expect(await asked).toBe(0);
  });

  it('passes on what is found, and renews a worker that was handed many files', async () => {
    vi.useRealTimers();
    const pool = poolOf(1);
    const found: string[] = [];
    const asked = pool.ask<'find'>(
      { kind: 'find', files: listOf([]), known: '', remembered: {} },
      {
        open: async (path) => new File([], path),
        onFound: (items) => found.push(...items.map(({ path }) => path)),
      },
    );
    made[0]!.say({ id: 1, want: Array.from({ length: 1000 }, (_, key) => ({ key, path: `f${key}` })) });
    await vi.waitFor(() => expect(made[0]!.heard).toHaveLength(1001));
    made[0]!.say({ id: 1, found: [{ path: 'f0', files: ['f0'], format: 'text', bytes: 0 }] });
    made[0]!.say({ id: 1, answer: 1 });
    expect(await asked).toBe(1);
    expect(found).toEqual(['f0']);
    expect(made[0]!.gone).toBe(true);
  });

  it('lets a worker go that has looked through very many files', async () => {
    const pool = poolOf(1);
    const files = listOf(Array.from({ length: 1000 }, (_, at) => ({ path: `f${at}`, size: 1 })));
    const asked = pool.ask<'find'>({ kind: 'find', files, known: '', remembered: {} });
    made[0]!.say({ id: 1, answer: 1000 });
    expect(await asked).toBe(1000);
    expect(made[0]!.gone).toBe(true);
  });
});
