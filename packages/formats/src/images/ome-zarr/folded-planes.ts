import type { ImageDescription, PixelBlock } from '@micrarium/model';
import { doneWith } from '../block-memory.ts';
import { furtherAxesOf } from '../further-axes.ts';
import type { ImagePixels } from '../image-reader.ts';
import { type PlaneValues, valuesLike } from '../pyramid/downsample.ts';

/** Planes larger than this are read in bands of whole rows. */
const bandBytes = 32 * 2 ** 20;

/** Lengths of t and c once colour samples and further axes are channels (c slowest, then further axes, then samples). */
export function foldedSizes(description: ImageDescription): { t: number; c: number } {
  const further = furtherAxesOf(description).reduce((product, [, length]) => product * length, 1);
  return { t: description.sizes.t, c: description.sizes.c * further * (description.samples ?? 1) };
}

/** All combinations of indices along further axes, the last axis fastest. */
export function* furtherIndices(axes: readonly [string, number][]): Generator<Record<string, number>> {
  const [first, ...rest] = axes;
  if (!first) {
    yield {};
    return;
  }
  for (let n = 0; n < first[1]; n++) for (const others of furtherIndices(rest)) yield { [first[0]]: n, ...others };
}

function oneSample(block: PixelBlock, sample: number): PlaneValues {
  if (block.samples === 1) return block.data;
  const pixels = block.width * block.height;
  const values = valuesLike(block.data, pixels);
  for (let n = 0, at = sample; n < pixels; n++, at += block.samples) values[n] = block.data[at]!;
  return values;
}

/** A band of whole rows of one folded plane; its values are there until the next band is asked for. */
export interface FoldedBand {
  plane: { t: number; c: number; z: number };
  values: PlaneValues;
  rows: number;
}

/**
 * Reads an image once through in the order t, c, z (c after folding), the next band (or `readsAtOnce` of them) while the last one is used. Whole
 * planes, or bands of chunk rows where a plane is larger than 32 MiB.
 * @param from the first t and (folded) c to be read, those before are passed over
 */
export async function* foldedPlanes(
  image: ImagePixels,
  rowStep: number,
  signal?: AbortSignal,
  from: { t: number; c: number } = { t: 0, c: 0 },
): AsyncGenerator<FoldedBand> {
  const jobs = readingOrder(image, rowStep, from);
  const start = (): { job: Job; block: Promise<PixelBlock> } | undefined => {
    const { value: job, done } = jobs.next();
    if (done) return undefined;
    const region = { x: 0, y: job.y, width: image.levels[0]!.width, height: job.rows };
    const block = image.readRegion(job.read, region, 0, signal);
    block.catch(() => undefined);
    return { job, block };
  };
  const started: NonNullable<ReturnType<typeof start>>[] = [];
  const fill = (most: number) => {
    for (let next; started.length < most && (next = start()); ) started.push(next);
  };
  const ahead = image.readsAtOnce ?? 1;
  fill(ahead);
  for (let current; (current = started.shift()); ) {
    signal?.throwIfAborted();
    const { job, block } = current;
    const read = await block;
    fill(ahead);
    yield { plane: job.plane, values: oneSample(read, job.sample), rows: job.rows };
    // Left to the collector, planes make it run every few of them, and it takes a fifth of this thread.
    doneWith(image, read);
  }
}

interface Job {
  plane: { t: number; c: number; z: number };
  read: { t: number; c: number; z: number; other: Record<string, number> };
  sample: number;
  y: number;
  rows: number;
}

/**
 * Rows of a band: what the file keeps together, so that nothing is unpacked twice, in whole rows of chunks; the whole
 * plane where it is one piece.
 */
function bandRows({ description: { samples = 1 }, levels }: ImagePixels, rowStep: number): number {
  const { width, height, tileHeight } = levels[0]!;
  const most = Math.max(rowStep, Math.floor(bandBytes / (width * samples * 8) / rowStep) * rowStep);
  const isTogether = tileHeight < height && (tileHeight % rowStep === 0 || rowStep % tileHeight === 0);
  return isTogether ? Math.min(most, Math.max(rowStep, tileHeight)) : most;
}

function* readingOrder(image: ImagePixels, rowStep: number, from: { t: number; c: number }): Generator<Job> {
  const { sizes, samples = 1 } = image.description;
  const { height } = image.levels[0]!;
  const axes = furtherAxesOf(image.description);
  const rows = bandRows(image, rowStep);
  for (let t = from.t; t < sizes.t; t++) {
    let folded = 0;
    for (let c = 0; c < sizes.c; c++)
      for (const other of furtherIndices(axes))
        for (let sample = 0; sample < samples; sample++, folded++) {
          if (t === from.t && folded < from.c) continue;
          for (let z = 0; z < sizes.z; z++)
            for (let y = 0; y < height; y += rows)
              yield {
                plane: { t, c: folded, z },
                read: { t, c, z, other },
                sample,
                y,
                rows: Math.min(rows, height - y),
              };
        }
  }
}
