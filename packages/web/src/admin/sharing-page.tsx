import '../styles/account.css';
import { type JSX, useState } from 'react';
import { answers, useAnswer, useChange } from '../app/answers.ts';
import { api, routes } from '../app/api.ts';
import { AnswerFailed } from '../app/failures.tsx';
import { Link, usePageLocation } from '../app/router.tsx';
import { SignInFirst } from '../app/sign-in-first.tsx';
import { useMe } from '../app/session.ts';
import { useTitle } from '../app/title.ts';
import { useText } from '../messages/text.ts';
import { DeclarationSection } from './declaration-section.tsx';
import { DoiSection } from './doi-section.tsx';
import { ReleaseSection } from './release-section.tsx';

/** With whom the drafts of a study are shared. */
export function SharingPage(): JSX.Element {
  const text = useText();
  const me = useMe();
  const { draft = '' } = usePageLocation().params;
  useTitle(text('sharing.title'));
  const queryKey = ['shares', draft];
  const list = useAnswer({
    queryKey,
    enabled: Boolean(me),
    queryFn: () => api.call(routes.listShares, { params: { draft } }),
  });
  const end = useChange({
    mutationFn: (id: string) => api.call(routes.unshareDraft, { params: { draft, id } }),
    onSuccess: () => answers.invalidateQueries({ queryKey }),
  });
  if (!me) return <SignInFirst pending={me === undefined} />;
  const shares = list.data?.shares ?? [];
  return (
    <main className="wrap plain">
      <div className="dh">
        <h1>{text('sharing.title')}</h1>
        <div className="end">
          {list.data ? (
            <>
              <Link className="btn" to={`/private-links/${list.data.accession}`}>
                {text('private.title')}
              </Link>{' '}
              <Link className="btn" to={`/transfer/${list.data.accession}`}>
                {text('version.handOver')}
              </Link>
            </>
          ) : null}{' '}
          <Link className="btn" to={`/review/${draft}`}>
            {text('review.title')}
          </Link>{' '}
          <Link className="btn" to={`/deposit/${draft}`}>
            {text('sharing.back')}
          </Link>
        </div>
      </div>
      <p className="prose m2">{text('sharing.help')}</p>
      {list.error ? <AnswerFailed error={list.error} again={() => void list.refetch()} /> : null}
      {list.data && shares.length === 0 ? <p className="s m2">{text('sharing.none')}</p> : null}
      <ul className="plain">
        {shares.map((one) => (
          <li key={one.id} className="row w">
            <span className="b">{one.name}</span>
            <span className="m2">{text(`sharing.${one.kind}`)}</span>
            <span>{text(`sharing.${one.access}`)}</span>
            <button type="button" className="btn sm" onClick={() => end.mutate(one.id)}>
              {text('sharing.end')}
            </button>
          </li>
        ))}
      </ul>
      {end.error ? <AnswerFailed error={end.error} /> : null}
      <NewShare draft={draft} onShared={() => void answers.invalidateQueries({ queryKey })} />
      <ReleaseSection draft={draft} />
      <DeclarationSection draft={draft} accession={list.data?.accession} />
      <DoiSection draft={draft} />
    </main>
  );
}

function NewShare({ draft, onShared }: { draft: string; onShared(): void }): JSX.Element {
  const text = useText();
  const [whom, setWhom] = useState('');
  const [email, setEmail] = useState('');
  const [access, setAccess] = useState<'view' | 'edit'>('view');
  const groups = useAnswer({ queryKey: ['groups'], queryFn: () => api.call(routes.listTeams, {}) });
  const share = useChange({
    mutationFn: () => {
      const body = { access, ...(whom === '' ? { email: email.trim() } : { group: whom }) };
      return api.call(routes.shareDraft, { params: { draft }, body });
    },
    onSuccess: () => {
      setEmail('');
      onShared();
    },
  });
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        share.mutate();
      }}
    >
      <div className="row w">
        <select
          className="field-in"
          aria-label={text('sharing.with')}
          value={whom}
          onChange={(event) => setWhom(event.target.value)}
        >
          <option value="">{text('sharing.person')}</option>
          {(groups.data?.teams ?? []).map((team) => (
            <option key={team.id} value={team.id}>
              {team.name}
            </option>
          ))}
        </select>
        {whom === '' ? (
          <input
            className="field-in"
            type="email"
            required
            aria-label={text('sharing.email')}
            placeholder={text('sharing.email')}
            value={email}
            onChange={(event) => setEmail(event.target.value)}
          />
        ) : null}
        <select
          className="field-in"
          aria-label={text('sharing.access')}
          value={access}
          onChange={(event) => setAccess(event.target.value as 'view' | 'edit')}
        >
          <option value="view">{text('sharing.view')}</option>
          <option value="edit">{text('sharing.edit')}</option>
        </select>
        <button type="submit" className="btn primary">
          {text('sharing.share')}
        </button>
      </div>
      {share.error ? <AnswerFailed error={share.error} /> : null}
    </form>
  );
}
