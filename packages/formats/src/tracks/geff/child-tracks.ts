import type { Column } from '@micrarium/model';
import { joinPath, readNode } from '../../images/ome-zarr/group-metadata.ts';
import type { TreeStore } from '../../images/ome-zarr/tree-store.ts';
import type { ReadOptions, TrackSink } from '../track-reader.ts';
import { GeffArrayError, checkLength, openGeffArray, openProperty } from './arrays.ts';
import { type GeffMetadata, parseGeffMetadata } from './metadata.ts';
import { readIds } from './node-ids.ts';
import type { OwnExtra } from './own-extra.ts';

/** Rows of a table of tracks. */
const mostTracks = 5_000_000;

/**
 * Reads the first nested GEFF as the table of source tracks: its nodes are tracks, their properties the features. Ids
 * of a nested GEFF that is not ours become the column `source_track_id`.
 */
export async function readChildTracks(
  {
    store,
    meta,
    options,
    item,
  }: {
    store: TreeStore;
    meta: GeffMetadata;
    options: ReadOptions;
    item: { tree: { entries: readonly { path: string; size: number }[] } };
  },
  own: OwnExtra['tracks'],
  sink: TrackSink,
): Promise<void> {
  const path = own?.path ?? meta.children[0];
  if (path === undefined || !sink.sourceTracks) return;
  const root = joinPath(path);
  const node = root === '' ? undefined : await readNode(store, root, [], options.signal);
  const child = node && parseGeffMetadata(node.attributes);
  if (!node || !child) return;
  const ids = await openGeffArray(store, `${root}/nodes/ids`, node.zarrFormat);
  const size = item.tree.entries.reduce(
    (sum, one) => sum + (one.path.startsWith(`${root}/nodes/ids/`) ? one.size : 0),
    0,
  );
  const count = checkLength(ids, `${root}/nodes/ids`, size);
  if (count > mostTracks) throw new GeffArrayError(`${root} lists ${count} tracks`);
  const columns: Column[] = own
    ? []
    : [
        {
          name: 'source_track_id',
          type: 'int',
          values: Float64Array.from(
            (await readIds(ids, 0, count, options.signal)) as ArrayLike<number | bigint>,
            Number,
          ),
        },
      ];
  const wanted =
    own?.columns ?? [...child.nodes.keys()].map((key) => ({ key, column: { name: key, type: 'float' as const } }));
  for (const { key, column } of wanted) {
    const property = await openProperty(store, `${root}/nodes/props/${key}`, node.zarrFormat, count, column);
    columns.push(...(await property.read(0, count, options.signal)));
  }
  await sink.sourceTracks(columns, count);
}
