import { type MapName, mapNames } from '../look-up-tables.ts';
import type { FeatureFilter } from '../object-colours.ts';
import { type PlaySettings, readPlay, writePlay } from '../playing.ts';

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

/** What is open around the space. */
export interface SpaceLayout {
  hasPanel: boolean;
  /** The objects as a table. */
  hasTable: boolean;
}

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
  /** Is it shown as a table? Left out = it is drawn. */
  isLineageTable?: true;
  /** The lineage whose tree is shown while nothing is selected, by the index of its first life; left out = the largest. */
  root?: number;
  /** Ids of what is selected in the set beside this one, and of what the distance there is measured to. */
  selectedBeside?: number;
  measuredBeside?: number;
  play?: PlaySettings;
  /** Is time being played? Left out = no. */
  isPlaying?: true;
  /** Which parts of the page are open; left out = as the page finds it fit. */
  layout?: SpaceLayout;
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
  if (state.hasLineage) params.set('lineage', state.isLineageTable ? 'table' : '1');
  if (state.root !== undefined) params.set('root', String(state.root));
  if (state.selectedBeside !== undefined) params.set('object2', String(state.selectedBeside));
  if (state.measuredBeside !== undefined) params.set('to2', String(state.measuredBeside));
  if (play) params.set('play', writePlay(play));
  if (state.isPlaying) params.set('playing', 't');
  const { layout } = state;
  if (layout)
    params.set(
      'page',
      [...(layout.hasPanel ? ['panel'] : []), ...(layout.hasTable ? ['table'] : [])].join(',') || 'none',
    );
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
  const [root, besideOne, besideTwo] = ['root', 'object2', 'to2'].map((name) => wholeNumber(params.get(name)));
  const lineage = params.get('lineage');
  const open = params.get('page')?.split(',');
  const map = mapNames.find((one) => one === params.get('map'));
  const size = params.get('size');
  const image = parseImage(params.get('image'));
  const play = readPlay(params.get('play'));
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
    hasLineage: lineage === '1' || lineage === 'table' || (lineage === null && usual.hasLineage),
    ...(lineage === 'table' ? { isLineageTable: true as const } : {}),
    ...(root !== undefined ? { root } : {}),
    ...(besideOne !== undefined ? { selectedBeside: besideOne } : {}),
    ...(besideTwo !== undefined ? { measuredBeside: besideTwo } : {}),
    ...(play ? { play } : {}),
    ...(params.get('playing') === 't' && frames[1] > frames[0] ? { isPlaying: true as const } : {}),
    ...(open ? { layout: { hasPanel: open.includes('panel'), hasTable: open.includes('table') } } : {}),
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

function numbers(text: string | null, count: number): number[] | undefined {
  const values = (text ?? '').split(',').map((part) => (part.trim() === '' ? Number.NaN : Number(part)));
  return values.length === count && values.every(Number.isFinite) ? values : undefined;
}
