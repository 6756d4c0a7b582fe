import { type Column, type TrackSet, buildTrackGraph, columnValue } from '@micrarium/model';

/** A track to be written: its id, its row in the table of source tracks where it has one, and its edges. */
export interface WrittenTrack {
  id: number;
  row: number | undefined;
  edges: number[];
}

/** The column of edges and of source tracks that joins them. */
export function trackIdColumns(set: TrackSet): { edges: Column; tracks: Column } | undefined {
  const named = (columns: readonly Column[]) =>
    columns.find(({ name, type, values }) => name === 'source_track_id' && type === 'int' && !Array.isArray(values));
  const edges = named(set.edges.columns);
  const tracks = named(set.sourceTracks?.columns ?? []);
  if (!edges || !tracks) return undefined;
  const ids = new Set<number>();
  for (let row = 0; row < set.sourceTracks!.count; row++) {
    const id = columnValue(tracks, row);
    if (typeof id !== 'number' || id < 0 || id >= 2 ** 31 || ids.has(id)) return undefined;
    ids.add(id);
  }
  for (let edge = 0; edge < set.edges.count; edge++) {
    const id = columnValue(edges, edge);
    if (id !== undefined && !ids.has(Number(id))) return undefined;
  }
  return { edges, tracks };
}

/** Tracks as the source named them where edges say so, else connected parts of the graph. */
export function groupTracks(set: TrackSet): WrittenTrack[] {
  const named = trackIdColumns(set);
  const graph = buildTrackGraph(set.objects.count, set.edges);
  const tracks: WrittenTrack[] = [];
  const byId = new Map<number, WrittenTrack>();
  let next = 0;
  for (let row = 0; named && row < set.sourceTracks!.count; row++) {
    const id = Number(columnValue(named.tracks, row));
    const track = { id, row, edges: [] };
    tracks.push(track);
    byId.set(id, track);
    next = Math.max(next, id + 1);
  }
  const byPart = new Map<number, WrittenTrack>();
  for (let edge = 0; edge < set.edges.count; edge++) {
    const id = named && columnValue(named.edges, edge);
    const part = graph.trackOfObject[set.edges.source[edge]!]!;
    let track = id === undefined ? byPart.get(part) : byId.get(Number(id));
    if (!track) {
      track = { id: next++, row: undefined, edges: [] };
      tracks.push(track);
      byPart.set(part, track);
    }
    track.edges.push(edge);
  }
  return tracks;
}
