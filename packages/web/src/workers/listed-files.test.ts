import { findItems } from '@micrarium/formats';
import { expect, it } from 'vitest';
import { listOf } from '../deposit/file-list.ts';
import { ListedFiles } from './listed-files.ts';
import type { Supplied, Want } from './work.ts';

/** Files that answer what is wanted a moment later, as a page does. */
function supplied(files: Readonly<Record<string, string | Uint8Array<ArrayBuffer>>>, gone = '', readsAhead = true) {
  const wanted: Want[][] = [];
  const paths = Object.keys(files);
  const list = listOf(
    paths.map((path) => ({
      path,
      size: new Blob([files[path]!]).size,
      modifiedAt: 0,
      open: async () => new File([], path),
    })),
  );
  const answer = async ({ key, path, range }: Want): Promise<Supplied> => {
    const file = new File([files[path]!], path);
    if (path === gone) return { key, failed: `${path} was taken out` };
    if (!range) return { key, file };
    return { key, bytes: await file.slice(range.offset, range.offset + range.length).arrayBuffer() };
  };
  const listed = new ListedFiles(
    list,
    (wants) => {
      wanted.push(wants);
      for (const want of wants) void answer(want).then((one) => listed.take(one));
    },
    readsAhead,
  );
  return { listed, wanted };
}

it('asks for the beginnings of files some ahead, none twice', async () => {
  const files = Object.fromEntries(Array.from({ length: 40 }, (_, at) => [`n${39 - at}.md`, `# note ${at}`]));
  const { listed, wanted } = supplied(files);
  const items = await findItems(listed.tree);
  expect(items.map(({ format }) => format)).toEqual(Array.from({ length: 40 }, () => 'text'));
  const paths = wanted.flat().map(({ path }) => path);
  expect(paths.sort()).toEqual(Object.keys(files).sort());
  expect(wanted.length).toBeLessThanOrEqual(3);
});

it('a file that went away does not stop the rest', async () => {
  const { listed } = supplied({ 'a.md': '# a', 'b.md': '# b', 'c.md': '# c' }, 'b.md');
  const items = await findItems(listed.tree);
  expect(items.map(({ path, format }) => [path, format])).toEqual([
    ['a.md', 'text'],
    ['b.md', 'unknown'],
    ['c.md', 'text'],
  ]);
  expect(items[1]!.issues?.[0]?.message).toContain('b.md was taken out');
});

it('reads a large file by its beginning, by ranges, and at last from the file itself', async () => {
  const bytes = new Uint8Array(3 * 2 ** 20).map((_, at) => (at * 7) & 255);
  const { listed, wanted } = supplied({ 'large.bin': bytes }, '', false);
  const source = await listed.tree.entries[0]!.open();
  const ranges = Array.from({ length: 20 }, (_, at) => [at * 150_000, 1000] as const);
  for (const [offset, length] of [
    [0, 10],
    [65_000, 536],
    ...ranges,
    [2 ** 20, 2 ** 20],
    [3 * 2 ** 20 - 5, 100],
  ] as const)
    expect(await source.read(offset, length)).toEqual(bytes.slice(offset, offset + length));
  expect(await source.read(3 * 2 ** 20, 10)).toEqual(new Uint8Array(0));
  const kinds = wanted.flat().map(({ range }) => (range ? (range.offset === 0 ? 'head' : 'range') : 'file'));
  expect(kinds).toEqual(['head', ...Array.from({ length: 8 }, () => 'range'), 'file']);
});

it('a file to be digested comes as its bytes where it is small, else as itself', async () => {
  const { listed, wanted } = supplied({ 'small.txt': 'hello', 'z.bin': new Uint8Array(100_000) }, '', false);
  const [small, large] = listed.tree.entries;
  expect(await (await listed.blob(small!)).text()).toBe('hello');
  expect((await listed.blob(large!)).size).toBe(100_000);
  expect(wanted.flat().map(({ range }) => range !== undefined)).toEqual([true, false]);
});
