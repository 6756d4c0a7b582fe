import type { TrackSink } from './track-reader.ts';

/** Hands a set on, and says which program made it: for tables that are known by their columns and do not name it. */
export function namingSoftware(sink: TrackSink, software: string): TrackSink {
  return {
    header: (header) => sink.header({ ...header, provenance: { software, ...header.provenance } }),
    objects: (batch) => sink.objects(batch),
    edges: (batch) => sink.edges(batch),
    ...(sink.sourceTracks ? { sourceTracks: (columns, count) => sink.sourceTracks!(columns, count) } : {}),
    ...(sink.keepsNoBatch ? { keepsNoBatch: true as const } : {}),
    end: () => sink.end(),
  };
}
