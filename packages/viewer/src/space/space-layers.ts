import type { Layer } from '@deck.gl/core';
import { LineLayer, PathLayer, ScatterplotLayer, TextLayer } from '@deck.gl/layers';
import { SimpleMeshLayer } from '@deck.gl/mesh-layers';
import type { AxesBox } from './axes-box.ts';
import type { SpaceFrame } from './space-frame.ts';
import { toWorld } from './space-world.ts';
import { SphereLayer } from './sphere-layer.ts';
import type { Trails } from './trails.ts';
import { type FrameShapes, trianglesOf } from './vertex-slabs.ts';

/** How objects of a frame are drawn. */
export type DrawnForm = 'sphere' | 'circle' | 'point' | 'outline' | 'mesh';

/** What is drawn of one data set at one time. */
export interface SpaceScene {
  frame: SpaceFrame;
  form: DrawnForm;
  /** Red, green, blue of each object. */
  colours: Uint8Array;
  /** Radius of each object in the unit of the set. */
  radius: Float32Array;
  /** 0 for objects that are not drawn; left out = all are. */
  shown?: Uint8Array;
  shapes?: FrameShapes;
  trails?: Trails & { colours: Uint8Array };
  axes?: AxesBox;
  /** Places in the frame of the selected object, of those that belong to it, and of the one under the pointer. */
  selected?: number;
  related?: readonly number[];
  hovered?: number;
  /** Ends of the measured distance. */
  measured?: readonly [readonly number[], readonly number[]];
  /** Layers that lie under the objects: the image. */
  under?: readonly Layer[];
  /** Layers that lie among the objects and are seen through: a plane of the image. */
  over?: readonly Layer[];
}

const selection: [number, number, number] = [20, 216, 168];
const related: [number, number, number] = [20, 216, 168];
const hover: [number, number, number] = [255, 255, 255];
const onTop = { depthCompare: 'always' } as const;

/** Least size of an object on the screen, in pixels. */
const leastPixels = { sphere: 1.5, point: 4 };

/** Positions and colours of the objects that are drawn, packed; they are made anew only when the scene changes. */
function packed(
  scene: SpaceScene,
  positions: Float32Array,
): { position: Float32Array; colour: Uint8Array; radius: Float32Array } {
  const { shown, frame, colours, radius } = scene;
  const isDrawn = (at: number) => shown?.[at] !== 0 && Number.isFinite(positions[at * 3]!);
  let count = 0;
  for (let at = 0; at < frame.count; at++) if (isDrawn(at)) count++;
  if (count === frame.count) return { position: positions, colour: colours, radius };
  const made = {
    position: new Float32Array(count * 3),
    colour: new Uint8Array(count * 3),
    radius: new Float32Array(count),
  };
  let next = 0;
  for (let at = 0; at < frame.count; at++) {
    if (!isDrawn(at)) continue;
    for (let part = 0; part < 3; part++) {
      made.position[next * 3 + part] = positions[at * 3 + part]!;
      made.colour[next * 3 + part] = colours[at * 3 + part]!;
    }
    made.radius[next++] = radius[at]!;
  }
  return made;
}

/** The layers of a scene, undermost first. @param positions of its objects, as drawn */
export function spaceLayers(scene: SpaceScene, positions: Float32Array, origin: readonly number[]): Layer[] {
  const layers: Layer[] = [...(scene.under ?? [])];
  if (scene.axes) layers.push(...axesLayers(scene.axes, origin));
  if (scene.form === 'sphere' || scene.form === 'point') layers.push(ballLayer(scene, positions));
  else if (scene.form === 'circle') layers.push(circleLayer(scene, positions));
  else if (scene.shapes) layers.push(...shapeLayers(scene, scene.shapes, origin));
  if (scene.trails && scene.trails.count > 0) layers.push(trailLayer(scene.trails, origin));
  layers.push(...(scene.over ?? []), ...markLayers(scene, positions, origin));
  return layers;
}

function ballLayer(scene: SpaceScene, positions: Float32Array): Layer {
  const { position, colour, radius } = packed(scene, positions);
  const isPoint = scene.form === 'point';
  return new SphereLayer({
    id: `objects-${scene.form}`,
    data: {
      length: radius.length,
      attributes: {
        getPosition: { value: position, size: 3 },
        getFillColor: { value: colour, size: 3, normalized: true },
        ...(isPoint ? {} : { getRadius: { value: radius, size: 1 } }),
      },
    },
    ...(isPoint ? { getRadius: leastPixels.point } : {}),
    radiusUnits: isPoint ? 'pixels' : 'common',
    radiusMinPixels: leastPixels[isPoint ? 'point' : 'sphere'],
    billboard: true,
    antialiasing: false,
    stroked: false,
    filled: true,
  } as never);
}

