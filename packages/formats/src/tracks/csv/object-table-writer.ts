import { type TrackSet, defineIssues } from '@micrarium/model';
import { lossNames, lossReport } from '../loss/report.ts';
import type { Surviving } from '../loss/surviving.ts';
import type { FileSink, TrackWriter, WriteOptions } from '../track-reader.ts';
import { objectsCsv } from './objects-csv.ts';
import { survivingTable } from './surviving.ts';
import { csvLosses, unitsOfNoTime } from './writer.ts';

/** What one table of objects cannot hold beyond what the folder of CSV tables cannot. */
export const objectTableIssue = defineIssues({
  'csv-one-table-only': {
    severity: 'warning',
    meaning: 'One CSV file holds the objects of one set; the other sets are left out.',
    hint: 'Write to a folder (a name without .csv) to keep all sets.',
  },
  'csv-without-edge-features': {
    severity: 'warning',
    meaning: 'One table of objects names the parents of each object, but has no place for features of edges.',
    hint: 'Write to a folder (a name without .csv) to get a table of edges as well.',
  },
  'csv-without-track-features': {
    severity: 'warning',
    meaning: 'One table of objects has no place for names and features of whole tracks.',
    hint: 'Write to a folder (a name without .csv) to get a table of tracks as well.',
  },
});

const oneTableLosses = lossNames(objectTableIssue, {
  sets: 'csv-one-table-only',
  'edge-features': 'csv-without-edge-features',
  'track-features': 'csv-without-track-features',
});

/**
 * Writes one CSV file: the wide table of the objects of the first set, with link and track ids and the parents of each
 * object, so that every edge is in it.
 */
export const objectTableWriter: TrackWriter = {
  layout: 'file',
  extension: '.csv',
  losses: (sets) => [
    ...lossReport(sets, surviving(sets), oneTableLosses, csvLosses),
    ...unitsOfNoTime(sets.slice(0, 1)),
  ],
  surviving,
  async write(sets, sink: FileSink, options: WriteOptions = {}) {
    const { signal, onProgress } = options;
    const file = await sink.create('');
    for await (const part of objectsCsv(sets[0]!, {
      ...(signal ? { signal } : {}),
      ...(onProgress ? { onProgress } : {}),
    }))
      await file.write(part);
    await file.close();
  },
};

function surviving(sets: readonly TrackSet[]): (Surviving | undefined)[] {
  return sets.map((set, i) => (i === 0 ? survivingTable(set) : undefined));
}
