import '../styles/account.css';
import { type JSX, useState } from 'react';
import { answers, useAnswer, useChange } from '../app/answers.ts';
import { api, routes } from '../app/api.ts';
import { AnswerFailed } from '../app/failures.tsx';
import { usePageLocation } from '../app/router.tsx';
import { SignInFirst } from '../app/sign-in-first.tsx';
import { useMe } from '../app/session.ts';
import { useTitle } from '../app/title.ts';
import { useText } from '../messages/text.ts';
import { writtenDate } from '../messages/written.ts';

const load = (accession: string) => api.call(routes.listPrivateLinks, { params: { accession } });
type Answer = Awaited<ReturnType<typeof load>>;

/** Links by which reviewers read a study that is not public yet. */
export function PrivateLinksPage(): JSX.Element {
  const text = useText();
  const me = useMe();
  const { accession = '' } = usePageLocation().params;
  useTitle(text('private.title'));
  const queryKey = ['private-links', accession];
  const list = useAnswer({ queryKey, enabled: Boolean(me), queryFn: () => load(accession) });
  const again = () => void answers.invalidateQueries({ queryKey });
  if (!me) return <SignInFirst pending={me === undefined} />;
  return (
    <main className="wrap plain">
      <p className="mono m2">{accession}</p>
      <h1>{text('private.title')}</h1>
      <p className="prose m2">{text('private.help')}</p>
      {list.error ? <AnswerFailed error={list.error} again={() => void list.refetch()} /> : null}
      {list.data ? (
        <>
          {list.data.versions.length > 0 ? (
            <NewLink accession={accession} versions={list.data.versions} onMade={again} />
          ) : (
            <p>{text('private.nothing')}</p>
          )}
          <Links accession={accession} links={list.data.links} onRevoked={again} />
        </>
      ) : null}
    </main>
  );
}

function NewLink(props: { accession: string; versions: Answer['versions']; onMade(): void }): JSX.Element {
  const { accession, versions, onMade } = props;
  const text = useText();
  const [version, setVersion] = useState(versions[0]?.version ?? 1);
  const [label, setLabel] = useState('');
  const [days, setDays] = useState('90');
  const [hides, setHides] = useState(false);
  const [onlyLook, setOnlyLook] = useState(false);
  const [passphrase, setPassphrase] = useState('');
  const { canHideNames: canHide = false, staysClosed = false } = versions.find((one) => one.version === version) ?? {};
  const make = useChange({
    mutationFn: () => {
      const body = {
        version,
        label,
        days: Number(days),
        hidesNames: hides && canHide,
        letsDownload: !onlyLook,
        ...(passphrase.trim() === '' ? {} : { passphrase: passphrase.trim() }),
      };
      return api.call(routes.makePrivateLink, { params: { accession }, body });
    },
    onSuccess: onMade,
  });
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        make.mutate();
      }}
    >
      <div className="row w">
        <select
          className="field-in"
          aria-label={text('private.which')}
          value={version}
          onChange={(event) => setVersion(Number(event.target.value))}
        >
          {versions.map((one) => (
            <option key={one.version} value={one.version}>
              {text(`private.${one.state}`, { number: one.version })}
            </option>
          ))}
        </select>
        <input
          className="field-in"
          aria-label={text('private.label')}
          placeholder={text('private.label')}
          maxLength={200}
          value={label}
          onChange={(event) => setLabel(event.target.value)}
        />
        <label className="row">
          {text('private.days')}
          <input
            className="field-in"
            type="number"
            min={1}
            max={365}
            required
            value={days}
            onChange={(event) => setDays(event.target.value)}
          />
        </label>
        {canHide ? (
          <label className="row">
            <input type="checkbox" checked={hides} onChange={(event) => setHides(event.target.checked)} />
            {text('private.hide')}
          </label>
        ) : null}
        <label className="row">
          <input type="checkbox" checked={onlyLook} onChange={(event) => setOnlyLook(event.target.checked)} />
          {text('life.onlyLook')}
        </label>
        <input
          className="field-in"
          type="text"
          autoComplete="off"
          minLength={8}
          maxLength={200}
          aria-label={text('life.passphrase')}
          placeholder={text('life.passphrase')}
          value={passphrase}
          onChange={(event) => setPassphrase(event.target.value)}
        />
        <button type="submit" className="btn primary" disabled={make.isPending}>
          {text('private.make')}
        </button>
      </div>
      {staysClosed ? <p className="st warn prose">{text('private.staysClosed')}</p> : null}
      <p className="s m2 prose">{text(canHide ? 'private.hideHelp' : 'private.cannotHide')}</p>
      {passphrase === '' ? null : <p className="s m2 prose">{text('life.passphraseHelp')}</p>}
      {make.error ? <AnswerFailed error={make.error} /> : null}
      {make.data ? <MadeLink key={make.data.link.id} made={make.data} /> : null}
    </form>
  );
}

function MadeLink({
  made,
}: {
  made: { address: string; namesLeft: readonly string[]; leftOut: readonly string[] };
}): JSX.Element {
  const text = useText();
  const [copied, setCopied] = useState(false);
  return (
    <div className="prose" role="status">
      <p>{text('private.made')}</p>
      <div className="row w">
        <code className="code">{made.address}</code>
        <button
          type="button"
          className="btn sm"
          onClick={() => void navigator.clipboard?.writeText(made.address).then(() => setCopied(true))}
        >
          {text(copied ? 'private.copied' : 'private.copy')}
        </button>
      </div>
      {made.namesLeft.length > 0 ? (
        <p className="st warn">
          {text('private.left')} {made.namesLeft.join(' · ')}
        </p>
      ) : null}
      {made.leftOut.length > 0 ? (
        <p className="st info">
          {text('private.leftOut')} {made.leftOut.join(' · ')}
        </p>
      ) : null}
    </div>
  );
}

function Links(props: { accession: string; links: Answer['links']; onRevoked(): void }): JSX.Element {
  const { accession, links, onRevoked } = props;
  const text = useText();
  const [now] = useState(() => Date.now());
  const revoke = useChange({
    mutationFn: (id: string) => api.call(routes.revokePrivateLink, { params: { accession, id } }),
    onSuccess: onRevoked,
  });
  if (links.length === 0) return <p className="s m2">{text('private.none')}</p>;
  return (
    <>
      {revoke.error ? <AnswerFailed error={revoke.error} /> : null}
      <ul className="plain">
        {links.map((one) => {
          const isOver = Date.parse(one.expiresAt) <= now;
          return (
            <li key={one.id} className="row w">
              <span className="b">{one.label || writtenDate(one.createdAt)}</span>
              <span>{text(one.hidesNames ? 'private.nameless' : 'private.named')}</span>
              {one.letsDownload ? null : <span>{text('life.lookOnly')}</span>}
              {one.hasPassphrase ? <span>{text('life.withPassphrase')}</span> : null}
              <span className="m2">{text('private.until', { until: writtenDate(one.expiresAt) })}</span>
              <span className="m2">{text('private.opened', { count: one.opened, n: one.opened })}</span>
              {one.revokedAt || isOver ? (
                <span className="m2">{text(one.revokedAt ? 'private.revoked' : 'private.expired')}</span>
              ) : (
                <button type="button" className="btn sm" onClick={() => revoke.mutate(one.id)}>
                  {text('private.revoke')}
                </button>
              )}
            </li>
          );
        })}
      </ul>
    </>
  );
}
