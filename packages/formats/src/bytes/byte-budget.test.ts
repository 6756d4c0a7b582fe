import { expect, it } from 'vitest';
import { ByteBudget } from './byte-budget.ts';
import { LoadCache } from './load-cache.ts';
import { pageBytes, PageMemory } from './page-memory.ts';

const mebibyte = 2 ** 20;
const load = (bytes: number) => async () => new Uint8Array(bytes);

it('caches that share a budget make room for each other, oldest first', async () => {
  const budget = new ByteBudget(100);
  const [tiles, chunks] = [new LoadCache<Uint8Array>(budget), new LoadCache<Uint8Array>(budget)];
  await tiles.get('a', load(40));
  await chunks.get('b', load(40));
  await tiles.get('a', load(40));
  await chunks.get('c', load(40));
  expect([tiles.heldBytes, chunks.heldBytes, budget.heldBytes]).toEqual([40, 40, 80]);
  expect([tiles.peek('a'), chunks.peek('b')]).toEqual([expect.anything(), undefined]);
  // The newest stays even where it alone is too large.
  await tiles.get('d', load(120));
  expect([tiles.heldBytes, chunks.heldBytes, budget.heldBytes]).toEqual([120, 0, 120]);
  await chunks.get('e', load(30));
  expect([tiles.heldBytes, budget.heldBytes]).toEqual([0, 30]);
});

it('a lower limit drops at once, a cleared cache gives its room back', async () => {
  const budget = new ByteBudget(100);
  const [one, other] = [new LoadCache<Uint8Array>(budget), new LoadCache<Uint8Array>(budget)];
  for (const key of ['a', 'b', 'c']) await one.get(key, load(20));
  await other.get('d', load(20));
  budget.limitTo(50);
  expect([one.heldBytes, other.heldBytes, budget.heldBytes]).toEqual([20, 20, 40]);
  expect(one.peek('c')).toBeDefined();
  one.clear();
  expect([one.heldBytes, budget.heldBytes, one.peek('c')]).toEqual([0, 20, undefined]);
  // What was cleared is not counted twice when it comes again.
  await one.get('c', load(30));
  expect(budget.heldBytes).toBe(50);
});

it('devices with less memory keep less', () => {
  expect([undefined, 0.25, 2, 4, 8, 32].map((one) => pageBytes(one) / mebibyte)).toEqual([128, 48, 64, 128, 192, 192]);
});

it('played planes are kept only where the whole loop fits', () => {
  const memory = new PageMemory(128 * mebibyte);
  const film = {};
  const limit = () => memory.budget.limitBytes / mebibyte;
  memory.show(film);
  expect(limit()).toBe(128);
  memory.play(film, { stepBytes: mebibyte, steps: 100 });
  expect(limit()).toBe(128);
  memory.play(film, { stepBytes: mebibyte, steps: 500 });
  expect(limit()).toBe(16);
  memory.play(film, { stepBytes: 10 * mebibyte, steps: 500 });
  expect(limit()).toBe(40);
  memory.play(film, { stepBytes: 100 * mebibyte, steps: 500 });
  expect(limit()).toBe(128);
  memory.rest(film);
  expect(limit()).toBe(128);
});

it('images beside the one that is played count as much as it does', () => {
  const memory = new PageMemory(128 * mebibyte);
  const films = [{}, {}, {}, {}];
  for (const film of films) memory.show(film);
  memory.play(films[1]!, { stepBytes: mebibyte, steps: 100 });
  expect(memory.budget.limitBytes).toBe(16 * mebibyte);
  for (const film of films.slice(2)) memory.close(film);
  memory.close(films[0]!);
  expect(memory.budget.limitBytes).toBe(128 * mebibyte);
  // One that is closed while it is played is forgotten.
  memory.play(films[1]!, { stepBytes: mebibyte, steps: 1000 });
  memory.close(films[1]!);
  expect(memory.budget.limitBytes).toBe(128 * mebibyte);
});
