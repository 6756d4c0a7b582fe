import type { Column } from '@micrarium/model';
import { type CsvColumn, featureCells } from '../csv/objects-csv.ts';

/** Names that say something else in tables of tracks (ultrack's and TrackMate's), so that no feature may have them. */
const reserved = ['track_id', 't', 'z', 'y', 'x', 'id', 'parent_id', 'parent_track_id', 'position_x', 'spot_source_id'];

/** Features as columns of the table. */
export function napariColumns(columns: readonly Column[]): CsvColumn[] {
  return featureCells(
    columns,
    reserved.map((name) => ({ name, type: 'int' })),
  );
}
