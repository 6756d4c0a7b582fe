import * as Plot from '@observablehq/plot';
import type { CollectiveMotion, CurveDefinition, CurveName, LagPoint } from '@micrarium/model';
import { type JSX, useState } from 'react';
import { ChosenObjects, chooseOnClick } from '../explore/chosen-objects.tsx';
import type { CropFilm, CropTarget } from '../explore/object-crops.ts';
import { useText } from '../messages/text.ts';
import { shortUnit } from '../messages/units.ts';
import { writtenNumber } from '../messages/written.ts';
import { band, boundsAfter, boundsCells, boundsHeads, boundsWords } from '../plots/bands.ts';
import { Figure, oneTick, plotSize, plotStyle } from '../plots/figure.tsx';
import type { FilmPlace } from '../viewer/open-film.ts';
import { velocityArrows } from './drawings.ts';
import { nothingOf, timeLabel } from './objects-over-time.tsx';

interface Units {
  length: string;
  time: string;
  speed: string;
}

type VanHoveCurves = CollectiveMotion['curves']['vanHoveLags'];

interface Part {
  collective: CollectiveMotion;
  units: Units;
}

/** The set whose objects are shown when a dot is chosen. */
interface Shown {
  set: FilmPlace;
  part: number;
  film: CropFilm | undefined;
}

/** One point of a curve. */
interface Point {
  x: number;
  value: number | null;
  n: number;
  dashed?: number | null;
  interval?: { low: number; high: number } | null;
}

const frame = { ...plotSize, height: 220, style: plotStyle };

