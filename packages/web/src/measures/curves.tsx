import * as Plot from '@observablehq/plot';
import type { CurveDefinition, LagPoint, MotionSummary, Paths, TrackSet } from '@micrarium/model';
import { type JSX, type ReactNode, useState } from 'react';
import { type MessageKey, useText } from '../messages/text.ts';
import { shortUnit } from '../messages/units.ts';
import { writtenCount, writtenNumber } from '../messages/written.ts';
import { Figure, oneTick, wholeTicks } from '../plots/figure.tsx';
import { PlotsInTurn } from '../plots/drawing-turns.ts';
import { band, boundsAfter, boundsCells, boundsHeads, boundsWords } from '../plots/bands.ts';
import { ChosenObjects, chooseOnClick } from '../explore/chosen-objects.tsx';
import type { CropFilm, CropTarget } from '../explore/object-crops.ts';
import type { FilmPlace } from '../viewer/open-film.ts';
import { CollectivePlots } from './collective-plots.tsx';
import { rose } from './drawings.ts';
import { LineageFigure } from './lineage-figure.tsx';
import { frame, headOf, line, type Measured, nothingOf, type Text, timeLabel } from './objects-over-time.tsx';
import { Origin } from './origin-figure.tsx';
import { Distribution, PairPlot } from './path-plots.tsx';
import type { PathTable } from './path-table.ts';

/** The pictures people expect of motility, each with its table and a sentence of how it was made. */
export function Curves({
  measures,
  table,
  paths,
  tracks,
  pathsInstead,
  set,
  part,
  film,
}: {
  measures: Measured;
  table: PathTable | undefined;
  paths: Paths | undefined;
  tracks: TrackSet | undefined;
  /** In the place of the plots of all paths, where these are not there. */
  pathsInstead: ReactNode;
  set: FilmPlace;
  part: number;
  film: CropFilm | undefined;
}): JSX.Element {
  const text = useText();
  const { summary, curves, units, definitions } = measures;
  const shown = { set, part, film };
  return (
    <section aria-labelledby="plots-title">
      <h2 id="plots-title">{text('measures.pictures')}</h2>
      <PlotsInTurn value={true}>
        <div className="plots grid">
          {paths && tracks ? (
            <Origin paths={paths} tracks={tracks} unit={shortUnit(units.length)} {...shown} />
          ) : (
            pathsInstead
          )}
          <Rose {...measures} />
          <Displacements {...measures} />
          <Correlation
            name="directional-autocorrelation"
            title={text('measures.autocorrelation')}
            sentence={autocorrelationWords(text, summary, units.time)}
            points={summary.directions.autocorrelation}
            unit={units.time}
            definition={definitions['directional-autocorrelation']}
          />
          <Correlation
            name="velocity-autocorrelation"
            title={text('measures.velocityAutocorrelation')}
            sentence={velocityWords(text, measures)}
            points={curves.velocityAutocorrelation}
            unit={units.time}
            definition={definitions['velocity-autocorrelation']}
            scale={
              curves.meanSquareVelocity === null
                ? undefined
                : { head: `not normalised (${units.speed})^2`, factor: curves.meanSquareVelocity }
            }
          />
          <SpeedOverTime {...measures} />
          <Turns {...measures} />
          {curves.cycles.length > 0 ? <Cycles measures={measures} {...shown} /> : null}
          <CollectivePlots
            collective={measures.collective}
            units={units}
            ratio={curves.directionality}
            definitions={definitions}
            {...shown}
          />
          {table
            ? distributions.map((one) => (
                <Distribution key={one.param} table={table} summary={summary} {...one} {...shown} />
              ))
            : null}
          {table ? <PairPlot table={table} summary={summary} {...shown} /> : null}
          {paths && tracks ? <LineageFigure tracks={tracks} paths={paths} {...shown} /> : null}
        </div>
      </PlotsInTurn>
    </section>
  );
}

/** What is distributed over the paths, unless the address says another measure. */
const distributions = [
  { param: 'measure', usual: 'mean_speed', title: 'measures.distributionOfSpeed' },
  { param: 'persistence', usual: 'straightness', title: 'measures.distributionOfPersistence' },
] as const;

