import '../styles/account.css';
import '../styles/readers.css';
import { type JSX, useState } from 'react';
import { LabelledInput } from '../account/labelled-input.tsx';
import { ReviewQueue } from '../admin/reviews-section.tsx';
import { TeamCard } from '../admin/teams-section.tsx';
import { answers, useAnswer, useChange } from '../app/answers.ts';
import { api, routes } from '../app/api.ts';
import { AnswerFailed } from '../app/failures.tsx';
import { Link, navigate, usePageLocation } from '../app/router.tsx';
import { SignInFirst } from '../app/sign-in-first.tsx';
import { useMe } from '../app/session.ts';
import { useTitle } from '../app/title.ts';
import { useText } from '../messages/text.ts';
import { writtenDate } from '../messages/written.ts';
import { CommunityForm } from './community-form.tsx';

const load = (slug: string) => api.call(routes.getCommunity, { params: { slug } });
type Answer = Awaited<ReturnType<typeof load>>;
type Sent = Answer['studies'][number];

/** `/community-desk/NAME`, or `new`: studies are sent to a community; who curates it accepts or declines them and changes its page. */
export function CommunityDeskPage(): JSX.Element {
  const text = useText();
  const me = useMe();
  const { slug = 'new' } = usePageLocation().params;
  const isNew = slug === 'new';
  const queryKey = ['community', slug];
  const found = useAnswer({
    queryKey,
    enabled: Boolean(me) && !isNew,
    staleTime: 0,
    gcTime: 0,
    queryFn: () => load(slug),
  });
  const { data } = found;
  const title = isNew ? text('community.new') : (data?.title ?? slug);
  useTitle(title);
  if (!me) return <SignInFirst pending={me === undefined} />;
  const again = () => answers.invalidateQueries({ queryKey });
  return (
    <main className="wrap plain">
      <div className="dh">
        <h1>{title}</h1>
        <div className="end">
          <a className="btn" href={isNew ? '/communities' : `/communities/${slug}`}>
            {text(isNew ? 'community.all' : 'community.page')}
          </a>
        </div>
      </div>
      {found.error ? <AnswerFailed error={found.error} again={() => void found.refetch()} /> : null}
      {isNew ? <CommunityForm onSaved={(saved) => navigate(`/communities/${saved}`)} /> : null}
      {data ? <SendForm slug={slug} again={again} /> : null}
      {data?.canEdit ? <Curation data={data} again={again} /> : null}
      {data?.canEdit ? <InReview data={data} /> : null}
      {data?.team ? (
        <section className="sec">
          <div className="hd">
            <h2>{text('community.team')}</h2>
            <span className="s m2">{text('community.teamHelp')}</span>
          </div>
          <TeamCard team={data.team} manages again={again} />
        </section>
      ) : null}
      {data?.canEdit ? (
        <section className="sec">
          <div className="hd">
            <h2>{text('community.change')}</h2>
          </div>
          <CommunityForm key={data.changedAt} before={data} onSaved={again} />
        </section>
      ) : null}
    </main>
  );
}

