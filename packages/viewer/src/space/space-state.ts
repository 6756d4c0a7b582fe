import { type MapName, mapNames } from '../look-up-tables.ts';
import type { FeatureFilter } from '../object-colours.ts';
import { playModes, type PlaySettings } from '../view-state.ts';

/** What stands for an object in space: its own form, a sphere, a point. */
export const spaceForms = ['own', 'sphere', 'point'] as const;

/** What stands for an object in space. */
export type SpaceForm = (typeof spaceForms)[number];

/** Where one looks from. */
export interface SpaceCamera {
  /** The place in the middle of the stage, in the unit of the set. */
  x: number;
  y: number;
  z: number;
  /** Screen pixels per unit at that place. */
  zoom: number;
  /** Degrees around the upright axis, and above the plane: 90 looks straight down on it. */
  turn: number;
  tilt: number;
}

/** A box in the unit of the set; what lies outside is not drawn. */
export type ClipBox = readonly [xLow: number, xHigh: number, yLow: number, yHigh: number, zLow: number, zHigh: number];

/** Everything that makes a view in space. */
export interface SpaceState {
  t: number;
  /** Left out = everything fits. */
  camera?: SpaceCamera;
  /** Lines that run together with distance, instead of staying parallel. */
  isPerspective: boolean;
  form: SpaceForm;
  /** `track`, `lineage` or the name of a feature. */
  colourBy: string;
  map?: MapName;
  /** Feature that says how large an object is; left out = its radius, where it has one. */
  sizeBy?: string;
  /** Factor on sizes. */
  scale: number;
  /** Length of the trails in frames; 0 = none, -1 = everything up to now, -2 = whole tracks, past and future. */
  tail: number;
  filters?: readonly FeatureFilter[];
  clip?: ClipBox;
  hasAxes: boolean;
  /** Ids of the selected object and of the one it is measured to. */
  selected?: number;
  measured?: number;
  /** The image under the objects: a plane at a height in its slices, or all of it; and how opaque. */
  image?: { kind: 'plane' | 'volume'; z: number; opacity: number };
  /** Is the tree of the selected lineage shown? */
  hasLineage: boolean;
  play?: PlaySettings;
}

/** The view one begins with. */
export const firstSpaceState: SpaceState = {
  t: 0,
  isPerspective: false,
  form: 'own',
  colourBy: 'track',
  scale: 1,
  tail: 0,
  hasAxes: true,
  hasLineage: false,
};

const round = (value: number) => Number(value.toPrecision(6));

/** A view as parameters of an address (version 1); links of this version open for ever. What is usual is left out. */
export function spaceStateToParams(state: SpaceState): URLSearchParams {
  const params = new URLSearchParams({ t: String(state.t) });
  const { camera, clip, image, play } = state;
  if (camera)
    params.set('cam', [camera.x, camera.y, camera.z, camera.zoom, camera.turn, camera.tilt].map(round).join(','));
  if (state.isPerspective) params.set('view', 'perspective');
  if (state.form !== 'own') params.set('form', state.form);
  params.set('by', state.colourBy);
  if (state.map) params.set('map', state.map);
  if (state.sizeBy !== undefined) params.set('size', state.sizeBy);
  if (state.scale !== 1) params.set('scale', String(round(state.scale)));
  if (state.tail !== 0) params.set('tail', String(state.tail));
  for (const { feature, low, high } of state.filters ?? [])
    params.append('filter', `${feature}:${round(low)}:${round(high)}`);
  if (clip) params.set('clip', clip.map(round).join(','));
  if (!state.hasAxes) params.set('axes', '0');
  if (state.selected !== undefined) params.set('object', String(state.selected));
  if (state.measured !== undefined) params.set('to', String(state.measured));
  if (image) params.set('image', `${image.kind},${round(image.z)},${round(image.opacity)}`);
  if (state.hasLineage) params.set('lineage', '1');
  if (play) params.set('play', `${round(play.perSecond)},${play.mode}`);
  return params;
}

