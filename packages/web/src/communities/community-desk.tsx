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
import { typedAccession } from '../collections/typed-study.ts';
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
      {data?.own && !data.canEdit ? <OwnStudies slug={slug} studies={data.own} again={again} /> : null}
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
    mutationFn: () => api.call(routes.submitToCommunity, { params: { slug, accession: typedAccession(typed) } }),
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

/** What one has sent here oneself, and what became of it; who curates sees it among all. */
function OwnStudies(props: { slug: string; studies: readonly Sent[]; again(): Promise<void> }): JSX.Element {
  const { slug, studies, again } = props;
  const text = useText();
  return (
    <section className="sec" id="own">
      <div className="hd">
        <h2>{text('community.own')}</h2>
      </div>
      <ul className="readers">
        {studies.map((one) => (
          <li key={one.accession}>
            <StudyWords one={one} />
            <p className="row w">
              <span className={`st ${{ submitted: 'info', accepted: 'ok', declined: 'off' }[one.state]}`}>
                {text(`community.is.${one.state}`)}
              </span>
              <TakeOut slug={slug} accession={one.accession} again={again} />
            </p>
          </li>
        ))}
      </ul>
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

function StudyWords({ one }: { one: Sent }): JSX.Element {
  return (
    <>
      <p>
        <a className="l b" href={`/studies/${one.accession}`}>
          {one.title}
        </a>{' '}
        <span className="mono m3 s">{one.accession}</span>{' '}
        <span className="s m2">
          <span>{one.authors}</span> {writtenDate(one.submittedAt)}
        </span>
      </p>
      {one.reason ? <p className="s m2 said">{one.reason}</p> : null}
    </>
  );
}

function TakeOut(props: { slug: string; accession: string; again(): Promise<void> }): JSX.Element {
  const { slug, accession, again } = props;
  const text = useText();
  const remove = useChange({
    mutationFn: () => api.call(routes.takeOutOfCommunity, { params: { slug, accession } }),
    onSuccess: again,
  });
  return (
    <>
      <button type="button" className="btn sm quiet" disabled={remove.isPending} onClick={() => remove.mutate()}>
        {text('community.takeOut', { accession })}
      </button>
      {remove.error ? <AnswerFailed error={remove.error} /> : null}
    </>
  );
}

function OneStudy({ slug, one, again }: { slug: string; one: Sent; again(): Promise<void> }): JSX.Element {
  const text = useText();
  const [reason, setReason] = useState('');
  const { accession } = one;
  const decide = useChange({
    mutationFn: (state: 'accepted' | 'declined') =>
      api.call(routes.decideForCommunity, { params: { slug, accession }, body: { state, reason } }),
    onSuccess: again,
  });
  return (
    <li>
      <StudyWords one={one} />
      {one.state === 'submitted' ? (
        <>
          <LabelledInput label={text('community.why')} maxLength={1000} value={reason} onValue={setReason} />
          <p className="row w">
            <button
              type="button"
              className="btn primary"
              disabled={decide.isPending}
              onClick={() => decide.mutate('accepted')}
            >
              {text('community.accept')}
            </button>
            <button type="button" className="btn" disabled={decide.isPending} onClick={() => decide.mutate('declined')}>
              {text('community.decline')}
            </button>
          </p>
        </>
      ) : (
        <p className="row w">
          {one.state === 'accepted' ? (
            <>
              <Link className="btn sm quiet" to={`/study-state/${accession}`}>
                {text('community.state', { accession })}
              </Link>
              <Link className="btn sm quiet" to={`/private-links/${accession}`}>
                {text('community.links', { accession })}
              </Link>
            </>
          ) : null}
          <TakeOut slug={slug} accession={accession} again={again} />
        </p>
      )}
      {decide.error ? <AnswerFailed error={decide.error} /> : null}
    </li>
  );
}
