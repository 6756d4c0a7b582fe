import * as Plot from '@observablehq/plot';
import type { MotionSummary } from '@micrarium/model';
import { type JSX, useEffect, useState } from 'react';
import { navigate, usePageLocation } from '../app/router.tsx';
import { useText } from '../messages/text.ts';
import { shortUnit } from '../messages/units.ts';
import { writtenNumber } from '../messages/written.ts';
import { binsOf, Figure, plotSize, plotStyle, wholeTicks } from '../plots/figure.tsx';
import { measureTitle } from './measure-titles.ts';
import type { PathTable } from './path-table.ts';

interface Part {
  table: PathTable;
  summary: MotionSummary;
}

const frame = { ...plotSize, height: 220, style: plotStyle };

/** Dots that are drawn one by one; more are counted in cells, every one of them. */
const mostDots = 3000;

/** Which measures are shown stands in the address. */
function useChoice(name: string, usual: string): [string, (id: string) => void] {
  const { path, search } = usePageLocation();
  const chosen = typeof search[name] === 'string' ? (search[name] as string) : usual;
  const choose = (id: string) =>
    void navigate(path, { search: { ...search, [name]: id }, replace: true, keepScroll: true });
  return [chosen, choose];
}

function useColumn(table: PathTable, name: string): Float64Array | undefined {
  const [found, setFound] = useState<{ name: string; values: Float64Array }>();
  useEffect(() => {
    let isWanted = true;
    if (table.names.includes(name)) void table.column(name).then((values) => isWanted && setFound({ name, values }));
    return () => {
      isWanted = false;
    };
  }, [table, name]);
  return found?.name === name ? found.values : undefined;
}

function Choice({
  label,
  chosen,
  choose,
  summary,
}: Omit<Part, 'table'> & {
  label: string;
  chosen: string;
  choose: (id: string) => void;
}): JSX.Element {
  const text = useText();
  return (
    <select className="sel sm" aria-label={label} value={chosen} onChange={(event) => choose(event.target.value)}>
      {summary.measures.map(({ id }) => (
        <option key={id} value={id}>
          {text(measureTitle(id))}
        </option>
      ))}
    </select>
  );
}

function unitOf(summary: MotionSummary, id: string): string {
  const unit = summary.measures.find((one) => one.id === id)?.unit ?? '';
  return unit === '' ? '' : ` (${shortUnit(unit)})`;
}

/** How one measure is distributed over the paths. */
export function Distribution({ table, summary }: Part): JSX.Element {
  const text = useText();
  const [id, choose] = useChoice('measure', 'mean_speed');
  const column = useColumn(table, id);
  const values = column ? Array.from(column).filter(Number.isFinite) : [];
  const bins = binsOf(values);
  const title = text('measures.distribution');
  return (
    <Figure
      title={title}
      name={`distribution-${id}`}
      tools={<Choice label={text('measures.measure')} chosen={id} choose={choose} summary={summary} />}
      sentence={text('measures.distributionHow', { count: values.length })}
      csv={() => [`${id}${unitOf(summary, id)}`, ...values].join('\n')}
      draw={() =>
        Plot.plot({
          ...frame,
          x: { label: `${text(measureTitle(id))}${unitOf(summary, id)}` },
          y: { label: text('measures.paths'), grid: true, ticks: wholeTicks(bins.map((bin) => bin.count)) },
          marks: [
            Plot.rectY(bins, { x1: 'from', x2: 'to', y: 'count', fill: 'var(--d1)', inset: 0.5, tip: true }),
            Plot.ruleY([0], { stroke: 'var(--axis)' }),
          ],
        })
      }
      keys={[column, title]}
    />
  );
}

/** One measure against another: each path a dot, or counted in cells where there are many. */
export function PairPlot({ table, summary }: Part): JSX.Element {
  const text = useText();
  const [x, chooseX] = useChoice('x', 'mean_speed');
  const [y, chooseY] = useChoice('y', 'straightness');
  const [left, right] = [useColumn(table, x), useColumn(table, y)];
  const rows: { x: number; y: number; path: number }[] = [];
  if (left && right)
    for (let path = 0; path < left.length; path++)
      if (Number.isFinite(left[path]!) && Number.isFinite(right[path]!))
        rows.push({ x: left[path]!, y: right[path]!, path });
  const isMany = rows.length > mostDots;
  return (
    <Figure
      title={text('measures.pair')}
      name={`${x}-${y}`}
      tools={
        <>
          <Choice label={text('measures.across')} chosen={x} choose={chooseX} summary={summary} />
          <Choice label={text('measures.up')} chosen={y} choose={chooseY} summary={summary} />
        </>
      }
      sentence={text(isMany ? 'measures.pairCells' : 'measures.pairDots', { paths: writtenNumber(rows.length) })}
      csv={() => [`path,${x},${y}`, ...rows.map((row) => `${row.path},${row.x},${row.y}`)].join('\n')}
      draw={() =>
        Plot.plot({
          ...frame,
          color: { scheme: 'viridis' },
          x: { label: `${text(measureTitle(x))}${unitOf(summary, x)}` },
          y: { label: `${text(measureTitle(y))}${unitOf(summary, y)}`, grid: true },
          marks: isMany
            ? [Plot.rect(rows, { ...Plot.bin({ fill: 'count' }, { x: 'x', y: 'y', thresholds: 40 }), tip: true })]
            : [Plot.dot(rows, { x: 'x', y: 'y', r: 2, fill: 'var(--d1)', fillOpacity: 0.6, tip: true })],
        })
      }
      keys={[left, right, isMany]}
    />
  );
}
