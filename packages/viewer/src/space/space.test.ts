import {
  type ByteSource,
  memorySink,
  memorySource,
  openParquet,
  trackSetReader,
  writeByTime,
  writeTrackTables,
} from '@micrarium/formats';
import type { CoordinateMapping, TrackSet } from '@micrarium/model';
import { beforeAll, describe, expect, it } from 'vitest';
import type { ImageSource } from '../sources.ts';
import { axesBox, drawnExtent, roundStep } from './axes-box.ts';
import {
  indicesInBox,
  paintedPlane,
  partInBox,
  placeOfPixel,
  planeCorners,
  sliceOf,
  volumeClip,
  volumeMatrix,
} from './image-place.ts';
import { branchAt, layoutLineage } from './lineage-layout.ts';
import { linkedCamera, linkedFrame, type LinkedSet } from './linked-space.ts';
import { objectAt } from './picking.ts';
import { askedSpans, idsAreRows, isStoredByTime, joinedSpans } from './slab-plan.ts';
import { groupColour, noColour, spaceColours } from './space-colours.ts';
import { ObjectSlabs } from './space-frame.ts';
import { descendants, edgesEndingIn, lineageGroups, lineageOf, livesOf, readGraph, spaceGraph } from './space-graph.ts';
import { toWorld, worldMatrix } from './space-world.ts';
import { drawnObjects, radiiOf, sizeRule } from './space-mask.ts';
import { firstSpaceState, type SpaceState, spaceStateFromParams, spaceStateToParams } from './space-state.ts';
import { drawnSteps, readTrails, trailFrames } from './trails.ts';

/** Cells in a row that go on by one unit a frame; from frame `divides` on, the first has two daughters. */
function cells(count: number, frames: number, byTime: boolean): TrackSet {
  const rows = Array.from({ length: count * frames }, (_, at) =>
    byTime
      ? { frame: Math.floor(at / count), cell: at % count }
      : { frame: at % frames, cell: Math.floor(at / frames) },
  );
  const rowOf = (frame: number, cell: number) => (byTime ? frame * count + cell : cell * frames + frame);
  const edges = rows.flatMap(({ frame, cell }, row) => (frame > 0 ? [[rowOf(frame - 1, cell), row] as const] : []));
  return {
    name: 'cells',
    objects: {
      count: rows.length,
      id: Float64Array.from(rows, (_, row) => row + 100),
      frame: Int32Array.from(rows, ({ frame }) => frame),
      x: Float64Array.from(rows, ({ cell }) => cell),
      y: Float64Array.from(rows, ({ frame }) => frame),
      z: Float64Array.from(rows, () => 5),
      columns: [
        { name: 'radius', type: 'float', values: Float64Array.from(rows, ({ cell }) => cell % 7), unit: 'micrometer' },
        { name: 'name', type: 'string', values: rows.map(({ cell }) => `cell ${cell}`) },
      ],
      entity: 'sphere',
    },
    edges: {
      count: edges.length,
      source: Uint32Array.from(edges, ([source]) => source),
      target: Uint32Array.from(edges, ([, target]) => target),
      columns: [],
    },
    spaceUnit: 'micrometer',
    provenance: {},
  };
}

async function stored(set: TrackSet): Promise<{ objects: ByteSource; edges: ByteSource }> {
  const sink = memorySink();
  const item = { path: 'cells', files: [], tree: { entries: [] } } as never;
  await writeTrackTables(trackSetReader([set]), item, sink);
  const source = (name: string) => memorySource(name, sink.files.get(name)!);
  return { objects: source('objects.parquet'), edges: source('edges.parquet') };
}

