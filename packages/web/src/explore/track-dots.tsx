import * as Plot from '@observablehq/plot';
import { type JSX, useState } from 'react';
import { useAnswer } from '../app/answers.ts';
import { api, routes } from '../app/api.ts';
import { AnswerFailed } from '../app/failures.tsx';
import { measureTitle } from '../measures/measure-titles.ts';
import { useText } from '../messages/text.ts';
import { shortUnit } from '../messages/units.ts';
import { writtenCount } from '../messages/written.ts';
import { Figure } from '../plots/figure.tsx';
import { csvLine } from '../search/results-csv.ts';
import { ChosenObjects, filmOf, RangeChoice } from './chosen-objects.tsx';
import { useCursorWords } from './cursor-words.tsx';
import type { Panel } from './comparing.ts';
import type { ExploredSet } from './explore-answer.ts';
import { groupFrame, groupScales } from './group-plot.ts';
import { loadPathValues } from './path-values.ts';
import type { ResampledSet } from './resampling.ts';
import { selectOn } from './select-dots.ts';
import { medians, sharesOf, type TrackDot, trackDots } from './track-values.ts';
import { pagesOf } from './words.ts';

interface TrackDotsProps {
  /** Sets of one unit. */
  panel: Panel;
  measures: readonly string[];
  groups: readonly string[];
  /** A group as people read it. */
  written: (group: string) => string;
  thinned: readonly ResampledSet[];
}

/** Tracks of all sets of one unit as dots, or, of one measure, as distributions; what is chosen is cut out of the films. */
export function TrackDots({ panel, measures, groups, written, thinned }: TrackDotsProps): JSX.Element {
  const text = useText();
  const made = new Map(thinned.map((one) => [one.set.id, one]));
  const answer = useAnswer({
    queryKey: [
      'track-dots',
      measures,
      panel.dots.map(({ set, group }) => [set.id, set.version, group, made.get(set.id)?.every ?? 1]),
    ],
    queryFn: ({ signal }) =>
      trackDots(panel.dots, measures, (set) => made.get(set.id)?.paths ?? loadPathValues(set, measures, signal)),
    staleTime: Number.POSITIVE_INFINITY,
  });
  return (
    <div className="part">
      {answer.isPending ? (
        <p className="m2" role="status">
          {text('explore.tracksLoading')}
        </p>
      ) : null}
      {answer.error ? <AnswerFailed error={answer.error} again={() => void answer.refetch()} /> : null}
      {answer.data ? (
        <Drawn {...answer.data} units={panel.units} measures={measures} groups={groups} written={written} />
      ) : null}
    </div>
  );
}

type Loaded = Awaited<ReturnType<typeof trackDots>>;

function Drawn({
  dots,
  paths,
  unsaid,
  leftOut,
  units,
  measures,
  groups,
  written,
}: Loaded & Pick<TrackDotsProps, 'measures' | 'groups' | 'written'> & { units: readonly string[] }): JSX.Element {
  const text = useText();
  const [chosen, setChosen] = useState<readonly TrackDot[]>([]);
  const labels = measures.map((id, at) => {
    const unit = units[at] ? ` (${shortUnit(units[at])})` : '';
    return `${text(measureTitle(id))}${unit}`;
  });
  const cursor = useCursorWords(labels[0]!, labels[1] ?? '');
  const isOne = measures.length === 1;
  const spelled = [...new Set(units.filter((unit) => unit !== ''))].map(shortUnit).join(', ');
  const said = [
    text('explore.tracksHow', { shown: writtenCount(dots.length), total: writtenCount(paths) }),
    unsaid > 0 ? text('explore.pathsUndefined', { count: unsaid, n: writtenCount(unsaid) }) : '',
    leftOut > 0 ? text('explore.tracksLeftOut', { count: leftOut, n: writtenCount(leftOut) }) : '',
    text(isOne ? 'explore.tracksShares' : 'explore.tracksChoose'),
  ];
  const draw = () => {
    if (isOne) return distributions(dots, labels[0]!, groups, written);
    const drawn = scatter(dots, labels, groups, { set: text('explore.dataset'), track: text('explore.track') });
    selectOn(drawn, dots, setChosen, cursor.words);
    return drawn;
  };
  return (
    <>
      <Figure
        title={spelled === '' ? text('explore.tracksOf') : `${text('explore.tracksOf')} (${spelled})`}
        name={['tracks', ...measures].join('-')}
        sentence={said.filter((one) => one !== '').join(' ')}
        csv={() => csvOf(dots, measures, units)}
        draw={draw}
        keys={[dots, ...labels, groups]}
      >
        {isOne ? null : cursor.line}
      </Figure>
      <RangeChoice
        dots={dots}
        axes={labels.map((name, at) => ({ name, of: (dot) => (at === 0 ? dot.x : dot.y) }))}
        choose={setChosen}
      />
      {[...Map.groupBy(chosen, ({ set }) => set)].map(([set, of]) => (
        <ChosenOf
          key={set.id}
          set={set}
          chosen={of}
          // What was chosen of other sets stays.
          choose={(next) => setChosen([...chosen.filter((dot) => dot.set !== set), ...(next as readonly TrackDot[])])}
        />
      ))}
    </>
  );
}

