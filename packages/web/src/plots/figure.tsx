import { type JSX, type ReactNode, useContext, useEffect, useRef, useState } from 'react';
import { useText } from '../messages/text.ts';
import { writtenCount, writtenNumber } from '../messages/written.ts';
import { saveText } from '../viewer/save.ts';
import '../styles/plots.css';
import { drawInTurn, drawNow, PlotsInTurn } from './drawing-turns.ts';
import { tableOf } from './table-of.ts';

/** Size of a plot and its margins, in pixels. */
export const plotSize = { width: 340, height: 168, marginLeft: 44, marginBottom: 34, marginTop: 24 };

/** Ink and letters of a plot: those of the page. */
export const plotStyle = {
  background: 'transparent',
  color: 'var(--ink-2)',
  fontSize: '12px',
  fontFamily: 'var(--font-sans)',
};

/** Bars of a distribution; twenty of equal width tell its shape without telling noise. */
const barCount = 20;

/** Values counted in bars of equal width from the smallest to the largest. */
export function binsOf(values: readonly number[]): { from: number; to: number; count: number }[] {
  if (values.length === 0) return [];
  const low = values.reduce((least, value) => Math.min(least, value), Number.POSITIVE_INFINITY);
  const high = values.reduce((most, value) => Math.max(most, value), Number.NEGATIVE_INFINITY);
  // All alike are one bar around their value, not the first of twenty that go on from it.
  if (high === low) {
    const half = Math.abs(low) / 20 || 0.5;
    return [{ from: low - half, to: low + half, count: values.length }];
  }
  const width = (high - low) / barCount;
  const bins = Array.from({ length: barCount }, (_, index) => ({
    from: low + index * width,
    to: low + (index + 1) * width,
    count: 0,
  }));
  for (const value of values) bins[Math.min(barCount - 1, Math.floor((value - low) / width))]!.count++;
  return bins;
}

/** An axis on which only one value is seen: a mark at that value, for Plot would write it with as many digits as it has. */
export function oneTick(values: readonly number[]): { ticks?: number[]; tickFormat?: (value: number) => string } {
  const [first] = values;
  if (first === undefined || values.some((value) => value !== first)) return {};
  return { ticks: [first], tickFormat: (value) => writtenNumber(value, 4) };
}

/** How many ticks a count axis takes so that all stand at whole numbers. */
export function wholeTicks(counts: readonly number[]): number {
  return Math.max(1, Math.min(4, Math.max(0, ...counts)));
}

/** One plot with its table behind it. */
export interface FigureProps {
  title: string;
  name: string;
  draw(): Element;
  csv(): string;
  onPoint?(fraction: number): void;
  /** What was computed and how, in a sentence below. */
  sentence?: string;
  /** Why there is nothing to draw; left out = there is. It stands in the place of the plot, for an empty plot says nothing. */
  nothing?: string | undefined;
  /** Choices beside the title. */
  tools?: ReactNode;
  /** Below the sentence: what belongs to the plot, such as what was chosen in it. */
  children?: ReactNode;
  /** Drawn again when one of these changes. */
  keys: readonly unknown[];
}

/** A plot with a name, a sentence that says what was computed, and its values to take away. */
export function Figure({
  title,
  name,
  draw,
  csv,
  onPoint,
  keys,
  sentence,
  nothing,
  tools,
  children,
}: FigureProps): JSX.Element {
  const text = useText();
  const holder = useRef<HTMLDivElement>(null);
  const [withTable, setWithTable] = useState(false);
  const isInTurn = useContext(PlotsInTurn);
  const put = () => {
    const drawn = draw();
    // A plot with a cursor for keys has said what it is.
    if (!drawn.hasAttribute('role')) drawn.setAttribute('role', 'img');
    drawn.setAttribute('aria-label', title);
    // Groups have no role that could carry the names Plot gives them; the picture has one name.
    for (const part of drawn.querySelectorAll('g[aria-label]')) part.removeAttribute('aria-label');
    holder.current?.replaceChildren(drawn);
  };
  useEffect(() => {
    if (nothing !== undefined) return holder.current?.replaceChildren();
    if (isInTurn && holder.current) return drawInTurn(holder.current, put);
    return put();
    // oxlint-disable-next-line react/exhaustive-deps
  }, [title, nothing, ...keys]);
  return (
    <figure className="plot">
      <figcaption>
        <b>{title}</b>
        <span className="tools">
          {tools}
          <button
            type="button"
            className="btn quiet sm"
            aria-pressed={withTable}
            onClick={() => setWithTable(!withTable)}
          >
            {text('viewer.rows')}
          </button>
          <button type="button" className="btn quiet sm" onClick={() => saveText(`${name}.csv`, 'text/csv', csv())}>
            {text('viewer.csv')}
          </button>
          {nothing === undefined ? (
            <button
              type="button"
              className="btn quiet sm"
              onClick={() => {
                drawNow(holder.current);
                saveText(`${name}.svg`, 'image/svg+xml', pictureOf(holder.current));
              }}
            >
              {text('viewer.svg')}
            </button>
          ) : null}
        </span>
      </figcaption>
      <div
        className={nothing === undefined ? 'drawing' : 'drawing none'}
        ref={holder}
        onClick={(event) => {
          const box = event.currentTarget.getBoundingClientRect();
          onPoint?.(
            Math.min(
              1,
              Math.max(0, (event.clientX - box.left - plotSize.marginLeft) / (box.width - plotSize.marginLeft - 20)),
            ),
          );
        }}
      />
      {nothing === undefined ? null : <p className="s nothing">{nothing}</p>}
      {sentence === undefined ? null : <p className="s m2 said">{sentence}</p>}
      {withTable ? <Rows csv={csv()} title={title} /> : null}
      {children}
    </figure>
  );
}

/** Rows of the table behind a plot that stand on the page. */
const mostRows = 200;

/** The values behind a plot, as they leave as CSV. */
function Rows({ csv, title }: { csv: string; title: string }): JSX.Element {
  const text = useText();
  const { head, rows, count } = tableOf(csv, mostRows);
  return (
    <>
      {/* It scrolls by itself, also with the keyboard. */}
      <div className="behind" role="region" aria-label={title} tabIndex={0}>
        <table className="table num">
          <thead>
            <tr>
              {head.map((name, column) => (
                <th key={column} scope="col">
                  {name}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map((cells, row) => (
              <tr key={row}>
                {cells.map((cell, column) => (
                  <td key={column}>{cell}</td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {count > rows.length ? (
        <p className="xs m2">
          {text('viewer.rowsMore', { shown: writtenCount(rows.length), all: writtenCount(count) })}
        </p>
      ) : null}
    </>
  );
}

/** The drawn picture as a file of its own: the page's colours are written out, for elsewhere nobody knows their names. */
function pictureOf(holder: HTMLElement | null): string {
  // Plot puts its picture into a figure where it has a legend; the last picture is the plot.
  const drawn = [...(holder?.querySelectorAll('svg') ?? [])].at(-1);
  if (!holder || !drawn) return '';
  const colours = getComputedStyle(holder);
  if (!drawn.hasAttribute('xmlns')) drawn.setAttribute('xmlns', 'http://www.w3.org/2000/svg');
  return drawn.outerHTML.replace(
    /var\((--[\w-]+)\)/g,
    (_, name: string) => colours.getPropertyValue(name).trim() || 'black',
  );
}
