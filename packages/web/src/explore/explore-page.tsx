import '../styles/search.css';
import '../styles/explore.css';
import { keepPreviousData } from '@tanstack/react-query';
import { pathMeasureIds } from '@micrarium/model';
import { type JSX, useMemo, useState } from 'react';
import { useAnswer } from '../app/answers.ts';
import { AnswerFailed } from '../app/failures.tsx';
import { Link, navigate, usePageLocation } from '../app/router.tsx';
import { useTitle } from '../app/title.ts';
import { measureTitle } from '../measures/measure-titles.ts';
import { useText } from '../messages/text.ts';
import { writtenCount } from '../messages/written.ts';
import { differencesOf, groupsOf, keptSets, panelsOf } from './comparing.ts';
import { DifferencesPanel } from './differences-panel.tsx';
import { askExplored, type Explored } from './explore-answer.ts';
import { ExplorePlot } from './explore-plot.tsx';
import { exploreStatement, resampledStatement } from './explore-statement.ts';
import { pageAddress } from '../app/location.ts';
import { SaveQuery } from '../sql/save-query.tsx';
import { addressOf, type ExploreState, filterCount, type GroupName, groupNames, stateOf } from './explore-state.ts';
import { ExploreFilters } from './explore-filters.tsx';
import { groupLooks } from './group-looks.ts';
import { PathDots } from './path-dots.tsx';
import { ResampleNote, useResampling } from './resample-panel.tsx';
import { SetsTable } from './sets-table.tsx';
import { TakeAway } from './take-away.tsx';
import { TrackDots } from './track-dots.tsx';
import { fieldTitles, titleOf, writtenValue } from './words.ts';

/** `/explore?measure=…&measure=…`: measures of all open sets of tracks beside each other. Everything stands in the address. */
export function ExplorePage(): JSX.Element {
  const text = useText();
  const state = stateOf(usePageLocation().search);
  const [filtersOpen, setFiltersOpen] = useState(false);
  useTitle(text('explore.title'));
  const go = (next: ExploreState) =>
    void navigate('/explore', { search: addressOf(next), replace: true, keepScroll: true });
  const { measures, filters, limits, further, query } = state;
  const answer = useAnswer({
    queryKey: ['explore', measures, filters, limits, further, query, state.by?.startsWith('field:') ? state.by : ''],
    queryFn: ({ signal }) => askExplored(state, signal),
    placeholderData: keepPreviousData,
    // Sets that are being measured come by themselves.
    refetchInterval: ({ state: { data } }) => (data?.sets.some((set) => set.state === 'being-made') ? 15_000 : false),
  });
  return (
    <main className="wrap explore">
      <h1>{text('explore.title')}</h1>
      <p className="lead">{text('explore.lead')}</p>
      {query === undefined ? null : <KeptVersions query={query} state={state} go={go} />}
      <div className="choices">
        <Choices state={state} go={go} fields={answer.data?.fields ?? []} />
        <span className="end">
          <Link className="btn" to="/sql">
            {text('explore.sql')}
          </Link>
          <button
            type="button"
            className="btn fbtn"
            aria-expanded={filtersOpen}
            onClick={() => setFiltersOpen(!filtersOpen)}
          >
            {text('search.filters', { count: filterCount(state) })}
          </button>
          <Link className="btn" to="/explore/features">
            {text('features.link')}
          </Link>
        </span>
      </div>
      {answer.error ? <AnswerFailed error={answer.error} again={() => void answer.refetch()} /> : null}
      <div className={`lay ${answer.isPlaceholderData ? 'stale' : ''}`}>
        <aside className={`fac ${filtersOpen ? 'open' : ''}`} aria-label={text('search.filtersLabel')}>
          {answer.data ? <ExploreFilters answer={answer.data} state={state} go={go} /> : null}
        </aside>
        {answer.data ? <Compared answer={answer.data} state={state} go={go} /> : null}
        {answer.isPending ? (
          <p className="m2" role="status">
            {text('explore.gathering')}
          </p>
        ) : null}
      </div>
    </main>
  );
}

interface Part {
  state: ExploreState;
  go: (next: ExploreState) => void;
}

/** Which measures are shown, and what gives the dots their colours. */
function Choices({ state, go, fields }: Part & { fields: Explored['fields'] }): JSX.Element {
  const text = useText();
  const [first, second = ''] = state.measures;
  const options = pathMeasureIds.map((id) => (
    <option key={id} value={id}>
      {text(measureTitle(id))}
    </option>
  ));
  const measure = (ids: readonly string[]) => go({ ...state, measures: [...new Set(ids)].filter((id) => id !== '') });
  return (
    <>
      <label>
        <span className="s m2">{text('explore.across')}</span>
        <select className="sel" value={first} onChange={(event) => measure([event.target.value, second])}>
          {options}
        </select>
      </label>
      <label>
        <span className="s m2">{text('explore.up')}</span>
        <select className="sel" value={second} onChange={(event) => measure([first!, event.target.value])}>
          <option value="">{text('explore.noSecond')}</option>
          {options}
        </select>
      </label>
      <label>
        <span className="s m2">{text('explore.by')}</span>
        <select
          className="sel"
          value={state.by ?? ''}
          onChange={(event) =>
            go({ ...state, by: event.target.value === '' ? undefined : (event.target.value as GroupName) })
          }
        >
          <option value="">{text('explore.noGroup')}</option>
          {groupNames.map((name) => (
            <option key={name} value={name}>
              {text(fieldTitles[name])}
            </option>
          ))}
          {fields.map(({ field }) => (
            <option key={field} value={`field:${field}`}>
              {titleOf(field)}
            </option>
          ))}
        </select>
      </label>
      <label>
        <span className="s m2">{text('explore.dots')}</span>
        <select
          className="sel"
          value={state.dots ?? ''}
          onChange={(event) => go(event.target.value === '' ? ofSets(state) : { ...state, dots: 'tracks' })}
        >
          <option value="">{text('explore.dotsSets')}</option>
          <option value="tracks">{text('explore.dotsTracks')}</option>
        </select>
      </label>
    </>
  );
}

