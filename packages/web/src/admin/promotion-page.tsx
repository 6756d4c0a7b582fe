import '../styles/account.css';
import { versionLabel } from '@micrarium/model';
import { type JSX, useState } from 'react';
import { LabelledInput } from '../account/labelled-input.tsx';
import { answers, useAnswer, useChange } from '../app/answers.ts';
import { api, routes } from '../app/api.ts';
import { AnswerFailed } from '../app/failures.tsx';
import { Link, usePageLocation } from '../app/router.tsx';
import { SignInFirst } from '../app/sign-in-first.tsx';
import { useMe } from '../app/session.ts';
import { useTitle } from '../app/title.ts';
import { language, useText } from '../messages/text.ts';
import { writtenDate } from '../messages/written.ts';

const load = (accession: string) => api.call(routes.getPromotion, { params: { accession } });
type Answer = Awaited<ReturnType<typeof load>>;

/** Where a study stands on its way into the database tier; a curator begins it here. */
export function PromotionPage(): JSX.Element {
  const text = useText();
  const me = useMe();
  const { accession = '' } = usePageLocation().params;
  useTitle(text('promotion.title'));
  const queryKey = ['promotion', accession];
  const found = useAnswer({ queryKey, enabled: Boolean(me), staleTime: 0, queryFn: () => load(accession) });
  const begin = useChange({
    mutationFn: () => api.call(routes.promoteStudy, { params: { accession } }),
    onSuccess: () => answers.invalidateQueries({ queryKey }),
  });
  if (!me) return <SignInFirst pending={me === undefined} />;
  const { data } = found;
  const canBegin = data?.tier === 'archive' && !data.open;
  return (
    <main className="wrap plain">
      <div className="dh">
        <h1>{text('promotion.title')}</h1>
        <div className="end">
          <a className="btn" href={`/studies/${accession}`}>
            {text('nav.toStudy')}
          </a>{' '}
          {data?.open ? <OpenLinks draft={data.open.draft} /> : null}
          {canBegin ? (
            <button type="button" className="btn primary" disabled={begin.isPending} onClick={() => begin.mutate()}>
              {text('promotion.start')}
            </button>
          ) : null}
        </div>
      </div>
      {found.error ? <AnswerFailed error={found.error} again={() => void found.refetch()} /> : null}
      {begin.error ? <AnswerFailed error={begin.error} /> : null}
      {data ? <Standing data={data} /> : null}
      {data?.tier === 'database' ? <Badge data={data} onSaid={() => answers.invalidateQueries({ queryKey })} /> : null}
    </main>
  );
}

/** Hides the mark of the tier, with a reason, or shows it again. */
function Badge({ data, onSaid }: { data: Answer; onSaid(): Promise<void> }): JSX.Element {
  const text = useText();
  const [reason, setReason] = useState('');
  const { accession, hiddenBadge } = data;
  const say = useChange({
    mutationFn: (isHidden: boolean) => api.call(routes.setBadge, { params: { accession }, body: { isHidden, reason } }),
    onSuccess: onSaid,
  });
  return (
    <section className="sec">
      <div className="hd">
        <h2>{text('promotion.badge')}</h2>
        <span className="s m2">{text('promotion.badgeHelp')}</span>
      </div>
      {hiddenBadge ? (
        <>
          <p className="prose">
            <span className="st warn">{text('promotion.badgeHidden', { date: writtenDate(hiddenBadge.at) })}</span>{' '}
            {hiddenBadge.reason}
          </p>
          <button type="button" className="btn" disabled={say.isPending} onClick={() => say.mutate(false)}>
            {text('promotion.badgeShow')}
          </button>
        </>
      ) : (
        <form
          className="row w"
          onSubmit={(event) => {
            event.preventDefault();
            say.mutate(true);
          }}
        >
          <LabelledInput
            label={text('promotion.badgeReason')}
            required
            maxLength={2000}
            value={reason}
            onValue={setReason}
          />
          <button type="submit" className="btn" disabled={say.isPending}>
            {text('promotion.badgeHide')}
          </button>
        </form>
      )}
      {say.error ? <AnswerFailed error={say.error} /> : null}
    </section>
  );
}

function OpenLinks({ draft }: { draft: string }): JSX.Element {
  const text = useText();
  return (
    <>
      <Link className="btn" to={`/review/${draft}`}>
        {text('review.title')}
      </Link>{' '}
      <Link className="btn primary" to={`/deposit/${draft}`}>
        {text('promotion.edit')}
      </Link>
    </>
  );
}

function Standing({ data }: { data: Answer }): JSX.Element {
  const text = useText();
  const { open, asked } = data;
  return (
    <>
      <p>
        <span className="b">{data.title}</span> <span className="mono m3">{data.accession}</span>
      </p>
      {open ? (
        <p>
          {text('promotion.begun', {
            name: open.curator || text('life.left'),
            version: versionLabel(open),
            state: text(`review.state.${open.state}`),
          })}
        </p>
      ) : null}
      {data.tier === 'database' ? <p className="prose m2">{text('promotion.isDatabase')}</p> : null}
      {data.tier === 'archive' && !open ? <p className="prose m2">{text('promotion.what')}</p> : null}
      {data.tier === 'archive' || open ? (
        <section className="sec">
          <div className="hd">
            <h2>{text('promotion.askedTitle')}</h2>
            <span className="s m3 num">{asked.length}</span>
          </div>
          {asked.length === 0 ? <p className="s m2">{text('promotion.nothingAsked')}</p> : null}
          <ul>
            {asked.map((one) => (
              <li key={one.field}>
                {one.field === '' ? text('promotion.files') : one[language()]}{' '}
                {one.datasets > 0 ? (
                  <span className="s m3">{text('promotion.datasets', { count: one.datasets })}</span>
                ) : null}
                {one.faults.map((words) => (
                  <p key={words} className="s m2" lang="en">
                    {words}
                  </p>
                ))}
              </li>
            ))}
          </ul>
        </section>
      ) : null}
    </>
  );
}