describe('objects of one time point', () => {
  let tables: Awaited<ReturnType<typeof stored>>;
  let slabs: ObjectSlabs;
  /** The same, cell after cell. */
  let byCell: Awaited<ReturnType<typeof stored>>;
  beforeAll(async () => {
    tables = await stored(cells(300, 100, true));
    byCell = await stored(cells(60, 200, false));
    slabs = await ObjectSlabs.open(tables.objects);
  });

  it('come whole, in order and alone, from the row groups that hold them', async () => {
    expect(slabs.table.groups.length).toBeGreaterThan(3);
    expect(slabs.isStoredByTime).toBe(true);
    const frame = await slabs.frame(57, ['radius', 'name', 'no such feature']);
    expect([...frame.id]).toEqual(Array.from({ length: 300 }, (_, cell) => 57 * 300 + cell + 100));
    expect(frame.xyz.slice(0, 6)).toEqual(Float64Array.of(0, 57, 5, 1, 57, 5));
    expect(frame.features.get('radius')!.values[8]).toBe(1);
    expect(frame.features.get('name')!.values[299]).toBe('cell 299');
    expect([...frame.features.keys()]).toEqual(['radius', 'name']);
    expect(frame.track[5]).toBe(5);
    // Rows of any frames, in any order.
    const picked = await slabs.pick(Uint32Array.of(29_999, 0, 17_100), ['name']);
    expect([...picked.id]).toEqual([30_099, 100, 17_200]);
    expect(picked.features.get('name')!.values).toEqual(['cell 299', 'cell 0', 'cell 0']);
    expect((await slabs.frame(100)).count).toBe(0);
  });

  it('cost a part of the bytes, and nothing the second time', async () => {
    const fresh = await ObjectSlabs.open(tables.objects);
    await fresh.frame(50);
    const { bytes, requests } = fresh.table.traffic;
    expect(bytes).toBeLessThan(tables.objects.size / 2.5);
    expect(requests).toBeLessThanOrEqual(4);
    await fresh.frame(50);
    expect(fresh.table.traffic.bytes).toBe(bytes);
  });

  it('have bounds of the finite values of a feature, and colours and sizes within them', async () => {
    const set = cells(6, 4, true);
    const values = Float64Array.from(
      { length: 24 },
      (_, row) => [Infinity, -Infinity, Number.NaN, 2, 7, 4.5][row % 6]!,
    );
    const bare = new Float64Array(24).fill(Infinity);
    set.objects.columns.push(
      { name: 'intensity', type: 'float', values },
      { name: 'bare', type: 'float', values: bare },
    );
    const found = await ObjectSlabs.open((await stored(set)).objects);
    expect(found.bounds('intensity')).toEqual([2, 7]);
    expect(found.bounds('bare')).toBeUndefined();
    expect(found.bounds('radius')).toEqual([0, 5]);
    const frame = await found.frame(1, ['intensity']);
    const colours = spaceColours({ by: 'range', feature: 'intensity', range: [2, 7], map: 'viridis' }, frame);
    expect(Array.from(colours.slice(12, 15))).toEqual([253, 231, 37]);
    // What is endless has no place on the scale, and is no sphere that hides the rest.
    expect(Array.from(colours.slice(0, 3))).toEqual([...noColour]);
    expect([...radiiOf(frame, 'intensity', 1)]).toEqual([0, 0, 0, 2, 7, 4.5]);
  });

  it('are asked for together where many row groups are wanted, and apart where few are', () => {
    const spans = (count: number, length: number, gap: number) =>
      Array.from({ length: count }, (_, at) => ({ from: at * (length + gap), to: at * (length + gap) + length }));
    expect(askedSpans(spans(13, 300_000, 120_000))).toEqual([{ from: 0, to: 13 * 420_000 - 120_000 }]);
    // A frame of two row groups costs no byte between them, nor do thin columns of many.
    expect(askedSpans(spans(2, 300_000, 120_000))).toHaveLength(2);
    expect(askedSpans(spans(100, 60_000, 400_000))).toHaveLength(100);
  });

  it('are found in tables that are not in the order of time too', async () => {
    const other = await ObjectSlabs.open(byCell.objects);
    expect(other.isStoredByTime).toBe(false);
    const before = other.table.traffic.requests;
    const frame = await other.frame(3);
    // Row groups that lie near each other come with one request.
    expect(other.table.groups.length).toBeGreaterThan(1);
    expect(other.table.traffic.requests - before).toBe(1);
    expect(Array.from(frame.xyz.filter((_, at) => at % 3 === 0))).toEqual(
      Array.from({ length: 60 }, (_, cell) => cell),
    );
  });

  it('come by range reads once such a table is put in the order of time, with the same steps', async () => {
    const sink = memorySink();
    await writeByTime(await openParquet(byCell.objects), await sink.create('by-time'));
    const ordered = await ObjectSlabs.open(memorySource('by-time', sink.files.get('by-time')!));
    expect(ordered.isStoredByTime).toBe(true);
    const frame = await ordered.frame(3);
    expect(Array.from(frame.xyz.filter((_, at) => at % 3 === 0))).toEqual(
      Array.from({ length: 60 }, (_, cell) => cell),
    );
    expect(ordered.groupsOf(3)).toHaveLength(1);
    const graph = (await readGraph(ordered, byCell.edges))!;
    const trails = await readTrails(ordered, graph, [3, 3], []);
    expect([trails.count, trails.from.slice(0, 6).join(), trails.to.xyz.slice(0, 6).join()]).toEqual([
      60,
      '0,2,5,1,2,5',
      '0,3,5,1,3,5',
    ]);
  });

  it('have trails: the steps that end in the last frames, with where they begin', async () => {
    const graph = (await readGraph(slabs, tables.edges))!;
    expect(graph.count).toBe(300 * 99);
    expect(graph.rowOf(100)).toBe(0);
    expect(graph.rowOf(99)).toBe(-1);
    const frames = trailFrames(graph, 10, 3)!;
    expect(frames).toEqual([8, 10]);
    const trails = await readTrails(slabs, graph, frames, ['radius'], (row) => row % 300 === 7);
    expect(trails.count).toBe(3);
    expect([...trails.from]).toEqual([7, 7, 5, 7, 8, 5, 7, 9, 5]);
    expect([...trails.to.xyz]).toEqual([7, 8, 5, 7, 9, 5, 7, 10, 5]);
    expect(trails.age[2]).toBe(0);
    expect(trails.age[0]).toBeGreaterThan(trails.age[1]!);
    expect(trailFrames(graph, 10, -2)).toEqual([0, 99]);
    // Both ends of a step lie in the box; filters look at the object it ends at.
    expect([...drawnSteps(trails, undefined, [0, 300, 7.5, 9.5, 0, 9])!]).toEqual([0, 1, 0]);
    expect([...drawnSteps(trails, [{ feature: 'radius', low: 1, high: 9 }], undefined)!]).toEqual([0, 0, 0]);
    expect(drawnSteps(trails, undefined, undefined)).toBeUndefined();
    expect(trailFrames(graph, 10, 0)).toBeUndefined();
  });

  it('are left out by filters and by the box, never by a missing value that is in no filter', async () => {
    const frame = await slabs.frame(2, ['radius']);
    expect(drawnObjects(frame, undefined, undefined)).toBeUndefined();
    const filtered = drawnObjects(frame, [{ feature: 'radius', low: 6, high: 6 }], undefined)!;
    expect(filtered.reduce((sum, one) => sum + one, 0)).toBe(Math.floor((299 - 6) / 7) + 1);
    expect(
      [...drawnObjects(frame, undefined, [3, 4, 0, 100, 0, 10])!.keys()].filter(
        (at) => drawnObjects(frame, undefined, [3, 4, 0, 100, 0, 10])![at] === 1,
      ),
    ).toEqual([3, 4]);
    expect(radiiOf(frame, 'radius', 2)[6]).toBe(12);
    expect(radiiOf(frame, undefined, 2)[6]).toBe(0);
    // An intensity of half a million is no radius of half a million: the largest value is as large as the largest objects.
    expect(radiiOf(frame, 'radius', 1, sizeRule(false, [0, 600_000], 5))[6]).toBeCloseTo((6 / 600_000) * 5, 9);
    expect(sizeRule(false, [-10, 10], 5)).toEqual({ from: -10, factor: 0.25 });
    expect(sizeRule(false, [0, 0], 5)).toEqual({ from: 0, factor: 0 });
    expect(sizeRule(true, [0, 9], 5)).toEqual({ from: 0, factor: 1 });
  });

  it('have the colours of their tracks, groups, kinds or values', async () => {
    const frame = await slabs.frame(0, ['radius', 'name']);
    const byGroup = spaceColours({ by: 'group', groupOfRow: (row) => (row === 1 ? 2 : -1) }, frame);
    expect(Array.from(byGroup.slice(3, 6))).toEqual([...groupColour(2)]);
    const byKind = spaceColours({ by: 'kinds', feature: 'name', kinds: ['cell 9'] }, frame);
    expect(Array.from(byKind.slice(27, 30))).toEqual([86, 180, 233]);
    const range = spaceColours({ by: 'range', feature: 'radius', range: [0, 6], map: 'viridis' }, frame);
    expect(Array.from(range.slice(6 * 3, 7 * 3))).toEqual([253, 231, 37]);
    expect(Array.from(range.slice(0, 3))).not.toEqual(Array.from(range.slice(3, 6)));
  });
});

