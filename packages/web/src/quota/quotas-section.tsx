import { type JSX, useState } from 'react';
import { answers, useAnswer, useChange } from '../app/answers.ts';
import { api, routes } from '../app/api.ts';
import { AnswerFailed } from '../app/failures.tsx';
import { HeadedTable } from '../app/headed-table.tsx';
import { useText } from '../messages/text.ts';
import { writtenBytes } from '../messages/written.ts';
import { readLimit, writtenLimit } from './quota-input.ts';

const queryKey = ['admin', 'quotas'];

/** For the operator: how much everybody, each person and each group may deposit, and how much they have. */
export function QuotasSection(): JSX.Element {
  const text = useText();
  const found = useAnswer({ queryKey, staleTime: 0, queryFn: () => api.call(routes.listQuotas, {}) });
  const { data } = found;
  return (
    <section className="sec">
      <div className="hd">
        <h2>{text('quota.admin')}</h2>
        <span className="s m2">{text('quota.adminHelp')}</span>
      </div>
      {found.error ? <AnswerFailed error={found.error} again={() => void found.refetch()} /> : null}
      {data ? (
        <HeadedTable heads={[text('quota.who'), { words: text('quota.use'), as: 'number' }, text('quota.limit')]}>
          <tr>
            <td className="b">{text('quota.everybody')}</td>
            <td />
            <td>
              <Limit
                key={data.default}
                subject="default"
                name={text('quota.everybody')}
                set={data.default ?? 'none'}
                words={text('quota.none')}
              />
            </td>
          </tr>
          {data.allowances.map(({ kind, id, name, usedBytes, set }) => (
            <tr key={`${kind}${id}`}>
              <td>
                {name} {kind === 'group' ? <span className="tag">{text('quota.ofGroup')}</span> : null}
              </td>
              <td className="r">{writtenBytes(usedBytes)}</td>
              <td>
                <Limit
                  key={set}
                  subject={`${kind === 'group' ? 'group' : 'user'}:${id}`}
                  name={name}
                  set={set}
                  words={text(kind === 'group' ? 'quota.none' : 'quota.asEverybody')}
                />
              </td>
            </tr>
          ))}
        </HeadedTable>
      ) : null}
      <p className="s m3">{text('quota.help')}</p>
    </section>
  );
}

function Limit(props: {
  subject: string;
  name: string;
  set: number | 'none' | 'default';
  /** Stands in the empty field. */
  words: string;
}): JSX.Element {
  const { subject, name, set, words } = props;
  const text = useText();
  const [written, setWritten] = useState(writtenLimit(set));
  const limit = readLimit(written);
  const save = useChange({
    mutationFn: (wanted: number | 'none' | 'default') =>
      api.call(routes.setQuota, { params: { subject }, body: { limit: wanted } }),
    onSuccess: () => answers.invalidateQueries({ queryKey }),
  });
  return (
    <form
      className="row w"
      onSubmit={(event) => {
        event.preventDefault();
        if (limit !== undefined) save.mutate(limit);
      }}
    >
      <input
        className="field-in"
        inputMode="decimal"
        aria-label={text('quota.limitOf', { name })}
        aria-invalid={limit === undefined}
        placeholder={words}
        value={written}
        onChange={(event) => setWritten(event.target.value)}
      />
      {limit !== set && written !== writtenLimit(set) ? (
        <button type="submit" className="btn sm" disabled={limit === undefined || save.isPending}>
          {text('quota.save')}
        </button>
      ) : null}
      {limit === undefined ? <span className="st warn">{text('quota.noNumber')}</span> : null}
      {save.error ? <AnswerFailed error={save.error} /> : null}
    </form>
  );
}
