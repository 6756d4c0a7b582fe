import {
  type ColourRule,
  drawnSteps,
  type FrameShapes,
  kindColours,
  type LineageGroup,
  lineageGroups,
  livesOf,
  readGraph,
  readTrails,
  type SpaceFrame,
  type SpaceGraph,
  type SpaceState,
  spaceColours,
  trailFrames,
  type Trails,
} from '@micrarium/viewer';
import type { Lineages } from '@micrarium/model';
import { useEffect, useMemo, useState } from 'react';
import { useAnswer } from '../app/answers.ts';
import type { SpaceSet } from './open-set.ts';

const forever = { staleTime: Number.POSITIVE_INFINITY } as const;
const keyOf = (set: SpaceSet) => [set.place, set.part];

/** Time points read ahead of the shown one, and behind it. */
const ahead = [1, -1, 2];

/** What a view needs to know of every object. */
export function wantedFeatures(set: SpaceSet, view: SpaceState): string[] {
  const names = [
    view.colourBy === 'track' || view.colourBy === 'lineage' ? undefined : view.colourBy,
    view.sizeBy ?? set.radius,
    set.label,
    ...(view.filters ?? []).map(({ feature }) => feature),
  ];
  return [
    ...new Set(names.filter((name) => name !== undefined && set.slabs.storedName(name) !== undefined)),
  ] as string[];
}

/** What came of reading. */
export interface Read<Value> {
  value: Value | undefined;
  error: Error | undefined;
}

/** Values that are read whenever their key changes; what came last stays until the next has come. */
function useRead<Value>(
  key: string | undefined,
  read: (signal: AbortSignal) => Promise<Value>,
): Read<Value> & { key?: string } {
  const [state, setState] = useState<Read<Value> & { key?: string }>({ value: undefined, error: undefined });
  useEffect(() => {
    if (key === undefined) return;
    const stop = new AbortController();
    read(stop.signal).then(
      (value) => {
        if (!stop.signal.aborted) setState({ value, error: undefined, key });
      },
      (error: unknown) => {
        if (!stop.signal.aborted) setState((now) => ({ ...now, error: error as Error, key }));
      },
    );
    return () => stop.abort();
    // The key says all that the answer depends on.
    // oxlint-disable-next-line react/exhaustive-deps
  }, [key]);
  return state;
}

/** The objects of a time point; its neighbours are fetched once it is there. */
export function useFrame(set: SpaceSet, t: number, features: readonly string[]): Read<SpaceFrame> {
  const key = `${set.place.item} ${set.part} ${t} ${features.join('\0')}`;
  return useRead(key, async (signal) => {
    // Not given up when the next time point is asked for: what comes is kept, and played over again.
    const frame = await set.slabs.frame(t, features);
    for (const by of ahead)
      if (t + by >= set.frames[0] && t + by <= set.frames[1]) void set.slabs.frame(t + by, features).catch(() => {});
    signal.throwIfAborted();
    return frame;
  });
}

/** Outlines of the objects of a frame. */
export function useShapes(
  set: SpaceSet,
  frame: SpaceFrame | undefined,
  isWanted: boolean,
): Read<FrameShapes> & { frame?: SpaceFrame } {
  const { vertices } = set;
  const isThere = isWanted && vertices !== undefined && frame !== undefined;
  const read = useRead(isThere ? `${set.place.item} ${set.part} ${frame.frame}` : undefined, async (signal) => ({
    frame: frame!,
    shapes: await vertices!.shapesOf(frame!, signal),
  }));
  return { value: read.value?.shapes, error: read.error, ...(read.value ? { frame: read.value.frame } : {}) };
}

/** Edges and lineages of a set. */
export interface SetGraph {
  graph: SpaceGraph & { rowOf(id: number): number };
  lives: Lineages;
  groups: LineageGroup[];
  groupOfLife: Int32Array;
}

/** Reads the edges of a set, once they are wanted. `null` where there are none, or more than a browser holds. */
export function useGraph(set: SpaceSet, isWanted: boolean): Read<SetGraph | null> & { isPending: boolean } {
  const answer = useAnswer({
    queryKey: ['space-graph', ...keyOf(set)],
    queryFn: async ({ signal }): Promise<SetGraph | null> => {
      const source = await set.edges(signal);
      const graph = source && (await readGraph(set.slabs, source, undefined, signal));
      if (!graph) return null;
      const lives = livesOf(graph);
      return { graph, lives, ...lineageGroups(lives) };
    },
    enabled: isWanted && set.summary.counts.edges > 0,
    ...forever,
  });
  return {
    value: set.summary.counts.edges > 0 ? answer.data : null,
    error: answer.error ?? undefined,
    isPending: isWanted && answer.isFetching,
  };
}

/** Most bytes of a column of texts that are read to know its kinds. */
const mostTextBytes = 24_000_000;

