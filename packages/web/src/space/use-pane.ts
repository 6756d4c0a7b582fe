import {
  axesBox,
  drawnObjects,
  type DrawnForm,
  lineageOf,
  radiiOf,
  sizeRule,
  type SizeRule,
  type SpaceFrame,
  type SpaceScene,
  type SpaceState,
  spaceColours,
} from '@micrarium/viewer';
import { useMemo } from 'react';
import { shortUnit } from '../messages/units.ts';
import { writtenNumber } from '../messages/written.ts';
import type { SpaceSet } from './open-set.ts';
import {
  type Colouring,
  rangeOf,
  type SetGraph,
  useColouring,
  useFrame,
  useGraph,
  useShapes,
  useTrails,
  wantedFeatures,
} from './use-set.ts';

/** What one data set shows at a time, and what the panels tell of it. */
export interface Pane {
  set: SpaceSet;
  /** `undefined` until the first objects have come. */
  scene: SpaceScene | undefined;
  frame: SpaceFrame | undefined;
  colouring: Colouring | undefined;
  graph: SetGraph | null | undefined;
  isReadingGraph: boolean;
  error: Error | undefined;
  /** Is all that the view asks for here? */
  isReady: boolean;
  /** Places in the frame of the selected object and the one measured to, or of what they have become; -1 where they are not. */
  selected: number;
  measured: number;
}

/** How objects of a set are drawn: as asked for, where it has what that needs. */
export function formOf(set: SpaceSet, view: SpaceState): DrawnForm {
  const hasSize = view.sizeBy !== undefined || set.radius !== undefined;
  if (view.form === 'point') return 'point';
  if (view.form === 'sphere') return hasSize ? 'sphere' : 'point';
  if (set.vertices) return set.summary.entity === 'face' ? 'mesh' : 'outline';
  if (!hasSize) return 'point';
  return set.summary.entity === 'circle' ? 'circle' : 'sphere';
}

/**
 * Everything that one data set shows at a time.
 * @param hovered place in the frame of what the pointer is over
 * @param hoveredLife the life that is pointed at in the tree
 * @param beside the set it is compared with, and the colours that lead
 */
