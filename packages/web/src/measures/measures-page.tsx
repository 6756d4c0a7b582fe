import { pathsOf } from '@micrarium/model';
import { type JSX, lazy, Suspense, useMemo, useState } from 'react';
import { useAnswer } from '../app/answers.ts';
import { api, routes } from '../app/api.ts';
import { PageAnswerFailed } from '../app/failures.tsx';
import { Link, navigate, usePageLocation } from '../app/router.tsx';
import { useTitle } from '../app/title.ts';
import { useText } from '../messages/text.ts';
import { shortUnit } from '../messages/units.ts';
import { writtenCount, writtenNumber } from '../messages/written.ts';
import { filmOf } from '../explore/chosen-objects.tsx';
import { FormNotReady, openTrackGraph } from '../viewer/open-film.ts';
import '../styles/measures.css';
import type { askVersion } from '../challenge/challenge-answer.ts';
import { Curves, type Measured } from './curves.tsx';
import { MeasureTable } from './measure-table.tsx';
import { openPathTable, pathTableUrl } from './path-table.ts';
import { PathsOnDemand } from './paths-on-demand.tsx';
import { pathsPlan } from './paths-plan.ts';
import { PopulationTable } from './population-table.tsx';
import { QualityList } from './quality-list.tsx';

/** Most sets that are held against each other, two by two. */
const mostTogether = 6;

const SetsTogether = lazy(async () => ({
  default: (await import('../challenge/agreement-section.tsx')).SetsTogether,
}));

const whileMaking = {
  retry: (_failures: number, error: Error) => error instanceof FormNotReady,
  retryDelay: 1500,
  staleTime: Number.POSITIVE_INFINITY,
} as const;

/** `/measures/$accession/$version/$item?part=0`: how the objects of a set move, in numbers and pictures. */
export function MeasuresPage(): JSX.Element {
  const text = useText();
  const { params, search, path } = usePageLocation();
  const place = { accession: params.accession!, version: Number(params.version), item: params.item! };
  const part = Number(search.part ?? 0) || 0;
  const study = useAnswer({
    queryKey: ['version', place.accession, place.version],
    queryFn: ({ signal }) => api.call(routes.getVersion, { params: place, signal }),
  });
  const item = study.data?.items.find((one) => one.id === place.item);
  const set = item?.trackSets.find((one) => one.part === part);
  const measured = useAnswer({
    queryKey: ['measures', place, part, 'none'],
    queryFn: ({ signal }) => api.call(routes.getMeasures, { params: place, query: { part, tracks: 'none' }, signal }),
    enabled: set !== undefined,
  });
  const table = useAnswer({
    queryKey: ['path-table', place, part],
    queryFn: ({ signal }) => openPathTable(place, part, signal),
    enabled: measured.data !== undefined,
    ...whileMaking,
  });
  const plan = set ? pathsPlan(set.counts) : 'none';
  const setKey = `${place.accession} ${place.version} ${place.item} ${part}`;
  const [asked, setAsked] = useState<string>();
  const positions = useAnswer({
    queryKey: ['track-graph', place, part],
    queryFn: ({ signal }) => openTrackGraph(place, part, signal),
    enabled: plan === 'at-once' || (plan === 'when-asked' && asked === setKey),
    ...whileMaking,
  });
  const paths = useMemo(() => (positions.data ? pathsOf(positions.data) : undefined), [positions.data]);
  const name = set?.name || item?.path || '';
  useTitle(`${text('measures.title')}: ${name}`);
  const failed = study.error ?? measured.error;
  if (failed)
    return <PageAnswerFailed error={failed} again={() => void (study.error ? study.refetch() : measured.refetch())} />;
  if (study.data && !set) return <p className="wrap plain">{text('measures.noSet')}</p>;
  if (!study.data || !measured.data || !item || !set) return <main className="wrap measures" aria-busy="true" />;
  const measures = measured.data as Measured;
  const film = filmOf(study.data, place, part);
  const together = setsOnOneFilm(study.data, place.item, part).slice(0, mostTogether);
  const near = measures.collective.numbers.find(({ id }) => id === 'neighbour_distance')?.value;
  const gate = near ? near / 2 : undefined;
  return (
    <main className="wrap measures">
      <div className="dh">
        <h1>{text('measures.title')}</h1>
        <a className="l s" href={`/studies/${place.accession}/v/${place.version}`}>
          {String(study.data.metadata.values.title ?? place.accession)}
        </a>
        <span className="end">
          {item.trackSets.length > 1 ? (
            <label className="row">
              <span className="s m2">{text('viewer.trackSet')}</span>
              <select
                className="sel"
                value={part}
                onChange={(event) => void navigate(path, { search: { part: event.target.value }, replace: true })}
              >
                {item.trackSets.map((one) => (
                  <option key={one.part} value={one.part}>
                    {one.name}
                  </option>
                ))}
              </select>
            </label>
          ) : null}
          <Link className="btn" to={`/viewer/${place.accession}/${place.version}/${place.item}`}>
            {text('measures.see')}
          </Link>
        </span>
      </div>
      <p className="lead">
        <b>{name}</b> <Sentence measures={measures} />
      </p>
      <QualityList quality={measures.summary.quality} unit={measures.units.length} />
      <MeasureTable summary={measures.summary} parquet={pathTableUrl(place, part)} />
      <PopulationTable collective={measures.collective} unit={measures.units.length} />
      <Curves
        measures={measures}
        table={table.data}
        paths={paths}
        tracks={positions.data}
        pathsInstead={
          positions.data ? null : (
            <PathsOnDemand
              plan={plan}
              summary={set}
              set={place}
              isFetching={positions.isFetching}
              error={positions.error}
              ask={() => {
                setAsked(setKey);
                if (positions.error) void positions.refetch();
              }}
            />
          )
        }
        set={place}
        part={part}
        film={film}
      />
      {together.length > 1 && gate !== undefined ? (
        <Suspense>
          <SetsTogether
            sets={together.map((one) => `${place.accession}/${place.version}/${one.item}/${one.part}`)}
            labels={together.map(({ label }) => label)}
            gate={gate}
            unit={measures.units.length}
          />
        </Suspense>
      ) : null}
    </main>
  );
}

