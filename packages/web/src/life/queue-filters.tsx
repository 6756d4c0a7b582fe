import { type JSX, useState } from 'react';
import { answers, useAnswer, useChange } from '../app/answers.ts';
import { api, routes } from '../app/api.ts';
import { AnswerFailed } from '../app/failures.tsx';
import { useText } from '../messages/text.ts';
import { filterNames, type QueueFilter, type QueuedReview } from './queue-filter.ts';

interface Props {
  all: readonly QueuedReview[];
  filter: QueueFilter;
  setFilter(filter: QueueFilter): void;
}

/** What the queue is filtered by, with the filters one keeps. */
export function QueueFilters({ all, filter, setFilter }: Props): JSX.Element {
  const text = useText();
  const set = (name: keyof QueueFilter, value: string) => setFilter({ ...filter, [name]: value });
  const distinct = (values: readonly string[]) => [...new Set(values)].sort().map((one) => [one, one] as const);
  const choices: Partial<Record<keyof QueueFilter, readonly (readonly [value: string, label: string])[]>> = {
    state: (['submitted', 'in_review', 'changes_requested', 'approved'] as const).map((one) => [
      one,
      text(`review.state.${one}`),
    ]),
    tier: (['archive', 'database'] as const).map((one) => [one, text(`life.tier.${one}`)]),
    assignee: [['-', text('life.nobody')], ...distinct(all.flatMap(({ assignee }) => assignee ?? []))],
    collection: distinct(all.flatMap(({ collections }) => collections)),
    organism: distinct(all.flatMap(({ organisms }) => organisms)),
    special: (['people', 'first', 'late'] as const).map((one) => [one, text(`life.special.${one}`)]),
  };
  return (
    <>
      <div className="row w" role="search" aria-label={text('life.filter')}>
        {filterNames.map((name) =>
          name === 'size' || name === 'age' ? (
            <label key={name} className="row">
              {text(`life.filter.${name}`)}
              <input
                className="field-in"
                type="number"
                min={0}
                value={filter[name] ?? ''}
                onChange={(event) => set(name, event.target.value)}
              />
            </label>
          ) : (
            <label key={name} className="row">
              {text(`life.filter.${name}`)}
              <select
                className="field-in"
                value={filter[name] ?? ''}
                onChange={(event) => set(name, event.target.value)}
              >
                <option value="">{text('life.all')}</option>
                {(choices[name] ?? []).map(([value, label]) => (
                  <option key={value} value={value}>
                    {label}
                  </option>
                ))}
              </select>
            </label>
          ),
        )}
      </div>
      <KeptFilters filter={filter} setFilter={setFilter} />
    </>
  );
}

function KeptFilters({ filter, setFilter }: Omit<Props, 'all'>): JSX.Element {
  const text = useText();
  const [name, setName] = useState('');
  const queryKey = ['review-filters'];
  const kept = useAnswer({ queryKey, queryFn: () => api.call(routes.listReviewFilters, {}) });
  const keep = useChange({
    mutationFn: (one: { name: string; filter: Record<string, string> | null }) =>
      api.call(routes.keepReviewFilter, { params: { name: one.name }, body: { filter: one.filter } }),
    onSuccess: (next) => {
      setName('');
      answers.setQueryData(queryKey, next);
    },
  });
  const set = Object.fromEntries(Object.entries(filter).filter(([, value]) => value !== ''));
  return (
    <form
      className="row w kept"
      onSubmit={(event) => {
        event.preventDefault();
        if (name.trim() !== '') keep.mutate({ name: name.trim(), filter: set });
      }}
    >
      {(kept.data?.filters ?? []).map((one) => (
        <span key={one.name} className="row">
          <button type="button" className="btn sm" onClick={() => setFilter(one.filter)}>
            {one.name}
          </button>
          <button
            type="button"
            className="btn sm quiet"
            aria-label={text('life.forget', { name: one.name })}
            onClick={() => keep.mutate({ name: one.name, filter: null })}
          >
            ×
          </button>
        </span>
      ))}
      {Object.keys(set).length > 0 ? (
        <>
          <input
            className="field-in"
            maxLength={80}
            aria-label={text('life.keepFilter')}
            placeholder={text('life.keepFilter')}
            value={name}
            onChange={(event) => setName(event.target.value)}
          />
          <button type="submit" className="btn sm">
            {text('life.keep')}
          </button>
        </>
      ) : null}
      {keep.error ? <AnswerFailed error={keep.error} /> : null}
    </form>
  );
}