/** How objects move together: pictures of the population, each with its table and a sentence of how it was made. */
export function CollectivePlots({
  collective,
  units,
  ratio,
  definitions,
  ...shown
}: Part &
  Shown & {
    ratio: readonly LagPoint[];
    definitions: Record<CurveName, CurveDefinition>;
  }): JSX.Element {
  const text = useText();
  const { curves, radius } = collective;
  const length = shortUnit(units.length);
  const lag = `${text('measures.lag')} (${shortUnit(units.time)})`;
  const distance = `${text('population.distance')} (${length})`;
  const idOf = (name: CurveName) => `${definitions[name].id} v${definitions[name].version}`;
  const crossing = collective.numbers.find(({ id }) => id === 'correlation_length');
  const zero = crossing?.value ?? null;
  const most = curves.overlap.reduce((best, { chi4 }) => Math.max(best, chi4 ?? 0), 0);
  const ofLag = (points: CollectiveMotion['curves']['pairSeparation']): Point[] =>
    points.map(({ tau, value, n, interval = null }) => ({ x: tau, value, n, interval }));
  const ofDistance = (points: CollectiveMotion['curves']['velocityCorrelation'], factor = 1): Point[] =>
    points.map(({ distance: x, value, pairs, interval }) => ({
      x,
      value: value === null ? null : value * factor,
      n: pairs,
      interval: interval ? { low: interval.low * factor, high: interval.high * factor } : null,
    }));
  return (
    <>
      <Curve
        id="directionality_ratio"
        name="directionality-ratio"
        title={text('population.ratio')}
        sentence={text('population.ratioHow')}
        points={ratio.map(({ tau, value, pairs, interval = null }) => ({ x: tau, value, n: pairs, interval }))}
        x={lag}
        y={text('population.ratio')}
        columns={[`lag time (${units.time})`, idOf('directionality-ratio'), 'paths']}
      />
      <Curve
        id="velocity_correlation"
        name="velocity-correlation"
        band="population.pairBand"
        title={text('population.velocityCorrelation')}
        sentence={[
          text('population.velocityCorrelationHow'),
          zero === null
            ? ''
            : text('population.correlationLengthIs', {
                length: `${writtenNumber(zero, 3)} ${length}${boundsAfter(crossing?.interval)}`,
              }),
        ].join(' ')}
        points={ofDistance(curves.velocityCorrelation)}
        x={distance}
        y={text('measures.correlation')}
        columns={[`distance (${units.length})`, idOf('velocity-correlation'), 'pairs']}
      />
      {collective.field ? <Field collective={collective} units={units} /> : null}
      <Curve
        id="order_parameter"
        name="order-parameter"
        band="population.orderBand"
        title={text('population.order')}
        sentence={text('population.orderHow')}
        points={curves.order.map(({ time, value, n, interval = null }) => ({ x: time, value, n, interval }))}
        x={units.time === 'frame' ? text('viewer.frameAxis') : `${text('viewer.timeAxis')} (${shortUnit(units.time)})`}
        y={text('population.order')}
        columns={[`time (${units.time})`, idOf('order-parameter'), 'steps']}
      />
      <Curve
        id="cell_pairs"
        name="cell-pairs"
        band="population.pairBand"
        title={text('population.cellPairs')}
        sentence={text('population.cellPairsHow')}
        points={ofDistance(curves.cellPairs, 180 / Math.PI)}
        x={distance}
        y={`${text('population.angle')} (°)`}
        columns={[`distance (${units.length})`, `${idOf('cell-pairs')} (degree)`, 'pairs']}
      />
      <Curve
        id="overlap"
        name="overlap"
        title={text('population.overlapPlot')}
        sentence={text('population.overlapHow', {
          distance: `${writtenNumber(curves.overlapDistance ?? 0, 3)} ${length}`,
          most: writtenNumber(most, 3),
        })}
        points={curves.overlap.map(({ tau, value, n, chi4, interval = null }) => ({
          x: tau,
          value,
          n,
          interval,
          dashed: most > 0 && chi4 !== null ? chi4 / most : null,
        }))}
        x={lag}
        y={text('population.overlapPlot')}
        columns={[`lag time (${units.time})`, idOf('overlap'), 'objects', 'chi_4 v1 / largest']}
      />
      <Curve
        id="pair_separation_msd"
        name="pair-separation"
        band="population.pairBand"
        title={text('population.separation')}
        sentence={text('population.separationHow', { radius: `${writtenNumber((radius ?? 0) / 3, 3)} ${length}` })}
        points={ofLag(curves.pairSeparation)}
        x={lag}
        y={`${text('measures.msdAxis')} (${length}²)`}
        columns={[`lag time (${units.time})`, `${idOf('pair-separation')} (${units.length}^2)`, 'pairs']}
      />
      <Curve
        id="ripley_L"
        name="ripley"
        band="population.centreBand"
        title={text('population.ripley')}
        sentence={text('population.ripleyHow')}
        points={curves.ripley.map(({ radius: x, value, n, interval = null }) => ({ x, value, n, interval }))}
        x={distance}
        y={`L(r) − r (${length})`}
        columns={[`radius (${units.length})`, `${idOf('ripley')} L - r (${units.length})`, 'objects']}
      />
      {curves.vanHoveLags.length > 0 ? (
        <VanHove curves={curves.vanHoveLags} units={units} idOf={idOf('van-hove')} />
      ) : null}
      <Curve
        id="non_gaussian"
        name="non-gaussian"
        title={text('population.nonGaussian')}
        sentence={text('population.nonGaussianHow')}
        points={curves.nonGaussian.map(({ tau, value, radial, n, interval = null }) => ({
          x: tau,
          value,
          n,
          interval,
          dashed: radial,
        }))}
        x={lag}
        y={text('population.nonGaussian')}
        columns={[`lag time (${units.time})`, idOf('non-gaussian'), 'displacements', 'non_gaussian_radial v1']}
      />
      {curves.divisionRate.length > 0 ? (
        <Curve
          id="division_rate"
          name="division-rate"
          band="population.lifeBand"
          title={text('population.divisionRate')}
          sentence={text('population.divisionRateHow')}
          points={curves.divisionRate.map(({ time, value, n, interval = null }) => ({ x: time, value, n, interval }))}
          x={timeLabel(text, units.time)}
          y={`${text('population.divisionRate')} (${shortUnit(`1/${units.time}`)})`}
          columns={[`time (${units.time})`, `division_rate v1 (1/${units.time})`, 'divisions']}
        />
      ) : null}
      {curves.divisions.length > 0 ? <Divisions collective={collective} units={units} {...shown} /> : null}
    </>
  );
}

