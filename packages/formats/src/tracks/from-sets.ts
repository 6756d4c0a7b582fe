import type { Column, Shapes, TrackSet } from '@micrarium/model';
import type { SetHeader, TrackReader } from './track-reader.ts';

/** Header of a set in memory. */
export function headerOfSet(set: TrackSet): SetHeader {
  const { objects, edges, sourceTracks: _, ...about } = set;
  const describe = ({ values: _v, missing: _m, ...description }: Column) => description;
  return {
    ...about,
    entity: objects.entity,
    hasZ: objects.z !== undefined,
    hasTime: objects.time !== undefined,
    objectColumns: objects.columns.map(describe),
    edgeColumns: edges.columns.map(describe),
  };
}

/**
 * A reader over sets in memory, so that whatever writes a stream writes them too. The item it is given is not looked at.
 * @param batchRows rows in a batch
 */
export function trackSetReader(sets: readonly TrackSet[], batchRows = 16_384): TrackReader {
  return {
    async stream(_, sink, options = {}) {
      for (const set of sets) {
        const { objects, edges } = set;
        await sink.header(headerOfSet(set));
        for (let start = 0; start < objects.count; start += batchRows) {
          options.signal?.throwIfAborted();
          const end = Math.min(objects.count, start + batchRows);
          const shapes = objects.shapes && shapesOfRows(objects.shapes, start, end);
          await sink.objects({
            count: end - start,
            id: objects.id.subarray(start, end),
            frame: objects.frame.subarray(start, end),
            ...(objects.time ? { time: objects.time.subarray(start, end) } : {}),
            x: objects.x.subarray(start, end),
            y: objects.y.subarray(start, end),
            ...(objects.z ? { z: objects.z.subarray(start, end) } : {}),
            columns: objects.columns.map((column) => rowsOfColumn(column, start, end)),
            ...(shapes ? { shapes } : {}),
          });
        }
        for (let start = 0; start < edges.count; start += batchRows) {
          options.signal?.throwIfAborted();
          const end = Math.min(edges.count, start + batchRows);
          await sink.edges({
            count: end - start,
            sourceId: Float64Array.from(edges.source.subarray(start, end), (row) => objects.id[row]!),
            targetId: Float64Array.from(edges.target.subarray(start, end), (row) => objects.id[row]!),
            columns: edges.columns.map((column) => rowsOfColumn(column, start, end)),
          });
        }
        if (set.sourceTracks) await sink.sourceTracks?.(set.sourceTracks.columns, set.sourceTracks.count);
        await sink.end();
      }
      return { issues: [] };
    },
  };
}

/** A run of rows of a column; numbers share memory with it. */
export function rowsOfColumn(column: Column, start: number, end: number): Column {
  const { values, missing } = column;
  return {
    ...column,
    values: Array.isArray(values) ? values.slice(start, end) : values.subarray(start, end),
    ...(missing ? { missing: missing.subarray(start, end) } : {}),
  };
}

/** Shapes of a run of rows, counted from its first. */
function shapesOfRows(shapes: Shapes, start: number, end: number): Shapes {
  const firstPart = shapes.partOffsets[start]!;
  const lastPart = shapes.partOffsets[end]!;
  const firstVertex = shapes.vertexOffsets[firstPart]!;
  const lastVertex = shapes.vertexOffsets[lastPart]!;
  return {
    partOffsets: shapes.partOffsets.slice(start, end + 1).map((offset) => offset - firstPart),
    vertexOffsets: shapes.vertexOffsets.slice(firstPart, lastPart + 1).map((offset) => offset - firstVertex),
    xyz: shapes.xyz.subarray(firstVertex * 3, lastVertex * 3),
  };
}
