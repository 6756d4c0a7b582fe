import { gammaLimits } from './channel-look.ts';
import { formatHexColour, parseHexColour, type Rgb } from './colour-maps.ts';
import { isLookUpTableName, type LookUpTableName, type MapName, mapNames } from './look-up-tables.ts';
import { type Mark, mostMarks, readMark, writeMark } from './marks.ts';
import type { FeatureFilter } from './object-colours.ts';
import { type PlaySettings, readPlay, readPlaying, writePlay } from './playing.ts';
import { isProjectionKind, type Projection } from './projection.ts';
import { readLayout, type StageTool, stageTools, type ViewLayout, writeLayout } from './view-layout.ts';
import { volumeFromParams, volumeToParams, type VolumeView } from './volume/volume-state.ts';

/** How one channel is shown. */
export interface ChannelState {
  isVisible: boolean;
  colour: Rgb;
  /** Display window, in pixel values. */
  window: readonly [number, number];
  /** Exponent on brightness; left out = 1. */
  gamma?: number;
  /** How brightness becomes colour; left out = the channel's own colour. */
  lut?: LookUpTableName;
}

/** What can stand for an object: its circle, its centre, its outline, or its outline filled. */
export const objectShapes = ['circle', 'point', 'outline', 'filled'] as const;

/** What stands for an object. */
export type ObjectShape = (typeof objectShapes)[number];

/** How tracks are drawn over the film. */
export interface OverlayState {
  isVisible: boolean;
  /** Length of the tails, in frames; -1 = everything up to now. */
  tailFrames: number;
  /** `track`, or the name of a feature. */
  colourBy: string;
  /** Map of continuous features; left out = viridis. */
  map?: MapName;
  /** What stands for an object; left out = its outline where the set has outlines, else a circle. */
  shape?: ObjectShape;
  /** Only objects that pass all of these are drawn. */
  filters?: readonly FeatureFilter[];
  /** Only objects within one slice of the shown one. */
  onlyNearSlice: boolean;
}

/** Everything that makes a view: what is in the URL, and nothing else is needed to restore it. */
export interface ViewState {
  t: number;
  z: number;
  channels: ChannelState[];
  /** Image coordinates at the centre of the stage, and screen pixels per image pixel; left out = fitted. */
  camera?: { x: number; y: number; zoom: number };
  overlay: OverlayState;
  /** Id of the selected object. */
  selected?: number;
  /** Indices on axes beyond t, c and z, by name; what is not named is 0. */
  other?: Readonly<Record<string, number>>;
  /** All slices of a range in one picture; left out = the slice `z` alone. */
  projection?: Projection;
  /** A label mask over the image, and how opaque the inside of its objects is, 0 to 1. */
  labels?: { name: string; opacity: number };
  /** Features plotted against each other, one point an object; left out = two the page chooses. */
  plot?: { x: string; y: string; isOfAllFrames?: true };
  /** How axes are played; left out = ten a second, round and round. */
  play?: PlaySettings;
  /** Axes that are being played; left out = none. */
  playing?: readonly string[];
  /** What a hand does on the stage; left out = it moves the film. */
  tool?: StageTool;
  /** A measured line, in image pixels (0 = centre of the first pixel). */
  line?: { x1: number; y1: number; x2: number; y2: number };
  /** The point through which sections (xz, yz) are shown, in image pixels; left out = none are shown. */
  sections?: { x: number; y: number };
  /** Are regions that somebody drew in the image hidden? */
  hidesRegions?: true;
  /** Measured angles and areas. */
  marks?: readonly Mark[];
  /** The slices as a volume in space; left out = a plane is shown. */
  volume?: VolumeView;
  /** Which parts of the page are open; left out = as the page finds it fit. */
  layout?: ViewLayout;
}

const round = (value: number) => Number(value.toPrecision(6));
/** A limit may be typed: whole numbers stay whole, up to the largest pixel value. */
const roundLimit = (value: number) => (Number.isSafeInteger(value) ? value : round(value));

/**
 * A view as URL parameters. Version 1 of the spelling; links of this version open for ever.
 * `c` holds the channels in order, each `visibility,colour,low,high`, then gamma and look-up table where they are not the
 * usual ones, joined by `;`.
 */
