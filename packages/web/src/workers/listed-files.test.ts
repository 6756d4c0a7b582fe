import { findItems } from '@micrarium/formats';
import { expect, it } from 'vitest';
import { ListedFiles } from './listed-files.ts';
import type { FileList } from './work.ts';

function listOf(files: Readonly<Record<string, string>>, taken: readonly string[] = []): FileList {
  const paths = Object.keys(files);
  return {
    paths: paths.map((path) => `${path}\0`).join(''),
    sizes: Float64Array.from(paths, (path) => files[path]!.length),
    times: new Float64Array(paths.length),
    taken: Uint8Array.from(paths, (path) => Number(taken.includes(path))),
  };
}

/** Files that answer what is wanted a moment later, as a page does. */
function supplied(files: Readonly<Record<string, string>>, taken: readonly string[] = [], gone = '') {
  const wanted: number[][] = [];
  const paths = Object.keys(files);
  const listed = new ListedFiles(listOf(files, taken), (want) => {
    wanted.push(want);
    const found = want.map((index) =>
      paths[index] === gone ? { index } : { index, file: new File([files[paths[index]!]!], paths[index]!) },
    );
    queueMicrotask(() => listed.take(found));
  });
  return { listed, wanted };
}

it('asks for files as they are opened, a few at a time, none twice', async () => {
  const files = Object.fromEntries(Array.from({ length: 40 }, (_, at) => [`n${39 - at}.md`, `# note ${at}`]));
  const { listed, wanted } = supplied(files);
  const items = await findItems(listed.tree);
  expect(items.map(({ format }) => format)).toEqual(Array.from({ length: 40 }, () => 'text'));
  expect(wanted.flat().sort((a, b) => a - b)).toEqual(Array.from({ length: 40 }, (_, at) => at));
  expect(wanted.length).toBeLessThanOrEqual(6);
});

it('leaves alone what is taken, and a file that went away does not stop the rest', async () => {
  const files = { 'a.md': '# a', 'b.md': '# b', 'c.md': '# c' };
  const { listed, wanted } = supplied(files, ['a.md'], 'b.md');
  expect(listed.left).toBe(2);
  const items = await findItems(listed.tree, { taken: listed.taken() });
  expect(items.map(({ path, format }) => [path, format])).toEqual([
    ['b.md', 'unknown'],
    ['c.md', 'text'],
  ]);
  expect(items[0]!.issues?.[0]?.code).toBe('bytes-unreadable');
  expect(wanted.flat()).not.toContain(0);
});
