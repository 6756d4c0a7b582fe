import { Deck, OrbitView, type OrbitViewState, type Viewport } from '@deck.gl/core';
import { nameMargin, type SpaceExtent } from './axes-box.ts';
import { objectAt } from './picking.ts';
import { type SpaceScene, spaceLayers } from './space-layers.ts';
import type { SpaceCamera } from './space-state.ts';
import { toWorld } from './space-world.ts';
import { trianglesOf } from './vertex-slabs.ts';

/** What the stage tells its page. */
export interface SpaceStageEvents {
  onCamera(camera: SpaceCamera): void;
  /** An object was clicked, by its place in the frame, or nothing (-1). @param isSecond with the shift key: measure to it */
  onPick(at: number, isSecond: boolean): void;
  /** What the pointer is over, by its place in the frame; -1 for nothing. */
  onHover(at: number): void;
  /** The stage has another size; where everything fits, it fits again. */
  onResize(): void;
  onError(error: Error): void;
}

/** Pixels around the middle of a small object in which it is found. */
const reach = 8;
/** Pixels a pointer moves before a click is a drag. */
const dragStart = 5;
/** Quiet frames after which everything is drawn. */
const settledFrames = 3;

/** The stage of the 4D viewer: one data set in space, seen by a camera that turns around it. */
export class SpaceStage {
  /** Of what is drawn, in the coordinates of the set. */
  readonly origin: readonly [number, number, number];
  private readonly deck: Deck<OrbitView>;
  private readonly extent: SpaceExtent;
  private readonly parent: HTMLElement;
  private readonly events: SpaceStageEvents;
  private camera: SpaceCamera | undefined;
  private isPerspective = false;
  private scene: SpaceScene | undefined;
  private positions: Float32Array = new Float32Array(0);
  private isClosed = false;

  constructor(parent: HTMLElement, extent: SpaceExtent, events: SpaceStageEvents) {
    this.parent = parent;
    this.extent = extent;
    this.events = events;
    this.origin = extent.map(([low, high]) => (low + high) / 2) as unknown as [number, number, number];
    this.deck = new Deck<OrbitView>({
      parent: parent as HTMLDivElement,
      views: this.view(),
      controller: { doubleClickZoom: false, inertia: 150 },
      style: { position: 'absolute', inset: '0' } as unknown as Partial<CSSStyleDeclaration>,
      layers: [],
      getCursor: ({ isDragging }) => (isDragging ? 'grabbing' : 'grab'),
      onViewStateChange: ({ viewState }) => {
        this.goTo(this.cameraOf(viewState as unknown as OrbitViewState));
        this.events.onCamera(this.camera!);
      },
      onError: (error) => events.onError(error),
      onResize: () => {
        if (!this.camera) this.goTo(this.fitted(), true);
        events.onResize();
      },
    });
    this.listen();
  }

  /** Shows a scene. A camera in it is gone to; without one everything fits. */
  show(scene: SpaceScene, camera: SpaceCamera | undefined, isPerspective: boolean): void {
    if (this.isClosed) return;
    if (scene.frame !== this.scene?.frame) this.positions = toWorld(scene.frame.xyz, this.origin);
    this.scene = scene;
    if (isPerspective !== this.isPerspective) {
      this.isPerspective = isPerspective;
      this.deck.setProps({ views: this.view() });
    }
    this.goTo(camera ?? this.fitted(), camera === undefined);
    this.deck.setProps({ layers: spaceLayers(scene, this.positions, this.origin) });
  }

  /** Moves the camera. @param isFitted it is not the reader's choice: it fits again when the stage changes its size */
  goTo(camera: SpaceCamera, isFitted = false): void {
    this.camera = isFitted ? undefined : camera;
    const [x, y, z] = this.origin;
    this.deck.setProps({
      viewState: {
        space: {
          target: [camera.x - x, y - camera.y, z - camera.z],
          zoom: Math.log2(camera.zoom),
          rotationOrbit: camera.turn,
          rotationX: camera.tilt,
          minZoom: Math.log2(this.fitted().zoom) - 6,
          maxZoom: Math.log2(this.fitted().zoom) + 14,
        },
      } as never,
    });
  }

  /** The camera from which everything is seen: straight from above for planar sets, else a little from the side. */
  fitted(): SpaceCamera {
    const [x, y, z] = this.origin;
    const sides = this.extent.map(([low, high]) => high - low);
    const [width, height] = [this.parent.clientWidth || 800, this.parent.clientHeight || 600];
    const isFlat = sides[2] === 0;
    const room = 0.86;
    // What is written at the box stands beside it and below.
    const beside = Math.max(...sides) * nameMargin;
    const zoom = isFlat
      ? Math.min(width / (sides[0]! + 2 * beside || 1), (height - 24) / (sides[1]! + 2 * beside || 1))
      : (Math.min(width, height * 1.08) / (Math.hypot(...sides) || 1)) * room;
    return { x, y, z, zoom, turn: isFlat ? 0 : -24, tilt: isFlat ? 90 : 38 };
  }

  /** The camera now. */
  get cameraNow(): SpaceCamera {
    return this.camera ?? this.fitted();
  }

  /** The drawn picture, to be copied at once: the canvas is drawn anew with the next frame. */
  drawnCanvas(): HTMLCanvasElement {
    this.deck.redraw('picture');
    return this.deck.getCanvas()!;
  }

