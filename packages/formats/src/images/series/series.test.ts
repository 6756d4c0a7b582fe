import { describe, expect, test } from 'vitest';
import { memorySource } from '../../bytes/byte-source.ts';
import { type FileTree, fileTree } from '../../bytes/file-tree.ts';
import { findItems } from '../../recognition/find-items.ts';
import { buildTiff } from '../tiff/tiff-for-tests.ts';
import { guessSeries } from './guess-series.ts';

const numbered = (count: number, name: (index: number) => string): string[] =>
  Array.from({ length: count }, (_, i) => name(i));
const pad = (value: number, width: number): string => String(value).padStart(width, '0');

describe('names', () => {
  test('t, c and z by their letters', () => {
    const paths = [0, 1].flatMap((t) =>
      [0, 1, 2].flatMap((c) => [1, 2].map((z) => `d/img_t${pad(t, 3)}_c${c}_z${pad(z, 2)}.tif`)),
    );
    const [series, ...more] = guessSeries(paths);
    expect(more).toEqual([]);
    expect(series).toMatchObject({
      folder: 'd',
      template: 'img_t{t}_c{c}_z{z}.tif',
      name: 'img',
      sizes: { t: 2, c: 3, z: 2 },
      missing: [],
    });
    expect(series!.members[7]).toEqual({ path: 'd/img_t001_c0_z02.tif', t: 1, c: 0, z: 1 });
  });

  test('trailing numbers are times; what is missing is named', () => {
    const paths = numbered(12, (i) => `mask${pad(i, 3)}.tif`).filter((path) => path !== 'mask007.tif');
    expect(guessSeries(paths)).toMatchObject([
      { name: 'mask', sizes: { t: 12, c: 1, z: 1 }, missing: ['mask007.tif'] },
    ]);
  });

  test.each([
    ['s_T01_Z1.tif', numbered(4, (i) => `s_T0${i}_Z1.tif`), { t: 4, c: 1, z: 1 }],
    ['w1..3', numbered(3, (i) => `x_w${i + 1}.png`), { t: 1, c: 3, z: 1 }],
    ['steps', numbered(4, (i) => `a_t${pad(i * 5, 2)}.tif`), { t: 4, c: 1, z: 1 }],
    ['capital', numbered(4, (i) => `filmT${pad(i, 2)}.tif`), { t: 4, c: 1, z: 1 }],
    ['unpadded', numbered(12, (i) => `film ${i}.tif`), { t: 12, c: 1, z: 1 }],
    ['z and number', [1, 2].flatMap((z) => numbered(3, (i) => `f_z${z}_${pad(i, 3)}.tif`)), { t: 3, c: 1, z: 2 }],
  ])('%s', (_, paths, sizes) => {
    expect(guessSeries(paths).map((series) => series.sizes)).toEqual([sizes]);
  });

  test('rows and columns of wells of Harmony are no channels, its planes are slices', () => {
    const paths = [1, 2].flatMap((row) =>
      [3, 4].flatMap((column) =>
        [1, 2, 3].flatMap((p) => [1, 2].map((c) => `r0${row}c0${column}f01p0${p}-ch${c}sk1fk1fl1.tiff`)),
      ),
    );
    const found = guessSeries(paths);
    expect(found.map(({ name, sizes }) => [name, sizes])).toEqual(
      ['r01c03f01', 'r01c04f01', 'r02c03f01', 'r02c04f01'].map((name) => [name, { t: 1, c: 2, z: 3 }]),
    );
  });

  test('positions and other numbers separate series', () => {
    const positions = [1, 2].flatMap((p) => numbered(3, (i) => `e_p${p}_t${pad(i, 2)}.tif`));
    expect(guessSeries(positions).map((series) => series.members.length)).toEqual([3, 3]);
    const experiments = [7, 9].flatMap((e) => numbered(4, (i) => `exp${e}_${pad(i, 2)}.tif`));
    expect(guessSeries(experiments).map((series) => [series.name, series.sizes.t])).toEqual([
      ['exp7', 4],
      ['exp9', 4],
    ]);
  });

  test.each([
    ['two files', ['a01.tif', 'a02.tif']],
    ['few and unpadded', ['cell1.png', 'cell2.png', 'cell3.png']],
    ['years', ['a2019.tif', 'a2021.tif', 'a2024.tif']],
    ['sparse', ['a_t001.tif', 'a_t017.tif', 'a_t500.tif']],
    ['mixed padding', ['a1.tif', 'a01.tif', 'a2.tif', 'a3.tif', 'a4.tif']],
    ['OME', numbered(5, (i) => `a${pad(i, 2)}.ome.tif`)],
    ['other files', numbered(5, (i) => `a${pad(i, 2)}.csv`)],
    ['different folders', numbered(5, (i) => `d${i}/a${pad(i, 2)}.tif`)],
  ])('%s are no series', (_, paths) => {
    expect(guessSeries(paths)).toEqual([]);
  });
});

