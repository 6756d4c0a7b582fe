import { Deck, type Layer, OrthographicView } from '@deck.gl/core';
import { FilmImage } from './film-image.ts';
import { LabelLayers } from './label-layers.ts';
import { begunLayers, markLayers } from './mark-layers.ts';
import type { ImagePoint, Mark } from './marks.ts';
import { regionLayers } from './region-layers.ts';
import type { DrawnRegion } from './regions.ts';
import type { ImageSource, LabelSource } from './sources.ts';
import type { StageEvents } from './stage-events.ts';
import { listenForHand } from './stage-hand.ts';
import { TrackLayers } from './track-layers.ts';
import { nearestObject, type TrackOverlay } from './track-overlay.ts';
import type { StageTool } from './view-layout.ts';
import type { ViewState } from './view-state.ts';

/** What deck.gl keeps for itself: layers that are handed over wait for its next frame, and say so nowhere else. */
interface DeckParts {
  layerManager: { needsUpdate(): unknown; updateLayers(): void } | null;
}

/** Screen pixels around the pointer in which a click still finds an object. */
const clickReach = 14;
/** Least and most screen pixels per image pixel. */
const zoomLimits = [2 ** -8, 2 ** 6] as const;
/** Frames without news after which everything is drawn. */
const settledFrames = 3;
/** Keys are the page's: deck.gl would move the film by the arrows that step through time. */
const controllerFor = (tool: StageTool) => ({
  doubleClickZoom: false,
  inertia: 200,
  keyboard: false,
  dragPan: tool !== 'line',
});

/**
 * The stage: image channels by Viv, tracks by deck.gl layers above them, in one WebGL2 canvas. All of what is shown
 * comes from the state; the stage keeps only the camera while a hand moves it.
 */
export class FilmStage {
  private readonly deck: Deck<OrthographicView>;
  private readonly source: ImageSource;
  private readonly image: FilmImage;
  private readonly tracks = new TrackLayers();
  private readonly labels: LabelLayers;
  private readonly events: StageEvents;
  private overlay: TrackOverlay | undefined;
  private regions: readonly DrawnRegion[] = [];
  private tool: StageTool = 'move';
  private state: ViewState | undefined;
  private isClosed = false;
  /** A mark that is being made, and where the hand is. */
  private begun: Mark | undefined;
  private hand: ImagePoint | undefined;
  private camera: { x: number; y: number; zoom: number } | undefined;

