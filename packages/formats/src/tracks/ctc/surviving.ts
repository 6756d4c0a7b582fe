import type { TrackSet } from '@micrarium/model';
import type { Surviving } from '../loss/surviving.ts';
import { labelChains } from './label-chains.ts';
import { type PixelPlan, drawLabels } from './label-planes.ts';

/** An object as the label images show it. */
interface Shown {
  row: number;
  frame: number;
  size: number;
  x: number;
  y: number;
  z: number;
}

/** What comes back of a set from label images: they are drawn, and measured as the reader measures them. */
export function surviving(set: TrackSet, plan: PixelPlan, name: string): Surviving {
  const { labelOf, spans } = labelChains(set);
  const shown = shownObjects(set, plan, labelOf);
  const isDeep = plan.depth > 1;
  const { source, target } = readEdges(shown, labelOf, spans);
  const numbers = (of: (one: Shown) => number) => Float64Array.from(shown, of);
  const none = (columns: readonly unknown[] = []) => columns.map(() => undefined);
  return {
    set: {
      name,
      spaceUnit: 'pixel',
      objects: {
        count: shown.length,
        id: Float64Array.from(shown, (_, i) => i),
        frame: Int32Array.from(shown, ({ frame }) => frame),
        x: numbers(({ x }) => x),
        y: numbers(({ y }) => y),
        ...(isDeep ? { z: numbers(({ z }) => z) } : {}),
        columns: [],
        entity: 'point',
      },
      edges: { count: source.length, source: Uint32Array.from(source), target: Uint32Array.from(target), columns: [] },
      provenance: {
        imageSizes: { x: plan.width, y: plan.height, t: plan.frames, ...(isDeep ? { z: plan.depth } : {}) },
      },
    },
    rows: Uint32Array.from(shown, ({ row }) => row),
    columns: {
      objects: none(set.objects.columns),
      edges: none(set.edges.columns),
      tracks: none(set.sourceTracks?.columns),
    },
  };
}

/** Objects in the order the reader meets them: by frame, then by label. */
function shownObjects({ objects }: TrackSet, plan: PixelPlan, labelOf: Uint32Array): Shown[] {
  const rowsOf = new Map<number, number[]>();
  for (let row = 0; row < objects.count; row++) {
    const frame = objects.frame[row]! + plan.shift.frame;
    const rows = rowsOf.get(frame);
    if (rows) rows.push(row);
    else rowsOf.set(frame, [row]);
  }
  const { width, height } = plan;
  // One image serves all frames: what was drawn is wiped before the next.
  const pixels = new Uint32Array(width * height * plan.depth);
  const shown: Shown[] = [];
  for (const frame of [...rowsOf.keys()].sort((a, b) => a - b)) {
    const found = new Map<number, Shown>();
    const drawn: number[] = [];
    drawLabels(plan, rowsOf.get(frame)!, labelOf, pixels, (at, row) => {
      drawn.push(at);
      let one = found.get(row);
      if (!one) found.set(row, (one = { row, frame, size: 0, x: 0, y: 0, z: 0 }));
      one.size++;
      one.x += at % width;
      one.y += Math.floor(at / width) % height;
      one.z += Math.floor(at / (width * height));
    });
    for (const at of drawn) pixels[at] = 0;
    for (const one of [...found.values()].sort((a, b) => labelOf[a.row]! - labelOf[b.row]!))
      shown.push({ ...one, x: one.x / one.size, y: one.y / one.size, z: one.z / one.size });
  }
  return shown;
}

/** Edges as the reader makes them: along each label, and from the last object of its parent to its first. */
function readEdges(
  shown: readonly Shown[],
  labelOf: Uint32Array,
  spans: readonly { parent: number }[],
): { source: number[]; target: number[] } {
  const last = new Map<number, number>();
  const source: number[] = [];
  const target: number[] = [];
  for (const [at, { row }] of shown.entries()) {
    const label = labelOf[row]!;
    const from = last.get(label) ?? last.get(spans[label - 1]!.parent);
    last.set(label, at);
    if (from === undefined) continue;
    source.push(from);
    target.push(at);
  }
  return { source, target };
}
