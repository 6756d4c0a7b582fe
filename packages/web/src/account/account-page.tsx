import '../styles/account.css';
import type { JSX } from 'react';
import { api, routes } from '../app/api.ts';
import { answers, useAnswer, useChange } from '../app/answers.ts';
import { AnswerFailed } from '../app/failures.tsx';
import { HeadedTable } from '../app/headed-table.tsx';
import { SignInFirst } from '../app/sign-in-first.tsx';
import { signOut, useMe } from '../app/session.ts';
import { SureButton } from '../app/sure-button.tsx';
import { useTitle } from '../app/title.ts';
import { Link, navigate } from '../app/router.tsx';
import { SecondFactorSection } from '../admin/second-factor-section.tsx';
import { TeamsSection } from '../admin/teams-section.tsx';
import { useText } from '../messages/text.ts';
import { writtenDate } from '../messages/written.ts';
import { StorageSection } from '../quota/storage-section.tsx';
import { WebhooksSection } from '../webhooks/webhooks-section.tsx';
import { DevicesSection } from './devices-section.tsx';
import { EraseSection } from './erase-section.tsx';
import { TakeAlongSection } from './take-along-section.tsx';
import { NewToken } from './new-token.tsx';
import { PasskeysSection } from './passkeys-section.tsx';
import { PasswordSection } from './password-section.tsx';

/** Who I am, my API tokens, and the way out. */
export function AccountPage(): JSX.Element {
  const text = useText();
  const me = useMe();
  useTitle(text('account.title'));
  if (!me) return <SignInFirst pending={me === undefined} />;
  return (
    <main className="wrap plain">
      <div className="dh">
        <h1>{me.name}</h1>
        <span className="s m2">{me.email}</span>
        <div className="end">
          {me.role !== 'member' ? (
            <Link className="btn" to="/admin">
              {text('account.admin')}
            </Link>
          ) : null}
          <button
            type="button"
            className="btn"
            onClick={() =>
              void signOut().then(() => {
                answers.clear();
                return navigate('/');
              })
            }
          >
            {text('account.signOut')}
          </button>
        </div>
      </div>
      <StorageSection />
      <PasswordSection />
      <SecondFactorSection />
      <PasskeysSection />
      <DevicesSection />
      <TeamsSection />
      <Tokens />
      <WebhooksSection />
      <TakeAlongSection />
      <EraseSection />
    </main>
  );
}

function Tokens(): JSX.Element {
  const text = useText();
  const list = useAnswer({ queryKey: ['tokens'], queryFn: () => api.call(routes.listTokens, {}) });
  const tokens = list.data?.tokens ?? [];
  return (
    <section className="sec">
      <div className="hd">
        <h2>{text('token.title')}</h2>
        <span className="s m2">{text('token.help')}</span>
      </div>
      <NewToken />
      {list.error ? <AnswerFailed error={list.error} again={() => void list.refetch()} /> : null}
      {list.data && tokens.length === 0 ? <p className="s m2">{text('token.none')}</p> : null}
      {tokens.length > 0 ? (
        <HeadedTable
          heads={[
            text('token.name'),
            text('token.scopes'),
            text('token.limitedTo'),
            text('token.made'),
            text('token.expires'),
            text('token.used'),
            { words: text('table.actions'), as: 'unseen' },
          ]}
        >
          {tokens.map((token) => (
            <TokenRow key={token.id} token={token} />
          ))}
        </HeadedTable>
      ) : null}
    </section>
  );
}

interface Token {
  id: string;
  name: string;
  scopes: (keyof typeof scopeWords)[];
  createdAt: string;
  expiresAt: string;
  lastUsedAt?: string | undefined;
  studies?: string[] | undefined;
  communities?: string[] | undefined;
}

const scopeWords = {
  read: 'token.read',
  deposit: 'token.deposit',
  curate: 'token.curate',
  'admin:*': 'token.admin',
} as const;

function TokenRow({ token }: { token: Token }): JSX.Element {
  const text = useText();
  const limits = [...(token.studies ?? []), ...(token.communities ?? [])];
  const revoke = useChange({
    mutationFn: () => api.call(routes.deleteToken, { params: { id: token.id } }),
    onSuccess: () => answers.invalidateQueries({ queryKey: ['tokens'] }),
  });
  return (
    <tr>
      <td className="b">{token.name}</td>
      <td>{token.scopes.map((scope) => text(scopeWords[scope])).join(', ')}</td>
      <td>{limits.length === 0 ? text('token.all') : limits.join(', ')}</td>
      <td>{writtenDate(token.createdAt)}</td>
      <td>{writtenDate(token.expiresAt)}</td>
      <td>{token.lastUsedAt ? writtenDate(token.lastUsedAt) : text('token.never')}</td>
      <td className="r">
        <SureButton
          words={text('token.revoke')}
          sure={text('token.revokeSure')}
          look="btn sm"
          isBusy={revoke.isPending}
          onSure={() => revoke.mutate()}
        />
        {revoke.error ? <AnswerFailed error={revoke.error} /> : null}
      </td>
    </tr>
  );
}
