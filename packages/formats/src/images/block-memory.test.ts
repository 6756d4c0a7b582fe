import { expect, test } from 'vitest';
import { PlaneMemory } from './block-memory.ts';

test('memory that was given back is used again, once, for planes of the same size', () => {
  const memory = new PlaneMemory();
  const first = memory.take(1000);
  expect(memory.take(1000).buffer).not.toBe(first.buffer);
  memory.giveBack(new Uint8Array(first.buffer, 0, 1000));
  memory.giveBack(first);
  expect(memory.take(1000).buffer).toBe(first.buffer);
  expect(memory.take(1000).buffer).not.toBe(first.buffer);
  memory.giveBack(first);
  expect(memory.take(999).length).toBe(999);
});

test('memory from elsewhere is released, not kept', () => {
  const memory = new PlaneMemory();
  const other = new Uint8Array(1 << 20);
  memory.giveBack(other);
  expect(other.length).toBe(0);
  expect(memory.take(1 << 20).length).toBe(1 << 20);
});
