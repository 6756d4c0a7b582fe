import { Deck, OrbitView, type OrbitViewState } from '@deck.gl/core';
import type { ImageSource } from '../sources.ts';
import type { ViewState } from '../view-state.ts';
import type { Volume } from './load-volume.ts';
import { volumeBoxLayers } from './volume-box-layers.ts';
import { VolumeFeed } from './volume-feed.ts';
import { VolumeLayer } from './volume-layer.ts';
import { type Box3, eachAxis, imageBox, type Vector3, volumeSpace } from './volume-space.ts';
import {
  usualVolumeView,
  type VolumeCamera,
  type VolumeClip,
  volumeMemories,
  type VolumeView,
} from './volume-state.ts';
import { voxelValue } from './voxel-store.ts';

/** What the stage of a volume tells its page. */
export interface VolumeStageEvents {
  onCamera(camera: VolumeCamera): void;
  /** All of it was fitted onto the stage: screen pixels per unit of space. */
  onFit?(zoom: number): void;
  /** A volume is drawn from now on. */
  onVolume(volume: Volume): void;
  /** Share that has come of the volume that is being read; `undefined` once none is. */
  onProgress(share: number | undefined): void;
  onError(error: Error): void;
  /** Words at the end of an axis of the box. */
  writeLength(axis: keyof Vector3, length: number, unit: string): string;
}

/** Channels a volume can have: as many as the 2D viewer draws. */
const mostVolumeChannels = 6;
/** Milliseconds after the last movement until all voxels are looked at again. */
const restTime = 200;
/** Voxels from sample to sample while a hand moves the volume. */
const movingStride = 3;
/** Rays for each pixel of the page meanwhile, along each side, where the processor follows them. */
const movingPixels = 0.4;
/** Frames without news after which everything is drawn. */
const settledFrames = 3;
/** Values a histogram is made of at most. */
const histogramValues = 2 ** 18;
/** As in 2D, x goes right, y down and z away from the reader, while deck.gl has y up and z towards the reader: half a turn about x. */
const halfTurn = Float64Array.of(1, 0, 0, 0, 0, -1, 0, 0, 0, 0, -1, 0, 0, 0, 0, 1);

/** The stage of a volume: one time point in space, in one WebGL2 canvas, with a camera that turns around it. */
export class VolumeStage {
  private readonly deck: Deck<OrbitView>;
  private readonly parent: HTMLElement;
  private readonly source: ImageSource;
  private readonly events: VolumeStageEvents;
  private readonly feed: VolumeFeed;
  private readonly box: Box3;
  private camera: VolumeCamera | undefined;
  private state: ViewState | undefined;
  private volume: Volume | undefined;
  private isPerspective = false;
  private rest: ReturnType<typeof setTimeout> | undefined;
  private isClosed = false;
  /** Cameras the page was told of. */
  private readonly told = new WeakSet<VolumeCamera>();

  constructor(parent: HTMLElement, source: ImageSource, events: VolumeStageEvents) {
    this.parent = parent;
    this.source = source;
    this.events = events;
    this.box = imageBox(source.description);
    this.feed = new VolumeFeed(source, volumeMachine().longestSide, {
      onVolume: (volume) => {
        this.volume = volume;
        this.draw();
        events.onVolume(volume);
      },
      onProgress: events.onProgress,
      onError: events.onError,
    });
    this.deck = new Deck<OrbitView>({
      parent: parent as HTMLDivElement,
      views: this.view(),
      controller: { doubleClickZoom: false, keyboard: false },
      style: { position: 'absolute', inset: '0' } as unknown as Partial<CSSStyleDeclaration>,
      // Rays are dear, and volumes are soft: one for each pixel of the page is enough.
      useDevicePixels: false,
      layers: [],
      getCursor: ({ isDragging }) => (isDragging ? 'grabbing' : 'grab'),
      onViewStateChange: ({ viewState }) => {
        this.move(this.cameraOf(viewState as unknown as OrbitViewState));
      },
      onError: (error) => events.onError(error),
      onResize: () => {
        if (!this.camera) this.look();
      },
    });
    this.look();
  }