/** What the note at the pointer says beside the value: interval and n. */
const tipChannels = (text: Text, n: 'n' | 'pairs') => ({
  interval: { value: boundsWords, label: text('measures.interval') },
  n: { value: n, label: 'n' },
});

/** Says that a band stands behind a curve, where one does. */
const bandWords = (text: Text, points: readonly { interval?: unknown }[]) =>
  points.some(({ interval }) => interval) ? text('measures.band') : '';

function autocorrelationWords(text: Text, { directions }: MotionSummary, unit: string): string {
  const { time, isNoisy, interval } = directions.persistence;
  return [
    text('measures.autocorrelationHow'),
    time === null
      ? ''
      : text('measures.persistence', {
          time: `${writtenNumber(time, 3)} ${shortUnit(unit)}${boundsAfter(interval)}`,
        }),
    isNoisy ? text('measures.noisy') : '',
  ].join(' ');
}

function velocityWords(text: Text, { curves, units }: Measured): string {
  const square = curves.meanSquareVelocity;
  const words = text('measures.velocityAutocorrelationHow');
  return square === null
    ? words
    : `${words} ${text('measures.meanSquareVelocity', { square: `${writtenNumber(square, 3)} (${shortUnit(units.speed)})²` })}`;
}

function Rose({ curves, collective }: Measured): JSX.Element {
  const text = useText();
  const length = collective.numbers.find(({ id }) => id === 'resultant_length');
  const { steps, statistics } = curves.headings;
  const width = (steps.to - steps.from) / steps.counts.length;
  return (
    <Figure
      title={text('measures.rose')}
      name="headings"
      sentence={`${text('measures.roseHow')} ${
        statistics
          ? text('measures.rayleigh', {
              length: `${writtenNumber(statistics.resultantLength, 2)}${boundsAfter(length?.interval)}`,
              p: statistics.rayleighP < 0.001 ? '< 0.001' : `= ${writtenNumber(statistics.rayleighP, 2)}`,
            })
          : ''
      }`}
      csv={() =>
        [
          'from (radian),to (radian),steps,paths',
          ...steps.counts.map((count, i) =>
            [steps.from + i * width, steps.from + (i + 1) * width, count, curves.headings.paths.counts[i]].join(','),
          ),
        ].join('\n')
      }
      draw={() => rose(steps, 240)}
      nothing={statistics ? undefined : nothingOf(text, 'resultant_length')}
      keys={[curves]}
    />
  );
}

/** Mean squared displacement on two logarithmic axes, with the power law that fits it. */
function Displacements({ summary, collective, units, definitions }: Measured): JSX.Element {
  const text = useText();
  const points = summary.msd.pooled.filter(({ msd }) => msd !== null && msd > 0);
  const { anomalous, furth } = summary.fits;
  const fitted = anomalous
    ? points.map(({ tau }) => ({
        tau,
        msd: 2 * summary.dimensions * anomalous.parameters.K * tau ** anomalous.parameters.alpha,
      }))
    : [];
  const bounds = (id: string) => boundsAfter(collective.numbers.find((one) => one.id === id)?.interval);
  const words = [
    text('measures.msdHow'),
    bandWords(text, points),
    anomalous
      ? text('measures.alpha', {
          alpha: `${writtenNumber(anomalous.parameters.alpha, 3)}${bounds('anomalous')}`,
          motion: text(`measures.motion.${anomalous.motion}` as MessageKey),
          lags: summary.fits.lags.join('–'),
        })
      : '',
    furth?.isResolved
      ? text('measures.furth', {
          speed: `${writtenNumber(furth.parameters.S, 3)} ${shortUnit(units.speed)}${bounds('furth_speed')}`,
          persistence: `${writtenNumber(furth.parameters.P, 3)} ${shortUnit(units.time)}${bounds('furth')}`,
        })
      : '',
  ];
  const square = shortUnit(`${units.length}^2`);
  return (
    <Figure
      title={text('measures.msd')}
      name="mean-squared-displacement"
      sentence={words.join(' ')}
      csv={() =>
        [
          [
            'lag (frame)',
            `lag time (${units.time})`,
            headOf(definitions['mean-squared-displacement']),
            ...boundsHeads,
            'pairs',
          ].join(','),
          ...summary.msd.pooled.map((row) => [row.lag, row.tau, row.msd ?? '', ...boundsCells(row), row.n].join(',')),
        ].join('\n')
      }
      draw={() =>
        Plot.plot({
          ...frame,
          marginLeft: 52,
          x: { label: `${text('measures.lag')} (${shortUnit(units.time)})`, type: 'log', ticks: 4 },
          y: { label: `${text('measures.msdAxis')} (${square})`, type: 'log', grid: true, ticks: 4 },
          marks: [
            Plot.line(fitted, { x: 'tau', y: 'msd', stroke: 'var(--d2)', strokeWidth: 1.5, strokeDasharray: '4 3' }),
            ...band(points, 'tau', { least: 0 }),
            Plot.dot(points, { x: 'tau', y: 'msd', r: 2, fill: 'var(--d1)' }),
            Plot.tip(points, Plot.pointerX({ x: 'tau', y: 'msd', channels: tipChannels(text, 'n') })),
          ],
        })
      }
      nothing={points.length > 0 ? undefined : text('measures.noPoints', { reason: text('measures.noMsd') })}
      keys={[summary]}
    />
  );
}

