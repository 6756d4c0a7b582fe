import { type JSX, useId, useState } from 'react';
import { Icon } from '../app/icons.tsx';
import { useText } from '../messages/text.ts';
import { writtenCount } from '../messages/written.ts';
import type { Explored } from './explore-answer.ts';
import {
  type ExploreState,
  facetNames,
  type LimitName,
  toggled,
  toggledFurther,
  withField,
  withLimits,
} from './explore-state.ts';
import { fieldTitles, titleOf, writtenValue } from './words.ts';

interface Part {
  answer: Explored;
  state: ExploreState;
  go: (next: ExploreState) => void;
}

/** Filters with counts. A chosen value stays in its list, with 0, when nothing has it any more. */
export function ExploreFilters({ answer, state, go }: Part): JSX.Element {
  const text = useText();
  const { facets, wider } = answer;
  return (
    <>
      {facetNames.map((name) => {
        const above = name in wider ? wider[name as keyof typeof wider] : [];
        return (
          <ValueList
            key={name}
            title={text(fieldTitles[name])}
            values={facets[name]}
            above={above}
            chosen={state.filters[name]}
            isSpecies={name === 'organism'}
            written={(value) => writtenValue(name, value, text)}
            toggle={(value) => go(toggled(state, name, value))}
          />
        );
      })}
      <Limits state={state} go={go} />
      {answer.further
        .filter(({ field }) => field in state.further)
        .map(({ field, values }) => (
          <ValueList
            key={field}
            title={titleOf(field)}
            values={values}
            above={[]}
            chosen={state.further[field] ?? []}
            written={(value) => value}
            toggle={(value) => go(toggledFurther(state, field, value))}
            close={() => go(withField(state, field, false))}
          />
        ))}
      <FurtherField answer={answer} state={state} go={go} />
    </>
  );
}

/** Fields shown at once beyond those that always are. */
const mostFurther = 6;

/** Any other field of the metadata in which a set says something becomes a filter. */
function FurtherField({ answer, state, go }: Part): JSX.Element | null {
  const text = useText();
  const offered = answer.fields.filter(({ field }) => !(field in state.further));
  if (offered.length === 0 || Object.keys(state.further).length >= mostFurther) return null;
  return (
    <section>
      <h2>{text('explore.furtherField')}</h2>
      <select
        className="sel"
        aria-label={text('explore.furtherField')}
        value=""
        onChange={(event) => event.target.value !== '' && go(withField(state, event.target.value, true))}
      >
        <option value="">{text('explore.chooseField')}</option>
        {offered.map(({ field, values }) => (
          <option key={field} value={field}>
            {`${titleOf(field)} (${writtenCount(values)})`}
          </option>
        ))}
      </select>
    </section>
  );
}

interface Counted {
  value: string;
  count: number;
}

/** Values of a list shown before all are asked for. */
const fewFirst = 8;

interface ListProps {
  title: string;
  values: readonly Counted[];
  /** What stands above the values in their vocabulary. */
  above: readonly Counted[];
  chosen: readonly string[];
  isSpecies?: boolean;
  written: (value: string) => string;
  toggle: (value: string) => void;
  /** Takes the list away. */
  close?: () => void;
}

