import '../styles/sql.css';
import '../styles/explore.css';
import * as Plot from '@observablehq/plot';
import type { JSX } from 'react';
import { useAnswer } from '../app/answers.ts';
import { AnswerFailed } from '../app/failures.tsx';
import { pageAddress } from '../app/location.ts';
import { Link, navigate, usePageLocation } from '../app/router.tsx';
import { useTitle } from '../app/title.ts';
import { useText } from '../messages/text.ts';
import { writtenCount } from '../messages/written.ts';
import { Figure, plotSize, plotStyle } from '../plots/figure.tsx';
import { csvLine } from '../search/results-csv.ts';
import { References } from '../sql/references.tsx';
import { Result } from '../sql/result.tsx';
import { SaveQuery } from '../sql/save-query.tsx';
import { askSql, fileOf } from '../sql/sql-answer.ts';
import {
  type FeatureGroup,
  featureAddressOf,
  featureFilters,
  featureGroups,
  type FeatureMean,
  featuresStatement,
  type FeatureState,
  featureStatement,
  featureStateOf,
  type GroupInStudy,
  groupsInStudies,
  meansOf,
} from './feature-statement.ts';

/** `/explore/features?feature=…&by=gene`: one column of all public feature tables, grouped across studies. Everything stands in the address. */
export function FeaturesPage(): JSX.Element {
  const text = useText();
  const state = featureStateOf(usePageLocation().search);
  useTitle(text('features.title'));
  const go = (next: FeatureState) =>
    void navigate('/explore/features', { search: featureAddressOf(next), replace: true, keepScroll: true });
  const offered = useAnswer({
    queryKey: ['features-offered'],
    queryFn: ({ signal }) => askSql(featuresStatement, signal),
    staleTime: 60_000,
    retry: false,
  });
  return (
    <main className="wrap explore sqlpage">
      <h1>{text('features.title')}</h1>
      <p className="lead">{text('features.lead')}</p>
      {offered.error ? <AnswerFailed error={offered.error} again={() => void offered.refetch()} /> : null}
      {offered.isPending ? (
        <p className="m2" role="status">
          {text('sql.running')}
        </p>
      ) : null}
      {offered.data?.rows.length === 0 ? <p className="plain">{text('features.none')}</p> : null}
      {offered.data && offered.data.rows.length > 0 ? <Choices rows={offered.data.rows} state={state} go={go} /> : null}
      {state.feature === '' ? null : <Grouped key={JSON.stringify(state)} state={state} />}
    </main>
  );
}

interface ChoicesProps {
  rows: readonly (readonly unknown[])[];
  state: FeatureState;
  go: (next: FeatureState) => void;
}

function Choices({ rows, state, go }: ChoicesProps): JSX.Element {
  const text = useText();
  const keyOf = (feature: string, unit: string) => JSON.stringify([feature, unit]);
  const now = keyOf(state.feature, state.unit);
  const isKnown = rows.some(([feature, unit]) => keyOf(String(feature), String(unit)) === now);
  return (
    <form
      // Typed filters begin anew with another address.
      key={JSON.stringify(state)}
      className="choices"
      onSubmit={(event) => {
        event.preventDefault();
        const given = new FormData(event.currentTarget);
        const only = featureFilters.flatMap((name) => {
          const value = String(given.get(name) ?? '').trim();
          return value === '' ? [] : [[name, value] as const];
        });
        go({ ...state, only: Object.fromEntries(only) });
      }}
    >
      <label>
        <span className="s m2">{text('features.feature')}</span>
        <select
          className="sel"
          value={state.feature === '' ? '' : now}
          onChange={(event) => {
            const [feature = '', unit = ''] = JSON.parse(event.target.value || '[]') as string[];
            go({ ...state, feature, unit });
          }}
        >
          <option value="">{text('features.choose')}</option>
          {isKnown || state.feature === '' ? null : <option value={now}>{state.feature}</option>}
          {rows.map(([feature, unit, n]) => (
            <option key={keyOf(String(feature), String(unit))} value={keyOf(String(feature), String(unit))}>
              {`${String(feature)}${unit === '' || unit === '1' ? '' : ` (${String(unit)})`} · ${writtenCount(Number(n))}`}
            </option>
          ))}
        </select>
      </label>
      <label>
        <span className="s m2">{text('features.by')}</span>
        <select
          className="sel"
          value={state.by}
          onChange={(event) => go({ ...state, by: event.target.value as FeatureGroup })}
        >
          {featureGroups.map((name) => (
            <option key={name} value={name}>
              {text(`features.${name}`)}
            </option>
          ))}
        </select>
      </label>
      {featureFilters.map((name) => (
        <label key={name}>
          <span className="s m2">{`${text('features.only')}: ${text(`features.${name}`)}`}</span>
          <input
            className="field-in"
            name={name}
            size={12}
            title={text('features.onlyHelp', { what: text(`features.${name}`) })}
            defaultValue={state.only[name] ?? ''}
          />
        </label>
      ))}
      <button type="submit" className="btn">
        {text('features.apply')}
      </button>
      <span className="end">
        <Link className="btn" to="/explore">
          {text('features.toTracks')}
        </Link>
      </span>
    </form>
  );
}