/** Circles that lie in the plane of x and y. */
function circleLayer(scene: SpaceScene, positions: Float32Array): Layer {
  const { position, colour, radius } = packed(scene, positions);
  return new ScatterplotLayer({
    id: 'objects-circle',
    data: {
      length: radius.length,
      attributes: {
        getPosition: { value: position, size: 3 },
        getLineColor: { value: colour, size: 3, normalized: true },
        getRadius: { value: radius, size: 1 },
      },
    },
    radiusUnits: 'common',
    radiusMinPixels: leastPixels.point,
    stroked: true,
    filled: false,
    getLineWidth: 2,
    lineWidthUnits: 'pixels',
  } as never);
}

function trailLayer(trails: Trails & { colours: Uint8Array }, origin: readonly number[]): Layer {
  const { count, from, to, age, colours, shown } = trails;
  const rgba = new Uint8Array(count * 4);
  for (let at = 0; at < count; at++) {
    // What is clear stays where it is: packing millions of steps anew would take longer than drawing them.
    if (shown?.[at] === 0) continue;
    rgba.set(colours.subarray(at * 3, at * 3 + 3), at * 4);
    rgba[at * 4 + 3] = Math.round(230 - 170 * age[at]!);
  }
  return new LineLayer({
    id: 'trails',
    data: {
      length: count,
      attributes: {
        getSourcePosition: { value: toWorld(from, origin), size: 3 },
        getTargetPosition: { value: toWorld(to.xyz, origin), size: 3 },
        getColor: { value: rgba, size: 4, normalized: true },
      },
    },
    getWidth: 1.6,
    widthUnits: 'pixels',
    // Seen through in part, so nothing may be hidden by it.
    parameters: { depthWriteEnabled: false },
  } as never);
}

function shapeLayers(scene: SpaceScene, shapes: FrameShapes, origin: readonly number[]): Layer[] {
  const { colours, shown } = scene;
  const world = toWorld(shapes.xyz, origin);
  if (scene.form === 'mesh') return [meshLayer(shapes, world, colours, shown)];
  const parts = Array.from(shapes.owner, (owner, part) => ({ owner, part })).filter(
    ({ owner }) => shown?.[owner] !== 0,
  );
  return [
    new PathLayer<{ owner: number; part: number }>({
      id: 'outlines',
      data: parts,
      positionFormat: 'XYZ',
      getPath: ({ part }) => world.subarray(shapes.offsets[part]! * 3, shapes.offsets[part + 1]! * 3),
      getColor: ({ owner }) => [colours[owner * 3]!, colours[owner * 3 + 1]!, colours[owner * 3 + 2]!, 240],
      getWidth: 1.5,
      widthUnits: 'pixels',
      billboard: true,
      updateTriggers: { getPath: world, getColor: colours },
    }),
  ];
}

/** All faces of a frame as one mesh, each with the colour of its object and shaded by the way it faces. */
function meshLayer(
  shapes: FrameShapes,
  world: Float32Array,
  colours: Uint8Array,
  shown: Uint8Array | undefined,
): Layer {
  const { vertices, owner } = trianglesOf(shapes);
  const drawn = owner.reduce((sum, one) => sum + (shown?.[one] === 0 ? 0 : 1), 0);
  const positions = new Float32Array(drawn * 9);
  const normals = new Float32Array(drawn * 9);
  const tints = new Float32Array(drawn * 9);
  let next = 0;
  for (let triangle = 0; triangle < owner.length; triangle++) {
    const object = owner[triangle]!;
    if (shown?.[object] === 0) continue;
    for (let corner = 0; corner < 3; corner++) {
      const at = vertices[triangle * 3 + corner]! * 3;
      positions.set(world.subarray(at, at + 3), next * 9 + corner * 3);
      for (let part = 0; part < 3; part++) tints[next * 9 + corner * 3 + part] = colours[object * 3 + part]! / 255;
    }
    const normal = normalOf(positions.subarray(next * 9, next * 9 + 9));
    for (let corner = 0; corner < 3; corner++) normals.set(normal, next * 9 + corner * 3);
    next++;
  }
  return new SimpleMeshLayer({
    id: 'faces',
    data: [0],
    mesh: {
      attributes: {
        positions: { value: positions, size: 3 },
        normals: { value: normals, size: 3 },
        colors: { value: tints, size: 3 },
        texCoords: { value: new Float32Array(drawn * 6), size: 2 },
      },
    },
    getPosition: [0, 0, 0],
    getColor: [255, 255, 255],
    material: { ambient: 0.55, diffuse: 0.6, shininess: 12, specularColor: [40, 40, 40] },
    parameters: { cullMode: 'none' },
  } as never);
}

