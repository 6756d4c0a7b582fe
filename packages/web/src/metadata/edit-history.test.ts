import { expect, it } from 'vitest';
import { EditHistory } from './edit-history.ts';

it('takes edits back and makes them again; typing in one field is one step', () => {
  const history = new EditHistory();
  history.note({ a: undefined }, { a: 'x' }, 0);
  history.note({ a: 'x' }, { a: 'xy' }, 100);
  history.note({ b: 1 }, { b: 2 }, 200);
  expect(history.undo()).toEqual({ b: 1 });
  expect(history.undo()).toEqual({ a: undefined });
  expect([history.undo(), history.canUndo, history.canRedo]).toEqual([undefined, false, true]);
  expect(history.redo()).toEqual({ a: 'xy' });
  history.note({ c: 1 }, { c: 2 }, 5000);
  expect(history.canRedo).toBe(false);
});
