import * as Plot from '@observablehq/plot';
import { type JSX, useEffect, useRef } from 'react';
import { useText } from '../messages/text.ts';
import { saveText } from './save.ts';
import { shortUnit } from './tracks-panel.tsx';

/** What the plots draw, as the server measured it. */
export interface Measures {
  frames: { frame: number; time: number | null; objects: number }[];
  tracks: {
    track: number;
    objects: number;
    firstFrame: number;
    lastFrame: number;
    duration: number | null;
    pathLength: number | null;
    netDisplacement: number | null;
    meanSpeed: number | null;
  }[];
  units: { length: string; time: string; speed: string };
}

const size = { width: 340, height: 168, marginLeft: 44, marginBottom: 34, marginTop: 24 };
const style = { background: 'transparent', color: 'var(--ink-2)', fontSize: '12px', fontFamily: 'var(--font-sans)' };

/** Objects over time with the shown frame marked, and the distributions of path length and mean speed. */
export function Plots({
  measures,
  frame,
  onFrame,
}: {
  measures: Measures;
  frame: number;
  onFrame(frame: number): void;
}): JSX.Element {
  const text = useText();
  const hasTime = measures.frames.some((row) => row.time !== null);
  const x = (row: Measures['frames'][number]) => (hasTime ? row.time : row.frame);
  const now = measures.frames.find((row) => row.frame === frame);
  const { length, time, speed } = measures.units;
  const speeds = measures.tracks.flatMap((track) => (track.meanSpeed === null ? [] : [track.meanSpeed]));
  return (
    <div className="plots">
      <Figure
        title={text('viewer.objectsOverTime')}
        name="objects-over-time"
        csv={() =>
          [
            `frame,time (${time}),objects`,
            ...measures.frames.map((row) => `${row.frame},${row.time ?? ''},${row.objects}`),
          ].join('\n')
        }
        draw={() =>
          Plot.plot({
            ...size,
            style,
            x: { label: hasTime ? `${text('viewer.timeAxis')} (${shortUnit(time)})` : text('viewer.frameAxis') },
            y: {
              label: text('viewer.objectsAxis'),
              grid: true,
              zero: true,
              ticks: wholeTicks(measures.frames.map((row) => row.objects)),
            },
            marks: [
              Plot.lineY(measures.frames, { x, y: 'objects', stroke: 'var(--d1)', strokeWidth: 1.5 }),
              ...(now
                ? [
                    Plot.ruleX([x(now)], { stroke: 'var(--ink-2)' }),
                    Plot.dot([now], { x, y: 'objects', fill: 'var(--accent)', r: 4 }),
                  ]
                : []),
            ],
          })
        }
        onPoint={(fraction) => {
          const row = measures.frames[Math.round(fraction * (measures.frames.length - 1))];
          if (row) onFrame(row.frame);
        }}
        keys={[frame, measures]}
      />
      <Distribution
        title={text('viewer.trackLengths')}
        label={text('viewer.pathLength')}
        name="path-length"
        values={measures.tracks.flatMap((track) => (track.pathLength === null ? [] : [track.pathLength]))}
        unit={length}
      />
      <Distribution
        title={text('viewer.speeds')}
        label={text('viewer.speed')}
        name="mean-speed"
        values={speeds}
        unit={speed}
      />
    </div>
  );
}

/** Bars of a distribution; twenty of equal width tell its shape without telling noise. */
const barCount = 20;

/** Values counted in bars of equal width from the smallest to the largest. */
export function binsOf(values: readonly number[]): { from: number; to: number; count: number }[] {
  if (values.length === 0) return [];
  const low = values.reduce((least, value) => Math.min(least, value), Number.POSITIVE_INFINITY);
  const high = values.reduce((most, value) => Math.max(most, value), Number.NEGATIVE_INFINITY);
  const width = (high - low) / barCount || 1;
  const bins = Array.from({ length: barCount }, (_, index) => ({
    from: low + index * width,
    to: low + (index + 1) * width,
    count: 0,
  }));
  for (const value of values) bins[Math.min(barCount - 1, Math.floor((value - low) / width))]!.count++;
  return bins;
}

/** How many ticks a count axis takes so that all stand at whole numbers. */
function wholeTicks(counts: readonly number[]): number {
  return Math.max(1, Math.min(4, Math.max(0, ...counts)));
}

function Distribution({
  title,
  label,
  name,
  values,
  unit,
}: {
  title: string;
  label: string;
  name: string;
  values: number[];
  unit: string;
}): JSX.Element {
  const text = useText();
  const bins = binsOf(values);
  return (
    <Figure
      title={title}
      name={name}
      csv={() => [`${name} (${unit})`, ...values].join('\n')}
      draw={() =>
        Plot.plot({
          ...size,
          style,
          x: { label: `${label} (${shortUnit(unit)})` },
          y: { label: text('viewer.tracksAxis'), grid: true, ticks: wholeTicks(bins.map((bin) => bin.count)) },
          marks: [
            Plot.rectY(bins, { x1: 'from', x2: 'to', y: 'count', fill: 'var(--d1)', inset: 0.5 }),
            Plot.ruleY([0], { stroke: 'var(--axis)' }),
          ],
        })
      }
      keys={[values]}
    />
  );
}

interface FigureProps {
  title: string;
  name: string;
  draw(): Element;
  csv(): string;
  onPoint?(fraction: number): void;
  /** Drawn again when one of these changes. */
  keys: readonly unknown[];
}

function Figure({ title, name, draw, csv, onPoint, keys }: FigureProps): JSX.Element {
  const text = useText();
  const holder = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const drawn = draw();
    drawn.setAttribute('role', 'img');
    drawn.setAttribute('aria-label', title);
    // Groups have no role that could carry the names Plot gives them; the picture has one name.
    for (const part of drawn.querySelectorAll('g[aria-label]')) part.removeAttribute('aria-label');
    holder.current?.replaceChildren(drawn);
    // oxlint-disable-next-line react/exhaustive-deps
  }, [title, ...keys]);
  return (
    <figure className="plot">
      <figcaption>
        <b>{title}</b>
        <span className="tools">
          <button type="button" className="btn quiet sm" onClick={() => saveText(`${name}.csv`, 'text/csv', csv())}>
            {text('viewer.csv')}
          </button>
          <button
            type="button"
            className="btn quiet sm"
            onClick={() =>
              saveText(`${name}.svg`, 'image/svg+xml', holder.current?.querySelector('svg')?.outerHTML ?? '')
            }
          >
            {text('viewer.svg')}
          </button>
        </span>
      </figcaption>
      <div
        ref={holder}
        onClick={(event) => {
          const box = event.currentTarget.getBoundingClientRect();
          onPoint?.(
            Math.min(1, Math.max(0, (event.clientX - box.left - size.marginLeft) / (box.width - size.marginLeft - 20))),
          );
        }}
      />
    </figure>
  );
}
