import * as Plot from '@observablehq/plot';
import type { JSX } from 'react';
import { useText } from '../messages/text.ts';
import { writtenCount } from '../messages/written.ts';
import { binsOf, Figure, plotSize, plotStyle } from '../plots/figure.tsx';
import { csvLine } from '../search/results-csv.ts';
import { isNumber, type ResultColumn } from './result-table.tsx';

/** What of a result is drawn, by the names of its columns; nothing where no column across is named. */
export interface DrawnColumns {
  x?: string;
  y?: string;
  colour?: string;
  /** Is the axis upwards logarithmic? */
  log?: boolean;
}

/** What an address says is drawn of a result. */
export function drawnOf(search: Readonly<Record<string, string | string[] | undefined>>): DrawnColumns {
  const one = (name: string) => {
    const value = search[name];
    return Array.isArray(value) ? value[0] : value;
  };
  const [x, y, colour] = [one('x'), one('y'), one('colour')];
  return {
    ...(x ? { x } : {}),
    ...(y ? { y } : {}),
    ...(colour ? { colour } : {}),
    ...(one('log') === 'y' ? { log: true } : {}),
  };
}

/** The same as it stands in an address. */
export const drawnSearch = ({ x, y, colour, log }: DrawnColumns): Record<string, string> => ({
  ...(x === undefined ? {} : { x }),
  ...(y === undefined ? {} : { y }),
  ...(colour === undefined ? {} : { colour }),
  ...(log ? { log: 'y' } : {}),
});

interface PlotProps {
  columns: readonly ResultColumn[];
  rows: readonly (readonly unknown[])[];
  drawn: DrawnColumns;
  choose: (next: DrawnColumns) => void;
}

/** Two columns of a result against each other, or the distribution of one; a dot leads to the study its row names. */
export function ResultPlot({ columns, rows, drawn, choose }: PlotProps): JSX.Element | null {
  const text = useText();
  const numbers = columns.filter(({ type }) => isNumber(type)).map(({ name }) => name);
  if (numbers.length === 0 || rows.length === 0) return null;
  const { x, y, log } = drawn;
  const options = (names: readonly string[]) =>
    names.map((name) => (
      <option key={name} value={name}>
        {name}
      </option>
    ));
  const select = (name: 'x' | 'y' | 'colour', title: string, names: readonly string[]) => (
    <label>
      <span className="s m2">{title}</span>
      <select
        className="sel"
        value={drawn[name] ?? ''}
        onChange={({ target: { value } }) => {
          const { [name]: _before, ...others } = drawn;
          choose(value === '' ? others : { ...others, [name]: value });
        }}
      >
        <option value="">{text('sql.plotNone')}</option>
        {options(names)}
      </select>
    </label>
  );
  const isDrawable = x !== undefined && numbers.includes(x) && (y === undefined || numbers.includes(y));
  return (
    <details className="resultplot" open={x !== undefined}>
      <summary>{text('sql.plot')}</summary>
      <div className="doing">
        {select('x', text('sql.plotAcross'), numbers)}
        {select('y', text('sql.plotUp'), numbers)}
        {select(
          'colour',
          text('sql.plotColour'),
          columns.map(({ name }) => name),
        )}
        <label>
          <input
            type="checkbox"
            checked={log === true}
            onChange={({ target: { checked } }) => {
              const { log: _before, ...others } = drawn;
              choose(checked ? { ...others, log: true } : others);
            }}
          />{' '}
          <span className="s m2">{text('sql.plotLog')}</span>
        </label>
      </div>
      {isDrawable ? <Picture columns={columns} rows={rows} drawn={{ ...drawn, x }} /> : null}
    </details>
  );
}

interface Point {
  x: number;
  y: number;
  colour: string | number;
  study: string | undefined;
}

/** Groups that colours tell apart; numbers have a scale instead. */
const mostColours = 10;

function Picture({
  columns,
  rows,
  drawn,
}: Omit<PlotProps, 'choose'> & { drawn: DrawnColumns & { x: string } }): JSX.Element {
  const text = useText();
  const { x, y, colour, log = false } = drawn;
  const at = (name: string | undefined) => columns.findIndex((column) => column.name === name);
  const [across, up, by] = [at(x), at(y), at(colour)];
  const of = columns.findIndex(({ name }) => name === 'accession' || name === 'dataset');
  const number = (value: unknown) => (typeof value === 'number' ? value : Number.NaN);
  const points = rows
    .map((row): Point => {
      const study = of < 0 ? undefined : /^[A-Z]+-\d+/.exec(String(row[of] ?? ''))?.[0];
      const value = by < 0 ? '' : row[by];
      return {
        x: number(row[across]),
        y: up < 0 ? 0 : number(row[up]),
        colour: typeof value === 'number' ? value : String(value ?? '–'),
        study,
      };
    })
    .filter((one) => Number.isFinite(one.x) && Number.isFinite(one.y) && (!log || up < 0 || one.y > 0));
  const isScale = by >= 0 && points.every((one) => typeof one.colour === 'number');
  const isMany = !isScale && new Set(points.map((one) => one.colour)).size > mostColours;
  const draw = () => {
    const fill = by < 0 || isMany ? 'var(--d1)' : 'colour';
    const marks =
      up < 0
        ? [
            Plot.rectY(binsOf(points.map((one) => one.x)), {
              x1: 'from',
              x2: 'to',
              y: 'count',
              fill: 'var(--d1)',
              inset: 0.5,
              tip: true,
            }),
            Plot.ruleY([0]),
          ]
        : [
            Plot.dot(points, {
              x: 'x',
              y: 'y',
              r: 4,
              fill,
              fillOpacity: 0.75,
              channels: by < 0 ? {} : { [colour!]: 'colour' },
              tip: true,
            }),
          ];
    const plot = Plot.plot({
      ...plotSize,
      width: Math.min(680, document.documentElement.clientWidth - 40),
      height: 380,
      marginLeft: 60,
      style: plotStyle,
      x: { label: x, grid: true, nice: true },
      y: { label: y ?? null, grid: true, nice: true, ...(log && up >= 0 ? { type: 'log' as const } : {}) },
      ...(by < 0 || isMany
        ? {}
        : { color: { legend: true, label: colour!, ...(isScale ? { scheme: 'viridis' as const } : {}) } }),
      marks,
    });
    // A click of a mouse opens the study; fingers and keys have the links of the table.
    plot.addEventListener('click', (event) => {
      const { study } = (plot as { value?: Point | null }).value ?? {};
      if (study !== undefined && (event as PointerEvent).pointerType === 'mouse') location.assign(`/studies/${study}`);
    });
    return plot;
  };
  const left = rows.length - points.length;
  return (
    <Figure
      title={y === undefined ? x : `${y} / ${x}`}
      name={['sql', x, y].filter((one) => one !== undefined).join('-')}
      sentence={[
        text('sql.plotHow', { count: points.length, n: writtenCount(points.length) }),
        left > 0 ? text('sql.plotLeft', { count: left, n: writtenCount(left) }) : '',
      ]
        .filter((one) => one !== '')
        .join(' ')}
      csv={() => [csvLine([x, y ?? '']), ...points.map((one) => csvLine([one.x, up < 0 ? '' : one.y]))].join('')}
      draw={draw}
      keys={[rows, x, y, colour, log]}
    />
  );
}
