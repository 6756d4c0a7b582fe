import { type JSX, useState } from 'react';
import { LabelledInput } from '../account/labelled-input.tsx';
import { answers, useAnswer, useChange } from '../app/answers.ts';
import { api, routes } from '../app/api.ts';
import { AnswerFailed } from '../app/failures.tsx';
import { Icon } from '../app/icons.tsx';
import { SureButton } from '../app/sure-button.tsx';
import { useFaultWords } from '../messages/server-words.ts';
import { useText } from '../messages/text.ts';
import { writtenMoment } from '../messages/written.ts';

const askWebhooks = () => api.call(routes.listWebhooks, {});
type Webhook = Awaited<ReturnType<typeof askWebhooks>>['webhooks'][number];

/** On the account page: addresses that are told, what they were told, and another one. */
export function WebhooksSection(): JSX.Element {
  const text = useText();
  const found = useAnswer({
    queryKey: ['webhooks'],
    staleTime: 0,
    queryFn: askWebhooks,
  });
  return (
    <section className="sec">
      <div className="hd">
        <h2>{text('webhooks.title')}</h2>
        <span className="s m2">{text('webhooks.help')}</span>
      </div>
      <NewWebhook />
      {found.error ? <AnswerFailed error={found.error} again={() => void found.refetch()} /> : null}
      {found.data?.webhooks.length === 0 ? <p className="s m2">{text('webhooks.none')}</p> : null}
      {found.data?.webhooks.map((one) => (
        <Shown key={one.id} webhook={one} />
      ))}
    </section>
  );
}

function NewWebhook(): JSX.Element {
  const text = useText();
  const faultWords = useFaultWords();
  const [target, setTarget] = useState('');
  const [events, setEvents] = useState<'search' | 'notices'>('search');
  const [query, setQuery] = useState('');
  const [secret, setSecret] = useState('');
  const make = useChange({
    mutationFn: () =>
      // The whole address of a search page may be pasted.
      api.call(routes.makeWebhook, {
        body: { target: target.trim(), events, query: events === 'search' ? query.trim().replace(/^[^?]*\?/, '') : '' },
      }),
    onSuccess: (made) => {
      setSecret(made.secret);
      setTarget('');
      setQuery('');
      return answers.invalidateQueries({ queryKey: ['webhooks'] });
    },
  });
  return (
    <>
      <form
        className="newtoken"
        onSubmit={(event) => {
          event.preventDefault();
          make.mutate();
        }}
      >
        <LabelledInput
          label={text('webhooks.target')}
          required
          type="url"
          maxLength={2000}
          value={target}
          onValue={setTarget}
        />
        <label className="lf">
          <span>{text('webhooks.events')}</span>
          <select className="sel" value={events} onChange={(event) => setEvents(event.target.value as typeof events)}>
            <option value="search">{text('webhooks.search')}</option>
            <option value="notices">{text('webhooks.notices')}</option>
          </select>
        </label>
        {events === 'search' ? (
          <LabelledInput label={text('webhooks.query')} maxLength={4000} value={query} onValue={setQuery} />
        ) : null}
        <button type="submit" className="btn primary" disabled={make.isPending}>
          {text('webhooks.make')}
        </button>
      </form>
      <p className="problem" role="alert">
        {make.error ? faultWords(make.error) : ''}
      </p>
      {secret === '' ? null : (
        <div className="finding info" role="status">
          <Icon name="info" />
          <span>
            <b>{text('webhooks.once')}</b>
            <code className="mono secret">{secret}</code>
          </span>
          <span className="act row">
            <button type="button" className="btn sm" onClick={() => setSecret('')}>
              {text('webhooks.done')}
            </button>
          </span>
        </div>
      )}
    </>
  );
}

function Shown({ webhook }: { webhook: Webhook }): JSX.Element {
  const text = useText();
  const end = useChange({
    mutationFn: () => api.call(routes.removeWebhook, { params: { id: webhook.id } }),
    onSuccess: () => answers.invalidateQueries({ queryKey: ['webhooks'] }),
  });
  return (
    <div className="hook">
      <p className="row w">
        <b className="mono">{webhook.target}</b>
        <span className="s m2">
          {webhook.events === 'notices'
            ? text('webhooks.notices')
            : text('webhooks.queryOf', { query: webhook.query === '' ? text('webhooks.all') : webhook.query })}
        </span>
        <SureButton
          words={text('webhooks.end')}
          sure={text('webhooks.endSure')}
          look="btn sm"
          isBusy={end.isPending}
          onSure={() => end.mutate()}
        />
      </p>
      {end.error ? <AnswerFailed error={end.error} /> : null}
      <div className="scrollx">
        <table className="t">
          <caption className="sr">{text('webhooks.deliveries')}</caption>
          <thead>
            <tr>
              <th>{text('webhooks.event')}</th>
              <th>{text('webhooks.when')}</th>
              <th>{text('webhooks.state')}</th>
            </tr>
          </thead>
          <tbody>
            {webhook.deliveries.map((one) => (
              <tr key={one.id}>
                <td className="mono">{one.event}</td>
                <td>{writtenMoment(one.createdAt)}</td>
                <td>
                  {stateWords(one, text)}
                  {one.fault ? (
                    <p className="s m2" lang="en">
                      {one.fault}
                    </p>
                  ) : null}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </div>
  );
}

function stateWords(one: Webhook['deliveries'][number], text: ReturnType<typeof useText>): string {
  if (one.state === 'delivered') return text('webhooks.delivered', { status: one.status ?? '' });
  if (one.state === 'given-up') return text('webhooks.givenUp', { tries: one.tries });
  if (one.fault === undefined || one.nextAt === undefined) return text('webhooks.waiting');
  return text('webhooks.again', { tries: one.tries, when: writtenMoment(one.nextAt) });
}