function Correlation({
  name,
  title,
  sentence,
  points,
  unit,
  definition,
  scale,
}: {
  name: string;
  title: string;
  sentence: string;
  points: readonly LagPoint[];
  unit: string;
  definition: CurveDefinition;
  /** A further column of the table: the values times a factor. */
  scale?: { head: string; factor: number } | undefined;
}): JSX.Element {
  const text = useText();
  const seen = points.filter(({ value }) => value !== null);
  return (
    <Figure
      title={title}
      name={name}
      sentence={`${sentence} ${bandWords(text, seen)}`}
      csv={() =>
        [
          [
            'lag (frame)',
            `lag time (${unit})`,
            headOf(definition),
            ...boundsHeads,
            'pairs',
            ...(scale ? [scale.head] : []),
          ].join(','),
          ...points.map((row) =>
            [
              row.lag,
              row.tau,
              row.value ?? '',
              ...boundsCells(row),
              row.pairs,
              ...(scale ? [row.value === null ? '' : row.value * scale.factor] : []),
            ].join(','),
          ),
        ].join('\n')
      }
      draw={() =>
        Plot.plot({
          ...frame,
          x: { label: `${text('measures.lag')} (${shortUnit(unit)})`, ...oneTick(seen.map(({ tau }) => tau)) },
          y: { label: text('measures.correlation'), grid: true, ticks: 5 },
          marks: [
            Plot.ruleY([0], { stroke: 'var(--axis)' }),
            ...band(seen, 'tau'),
            Plot.lineY(seen, { x: 'tau', y: 'value', ...line }),
            Plot.dot(seen, { x: 'tau', y: 'value', r: 2, fill: 'var(--d1)' }),
            Plot.tip(seen, Plot.pointerX({ x: 'tau', y: 'value', channels: tipChannels(text, 'pairs') })),
          ],
        })
      }
      nothing={seen.length > 0 ? undefined : nothingOf(text, definition.id)}
      keys={[points]}
    />
  );
}

function SpeedOverTime({ curves, units, definitions }: Measured): JSX.Element {
  const text = useText();
  const seen = curves.speeds.filter(({ value }) => value !== null);
  return (
    <Figure
      title={text('measures.speedOverTime')}
      name="speed-over-time"
      sentence={`${text('measures.speedOverTimeHow')} ${bandWords(text, seen)}`}
      csv={() =>
        [
          [
            'frame',
            `time (${units.time})`,
            `mean of ${headOf(definitions['speed-over-time'])}`,
            ...boundsHeads,
            'steps',
          ].join(','),
          ...curves.speeds.map((row) => [row.frame, row.time, row.value ?? '', ...boundsCells(row), row.n].join(',')),
        ].join('\n')
      }
      draw={() =>
        Plot.plot({
          ...frame,
          x: { label: timeLabel(text, units.time), ...oneTick(seen.map(({ time }) => time)) },
          y: { label: `${text('viewer.speed')} (${shortUnit(units.speed)})`, grid: true, zero: true, ticks: 5 },
          marks: [
            ...band(seen, 'time'),
            Plot.lineY(seen, { x: 'time', y: 'value', ...line }),
            Plot.tip(seen, Plot.pointerX({ x: 'time', y: 'value', channels: tipChannels(text, 'n') })),
          ],
        })
      }
      nothing={seen.length > 0 ? undefined : nothingOf(text, 'mean_speed')}
      keys={[curves]}
    />
  );
}

