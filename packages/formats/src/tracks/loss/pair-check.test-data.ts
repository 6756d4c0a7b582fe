import type { TrackSet } from '@micrarium/model';
import { memorySink } from '../../images/ome-zarr/memory-sink.ts';
import { findItems } from '../../recognition/find-items.ts';
import { readTrackSets } from '../collect.ts';
import { treeOf } from '../item-for-tests.test-data.ts';
import type { TrackWriter } from '../track-reader.ts';
import { departures } from './read-back.ts';

/** Writes sets to memory and reads every item that recognition finds there. */
export async function writtenAndRead(
  writer: TrackWriter,
  sets: readonly TrackSet[],
  name: string,
): Promise<{ sets: TrackSet[]; formats: string[]; files: Map<string, Uint8Array> }> {
  const sink = memorySink();
  await writer.write(sets, sink);
  const files = new Map([...sink.files].map(([path, bytes]) => [path === '' ? name : `${name}/${path}`, bytes]));
  const back: TrackSet[] = [];
  const formats: string[] = [];
  for (const item of await findItems(treeOf(Object.fromEntries(files)))) {
    formats.push(item.format);
    const reader = await item.descriptor?.tracks?.reader();
    if (reader) back.push(...(await readTrackSets(reader, item)).sets);
  }
  return { sets: back, formats, files };
}

/**
 * Holds a writer to its loss report: what comes back must be what it foretold, no less and no more. The answers are
 * the departures, in words; none where the report is exact.
 */
export async function checkPair(writer: TrackWriter, sets: readonly TrackSet[], name: string): Promise<string[]> {
  if (writer.losses(sets).some(({ severity }) => severity === 'error')) return [];
  const { sets: back } = await writtenAndRead(writer, sets, name);
  return departures(writer.surviving!(sets), back);
}
