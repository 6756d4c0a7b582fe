import { describe, expect, it } from 'vitest';
import { lengthOf } from './hull.ts';
import { nearestByColumns } from './nearest-by-columns.ts';
import { NearestNeighbours, type Positions } from './nearest-neighbours.ts';
import { seededRandom } from './statistics.ts';

/** The same by looking at every pair. */
function byPairs({ x, y, z }: Positions, rows: Uint32Array): number[] {
  return [...rows].map((a) => {
    const others = [...rows].filter((b) => b !== a);
    return Math.min(...others.map((b) => lengthOf(x[b]! - x[a]!, y[b]! - y[a]!, z[b]! - z[a]!)));
  });
}

const random = seededRandom(7);
const layouts: Record<string, (i: number) => [number, number, number]> = {
  'in the plane': () => [random() * 100, random() * 100, 0],
  'in space': () => [random() * 100, random() * 100, random() * 30],
  'in a thin slice': () => [random() * 100, random() * 100, random() * 0.01],
  'on a line': (i) => [random() * 100, 5, i % 2 === 0 ? 1e-9 : 0],
  'on whole numbers, several in one place': () => [Math.floor(random() * 6), Math.floor(random() * 6), 0],
  'all in one place': () => [3, 3, 3],
  'in clusters far apart': (i) => [1e6 * (i % 3) + random(), random(), random()],
  'but one together': (i) => [i === 0 ? 1e9 : random(), random(), 0],
  'far from the origin': () => [1e9 + random(), -1e9 + random(), 0],
  'too far apart to reckon with': (i) => [i % 2 === 0 ? 1e308 : -1e308, random() * 1e300, 0],
};

describe('nearest other objects', () => {
  it.each(Object.entries(layouts))('are those found by looking at every pair, objects lying %s', (_, place) => {
    const buffers = { x: new Float64Array(500), y: new Float64Array(500), z: new Float64Array(500) };
    const neighbours = new NearestNeighbours(buffers);
    for (const count of [2, 3, 17, 180, 50]) {
      const rows = Uint32Array.from({ length: count }, (__, i) => i * 2 + 1);
      for (const row of rows) [buffers.x[row], buffers.y[row], buffers.z[row]] = place(row);
      const expected = Float64Array.from(byPairs(buffers, rows)).sort();
      for (const find of [neighbours.find.bind(neighbours), nearestByColumns.bind(undefined, buffers)]) {
        const found = new Float64Array(count);
        find(rows, found);
        expect(found.sort()).toEqual(expected);
      }
    }
  });
});
