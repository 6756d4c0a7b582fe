import { lineagesOf, type Lineages, type TrackSet } from '@micrarium/model';
import { lineageOf } from './space/space-graph.ts';

/** Lives of the sets that are shown: pointing at one cell after the other asks for them many times. */
const known = new WeakMap<TrackSet, Lineages>();

/**
 * The objects that light up where a cell is pointed at: the cell through its whole life, what it came from and what became of it.
 * @param id of any object of the cell
 * @returns 1 for each row of the set that lights up; `undefined` where the set has no such object, or one without a track
 */
export function litObjects(set: TrackSet, id: number): Uint8Array | undefined {
  const { objects, edges } = set;
  const row = objects.id.indexOf(id);
  if (row < 0) return undefined;
  let lineages = known.get(set);
  if (!lineages) {
    lineages = lineagesOf({ count: objects.count, frame: objects.frame, time: objects.frame, frameInterval: 1, edges });
    known.set(set, lineages);
  }
  const { lives, lifeOfObject } = lineages;
  const life = lifeOfObject[row]!;
  if (life < 0) return undefined;
  const wanted = lineageOf(lives, life);
  return Uint8Array.from(lifeOfObject, (one) => (wanted.has(one) ? 1 : 0));
}
