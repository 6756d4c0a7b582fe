import { expect, it } from 'vitest';
import { EditHistory } from './edit-history.ts';

it('takes edits back and makes them again; typing in one field is one step', () => {
  const history = new EditHistory();
  history.note({ a: undefined }, { a: 'x' }, 0);
  history.note({ a: 'x' }, { a: 'xy' }, 100);
  history.note({ b: 1 }, { b: 2 }, 200);
  expect(history.undo({ a: 'xy', b: 2 })).toEqual({ b: 1 });
  expect(history.undo({ a: 'xy', b: 1 })).toEqual({ a: undefined });
  expect([history.undo({ b: 1 }), history.canUndo({ b: 1 }), history.canRedo({ b: 1 })]).toEqual([
    undefined,
    false,
    true,
  ]);
  expect(history.redo({ b: 1 })).toEqual({ a: 'xy' });
  history.note({ c: 1 }, { c: 2 }, 5000);
  expect(history.canRedo({ a: 'xy', b: 1, c: 2 })).toBe(false);
});

it('what somebody else changed since is not taken back with it', () => {
  const history = new EditHistory();
  history.note({ a: 'old' }, { a: 'mine' }, 0);
  history.note({ b: 1, c: 1 }, { b: 2, c: 2 }, 9000);
  // Somebody else wrote c and a since.
  expect(history.undo({ a: 'theirs', b: 2, c: 3 })).toEqual({ b: 1 });
  expect(history.canUndo({ a: 'theirs', b: 1, c: 3 })).toBe(false);
  expect(history.undo({ a: 'theirs', b: 1, c: 3 })).toBeUndefined();
  expect(history.redo({ a: 'theirs', b: 1, c: 3 })).toEqual({ b: 2 });
});

it('typing goes on only from what it left', () => {
  const history = new EditHistory();
  history.note({ a: undefined }, { a: 'x' }, 0);
  history.note({ a: 'theirs' }, { a: 'theirs!' }, 100);
  expect(history.undo({ a: 'theirs!' })).toEqual({ a: 'theirs' });
});
