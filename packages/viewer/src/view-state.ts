import { formatHexColour, parseHexColour, type Rgb } from './colour-maps.ts';

/** How one channel is shown. */
export interface ChannelState {
  isVisible: boolean;
  colour: Rgb;
  /** Display window, in pixel values. */
  window: readonly [number, number];
}

/** How tracks are drawn over the film. */
export interface OverlayState {
  isVisible: boolean;
  /** Length of the tails, in frames; -1 = everything up to now. */
  tailFrames: number;
  /** `track`, or the name of a feature column. */
  colourBy: string;
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
}

const round = (value: number) => Number(value.toPrecision(6));

/**
 * A view as URL parameters. Version 1 of the spelling; links of this version open for ever.
 * `c` holds the channels in order, each `visibility,colour,low,high`, joined by `;`.
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
        [one.isVisible ? 1 : 0, formatHexColour(one.colour), round(one.window[0]), round(one.window[1])].join(','),
      )
      .join(';'),
  );
  if (state.camera) params.set('at', [state.camera.x, state.camera.y, state.camera.zoom].map(round).join(','));
  params.set(
    'tracks',
    [state.overlay.isVisible ? 1 : 0, state.overlay.tailFrames, state.overlay.onlyNearSlice ? 1 : 0].join(','),
  );
  params.set('by', state.overlay.colourBy);
  if (state.selected !== undefined) params.set('object', String(state.selected));
  return params;
}

/** The view that URL parameters describe; whatever is missing, out of range or malformed is taken from `fallback`. */
export function viewStateFromParams(
  params: URLSearchParams,
  fallback: ViewState,
  sizes: { t: number; z: number },
): ViewState {
  const camera = numbers(params.get('at'), 3);
  const tracks = numbers(params.get('tracks'), 3);
  const selected = params.get('object');
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
        }
      : fallback.overlay,
    ...(selected !== null && /^\d+$/.test(selected) ? { selected: Number(selected) } : {}),
  };
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
    const [visible, hex, low, high] = (parts[index] ?? '').split(',');
    const colour = parseHexColour(hex ?? '');
    const window = numbers(`${low ?? ''},${high ?? ''}`, 2);
    return colour && window ? { isVisible: visible === '1', colour, window: [window[0]!, window[1]!] } : channel;
  });
}
