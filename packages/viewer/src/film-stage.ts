import { Deck, type Layer, OrthographicView } from '@deck.gl/core';
import { DataFilterExtension } from '@deck.gl/extensions';
import { LineLayer, ScatterplotLayer } from '@deck.gl/layers';
import { ImageLayer, MultiscaleImageLayer } from '@hms-dbmi/viv';
import type { ImageSource } from './sources.ts';
import { nearestObject, objectColours, type TrackOverlay } from './track-overlay.ts';
import type { ViewState } from './view-state.ts';
import { isDrawnWhole, type VivPixelSource, type VivSelection, vivPixelSources } from './viv-pixel-source.ts';

/** What the stage tells its page. */
export interface StageEvents {
  /** The camera moved: image coordinates of the centre, screen pixels per image pixel. */
  onCamera(camera: { x: number; y: number; zoom: number }): void;
  /** An object was clicked (its id), or nothing. */
  onSelect(id: number | undefined): void;
  /** The pointer moved, in image pixels; `undefined` outside the image. */
  onPointer(position: { x: number; y: number } | undefined): void;
  /** Pixels could not be drawn. */
  onError(error: Error): void;
}

/** Screen pixels around the pointer in which a click still finds an object. */
const clickReach = 14;
/** Screen pixels a pointer moves before a click is a drag. */
const dragStart = 5;
const selectionColour: [number, number, number] = [20, 216, 168];

/** Viv draws six channels at most; more are switched off by the page. */
export const mostChannels = 6;

/**
 * The stage: image channels by Viv, tracks by deck.gl layers above them, in one WebGL2 canvas. All of what is shown
 * comes from the state; the stage keeps only the camera while a hand moves it.
 */
export class FilmStage {
  private readonly deck: Deck<OrthographicView>;
  private readonly source: ImageSource;
  private readonly levels: VivPixelSource[];
  private readonly events: StageEvents;
  private overlay: TrackOverlay | undefined;
  private colours: { by: string; values: Uint8Array } | undefined;
  private state: ViewState | undefined;
  private isClosed = false;
  private selections: VivSelection[] = [];
  private camera: { x: number; y: number; zoom: number } | undefined;

  constructor(parent: HTMLElement, source: ImageSource, events: StageEvents) {
    this.source = source;
    this.levels = vivPixelSources(source, (error) => events.onError(error));
    this.events = events;
    const { width, height } = source.levels[0]!;
    this.deck = new Deck<OrthographicView>({
      parent: parent as HTMLDivElement,
      views: new OrthographicView({ id: 'film', flipY: true }),
      controller: { doubleClickZoom: false, inertia: 200 },
      style: { position: 'absolute', inset: '0' } as unknown as Partial<CSSStyleDeclaration>,
      layers: [],
      getCursor: ({ isDragging }) => (isDragging ? 'grabbing' : 'crosshair'),
      onViewStateChange: ({ viewState }) => {
        const target = viewState.target as [number, number];
        const zoom = 2 ** (viewState.zoom as number);
        this.camera = { x: target[0], y: target[1], zoom };
        this.events.onCamera(this.camera);
        this.deck.setProps({ viewState: { film: viewState } as never });
      },
      onHover: ({ coordinate }) => {
        const [x, y] = (coordinate ?? [-1, -1]) as [number, number];
        this.events.onPointer(x >= -0.5 && y >= -0.5 && x < width - 0.5 && y < height - 0.5 ? { x, y } : undefined);
      },
      onError: (error) => this.events.onError(error),
      onResize: () => {
        if (this.state && !this.state.camera) this.goTo(this.fitted());
      },
    });
    this.listenForClicks(parent);
  }

  /** Lays tracks over the film, or takes them away. */
  setOverlay(overlay: TrackOverlay | undefined): void {
    this.overlay = overlay;
    this.colours = undefined;
    this.draw();
  }

  /** Shows a state. A camera in it is gone to; without one the image is fitted. */
  show(state: ViewState): void {
    const isNewCamera =
      state.camera &&
      (state.camera.x !== this.camera?.x ||
        state.camera.y !== this.camera?.y ||
        state.camera.zoom !== this.camera?.zoom);
    this.state = state;
    if (isNewCamera || !this.camera) this.goTo(state.camera ?? this.fitted());
    this.draw();
  }

  /** Moves the camera. */
  goTo(camera: { x: number; y: number; zoom: number }): void {
    this.camera = camera;
    this.deck.setProps({
      viewState: {
        film: { target: [camera.x, camera.y, 0], zoom: Math.log2(camera.zoom), minZoom: -8, maxZoom: 6 },
      } as never,
    });
  }