function ValueList({ title, values, above, chosen, isSpecies, written, toggle, close }: ListProps): JSX.Element | null {
  const text = useText();
  const [isAll, setIsAll] = useState(false);
  const wide = above.filter(({ value }) => chosen.includes(value));
  const known = [...values, ...wide];
  const gone = chosen.filter((value) => !known.some((one) => one.value === value));
  const all = [...known, ...gone.map((value) => ({ value, count: 0 }))];
  if (all.length === 0 && above.length === 0 && !close) return null;
  const shown = isAll ? all : all.filter(({ value }, at) => at < fewFirst || chosen.includes(value));
  const left = above.filter(({ value }) => !chosen.includes(value));
  return (
    <section>
      <h2>
        {title}
        {close ? (
          <button
            type="button"
            className="plainlink"
            aria-label={text('explore.closeField', { title })}
            onClick={close}
          >
            <Icon name="close" />
          </button>
        ) : null}
      </h2>
      <ul>
        {shown.map(({ value, count }) => (
          <li key={value} className={count === 0 ? 'z' : ''}>
            <label>
              <input type="checkbox" checked={chosen.includes(value)} onChange={() => toggle(value)} />
              <span>{isSpecies ? <em className="sp">{value}</em> : written(value)}</span>
              <span className="n">{writtenCount(count)}</span>
            </label>
          </li>
        ))}
      </ul>
      {all.length > shown.length ? (
        <button type="button" className="plainlink l more" onClick={() => setIsAll(true)}>
          {text('explore.moreValues', { count: all.length - shown.length })}
        </button>
      ) : null}
      {left.length > 0 ? <WiderChoice title={title} left={left} toggle={toggle} /> : null}
    </section>
  );
}

/** Groups that stand above the values: mammals, where studies say mouse and human. */
function WiderChoice({
  title,
  left,
  toggle,
}: Pick<ListProps, 'title' | 'toggle'> & { left: readonly Counted[] }): JSX.Element {
  const text = useText();
  return (
    <select
      className="sel"
      aria-label={text('explore.widerOf', { title })}
      value=""
      onChange={(event) => event.target.value !== '' && toggle(event.target.value)}
    >
      <option value="">{text('explore.wider')}</option>
      {left.map(({ value, count }) => (
        <option key={value} value={value}>
          {`${value} (${writtenCount(count)})`}
        </option>
      ))}
    </select>
  );
}

/** From and to of the time between frames and of the number of tracks. */
function Limits({ state, go }: Omit<Part, 'answer'>): JSX.Element {
  const text = useText();
  return (
    <>
      <Range
        key={`interval ${state.limits.minInterval} ${state.limits.maxInterval}`}
        title={text('explore.intervalSeconds')}
        names={['minInterval', 'maxInterval']}
        state={state}
        go={go}
      />
      <Range
        key={`tracks ${state.limits.minTracks} ${state.limits.maxTracks}`}
        title={text('explore.trackCount')}
        names={['minTracks', 'maxTracks']}
        state={state}
        go={go}
      />
    </>
  );
}

function Range({
  title,
  names,
  state,
  go,
}: Omit<Part, 'answer'> & { title: string; names: readonly [LimitName, LimitName] }): JSX.Element {
  const text = useText();
  const id = useId();
  const take = (form: HTMLFormElement) => {
    const { [names[0]]: _least, [names[1]]: _most, ...others } = state.limits;
    const given = names.flatMap((name) => {
      const written = String(new FormData(form).get(name) ?? '').trim();
      const value = Number(written);
      return written === '' || !Number.isFinite(value) || value < 0 ? [] : [[name, value] as const];
    });
    const next: ExploreState['limits'] = { ...others, ...Object.fromEntries(given) };
    if (names.some((name) => next[name] !== state.limits[name])) go(withLimits(state, next));
  };
  const field = (name: LimitName, end: 'from' | 'to') => {
    const word = text(end === 'from' ? 'explore.rangeFrom' : 'explore.rangeTo');
    return (
      <input
        className="num"
        name={name}
        inputMode="decimal"
        aria-label={`${title}: ${word}`}
        placeholder={word}
        defaultValue={state.limits[name] ?? ''}
      />
    );
  };
  return (
    <section aria-labelledby={id}>
      <h2 id={id}>{title}</h2>
      <form
        className="limits"
        onSubmit={(event) => {
          event.preventDefault();
          take(event.currentTarget);
        }}
      >
        {field(names[0], 'from')}
        {field(names[1], 'to')}
        <button type="submit" className="btn sm">
          {text('explore.limitSet')}
        </button>
      </form>
    </section>
  );
}