/** The state with a dot for each data set. */
function ofSets({ dots: _before, ...state }: ExploreState): ExploreState {
  return state;
}

/** The state of the newest versions. */
function ofNewest({ query: _before, ...state }: ExploreState): ExploreState {
  return state;
}

/** Says that the sets are those of a saved query, each in the version it had. */
function KeptVersions({ query, state, go }: Part & { query: string }): JSX.Element {
  const text = useText();
  return (
    <p className="s kept" role="status">
      {text('explore.keptVersions', { query })}{' '}
      <Link className="l" to={`/queries/${query}`}>
        {text('explore.keptQuery')}
      </Link>{' '}
      <button type="button" className="plainlink l" onClick={() => go(ofNewest(state))}>
        {text('explore.newestVersions')}
      </button>
    </p>
  );
}

/** The state without thinning out. */
function asRecorded({ resample: _before, ...state }: ExploreState): ExploreState {
  return state;
}

/** What differs, the plots and the table. */
function Compared({ answer, state, go }: Part & { answer: Explored }): JSX.Element {
  const text = useText();
  const only = JSON.stringify([state.only, state.without]);
  const key = state.measures.join(' ');
  const recorded = useMemo(
    () => keptSets(answer.sets, ...(JSON.parse(only) as [ExploreState['only'], ExploreState['without']])),
    [answer, only],
  );
  const resampling = useResampling(recorded, state.measures, state.resample);
  const made = resampling.thinned;
  const { kept, groups, panels, differences } = useMemo(() => {
    const sets = resampling.sets;
    const found = groupsOf(sets, state.by);
    return {
      kept: sets,
      groups: found.names,
      panels: panelsOf(sets, key.split(' '), found.of),
      differences: differencesOf(sets),
    };
    // The sets are another list each time; what they are made of is not.
    // oxlint-disable-next-line react/exhaustive-deps
  }, [recorded, made, state.resample, state.by, key]);
  const [chosen, setChosen] = useState<string>();
  const shown = kept.find(({ id }) => id === chosen);
  const { by } = state;
  const leftOut = answer.sets.length - kept.length;
  if (answer.total === 0) return <p className="plain">{text('explore.none')}</p>;
  return (
    <div>
      <div className="rh" aria-live="polite">
        <span>
          <b>{text('explore.count', { count: kept.length, n: writtenCount(kept.length) })}</b>
          {leftOut > 0 ? text('explore.leftOut', { count: leftOut, n: writtenCount(leftOut) }) : null}{' '}
          {answer.total > answer.sets.length
            ? text('explore.more', { shown: writtenCount(answer.sets.length), total: writtenCount(answer.total) })
            : null}
        </span>
      </div>
      <DifferencesPanel differences={differences} state={state} go={go} />
      {state.resample === undefined ? null : (
        <ResampleNote resampling={resampling} target={state.resample} stop={() => go(asRecorded(state))} />
      )}
      <section className="part panels" aria-label={text('explore.plotPlain')}>
        {by === undefined ? null : (
          <ul className="legend">
            {groups.map((name, at) => (
              <li key={name}>
                <span aria-hidden="true" style={{ color: groupLooks[at]!.colour }}>
                  {groupLooks[at]!.sign}
                </span>
                {writtenValue(by, name, text)}
              </li>
            ))}
          </ul>
        )}
        {panels.map((panel) =>
          state.dots === 'tracks' ? (
            <TrackDots
              key={panel.units.join(' ')}
              panel={panel}
              measures={key.split(' ')}
              groups={groups}
              written={(group) => (by === undefined ? group : writtenValue(by, group, text))}
              thinned={made}
            />
          ) : (
            <ExplorePlot key={panel.units.join(' ')} panel={panel} measures={key.split(' ')} groups={groups} />
          ),
        )}
      </section>
      {shown ? (
        <PathDots
          key={shown.id}
          set={shown}
          measures={state.measures}
          thinned={state.resample === undefined ? undefined : made.find(({ set }) => set.id === shown.id)}
        />
      ) : null}
      <SetsTable
        sets={kept}
        measures={state.measures}
        chosen={shown?.id}
        choose={(set) => setChosen(set.id === shown?.id ? undefined : set.id)}
      />
      <TakeAway sets={kept} measures={state.measures} state={state} isBusy={resampling.isBusy} />
      {/* A query is kept with the versions that are newest now: those of an earlier one have a query already. */}
      {resampling.isBusy || resampling.error || state.query !== undefined ? null : (
        <SaveQuery
          statement={
            state.resample === undefined
              ? exploreStatement(kept, state.measures)
              : resampledStatement(kept, made, state.measures, state.resample)
          }
          page={pageAddress('/explore', addressOf(state))}
        />
      )}
    </div>
  );
}
