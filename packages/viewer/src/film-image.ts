import type { Layer } from '@deck.gl/core';
import { ImageLayer, MultiscaleImageLayer } from '@hms-dbmi/viv';
import { type ChannelLook, channelLook, drawnChannels } from './channel-look.ts';
import { LookExtension } from './look-extension.ts';
import { projectedSource } from './projection.ts';
import type { ImageSource } from './sources.ts';
import type { ChannelState, ViewState } from './view-state.ts';
import {
  isDrawnWhole,
  tilesOfImage,
  type VivPixels,
  type VivPixelSource,
  type VivSelection,
  vivPixelSources,
} from './viv-pixel-source.ts';

/** A matrix with what Viv asks of it where an image has levels: the methods are those of math.gl's `Matrix4`. */
interface PixelMatrix extends Array<number> {
  getScale(): number[];
  clone(): PixelMatrix;
  scale(factor: number): PixelMatrix;
}

/** Pixel centres lie on whole numbers in our coordinates, pixel corners in Viv's: pixels of `size` of ours, moved by a half. */
function pixelMatrix(size: number): PixelMatrix {
  return Object.assign([size, 0, 0, 0, 0, size, 0, 0, 0, 0, size, 0, -0.5, -0.5, 0, 1], {
    getScale: () => [size, size, size],
    clone: () => pixelMatrix(size),
    scale: (factor: number) => pixelMatrix(size * factor),
  });
}

const halfPixel = pixelMatrix(1);

/** Longer side of a plane that has enough pixels to count brightnesses in. */
const enoughPixels = 256;

/** Pixels of one kind (a slice, or a projection) as they are drawn. */
interface Drawn {
  levels: VivPixelSource[];
  selections: VivSelection[];
  /** Has it been on the screen? */
  isLoaded: boolean;
}

/** The image of a film as layers: channels with windows, gamma and look-up tables, of a slice or of a projection. */
export class FilmImage {
  private readonly source: ImageSource;
  private readonly failed: (error: Error) => void;
  private readonly redraw: () => void;
  private readonly tiles = tilesOfImage();
  private readonly extensions = [new LookExtension()];
  private readonly kinds = new Map<string, VivPixelSource[]>();
  private ahead: AbortController | undefined;
  private wanted: Drawn | undefined;
  /** What is on the screen while other pixels than those are awaited that its layer can hold. */
  private before: Drawn | undefined;
  private look: { channels: readonly ChannelState[]; made: ChannelLook } | undefined;

  /**
   * @param failed told of every region that could not be read
   * @param redraw asked when a picture has come that takes the place of another
   */
  constructor(source: ImageSource, failed: (error: Error) => void, redraw: () => void) {
    this.source = source;
    this.failed = failed;
    this.redraw = redraw;
  }

  /** Is everything that is to be drawn here (or failed)? */
  get isSettled(): boolean {
    return this.tiles.drawing === 0;
  }

  /** The layers of a state, undermost first. */
  layers(state: ViewState): Layer[] {
    const drawn = this.drawnOf(state);
    const before = this.before ? [this.layer(this.before, state)] : [];
    return [...before, this.layer(drawn, state)];
  }

  /**
   * Value of every drawn channel in a pixel of the full size, of the projection where one is shown.
   * @returns by number of the channel; `undefined` for channels that are not drawn or could not be read
   */
  async valuesAt(x: number, y: number, state: ViewState, signal: AbortSignal): Promise<(number | undefined)[]> {
    const [full] = this.levelsOf(state);
    const whole = isDrawnWhole(this.source);
    return forChannels(state, (selection) => full!.valueAt(x, y, selection, whole, signal));
  }

  /**
   * Planes of every drawn channel to count brightnesses in: those that are drawn where planes are drawn whole, else the coarsest
   * level that still has enough pixels.
   * @returns by number of the channel; `undefined` for channels that are not drawn or could not be read
   */
  async planesOf(state: ViewState, signal: AbortSignal): Promise<(VivPixels | undefined)[]> {
    const coarse = this.source.levels.findLastIndex((one) => Math.max(one.width, one.height) >= enoughPixels);
    const level = this.levelsOf(state)[isDrawnWhole(this.source) ? 0 : Math.max(0, coarse)]!;
    return forChannels(state, (selection) => level.wholePlane(selection, signal));
  }

