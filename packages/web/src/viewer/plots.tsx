import * as Plot from '@observablehq/plot';
import type { JSX } from 'react';
import { useText } from '../messages/text.ts';
import { binsOf, Figure, plotSize as size, plotStyle as style, wholeTicks } from '../plots/figure.tsx';
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