  /** The camera that shows the whole image with a small margin. */
  fitted(): { x: number; y: number; zoom: number } {
    const { width, height } = this.source.levels[0]!;
    const parent = this.deck.getCanvas()?.parentElement ?? (this.deck.props.parent as HTMLElement);
    const zoom = Math.min((parent.clientWidth || 800) / width, (parent.clientHeight || 600) / height) * 0.96;
    return { x: width / 2 - 0.5, y: height / 2 - 0.5, zoom };
  }

  /** The drawn picture as a PNG data URL. */
  picture(): string {
    this.deck.redraw('picture');
    return this.deck.getCanvas()!.toDataURL('image/png');
  }

  /** Frees the graphics memory. */
  close(): void {
    this.isClosed = true;
    this.deck.finalize();
  }

  /**
   * Selects what is clicked. Not by deck.gl's click, which is lost when the thread is busy for longer than a tap lasts: the
   * first one after opening, or on a slow machine.
   */
  private listenForClicks(parent: HTMLElement): void {
    let down = { x: 0, y: 0 };
    parent.addEventListener('pointerdown', (event) => (down = { x: event.clientX, y: event.clientY }));
    parent.addEventListener('click', (event) => {
      if (this.isClosed || Math.hypot(event.clientX - down.x, event.clientY - down.y) > dragStart) return;
      const box = parent.getBoundingClientRect();
      this.click({ x: event.clientX - box.left, y: event.clientY - box.top });
    });
  }

  private click(at: { x: number; y: number }): void {
    const canvas = this.deck.getCanvas();
    if (!this.overlay || !this.state || !this.camera || !canvas) return this.events.onSelect(undefined);
    const { x, y, zoom } = this.camera;
    const row = nearestObject(
      this.overlay,
      this.state.t,
      x + (at.x - canvas.clientWidth / 2) / zoom,
      y + (at.y - canvas.clientHeight / 2) / zoom,
      clickReach / zoom,
    );
    this.events.onSelect(row < 0 ? undefined : this.overlay.set.objects.id[row]!);
  }

  private draw(): void {
    const state = this.state;
    if (!state) return;
    const layers: Layer[] = [this.imageLayer(state)];
    if (this.overlay && state.overlay.isVisible) layers.push(...this.overlayLayers(this.overlay, state));
    this.deck.setProps({ layers });
  }

  private imageLayer(state: ViewState): Layer {
    const channels = state.channels.slice(0, mostChannels);
    const { t, z } = state;
    // The same array as long as it says the same: Viv reads the planes anew whenever it is another.
    if (this.selections.length !== channels.length || this.selections.some((one) => one.t !== t || one.z !== z))
      this.selections = channels.map((_, c) => ({ t, c, z }));
    const shared = {
      selections: this.selections,
      contrastLimits: channels.map((channel) => [channel.window[0], channel.window[1]]),
      colors: channels.map((channel) => [...channel.colour]),
      channelsVisible: channels.map((channel) => channel.isVisible),
      // Pixel centres lie on whole numbers in our coordinates, pixel corners in Viv's.
      modelMatrix: [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, -0.5, -0.5, 0, 1],
    };
    type LayerClass = new (props: Record<string, unknown>) => Layer;
    if (isDrawnWhole(this.source))
      return new (ImageLayer as unknown as LayerClass)({ id: 'image', loader: this.levels[0], ...shared });
    return new (MultiscaleImageLayer as unknown as LayerClass)({
      id: 'image',
      loader: this.levels,
      excludeBackground: false,
      ...shared,
    });
  }

  private overlayLayers(overlay: TrackOverlay, state: ViewState): Layer[] {
    const by = state.overlay.colourBy;
    if (this.colours?.by !== by) this.colours = { by, values: objectColours(overlay, by).colours };
    const slices: [number, number] =
      state.overlay.onlyNearSlice && !overlay.isPlanar ? [state.z - 1, state.z + 1] : [-1e9, 1e9];
    const from = state.overlay.tailFrames < 0 ? -1e9 : state.t - state.overlay.tailFrames;
    const selected = state.selected === undefined ? -1 : overlay.set.objects.id.indexOf(state.selected);
    const layers = [
      this.tails(overlay, [from + 0.5, state.t + 0.25], slices, 4.5, [10, 12, 14, 150]),
      this.tails(overlay, [from + 0.5, state.t + 0.25], slices, 2),
      this.dots(overlay, [state.t - 0.25, state.t + 0.25], slices),
    ];
    if (selected >= 0 && overlay.frame[selected] === state.t) layers.push(this.ring(overlay, selected));
    return layers;
  }