export function usePane(
  set: SpaceSet,
  view: SpaceState,
  hovered: number,
  hoveredLife: number | undefined,
  image: Pick<SpaceScene, 'under' | 'over'>,
  beside?: { set: SpaceSet; lead?: Colouring | undefined },
): Pane {
  const t = Math.min(set.frames[1], Math.max(set.frames[0], view.t));
  const features = useMemo(() => wantedFeatures(set, view), [set, view]);
  const read = useFrame(set, t, features);
  const wantsGraph = view.tail !== 0 || view.colourBy === 'lineage' || view.hasLineage || view.selected !== undefined;
  const graphRead = useGraph(set, wantsGraph);
  const graph = graphRead.value;
  const own = useColouring(set, view, graph, beside?.set);
  // Kinds have the colours they have in the set that leads.
  const lead = beside?.lead;
  const colouring = lead?.rule.by === 'kinds' && own?.rule.by === 'kinds' ? lead : own;
  const trails = useTrails(set, view, t, graph, colouring);
  const form = formOf(set, view);
  const shapes = useShapes(set, read.value, form === 'mesh' || form === 'outline');
  const frame = read.value;
  const sized = view.sizeBy ?? set.radius;
  const colours = useMemo(
    () => (frame && colouring ? spaceColours(colouring.rule, frame) : undefined),
    [frame, colouring],
  );
  const other = beside?.set;
  const sizes = useMemo(() => sizesOf(set, sized, other), [set, sized, other]);
  const radius = useMemo(
    () => (frame ? radiiOf(frame, sized, view.scale, sizes.rule) : undefined),
    [frame, sized, view.scale, sizes],
  );
  const shown = useMemo(
    () => (frame ? drawnObjects(frame, view.filters, view.clip) : undefined),
    [frame, view.filters, view.clip],
  );
  const axes = useMemo(
    () =>
      view.hasAxes
        ? axesBox(set.extent, shortUnit(set.summary.spaceUnit), (value) => writtenNumber(value, 4))
        : undefined,
    [set, view.hasAxes],
  );
  const followed = useMemo(
    () => ({
      selected: followedObject(frame, graph, view.selected),
      measured: followedObject(frame, graph, view.measured),
    }),
    [frame, graph, view.selected, view.measured],
  );
  const related = useMemo(() => {
    if (!frame || !graph) return undefined;
    const life = hoveredLife ?? lifeOfId(graph, view.selected);
    if (life === undefined) return undefined;
    const wanted = lineageOf(graph.lives.lives, life);
    const places: number[] = [];
    for (let at = 0; at < frame.count; at++)
      if (wanted.has(graph.lives.lifeOfObject[frame.rows[at]!]!)) places.push(at);
    return places;
  }, [frame, graph, hoveredLife, view.selected]);
  const scene = useMemo((): SpaceScene | undefined => {
    if (!frame || !colours || !radius) return undefined;
    const { selected, measured } = followed;
    const end = (at: number) => frame.xyz.subarray(at * 3, at * 3 + 3) as unknown as number[];
    const drawsShapes = form === 'mesh' || form === 'outline';
    return {
      frame,
      form,
      colours,
      radius,
      ...(shown ? { shown } : {}),
      ...(drawsShapes && shapes.value && shapes.frame === frame ? { shapes: shapes.value } : {}),
      ...(trails.value ? { trails: trails.value } : {}),
      ...image,
      ...(axes ? { axes } : {}),
      ...(selected >= 0 ? { selected } : {}),
      ...(related ? { related } : {}),
      ...(hovered >= 0 ? { hovered } : {}),
      ...(selected >= 0 && measured >= 0 ? { measured: [end(selected), end(measured)] as const } : {}),
    };
  }, [
    frame,
    colours,
    radius,
    form,
    shown,
    shapes.value,
    shapes.frame,
    trails.value,
    axes,
    followed,
    related,
    hovered,
    image,
  ]);
  return {
    set,
    scene,
    frame,
    colouring,
    graph,
    isReadingGraph: graphRead.isPending,
    error: read.error ?? graphRead.error ?? shapes.error ?? trails.error,
    isReady: scene !== undefined && frame?.frame === t && !trails.isPending && !graphRead.isPending,
    ...followed,
  };
}

/** Share of the longest side that the largest objects get where no radius is known. */
const usualShare = 1 / 60;

/** How a feature becomes radii, the same in sets that are seen beside each other; `largest` value and the `radius` it gets where it is no radius. */
export function sizesOf(
  set: SpaceSet,
  feature: string | undefined,
  beside?: SpaceSet,
): { rule: SizeRule; largest?: { value: number; radius: number } } {
  const isRadius = feature === undefined || feature === set.radius || /radius$/i.test(feature);
  const range = feature === undefined ? undefined : rangeOf(feature, [set, beside]);
  const known = set.radius === undefined ? undefined : rangeOf(set.radius, [set])?.[1];
  const longest = set.extent.reduce((most, [low, high]) => Math.max(most, high - low), 0);
  const radius = known !== undefined && known > 0 ? known : longest * usualShare;
  const rule = sizeRule(isRadius, range, radius);
  return { rule, ...(isRadius || !range ? {} : { largest: { value: range[1], radius } }) };
}

/** The life of an object. */
export function lifeOfId(graph: SetGraph, id: number | undefined): number | undefined {
  if (id === undefined) return undefined;
  const life = graph.lives.lifeOfObject[graph.graph.rowOf(id)];
  return life === undefined || life < 0 ? undefined : life;
}

/** What has become of an object in a frame: itself, or the one object there of the same life. */
function followedObject(
  frame: SpaceFrame | undefined,
  graph: SetGraph | null | undefined,
  id: number | undefined,
): number {
  if (!frame || id === undefined) return -1;
  const itself = frame.id.indexOf(id);
  if (itself >= 0 || !graph) return itself;
  const life = lifeOfId(graph, id) ?? -1;
  if (life < 0) return -1;
  for (let at = 0; at < frame.count; at++) if (graph.lives.lifeOfObject[frame.rows[at]!] === life) return at;
  return -1;
}
