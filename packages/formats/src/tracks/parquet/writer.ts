import type { TrackSet } from '@micrarium/model';
import { fileTree } from '../../bytes/file-tree.ts';
import type { Item } from '../../recognition/item.ts';
import { trackSetReader } from '../from-sets.ts';
import type { TrackWriter } from '../track-reader.ts';
import { writeTrackTables } from './write-tables.ts';
import { wholly } from '../loss/surviving.ts';

/** Writes sets as Parquet tables in a folder. Nothing of a set is lost. */
export const parquetWriter: TrackWriter = {
  layout: 'folder',
  extension: '.parquet',
  losses: () => [],
  surviving: (sets) => sets.map(wholly),
  async write(sets, sink, options = {}) {
    const { signal, onProgress } = options;
    await writeTrackTables(trackSetReader(sets), itemInMemory(sets), sink, {
      oneFileAtATime: true,
      ...(signal ? { signal } : {}),
      ...(onProgress ? { onProgress } : {}),
    });
  },
};

/** An item that stands for sets in memory; its reader does not look at it. */
function itemInMemory(sets: readonly TrackSet[]): Item {
  return {
    path: sets[0]?.name ?? 'tracks',
    files: [],
    tree: fileTree('', []),
    format: 'parquet',
    recognition: { score: 1, reason: 'in memory' },
  };
}