function normalOf(corners: Float32Array): [number, number, number] {
  const [ax, ay, az, bx, by, bz, cx, cy, cz] = corners as unknown as number[];
  const [ux, uy, uz] = [bx! - ax!, by! - ay!, bz! - az!];
  const [vx, vy, vz] = [cx! - ax!, cy! - ay!, cz! - az!];
  const normal: [number, number, number] = [uy * vz - uz * vy, uz * vx - ux * vz, ux * vy - uy * vx];
  const length = Math.hypot(...normal) || 1;
  return [normal[0] / length, normal[1] / length, normal[2] / length];
}

function axesLayers(axes: AxesBox, origin: readonly number[]): Layer[] {
  const world = (at: readonly number[]) => [...toWorld(at, origin)] as [number, number, number];
  return [
    new LineLayer<AxesBox['lines'][number]>({
      id: 'axes',
      data: axes.lines,
      getSourcePosition: ({ from }) => world(from),
      getTargetPosition: ({ to }) => world(to),
      getColor: ({ isGrid }) => (isGrid ? [255, 255, 255, 34] : [255, 255, 255, 96]),
      getWidth: 1,
      widthUnits: 'pixels',
      // Objects are drawn over the lines, also over those of the near walls: a line must not cut them.
      parameters: { depthWriteEnabled: false },
    }),
    new TextLayer<AxesBox['labels'][number]>({
      id: 'axis-labels',
      data: axes.labels,
      getPosition: ({ at }) => world(at),
      getText: ({ words }) => words,
      getSize: 12,
      getColor: [207, 213, 214, 255],
      characterSet: 'auto',
      fontFamily: 'Inter Variable, Inter, system-ui, sans-serif',
      parameters: onTop,
    }),
  ];
}

/** Rings around what is chosen or pointed at, and the measured line. */
function markLayers(scene: SpaceScene, positions: Float32Array, origin: readonly number[]): Layer[] {
  const layers: Layer[] = [];
  const ring = (id: string, places: readonly number[], colour: [number, number, number], width: number) =>
    new ScatterplotLayer<number>({
      id,
      data: places as number[],
      getPosition: (at) => [positions[at * 3]!, positions[at * 3 + 1]!, positions[at * 3 + 2]!],
      getRadius: (at) => scene.radius[at]! * 1.18,
      radiusUnits: 'common',
      radiusMinPixels: 8,
      billboard: true,
      stroked: true,
      filled: false,
      getLineColor: colour,
      getLineWidth: width,
      lineWidthUnits: 'pixels',
      updateTriggers: { getPosition: positions, getRadius: scene.radius },
      parameters: onTop,
    });
  const isThere = (at: number | undefined): at is number => at !== undefined && at >= 0 && at < scene.frame.count;
  const others = (scene.related ?? []).filter(isThere);
  if (others.length > 0) layers.push(ring('related', others, related, 1.5));
  if (isThere(scene.hovered)) layers.push(ring('hovered', [scene.hovered], hover, 2));
  if (isThere(scene.selected)) layers.push(ring('selected', [scene.selected], selection, 3));
  if (scene.measured) {
    const [from, to] = scene.measured.map((end) => [...toWorld(end, origin)] as [number, number, number]);
    layers.push(
      new LineLayer({
        id: 'measured',
        data: [0],
        getSourcePosition: () => from!,
        getTargetPosition: () => to!,
        getColor: [240, 228, 66],
        getWidth: 2,
        widthUnits: 'pixels',
        updateTriggers: { getSourcePosition: from, getTargetPosition: to },
        parameters: onTop,
      }),
    );
  }
  return layers;
}
