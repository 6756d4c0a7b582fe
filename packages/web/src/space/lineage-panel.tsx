import {
  branchAt,
  descendants,
  groupColour,
  type LineageLayout,
  layoutLineage,
  lineageOf,
  type Rgb,
  rootOf,
  type SpaceState,
} from '@micrarium/viewer';
import { type JSX, useEffect, useMemo, useRef, useState } from 'react';
import { useText } from '../messages/text.ts';
import { writtenCount } from '../messages/written.ts';
import { LongTable } from '../viewer/tables.tsx';
import { lifeOfId, type Pane } from './use-pane.ts';
import type { ChangeSpace } from './use-space-view.ts';
import type { SetGraph } from './use-set.ts';

interface LineageProps {
  pane: Pane;
  view: SpaceState;
  change: ChangeSpace;
  /** Life of what is pointed at, in space or in the tree. */
  hovered: number | undefined;
  onHover(life: number | undefined): void;
}

/** Room of the drawing, in pixels: left for frames, top for the name. */
const margin = { left: 40, right: 10, top: 22, bottom: 8 };

/** The tree of a lineage: one line a cell, time runs down. Pointing at a branch lights the cell in space, and the reverse. */
export function LineagePanel({ pane, view, change, hovered, onHover }: LineageProps): JSX.Element {
  const text = useText();
  const { graph } = pane;
  const isTable = view.isLineageTable === true;
  const roots = useMemo(() => (graph ? rootsOf(graph) : []), [graph]);
  const selectedLife = graph ? lifeOfId(graph, view.selected) : undefined;
  const root =
    graph && selectedLife !== undefined
      ? rootOf(graph.lives.lives, selectedLife)
      : roots.includes(view.root ?? -1)
        ? view.root
        : roots[0];
  const layout = useMemo(
    () => (graph && root !== undefined ? layoutLineage(graph.lives.lives, root) : undefined),
    [graph, root],
  );
  const lives = useMemo(
    () => [...new Set([...(layout?.branches.map(({ life }) => life) ?? []), ...roots.slice(0, mostRoots)])],
    [layout, roots],
  );
  const names = useNames(pane, lives);
  const select = (life: number) => {
    const id = idOfLife(pane, life);
    void id.then((found) => change({ selected: found }, ['measured']));
  };
  return (
    <div className="vsections lineage">
      <div className="row">
        <b>{text('space.lineage')}</b>
        <button
          type="button"
          className="btn quiet sm"
          aria-pressed={isTable}
          onClick={() => (isTable ? change({}, ['isLineageTable']) : change({ isLineageTable: true }))}
        >
          {text('space.table')}
        </button>
        <button
          type="button"
          className="btn quiet sm"
          aria-label={text('viewer.close')}
          onClick={() => change({ hasLineage: false })}
        >
          {'×'}
        </button>
      </div>
      {roots.length > 1 ? (
        <label className="row">
          <span className="s">{text('space.root')}</span>
          <select
            value={root}
            onChange={(event) => {
              change({ root: Number(event.target.value) }, ['selected', 'measured']);
            }}
          >
            {roots.slice(0, mostRoots).map((life) => (
              <option key={life} value={life}>
                {names.get(life) ?? life}
              </option>
            ))}
          </select>
        </label>
      ) : null}
      {!graph || !layout ? (
        <p className="s">{text(graph === null || graph ? 'space.noLineage' : 'space.readingEdges')}</p>
      ) : (
        <>
          <p className="s">
            {text('space.tree', {
              cells: writtenCount(layout.branches.length),
              divisions: writtenCount(
                layout.branches.filter(({ life }) => graph.lives.lives[life]!.ends === 'division').length,
              ),
            })}
          </p>
          {isTable ? (
            <LivesTable graph={graph} layout={layout} names={names} selected={selectedLife} onSelect={select} />
          ) : (
            <Tree
              graph={graph}
              layout={layout}
              names={names}
              t={pane.frame?.frame ?? view.t}
              selected={selectedLife}
              hovered={hovered}
              byGroup={view.colourBy === 'lineage'}
              onHover={onHover}
              onSelect={select}
            />
          )}
        </>
      )}
    </div>
  );
}

/** Most trees one can choose among in the list; others are reached by selecting one of their cells. */
const mostRoots = 200;

/** First lives of all trees, those with most cells first. What lives merged into stands in their trees. */
function rootsOf({ lives }: SetGraph): number[] {
  const roots = lives.lives.flatMap(({ mother, begins }, life) => (mother < 0 && begins !== 'merge' ? [life] : []));
  const sizes = new Map(roots.map((life) => [life, descendants(lives.lives, life).length]));
  return roots.filter((life) => sizes.get(life)! > 1).sort((a, b) => sizes.get(b)! - sizes.get(a)! || a - b);
}