export function viewStateToParams(state: ViewState): URLSearchParams {
  const params = new URLSearchParams();
  params.set('v', '1');
  params.set('t', String(state.t));
  params.set('z', String(state.z));
  params.set(
    'c',
    state.channels
      .map((one) =>
        [
          one.isVisible ? 1 : 0,
          formatHexColour(one.colour),
          roundLimit(one.window[0]),
          roundLimit(one.window[1]),
          ...(one.gamma !== undefined || one.lut ? [round(one.gamma ?? 1)] : []),
          ...(one.lut ? [one.lut] : []),
        ].join(','),
      )
      .join(';'),
  );
  if (state.camera) params.set('at', [state.camera.x, state.camera.y, state.camera.zoom].map(round).join(','));
  params.set(
    'tracks',
    [state.overlay.isVisible ? 1 : 0, state.overlay.tailFrames, state.overlay.onlyNearSlice ? 1 : 0].join(','),
  );
  params.set('by', state.overlay.colourBy);
  if (state.overlay.map) params.set('map', state.overlay.map);
  if (state.overlay.shape) params.set('shape', state.overlay.shape);
  for (const { feature, low, high } of state.overlay.filters ?? [])
    params.append('filter', `${feature}:${round(low)}:${round(high)}`);
  if (state.plot) {
    params.set('plotx', state.plot.x);
    params.set('ploty', state.plot.y);
    if (state.plot.isOfAllFrames) params.set('plot', 'all');
  }
  if (state.labels) params.set('labels', `${state.labels.name},${round(state.labels.opacity)}`);
  if (state.selected !== undefined) params.set('object', String(state.selected));
  for (const [axis, index] of Object.entries(state.other ?? {}))
    if (index > 0) params.append('axis', `${axis}:${index}`);
  if (state.projection)
    params.set('project', [state.projection.kind, state.projection.from, state.projection.to].join(','));
  const { line, sections, play } = state;
  if (play) params.set('play', writePlay(play));
  for (const axis of state.playing ?? []) params.append('playing', axis);
  if (state.tool && state.tool !== 'move') params.set('tool', state.tool);
  if (line) params.set('line', [line.x1, line.y1, line.x2, line.y2].map(round).join(','));
  if (sections) params.set('sections', [sections.x, sections.y].map(round).join(','));
  if (state.hidesRegions) params.set('regions', '0');
  for (const mark of state.marks ?? []) params.append('mark', writeMark(mark));
  if (state.volume) volumeToParams(state.volume, params);
  if (state.layout) params.set('page', writeLayout(state.layout));
  return params;
}

/** The view that URL parameters describe; whatever is missing, out of range or malformed is taken from `fallback`. */
export function viewStateFromParams(
  params: URLSearchParams,
  fallback: ViewState,
  sizes: { t: number; z: number; [axis: string]: number },
): ViewState {
  const camera = numbers(params.get('at'), 3);
  const tracks = numbers(params.get('tracks'), 3);
  const selected = params.get('object');
  const line = numbers(params.get('line'), 4);
  const sections = numbers(params.get('sections'), 2);
  const projection = parseProjection(params.get('project'), sizes.z);
  const labels = parseLabels(params.get('labels'));
  const [plotX, plotY] = [params.get('plotx'), params.get('ploty')];
  const play = readPlay(params.get('play'));
  const playing = readPlaying(params.getAll('playing'), sizes);
  const tool = stageTools.find((one) => one === params.get('tool') && one !== 'move');
  const other = parseOther(params.getAll('axis'), sizes);
  const marks = params.getAll('mark').flatMap((text) => readMark(text) ?? []);
  const layout = readLayout(params.get('page'));
  const volume = volumeFromParams(params, { x: sizes['x'] ?? 1, y: sizes['y'] ?? 1, z: sizes.z });
  return {
    t: indexWithin(params.get('t'), sizes.t, fallback.t),
    z: indexWithin(params.get('z'), sizes.z, fallback.z),
    channels: parseChannels(params.get('c'), fallback.channels),
    ...(camera && camera[2]! > 0
      ? { camera: { x: camera[0]!, y: camera[1]!, zoom: camera[2]! } }
      : fallback.camera
        ? { camera: fallback.camera }
        : {}),
    overlay: tracks
      ? {
          isVisible: tracks[0] === 1,
          tailFrames: Math.max(-1, Math.trunc(tracks[1]!)),
          onlyNearSlice: tracks[2] === 1,
          colourBy: params.get('by') ?? fallback.overlay.colourBy,
          ...parseLook(params),
        }
      : fallback.overlay,
    ...(selected !== null && /^\d+$/.test(selected) ? { selected: Number(selected) } : {}),
    ...(other ? { other } : {}),
    ...(projection ? { projection } : {}),
    ...(labels ? { labels } : {}),
    ...(plotX && plotY
      ? { plot: { x: plotX, y: plotY, ...(params.get('plot') === 'all' ? { isOfAllFrames: true as const } : {}) } }
      : {}),
    ...(play ? { play } : {}),
    ...(playing.length > 0 ? { playing } : {}),
    ...(tool ? { tool } : {}),
    ...(line ? { line: { x1: line[0]!, y1: line[1]!, x2: line[2]!, y2: line[3]! } } : {}),
    ...(sections ? { sections: { x: sections[0]!, y: sections[1]! } } : {}),
    ...(params.get('regions') === '0' ? { hidesRegions: true as const } : {}),
    ...(marks.length > 0 ? { marks: marks.slice(0, mostMarks) } : {}),
    ...(volume ? { volume } : {}),
    ...(layout ? { layout } : {}),
  };
}