/** What was chosen of one set, with its study. */
function ChosenOf({
  set,
  chosen,
  choose,
}: {
  set: ExploredSet;
  chosen: readonly TrackDot[];
  choose: (next: readonly object[]) => void;
}): JSX.Element {
  const { accession, version, item, part } = set;
  const answer = useAnswer({
    queryKey: ['film-of', set.id, version],
    queryFn: async ({ signal }) => {
      const about = await api.call(routes.getVersion, { params: { accession, version }, signal });
      return filmOf(about, { accession, version, item }, part) ?? null;
    },
    staleTime: Number.POSITIVE_INFINITY,
  });
  return (
    <section className="chosenof">
      <h3 className="s">
        {set.name}
        {' · '}
        <a className="l" href={pagesOf(set).study}>
          {set.title || accession}
        </a>
      </h3>
      {answer.error ? <AnswerFailed error={answer.error} again={() => void answer.refetch()} /> : null}
      {answer.data === undefined ? null : (
        <ChosenObjects
          set={{ accession, version, item }}
          part={part}
          film={answer.data ?? undefined}
          chosen={chosen}
          all={[]}
          choose={choose}
        />
      )}
    </section>
  );
}

const csvOf = (dots: readonly TrackDot[], measures: readonly string[], units: readonly string[]) =>
  [
    csvLine([
      'accession',
      'version',
      'dataset',
      'group',
      'track',
      'first_object',
      'first_frame',
      ...measures.map((id, at) => (units[at] ? `${id} (${units[at]})` : id)),
    ]),
    ...dots.map(({ set, group, track, object, frame, x, y }) =>
      csvLine([set.accession, set.version, set.id, group, track, object, frame, ...[x, y].slice(0, measures.length)]),
    ),
  ].join('');

function scatter(
  dots: readonly TrackDot[],
  [x, y]: readonly string[],
  groups: readonly string[],
  names: { set: string; track: string },
): ReturnType<typeof Plot.plot> {
  const drawn = Plot.plot({
    ...groupFrame(),
    height: 400,
    ...groupScales(groups),
    x: { label: x!, grid: true, nice: true },
    y: { label: y!, grid: true, nice: true },
    marks: [
      Plot.dot(dots, {
        x: 'x',
        y: 'y',
        r: 2.5,
        fill: 'group',
        symbol: 'group',
        fillOpacity: 0.5,
        channels: {
          set: { value: (dot: TrackDot) => dot.set.name, label: names.set },
          track: { value: 'track', label: names.track },
        },
        tip: { format: { symbol: false, fill: false } },
      }),
    ],
  });
  drawn.style.cursor = 'pointer';
  return drawn;
}

/** The distribution of each group below the other: what share of its tracks lies in each bin, and its median. */
function distributions(
  dots: readonly TrackDot[],
  label: string,
  groups: readonly string[],
  written: (group: string) => string,
): ReturnType<typeof Plot.plot> {
  return Plot.plot({
    ...groupFrame(),
    marginRight: groups.length > 1 ? 110 : 20,
    height: 70 + groups.length * 90,
    ...groupScales(groups),
    x: { label, nice: true },
    y: { label: '%', percent: true, grid: true, ticks: 3 },
    fy: { label: null, domain: [...groups], tickFormat: (group: string) => (group === '' ? '' : written(group)) },
    marks: [
      Plot.rectY(sharesOf(dots, groups), {
        x1: 'from',
        x2: 'to',
        y: 'share',
        fy: 'group',
        fill: 'group',
        fillOpacity: 0.7,
        inset: 0.5,
        tip: true,
      }),
      Plot.ruleX(medians(dots, groups), { x: 'median', fy: 'group', stroke: 'currentColor', strokeWidth: 1.5 }),
      Plot.ruleY([0]),
    ],
  });
}
