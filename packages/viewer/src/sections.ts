import type { PlaneIndex } from '@micrarium/model';
import type { ImageSource } from './sources.ts';

/** Two sections through a stack at a point, one plane a channel. */
export interface Sections {
  /** Pixels along x, y and z. */
  width: number;
  height: number;
  depth: number;
  /** Per channel the xz section, one row a slice; `undefined` for channels that were not asked for. */
  xz: (Float32Array | undefined)[];
  /** Per channel the yz section, one row a line of the image, z to the right. */
  yz: (Float32Array | undefined)[];
}

/** Longest side of sections in pixels: larger images are read from a coarser level, deeper stacks by every n-th slice. */
const longestSide = 1024;
/** Slices read at once. */
const together = 4;

/**
 * Reads the sections xz and yz through a point: one row and one column of every slice.
 * @param at the point, in pixels of the full size
 * @param channels those to read
 * @param told called with the sections as they fill up (the same object each time) and the share that is done
 */
export async function readSections(
  source: ImageSource,
  plane: Pick<PlaneIndex, 't' | 'other'>,
  at: { x: number; y: number },
  channels: readonly number[],
  told: (sections: Sections, share: number) => void,
  signal: AbortSignal,
): Promise<Sections> {
  const full = source.levels[0]!;
  const found = source.levels.findIndex((one) => Math.max(one.width, one.height) <= longestSide);
  const levelIndex = found < 0 ? source.levels.length - 1 : found;
  const level = source.levels[levelIndex]!;
  const place = (value: number, scale: number, size: number) =>
    Math.min(size - 1, Math.max(0, Math.floor((Math.round(value) + 0.5) * scale)));
  const column = place(at.x, level.width / full.width, level.width);
  const row = place(at.y, level.height / full.height, level.height);
  const step = Math.ceil(level.depth / longestSide);
  const depth = Math.ceil(level.depth / step);
  const { width, height } = level;
  const sections: Sections = { width, height, depth, xz: [], yz: [] };
  for (const c of channels) {
    sections.xz[c] = new Float32Array(width * depth);
    sections.yz[c] = new Float32Array(height * depth);
  }
  let next = 0;
  let done = 0;
  const readOne = async (index: number): Promise<void> => {
    const z = Math.min(level.depth - 1, index * step);
    for (const c of channels) {
      const planeIndex = { ...plane, c, z };
      const [line, upright] = await Promise.all([
        source.readRegion(planeIndex, { x: 0, y: row, width, height: 1 }, levelIndex, signal),
        source.readRegion(planeIndex, { x: column, y: 0, width: 1, height }, levelIndex, signal),
      ]);
      signal.throwIfAborted();
      sections.xz[c]!.set(Float32Array.from(line.data as ArrayLike<number>, Number), index * width);
      for (let y = 0; y < height; y++) sections.yz[c]![y * depth + index] = Number(upright.data[y]);
    }
    told(sections, ++done / depth);
  };
  const work = async (): Promise<void> => {
    while (next < depth) await readOne(next++);
  };
  await Promise.all(Array.from({ length: together }, work));
  return sections;
}