  /** Shows a state: its time point, channels, and `volume`. A camera in it is gone to; without one everything fits. */
  show(state: ViewState): void {
    const { volume, t, other, channels } = state;
    if (this.isClosed || !volume) return;
    this.state = state;
    if (volume.isPerspective !== this.isPerspective) {
      this.isPerspective = volume.isPerspective;
      this.deck.setProps({ views: this.view() });
    }
    // What a hand did comes back later than the hand's next movement: it is not gone back to.
    if (volume.camera !== this.camera && !(volume.camera && this.told.has(volume.camera))) {
      this.camera = volume.camera;
      this.look();
    }
    this.feed.want({
      t,
      ...(other ? { other } : {}),
      channels: channels.flatMap((channel, c) => (channel.isVisible ? [c] : [])).slice(0, mostVolumeChannels),
      budgetBytes: volume.megabytes * 2 ** 20,
      channelsInBudget: Math.min(channels.length, mostVolumeChannels),
    });
    this.draw();
  }

  /** The camera that shows all of it, a little from the side. */
  fitted(): VolumeCamera {
    const middle = eachAxis((axis) => (this.box.low[axis] + this.box.high[axis]) / 2);
    const sides = (['x', 'y', 'z'] as const).map((axis) => this.box.high[axis] - this.box.low[axis]);
    const room = Math.min(this.parent.clientWidth || 800, (this.parent.clientHeight || 600) * 1.15);
    return { ...middle, zoom: (room / Math.hypot(...sides)) * 0.84, turn: -28, tilt: 24 };
  }

  /** The camera now. */
  get cameraNow(): VolumeCamera {
    return this.camera ?? this.fitted();
  }

  /** Screen pixels per unit of space in the middle of the stage. */
  get zoom(): number {
    return this.cameraNow.zoom;
  }

  /** Unit of the space the volume is in. */
  get unit(): 'micrometer' | 'pixel' {
    return volumeSpace(this.source.description).unit;
  }

  /** Moves the camera, and tells of it. */
  move(camera: VolumeCamera): void {
    this.camera = { ...camera, tilt: Math.min(90, Math.max(-90, camera.tilt)) };
    clearTimeout(this.rest);
    this.rest = setTimeout(() => {
      this.rest = undefined;
      this.setPixels(1);
      this.draw();
    }, restTime);
    if (volumeMachine().isSoftware) this.setPixels(movingPixels);
    this.look();
    this.draw();
    this.told.add(this.camera);
    this.events.onCamera(this.camera);
  }

  /** The drawn picture, to be copied at once: the canvas is drawn anew with the next frame. */
  drawnCanvas(): HTMLCanvasElement {
    this.deck.redraw('picture');
    return this.deck.getCanvas()!;
  }

  /** Is the shown state drawn (or could not be read)? */
  get isSettled(): boolean {
    return this.feed.isSettled && this.rest === undefined && !this.deck.needsRedraw({ clearRedrawFlags: false });
  }

  /** Waits until the shown state is drawn. @throws what the signal was stopped with */
  async whenDrawn(signal?: AbortSignal): Promise<void> {
    for (let quiet = 0; quiet < settledFrames && !this.isClosed; ) {
      await new Promise((resolve) => requestAnimationFrame(resolve));
      signal?.throwIfAborted();
      quiet = this.isSettled ? quiet + 1 : 0;
    }
  }

  /** Values to count brightnesses in, one set a channel; `undefined` for channels that are not there. */
  async planesOf(state: ViewState): Promise<({ data: ArrayLike<number> } | undefined)[]> {
    await this.whenDrawn();
    return state.channels.map((_, c) => {
      const channel = this.volume?.channels.find((one) => one.channel === c);
      if (!channel) return undefined;
      const step = Math.ceil(channel.stored.length / histogramValues);
      const count = Math.floor(channel.stored.length / step);
      return { data: Float32Array.from({ length: count }, (_one, at) => voxelValue(channel, at * step)) };
    });
  }