/** A curve of dots and lines; where it has no value, it says why. */
function Curve({
  id,
  name,
  title,
  sentence,
  points,
  x,
  y,
  columns,
  band: bandHow = 'measures.band',
}: {
  /** Of the measure, which says when it has no value. */
  id: string;
  name: string;
  title: string;
  sentence: string;
  points: readonly Point[];
  x: string;
  y: string;
  columns: readonly string[];
  /** How the interval was made. */
  band?:
    | 'measures.band'
    | 'population.pairBand'
    | 'population.centreBand'
    | 'population.orderBand'
    | 'population.lifeBand';
}): JSX.Element {
  const text = useText();
  const seen = points.filter(({ value }) => value !== null);
  const dashed = points.filter((point) => point.dashed != null);
  const hasBand = points.some(({ interval }) => interval);
  return (
    <Figure
      title={title}
      name={name}
      sentence={hasBand ? `${sentence} ${text(bandHow)}` : sentence}
      csv={() =>
        [
          [...columns, ...(hasBand ? boundsHeads : [])].join(','),
          ...points.map((row) =>
            [
              row.x,
              row.value ?? '',
              row.n,
              ...(columns.length > 3 ? [row.dashed ?? ''] : []),
              ...(hasBand ? boundsCells(row) : []),
            ].join(','),
          ),
        ].join('\n')
      }
      draw={() =>
        Plot.plot({
          ...frame,
          x: { label: x, ...oneTick(seen.map((point) => point.x)) },
          y: { label: y, grid: true, ticks: 5 },
          marks: [
            Plot.ruleY([0], { stroke: 'var(--axis)' }),
            ...band(seen, 'x'),
            Plot.lineY(dashed, { x: 'x', y: 'dashed', stroke: 'var(--d2)', strokeDasharray: '4 3' }),
            Plot.lineY(seen, { x: 'x', y: 'value', stroke: 'var(--d1)', strokeWidth: 1.5 }),
            ...(seen.length > 60 ? [] : [Plot.dot(seen, { x: 'x', y: 'value', r: 2, fill: 'var(--d1)' })]),
            Plot.tip(
              seen,
              Plot.pointerX({
                x: 'x',
                y: 'value',
                channels: {
                  n: 'n',
                  ...(hasBand ? { interval: { value: boundsWords, label: text('measures.interval') } } : {}),
                },
              }),
            ),
          ],
        })
      }
      nothing={seen.length > 0 ? undefined : nothingOf(text, id)}
      keys={[points.length, seen, sentence]}
    />
  );
}

function Field({ collective, units }: Part): JSX.Element {
  const text = useText();
  const field = collective.field!;
  const fastest = field.cells.reduce((most, { vx, vy }) => Math.max(most, Math.hypot(vx, vy)), 0);
  return (
    <Figure
      title={text('population.field')}
      name="velocity-field"
      sentence={text('population.fieldHow', { speed: `${writtenNumber(fastest, 3)} ${shortUnit(units.speed)}` })}
      csv={() =>
        [
          `x (${units.length}),y (${units.length}),vx (${units.speed}),vy (${units.speed}),steps`,
          ...field.cells.map(({ x, y, vx, vy, n }) => [x, y, vx, vy, n].join(',')),
        ].join('\n')
      }
      draw={() => velocityArrows(field, 300, shortUnit(units.length), shortUnit(units.speed))}
      keys={[field]}
    />
  );
}

const lagColours = ['var(--d1)', 'var(--d2)', 'var(--d3)'];

