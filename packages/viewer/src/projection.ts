import type { ImageDescription, PixelBlock, PixelType, PlaneIndex } from '@micrarium/model';
import type { ImageSource, SourceRegion } from './sources.ts';

/** Ways to make one picture of many slices. */
export const projectionKinds = ['max', 'mean', 'sum'] as const;

/** How slices are put together. */
export type ProjectionKind = (typeof projectionKinds)[number];

/** Is a text the name of a projection? */
export function isProjectionKind(text: string): text is ProjectionKind {
  return (projectionKinds as readonly string[]).includes(text);
}

/** Slices put together: from one to another, both included, 0 = the first. */
export interface Projection {
  kind: ProjectionKind;
  from: number;
  to: number;
}

/** Pixels of a projection: largest values keep their type, means and sums are floats, for no other type holds them. */
function projectedType(type: PixelType, kind: ProjectionKind): PixelType {
  return kind === 'max' ? type : 'float64';
}

/** Slices of a level that a range of slices of the full size covers: coarser levels may have fewer. */
export function slicesOfLevel(projection: Projection, fullDepth: number, depth: number): [number, number] {
  const ratio = depth / fullDepth;
  const from = Math.min(depth - 1, Math.floor(projection.from * ratio));
  return [from, Math.min(depth - 1, Math.max(from, Math.ceil((projection.to + 1) * ratio) - 1))];
}

/**
 * An image of one slice, each pixel the largest value, the mean or the sum of the same pixel in the slices of a range. Slices
 * are read one after the other and forgotten, so a region needs the memory of two slices however deep the stack is.
 */
export function projectedSource(source: ImageSource, projection: Projection): ImageSource {
  const { description } = source;
  const projected: ImageDescription = {
    ...description,
    sizes: { ...description.sizes, z: 1 },
    type: projectedType(description.type, projection.kind),
  };
  return {
    description: projected,
    levels: source.levels.map((level) => ({ ...level, depth: 1 })),
    readRegion: (plane, region, level = 0, signal) => projectRegion(source, projection, plane, region, level, signal),
  };
}

async function projectRegion(
  source: ImageSource,
  projection: Projection,
  plane: PlaneIndex,
  region: SourceRegion | undefined,
  level: number,
  signal: AbortSignal | undefined,
): Promise<PixelBlock> {
  const [from, to] = slicesOfLevel(projection, source.description.sizes.z, source.levels[level]!.depth);
  let next = source.readRegion({ ...plane, z: from }, region, level, signal);
  let made: PixelBlock | undefined;
  for (let z = from; z <= to; z++) {
    const block = await next;
    signal?.throwIfAborted();
    // The next slice is on its way while this one is added.
    if (z < to) {
      next = source.readRegion({ ...plane, z: z + 1 }, region, level, signal);
      // Looked at in the next round; until then its failure is nobody's.
      next.catch(() => undefined);
    }
    made = made ? added(made, block, projection.kind) : firstOf(block, projection.kind);
  }
  if (projection.kind === 'mean') {
    const values = made!.data as Float64Array;
    for (let i = 0; i < values.length; i++) values[i]! /= to - from + 1;
  }
  return made!;
}

function firstOf(block: PixelBlock, kind: ProjectionKind): PixelBlock {
  if (kind === 'max') return { ...block, data: block.data.slice() };
  return { ...block, type: 'float64', data: Float64Array.from(block.data as ArrayLike<number>, Number) };
}

/** Adds a slice to what was made of those before it; a value that is no number leaves the others as they are. */
function added(made: PixelBlock, block: PixelBlock, kind: ProjectionKind): PixelBlock {
  const values = made.data as Float64Array;
  const slice = block.data as Float64Array;
  const isMax = kind === 'max';
  for (let i = 0; i < values.length; i++) {
    const value = slice[i]!;
    if (isMax) {
      if (value > values[i]! || values[i] !== values[i]) values[i] = value;
    } else if (value === value) values[i]! += Number(value);
  }
  return made;
}
