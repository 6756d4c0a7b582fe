import type { TrackSet } from '@micrarium/model';
import type { WrittenFeature } from './features.ts';

/** Version written where the set does not come from TrackMate: the first with outlines is 7. */
const writtenVersion = '7.14.0';

/** Version the file says it is of. */
export function versionOf({ provenance }: TrackSet): string {
  return (provenance.software === 'TrackMate' && provenance.softwareVersion) || writtenVersion;
}

/** Columns of objects that are written as they are: the number of points of outlines follows from the outlines. */
export function spotColumns({ objects }: TrackSet): TrackSet['objects']['columns'] {
  return objects.columns.filter(({ sourceKey }) => sourceKey !== 'ROI_N_POINTS');
}

/** Columns of source tracks that are features: the id and the filter stand elsewhere. */
export function trackColumns({ sourceTracks }: TrackSet): TrackSet['objects']['columns'] {
  return (sourceTracks?.columns ?? []).filter(
    ({ name, type }) => name !== 'source_track_id' && !(name === 'visible' && type === 'bool'),
  );
}

/** Names stand without a declaration, as TrackMate has them, but where one looks like a number and could be taken for it. */
export function isDeclared({ declared, column }: WrittenFeature): boolean {
  if (declared || !Array.isArray(column.values)) return true;
  let texts = 0;
  for (const [row, text] of column.values.entries()) {
    if (column.missing?.[row] === 1) continue;
    texts++;
    if (text.trim() === '' || !Number.isNaN(Number(text)) || text.trim() === 'NaN') return true;
  }
  return texts === 0;
}
