import * as Plot from '@observablehq/plot';
import { type JSX, useState } from 'react';
import { useAnswer } from '../app/answers.ts';
import { api, routes } from '../app/api.ts';
import { AnswerFailed } from '../app/failures.tsx';
import { measureTitle } from '../measures/measure-titles.ts';
import { useText } from '../messages/text.ts';
import { shortUnit } from '../messages/units.ts';
import { writtenCount } from '../messages/written.ts';
import { Figure, plotSize, plotStyle } from '../plots/figure.tsx';
import { ChosenObjects, filmOf, RangeChoice } from './chosen-objects.tsx';
import { useCursorWords } from './cursor-words.tsx';
import type { ExploredSet } from './explore-answer.ts';
import { loadPathValues, type PathValues } from './path-values.ts';
import type { ResampledSet } from './resampling.ts';
import { selectOn } from './select-dots.ts';

/** One path of the chosen set. */
interface PathDot {
  track: number;
  object: number;
  frame: number;
  x: number;
  y: number;
}

/** Dots drawn; of more paths every n-th is, and that is said. */
const mostDots = 3000;

/** The paths of a set, and the film that shows them, where there is one. */
async function loadDots(
  set: ExploredSet,
  measures: readonly string[],
  made: PathValues | undefined,
  signal: AbortSignal,
) {
  const { accession, version, item, part } = set;
  const { track, object, frame, detections, values } = made ?? (await loadPathValues(set, measures, signal));
  const rows = track.length;
  const all = Array.from({ length: rows }, (_, row): PathDot => {
    const at = (column: ArrayLike<number> | undefined) => column?.[row] ?? Number.NaN;
    return { track: at(track), object: at(object), frame: at(frame), x: at(values[0]), y: at(values[1] ?? detections) };
  });
  const whole = all.filter((dot) => Number.isFinite(dot.x) && Number.isFinite(dot.y));
  const stride = Math.ceil(whole.length / mostDots);
  const about = await api.call(routes.getVersion, { params: { accession, version }, signal });
  return {
    dots: whole.filter((_, at) => at % stride === 0),
    total: whole.length,
    rows,
    film: filmOf(about, { accession, version, item }, part),
  };
}

type Loaded = Awaited<ReturnType<typeof loadDots>>;

/**
 * Every path of one set as a dot; a click leads to the film at its first object, or to the measures where there is none.
 * @param thinned its paths on fewer frames, where all sets are brought to one time step
 */
export function PathDots({
  set,
  measures,
  thinned,
}: {
  set: ExploredSet;
  measures: readonly string[];
  thinned?: ResampledSet | undefined;
}): JSX.Element {
  const text = useText();
  // Of one measure each path stands by the number of its objects.
  const second = measures[1] ?? 'n_detections';
  const answer = useAnswer({
    queryKey: ['path-dots', set.id, set.version, thinned?.every ?? 1, ...measures],
    queryFn: ({ signal }) => loadDots(set, measures, thinned?.paths, signal),
  });
  const label = (id: string) => {
    const unit = set.measures.find((one) => one.id === id)?.unit ?? '';
    return `${text(measureTitle(id))}${unit === '' ? '' : ` (${shortUnit(unit)})`}`;
  };
  return (
    <section className="part" aria-label={text('explore.pathsOf', { name: set.name })}>
      {answer.error ? <AnswerFailed error={answer.error} again={() => void answer.refetch()} /> : null}
      {answer.data ? (
        <DotPlot
          loaded={answer.data}
          set={set}
          labels={[label(measures[0]!), label(second)]}
          names={[measures[0]!, second]}
        />
      ) : null}
    </section>
  );
}

interface DotPlotProps {
  loaded: Loaded;
  set: ExploredSet;
  labels: readonly [string, string];
  names: readonly [string, string];
}

function DotPlot({ loaded: { dots, total, rows, film }, set, labels, names }: DotPlotProps): JSX.Element {
  const text = useText();
  const [chosen, setChosen] = useState<readonly PathDot[]>([]);
  const { accession, version, item, part } = set;
  const cursor = useCursorWords(...labels);
  const said = [
    text('explore.pathsHow', { shown: writtenCount(dots.length), total: writtenCount(rows) }),
    total < rows ? text('explore.pathsUndefined', { count: rows - total }) : '',
    text(film ? 'explore.pathsFilm' : 'explore.pathsSpace'),
  ];
  const draw = () => {
    const drawn = Plot.plot({
      ...plotSize,
      width: Math.min(640, document.documentElement.clientWidth - 40),
      height: 320,
      marginLeft: 60,
      style: plotStyle,
      x: { label: labels[0], grid: true, nice: true },
      y: { label: labels[1], grid: true, nice: true },
      marks: [
        Plot.dot(dots, {
          x: 'x',
          y: 'y',
          r: 3,
          fill: 'var(--d1)',
          fillOpacity: 0.55,
          channels: { track: { value: 'track', label: text('explore.track') } },
          tip: true,
        }),
      ],
    });
    drawn.style.cursor = 'pointer';
    selectOn(drawn, dots, setChosen, cursor.words);
    return drawn;
  };
  return (
    <>
      <Figure
        title={text('explore.pathsOf', { name: set.name })}
        name={`paths-${set.id}`}
        sentence={said.filter((one) => one !== '').join(' ')}
        csv={() =>
          [
            ['track', 'first_object', 'first_frame', ...names].join(','),
            ...dots.map((one) => Object.values(one).join(',')),
          ].join('\n')
        }
        draw={draw}
        keys={[dots, ...labels]}
      >
        {cursor.line}
      </Figure>
      <RangeChoice
        dots={dots}
        axes={[
          { name: labels[0], of: ({ x }) => x },
          { name: labels[1], of: ({ y }) => y },
        ]}
        choose={setChosen}
      />
      <ChosenObjects
        set={{ accession, version, item }}
        part={part}
        film={film}
        chosen={chosen}
        all={dots}
        choose={(found) => setChosen(found as readonly PathDot[])}
      />
    </>
  );
}
