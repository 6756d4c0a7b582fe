import type { Column, TrackSet } from '@micrarium/model';

/**
 * What of a set is there after it was written in a format and read back, as the format's writer foretells it. The loss
 * report is the difference between the two, so a writer cannot forget to name a loss without foretelling wrongly.
 */
export interface Surviving {
  /** The set as it comes back. Its columns are those of `columns` that are there. */
  set: TrackSet;
  /** Row in the original of every object that comes back; the same rows where left out. */
  rows?: Uint32Array;
  /** For each column of the original, in its order: what becomes of it, or nothing. */
  columns: SurvivingColumns;
}

/** What becomes of the columns of the three tables of a set. */
export interface SurvivingColumns {
  objects: readonly (Column | undefined)[];
  edges: readonly (Column | undefined)[];
  tracks: readonly (Column | undefined)[];
}

/** A set of which everything comes back. */
export function wholly(set: TrackSet): Surviving {
  return {
    set,
    columns: {
      objects: set.objects.columns,
      edges: set.edges.columns,
      tracks: set.sourceTracks?.columns ?? [],
    },
  };
}

/** Columns that are there. */
export function thoseThere(columns: readonly (Column | undefined)[]): Column[] {
  return columns.filter((column) => column !== undefined);
}

/** A set with columns put in the place of its own; a table of tracks stays where it is given columns or `keepTracks`. */
export function withColumns(set: TrackSet, columns: SurvivingColumns): Surviving {
  const { sourceTracks, ...rest } = set;
  const tracks = thoseThere(columns.tracks);
  return {
    set: {
      ...rest,
      objects: { ...set.objects, columns: thoseThere(columns.objects) },
      edges: { ...set.edges, columns: thoseThere(columns.edges) },
      ...(sourceTracks && tracks.length > 0 ? { sourceTracks: { count: sourceTracks.count, columns: tracks } } : {}),
    },
    columns,
  };
}

/** Sets that are written in folders of their own come back called as the folder; one set alone is called as the file. */
export function namedByFolder(
  survivors: readonly Surviving[],
  folderOf: (index: number, set: TrackSet) => string,
): Surviving[] {
  if (survivors.length === 1) return [...survivors];
  return survivors.map((one, i) => ({ ...one, set: { ...one.set, name: folderOf(i, one.set) } }));
}
