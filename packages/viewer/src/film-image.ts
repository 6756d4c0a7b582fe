import type { Layer } from '@deck.gl/core';
import type { PlayedLoop } from '@micrarium/formats';
import { type ChannelLook, channelLook, drawnChannels } from './channel-look.ts';
import { tilesOfImage } from './image-tiles.ts';
import { LookExtension } from './look-extension.ts';
import { PlaneImageLayer, PlaneLevelsLayer, planeTile } from './plane-layers.ts';
import { PlaneTileset } from './plane-tileset.ts';
import { projectedSource } from './projection.ts';
import type { ImageSource } from './sources.ts';
import type { ChannelState, ViewState } from './view-state.ts';
import {
  isDrawnWhole,
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
  /** Says that it is; the same as long as this is drawn, for another would be another layer. */
  onLoaded(): void;
}

/** What is drawn of channels, as arrays that stay the same as long as they say the same. */
interface DrawnLook {
  channels: readonly ChannelState[];
  look: ChannelLook;
  windows: [number, number][];
  visible: boolean[];
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
  private look: DrawnLook | undefined;
  /** Is the image played, and does what is drawn of it leave nothing of the ground under its tiles? */
  private isGroundHidden = false;

  /**
   * @param failed told of every region that could not be read
   * @param redraw asked when a picture has come that takes the place of another
   * @param arrived told once, of the first pixels
   */
  constructor(source: ImageSource, failed: (error: Error) => void, redraw: () => void, arrived: () => void) {
    this.source = source;
    this.failed = failed;
    this.redraw = redraw;
    this.tiles.show(arrived);
  }

  /** Is everything that is to be drawn here (or failed)? */
  get isSettled(): boolean {
    return this.tiles.drawing === 0;
  }

  /** The planes that are drawn: another array wherever others are. */
  get planes(): readonly VivSelection[] | undefined {
    return this.wanted?.selections;
  }

  /** The layers of a state, undermost first. */
  layers(state: ViewState): Layer[] {
    if (!state.playing?.length) this.rest();
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

  /**
   * While an axis is played: reads what will be drawn of states that are shown next, one after the other, the tiles that are
   * on the screen now. What was read ahead before and is none of these is given up.
   */
  readAhead(states: readonly ViewState[]): void {
    const passed = this.ahead;
    const stop = new AbortController();
    this.ahead = stop;
    const [now] = this.wanted?.selections ?? [];
    const [next] = states;
    if (now && next) {
      const levels = this.levelsOf(next);
      this.isGroundHidden = !isDrawnWhole(this.source) && levels.some((level) => level.covers(now));
      this.tiles.play(this.loopOf(next, levels, now));
      void this.readInTurn(states, now, stop.signal);
    }
    // After the new requests: what both want is not read anew.
    passed?.abort();
  }

  /** Gives up what is being read ahead, and the tiles. */
  close(): void {
    this.ahead?.abort();
    this.tiles.close();
  }

  private async readInTurn(states: readonly ViewState[], now: VivSelection, signal: AbortSignal): Promise<void> {
    for (const state of states) {
      // The nearest first: on a slow line those behind it would hold it up.
      if (signal.aborted) return;
      const levels = this.levelsOf(state);
      await Promise.all(
        selectionsOf(state).flatMap((selection) =>
          levels.map((level) => level.readAhead(selection, now, !this.isGroundHidden, signal)),
        ),
      );
    }
  }

  /** What is played, in bytes. */
  private loopOf(state: ViewState, levels: readonly VivPixelSource[], now: VivSelection): PlayedLoop {
    const { sizes } = this.source.description;
    const bytes = levels.reduce((sum, level) => sum + level.drawnBytes(now, !this.isGroundHidden), 0);
    return {
      stepBytes: bytes * drawnChannels(state.channels).length,
      steps: (state.playing ?? []).reduce((product, axis) => product * (sizes[axis] ?? 1), 1),
    };
  }

  /** Nothing is played (any more). */
  private rest(): void {
    this.ahead?.abort();
    this.ahead = undefined;
    this.isGroundHidden = false;
    this.tiles.play(undefined);
  }

  private drawnOf(state: ViewState): Drawn {
    const levels = this.levelsOf(state);
    const selections = selectionsOf(state);
    const { wanted } = this;
    const isSame = JSON.stringify(selections) === JSON.stringify(wanted?.selections);
    if (wanted && wanted.levels === levels && isSame) return wanted;
    const made: Drawn = { levels, selections, isLoaded: false, onLoaded: () => this.loaded(made) };
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

  private lookOf(channels: readonly ChannelState[]): DrawnLook {
    if (this.look?.channels === channels) return this.look;
    const drawn = drawnChannels(channels).map((c) => channels[c]!);
    this.look = {
      channels,
      look: channelLook(drawn),
      windows: drawn.map(({ window }) => [window[0], window[1]]),
      // Hidden channels are black in their table.
      visible: drawn.map(() => true),
    };
    return this.look;
  }

  private layer(drawn: Drawn, state: ViewState): Layer {
    const { look, windows, visible } = this.lookOf(state.channels);
    const shared = {
      // A layer holds pixels of one type: others come into a layer of their own.
      id: `image-${drawn.levels[0]!.dtype}`,
      // The same array as long as it says the same: Viv reads the planes anew whenever it is another.
      selections: drawn.selections,
      contrastLimits: windows,
      channelsVisible: visible,
      channelLook: look,
      extensions: this.extensions,
      onViewportLoad: drawn.onLoaded,
      modelMatrix: halfPixel,
    };
    type LayerClass = new (props: Record<string, unknown>) => Layer;
    if (isDrawnWhole(this.source))
      return new (PlaneImageLayer as unknown as LayerClass)({ loader: drawn.levels[0], ...shared });
    return new (PlaneLevelsLayer as unknown as LayerClass)({
      loader: drawn.levels,
      renderSubLayers: planeTile,
      // What tiles cover wholly is not read under them while a film plays.
      excludeBackground: this.isGroundHidden,
      TilesetClass: PlaneTileset,
      // Asked for at once, not in a later task: until then nothing would say that something is awaited.
      maxRequests: 0,
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