  /** Waits until the shown scene is drawn. @throws what the signal was stopped with */
  async whenDrawn(signal?: AbortSignal): Promise<void> {
    for (let quiet = 0; quiet < settledFrames && !this.isClosed; ) {
      await new Promise((resolve) => requestAnimationFrame(resolve));
      signal?.throwIfAborted();
      quiet = this.deck.needsRedraw({ clearRedrawFlags: false }) ? 0 : quiet + 1;
    }
  }

  /** Where an object of the frame is seen, in pixels of the stage; `undefined` behind the eye, or before the first drawing. */
  placeOf(at: number): { x: number; y: number } | undefined {
    const viewport = this.viewport();
    if (!viewport || at < 0 || at * 3 >= this.positions.length) return undefined;
    const [x, y] = viewport.project([...this.positions.subarray(at * 3, at * 3 + 3)]);
    return { x: x!, y: y! };
  }

  /** Frees the graphics memory. */
  close(): void {
    this.isClosed = true;
    this.deck.finalize();
  }

  private view(): OrbitView {
    return new OrbitView({
      id: 'space',
      orbitAxis: 'Z',
      orthographic: !this.isPerspective,
      fovy: 35,
      near: 0.02,
      far: 100,
      // What is drawn on a transparent ground is dimmed by the browser.
      clear: true,
      clearColor: [5, 7, 8, 255],
    } as ConstructorParameters<typeof OrbitView>[0]);
  }

  private viewport(): Viewport | undefined {
    return this.deck.isInitialized ? this.deck.getViewports()[0] : undefined;
  }

  private cameraOf({ target, zoom, rotationOrbit = 0, rotationX = 0 }: OrbitViewState): SpaceCamera {
    const [x, y, z] = this.origin;
    return {
      x: target[0] + x,
      y: y - target[1],
      z: z - target[2],
      zoom: 2 ** zoom,
      turn: rotationOrbit,
      tilt: rotationX,
    };
  }

  /** The object under a point of the page; -1 for none. */
  private under(event: MouseEvent): number {
    const viewport = this.viewport();
    const { scene } = this;
    if (!viewport || !scene) return -1;
    const box = this.parent.getBoundingClientRect();
    const [x, y] = [event.clientX - box.left, event.clientY - box.top];
    const { focalDistance, scale, pixelProjectionMatrix } = viewport;
    const found = objectAt(
      {
        count: scene.frame.count,
        positions: this.positions,
        radius: scene.form === 'point' ? [] : scene.radius,
        shown: scene.shown,
        matrix: pixelProjectionMatrix,
        pixelsPerUnit: scale * (this.isPerspective ? focalDistance : 1),
        reach,
      },
      x,
      y,
    );
    return found < 0 && scene.shapes ? this.faceUnder(scene, viewport, x, y) : found;
  }

  /** The object whose face lies under a point, the nearest of several; -1 for none. */
  private faceUnder(scene: SpaceScene, viewport: Viewport, x: number, y: number): number {
    const { vertices, owner } = trianglesOf(scene.shapes!);
    const world = toWorld(scene.shapes!.xyz, this.origin);
    let [best, nearest] = [-1, Number.POSITIVE_INFINITY];
    for (let triangle = 0; triangle < owner.length; triangle++) {
      if (scene.shown?.[owner[triangle]!] === 0) continue;
      const corners = [0, 1, 2].map((corner) => {
        const at = vertices[triangle * 3 + corner]! * 3;
        return viewport.project([world[at]!, world[at + 1]!, world[at + 2]!]) as [number, number, number];
      });
      const depth = Math.min(...corners.map((corner) => corner[2]));
      if (depth < nearest && isInside(corners, x, y)) [best, nearest] = [owner[triangle]!, depth];
    }
    return best;
  }

  private listen(): void {
    const { parent, events } = this;
    let down = { x: 0, y: 0 };
    let over: MouseEvent | undefined;
    let last = -1;
    parent.addEventListener('pointerdown', (event) => {
      down = { x: event.clientX, y: event.clientY };
    });
    parent.addEventListener('click', (event) => {
      if (this.isClosed || Math.hypot(event.clientX - down.x, event.clientY - down.y) > dragStart) return;
      events.onPick(this.under(event), event.shiftKey);
    });
    const hovered = (at: number) => {
      if (at === last) return;
      last = at;
      events.onHover(at);
    };
    parent.addEventListener('pointermove', (event) => {
      if (event.buttons !== 0) return;
      const isWaiting = over !== undefined;
      over = event;
      if (isWaiting) return;
      requestAnimationFrame(() => {
        if (over && !this.isClosed && over.buttons === 0) hovered(this.under(over));
        over = undefined;
      });
    });
    parent.addEventListener('pointerleave', () => hovered(-1));
  }
}

function isInside([a, b, c]: readonly (readonly number[])[], x: number, y: number): boolean {
  const side = (p: readonly number[], q: readonly number[]) =>
    (q[0]! - p[0]!) * (y - p[1]!) - (q[1]! - p[1]!) * (x - p[0]!);
  const [ab, bc, ca] = [side(a!, b!), side(b!, c!), side(c!, a!)];
  return (ab >= 0 && bc >= 0 && ca >= 0) || (ab <= 0 && bc <= 0 && ca <= 0);
}