/** Id of the object of a life at the shown time, else of its first one. */
export async function idOfLife({ graph, frame, set }: Pane, life: number): Promise<number> {
  const lifeOf = graph!.lives.lifeOfObject;
  if (frame) for (let at = 0; at < frame.count; at++) if (lifeOf[frame.rows[at]!] === life) return frame.id[at]!;
  const first = await set.slabs.pick(Uint32Array.of(graph!.lives.lives[life]!.firstObject));
  return first.id[0]!;
}

/** What the cells of lives are called. */
function useNames({ set, graph }: Pane, lives: readonly number[]): ReadonlyMap<number, string> {
  const [names, setNames] = useState<ReadonlyMap<number, string>>(new Map());
  useEffect(() => {
    if (!graph || lives.length === 0) return;
    const stop = new AbortController();
    const rows = Uint32Array.from(lives, (life) => graph.lives.lives[life]!.firstObject);
    set.slabs.pick(rows, set.label ? [set.label] : []).then(
      (found) => {
        const texts = set.label ? found.features.get(set.label)?.values : undefined;
        if (!stop.signal.aborted)
          setNames(new Map(lives.map((life, at) => [life, String(texts?.[at] || found.id[at])])));
      },
      // The stage says that the table cannot be read.
      () => {},
    );
    return () => stop.abort();
  }, [set, graph, lives]);
  return names;
}

interface TreeProps {
  graph: SetGraph;
  layout: LineageLayout;
  names: ReadonlyMap<number, string>;
  t: number;
  selected: number | undefined;
  hovered: number | undefined;
  byGroup: boolean;
  onHover(life: number | undefined): void;
  onSelect(life: number): void;
}

function Tree(props: TreeProps): JSX.Element {
  const { graph, layout, names, onHover, onSelect } = props;
  const text = useText();
  const canvas = useRef<HTMLCanvasElement>(null);
  const [size, setSize] = useState({ width: 320, height: 400 });
  useEffect(() => {
    const parent = canvas.current!.parentElement!;
    const watch = new ResizeObserver(() => setSize({ width: parent.clientWidth, height: parent.clientHeight }));
    watch.observe(parent);
    return () => watch.disconnect();
  }, []);
  useEffect(() => {
    drawTree(canvas.current!, size, props);
  });
  const place = (event: { clientX: number; clientY: number }) => {
    const box = canvas.current!.getBoundingClientRect();
    const { x, y } = scales(layout, size);
    return branchAt(
      layout,
      { x: x.from(event.clientX - box.left), frame: y.from(event.clientY - box.top) },
      reach(layout, size),
    );
  };
  const cells = layout.branches.length;
  const name = names.get(layout.branches[0]!.life) ?? '';
  return (
    <div className="ltree">
      <canvas
        ref={canvas}
        role="img"
        aria-label={text('space.treeOf', { name, cells })}
        onPointerMove={(event) => onHover(place(event))}
        onPointerLeave={() => onHover(undefined)}
        onClick={(event) => {
          const life = place(event);
          if (life !== undefined) onSelect(life);
        }}
      />
      {props.hovered === undefined ? null : (
        <span className="hud tr">{`${names.get(props.hovered) ?? ''} · ${text('space.generation')} ${graph.lives.lives[props.hovered]?.generation ?? '–'}`}</span>
      )}
    </div>
  );
}

interface Scale {
  to(value: number): number;
  from(pixel: number): number;
}

function scales(layout: LineageLayout, size: { width: number; height: number }): { x: Scale; y: Scale } {
  const line = (low: number, high: number, from: number, to: number): Scale => {
    const step = (to - from) / (high - low || 1);
    return { to: (value) => from + (value - low) * step, from: (pixel) => low + (pixel - from) / step };
  };
  return {
    x: line(-0.5, layout.leaves - 0.5, margin.left, size.width - margin.right),
    y: line(layout.from, layout.to, margin.top, size.height - margin.bottom),
  };
}

/** How far from a line the pointer still means it, in leaves. */
function reach(layout: LineageLayout, size: { width: number }): number {
  return Math.max(0.6, (6 * layout.leaves) / Math.max(1, size.width - margin.left - margin.right));
}