/** One cell that divides at 2 (into 1 and 2), of which the second divides at 4 (into 3 and 4): one object a frame each. */
function family() {
  const lives = [
    [0, 1, 2],
    [3, 4, 5, 6],
    [3, 4],
    [5, 6, 7],
    [5, 6],
  ];
  const frame = Int32Array.from(lives.flat());
  const firsts = lives.map((_, life) => lives.slice(0, life).reduce((sum, { length }) => sum + length, 0));
  const lasts = lives.map(({ length }, life) => firsts[life]! + length - 1);
  const edges: [number, number][] = lives.flatMap((one, life) =>
    one.slice(1).map((_, at): [number, number] => [firsts[life]! + at, firsts[life]! + at + 1]),
  );
  edges.push([lasts[0]!, firsts[1]!], [lasts[0]!, firsts[2]!], [lasts[2]!, firsts[3]!], [lasts[2]!, firsts[4]!]);
  return spaceGraph(frame, {
    count: edges.length,
    source: edges.map(([source]) => source),
    target: edges.map(([, target]) => target),
  });
}

describe('lineages', () => {
  it('keep edges in the order of the frame they end in', () => {
    const graph = family();
    const { start, end } = edgesEndingIn(graph, 3, 3);
    expect(Array.from(graph.target.slice(start, end)).map((row) => graph.frame[row])).toEqual([3, 3]);
    expect(edgesEndingIn(graph, -5, 100)).toEqual({ start: 0, end: graph.count });
    expect(edgesEndingIn(graph, 50, 60)).toEqual({ start: 0, end: 0 });
  });

  it('are laid out with a place for each leaf and mothers in the middle', () => {
    const { lives } = livesOf(family());
    const layout = layoutLineage(lives, 0);
    expect(layout).toMatchObject({ leaves: 3, from: 0, to: 7 });
    const at = new Map(layout.branches.map((branch) => [branch.life, branch]));
    expect(lives[0]!.daughters).toHaveLength(2);
    for (const { life, x, fork } of layout.branches) {
      const { daughters } = lives[life]!;
      const places = daughters.map((daughter) => at.get(daughter)!.x);
      if (daughters.length > 0) {
        expect(x).toBe((places[0]! + places.at(-1)!) / 2);
        expect(fork).toEqual([Math.min(...places), Math.max(...places)]);
      } else expect(Number.isInteger(x)).toBe(true);
    }
    expect(branchAt(layout, { x: at.get(0)!.x + 0.2, frame: 1 })).toBe(0);
    expect(branchAt(layout, { x: 40, frame: 1 })).toBeUndefined();
  });

  it('are parted at the first divisions, and followed back and forth', () => {
    const lineages = livesOf(family());
    const { groups, groupOfLife } = lineageGroups(lineages, 3);
    expect(groups.map(({ objects }) => objects).reduce((sum, one) => sum + one, 0)).toBe(4 + 3 + 2);
    expect(groupOfLife[0]).toBe(-1);
    const leaf = lineages.lives.findIndex(({ firstFrame, lastFrame }) => firstFrame === 5 && lastFrame === 7);
    expect(lineageOf(lineages.lives, leaf).size).toBe(3);
    expect(lineageOf(lineages.lives, 0).size).toBe(5);
  });
});

