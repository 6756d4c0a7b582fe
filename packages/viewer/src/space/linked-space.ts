import { micrometersPer, type SpaceUnit, secondsPer, type TimeUnit } from '@micrarium/model';
import type { SpaceExtent } from './axes-box.ts';
import type { SpaceCamera } from './space-state.ts';

/** What of a set decides how another is seen beside it. */
export interface LinkedSet {
  extent: SpaceExtent;
  frames: readonly [number, number];
  spaceUnit?: SpaceUnit | undefined;
  timeUnit?: TimeUnit | undefined;
  /** Interval between frames in `timeUnit`. */
  frameInterval?: number | undefined;
}

/** Units of the second set for one of the first; where a unit is not a length, both are drawn as large as their extents. */
function unitsFor(from: LinkedSet, to: LinkedSet): number {
  const [a, b] = [from.spaceUnit, to.spaceUnit];
  if (a !== undefined && a === b) return 1;
  if (a !== undefined && b !== undefined && a !== 'pixel' && b !== 'pixel')
    return micrometersPer[a] / micrometersPer[b];
  const size = ({ extent }: LinkedSet) => Math.hypot(...extent.map(([low, high]) => high - low)) || 1;
  return size(to) / size(from);
}

/** Where one looks from in another set: from the same side, as far from its middle, at the same scale. */
export function linkedCamera(camera: SpaceCamera, from: LinkedSet, to: LinkedSet): SpaceCamera {
  const ratio = unitsFor(from, to);
  const middle = ({ extent }: LinkedSet, axis: number) => (extent[axis]![0] + extent[axis]![1]) / 2;
  const place = (axis: number, value: number) => middle(to, axis) + (value - middle(from, axis)) * ratio;
  return {
    ...camera,
    x: place(0, camera.x),
    y: place(1, camera.y),
    z: place(2, camera.z),
    zoom: camera.zoom / ratio,
  };
}

/**
 * The frame of another set at the same time since its first frame, where both say how long a frame is; else the same number of
 * frames on. Held within the set.
 */
export function linkedFrame(t: number, from: LinkedSet, to: LinkedSet): number {
  const [a, b] = [secondsOfFrame(from), secondsOfFrame(to)];
  const passed = t - from.frames[0];
  const wanted = a !== undefined && b !== undefined ? Math.round((passed * a) / b) : passed;
  return Math.min(to.frames[1], Math.max(to.frames[0], to.frames[0] + wanted));
}

function secondsOfFrame({ timeUnit, frameInterval }: LinkedSet): number | undefined {
  if (timeUnit === undefined || frameInterval === undefined || !(frameInterval > 0)) return undefined;
  const seconds = (secondsPer as Partial<Record<string, number>>)[timeUnit];
  return seconds === undefined ? undefined : seconds * frameInterval;
}