function Turns({ curves }: Measured): JSX.Element {
  const text = useText();
  const { from, to, counts } = curves.turns;
  const width = (to - from) / counts.length;
  const bins = counts.map((count, i) => ({
    from: ((from + i * width) * 180) / Math.PI,
    to: ((from + (i + 1) * width) * 180) / Math.PI,
    count,
  }));
  return (
    <Figure
      title={text('measures.turns')}
      name="turning-angles"
      sentence={text('measures.turnsHow')}
      csv={() =>
        ['from (degree),to (degree),turns', ...bins.map((bin) => `${bin.from},${bin.to},${bin.count}`)].join('\n')
      }
      draw={() =>
        Plot.plot({
          ...frame,
          marginLeft: 60,
          x: { label: `${text('measures.turn')} (°)`, ticks: [0, 45, 90, 135, 180] },
          y: { label: text('measures.turnsAxis'), grid: true, ticks: wholeTicks(counts) },
          marks: [
            Plot.rectY(bins, { x1: 'from', x2: 'to', y: 'count', fill: 'var(--d1)', inset: 0.5, tip: true }),
            Plot.ruleY([0], { stroke: 'var(--axis)' }),
          ],
        })
      }
      nothing={counts.some((count) => count > 0) ? undefined : nothingOf(text, 'mean_turning_angle')}
      keys={[curves]}
    />
  );
}

/** Lengths of complete cycles, one dot for each cell, by generation. */
function Cycles({
  measures: { curves, summary, units },
  set,
  part,
  film,
}: {
  measures: Measured;
  set: FilmPlace;
  part: number;
  film: CropFilm | undefined;
}): JSX.Element {
  const text = useText();
  const [chosen, setChosen] = useState<readonly CropTarget[]>([]);
  const dots = curves.cycles.filter(({ generation }) => generation !== null);
  const { medianCycleLength: middle, censored } = summary.lineage;
  return (
    <Figure
      title={text('measures.cycles')}
      name="cycle-lengths"
      sentence={`${text('measures.cyclesHow')} ${text('measures.cyclesCensored', {
        left: writtenCount(censored.left),
        right: writtenCount(censored.right),
        both: writtenCount(censored.both),
      })} ${middle === null ? '' : text('measures.medianCycle', { time: `${writtenNumber(middle, 3)} ${shortUnit(units.time)}` })}`}
      csv={() =>
        [
          `generation,cell_cycle_length v1 (${units.time}),first_object,first_frame,track`,
          ...curves.cycles.map((row) =>
            [row.generation ?? '', row.cycleLength, row.object, row.frame, row.track].join(','),
          ),
        ].join('\n')
      }
      draw={() => {
        const drawn = Plot.plot({
          ...frame,
          x: { type: 'band', label: text('measures.generation') },
          y: { label: `${text('measures.cycle')} (${shortUnit(units.time)})`, grid: true, zero: true, ticks: 5 },
          marks: [
            Plot.dot(dots, {
              x: 'generation',
              y: 'cycleLength',
              r: 2.5,
              fill: 'var(--d1)',
              fillOpacity: 0.6,
              tip: true,
            }),
            Plot.tickY(dots, Plot.groupX({ y: 'median' }, { x: 'generation', y: 'cycleLength', stroke: 'var(--d6)' })),
          ],
        });
        chooseOnClick(drawn, setChosen);
        return drawn;
      }}
      keys={[curves]}
    >
      <ChosenObjects set={set} part={part} film={film} chosen={chosen} all={dots} choose={setChosen} />
    </Figure>
  );
}