describe('files', () => {
  const tiff = (value: number, width = 2): Uint8Array =>
    buildTiff({ pages: [{ width, height: 1, bits: 16, values: Array.from({ length: width }, (_, x) => value + x) }] });

  function treeOf(files: Record<string, Uint8Array>): FileTree {
    return fileTree(
      '',
      Object.entries(files).map(([path, bytes]) => ({
        path,
        size: bytes.length,
        open: async () => memorySource(path, bytes),
      })),
    );
  }

  const film = Object.fromEntries(
    [0, 1, 2, 3].filter((t) => t !== 2).flatMap((t) => [1, 2].map((c) => [`d/f_t${t}_c${c}.tif`, tiff(t * 10 + c)])),
  );

  test('are one image wherever one points at them', async () => {
    const tree = treeOf({
      ...film,
      'd/overview.tif': tiff(1, 5),
      'd/notes.txt': new TextEncoder().encode('hello there'),
    });
    const walked = await findItems(tree);
    expect(walked.map((item) => [item.format, item.files.length])).toEqual([
      ['image-series', 6],
      ['text', 1],
      ['tiff', 1],
    ]);
    const [item] = await findItems(tree, { asked: 'd/f_t1_c2.tif' });
    expect(item?.files.map((file) => file.path)).toEqual(Object.keys(film).sort());
    const reader = await item!.descriptor!.images!.reader();
    const { images, issues } = await reader.open(item!);
    expect(images).toHaveLength(1);
    expect(images[0]!.description).toMatchObject({
      name: 'f',
      sizes: { t: 4, c: 2, z: 1, y: 1, x: 2 },
      type: 'uint16',
    });
    expect(issues.filter((issue) => issue.code === 'set-member-missing')).toHaveLength(2);
    expect(Array.from((await images[0]!.readRegion({ t: 3, c: 1, z: 0 })).data as Uint16Array)).toEqual([32, 33]);
    expect(Array.from((await images[0]!.readRegion({ t: 2, c: 1, z: 0 })).data as Uint16Array)).toEqual([0, 0]);
    const part = await images[0]!.readRegion({ t: 1, c: 0, z: 0 }, { x: 1, y: 0, width: 1, height: 1 });
    expect(Array.from(part.data as Uint16Array)).toEqual([12]);
  });

  test('of different size, of several planes, or masks of a tracking result are no series', async () => {
    const formats = async (files: Record<string, Uint8Array>): Promise<Set<string>> =>
      new Set((await findItems(treeOf(files))).map((item) => item.format));
    const three = (make: (index: number) => Uint8Array): Record<string, Uint8Array> =>
      Object.fromEntries([0, 1, 2].map((index) => [`d/a00${index}.tif`, make(index)]));
    expect(await formats(three((index) => tiff(1, 2 + index)))).toEqual(new Set(['tiff']));
    const page = { width: 2, height: 1, bits: 8, values: [1, 2] };
    expect(await formats(three(() => buildTiff({ pages: [page, page] })))).toEqual(new Set(['tiff']));
    const masks = Object.fromEntries([0, 1, 2].map((index) => [`m/mask00${index}.tif`, tiff(index)]));
    const tracks = new TextEncoder().encode('1 0 2 0\n');
    expect(await formats({ ...masks, 'm/res_track.txt': tracks })).not.toContain('image-series');
  });
});
