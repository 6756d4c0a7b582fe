import { existsSync, readdirSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import {
  type Item,
  cmsoReader,
  createCmsoWriter,
  fileTree,
  findItems,
  formatById,
  memorySource,
  readTrackSets,
} from '@micrarium/formats';
import { type TrackSet, countTracks } from '@micrarium/model';

const folder = fileURLToPath(new URL('../../../shared/data/tracks/cmso-dp/', import.meta.url));
const present = existsSync(folder);
if (!present) console.warn(`skipped: no sample packages at ${folder}`);

function packageItem(path: string, files: Record<string, Uint8Array>): Item {
  const entries = Object.entries(files).map(([name, bytes]) => ({
    path: name,
    size: bytes.length,
    open: async () => memorySource(name, bytes),
  }));
  const tree = fileTree(path, entries);
  return { path, files: tree.entries, tree, format: 'cmso', recognition: { score: 1, reason: '' } };
}

async function read(name: string) {
  const files: Record<string, Uint8Array> = {};
  for (const file of readdirSync(`${folder}${name}`)) files[file] = await readFile(`${folder}${name}/${file}`);
  return readTrackSets(cmsoReader, packageItem(name, files));
}

function edgeNames({ objects, edges }: TrackSet): string[] {
  return Array.from(
    { length: edges.count },
    (_, i) => `${objects.id[edges.source[i]!]} ${objects.id[edges.target[i]!]}`,
  ).sort();
}

const trackmate = fileURLToPath(new URL('../../../shared/data/tracks/trackmate/', import.meta.url));

/** Writes a set and reads it back, plain or strict. */
async function roundTrip(set: TrackSet, strict: boolean): Promise<{ back: TrackSet; links: number }> {
  const files: Record<string, Uint8Array> = {};
  await createCmsoWriter({ strict }).write([set], {
    async create(path) {
      const parts: Uint8Array[] = [];
      return {
        write: async (bytes) => void parts.push(bytes),
        close: async () => void (files[path] = Buffer.concat(parts)),
      };
    },
  });
  const [back] = (await readTrackSets(cmsoReader, packageItem('dp', files))).sets;
  const rows = Buffer.from(files['links.csv']!).toString().trim().split('\n').slice(1);
  return { back: back!, links: new Set(rows.map((row) => row.split(',')[0])).size };
}

describe.skipIf(!present)('CMSO packages of TrackMate files', () => {
  // Numbers of links plain and strict: reference note on tracking formats, 2.4. biotracks loses an edge of each.
  it.each([
    ['faketracks-v3.4.2.xml', 230, 12, 14],
    ['faketracks-v7.0.5-splits.xml', 82, 6, 8],
    ['faketracks-v8.0.0.xml', 89, 11, 13],
    ['benchmark-v2.8.1.xml', 5940, 60, 60],
  ])('%s: no edge lost, doubled or invented', async (name, edges, plain, strict) => {
    const bytes = await readFile(`${trackmate}${name}`);
    const item = (await findItems(packageItem('', { [name]: bytes }).tree))[0]!;
    const reader = await formatById('trackmate')!.tracks!.reader();
    const set = (await readTrackSets(reader, item)).sets[0]!;
    expect(set.edges.count).toBe(edges);
    for (const [links, isStrict] of [
      [plain, false],
      [strict, true],
    ] as const) {
      const written = await roundTrip(set, isStrict);
      expect(written.links).toBe(links);
      expect(edgeNames(written.back)).toEqual(edgeNames(set));
      expect(countTracks(written.back.objects, written.back.edges)).toEqual(countTracks(set.objects, set.edges));
    }
  });
});

describe.skipIf(!present)('CMSO packages made by biotracks', () => {
  // SOURCES.md; tracks are components with an edge (284 components of 4,648 objects, 248 of them in no link).
  it.each([
    ['biotracks-trackmate-example_1', { objects: 243, edges: 229, tracks: 4 }, 'pixel', ['untracked-objects']],
    ['biotracks-cellmia-example_1', { objects: 4964, edges: 4903, tracks: 61, frames: 144 }, undefined, ['no-units']],
    ['biotracks-mosaic-example_1', { objects: 181, edges: 175, tracks: 6 }, undefined, ['z-all-zero']],
    ['cmsodataset0001', { objects: 4648, edges: 4116, frames: 144 }, 'micrometer', ['untracked-objects']],
  ] as const)('%s', async (name, counts, spaceUnit, codes) => {
    const { sets, issues, formatVersion } = await read(name);
    const [set] = sets;
    expect(formatVersion).toBe('1.0');
    expect(countTracks(set!.objects, set!.edges)).toMatchObject(counts);
    expect(set!.spaceUnit).toBe(spaceUnit);
    expect(issues.map(({ code }) => code)).toEqual(expect.arrayContaining([...codes]));
    expect(issues.filter(({ severity }) => severity === 'error')).toEqual([]);
  });

  it('is one item, however one points at it', async () => {
    const files: Record<string, Uint8Array> = {};
    for (const file of readdirSync(`${folder}cmsodataset0001`))
      files[`dp/${file}`] = await readFile(`${folder}cmsodataset0001/${file}`);
    const { tree } = packageItem('', files);
    for (const asked of ['dp', 'dp/dp.json', 'dp/links.csv']) {
      const items = await findItems(tree, { asked });
      expect(items.map(({ format, files: members }) => [format, members.map(({ path }) => path)])).toEqual([
        ['cmso', ['dp/dp.json', 'dp/links.csv', 'dp/objects.csv']],
      ]);
    }
    const { sets } = await readTrackSets(cmsoReader, (await findItems(tree))[0]!);
    expect(sets[0]!.edges.count).toBe(4116);
  });

  it.each(present ? readdirSync(folder) : [])(
    '%s comes back from our own package with the same edges',
    async (name) => {
      const [set] = (await read(name)).sets;
      for (const strict of [false, true]) {
        const { back } = await roundTrip(set!, strict);
        expect(edgeNames(back)).toEqual(edgeNames(set!));
        expect(back.objects.x).toEqual(set!.objects.x);
      }
    },
  );
});
