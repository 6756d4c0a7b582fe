import { mostTabledObjects, pathsOf, type TrackSetSummary } from '@micrarium/model';
import { type JSX, lazy, Suspense, useMemo, useState } from 'react';
import { useAnswer } from '../app/answers.ts';
import { SimilarSets } from '../explore/similar-sets.tsx';
import type { askVersion } from '../challenge/challenge-answer.ts';
import { filmOf } from '../explore/chosen-objects.tsx';
import { type FilmPlace, FormNotReady, openTrackGraph } from '../viewer/open-film.ts';
import { CompatibleSection, ModeChoice, useMeasureMode } from './compatible-section.tsx';
import { Curves } from './curves.tsx';
import { MeasureTable } from './measure-table.tsx';
import type { Measured } from './objects-over-time.tsx';
import { openPathTable, pathTableUrl } from './path-table.ts';
import { PathsOnDemand } from './paths-on-demand.tsx';
import { pathsPlan } from './paths-plan.ts';
import { PopulationTable } from './population-table.tsx';

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

/** What stands below the first curve: the tables of numbers, and every other plot. */
export function MeasuresRest({
  measures,
  version,
  place,
  set,
}: {
  measures: Measured;
  version: Awaited<ReturnType<typeof askVersion>>;
  place: FilmPlace;
  set: Pick<TrackSetSummary, 'part' | 'counts' | 'hasZ'>;
}): JSX.Element {
  const { part } = set;
  const table = useAnswer({
    queryKey: ['path-table', place, part],
    queryFn: ({ signal }) => openPathTable(place, part, signal),
    ...whileMaking,
  });
  const plan = pathsPlan(set.counts);
  const setKey = `${place.accession} ${place.version} ${place.item} ${part}`;
  const [asked, setAsked] = useState<string>();
  const [mode, chooseMode] = useMeasureMode();
  const positions = useAnswer({
    queryKey: ['track-graph', place, part],
    queryFn: ({ signal }) => openTrackGraph(place, part, signal),
    enabled: plan === 'at-once' || (plan === 'when-asked' && (asked === setKey || mode !== 'micrarium')),
    ...whileMaking,
  });
  const paths = useMemo(() => (positions.data ? pathsOf(positions.data) : undefined), [positions.data]);
  const film = filmOf(version, place, part);
  const choice = plan === 'none' ? null : <ModeChoice mode={mode} choose={chooseMode} />;
  const together = setsOnOneFilm(version, place.item, part).slice(0, mostTogether);
  const near = measures.collective.numbers.find(({ id }) => id === 'neighbour_distance')?.value;
  const gate = near ? near / 2 : undefined;
  return (
    <>
      {mode === 'micrarium' || plan === 'none' ? (
        <MeasureTable
          summary={measures.summary}
          parquet={(table) => pathTableUrl(place, part, table)}
          hasSteps={set.counts.objects <= mostTabledObjects}
          choice={choice}
        />
      ) : (
        <CompatibleSection
          mode={mode}
          tracks={positions.data}
          plan={plan}
          objects={set.counts.objects}
          error={positions.error}
          again={() => void positions.refetch()}
          choice={choice}
        />
      )}
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
      <SimilarSets place={place} part={part} />
    </>
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
