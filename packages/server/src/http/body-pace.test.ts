import { setTimeout as after } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { paced } from './body-pace.ts';
import { Problem } from './problems.ts';

const tenth = { bytes: 1000, milliseconds: 200 };

async function taken(body: AsyncIterable<Uint8Array>) {
  let bytes = 0;
  try {
    for await (const piece of paced(body, tenth)) bytes += piece.length;
    return { bytes };
  } catch (fault) {
    return { bytes, code: (fault as Problem).code };
  }
}

test('who drips bytes is cut off, and what came is kept', async () => {
  let isOver = false;
  async function* drip() {
    while (!isOver) {
      yield new Uint8Array(1);
      await after(20);
    }
  }
  const { bytes, code } = await taken(drip());
  isOver = true;
  expect(code).toBe('too-slow');
  expect(bytes).toBeGreaterThan(0);
});

test('who sends nothing more is cut off', async () => {
  async function* stuck() {
    yield new Uint8Array(5);
    await new Promise(() => {});
  }
  expect(await taken(stuck())).toEqual({ bytes: 5, code: 'too-slow' });
});

test('who sends enough is never cut off, however long it takes; nor where it is we who are slow', async () => {
  async function* steady() {
    for (let at = 0; at < 8; at++) {
      yield new Uint8Array(1000);
      await after(60);
    }
  }
  expect(await taken(steady())).toEqual({ bytes: 8000 });
  async function* small() {
    for (let at = 0; at < 4; at++) yield new Uint8Array(10);
  }
  let bytes = 0;
  for await (const piece of paced(small(), tenth)) {
    bytes += piece.length;
    await after(120);
  }
  expect(bytes).toBe(40);
});

test('who stops taking pieces ends the body', async () => {
  let ended = false;
  async function* body() {
    try {
      for (;;) yield new Uint8Array(10);
    } finally {
      ended = true;
    }
  }
  for await (const piece of paced(body(), tenth)) if (piece.length > 0) break;
  expect(ended).toBe(true);
});