/** Groups drawn: those with most values. */
const mostDrawn = 40;

function Grouped({ state }: { state: FeatureState }): JSX.Element {
  const text = useText();
  const statement = featureStatement(state);
  const answer = useAnswer({
    queryKey: ['sql', statement],
    queryFn: ({ signal }) => askSql(statement, signal),
    retry: false,
  });
  if (answer.error) return <AnswerFailed error={answer.error} again={() => void answer.refetch()} />;
  if (!answer.data)
    return (
      <p className="m2" role="status">
        {text('sql.running')}
      </p>
    );
  const rows = groupsInStudies(answer.data.columns, answer.data.rows, state.by);
  if (rows.length === 0) return <p className="plain">{text('features.noneFit')}</p>;
  const means = meansOf(rows);
  const shown = means.slice(0, mostDrawn);
  const names = new Set(shown.map(({ group }) => group));
  return (
    <>
      <Figure
        title={text('features.plot', { feature: state.feature, by: text(`features.${state.by}`) })}
        name={`features-${state.by}`}
        sentence={text('features.how', { shown: writtenCount(shown.length), total: writtenCount(means.length) })}
        csv={() =>
          [
            csvLine([state.by, 'n', 'mean', 'low', 'high', 'unit']),
            ...means.map(({ group, n, mean, low, high }) => csvLine([group, n, mean, low, high, state.unit])),
          ].join('')
        }
        draw={() =>
          drawn(
            shown,
            rows.filter(({ group }) => names.has(group)),
            `${state.feature}${state.unit === '' || state.unit === '1' ? '' : ` (${state.unit})`}`,
            (n) => text('features.values', { count: n, n: writtenCount(n) }),
          )
        }
        keys={[answer.data]}
      />
      <Result result={answer.data} fileOf={(format) => fileOf(statement, format)} />
      <p className="app">
        <References studies={rows} disabled={false} />
      </p>
      <SaveQuery statement={statement} page={pageAddress('/explore/features', featureAddressOf(state))} />
    </>
  );
}

function drawn(
  means: readonly FeatureMean[],
  rows: readonly GroupInStudy[],
  label: string,
  written: (n: number) => string,
): Element {
  const width = Math.min(720, document.documentElement.clientWidth - 40);
  const longest = means.reduce((most, { group }) => Math.max(most, group.length), 0);
  const plot = Plot.plot({
    ...plotSize,
    width,
    height: 60 + means.length * 20,
    marginLeft: Math.min(width / 3, 16 + longest * 7),
    style: plotStyle,
    x: { label, grid: true, nice: true },
    y: { label: null, type: 'band', domain: means.map(({ group }) => group) },
    marks: [
      Plot.ruleY(means, { x1: 'low', x2: 'high', y: 'group', stroke: 'currentColor', strokeWidth: 1.5 }),
      Plot.tickX(means, { x: 'mean', y: 'group', stroke: 'currentColor', strokeWidth: 2 }),
      Plot.dot(rows, {
        x: 'mean',
        y: 'group',
        r: 4,
        fill: 'var(--d1)',
        fillOpacity: 0.7,
        title: ({ group, accession, n, mean }: GroupInStudy) =>
          `${group}\n${accession}: ${Number(mean.toPrecision(4))} (${written(n)})`,
        tip: true,
      }),
    ],
  });
  // A click of a mouse opens the study; fingers and keys have the links of the table.
  plot.style.cursor = 'pointer';
  plot.addEventListener('click', (event) => {
    const row = (plot as { value?: GroupInStudy | null }).value;
    if (row && (event as PointerEvent).pointerType === 'mouse')
      location.assign(`/studies/${row.accession}/v/${row.version}`);
  });
  return plot;
}
