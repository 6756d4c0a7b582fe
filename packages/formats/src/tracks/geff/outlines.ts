import type { Shapes } from '@micrarium/model';
import type { TreeStore } from '../../images/ome-zarr/tree-store.ts';
import { openGeffArray, readEntries, toNumbers } from './arrays.ts';

/** Where our writer put outlines: vertices (n x 3: x, y, z) and the number of vertices of each part, both varlength. */
export interface OutlineProperties {
  store: TreeStore;
  zarrFormat: 2 | 3;
  /** Path of the group of properties. */
  root: string;
  vertices: string;
  parts: string;
}

/**
 * Outlines of some nodes.
 * @throws GeffArrayError where the arrays are missing or damaged
 */
export async function readOutlines(
  { store, zarrFormat, root, vertices, parts }: OutlineProperties,
  from: number,
  to: number,
  signal?: AbortSignal,
): Promise<Shapes> {
  const open = (name: string) =>
    Promise.all(['values', 'data'].map((array) => openGeffArray(store, `${root}/${name}/${array}`, zarrFormat)));
  const [points, pointData] = await open(vertices);
  const [counts, countData] = await open(parts);
  const allPoints = await readEntries(points!, pointData!, from, to, signal);
  const allCounts = await readEntries(counts!, countData!, from, to, signal);
  const partOffsets = [0];
  const vertexOffsets = [0];
  const xyz: number[] = [];
  for (let row = 0; row < to - from; row++) {
    let at = 0;
    const numbers = toNumbers(allPoints[row]!.values);
    for (const count of toNumbers(allCounts[row]!.values)) {
      for (; at < numbers.length && xyz.length / 3 < vertexOffsets.at(-1)! + count; at++) xyz.push(numbers[at]!);
      vertexOffsets.push(Math.floor(xyz.length / 3));
    }
    partOffsets.push(vertexOffsets.length - 1);
  }
  return {
    partOffsets: Uint32Array.from(partOffsets),
    vertexOffsets: Uint32Array.from(vertexOffsets),
    xyz: Float64Array.from(xyz),
  };
}
