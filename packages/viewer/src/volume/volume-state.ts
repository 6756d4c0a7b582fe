/** Ways to look through a volume: the largest value on a ray, or light that is dimmed on its way. */
export const volumeModes = ['max', 'blend'] as const;

/** How one looks through a volume. */
export type VolumeMode = (typeof volumeModes)[number];

/** From where a volume is looked at. */
export interface VolumeCamera {
  /** What is in the middle, in the space of the volume (`volumeSpace`). */
  x: number;
  y: number;
  z: number;
  /** Screen pixels per unit of the space. */
  zoom: number;
  /** Degrees the volume is turned about its upright axis, and tilted towards the reader. Both 0: as in 2D. */
  turn: number;
  tilt: number;
}

/** First and last voxel along each axis that are shown, of the full size, both included. */
export type VolumeClip = Record<'x' | 'y' | 'z', readonly [number, number]>;

/** Everything that makes a view of a volume. */
export interface VolumeView {
  mode: VolumeMode;
  isPerspective: boolean;
  /** Left out = the whole volume, a little from the side. */
  camera?: VolumeCamera;
  /** Left out = nothing is cut off. */
  clip?: VolumeClip;
  /** Of `blend`: opacity of full brightness, 0 to 1; brightness up to which nothing is seen, 0 to 1. */
  density: number;
  threshold: number;
  /** Megabytes of graphics memory the voxels may take: decides the level of the pyramid. */
  megabytes: number;
}

/** How a volume is looked at first. */
export const usualVolumeView: VolumeView = {
  mode: 'max',
  isPerspective: false,
  density: 0.3,
  threshold: 0.1,
  megabytes: 128,
};

/** Memory the page offers, in megabytes. */
export const volumeMemories = [8, 32, 128, 512] as const;

const round = (value: number) => Number(value.toPrecision(6));

/** Writes a view of a volume into the parameters of an address. */
export function volumeToParams(volume: VolumeView, params: URLSearchParams): void {
  const { mode, isPerspective, camera, clip, density, threshold, megabytes } = volume;
  params.set('volume', [mode, isPerspective ? 1 : 0, round(megabytes), round(density), round(threshold)].join(','));
  if (camera)
    params.set('eye', [camera.x, camera.y, camera.z, camera.zoom, camera.turn, camera.tilt].map(round).join(','));
  if (clip) params.set('clip', [...clip.x, ...clip.y, ...clip.z].join(','));
}

/**
 * The view of a volume in an address; what is malformed or out of range is as usual.
 * @returns `undefined` where the address has none, or the image has one slice
 */
export function volumeFromParams(
  params: URLSearchParams,
  sizes: Readonly<Record<'x' | 'y' | 'z', number>>,
): VolumeView | undefined {
  const [mode, perspective, ...rest] = (params.get('volume') ?? '').split(',');
  const known = volumeModes.find((one) => one === mode);
  if (!known || !(sizes.z > 1)) return undefined;
  const [megabytes, density, threshold] = rest.map((part) => (part === '' ? Number.NaN : Number(part)));
  const within = (value: number | undefined, low: number, high: number, usual: number) =>
    value !== undefined && value >= low && value <= high ? value : usual;
  const camera = cameraFrom(params.get('eye'));
  const clip = clipFrom(params.get('clip'), sizes);
  return {
    mode: known,
    isPerspective: perspective === '1',
    megabytes: within(megabytes, 1, 4096, usualVolumeView.megabytes),
    density: within(density, 0, 1, usualVolumeView.density),
    threshold: within(threshold, 0, 1, usualVolumeView.threshold),
    ...(camera ? { camera } : {}),
    ...(clip ? { clip } : {}),
  };
}

function numbersOf(text: string | null, count: number): number[] | undefined {
  const values = (text ?? '').split(',').map((part) => (part === '' ? Number.NaN : Number(part)));
  return values.length === count && values.every(Number.isFinite) ? values : undefined;
}

function cameraFrom(text: string | null): VolumeCamera | undefined {
  const [x, y, z, zoom, turn, tilt] = numbersOf(text, 6) ?? [];
  return zoom !== undefined && zoom > 0
    ? { x: x!, y: y!, z: z!, zoom, turn: turn!, tilt: Math.min(90, Math.max(-90, tilt!)) }
    : undefined;
}

function clipFrom(text: string | null, sizes: Readonly<Record<'x' | 'y' | 'z', number>>): VolumeClip | undefined {
  const values = numbersOf(text, 6);
  if (!values?.every(Number.isInteger)) return undefined;
  const range = (axis: 'x' | 'y' | 'z', at: number): readonly [number, number] => {
    const from = Math.min(sizes[axis] - 1, Math.max(0, values[at]!));
    return [from, Math.min(sizes[axis] - 1, Math.max(from, values[at + 1]!))];
  };
  return { x: range('x', 0), y: range('y', 2), z: range('z', 4) };
}
