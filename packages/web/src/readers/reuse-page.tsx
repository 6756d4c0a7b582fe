import '../styles/account.css';
import '../styles/readers.css';
import { type JSX, useState } from 'react';
import { LabelledChoice } from '../account/labelled-choice.tsx';
import { LabelledInput } from '../account/labelled-input.tsx';
import { answers, useAnswer, useChange } from '../app/answers.ts';
import { api, routes } from '../app/api.ts';
import { AnswerFailed } from '../app/failures.tsx';
import { PageOfStudy } from '../app/page-of-study.tsx';
import { usePageLocation } from '../app/router.tsx';
import { useMe } from '../app/session.ts';
import { SignInFor } from '../app/sign-in-first.tsx';
import { useTitle } from '../app/title.ts';
import { useText } from '../messages/text.ts';
import { writtenDate } from '../messages/written.ts';
import { WordsInput } from './words-input.tsx';

const load = (accession: string) => api.call(routes.listReuses, { params: { accession } });
type Answer = Awaited<ReturnType<typeof load>>;
type Reuse = Answer['reuses'][number];
const kinds = ['paper', 'study', 'analysis'] as const;

/** `/reuse/ACCESSION`: where a study was used again; anybody signed in reports a use, the authors confirm it. */
export function ReusePage(): JSX.Element {
  const text = useText();
  const { accession = '' } = usePageLocation().params;
  const me = useMe();
  useTitle(`${text('readers.reuse')} · ${accession}`);
  const queryKey = ['reuse', accession];
  const found = useAnswer({ queryKey, staleTime: 0, queryFn: () => load(accession) });
  const again = () => answers.invalidateQueries({ queryKey });
  const { data } = found;
  return (
    <PageOfStudy heading={text('readers.reuse')} accession={accession} found={found}>
      {data ? (
        <>
          <section className="sec">
            {data.reuses.length === 0 ? <p className="m2">{text('readers.noReuse')}</p> : null}
            <ul className="readers">
              {data.reuses.map((one) => (
                <OneReuse key={one.id} accession={accession} one={one} isAuthor={data.isAuthor} again={again} />
              ))}
            </ul>
          </section>
          {me ? (
            <ReportForm accession={accession} isAuthor={data.isAuthor} again={again} />
          ) : (
            <SignInFor words={text('readers.signInToReport')} />
          )}
        </>
      ) : null}
    </PageOfStudy>
  );
}

function OneReuse(props: { accession: string; one: Reuse; isAuthor: boolean; again(): Promise<void> }): JSX.Element {
  const { accession, one, isAuthor, again } = props;
  const text = useText();
  const me = useMe();
  const [reason, setReason] = useState('');
  const [isDeclining, setDeclining] = useState(false);
  const params = { accession, id: one.id };
  const decide = useChange({
    mutationFn: (state: 'confirmed' | 'declined') =>
      api.call(routes.decideReuse, { params, body: { state, reason: state === 'declined' ? reason : '' } }),
    onSuccess: () => setDeclining(false),
    onSettled: again,
  });
  const remove = useChange({ mutationFn: () => api.call(routes.removeReuse, { params }), onSettled: again });
  const mayRemove = one.isMine || me?.role === 'curator' || me?.role === 'owner';
  const state = { reported: 'st info', confirmed: 'st ok', declined: 'st warn' }[one.state];
  return (
    <li>
      <p>
        <span className="s m2">{text(one.use === 'primary' ? 'readers.use.primary' : `readers.kind.${one.kind}`)}</span>{' '}
        <a className="l b" href={one.url}>
          {one.title || one.identifier}
        </a>{' '}
        <span className="mono m3 s">{one.identifier.replace(/^https:\/\//, '')}</span>{' '}
        {one.state === 'confirmed' && !isAuthor ? null : (
          <span className={state}>{text(`readers.state.${one.state}`)}</span>
        )}
      </p>
      {one.remark === '' ? null : <p className="words">{one.remark}</p>}
      <p className="s m3">
        {one.foundIn === undefined
          ? text('readers.reportedBy', {
              name: one.reporter || text('readers.left'),
              date: writtenDate(one.reportedAt),
            })
          : text('readers.foundBy', { source: one.foundIn, date: writtenDate(one.foundOn ?? one.reportedAt) })}
      </p>
      {one.reason === '' ? null : <p className="s words">{text('readers.reason', { reason: one.reason })}</p>}
      <div className="row w">
        {isAuthor && one.state !== 'confirmed' ? (
          <button type="button" className="btn sm primary" onClick={() => decide.mutate('confirmed')}>
            {text('readers.confirm')}
          </button>
        ) : null}
        {isAuthor && one.state !== 'declined' && !isDeclining ? (
          <button type="button" className="btn sm" onClick={() => setDeclining(true)}>
            {text('readers.decline')}
          </button>
        ) : null}
        {mayRemove ? (
          <button type="button" className="btn sm quiet" onClick={() => remove.mutate()}>
            {text('readers.remove')}
          </button>
        ) : null}
      </div>
      {isDeclining ? (
        <form
          className="rform"
          onSubmit={(event) => {
            event.preventDefault();
            decide.mutate('declined');
          }}
        >
          <LabelledInput label={text('readers.why')} value={reason} onValue={setReason} />
          <button type="submit" className="btn">
            {text('readers.decline')}
          </button>
        </form>
      ) : null}
      {decide.error ? <AnswerFailed error={decide.error} /> : null}
      {remove.error ? <AnswerFailed error={remove.error} /> : null}
    </li>
  );
}

function ReportForm(props: { accession: string; isAuthor: boolean; again(): Promise<void> }): JSX.Element {
  const { accession, isAuthor, again } = props;
  const text = useText();
  const [kind, setKind] = useState<(typeof kinds)[number]>('paper');
  const [identifier, setIdentifier] = useState('');
  const [title, setTitle] = useState('');
  const [remark, setRemark] = useState('');
  const report = useChange({
    mutationFn: () =>
      api.call(routes.reportReuse, { params: { accession }, body: { kind, identifier, title, remark } }),
    onSuccess: () => {
      setIdentifier('');
      setTitle('');
      setRemark('');
      return again();
    },
  });
  return (
    <section className="sec">
      <div className="hd">
        <h2>{text('readers.report')}</h2>
        <span className="s m2">{text(isAuthor ? 'readers.reportHelpAuthor' : 'readers.reportHelp')}</span>
      </div>
      <form
        className="rform"
        onSubmit={(event) => {
          event.preventDefault();
          report.mutate();
        }}
      >
        <LabelledChoice
          label={text('readers.usedIn')}
          value={kind}
          choices={kinds.map((one) => [one, text(`readers.kind.${one}`)] as const)}
          onValue={setKind}
        />
        <LabelledInput
          label={text('readers.identifier')}
          help={text(`readers.identifier.${kind}`)}
          required
          value={identifier}
          onValue={setIdentifier}
        />
        <LabelledInput label={text('readers.workTitle')} value={title} onValue={setTitle} />
        <WordsInput label={text('readers.remark')} value={remark} onValue={setRemark} most={2000} />
        <button type="submit" className="btn primary" disabled={report.isPending}>
          {text('readers.sendReport')}
        </button>
        {report.data ? (
          <p className="st ok" role="status">
            {text(isAuthor ? 'readers.shown' : 'readers.reported')}
          </p>
        ) : null}
        {report.error ? <AnswerFailed error={report.error} /> : null}
      </form>
    </section>
  );
}