  /** Frees the graphics memory and gives up what is being read. */
  close(): void {
    this.isClosed = true;
    clearTimeout(this.rest);
    this.feed.stop();
    this.deck.finalize();
  }

  /** Rays for each pixel of the page, along each side. */
  private setPixels(ratio: number): void {
    if (this.deck.props.useDevicePixels !== (ratio === 1 ? false : ratio))
      this.deck.setProps({ useDevicePixels: ratio === 1 ? false : ratio });
  }

  private view(): OrbitView {
    return new OrbitView({
      id: 'volume',
      orbitAxis: 'Y',
      orthographic: !this.isPerspective,
      near: 0.01,
      far: 1000,
      clear: true,
      clearColor: [0, 0, 0, 255],
    } as ConstructorParameters<typeof OrbitView>[0]);
  }

  private look(): void {
    const { x, y, z, zoom, turn, tilt } = this.cameraNow;
    const fitted = Math.log2(this.fitted().zoom);
    if (!this.camera) this.events.onFit?.(zoom);
    this.deck.setProps({
      viewState: {
        volume: {
          target: [x, -y, -z],
          zoom: Math.log2(zoom),
          rotationOrbit: turn,
          rotationX: tilt,
          minZoom: fitted - 4,
          maxZoom: fitted + 10,
        },
      } as never,
    });
  }

  private cameraOf({ target, zoom, rotationOrbit, rotationX }: OrbitViewState): VolumeCamera {
    const [x, y, z] = target as [number, number, number];
    return { x, y: -y, z: -z, zoom: 2 ** (zoom as number), turn: rotationOrbit ?? 0, tilt: rotationX ?? 0 };
  }

  private draw(): void {
    const { state, volume } = this;
    if (this.isClosed || !state?.volume) return;
    const { mode, clip, density, threshold } = state.volume;
    const { unit } = this;
    const box = volumeBoxLayers(this.box, halfTurn, (axis, length) => this.events.writeLength(axis, length, unit));
    const layer = volume
      ? [
          new VolumeLayer({
            id: 'volume',
            volume,
            channels: state.channels,
            mode,
            clip: clip && this.clipBox(clip),
            density,
            threshold,
            modelMatrix: halfTurn,
            ...(this.rest === undefined ? {} : { stride: movingStride }),
          }),
        ]
      : [];
    this.deck.setProps({ layers: [...layer, ...box] });
  }

  /** The box of a range of voxels, from edge to edge. */
  private clipBox(clip: VolumeClip): Box3 {
    const { spacing } = volumeSpace(this.source.description);
    return {
      low: eachAxis((axis) => (clip[axis][0] - 0.5) * spacing[axis]),
      high: eachAxis((axis) => (clip[axis][1] + 0.5) * spacing[axis]),
    };
  }
}

/** What this machine draws volumes with. */
interface VolumeMachine {
  /** Longest side of a 3D texture; at least 256, what WebGL 2 promises. */
  longestSide: number;
  /** Does the processor do the work of a graphics card? Then each ray takes a hundred times as long. */
  isSoftware: boolean;
}

let known: VolumeMachine | undefined;

/** What this machine draws volumes with; found out once. */
export function volumeMachine(): VolumeMachine {
  if (known) return known;
  const gl = document.createElement('canvas').getContext('webgl2');
  const longestSide = gl ? (gl.getParameter(gl.MAX_3D_TEXTURE_SIZE) as number) : 256;
  const names = gl?.getExtension('WEBGL_debug_renderer_info');
  const renderer = gl ? String(gl.getParameter(names ? names.UNMASKED_RENDERER_WEBGL : gl.RENDERER)) : '';
  gl?.getExtension('WEBGL_lose_context')?.loseContext();
  known = { longestSide, isSoftware: /swiftshader|llvmpipe|softpipe|software|basic render/i.test(renderer) };
  return known;
}

/** How a volume is looked at first on this machine: coarser where the processor draws it. */
export function firstVolumeView(): VolumeView {
  return volumeMachine().isSoftware ? { ...usualVolumeView, megabytes: volumeMemories[0] } : usualVolumeView;
}
