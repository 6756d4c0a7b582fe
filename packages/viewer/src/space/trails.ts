import type { FeatureFilter } from '../object-colours.ts';
import type { ObjectSlabs, SpaceFrame } from './space-frame.ts';
import { edgesEndingIn, type SpaceGraph } from './space-graph.ts';
import { drawnObjects } from './space-mask.ts';
import type { ClipBox } from './space-state.ts';

/** The steps behind the objects of a frame. */
export interface Trails {
  count: number;
  /** Where each step begins and ends: x, y, z interleaved, in the unit of the set. */
  from: Float64Array;
  /** The objects the steps end at, one a step. */
  to: SpaceFrame;
  /** How long ago each step ended, as a share of the trail, 0 = now; steps to come have 0. */
  age: Float32Array;
  /** 0 for steps that are not drawn; left out = all are. */
  shown?: Uint8Array;
}

/**
 * Which steps are drawn: those that end at an object that passes the filters, and have both ends in the box.
 * @returns `undefined` where all are
 */
export function drawnSteps(
  { from, to }: Pick<Trails, 'from' | 'to'>,
  filters: readonly FeatureFilter[] | undefined,
  clip: ClipBox | undefined,
): Uint8Array | undefined {
  const shown = drawnObjects(to, filters, clip);
  const begins = clip && drawnObjects({ ...to, xyz: from, features: new Map() }, undefined, clip);
  return shown && begins ? shown.map((one, at) => one & begins[at]!) : shown;
}

/** Frames whose steps are drawn. @param tail as in the state of the view */
export function trailFrames(graph: SpaceGraph, t: number, tail: number): [number, number] | undefined {
  if (tail === 0) return undefined;
  const last = graph.first + graph.offsets.length - 2;
  if (tail === -2) return [graph.first, last];
  return [tail === -1 ? graph.first : t - tail + 1, t];
}

/**
 * The steps of a time, read as they are needed.
 * @param wanted which steps, by the row of the object they end at; left out = all
 */
export async function readTrails(
  slabs: ObjectSlabs,
  graph: SpaceGraph,
  frames: readonly [number, number],
  features: readonly string[],
  wanted?: (row: number) => boolean,
  signal?: AbortSignal,
): Promise<Trails> {
  const { start, end } = edgesEndingIn(graph, frames[0], frames[1]);
  const sources = new Uint32Array(end - start);
  const targets = new Uint32Array(end - start);
  let count = 0;
  for (let edge = start; edge < end; edge++) {
    const target = graph.target[edge]!;
    if (wanted && !wanted(target)) continue;
    sources[count] = graph.source[edge]!;
    targets[count] = target;
    count++;
  }
  const from = await slabs.pick(sources.subarray(0, count), [], signal);
  const to = await slabs.pick(targets.subarray(0, count), features, signal);
  const span = Math.max(1, frames[1] - frames[0] + 1);
  const age = Float32Array.from({ length: count }, (_, at) =>
    Math.max(0, (frames[1] - graph.frame[targets[at]!]!) / span),
  );
  return { count, from: from.xyz, to, age };
}