/** A cell that divides and whose daughters merge again, as often as said: the ways through it double with each time. */
function diamonds(count: number) {
  const edges: [number, number][] = [];
  for (let at = 0; at < count; at++) {
    const [top, left, right, bottom] = [at * 3, at * 3 + 1, at * 3 + 2, at * 3 + 3];
    edges.push([top, left], [top, right], [left, bottom], [right, bottom]);
  }
  const frame = Int32Array.from({ length: count * 3 + 1 }, (_, row) => Math.floor((row + 2) / 3) + Math.floor(row / 3));
  return spaceGraph(frame, {
    count: edges.length,
    source: edges.map(([source]) => source),
    target: edges.map(([, target]) => target),
  });
}

describe('lineages that merge', () => {
  const lineages = livesOf(diamonds(200));
  const { lives } = lineages;
  const first = lives.findIndex(({ firstFrame }) => firstFrame === 0);

  it('have what merged once, below one of its mothers, with lines from all', () => {
    const layout = layoutLineage(lives, first);
    expect(layout.branches).toHaveLength(lives.length);
    expect(new Set(layout.branches.map(({ life }) => life)).size).toBe(lives.length);
    const at = new Map(layout.branches.map((branch) => [branch.life, branch]));
    for (const { life, x, fork } of layout.branches)
      for (const daughter of lives[life]!.daughters) {
        const place = at.get(daughter)!.x;
        expect(fork![0]).toBeLessThanOrEqual(Math.min(place, x));
        expect(fork![1]).toBeGreaterThanOrEqual(Math.max(place, x));
      }
  });

  it('are followed through every merge once, and are one part', () => {
    expect(descendants(lives, first)).toHaveLength(lives.length);
    expect(lineageOf(lives, first).size).toBe(lives.length);
    const { groups, groupOfLife } = lineageGroups(lineages);
    expect(new Set(groups.map(({ life }) => life)).size).toBe(groups.length);
    const counted = groupOfLife.reduce((sum, group, life) => sum + (group < 0 ? 0 : lives[life]!.objects), 0);
    expect(groups.reduce((sum, { objects }) => sum + objects, 0)).toBe(counted);
  });
});