/** The sets of a version that belong to one film with a set, itself first. */
function setsOnOneFilm(
  { pairs, items }: Awaited<ReturnType<typeof askVersion>>,
  item: string,
  part: number,
): { item: string; part: number; label: string }[] {
  const own = pairs.find((one) => one.trackItem === item && one.part === part);
  if (!own) return [];
  return pairs
    .filter(({ imageItem, image }) => imageItem === own.imageItem && image === own.image)
    .toSorted((a, b) => Number(b === own) - Number(a === own))
    .flatMap(({ trackItem, part: of }) => {
      const home = items.find(({ id }) => id === trackItem);
      const set = home?.trackSets.find((one) => one.part === of);
      return home && set ? [{ item: trackItem, part: of, label: `${home.path} ${set.name}`.trim() }] : [];
    });
}

/** What was measured and how, in words that fit a methods section. */
function Sentence({ measures }: { measures: Measured }): JSX.Element {
  const text = useText();
  const { summary, units } = measures;
  const { intervals } = summary;
  const about = {
    paths: writtenCount(summary.quality.paths),
    steps: writtenCount(summary.quality.steps),
    dimensions: summary.dimensions,
    interval: `${writtenNumber(summary.frameInterval, 4)} ${shortUnit(units.time)}`,
  };
  return (
    <>
      {text('measures.sentence', about)}{' '}
      {intervals
        ? intervals.resamples > 0
          ? text('measures.intervals', { draws: intervals.resamples })
          : text('measures.intervalsSpread', { paths: writtenCount(intervals.paths) })
        : null}{' '}
      {units.length === 'unknown' || units.length === 'pixel' ? text('measures.noUnit') : null}{' '}
      {units.time === 'frame' ? text('measures.noTime') : null}
    </>
  );
}
