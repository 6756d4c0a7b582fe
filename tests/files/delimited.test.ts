import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import {
  type ColumnMapping,
  type Item,
  delimitedReader,
  memorySource,
  readDelimitedHead,
  readTrackSets,
} from '@micrarium/formats';
import { countTracks } from '@micrarium/model';

const data = fileURLToPath(new URL('../../../shared/data/', import.meta.url));
const present = existsSync(`${data}tracks/SOURCES.md`);
if (!present) console.warn(`skipped: no sample files at ${data}`);

async function itemOf(path: string): Promise<Item> {
  const bytes = new Uint8Array(await readFile(`${data}${path}`));
  const name = path.slice(path.lastIndexOf('/') + 1);
  const entry = { path: name, size: bytes.length, open: async () => memorySource(name, bytes) };
  return {
    path,
    files: [entry],
    tree: { name: '', entries: [entry] },
    format: 'delimited',
    recognition: { score: 0.3, reason: '' },
  };
}

async function read(path: string, mapping?: ColumnMapping) {
  const { sets, issues } = await readTrackSets(delimitedReader, await itemOf(path), mapping ? { mapping } : {});
  const set = sets[0];
  return { set, counts: set && countTracks(set.objects, set.edges), codes: issues.map(({ code }) => code), issues };
}

/** Counts of SOURCES.md; `tracks` without those of a single object. */
const expected: [string, Record<string, number>, string[]][] = [
  [
    'tracks/essen/tracks_CXCL1.csv',
    { objects: 22_478, edges: 22_247, tracks: 231, frames: 451, gaps: 0 },
    ['frame-base-unknown', 'no-units'],
  ],
  [
    'tracks/essen/tracks_ctr.csv',
    { objects: 17_944, edges: 17_793, tracks: 151, frames: 451, gaps: 0 },
    ['frame-base-unknown'],
  ],
  ['tracks/vib/trajectories_ugent.csv', { objects: 4850, frames: 71 }, ['duplicate-frame-in-track']],
  [
    'tracks/mosaic/mosaic_tracks.csv',
    { objects: 181, edges: 175, tracks: 6, frames: 50, gaps: 3 },
    ['delimiter-not-as-extension', 'z-all-zero'],
  ],
  [
    'tracks/cellmia/0001_mode1_z000_f000_tracking.txt',
    { objects: 4964, edges: 4903, tracks: 61, frames: 144, gaps: 61 },
    ['non-utf8'],
  ],
  ['tracks/celltrackr/ref_tracks.csv', { objects: 23, edges: 21, tracks: 2, gaps: 0 }, []],
  [
    'tracks/celltrackr/ref_tracks_blank_line_sep.csv',
    { objects: 23, edges: 21, tracks: 2, gaps: 0 },
    ['tracks-by-blank-lines'],
  ],
  ['tracks/btrack/test_data.csv', { objects: 1399, edges: 0, frames: 500 }, ['no-track-column']],
  [
    'tracks/padtrack/PADtrack_well0001_z000_f001_Report.txt',
    { objects: 3059, edges: 2150, tracks: 594, frames: 73, gaps: 173 },
    [],
  ],
  ['bd5/sample_worm.csv', { objects: 193, edges: 0, frames: 1 }, []],
];

describe.skipIf(!present)('delimited tables of real programs, read through the guessed mapping', () => {
  it.each(expected)('%s', async (path, counts, codes) => {
    const found = await read(path);
    expect(found.counts).toMatchObject(counts);
    expect(found.codes).toEqual(expect.arrayContaining(codes));
    expect(found.issues.filter(({ severity }) => severity === 'error')).toEqual([]);
  });

  it('finds the 25 doubled frames of the VIB table and links none of them', async () => {
    const { set, issues } = await read('tracks/vib/trajectories_ugent.csv');
    expect(issues.find(({ code }) => code === 'duplicate-frame-in-track')!.message).toMatch(/^25 frames/);
    const track = set!.objects.columns.find(({ name }) => name === 'track_no')!.values as Int32Array;
    const { frame } = set!.objects;
    const perFrame = new Map<string, number>();
    for (let row = 0; row < set!.objects.count; row++) {
      const key = `${track[row]} ${frame[row]}`;
      perFrame.set(key, (perFrame.get(key) ?? 0) + 1);
    }
    for (const end of [...set!.edges.source, ...set!.edges.target])
      expect(perFrame.get(`${track[end]} ${frame[end]}`)).toBe(1);
  });

  it('reads the table without a header once the columns are named', async () => {
    const mapping = { track: '#2', time: '#3', x: '#4', y: '#5', z: '#6' };
    const { counts } = await read('tracks/celltrackr/t-cells.txt', mapping);
    expect(counts).toMatchObject({ objects: 5157, edges: 4899, tracks: 258, gaps: 6 });
  });

  it.each([
    ['essen', 'tracks/essen/tracks_CXCL1.csv', { objects: 22_478, edges: 22_247 }, 'pixel', 1, 0],
    ['vib', 'tracks/vib/trajectories_ugent.csv', { objects: 4850, frames: 71 }, 'pixel', 0, 0],
    ['mosaic', 'tracks/mosaic/mosaic_tracks.csv', { objects: 181, edges: 175 }, 'pixel', 0, 0],
    ['cellmia', 'tracks/cellmia/0001_mode1_z000_f000_tracking.txt', { edges: 4903, gaps: 61 }, 'pixel', 0, 0],
    [
      'celltrackr',
      'tracks/celltrackr/t-cells.txt',
      { objects: 5157, edges: 4899, tracks: 258, gaps: 6 },
      undefined,
      undefined,
      0,
    ],
  ] as const)('adds what is known of %s', async (format, path, counts, unit, base, firstFrame) => {
    const { sets } = await readTrackSets(delimitedReader, { ...(await itemOf(path)), format });
    const [set] = sets;
    expect(countTracks(set!.objects, set!.edges)).toMatchObject(counts);
    expect([set!.spaceUnit, set!.sourceFrameBase]).toEqual([unit, base]);
    expect(set!.objects.frame.reduce((a, b) => Math.min(a, b))).toBe(firstFrame);
  });

  it('keeps the micro sign of a Latin-1 header', async () => {
    const head = (await readDelimitedHead(await itemOf('tracks/cellmia/0001_mode1_z000_f000_tracking.txt')))!;
    expect(head.rowCount).toBe(4964);
    expect(head.columns.some(({ name, unit }) => name.includes('µm') && unit === 'µm')).toBe(true);
    expect(head.guess.mapping).toMatchObject({
      x: 'cell col',
      y: 'cell row',
      frame: 'time index',
      track: 'ID of track',
    });
  });
});
