import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { type InspectReport, findItems, inspectItem } from '@micrarium/formats';
import { openFolder } from '@micrarium/formats/node';
import { describe, expect, it } from 'vitest';

const folder = fileURLToPath(new URL('../../../shared/data/tracks/', import.meta.url));
const present = existsSync(folder);
if (!present) console.warn(`skipped: no sample files at ${folder}`);

async function inspect(room: string, asked: string): Promise<InspectReport> {
  const tree = await openFolder(`${folder}${room}`);
  const [item] = await findItems(tree, { asked });
  return inspectItem(item!);
}

function list(counts: InspectReport['counts']): number[] {
  const { objects, edges, links, tracks, frames, splits, merges, gaps } = counts!;
  return [objects, edges, links, tracks, frames, splits, merges, gaps];
}

/** Room, what is pointed at, format, counts in the order of the command line (SOURCES.md), unit, codes that must come. */
const expected: [string, string, string, number[], string | undefined, string[]][] = [
  [
    'cellprofiler',
    'bloboverlap15_spots.csv',
    'cellprofiler',
    [228, 217, 17, 11, 50, 3, 0, 0],
    'pixel',
    ['no-absolute-position', 'frames-from-image-numbers'],
  ],
  ...['', 'res_track.txt', 'mask045.tif'].map((asked): (typeof expected)[number] => [
    'ctc/Fluo-N2DL-HeLa/01_RES',
    asked,
    'ctc',
    [8600, 8535, 279, 65, 92, 106, 0, 0],
    'pixel',
    ['pixel-units-only'],
  ]),
  ...['', '.zattrs', 'nodes/ids/0'].map((asked): (typeof expected)[number] => [
    'geff/ctc_hela_example.geff',
    asked,
    'geff',
    [8639, 8562, 257, 69, 92, 94, 0, 0],
    undefined,
    ['no-units'],
  ]),
  [
    'icy',
    'track_processor_two_sheets.xls',
    'icy-xls',
    [7108, 6560, 547, 547, 85, 0, 0, 0],
    'pixel',
    ['second-sheet', 'z-all-zero'],
  ],
  ['mtrackj', 'example.mdf', 'mtrackj', [109, 107, 2, 2, 71, 0, 0, 0], 'pixel', []],
  ['mastodon', 'tiny-project.mastodon', 'mastodon', [23, 21, 4, 2, 10, 1, 0, 0], 'pixel', []],
  ['celltrackr', 'immunemap.json', 'immunemap', [7, 5, 2, 2, 4, 0, 0, 0], undefined, ['no-units']],
  ...['test_data.csv', 'test_graph.json', 'test_ground_truth.json'].map((asked): (typeof expected)[number] => [
    'btrack',
    asked,
    'btrack',
    [1399, 1398, 7, 1, 500, 3, 0, 0],
    undefined,
    ['z-all-zero'],
  ]),
];

describe.runIf(present)('files of tracking programs', () => {
  it.each(expected)('%s/%s', async (room, asked, format, counts, unit, codes) => {
    const report = await inspect(room, asked);
    expect(report.format).toBe(format);
    expect(report.issues.filter(({ severity }) => severity === 'error')).toEqual([]);
    expect(list(report.counts)).toEqual(counts);
    expect(report.units?.space).toBe(unit);
    expect(report.issues.map(({ code }) => code)).toEqual(expect.arrayContaining(codes));
  });
});