function SendForm({ slug, again }: { slug: string; again(): Promise<void> }): JSX.Element {
  const text = useText();
  const [typed, setTyped] = useState('');
  const send = useChange({
    mutationFn: () =>
      api.call(routes.submitToCommunity, {
        // The address of its page counts too.
        params: {
          slug,
          accession: typed
            .trim()
            .replace(/^.*\/studies\//, '')
            .replace(/[/?#].*$/, ''),
        },
      }),
    onSuccess: () => {
      setTyped('');
      return again();
    },
  });
  return (
    <section className="sec">
      <div className="hd">
        <h2>{text('community.send')}</h2>
        <span className="s m2">{text('community.sendHelp')}</span>
      </div>
      <form
        className="rform"
        onSubmit={(event) => {
          event.preventDefault();
          send.mutate();
        }}
      >
        <LabelledInput label={text('community.accession')} required value={typed} onValue={setTyped} />
        <button type="submit" className="btn" disabled={send.isPending}>
          {text('community.send')}
        </button>
        {send.isSuccess && typed === '' ? (
          <p className="st ok" role="status">
            {text('community.sent')}
          </p>
        ) : null}
        {send.error ? <AnswerFailed error={send.error} /> : null}
      </form>
    </section>
  );
}

function Curation({ data, again }: { data: Answer; again(): Promise<void> }): JSX.Element {
  const text = useText();
  const of = (state: Sent['state']) => data.studies.filter((one) => one.state === state);
  const waiting = of('submitted');
  return (
    <>
      <section className="sec">
        <div className="hd">
          <h2>{text('community.waiting')}</h2>
          <span className="s m3 num">{waiting.length}</span>
        </div>
        {waiting.length === 0 ? <p className="m2">{text('community.noneWaiting')}</p> : null}
        <ul className="readers">
          {waiting.map((one) => (
            <OneStudy key={one.accession} slug={data.slug} one={one} again={again} />
          ))}
        </ul>
      </section>
      {(['accepted', 'declined'] as const).map((state) =>
        of(state).length === 0 ? null : (
          <section className="sec" key={state}>
            <div className="hd">
              <h2>{text(state === 'accepted' ? 'community.members' : 'community.declined')}</h2>
            </div>
            <ul className="readers">
              {of(state).map((one) => (
                <OneStudy key={one.accession} slug={data.slug} one={one} again={again} />
              ))}
            </ul>
          </section>
        ),
      )}
    </>
  );
}

/** Drafts of its studies that wait for curators: who leads the group curates them. */
function InReview({ data }: { data: Answer }): JSX.Element | null {
  const text = useText();
  const list = useAnswer({ queryKey: ['reviews'], queryFn: () => api.call(routes.listReviews, {}) });
  const own = new Set(data.studies.flatMap(({ accession, state }) => (state === 'accepted' ? [accession] : [])));
  const reviews = (list.data?.reviews ?? []).filter(({ accession }) => own.has(accession));
  if (reviews.length === 0) return null;
  return (
    <section className="sec">
      <div className="hd">
        <h2>{text('community.queue')}</h2>
        <span className="s m3 num">{reviews.length}</span>
      </div>
      <ReviewQueue reviews={reviews} />
    </section>
  );
}

function OneStudy({ slug, one, again }: { slug: string; one: Sent; again(): Promise<void> }): JSX.Element {
  const text = useText();
  const [reason, setReason] = useState('');
  const params = { slug, accession: one.accession };
  const decide = useChange({
    mutationFn: (state: 'accepted' | 'declined') =>
      api.call(routes.decideForCommunity, { params, body: { state, reason } }),
    onSuccess: again,
  });
  const remove = useChange({
    mutationFn: () => api.call(routes.takeOutOfCommunity, { params }),
    onSuccess: again,
  });
  const isBusy = decide.isPending || remove.isPending;
  return (
    <li>
      <p>
        <a className="l b" href={`/studies/${one.accession}`}>
          {one.title}
        </a>{' '}
        <span className="mono m3 s">{one.accession}</span>{' '}
        <span className="s m2">
          {one.authors} {writtenDate(one.submittedAt)}
        </span>
      </p>
      {one.reason ? <p className="s m2">{one.reason}</p> : null}
      {one.state === 'submitted' ? (
        <>
          <LabelledInput label={text('community.why')} maxLength={1000} value={reason} onValue={setReason} />
          <p className="row w">
            <button type="button" className="btn primary" disabled={isBusy} onClick={() => decide.mutate('accepted')}>
              {text('community.accept')}
            </button>
            <button type="button" className="btn" disabled={isBusy} onClick={() => decide.mutate('declined')}>
              {text('community.decline')}
            </button>
          </p>
        </>
      ) : (
        <p className="row w">
          {one.state === 'accepted' ? (
            <>
              <Link className="btn sm quiet" to={`/study-state/${one.accession}`}>
                {text('community.state', { accession: one.accession })}
              </Link>
              <Link className="btn sm quiet" to={`/private-links/${one.accession}`}>
                {text('community.links', { accession: one.accession })}
              </Link>
            </>
          ) : null}
          <button type="button" className="btn sm quiet" disabled={isBusy} onClick={() => remove.mutate()}>
            {text('community.takeOut', { accession: one.accession })}
          </button>
        </p>
      )}
      {decide.error ? <AnswerFailed error={decide.error} /> : null}
      {remove.error ? <AnswerFailed error={remove.error} /> : null}
    </li>
  );
}