describe('the stage', () => {
  it('finds the object in front, over the whole disc of a large one', () => {
    // Looks along z, ten pixels a unit, with what has less z in front.
    const matrix = [10, 0, 0, 0, 0, 10, 0, 0, 0, 0, 1, 0, 100, 100, 0, 1];
    const input = { count: 2, positions: [0, 0, 5, 1, 0, 3], radius: [3, 1], matrix, pixelsPerUnit: 10, reach: 4 };
    expect(objectAt(input, 112, 100)).toBe(1);
    expect(objectAt(input, 75, 100)).toBe(0);
    expect(objectAt(input, 131, 100)).toBe(-1);
    expect(objectAt({ ...input, shown: Uint8Array.of(1, 0) }, 112, 100)).toBe(0);
    expect(objectAt({ ...input, positions: [0, 0, 5, Number.NaN, 0, 3] }, 112, 100)).toBe(0);
  });

  it('turns coordinates over and never mirrors them', () => {
    expect([...toWorld([3, 4, 5], [1, 1, 1])]).toEqual([2, -3, -4]);
    const m = worldMatrix([1, 1, 1]);
    const along = [0, 1, 2].map((axis) => m[axis]! * 3 + m[4 + axis]! * 4 + m[8 + axis]! * 5 + m[12 + axis]!);
    expect(along).toEqual([2, -3, -4]);
  });

  it('has a box with round marks and units, and a floor alone for planar sets', () => {
    expect([roundStep(48), roundStep(1), roundStep(0)]).toEqual([10, 0.2, 1]);
    const box = axesBox(
      [
        [0, 50],
        [0, 30],
        [0, 20],
      ],
      'µm',
      String,
    );
    const words = box.labels.map((label) => label.words);
    expect(words).toEqual(expect.arrayContaining(['x (µm)', 'y (µm)', 'z (µm)', '50', '30', '20']));
    // Names stand between marks, not on one.
    const [at, marks] = [box.labels.find((label) => label.words === 'x (µm)')!.at[0], [0, 10, 20, 30, 40, 50]];
    expect(Math.min(...marks.map((mark) => Math.abs(mark - at)))).toBe(5);
    const flat = axesBox(
      [
        [0, 50],
        [0, 30],
        [0, 0],
      ],
      '',
      String,
    );
    expect(flat.labels.some(({ axis }) => axis === 2)).toBe(false);
    expect(flat.lines.every(({ from, to }) => from[2] === 0 && to[2] === 0)).toBe(true);
    expect(
      axesBox(
        [
          [0, 1e300],
          [0, 1],
          [0, 1],
        ],
        '',
        String,
      ).lines.length,
    ).toBeLessThan(500);
  });

  it('is as large as what is drawn: radii and outlines belong to it', () => {
    const middles = (x: [number, number], y: [number, number], z: [number, number]) => [x, y, z];
    expect(drawnExtent(middles([1, 2], [3, 3], [0, 0]), 2, [], true)).toEqual([
      [-1, 4],
      [1, 5],
      [0, 0],
    ]);
    expect(drawnExtent(middles([1, 1], [3, 3], [5, 5]), 0, [[0, 4]], false)).toEqual([
      [0, 4],
      [3, 3],
      [5, 5],
    ]);
    expect(drawnExtent(middles([1, 1], [3, 3], [0, 0]), 0, [], true)).toEqual([
      [0.5, 1.5],
      [2.5, 3.5],
      [0, 0],
    ]);
  });
});

