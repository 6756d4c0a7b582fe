import type { TrackSet } from '@micrarium/model';
import { memorySink } from '../../images/ome-zarr/memory-sink.ts';
import { findItems } from '../../recognition/find-items.ts';
import { readTrackSets } from '../collect.ts';
import { treeOf } from '../item-for-tests.test-data.ts';
import type { TrackWriter } from '../track-reader.ts';
import { missingFrom } from './read-back.ts';
import { lossInWords } from './report.ts';

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
  const foretold = writer.surviving!(sets).filter((one) => one !== undefined);
  if (writer.losses(sets).some(({ severity }) => severity === 'error')) return [];
  const { sets: back, formats } = await writtenAndRead(writer, sets, name);
  const wrong: string[] = [];
  if (back.length !== foretold.length) return [`sets: ${back.length} of ${foretold.length} (${formats.join(', ')})`];
  for (const [i, { set }] of foretold.entries()) {
    const found = back[i]!;
    for (const loss of missingFrom(set, found))
      if (loss.kind !== 'set-name' || foretold.length > 1) wrong.push(`${loss.kind}: ${lossInWords(loss)}`);
    if (found.objects.count > set.objects.count) wrong.push(`more objects: ${found.objects.count}`);
    if (found.edges.count > set.edges.count) wrong.push(`more edges: ${found.edges.count}`);
    if ((found.objects.z === undefined) !== (set.objects.z === undefined)) wrong.push('depth: appears or goes');
  }
  return wrong;
}
