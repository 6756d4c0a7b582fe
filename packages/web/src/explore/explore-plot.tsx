import * as Plot from '@observablehq/plot';
import type { JSX } from 'react';
import { navigate } from '../app/router.tsx';
import { measureTitle } from '../measures/measure-titles.ts';
import { useText } from '../messages/text.ts';
import { shortUnit } from '../messages/units.ts';
import { writtenCount } from '../messages/written.ts';
import { Figure } from '../plots/figure.tsx';
import type { Dot, Panel } from './comparing.ts';
import { exploredCsv } from './explored-table.ts';
import { groupFrame, groupScales } from './group-plot.ts';
import { pagesOf } from './words.ts';

/** Dots up to which each has a line of its own, and its interval is drawn. */
const mostLines = 60;

/** Sets of one unit: one measure as dots in lines, two as a scatter plot. */
export function ExplorePlot({
  panel,
  measures,
  groups,
}: {
  panel: Panel;
  measures: readonly string[];
  groups: readonly string[];
}): JSX.Element {
  const text = useText();
  const { units, dots } = panel;
  const labels = measures.map((id, at) => {
    const unit = units[at] ? ` (${shortUnit(units[at])})` : '';
    return `${text(measureTitle(id))}${unit}`;
  });
  const spelled = [...new Set(units.filter((unit) => unit !== ''))].map(shortUnit).join(', ');
  const names = { set: text('explore.dataset'), study: text('explore.study') };
  const title = spelled === '' ? text('explore.plotPlain') : text('explore.plot', { units: spelled });
  return (
    <Figure
      title={title}
      name={['explore', ...measures].join('-')}
      sentence={text('explore.plotHow', { count: dots.length, n: writtenCount(dots.length) })}
      csv={() =>
        exploredCsv(
          dots.map(({ set }) => set),
          measures,
          location.origin,
        )
      }
      draw={() => {
        const drawn =
          measures.length > 1 ? scatter(dots, labels, groups, names) : lines(dots, labels[0]!, groups, names);
        openOnClick(drawn);
        return drawn;
      }}
      keys={[dots, ...labels, groups]}
    />
  );
}

type Drawn = ReturnType<typeof Plot.plot>;
interface Names {
  set: string;
  study: string;
}

const dotLook = ({ set, study }: Names) => ({
  fill: 'group',
  symbol: 'group',
  r: 4.5,
  channels: {
    set: { value: (dot: Dot) => dot.set.name, label: set },
    study: { value: (dot: Dot) => dot.set.title, label: study },
  },
  tip: { format: { symbol: false, fill: false } },
});

const whisker = { stroke: 'group', strokeWidth: 1.2, strokeOpacity: 0.6 };

function scatter(dots: readonly Dot[], [x, y]: readonly string[], groups: readonly string[], names: Names): Drawn {
  const hasWhiskers = dots.length <= mostLines;
  const across = dots.filter(({ low, high }) => low !== undefined && high !== undefined);
  const up = dots.filter(({ yLow, yHigh }) => yLow !== undefined && yHigh !== undefined);
  return Plot.plot({
    ...groupFrame(),
    height: 400,
    ...groupScales(groups),
    x: { label: x!, grid: true, nice: true },
    y: { label: y!, grid: true, nice: true },
    marks: [
      ...(hasWhiskers
        ? [
            Plot.ruleY(across, { x1: 'low', x2: 'high', y: 'y', ...whisker }),
            Plot.ruleX(up, { y1: 'yLow', y2: 'yHigh', x: 'x', ...whisker }),
          ]
        : []),
      Plot.dot(dots, { x: 'x', y: 'y', ...dotLook(names) }),
    ],
  });
}

/** One line for each set, by its mean; of many sets one line for each group. */
function lines(dots: readonly Dot[], label: string, groups: readonly string[], names: Names): Drawn {
  const isMany = dots.length > mostLines;
  const sorted = dots.toSorted((a, b) => a.x - b.x).map((dot, at) => ({ ...dot, line: isMany ? dot.group : at }));
  const whole = sorted.filter(({ low, high }) => low !== undefined && high !== undefined);
  return Plot.plot({
    ...groupFrame(),
    marginLeft: 20,
    height: 80 + (isMany ? groups.length * 36 : sorted.length * 14),
    ...groupScales(groups),
    x: { label, grid: true, nice: true },
    y: { type: 'point', axis: null, domain: isMany ? groups : sorted.map(({ line }) => line) },
    marks: [
      ...(isMany ? [] : [Plot.ruleY(whole, { x1: 'low', x2: 'high', y: 'line', ...whisker })]),
      Plot.dot(sorted, { x: 'x', y: 'line', ...dotLook(names), fillOpacity: isMany ? 0.5 : 1 }),
    ],
  });
}

/** A click of a mouse on a dot opens its measures. Fingers only see the note beside it: the table has the links. */
function openOnClick(drawn: Drawn): void {
  drawn.style.cursor = 'pointer';
  drawn.addEventListener('click', (event) => {
    const dot = (drawn as { value?: Dot | null }).value;
    if (!dot || (event as PointerEvent).pointerType !== 'mouse') return;
    const { measures, search } = pagesOf(dot.set);
    void navigate(measures, { search });
  });
}
