import { defineIssues, type Issue, type TrackSet } from '@micrarium/model';
import type { FileSink, TrackWriter, WriteOptions } from '../track-reader.ts';
import { objectsCsv } from './objects-csv.ts';
import { csvWriter } from './writer.ts';

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

/**
 * Writes one CSV file: the wide table of the objects of the first set, with link and track ids and the parents of each
 * object, so that every edge is in it.
 */
export const objectTableWriter: TrackWriter = {
  layout: 'file',
  extension: '.csv',
  losses: (sets) => [...csvWriter.losses(sets.slice(0, 1)), ...lossesOfOneTable(sets)],
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

function lossesOfOneTable(sets: readonly TrackSet[]): Issue[] {
  const issues: Issue[] = [];
  const first = sets[0]!;
  const where = { where: { field: first.name } };
  if (sets.length > 1)
    issues.push(
      objectTableIssue('csv-one-table-only', `only "${first.name}" of ${sets.length} sets is written`, where),
    );
  if (first.edges.columns.length > 0)
    issues.push(
      objectTableIssue(
        'csv-without-edge-features',
        `${first.edges.columns.length} features of edges are not written`,
        where,
      ),
    );
  const tracks = first.sourceTracks?.columns.length ?? 0;
  if (tracks > 0)
    issues.push(
      objectTableIssue('csv-without-track-features', `${tracks} columns about tracks are not written`, where),
    );
  return issues;
}