describe('the address', () => {
  it('holds the whole view', () => {
    const state: SpaceState = {
      ...firstSpaceState,
      t: 12,
      camera: { x: 1.5, y: -2, z: 3, zoom: 0.25, turn: -30, tilt: 45 },
      isPerspective: true,
      form: 'point',
      colourBy: 'a:b',
      map: 'cividis',
      sizeBy: 'volume',
      scale: 0.5,
      tail: -2,
      filters: [{ feature: 'a:b', low: -1, high: 2 }],
      clip: [0, 1, 2, 3, 4, 5],
      hasAxes: false,
      selected: 7,
      measured: 9,
      image: { kind: 'plane', z: 3, opacity: 0.5 },
      hasLineage: true,
      isLineageTable: true,
      root: 3,
      selectedBeside: 5,
      measuredBeside: 6,
      isPlaying: true,
      layout: { hasPanel: false, hasTable: true },
      play: { perSecond: 25, mode: 'swing' },
    };
    const written = spaceStateToParams(state).toString();
    expect(spaceStateFromParams(new URLSearchParams(written), firstSpaceState, [0, 99])).toEqual(state);
  });

  it('falls back to the usual view where it says nonsense', () => {
    const bad = new URLSearchParams(
      't=1e99&cam=1,2,3,-4,5,6&clip=5,1,0,0,0,0&tail=-9&scale=0&object=x&image=cube,1,1&play=0,loop&form=cube&filter=a:b&playing=z&root=-1&object2=x&to2=1.5&lineage=x',
    );
    expect(spaceStateFromParams(bad, firstSpaceState, [0, 99])).toEqual({ ...firstSpaceState, t: 99 });
  });
});

