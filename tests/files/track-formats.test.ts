import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import {
  type FormatId,
  type InspectReport,
  findItems,
  formatById,
  inspectItem,
  memorySink,
  readTrackSets,
} from '@micrarium/formats';
import { openFolder } from '@micrarium/formats/node';
import { type TrackSet, columnValue, countTracks } from '@micrarium/model';
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

async function readSample(path: string): Promise<TrackSet> {
  const [item] = await findItems(await openFolder(`${folder}trackmate`), { asked: path });
  const reader = await item!.descriptor!.tracks!.reader();
  return (await readTrackSets(reader, item!)).sets[0]!;
}

async function writeAndRead(set: TrackSet, format: FormatId): Promise<{ back: TrackSet; lost: string[] }> {
  const { writer, reader } = formatById(format)!.tracks!;
  const target = await writer!();
  const sink = memorySink();
  const lost = target.losses([set]).map(({ code }) => code);
  await target.write([set], { create: (path) => sink.create(path === '' ? `a${target.extension}` : path) });
  const [item] = await findItems(sink.tree());
  expect(item!.format).toBe(format);
  const { sets, issues } = await readTrackSets(await reader(), item!);
  expect(issues.filter(({ severity }) => severity === 'error')).toEqual([]);
  return { back: sets[0]!, lost };
}

/** Every column of objects as texts by object id. */
function features({ objects }: TrackSet): Map<string, string[]> {
  const rows = Array.from(objects.id.keys()).sort((a, b) => objects.id[a]! - objects.id[b]!);
  return new Map(objects.columns.map((column) => [column.name, rows.map((row) => String(columnValue(column, row)))]));
}

const samples = [
  'benchmark-v2.8.1.xml',
  'faketracks-v3.4.2.xml',
  'faketracks-v7.0.5-splits.xml',
  'faketracks-v8.0.0.xml',
];

describe.runIf(present)('TrackMate files, written and read again', () => {
  it.each(samples)('%s as TrackMate XML: nothing lost', async (name) => {
    const set = await readSample(name);
    const { back, lost } = await writeAndRead(set, 'trackmate');
    expect(lost).toEqual([]);
    expect(countTracks(back.objects, back.edges)).toEqual(countTracks(set.objects, set.edges));
    expect(features(back)).toEqual(features(set));
    expect(back.edges.columns.map(({ name: column, unit }) => [column, unit])).toEqual(
      set.edges.columns.map(({ name: column, unit }) => [column, unit]),
    );
    const tracks = ({ sourceTracks }: TrackSet) =>
      sourceTracks!.columns.map((column) => [
        column.name,
        column.unit,
        Array.from({ length: sourceTracks!.count }, (_, row) => columnValue(column, row)),
      ]);
    expect(tracks(back)).toEqual(tracks(set));
    expect(back.provenance).toEqual(set.provenance);
    expect(back.objects.shapes?.vertexOffsets).toEqual(set.objects.shapes?.vertexOffsets);
    for (const [i, value] of (set.objects.shapes?.xyz ?? []).entries())
      expect(Math.abs(back.objects.shapes!.xyz[i]! - value)).toBeLessThan(1e-9);
  });

  it.each(samples)('%s as GEFF: equal in everything', async (name) => {
    const set = await readSample(name);
    const { back, lost } = await writeAndRead(set, 'geff');
    expect(lost).toEqual([]);
    expect(countTracks(back.objects, back.edges)).toEqual(countTracks(set.objects, set.edges));
    expect(features(back)).toEqual(features(set));
    expect(back.objects.shapes).toEqual(set.objects.shapes);
    expect(back.sourceTracks).toEqual(set.sourceTracks);
    expect(back.provenance).toEqual(set.provenance);
  });

  it.each(samples.slice(1))('%s as label images: every object, every edge but those into merges', async (name) => {
    const set = await readSample(name);
    const { back, lost } = await writeAndRead(set, 'ctc');
    const { merges } = countTracks(set.objects, set.edges);
    expect(lost.includes('ctc-merges-lost')).toBe(merges > 0);
    expect([back.objects.count, back.edges.count]).toEqual([set.objects.count, set.edges.count - merges]);
  });
});
