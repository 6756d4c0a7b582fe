import { describe, expect, test } from 'vitest';
import { memorySource } from '../../bytes/byte-source.ts';
import { type FileTree, fileTree } from '../../bytes/file-tree.ts';
import { findItems } from '../../recognition/find-items.ts';
import { buildTiff } from '../tiff/tiff-for-tests.ts';
import { ndMember, parseNd } from './nd-file.ts';

const text = `"NDInfoFile", Version 1.0
"Description", File recreated from images.
"StartTime1", 20110812 10:53:16.004
"DoTimelapse", TRUE
"NTimePoints", 2
"DoStage", TRUE
"NStagePositions", 2
"Stage1", "left, upper"
"Stage2", "right"
"DoWave", TRUE
"NWavelengths", 2
"WaveName1", "GFP"
"WaveDoZ1", TRUE
"WaveName2", "Trans"
"WaveDoZ2", FALSE
"DoZSeries", TRUE
"NZSteps", 3
"ZStepSize", 0.5
"WaveInFileName", TRUE
"NEvents", 0
"EndFile"
`.replaceAll('\n', '\r\n');

test('the lines of an .nd file', () => {
  expect(parseNd(text)).toEqual({
    times: 2,
    stages: ['left, upper', 'right'],
    waves: [
      { name: 'GFP', isStack: true },
      { name: 'Trans', isStack: false },
    ],
    slices: 3,
    stepMicrometers: 0.5,
    startedAt: '2011-08-12T10:53:16.004',
    description: 'File recreated from images.',
  });
  expect(parseNd('"NDInfoFile", Version 1.0\n"NTimePoints", 9e99\n"DoTimelapse", TRUE')).toMatchObject({ times: 1 });
  expect(parseNd('"Something", else')).toBeUndefined();
});

test.each([
  ['d/exp_w1GFP_s2_t3.stk', { wave: 1, stage: 2, time: 3 }],
  ['d/exp_w2some_t name_t12.TIF', { wave: 2, stage: 1, time: 12 }],
  ['d/exp_s4.tif', { wave: 1, stage: 4, time: 1 }],
  ['d/exp.stk', { wave: 1, stage: 1, time: 1 }],
  ['d/exp2_w1GFP.stk', undefined],
  ['d/exp_overview.tif', undefined],
  ['e/exp_w1GFP.stk', undefined],
])('the name %s', (path, expected) => {
  expect(ndMember(path, 'd/exp.nd')).toEqual(expected && { path, ...expected });
});

describe('a series', () => {
  /** Pages of 2 x 1 pixels; the value tells time, stage, wave and slice. */
  const member = (wave: number, stage: number, time: number): Uint8Array =>
    buildTiff({
      pages: Array.from({ length: wave === 1 ? 3 : 1 }, (_, z) => ({
        width: 2,
        height: 1,
        bits: 16,
        values: [1000 * time + 100 * stage + 10 * wave + z, 7],
      })),
    });

  function tree(leftOut = ''): FileTree {
    const files = new Map<string, Uint8Array>([['d/exp.nd', new TextEncoder().encode(text)]]);
    for (const t of [1, 2])
      for (const s of [1, 2])
        for (const w of [1, 2]) {
          const name = `d/exp_w${w}${w === 1 ? 'GFP' : 'Trans'}_s${s}_t${t}.TIF`;
          if (name !== leftOut) files.set(name, member(w, s, t));
        }
    files.set('d/other.tif', buildTiff({ pages: [{ width: 1, height: 1, bits: 8, values: [1] }] }));
    return fileTree(
      '',
      [...files].map(([path, bytes]) => ({ path, size: bytes.length, open: async () => memorySource(path, bytes) })),
    );
  }

  test('is one item, wherever one points at it, with an image for each position', async () => {
    const walked = await findItems(tree());
    expect(walked.map((item) => [item.format, item.files.length])).toEqual([
      ['metamorph-nd', 9],
      ['tiff', 1],
    ]);
    const [item] = await findItems(tree(), { asked: 'd/exp_w1GFP_s2_t1.TIF' });
    const reader = await item!.descriptor!.images!.reader();
    const { images, rawMetadata } = await reader.open(item!);
    expect(rawMetadata!.text).toBe(text);
    expect(images.map(({ description }) => [description.name, description.channels[0]!.name])).toEqual([
      ['exp left, upper', 'GFP'],
      ['exp left, upper', 'Trans'],
      ['exp right', 'GFP'],
      ['exp right', 'Trans'],
    ]);
    expect(images[2]!.description).toMatchObject({
      sizes: { t: 2, c: 1, z: 3, y: 1, x: 2 },
      voxelSize: { z: { value: 0.5, unit: 'micrometer' } },
      acquiredAt: '2011-08-12T10:53:16.004',
    });
    const { data } = await images[2]!.readRegion({ t: 1, c: 0, z: 2 });
    expect(Array.from(data as Uint16Array)).toEqual([2212, 7]);
    const flat = await images[1]!.readRegion({ t: 0, c: 0, z: 0 });
    expect(Array.from(flat.data as Uint16Array)).toEqual([1120, 7]);
  });

  test('a missing member is named and shown as 0', async () => {
    const gone = 'd/exp_w1GFP_s2_t2.TIF';
    const [item] = await findItems(tree(gone));
    const { images, issues } = await (await item!.descriptor!.images!.reader()).open(item!);
    expect(issues.filter(({ code }) => code === 'set-member-missing').map(({ message }) => message)).toEqual([
      expect.stringContaining('exp_w1GFP_s2_t2'),
    ]);
    const { data } = await images[2]!.readRegion({ t: 1, c: 0, z: 0 });
    expect(Array.from(data as Uint16Array)).toEqual([0, 0]);
  });
});
