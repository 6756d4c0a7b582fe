import { expect, test } from 'vitest';
import { memorySource } from '../bytes/byte-source.ts';
import { type FileTree, fileTree } from '../bytes/file-tree.ts';
import { findItems } from './find-items.ts';

function treeOf(files: Record<string, string | Uint8Array>): FileTree {
  return fileTree(
    '',
    Object.entries(files).map(([path, content]) => {
      const bytes = typeof content === 'string' ? new TextEncoder().encode(content) : content;
      return { path, size: bytes.length, open: async () => memorySource(path, bytes) };
    }),
  );
}

const said = async (files: Record<string, string | Uint8Array>, asked?: string) =>
  (await findItems(treeOf(files), asked === undefined ? {} : { asked })).map(({ path, format, files: members }) => [
    path,
    format,
    members.length,
  ]);

const tiff = new Uint8Array([0x49, 0x49, 42, 0, 8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
const challenge = { 'a/res_track.txt': '1 0 1 0\n2 1 1 1\n', 'a/mask000.tif': tiff, 'a/mask001.tif': tiff };

test('a folder that is one item gives one item, its neighbours stay', async () => {
  expect(await said({ ...challenge, 'a/README.md': '# hello', 'b.md': '# there' })).toEqual([
    ['a', 'ctc', 3],
    ['a/README.md', 'text', 1],
    ['b.md', 'text', 1],
  ]);
});

test('a set is one item wherever one points at it', async () => {
  expect(await said(challenge, 'a')).toEqual([['a', 'ctc', 3]]);
  expect(await said(challenge, 'a/mask001.tif')).toEqual([['a/mask001.tif', 'ctc', 3]]);
  expect(await said(challenge, 'a/res_track.txt')).toEqual([['a/res_track.txt', 'ctc', 3]]);
});

test('a Zarr hierarchy swallows everything below it', async () => {
  const zarr = {
    'z.zarr/zarr.json': '{"zarr_format":3,"node_type":"group"}',
    'z.zarr/0/c/0': 'xx',
    'z.zarr/0/c/1': '',
  };
  expect(await said(zarr)).toEqual([['z.zarr', 'zarr', 3]]);
  expect(await said(zarr, 'z.zarr/0/c/0')).toEqual([['z.zarr/0/c/0', 'zarr', 3]]);
});

test('items come in path order even where a folder sorts after a file of its name', async () => {
  expect(
    await said({ 'a-b.md': '# b', 'a/c.md': '# c', 'z.zarr/zarr.json': '{"zarr_format":3}', 'z.zarr-notes.md': '# d' }),
  ).toEqual([
    ['a-b.md', 'text', 1],
    ['a/c.md', 'text', 1],
    ['z.zarr', 'zarr', 1],
    ['z.zarr-notes.md', 'text', 1],
  ]);
});

test('an empty file and nonsense are unknown, and say so', async () => {
  const items = await findItems(treeOf({ 'e.tif': '', 'n.bin': new Uint8Array(300).map((_, i) => i) }));
  expect(items.map(({ format }) => format)).toEqual(['unknown', 'unknown']);
  expect(items[0]!.issues?.map(({ code }) => code)).toEqual(['empty-file']);
});

test('entities in XML that no reader takes are an error', async () => {
  const [item] = await findItems(
    treeOf({ 'x.xml': '<!DOCTYPE r [<!ENTITY a SYSTEM "file:///etc/passwd">]><r>&a;</r>' }),
  );
  expect(item!.issues?.map(({ code }) => code)).toEqual(['entities-declared']);
});

test('a large folder takes time in proportion to its files', async () => {
  const many = Object.fromEntries(Array.from({ length: 6000 }, (_, i) => [`note${i}.md`, '# hi']));
  const started = performance.now();
  expect(await findItems(treeOf(many))).toHaveLength(6000);
  // A recogniser that looks at every neighbour of every file would take minutes.
  expect(performance.now() - started).toBeLessThan(15_000);
});

test('a walk that is ended is continued by others, to the same items', async () => {
  const files = { ...challenge, 'a/README.md': '# hello', 'b.md': '# there', 'z.zarr/zarr.json': '{"zarr_format":3}' };
  const tree = treeOf({ ...files, 'z.zarr/0': 'x' });
  const taken = new Set<string>();
  const lots: string[][] = [];
  while (taken.size < tree.entries.length) {
    const items = await findItems(tree, { taken, onItem: async () => false });
    for (const { path } of items.flatMap((item) => item.files)) taken.add(path);
    lots.push(items.map(({ path, format, files: members }) => `${path} ${format} ${members.length}`));
  }
  expect(lots).toEqual([['a ctc 3'], ['a/README.md text 1'], ['b.md text 1'], ['z.zarr zarr 2']]);
});

test('items of a walk that lists none are given one by one', async () => {
  const given: string[] = [];
  const onItem = async ({ path }: { path: string }) => given.push(path) < 2;
  expect(await findItems(treeOf({ 'a.md': '# a', 'b.md': '# b', 'c.md': '# c' }), { onItem, isListed: false })).toEqual(
    [],
  );
  expect(given).toEqual(['a.md', 'b.md']);
});

test('metadata saved as “Unicode text” is known; a crate by its name even where it is broken', async () => {
  const wide = (text: string) => Uint8Array.from([0xff, 0xfe, ...[...text].flatMap((one) => [one.charCodeAt(0), 0])]);
  expect(
    await said({
      'i_a.txt': wide('ONTOLOGY SOURCE REFERENCE\r\nSTUDY\r\n'),
      's_a.txt': wide('Source Name\tSample Name\r\na\tb\r\n'),
    }),
  ).toEqual([['', 'isa-tab', 2]]);
  expect(
    await said({
      'i_b.txt': '"#written by a program"\nONTOLOGY SOURCE REFERENCE\nSTUDY\nStudy Title\tT\nStudy Description\tD\n',
    }),
  ).toEqual([['', 'isa-tab', 1]]);
  expect(await said({ 'a-study.txt': '\n# A study\rStudy Title\tT\rStudy Type\tcell\r' })).toEqual([
    ['a-study.txt', 'idr-study', 1],
  ]);
  expect(await said({ 'x/ro-crate-metadata.json': '<html>Not found</html>' })).toEqual([
    ['x/ro-crate-metadata.json', 'ro-crate', 1],
  ]);
  expect(
    await said({
      'a.json': '{"@context": "http://schema.org", "schemaVersion": "http://datacite.org/schema/kernel-4"}',
    }),
  ).not.toEqual([['a.json', 'datacite', 1]]);
});