/** Displacements along x over several lags, each with the Gaussian of the same width. */
function VanHove({ curves, units, idOf }: { curves: VanHoveCurves; units: Units; idOf: string }): JSX.Element {
  const text = useText();
  const length = shortUnit(units.length);
  const bars = curves.flatMap(({ lag, tau, from, to, counts, meanSquare }, of) => {
    const width = (to - from) / counts.length;
    const all = counts.reduce((sum, count) => sum + count, 0);
    return counts.map((count, i) => {
      const middle = from + (i + 0.5) * width;
      const gaussian =
        (all * width * Math.exp(-(middle ** 2) / (2 * meanSquare))) / Math.sqrt(2 * Math.PI * meanSquare);
      return { lag, tau, from: from + i * width, to: from + (i + 1) * width, middle, count, gaussian, of };
    });
  });
  const seen = bars.filter(({ count }) => count > 0);
  const colour = ({ of }: { of: number }) => lagColours[of];
  return (
    <Figure
      title={text('population.vanHove')}
      name="van-hove"
      sentence={text('population.vanHoveHow', {
        lags: curves.map(({ tau }) => `${writtenNumber(tau, 3)} ${shortUnit(units.time)}`).join(', '),
      })}
      csv={() =>
        [
          `lag (frame),lag time (${units.time}),from (${units.length}),to (${units.length}),${idOf} displacements,gaussian`,
          ...bars.map(({ lag, tau, from, to, count, gaussian }) => [lag, tau, from, to, count, gaussian].join(',')),
        ].join('\n')
      }
      draw={() =>
        Plot.plot({
          ...frame,
          x: { label: `${text('population.vanHove')} (${length})` },
          y: { label: text('population.steps'), type: 'log', grid: true, ticks: 4 },
          marks: [
            Plot.line(
              bars.filter(({ gaussian }) => gaussian >= 0.5),
              { x: 'middle', y: 'gaussian', z: 'lag', stroke: colour, strokeDasharray: '4 3' },
            ),
            Plot.dot(seen, { x: 'middle', y: 'count', r: 2.5, fill: colour }),
            Plot.tip(
              seen,
              Plot.pointer({
                x: 'middle',
                y: 'count',
                channels: { lag: { value: 'tau', label: text('measures.lag') } },
              }),
            ),
          ],
        })
      }
      keys={[curves]}
    />
  );
}

function Divisions({ collective, units, ...shown }: Part & Shown): JSX.Element {
  const text = useText();
  const [chosen, setChosen] = useState<readonly CropTarget[]>([]);
  const all = collective.curves.divisions;
  const dots = all.flatMap(({ time, angle, object, frame: at, track }) =>
    time === null || angle === null ? [] : [{ time, angle: (angle * 180) / Math.PI, object, frame: at, track }],
  );
  return (
    <Figure
      title={text('population.divisions')}
      name="divisions"
      sentence={text('population.divisionsHow')}
      csv={() =>
        [
          `time (${units.time}),division_angle v1 (radian),separation_speed v1 (${units.speed}),mother_object,frame,track`,
          ...all.map(({ time, angle, separationSpeed, object, frame: at, track }) =>
            [time ?? '', angle ?? '', separationSpeed ?? '', object, at, track].join(','),
          ),
        ].join('\n')
      }
      draw={() => {
        const drawn = Plot.plot({
          ...frame,
          x: {
            label:
              units.time === 'frame'
                ? text('viewer.frameAxis')
                : `${text('viewer.timeAxis')} (${shortUnit(units.time)})`,
          },
          y: { label: `${text('population.angle')} (°)`, domain: [0, 180], ticks: [0, 45, 90, 135, 180], grid: true },
          marks: [Plot.dot(dots, { x: 'time', y: 'angle', r: 2.5, fill: 'var(--d1)', fillOpacity: 0.6, tip: true })],
        });
        chooseOnClick(drawn, setChosen);
        return drawn;
      }}
      keys={[all]}
    >
      <ChosenObjects {...shown} chosen={chosen} all={dots} choose={setChosen} />
    </Figure>
  );
}