describe('the plan of reading', () => {
  const group = (start: number, end: number, frames: [number, number]) => ({
    start,
    end,
    columns: new Map([
      ['frame', { from: 0, to: 1, bounds: frames }],
      ['object_id', { from: 0, to: 1, bounds: [start, end - 1] as [number, number] }],
    ]),
  });
  it('joins what lies near and knows the order of the rows', () => {
    expect(
      joinedSpans(
        [
          { from: 50, to: 60 },
          { from: 0, to: 10 },
          { from: 12, to: 20 },
        ],
        5,
      ),
    ).toEqual([
      { from: 0, to: 20 },
      { from: 50, to: 60 },
    ]);
    const groups = [group(0, 10, [0, 3]), group(10, 20, [3, 5])];
    expect(isStoredByTime(groups)).toBe(true);
    expect(idsAreRows(groups)).toBe(true);
    expect(isStoredByTime([...groups].reverse())).toBe(false);
    expect(idsAreRows([...groups].reverse())).toBe(true);
    expect(idsAreRows([group(1, 3, [0, 0])].map((one) => ({ ...one, start: 0 })))).toBe(false);
  });
});

describe('the image under the objects', () => {
  const mapping: CoordinateMapping = {
    axes: { x: 'x', y: 'y', z: 'z' },
    scale: { x: 2, y: 4, z: 0.5 },
    offset: { x: 10, y: 20, z: 30 },
    firstFrame: 0,
    firstSlice: 3,
  };
  const image = {
    description: {
      name: '',
      sizes: { t: 1, c: 1, z: 5, y: 2, x: 4 },
      type: 'uint8',
      channels: [],
      voxelSize: {
        x: { value: 0.5, unit: 'micrometer' },
        y: { value: 0.25, unit: 'micrometer' },
        z: { value: 2, unit: 'micrometer' },
      },
    },
    levels: [{ width: 4, height: 2, depth: 5, tileWidth: 4, tileHeight: 2 }],
    readRegion: async ({ z }: { z: number }) => ({
      width: 4,
      height: 2,
      samples: 1,
      type: 'uint8',
      data: Uint8Array.from({ length: 8 }, (_, at) => at * 10 + z),
    }),
  } as ImageSource;

  it('lies where the mapping of the pair says, and back', () => {
    const object = [13, 21, 34];
    const pixel = { x: (13 - 10) * 2, y: (21 - 20) * 4, z: sliceOf(mapping, object) };
    expect(pixel.z).toBe(5);
    expect(placeOfPixel(mapping, pixel, false)).toEqual(object);
    expect(placeOfPixel(mapping, pixel, true)[2]).toBe(0);
    const turned = { ...mapping, axes: { x: 'y', y: 'x', z: 'z' } } as CoordinateMapping;
    expect(placeOfPixel(turned, { x: 6, y: 4, z: 3 }, false)).toEqual([21, 13, 30]);
    expect(planeCorners(mapping, image, 3, false)[1]).toEqual([9.75, 19.875, 30]);
    expect(planeCorners(mapping, image, 3, false)[3]).toEqual([11.75, 20.375, 30]);
  });

  it('is cut by the box: whole pixels of a slice, the part of the volume, whichever axes the pair exchanges', () => {
    const clip = [9.75, 10.75, 19.875, 20.125, 30, 32] as const;
    const inBox = { x: [-0.5, 1.5], y: [-0.5, 0.5], z: [3, 4] };
    expect(indicesInBox(mapping, clip)).toEqual(inBox);
    const turned = { ...mapping, axes: { x: 'y', y: 'x', z: 'z' } } as CoordinateMapping;
    expect(indicesInBox(turned, [19.875, 20.125, 9.75, 10.75, 30, 32])).toEqual(inBox);
    const place = { mapping, image, z: 3, isPlanar: false };
    expect(partInBox(place, { width: 4, height: 2 }, clip)).toEqual({ left: 0, top: 0, right: 2, bottom: 1 });
    // A coarser level is cut at its own pixels.
    expect(partInBox(place, { width: 2, height: 2 }, clip)).toEqual({ left: 0, top: 0, right: 1, bottom: 1 });
    expect(partInBox({ ...place, z: 1 }, { width: 4, height: 2 }, clip)).toBeUndefined();
    expect(partInBox({ ...place, z: 1, isPlanar: true }, { width: 4, height: 2 }, clip)).toBeDefined();
    expect(partInBox(place, { width: 4, height: 2 }, [50, 60, 20, 21, 30, 32])).toBeUndefined();
    expect(volumeClip(mapping, image, clip)).toEqual({
      low: { x: -0.25, y: -0.125, z: 6 },
      high: { x: 0.75, y: 0.125, z: 8 },
    });
    const half = { left: 0, top: 0, right: 0.5, bottom: 0.5 };
    expect(planeCorners(mapping, image, 3, false, half)[3]).toEqual([10.75, 20.125, 30]);
  });

  it('has its volume where its planes are', () => {
    const origin = [1, 2, 3];
    const m = volumeMatrix(mapping, image, origin);
    // The middle of pixel 3, 1, 4 in the space of the volume.
    const [x, y, z] = [3 * 0.5, 0.25, 4 * 2];
    const drawn = [0, 1, 2].map((row) => m[row]! * x + m[4 + row]! * y + m[8 + row]! * z + m[12 + row]!);
    const wanted = toWorld(placeOfPixel(mapping, { x: 3, y: 1, z: 4 }, false), origin);
    for (const axis of [0, 1, 2]) expect(drawn[axis]).toBeCloseTo(wanted[axis]!, 5);
  });

  it('is painted slice by slice', async () => {
    const channel = { isVisible: true, colour: [255, 255, 255] as const, window: [0, 255] as const };
    const { width, rgba } = await paintedPlane(image, { t: 0, z: 4 }, [channel]);
    expect(width).toBe(4);
    expect(Array.from(rgba.slice(28, 32))).toEqual([74, 74, 74, 255]);
  });
});

