import { type CoordinateMapping, toPixels } from '@micrarium/model';
import type { Positions } from '../workers/work.ts';

/** An object of one frame, in pixels of the image. */
export interface DrawnObject {
  x: number;
  y: number;
  z: number;
  isInside: boolean;
}

/** Objects of the set that lie in image frame `t`, mapped to pixels. */
export function objectsAt(
  positions: Positions,
  mapping: CoordinateMapping,
  t: number,
  sizes: { x: number; y: number },
): DrawnObject[] {
  const drawn: DrawnObject[] = [];
  for (let row = 0; row < positions.count; row++) {
    if (positions.frame[row]! + mapping.firstFrame !== t) continue;
    const z = positions.z?.[row];
    const at = toPixels(mapping, { x: positions.x[row]!, y: positions.y[row]!, ...(z === undefined ? {} : { z }) });
    // Half a pixel beyond the outermost centres is still the outermost pixel.
    const isInside = at.x >= -0.5 && at.y >= -0.5 && at.x <= sizes.x - 0.5 && at.y <= sizes.y - 0.5;
    drawn.push({ ...at, isInside });
  }
  return drawn;
}

/** The image frame with the most objects: the one worth looking at first. */
export function fullestFrame(positions: Positions, mapping: CoordinateMapping, frames: number): number {
  const counts = new Uint32Array(frames);
  for (let row = 0; row < positions.count; row++) {
    const t = positions.frame[row]! + mapping.firstFrame;
    if (t >= 0 && t < frames) counts[t]!++;
  }
  let best = 0;
  for (let t = 1; t < frames; t++) if (counts[t]! > counts[best]!) best = t;
  return best;
}
