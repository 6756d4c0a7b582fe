import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import {
  type FormatId,
  type Item,
  type TrackWriter,
  type TrackWriterChoices,
  departures,
  findItems,
  formatById,
  memorySink,
  readTrackSets,
} from '@micrarium/formats';
import { openFolder } from '@micrarium/formats/node';
import type { TrackSet } from '@micrarium/model';
import { describe, expect, it } from 'vitest';

const folder = fileURLToPath(new URL('../../../shared/data/', import.meta.url));
const present = existsSync(folder);
if (!present) console.warn(`skipped: no sample files at ${folder}`);

/** `isTwin`: written by the writer of another form; sets of many objects are held to that one only. */
const forms: { title: string; format: FormatId; choices?: TrackWriterChoices; isTwin?: true }[] = [
  { title: 'CMSO package', format: 'cmso' },
  { title: 'GEFF', format: 'geff' },
  { title: 'Parquet', format: 'parquet' },
  { title: 'one table', format: 'delimited', choices: { container: 'file' } },
  { title: 'folder of tables', format: 'delimited', choices: { container: 'folder' }, isTwin: true },
  { title: 'TrackMate XML', format: 'trackmate' },
  { title: 'napari', format: 'napari' },
  { title: 'Cell Tracking Challenge', format: 'ctc' },
  { title: 'MTrackJ', format: 'mtrackj' },
  { title: 'ISBI challenge XML', format: 'isbi' },
  { title: 'btrack stores', format: 'btrack' },
  { title: 'BD5', format: 'bd5' },
  { title: 'BD5 as published', format: 'bd5', choices: { bd5Layout: 'published' }, isTwin: true },
  { title: 'BDML 0.18', format: 'bdml', choices: { bdmlVersion: '0.18' } },
  { title: 'BDML 3.0', format: 'bdml', choices: { bdmlVersion: '3.0' }, isTwin: true },
];

/** Every item of the samples that holds objects; no rule here names a file. */
async function samples(): Promise<{ path: string; sets: TrackSet[] }[]> {
  const found: { path: string; sets: TrackSet[] }[] = [];
  for (const room of present ? ['tracks', 'bd5'] : [])
    for (const item of await findItems(await openFolder(`${folder}${room}`))) {
      const sets = await setsOf(item);
      if (sets.some(({ objects }) => objects.count > 0)) found.push({ path: `${room}/${item.path}`, sets });
    }
  return found;
}

async function setsOf(item: Item): Promise<TrackSet[]> {
  const reader = await item.descriptor?.tracks?.reader();
  return reader ? (await readTrackSets(reader, item)).sets : [];
}

/** Label images of more pixels than this (all frames) take longer than a test may. */
const mostPixels = 30e6;

/** Objects from which a form is not also tried in its other layouts: they share their code, and small samples try them. */
const manyObjects = 3_000;

function pixelsOf(sets: readonly TrackSet[]): number {
  const high = (values: Iterable<number>) => {
    let most = 0;
    for (const value of values) most = Math.max(most, value || 0);
    return most;
  };
  const size = ({ objects, provenance: { pixelSize: p, imageSizes: i } }: TrackSet) =>
    (high(objects.frame) + 1) *
    Math.max(i?.x ?? 0, high(objects.x) / (p?.x ?? 1)) *
    Math.max(i?.y ?? 0, high(objects.y) / (p?.y ?? 1)) *
    Math.max(1, high(objects.z ?? new Float64Array(1)) / (p?.z ?? 1));
  return sets.reduce((sum, set) => sum + size(set), 0);
}

async function writtenAndRead(writer: TrackWriter, sets: readonly TrackSet[], form: FormatId): Promise<TrackSet[]> {
  const sink = memorySink();
  await writer.write(sets, { create: (path) => sink.create(path === '' ? `out${writer.extension}` : `out/${path}`) });
  const back: TrackSet[] = [];
  for (const item of await findItems(sink.tree())) {
    expect(item.format).toBe(form);
    back.push(...(await setsOf(item)));
  }
  return back;
}

const all = await samples();

describe.runIf(present)('a sample written in any form and read again is equal up to the loss report', () => {
  it('finds the samples', () => expect(all.length).toBeGreaterThan(40));

  it.each(all.map(({ path, sets }) => [path, sets] as const))('%s', async (_, sets) => {
    const isLarge = sets.some(({ objects }) => objects.count > manyObjects);
    for (const { title, format, choices, isTwin } of forms) {
      if (isTwin && isLarge) continue;
      const writer = await formatById(format)!.tracks!.writer!(choices);
      if (format === 'ctc' && pixelsOf(sets) > mostPixels) continue;
      const losses = writer.losses(sets);
      if (losses.some(({ severity }) => severity === 'error')) continue;
      const back = await writtenAndRead(writer, sets, format);
      expect([title, departures(writer.surviving!(sets), back)]).toEqual([title, []]);
    }
  });
});
