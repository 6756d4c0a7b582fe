import { expect, test } from 'vitest';
import { foldersAbove, stepInTree } from './tree-keys.ts';

/** A row of a tree, as far as keys look at it. */
const row = (path: string, level: number, expanded?: boolean): HTMLElement =>
  ({
    dataset: { path },
    getAttribute: (name: string) =>
      name === 'aria-level' ? String(level) : expanded === undefined ? null : String(expanded),
  }) as unknown as HTMLElement;

const rows = [row('/', 1, true), row('/a', 2, true), row('/a/x', 3), row('/a/y', 3, false), row('/b', 2)];

test('the groups above a path, from the root', () => {
  expect(foldersAbove('/')).toEqual([]);
  expect(foldersAbove('/data/10/object')).toEqual(['/', '/data', '/data/10']);
});

test('arrows walk, open, close and go up; other keys are left alone', () => {
  const step = (key: string, at: number) => stepInTree(key, rows, rows[at]!);
  expect(step('ArrowDown', 1)?.focus).toBe(rows[2]);
  expect(step('ArrowUp', 1)?.focus).toBe(rows[0]);
  expect(step('Home', 3)?.focus).toBe(rows[0]);
  expect(step('End', 0)?.focus).toBe(rows[4]);
  expect(step('ArrowRight', 3)).toEqual({ open: '/a/y' });
  expect(step('ArrowRight', 1)?.focus).toBe(rows[2]);
  expect(step('ArrowRight', 4)).toEqual({});
  expect(step('ArrowLeft', 1)).toEqual({ close: '/a' });
  expect(step('ArrowLeft', 2)?.focus).toBe(rows[1]);
  expect(step('ArrowLeft', 4)?.focus).toBe(rows[0]);
  expect(step('ArrowDown', 4)).toEqual({});
  expect(step('a', 1)).toBeUndefined();
  expect(stepInTree('ArrowDown', rows, null)).toBeUndefined();
});