/** The kinds of a feature, most frequent first; of a column too large to read whole, those of the first part of it. */
async function kindsOf(
  set: SpaceSet,
  feature: string,
  signal: AbortSignal,
): Promise<{ kind: string; count: number }[]> {
  const stored = set.slabs.storedName(feature)!;
  const counts = new Map<string, number>();
  const isHuge = set.slabs.table.bytesOf(stored) > mostTextBytes;
  for await (const { values, missing } of set.slabs.table.column(stored, signal)) {
    for (let row = 0; row < values.length; row++) {
      if (missing?.[row] === 1 || values[row] === '') continue;
      const kind = String(values[row]);
      counts.set(kind, (counts.get(kind) ?? 0) + 1);
    }
    if (isHuge) break;
  }
  return [...counts].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1)).map(([kind, count]) => ({ kind, count }));
}

/** How objects are coloured, and what the legend needs to know. */
export interface Colouring {
  rule: ColourRule;
  /** All kinds, most frequent first. */
  kinds?: { kind: string; count: number }[];
}

/** Smallest and largest value of a feature in one set, or in two: what is compared has one scale. */
export function rangeOf(
  feature: string,
  sets: readonly (SpaceSet | undefined)[],
): readonly [number, number] | undefined {
  const ranges = sets.flatMap((set) => {
    const stored = set?.slabs.storedName(feature);
    const range = stored === undefined ? undefined : set!.slabs.bounds(stored);
    return range ? [range] : [];
  });
  if (ranges.length === 0) return undefined;
  return [Math.min(...ranges.map(([low]) => low)), Math.max(...ranges.map(([, high]) => high))];
}

/**
 * The rule that colours the objects of a view; `undefined` while it is being found out.
 * @param beside the set it is compared with
 */
export function useColouring(
  set: SpaceSet,
  view: SpaceState,
  graph: SetGraph | null | undefined,
  beside?: SpaceSet,
): Colouring | undefined {
  const { colourBy, map = 'viridis' } = view;
  const stored = set.slabs.storedName(colourBy);
  const described = stored === undefined ? undefined : set.slabs.describe(colourBy);
  const range = stored === undefined ? undefined : rangeOf(colourBy, [set, beside]);
  const isFewNumbers = described?.type === 'int' && range !== undefined && range[1] - range[0] < kindColours.length;
  const isKinds = described !== undefined && (described.type === 'string' || described.type === 'bool' || isFewNumbers);
  const kinds = useAnswer({
    queryKey: ['space-kinds', ...keyOf(set), colourBy],
    queryFn: ({ signal }) => kindsOf(set, colourBy, signal),
    enabled: isKinds,
    ...forever,
  });
  return useMemo(() => {
    if (colourBy === 'lineage' && graph) {
      const { lives, groupOfLife } = graph;
      return { rule: { by: 'group', groupOfRow: (row) => groupOfLife[lives.lifeOfObject[row]!] ?? -1 } };
    }
    if (!described) return { rule: { by: 'track' } };
    if (isKinds) {
      if (!kinds.data) return undefined;
      const own = kinds.data.slice(0, kindColours.length).map(({ kind }) => kind);
      return { rule: { by: 'kinds', feature: colourBy, kinds: own }, kinds: kinds.data };
    }
    return { rule: { by: 'range', feature: colourBy, range: range ?? [0, 1], map } };
    // What is described and its range follow from the feature.
    // oxlint-disable-next-line react/exhaustive-deps
  }, [colourBy, map, graph, kinds.data, isKinds, set, beside]);
}

/** The steps behind the objects of a time, with their colours. */
export function useTrails(
  set: SpaceSet,
  view: SpaceState,
  t: number,
  graph: SetGraph | null | undefined,
  colouring: Colouring | undefined,
): Read<Trails & { colours: Uint8Array }> & { isPending: boolean } {
  const frames = graph ? trailFrames(graph.graph, t, view.tail) : undefined;
  const rule = colouring?.rule;
  const feature = [
    ...new Set([
      ...(rule && 'feature' in rule ? [rule.feature] : []),
      ...(view.filters ?? []).map((filter) => filter.feature),
    ]),
  ];
  const key = frames && rule ? `${set.place.item} ${set.part} ${frames.join('-')} ${feature.join()}` : undefined;
  const read = useRead(key, (signal) => readTrails(set.slabs, graph!.graph, frames!, feature, undefined, signal));
  const trails = key === undefined ? undefined : read.value;
  const coloured = useMemo(
    () => (trails && rule ? { ...trails, colours: spaceColours(rule, trails.to) } : undefined),
    [trails, rule],
  );
  const { filters, clip } = view;
  const value = useMemo(() => {
    const shown = coloured && drawnSteps(coloured, filters, clip);
    return coloured && shown ? { ...coloured, shown } : coloured;
  }, [coloured, filters, clip]);
  return { value, error: read.error, isPending: key !== undefined && read.key !== key };
}
