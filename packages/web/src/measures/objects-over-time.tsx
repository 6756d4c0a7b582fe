import * as Plot from '@observablehq/plot';
import {
  type CollectiveMotion,
  type CurveDefinition,
  type CurveName,
  measureDefinitions,
  type MotionCurves,
  type MotionSummary,
} from '@micrarium/model';
import type { JSX } from 'react';
import { type MessageKey, useText } from '../messages/text.ts';
import { shortUnit } from '../messages/units.ts';
import { writtenNumber } from '../messages/written.ts';
import { Figure, plotSize, plotStyle, wholeTicks } from '../plots/figure.tsx';
import { reasonKey } from './measure-titles.ts';

/** What the page shows: the answer of `getMeasures`. */
export interface Measured {
  units: { length: string; time: string; speed: string };
  summary: MotionSummary;
  curves: MotionCurves;
  collective: CollectiveMotion;
  definitions: Record<CurveName, CurveDefinition>;
}

/** Size and letters of the plots of this page. */
export const frame = { ...plotSize, height: 220, style: plotStyle };
/** How a curve is drawn. */
export const line = { stroke: 'var(--d1)', strokeWidth: 1.5 };

/** The words of the page. */
export type Text = (key: MessageKey, values?: Record<string, string | number>) => string;

/** Head of a column of a CSV: the definition of what stands in it, and its unit. */
export const headOf = ({ id, version, unit }: CurveDefinition) => `${id} v${version}${unit === '' ? '' : ` (${unit})`}`;

/** What stands below an axis of time. */
export const timeLabel = (text: Text, unit: string) =>
  unit === 'frame' ? text('viewer.frameAxis') : `${text('viewer.timeAxis')} (${shortUnit(unit)})`;

/** What stands in the place of a plot of a measure that has no value: why it has none. */
export const nothingOf = (text: Text, id: string) =>
  text('measures.noPoints', { reason: text(reasonKey(measureDefinitions.get(id)?.undefinedWhen ?? '')) });

/** How many objects each frame has: the proliferation curve. */
export function ObjectsOverTime({ curves, summary, units, definitions }: Measured): JSX.Element {
  const text = useText();
  const hasTime = curves.objects.some(({ time }) => time !== null);
  const single = (hasTime ? curves.objects[0]?.time : undefined) ?? curves.objects[0]?.frame ?? 0;
  const doubling = summary.doublingTime;
  return (
    <Figure
      title={text('viewer.objectsOverTime')}
      name="objects-over-time"
      sentence={`${text('measures.objectsHow')} ${doubling === null ? '' : text('measures.doubling', { time: `${writtenNumber(doubling, 3)} ${shortUnit(units.time)}` })}`}
      csv={() =>
        [
          `frame,time (${units.time}),${headOf(definitions['objects-over-time'])}`,
          ...curves.objects.map((row) => `${row.frame},${row.time ?? ''},${row.objects}`),
        ].join('\n')
      }
      draw={() =>
        Plot.plot({
          ...frame,
          // Room for counts of a million.
          marginLeft: 60,
          x: {
            label: timeLabel(text, hasTime ? units.time : 'frame'),
            // A single frame has one mark, at its own number.
            ...(curves.objects.length === 1 ? { ticks: [single], tickFormat: String } : {}),
          },
          y: {
            label: text('viewer.objectsAxis'),
            grid: true,
            zero: true,
            ticks: wholeTicks(curves.objects.map((row) => row.objects)),
          },
          marks: [
            ...(curves.objects.length > 1
              ? []
              : [Plot.dot(curves.objects, { x: hasTime ? 'time' : 'frame', y: 'objects', r: 3, fill: 'var(--d1)' })]),
            Plot.lineY(curves.objects, { x: hasTime ? 'time' : 'frame', y: 'objects', ...line }),
            Plot.tip(curves.objects, Plot.pointerX({ x: hasTime ? 'time' : 'frame', y: 'objects' })),
          ],
        })
      }
      keys={[curves]}
    />
  );
}
