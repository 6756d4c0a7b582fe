import { expect, it } from 'vitest';
import type { ItemRow } from './item-row.ts';
import { keptRows } from './use-rows.ts';

const row = (path: string, more: Partial<ItemRow> = {}): ItemRow => ({ path, files: [path], bytes: 1, ...more });

it('keeps lines that are what they were, and the whole list where all are', () => {
  const report = { path: 'b', format: 'text', kind: 'unknown', issues: [] } as const;
  const before = [row('a'), row('b'), row('d')];
  expect(keptRows([row('a'), row('b'), row('d')], before)).toBe(before);
  const after = keptRows([row('a'), row('b', { report: { ...report, issues: [] } }), row('c'), row('d')], before);
  expect(after.map((one) => before.indexOf(one))).toEqual([0, -1, -1, 2]);
  expect(keptRows([row('a'), row('d')], before).map((one) => before.indexOf(one))).toEqual([0, 2]);
  expect(keptRows([row('a', { bytes: 2 })], before)[0]!.bytes).toBe(2);
});