  private tails(
    overlay: TrackOverlay,
    frames: [number, number],
    slices: [number, number],
    width: number,
    casing?: [number, number, number, number],
  ): Layer {
    const { edgeCount, edgeSource, edgeTarget, positions } = overlay;
    const ends = this.edgeAttributes(overlay);
    const colours = this.colours!.values;
    return new LineLayer({
      id: casing ? 'tails-casing' : 'tails',
      data: {
        length: edgeCount,
        attributes: {
          getSourcePosition: { value: ends.source, size: 2 },
          getTargetPosition: { value: ends.target, size: 2 },
          getFilterValue: { value: ends.filter, size: 2 },
        },
      },
      getColor:
        casing ??
        ((_: unknown, { index }: { index: number }) =>
          [
            colours[edgeTarget[index]! * 3]!,
            colours[edgeTarget[index]! * 3 + 1]!,
            colours[edgeTarget[index]! * 3 + 2]!,
            235,
          ] as [number, number, number, number]),
      getWidth: width,
      widthUnits: 'pixels',
      updateTriggers: { getColor: [this.colours!.by, edgeSource.length, positions.length] },
      extensions: [new DataFilterExtension({ filterSize: 2 })],
      filterRange: [frames, slices],
      parameters: { depthCompare: 'always' },
    } as never);
  }

  private ends: { overlay: TrackOverlay; source: Float32Array; target: Float32Array; filter: Float32Array } | undefined;

  private edgeAttributes(overlay: TrackOverlay): { source: Float32Array; target: Float32Array; filter: Float32Array } {
    if (this.ends?.overlay === overlay) return this.ends;
    const source = new Float32Array(overlay.edgeCount * 2);
    const target = new Float32Array(overlay.edgeCount * 2);
    const filter = new Float32Array(overlay.edgeCount * 2);
    for (let edge = 0; edge < overlay.edgeCount; edge++) {
      const [a, b] = [overlay.edgeSource[edge]!, overlay.edgeTarget[edge]!];
      source.set(overlay.positions.subarray(a * 2, a * 2 + 2), edge * 2);
      target.set(overlay.positions.subarray(b * 2, b * 2 + 2), edge * 2);
      filter[edge * 2] = overlay.frame[b]!;
      filter[edge * 2 + 1] = overlay.slice[b]!;
    }
    this.ends = { overlay, source, target, filter };
    return this.ends;
  }

  private dotFilter: { overlay: TrackOverlay; values: Float32Array } | undefined;

  private dots(overlay: TrackOverlay, frames: [number, number], slices: [number, number]): Layer {
    if (this.dotFilter?.overlay !== overlay) {
      const values = new Float32Array(overlay.count * 2);
      for (let row = 0; row < overlay.count; row++) {
        values[row * 2] = overlay.frame[row]!;
        values[row * 2 + 1] = overlay.slice[row]!;
      }
      this.dotFilter = { overlay, values };
    }
    return new ScatterplotLayer({
      id: 'objects',
      data: {
        length: overlay.count,
        attributes: {
          getPosition: { value: overlay.positions, size: 2 },
          getRadius: { value: overlay.radius, size: 1 },
          getLineColor: { value: this.colours!.values, size: 3, normalized: true },
          getFilterValue: { value: this.dotFilter.values, size: 2 },
        },
      },
      stroked: true,
      filled: false,
      radiusUnits: 'common',
      radiusMinPixels: 4,
      lineWidthUnits: 'pixels',
      getLineWidth: 2,
      extensions: [new DataFilterExtension({ filterSize: 2 })],
      filterRange: [frames, slices],
      parameters: { depthCompare: 'always' },
    } as never);
  }

  private ring(overlay: TrackOverlay, row: number): Layer {
    return new ScatterplotLayer({
      id: 'selected',
      data: [row],
      getPosition: () => [overlay.positions[row * 2]!, overlay.positions[row * 2 + 1]!],
      getRadius: () => overlay.radius[row]! * 1.25,
      stroked: true,
      filled: false,
      radiusUnits: 'common',
      radiusMinPixels: 9,
      lineWidthUnits: 'pixels',
      getLineWidth: 3,
      getLineColor: selectionColour,
      updateTriggers: { getPosition: row, getRadius: row },
      parameters: { depthCompare: 'always' },
    } as never);
  }
}
