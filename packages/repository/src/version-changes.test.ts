import fc from 'fast-check';
import { expect, it } from 'vitest';
import { changedFields, compareFiles, type ComparedFile } from './version-changes.ts';

async function* listed(files: readonly ComparedFile[]): AsyncGenerator<ComparedFile> {
  yield* [...files].sort((a, b) => Buffer.compare(Buffer.from(a.path), Buffer.from(b.path)));
}
const file = (path: string, sha256: string): ComparedFile => ({ path, size: sha256.length, sha256 });

it('names what came, went, moved and changed, by digest', async () => {
  const before = [file('a', 'x'), file('b', 'y'), file('old/c', 'z'), file('gone', 'w')];
  const after = [file('a', 'x'), file('b', 'yy'), file('new/c', 'z'), file('more', 'v')];
  const { counts, files, isWhole } = await compareFiles(listed(before), listed(after));
  expect(counts).toEqual({ added: 1, removed: 1, changed: 1, moved: 1, same: 1 });
  expect(isWhole).toBe(true);
  expect(files).toEqual([
    { kind: 'changed', path: 'b', size: 2, sha256: 'yy', wasSize: 1, wasSha256: 'y' },
    { kind: 'removed', path: 'gone', wasSize: 1, wasSha256: 'w' },
    { kind: 'added', path: 'more', size: 1, sha256: 'v' },
    { kind: 'moved', path: 'new/c', from: 'old/c', size: 1, sha256: 'z' },
  ]);
});

it('tells of whatever two listings the later one from the earlier one, names beyond the basic plane too', async () => {
  const path = fc.constantFrom('a', 'b', 'c/d', '\u{1F9EC}', '\uFFFD', '\uE000x', 'é', '核');
  const listing = fc.uniqueArray(fc.tuple(path, fc.constantFrom('1', '2', '3')), { selector: ([name]) => name });
  await fc.assert(
    fc.asyncProperty(listing, listing, async (one, other) => {
      const [before, after] = [one, other].map((rows) => rows.map(([name, digest]) => file(name, digest)));
      const { files, counts } = await compareFiles(listed(before!), listed(after!));
      const made = new Map(before!.map((row) => [row.path, row.sha256]));
      for (const change of files) {
        if (change.kind === 'removed') made.delete(change.path);
        if (change.kind === 'moved') made.delete(change.from);
      }
      for (const change of files) if (change.kind !== 'removed') made.set(change.path, change.sha256);
      expect(made).toEqual(new Map(after!.map((row) => [row.path, row.sha256])));
      expect(counts.same + counts.changed + counts.added + counts.moved).toBe(after!.length);
    }),
    { numRuns: 200 },
  );
});

it('compares values, not how they are written', () => {
  const of = (values: Record<string, unknown>) => ({ values, origins: {} }) as never;
  const term = { label: 'HeLa', id: 'CVCL_0030' };
  const again = { id: 'CVCL_0030', label: 'HeLa' };
  expect(
    changedFields(of({ title: 'A', cellLine: [term], gone: 'x' }), of({ title: 'B', cellLine: [again], more: 'y' })),
  ).toEqual([
    { field: 'gone', before: 'x' },
    { field: 'more', after: 'y' },
    { field: 'title', before: 'A', after: 'B' },
  ]);
});