describe('two sets side by side', () => {
  const one: LinkedSet = {
    extent: [
      [0, 10],
      [0, 20],
      [0, 30],
    ],
    frames: [0, 100],
    spaceUnit: 'micrometer',
    timeUnit: 'second',
    frameInterval: 30,
  };
  const other: LinkedSet = {
    extent: [
      [100_000, 200_000],
      [0, 0],
      [0, 0],
    ],
    frames: [5, 40],
    spaceUnit: 'nanometer',
    timeUnit: 'minute',
    frameInterval: 1,
  };
  const camera = { x: 6, y: 10, z: 15, zoom: 8, turn: 10, tilt: 20 };

  it('are seen from the same side at the same scale, there and back', () => {
    const seen = linkedCamera(camera, one, other);
    expect(seen.x).toBeCloseTo(151_000, 6);
    expect(seen).toMatchObject({ zoom: 0.008, turn: 10, tilt: 20 });
    const back = linkedCamera(seen, other, one);
    for (const axis of ['x', 'y', 'z', 'zoom'] as const) expect(back[axis]).toBeCloseTo(camera[axis], 9);
    // Where a length is not known, both fill the stage alike.
    const pixels: LinkedSet = {
      ...one,
      extent: [
        [0, 100],
        [0, 200],
        [0, 300],
      ],
      spaceUnit: 'pixel',
    };
    expect(linkedCamera(camera, one, pixels).zoom).toBeCloseTo(0.8, 9);
  });

  it('stand at the same time since their first frame', () => {
    expect(linkedFrame(20, one, other)).toBe(15);
    expect(linkedFrame(100, one, other)).toBe(40);
    expect(linkedFrame(7, { ...one, timeUnit: undefined }, other)).toBe(12);
  });
});