  /** Reads what will be drawn of a state that is shown next, the tiles that are on the screen now; what was read ahead before is given up. */
  readAhead(state: ViewState): void {
    const passed = this.ahead;
    const stop = new AbortController();
    this.ahead = stop;
    const levels = this.levelsOf(state);
    for (const selection of selectionsOf(state))
      for (const level of levels) void level.readAhead(selection, stop.signal);
    // After the new requests: what both want is not read anew.
    passed?.abort();
  }

  private drawnOf(state: ViewState): Drawn {
    const levels = this.levelsOf(state);
    const selections = selectionsOf(state);
    const { wanted } = this;
    const isSame = JSON.stringify(selections) === JSON.stringify(wanted?.selections);
    if (wanted && wanted.levels === levels && isSame) return wanted;
    const made: Drawn = { levels, selections, isLoaded: false };
    if (wanted && wanted.levels[0]!.dtype !== levels[0]!.dtype) {
      if (wanted.isLoaded) this.before = wanted;
    } else if (wanted?.isLoaded) made.isLoaded = true;
    if (this.before && this.before.levels[0]!.dtype === levels[0]!.dtype) this.before = undefined;
    this.wanted = made;
    return made;
  }

  private levelsOf({ projection }: ViewState): VivPixelSource[] {
    const name = projection ? `${projection.kind} ${projection.from} ${projection.to}` : '';
    const known = this.kinds.get(name);
    if (known) return known;
    const source = projection ? projectedSource(this.source, projection) : this.source;
    const made = vivPixelSources(source, this.failed, this.tiles, name);
    this.kinds.set(name, made);
    return made;
  }

  private lookOf(channels: readonly ChannelState[]): ChannelLook {
    if (this.look?.channels !== channels)
      this.look = { channels, made: channelLook(drawnChannels(channels).map((c) => channels[c]!)) };
    return this.look.made;
  }

  private layer(drawn: Drawn, state: ViewState): Layer {
    const channels = drawnChannels(state.channels).map((c) => state.channels[c]!);
    const shared = {
      // A layer holds pixels of one type: others come into a layer of their own.
      id: `image-${drawn.levels[0]!.dtype}`,
      // The same array as long as it says the same: Viv reads the planes anew whenever it is another.
      selections: drawn.selections,
      contrastLimits: channels.map((channel) => [channel.window[0], channel.window[1]]),
      // Hidden channels are black in their table.
      channelsVisible: channels.map(() => true),
      channelLook: this.lookOf(state.channels),
      extensions: this.extensions,
      onViewportLoad: () => this.loaded(drawn),
      modelMatrix: halfPixel,
    };
    type LayerClass = new (props: Record<string, unknown>) => Layer;
    if (isDrawnWhole(this.source))
      return new (ImageLayer as unknown as LayerClass)({ loader: drawn.levels[0], ...shared });
    return new (MultiscaleImageLayer as unknown as LayerClass)({
      loader: drawn.levels,
      excludeBackground: false,
      ...shared,
    });
  }

  private loaded(drawn: Drawn): void {
    drawn.isLoaded = true;
    if (drawn !== this.wanted || !this.before) return;
    this.before = undefined;
    this.redraw();
  }
}

/** The planes of a state, one a drawn channel. */
function selectionsOf({ t, z, channels, projection, other }: ViewState): VivSelection[] {
  // A projection has one slice: moving the focus under it asks for nothing.
  return drawnChannels(channels).map((c) => ({ t, c, z: projection ? 0 : z, ...(other ? { other } : {}) }));
}

/** What is read of every drawn plane of a state, by number of the channel. */
async function forChannels<Read>(
  state: ViewState,
  read: (selection: VivSelection) => Promise<Read>,
): Promise<(Read | undefined)[]> {
  const made = Array.from<Read | undefined>({ length: state.channels.length });
  await Promise.all(
    selectionsOf(state).map(async (selection) => {
      made[selection.c] = await read(selection).catch(() => undefined);
    }),
  );
  return made;
}