function parseProjection(text: string | null, slices: number): Projection | undefined {
  const [kind = '', from, to] = (text ?? '').split(',');
  const range = numbers(`${from ?? ''},${to ?? ''}`, 2);
  if (!isProjectionKind(kind) || !range || !range.every(Number.isInteger) || slices < 2) return undefined;
  const [first, last] = [Math.max(0, range[0]!), Math.min(slices - 1, range[1]!)];
  return first <= last ? { kind, from: first, to: last } : undefined;
}

function parseLook(params: URLSearchParams): Pick<OverlayState, 'map' | 'shape' | 'filters'> {
  const map = mapNames.find((one) => one === params.get('map'));
  const shape = objectShapes.find((one) => one === params.get('shape'));
  const filters = params.getAll('filter').flatMap((text) => {
    const [, feature, low, high] = /^(.*):([^:]*):([^:]*)$/s.exec(text) ?? [];
    const range = numbers(`${low ?? ''},${high ?? ''}`, 2);
    return feature && range ? [{ feature, low: range[0]!, high: range[1]! }] : [];
  });
  return { ...(map ? { map } : {}), ...(shape ? { shape } : {}), ...(filters.length > 0 ? { filters } : {}) };
}

function parseLabels(text: string | null): ViewState['labels'] {
  const at = (text ?? '').lastIndexOf(',');
  const opacity = at > 0 ? numbers(text!.slice(at + 1), 1)?.[0] : undefined;
  return opacity !== undefined && opacity >= 0 && opacity <= 1 ? { name: text!.slice(0, at), opacity } : undefined;
}

function parseOther(texts: string[], sizes: Record<string, number>): Record<string, number> | undefined {
  const entries = texts.flatMap((text) => {
    const at = text.lastIndexOf(':');
    const [axis, index] = [text.slice(0, at), text.slice(at + 1)];
    const size = ['t', 'c', 'z', 'y', 'x'].includes(axis) ? undefined : sizes[axis];
    return size === undefined || !/^\d+$/.test(index) ? [] : [[axis, Math.min(Number(index), size - 1)] as const];
  });
  return entries.length > 0 ? Object.fromEntries(entries) : undefined;
}

function indexWithin(text: string | null, size: number, fallback: number): number {
  if (text === null || !/^\d+$/.test(text)) return fallback;
  return Math.min(Number(text), size - 1);
}

function numbers(text: string | null, count: number): number[] | undefined {
  const values = (text ?? '').split(',').map((part) => (part === '' ? Number.NaN : Number(part)));
  return values.length === count && values.every(Number.isFinite) ? values : undefined;
}

function parseChannels(text: string | null, fallback: readonly ChannelState[]): ChannelState[] {
  const parts = (text ?? '').split(';');
  return fallback.map((channel, index) => {
    const [visible, hex, low, high, gamma, lut] = (parts[index] ?? '').split(',');
    const colour = parseHexColour(hex ?? '');
    const window = numbers(`${low ?? ''},${high ?? ''}`, 2);
    if (!colour || !window) return channel;
    const exponent = numbers(gamma ?? null, 1)?.[0];
    return {
      isVisible: visible === '1',
      colour,
      window: [window[0]!, window[1]!],
      ...(exponent !== undefined && exponent >= gammaLimits[0] && exponent <= gammaLimits[1]
        ? { gamma: exponent }
        : {}),
      ...(lut !== undefined && isLookUpTableName(lut) ? { lut } : {}),
    };
  });
}