  constructor(parent: HTMLElement, source: ImageSource, events: StageEvents) {
    this.source = source;
    this.image = new FilmImage(
      source,
      (error) => events.onError(error),
      // Told while deck.gl updates its layers: it would forget others that are handed over meanwhile.
      () => queueMicrotask(() => this.draw()),
      () => events.onPicture?.(),
    );
    this.events = events;
    this.labels = new LabelLayers(
      (error) => events.onError(error),
      () => this.draw(),
    );
    const { width, height } = source.levels[0]!;
    this.deck = new Deck<OrthographicView>({
      parent: parent as HTMLDivElement,
      views: new OrthographicView({ id: 'film', flipY: true }),
      controller: controllerFor('move'),
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
        if (this.state && !this.state.camera) this.fit();
      },
    });
    listenForHand(parent, {
      tool: () => (this.isClosed ? undefined : this.tool),
      placeOf: (at) => this.imagePlace(at),
      onMove: (point) => {
        this.hand = point;
        if (this.begun) this.draw();
      },
      onLine: (line, isDone) => events.onLine?.(line, isDone),
      onPoint: (point, isLast) => this.point(point, isLast),
    });
  }

  /** Lays tracks over the film, or takes them away. */
  setOverlay(overlay: TrackOverlay | undefined): void {
    this.overlay = overlay;
    this.tracks.setOverlay(overlay);
    this.draw();
  }

  /** Lights objects of the overlay: 1 for each row that is lit. Another overlay has none lit. */
  setLit(rows: Uint8Array | undefined): void {
    this.tracks.setLit(rows);
    this.draw();
  }

  /** The label masks a view can name. */
  setLabels(labels: readonly LabelSource[]): void {
    this.labels.setLabels(labels);
    this.draw();
  }

  /** A mark that is being made, which is shown up to the hand. */
  setBegun(mark: Mark | undefined): void {
    this.begun = mark;
    this.draw();
  }

  /** Regions that somebody drew in the image. */
  setRegions(regions: readonly DrawnRegion[]): void {
    this.regions = regions;
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
    if (isNewCamera) this.goTo(state.camera!);
    else if (!this.camera) this.fit();
    const { planes } = this.image;
    this.draw();
    // Another plane is asked for at once, not in the next frame: where it was read ahead, that frame draws it.
    if (this.image.planes !== planes) this.layerManager?.updateLayers();
  }

  /** Moves the camera. */
  goTo(camera: { x: number; y: number; zoom: number }): void {
    this.camera = camera;
    this.deck.setProps({
      viewState: {
        film: {
          target: [camera.x, camera.y, 0],
          zoom: Math.log2(camera.zoom),
          minZoom: Math.log2(zoomLimits[0]),
          maxZoom: Math.log2(zoomLimits[1]),
        },
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

  /** Screen pixels per image pixel, now. */
  get zoom(): number {
    return this.camera?.zoom ?? this.fitted().zoom;
  }

  /** What a hand does on the stage from now on. */
  setTool(tool: StageTool): void {
    this.tool = tool;
    this.deck.setProps({ controller: controllerFor(tool) });
  }

  /** Reads what is needed to show states that will be wanted next, the first one first. */
  readAhead(...states: ViewState[]): void {
    if (!this.isClosed) this.image.readAhead(states);
  }

  /** Is something on its way that belongs to the shown state? */
  get isReading(): boolean {
    return !this.image.isSettled || !this.labels.isSettled;
  }

  /** The drawn picture, to be copied at once: the canvas is drawn anew with the next frame. */
  drawnCanvas(): HTMLCanvasElement {
    this.deck.redraw('picture');
    return this.deck.getCanvas()!;
  }

  /** Are all pixels of the shown state drawn (or could not be read)? */
  get isSettled(): boolean {
    // Until the graphics are ready nothing is drawn.
    if (!this.layerManager) return this.isClosed;
    return !this.isReading && !this.layerManager.needsUpdate() && !this.deck.needsRedraw({ clearRedrawFlags: false });
  }

  /** Waits until the shown state is drawn. @throws what the signal was stopped with */
  async whenDrawn(signal?: AbortSignal): Promise<void> {
    // Pixels that have come are made into layers with the next frame and drawn with the one after it.
    for (let quiet = 0; quiet < settledFrames && !this.isClosed; ) {
      await new Promise((resolve) => requestAnimationFrame(resolve));
      signal?.throwIfAborted();
      quiet = this.isSettled ? quiet + 1 : 0;
    }
  }

  /**
   * Value of every drawn channel in the pixel at a position; of the projection where one is shown.
   * @returns `undefined` for channels that could not be read
   */
  async valuesAt(position: { x: number; y: number }, signal: AbortSignal): Promise<(number | undefined)[]> {
    if (!this.state) return [];
    return this.image.valuesAt(Math.round(position.x), Math.round(position.y), this.state, signal);
  }

  /** Planes of a state to count brightnesses in, one a drawn channel; `undefined` where one could not be read. */
  planesOf(state: ViewState, signal: AbortSignal): Promise<({ data: ArrayLike<number> } | undefined)[]> {
    return this.image.planesOf(state, signal);
  }

  /** Zooms about the middle of the stage. @param zoom screen pixels per image pixel */
  zoomTo(zoom: number): void {
    const { x, y } = this.camera ?? this.fitted();
    this.goTo({ x, y, zoom: Math.min(zoomLimits[1], Math.max(zoomLimits[0], zoom)) });
    this.events.onCamera(this.camera!);
  }

  /** What is in the middle of the stage, and screen pixels per image pixel. */
  get cameraNow(): { x: number; y: number; zoom: number } {
    return this.camera ?? this.fitted();
  }

  /** Moves the film under the middle of the stage, in screen pixels. */
  moveBy(right: number, down: number): void {
    const { x, y, zoom } = this.cameraNow;
    this.goTo({ x: x + right / zoom, y: y + down / zoom, zoom });
    this.hand = this.cameraNow;
    this.events.onCamera(this.camera!);
    if (this.begun) this.draw();
  }

  /** Does with the tool at a place of the image what a click there does. */
  point(at: ImagePoint, isLast = false): void {
    if (this.tool === 'place') this.events.onPlace?.(at);
    else if (this.tool === 'move') this.click(at);
    else if (this.tool !== 'line') this.events.onMarkPoint?.(at, isLast);
  }

  /** Is a place of the image on the stage? */
  isInView({ x, y }: ImagePoint): boolean {
    const canvas = this.deck.getCanvas();
    const { x: middleX, y: middleY, zoom } = this.cameraNow;
    const [width, height] = [canvas?.clientWidth ?? 0, canvas?.clientHeight ?? 0];
    return Math.abs(x - middleX) * zoom < width / 2 && Math.abs(y - middleY) * zoom < height / 2;
  }

  /** Frees the graphics memory. */
  close(): void {
    this.isClosed = true;
    this.deck.finalize();
    this.image.close();
  }

  private get layerManager(): DeckParts['layerManager'] {
    return (this.deck as unknown as DeckParts).layerManager;
  }

  /** The place in the image under a point of the stage. */
  private imagePlace(at: { x: number; y: number }): { x: number; y: number } {
    const canvas = this.deck.getCanvas();
    const { x, y, zoom } = this.camera ?? this.fitted();
    return {
      x: x + (at.x - (canvas?.clientWidth ?? 0) / 2) / zoom,
      y: y + (at.y - (canvas?.clientHeight ?? 0) / 2) / zoom,
    };
  }

  /** Shows the whole image, and says how large. */
  private fit(): void {
    const camera = this.fitted();
    this.goTo(camera);
    this.events.onFit?.(camera.zoom);
  }

  private click({ x, y }: { x: number; y: number }): void {
    if (!this.overlay || !this.state) return this.events.onSelect(undefined);
    const row = nearestObject(this.overlay, this.state.t, x, y, clickReach / this.zoom, this.tracks.maskOf(this.state));
    this.events.onSelect(row < 0 ? undefined : this.overlay.set.objects.id[row]!);
  }

  private draw(): void {
    const { state } = this;
    if (!state || this.isClosed) return;
    const layers: Layer[] = [
      ...this.image.layers(state),
      ...this.labels.layers(state),
      ...regionLayers(this.regions, state),
      ...this.tracks.layers(state),
      ...markLayers(state, this.source),
      ...(this.begun ? begunLayers(this.begun, this.hand) : []),
    ];
    this.deck.setProps({ layers });
  }
}