/** The view that parameters describe; whatever is missing, out of range or malformed is as usual. */
export function spaceStateFromParams(
  params: URLSearchParams,
  usual: SpaceState,
  frames: readonly [number, number],
): SpaceState {
  const t = numbers(params.get('t'), 1)?.[0];
  const cam = numbers(params.get('cam'), 6);
  const clip = numbers(params.get('clip'), 6);
  const scale = numbers(params.get('scale'), 1)?.[0];
  const tail = numbers(params.get('tail'), 1)?.[0];
  const [selected, measured] = [wholeNumber(params.get('object')), wholeNumber(params.get('to'))];
  const map = mapNames.find((one) => one === params.get('map'));
  const size = params.get('size');
  const image = parseImage(params.get('image'));
  const play = parsePlay(params.get('play'));
  const filters = params.getAll('filter').flatMap((text) => {
    const [, feature, low, high] = /^(.*):([^:]*):([^:]*)$/s.exec(text) ?? [];
    const range = numbers(`${low ?? ''},${high ?? ''}`, 2);
    return feature && range ? [{ feature, low: range[0]!, high: range[1]! }] : [];
  });
  return {
    ...usual,
    t: t !== undefined && Number.isInteger(t) ? Math.min(frames[1], Math.max(frames[0], t)) : usual.t,
    ...(cam && cam[3]! > 0
      ? { camera: { x: cam[0]!, y: cam[1]!, z: cam[2]!, zoom: cam[3]!, turn: cam[4]!, tilt: clamp(cam[5]!, -90, 90) } }
      : {}),
    isPerspective: params.has('view') ? params.get('view') === 'perspective' : usual.isPerspective,
    form: spaceForms.find((one) => one === params.get('form')) ?? usual.form,
    colourBy: params.get('by') || usual.colourBy,
    ...(map ? { map } : {}),
    ...(size ? { sizeBy: size } : {}),
    scale: scale !== undefined && scale > 0 ? clamp(scale, 0.01, 100) : usual.scale,
    tail: tail !== undefined && Number.isInteger(tail) && tail >= -2 ? tail : usual.tail,
    ...(filters.length > 0 ? { filters } : {}),
    ...(clip && [0, 2, 4].every((at) => clip[at]! <= clip[at + 1]!) ? { clip: clip as unknown as ClipBox } : {}),
    hasAxes: params.get('axes') !== '0',
    ...(selected !== undefined ? { selected } : {}),
    ...(measured !== undefined ? { measured } : {}),
    ...(image ? { image } : {}),
    hasLineage: params.get('lineage') === '1' || (!params.has('lineage') && usual.hasLineage),
    ...(play ? { play } : {}),
  };
}

const clamp = (value: number, low: number, high: number) => Math.min(high, Math.max(low, value));

function wholeNumber(text: string | null): number | undefined {
  return text !== null && /^\d{1,16}$/.test(text) ? Number(text) : undefined;
}

function parseImage(text: string | null): SpaceState['image'] {
  const [kind, z, opacity] = (text ?? '').split(',');
  const values = numbers(`${z ?? ''},${opacity ?? ''}`, 2);
  if ((kind !== 'plane' && kind !== 'volume') || !values) return undefined;
  return { kind, z: values[0]!, opacity: clamp(values[1]!, 0, 1) };
}

function parsePlay(text: string | null): PlaySettings | undefined {
  const [rate, mode] = (text ?? '').split(',');
  const perSecond = numbers(rate ?? null, 1)?.[0];
  const known = playModes.find((one) => one === mode);
  return perSecond !== undefined && perSecond > 0 && perSecond <= 60 && known ? { perSecond, mode: known } : undefined;
}

function numbers(text: string | null, count: number): number[] | undefined {
  const values = (text ?? '').split(',').map((part) => (part.trim() === '' ? Number.NaN : Number(part)));
  return values.length === count && values.every(Number.isFinite) ? values : undefined;
}