function drawTree(
  canvas: HTMLCanvasElement,
  size: { width: number; height: number },
  { graph, layout, names, t, selected, hovered, byGroup }: TreeProps,
): void {
  const ratio = devicePixelRatio || 1;
  canvas.width = Math.round(size.width * ratio);
  canvas.height = Math.round(size.height * ratio);
  const context = canvas.getContext('2d')!;
  context.scale(ratio, ratio);
  context.clearRect(0, 0, size.width, size.height);
  const { x, y } = scales(layout, size);
  const { lives } = graph.lives;
  const lit = hovered === undefined ? undefined : lineageOf(lives, hovered);
  const chosen = selected === undefined ? undefined : new Set(descendants(lives, selected));
  context.font = '11px "Inter Variable", Inter, sans-serif';
  for (const branch of layout.branches) {
    const at = x.to(branch.x);
    const isLit = lit?.has(branch.life) === true;
    const isChosen = chosen?.has(branch.life) === true;
    const own: Rgb = byGroup ? groupColour(graph.groupOfLife[branch.life]!) : [138, 148, 152];
    context.strokeStyle = isLit ? '#ffffff' : isChosen ? '#14d8a8' : `rgb(${own.join(' ')})`;
    context.globalAlpha = branch.from > t ? 0.4 : 1;
    context.lineWidth = isLit || isChosen ? 2 : 1;
    context.beginPath();
    context.moveTo(at, y.to(branch.from));
    context.lineTo(at, y.to(branch.to));
    if (branch.fork) {
      context.moveTo(x.to(branch.fork[0]), y.to(branch.to));
      context.lineTo(x.to(branch.fork[1]), y.to(branch.to));
    }
    context.stroke();
  }
  context.globalAlpha = 1;
  writeNames(context, layout, names, x, y);
  const now = Math.min(size.height - margin.bottom, Math.max(margin.top, y.to(t)));
  context.strokeStyle = '#ffffff';
  context.fillStyle = '#eceeee';
  context.lineWidth = 1;
  context.beginPath();
  context.moveTo(margin.left - 6, now);
  context.lineTo(size.width - margin.right, now);
  context.stroke();
  context.textAlign = 'right';
  context.textBaseline = 'middle';
  context.fillText(String(t), margin.left - 9, now);
}

/** Writes names at branches with room for them: wide ones first. */
function writeNames(
  context: CanvasRenderingContext2D,
  layout: LineageLayout,
  names: ReadonlyMap<number, string>,
  x: Scale,
  y: Scale,
): void {
  context.fillStyle = '#cfd5d6';
  context.textAlign = 'center';
  context.textBaseline = 'bottom';
  const taken: { left: number; right: number; top: number; bottom: number }[] = [];
  /** Room of a daughter between her sisters, by the frame and place of the fork. */
  const rooms = new Map<string, number>();
  for (const { fork, to } of layout.branches)
    if (fork) for (const end of fork) rooms.set(`${to} ${end}`, x.to(fork[1]) - x.to(fork[0]));
  for (const { life, x: place, from } of layout.branches) {
    const name = names.get(life);
    if (!name) continue;
    const width = context.measureText(name).width;
    if ((rooms.get(`${from} ${place}`) ?? width) < width * 0.8) continue;
    const box = {
      left: x.to(place) - width / 2 - 4,
      right: x.to(place) + width / 2 + 4,
      top: y.to(from) - 14,
      bottom: y.to(from),
    };
    const isFree = taken.every(
      (one) => box.right < one.left || box.left > one.right || box.bottom < one.top || box.top > one.bottom,
    );
    if (!isFree || box.left < 0 || taken.length > 40) continue;
    taken.push(box);
    context.fillText(name, x.to(place), y.to(from) - 2);
  }
}

/** The same tree as a table. */
function LivesTable({
  graph,
  layout,
  names,
  selected,
  onSelect,
}: {
  graph: SetGraph;
  layout: LineageLayout;
  names: ReadonlyMap<number, string>;
  selected: number | undefined;
  onSelect(life: number): void;
}): JSX.Element {
  const text = useText();
  const { lives } = graph.lives;
  return (
    <div className="ltree">
      <LongTable
        label={text('space.lineage')}
        hasNames
        head={[
          text('space.cell'),
          text('space.generation'),
          text('viewer.firstFrame'),
          text('viewer.lastFrame'),
          text('space.daughters'),
        ]}
        count={layout.branches.length}
        cells={(row) => {
          const { life } = layout.branches[row]!;
          const { generation, firstFrame, lastFrame, daughters } = lives[life]!;
          const born = daughters.map((daughter) => names.get(daughter) ?? daughter).join(', ');
          return [names.get(life) ?? String(life), generation, firstFrame, lastFrame, born || null];
        }}
        selected={selected === undefined ? -1 : layout.branches.findIndex(({ life }) => life === selected)}
        onSelect={(row) => onSelect(layout.branches[row]!.life)}
      />
    </div>
  );
}
