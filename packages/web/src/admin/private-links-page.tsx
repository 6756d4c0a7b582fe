import '../styles/account.css';
import '../styles/readers.css';
import { type JSX, useState } from 'react';
import { LabelledChoice } from '../account/labelled-choice.tsx';
import { LabelledInput } from '../account/labelled-input.tsx';
import { answers, useAnswer, useChange } from '../app/answers.ts';
import { api, routes } from '../app/api.ts';
import { AnswerFailed } from '../app/failures.tsx';
import { usePageLocation } from '../app/router.tsx';
import { SignInFirst } from '../app/sign-in-first.tsx';
import { useMe } from '../app/session.ts';
import { useTitle } from '../app/title.ts';
import { useText } from '../messages/text.ts';
import { writtenDate } from '../messages/written.ts';
import { Tick } from '../readers/words-input.tsx';

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
      className="rform"
      onSubmit={(event) => {
        event.preventDefault();
        make.mutate();
      }}
    >
      <LabelledChoice
        label={text('private.which')}
        value={String(version)}
        choices={versions.map((one) => [String(one.version), text(`private.${one.state}`, { number: one.version })])}
        onValue={(chosen) => setVersion(Number(chosen))}
      />
      {staysClosed ? <p className="st warn">{text('private.staysClosed')}</p> : null}
      <LabelledInput label={text('private.label')} maxLength={200} value={label} onValue={setLabel} />
      <LabelledInput
        label={text('private.days')}
        type="number"
        min={1}
        max={365}
        required
        value={days}
        onValue={setDays}
      />
      <div>
        {canHide ? <Tick label={text('private.hide')} checked={hides} onChecked={setHides} /> : null}
        <p className="s m2">{text(canHide ? 'private.hideHelp' : 'private.cannotHide')}</p>
      </div>
      <Tick label={text('life.onlyLook')} checked={onlyLook} onChecked={setOnlyLook} />
      <LabelledInput
        label={text('life.passphrase')}
        help={text('life.passphraseHelp')}
        autoComplete="off"
        minLength={8}
        maxLength={200}
        value={passphrase}
        onValue={setPassphrase}
      />
      <button type="submit" className="btn primary" disabled={make.isPending}>
        {text('private.make')}
      </button>
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
