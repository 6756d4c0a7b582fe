import {
  featureColumn,
  featureNames,
  featureRange,
  featureValue,
  objectColours,
  type TrackOverlay,
  type ViewState,
} from '@micrarium/viewer';
import { type JSX, type MouseEvent, useEffect, useMemo, useRef } from 'react';
import { useText } from '../messages/text.ts';
import { shortUnit } from '../messages/units.ts';
import { writtenNumber } from '../messages/written.ts';

interface ScatterProps {
  overlay: TrackOverlay;
  view: ViewState;
  /** 1 for every object that passes the filters; left out = all do. */
  mask: Uint8Array | undefined;
  change(part: Partial<ViewState>): void;
  select(id: number | undefined): void;
}

const size = { width: 520, height: 146, margin: 8 };
/** Pixels around the pointer in which a click still finds a point. */
const reach = 10;

/** Objects as points of two features, in the colours of the film; a click selects in film and table too. */
export function Scatter({ overlay, view, mask, change, select }: ScatterProps): JSX.Element {
  const text = useText();
  const canvas = useRef<HTMLCanvasElement>(null);
  const names = useMemo(() => featureNames(overlay, 'numeric'), [overlay]);
  const usual = useMemo(() => {
    // What is the same of all objects shows nothing.
    const varying = names.filter((name) => {
      const column = featureColumn(overlay, name);
      const range = column && featureRange(column, overlay.count);
      return range !== undefined && range[0] < range[1];
    });
    return { x: varying[0] ?? names[0] ?? 'x', y: varying[1] ?? names[1] ?? 'y' };
  }, [overlay, names]);
  const plot: NonNullable<ViewState['plot']> = view.plot ?? usual;
  const isAll = plot.isOfAllFrames === true;
  const { colourBy, map } = view.overlay;
  const colours = useMemo(() => objectColours(overlay, colourBy, map).colours, [overlay, colourBy, map]);
  const [x, y] = [useAxis(overlay, plot.x), useAxis(overlay, plot.y)];
  const points = useMemo(() => {
    const rows = isAll
      ? Array.from({ length: overlay.count }, (_, row) => row)
      : (overlay.rowsOfFrame.get(view.t) ?? []);
    return [...rows].flatMap((row) => {
      const [px, py] = [x.at(row), y.at(row)];
      return mask?.[row] === 0 || !Number.isFinite(px) || !Number.isFinite(py)
        ? []
        : [
            {
              row,
              x: size.margin + px * (size.width - 2 * size.margin),
              y: size.height - size.margin - py * (size.height - 2 * size.margin),
            },
          ];
    });
  }, [overlay, isAll, view.t, x, y, mask]);
  const selected = view.selected === undefined ? -1 : overlay.set.objects.id.indexOf(view.selected);
  useEffect(() => {
    const context = canvas.current?.getContext('2d');
    if (!context) return;
    const ratio = devicePixelRatio;
    canvas.current!.width = size.width * ratio;
    canvas.current!.height = size.height * ratio;
    context.scale(ratio, ratio);
    for (const point of points) {
      context.fillStyle = `rgb(${colours[point.row * 3]} ${colours[point.row * 3 + 1]} ${colours[point.row * 3 + 2]} / 0.85)`;
      context.beginPath();
      context.arc(point.x, point.y, isAll ? 2 : 3.5, 0, 7);
      context.fill();
    }
    const chosen = points.find((point) => point.row === selected);
    if (!chosen) return;
    context.strokeStyle = '#14d8a8';
    context.lineWidth = 3;
    context.beginPath();
    context.arc(chosen.x, chosen.y, 7, 0, 7);
    context.stroke();
  }, [points, colours, selected, isAll]);
  const click = (event: MouseEvent<HTMLCanvasElement>) => {
    const box = event.currentTarget.getBoundingClientRect();
    const [px, py] = [
      ((event.clientX - box.left) / box.width) * size.width,
      ((event.clientY - box.top) / box.height) * size.height,
    ];
    let best: { row: number; distance: number } | undefined;
    for (const point of points) {
      const distance = Math.hypot(point.x - px, point.y - py);
      if (distance <= (best?.distance ?? reach)) best = { row: point.row, distance };
    }
    select(best ? overlay.set.objects.id[best.row]! : undefined);
  };
  const choice = (axis: 'x' | 'y') => (
    <label className="row">
      <span>{text(axis === 'x' ? 'viewer.plotX' : 'viewer.plotY')}</span>
      <select value={plot[axis]} onChange={(event) => change({ plot: { ...plot, [axis]: event.target.value } })}>
        {names.map((name) => (
          <option key={name} value={name}>
            {name}
          </option>
        ))}
      </select>
    </label>
  );
  return (
    <div className="scatter">
      <div>
        {choice('x')}
        {choice('y')}
        <label className="row">
          <input
            type="checkbox"
            checked={isAll}
            onChange={(event) =>
              change({
                plot: { x: plot.x, y: plot.y, ...(event.target.checked ? { isOfAllFrames: true as const } : {}) },
              })
            }
          />
          {text('viewer.allFrames')}
        </label>
      </div>
      <figure>
        <span className="num">{y.written}</span>
        <canvas
          ref={canvas}
          role="img"
          aria-label={text('viewer.scatterOf', { x: plot.x, y: plot.y })}
          data-testid="scatter"
          data-points={points.length}
          onClick={click}
        />
        <span className="num">{x.written}</span>
      </figure>
    </div>
  );
}

/** Where values lie on an axis from the smallest (0) to the largest (1) of all frames. */
function useAxis(overlay: TrackOverlay, name: string): { at(row: number): number; written: string } {
  return useMemo(() => {
    const column = featureColumn(overlay, name);
    const range = column && featureRange(column, overlay.count);
    if (!column || !range) return { at: () => Number.NaN, written: name };
    const [low, high] = range;
    return {
      at: (row: number) => (featureValue(column, row) - low) / (high - low || 1),
      written: `${name}: ${writtenNumber(low, 4)} – ${writtenNumber(high, 4)} ${shortUnit(column.unit)}`,
    };
  }, [overlay, name]);
}
