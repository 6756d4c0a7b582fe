import '../styles/account.css';
import '../styles/readers.css';
import { dataUseWords, termAddress } from '@micrarium/standards';
import { type JSX, useState } from 'react';
import { LabelledInput } from '../account/labelled-input.tsx';
import { answers, useAnswer, useChange } from '../app/answers.ts';
import { AnswerFailed } from '../app/failures.tsx';
import { PageOfStudy } from '../app/page-of-study.tsx';
import { api, routes } from '../app/api.ts';
import { usePageLocation } from '../app/router.tsx';
import { useMe } from '../app/session.ts';
import { SignInFor } from '../app/sign-in-first.tsx';
import { useTitle } from '../app/title.ts';
import { language, useText } from '../messages/text.ts';
import { type Access, RequestsList, Trace } from './access-lists.tsx';
import { SafeRenderings } from './safe-renderings.tsx';
import { Tick, WordsInput } from './words-input.tsx';

/** `/access/ACCESSION`: how the files of a study are read; requests, decisions, and the trace of every reading. */
export function AccessPage(): JSX.Element {
  const text = useText();
  const me = useMe();
  const { accession = '' } = usePageLocation().params;
  useTitle(`${text('access.title')} · ${accession}`);
  const queryKey = ['access', accession];
  const found = useAnswer({
    queryKey,
    staleTime: 0,
    queryFn: () => api.call(routes.getAccess, { params: { accession } }),
  });
  const again = () => answers.invalidateQueries({ queryKey });
  const { data } = found;
  const isControlled = data?.level === 'controlled' || data?.partLevels.includes('controlled') === true;
  const isByTerms = data?.level === 'registered' || data?.partLevels.includes('registered') === true;
  return (
    <PageOfStudy heading={text('access.title')} accession={accession} found={found}>
      {data ? (
        <>
          {data.partLevels.map((level) => (
            <p key={level} className="prose">
              {text(`access.parts.${level}`)}
            </p>
          ))}
          <p className="prose">
            {data.partLevels.length > 0 ? `${text('access.rest')} ` : ''}
            {text(`access.${data.level ?? (data.state === 'published' ? 'open' : 'embargoed')}`)}{' '}
            {data.level !== undefined && data.mayRead ? (
              <>
                <span className="st ok">{text('access.mayRead')}</span>{' '}
                <a className="l" href={`/studies/${accession}#files`}>
                  {text('access.files')}
                </a>
              </>
            ) : null}
          </p>
          {data.declaration ? <Declared declaration={data.declaration} /> : null}
          {data.mine.length > 0 ? (
            <section className="sec">
              <div className="hd">
                <h2>{text('access.mine')}</h2>
              </div>
              <RequestsList accession={accession} requests={data.mine} isMine again={again} />
            </section>
          ) : null}
          {isByTerms && data.acceptedAt === undefined && !data.readsParts.includes('registered') ? (
            <Accepting data={data} isSignedIn={Boolean(me)} again={again} />
          ) : null}
          {isControlled && !data.mayRead && !data.readsParts.includes('controlled') ? (
            <Asking data={data} isSignedIn={Boolean(me)} again={again} />
          ) : null}
          {data.requests ? (
            <section className="sec">
              <div className="hd">
                <h2>{text('access.requests')}</h2>
              </div>
              {data.requests.length === 0 ? <p className="m2">{text('access.none')}</p> : null}
              <RequestsList accession={accession} requests={data.requests} decides={data.decides} again={again} />
            </section>
          ) : null}
          {data.committee && isControlled ? <Committee data={data} again={again} /> : null}
          {data.events ? <Trace events={data.events} /> : null}
          {data.mayDeclareSafe || data.safe.length > 0 ? <SafeRenderings data={data} again={again} /> : null}
          {data.mayOpen ? <Emergency accession={accession} again={again} /> : null}
        </>
      ) : null}
    </PageOfStudy>
  );
}

function Declared({
  declaration: { ethics, terms, contact = '', jurisdiction = '', controller = '', dataUse = [] },
}: {
  declaration: NonNullable<Access['declaration']>;
}): JSX.Element {
  const text = useText();
  return (
    <dl className="prose">
      {dataUse.length === 0 ? null : (
        <div>
          <dt>{text('access.dataUse')}</dt>
          {dataUse.map((use) => (
            <dd key={`${use.code} ${use.of ?? ''}`}>
              <a className="l" href={termAddress(use.code)}>
                {dataUseWords(use, language())}
              </a>
            </dd>
          ))}
        </div>
      )}
      {(
        [
          ['access.ethics', ethics],
          ['access.jurisdiction', jurisdiction],
          ['access.controller', controller],
          ['access.terms', terms],
          ['access.contact', contact],
        ] as const
      ).map(([label, said]) =>
        said === '' ? null : (
          <div key={label}>
            <dt>{text(label)}</dt>
            <dd className="words">{said}</dd>
          </div>
        ),
      )}
    </dl>
  );
}

/** Accepting the terms of files that whoever accepts them reads. */
function Accepting(props: { data: Access; isSignedIn: boolean; again(): Promise<void> }): JSX.Element {
  const { data, isSignedIn, again } = props;
  const { accession, termsVersion = '' } = data;
  const text = useText();
  const [agrees, setAgrees] = useState(false);
  const accept = useChange({
    mutationFn: () =>
      api.call(routes.acceptTerms, { params: { accession }, body: { agrees: true as const, termsVersion } }),
    onSuccess: again,
  });
  return (
    <section className="sec">
      <div className="hd">
        <h2>{text('access.accept')}</h2>
        <span className="s m2">{text('access.acceptHelp')}</span>
      </div>
      {isSignedIn ? (
        <form
          className="rform"
          onSubmit={(event) => {
            event.preventDefault();
            if (agrees) accept.mutate();
          }}
        >
          <Tick label={text('access.agree')} checked={agrees} onChecked={setAgrees} />
          <button type="submit" className="btn primary" disabled={accept.isPending || !agrees}>
            {text('access.acceptNow')}
          </button>
          {accept.error ? <AnswerFailed error={accept.error} /> : null}
        </form>
      ) : (
        <SignInFor words={text('access.signInAccept')} />
      )}
    </section>
  );
}

function Asking(props: { data: Access; isSignedIn: boolean; again(): Promise<void> }): JSX.Element | null {
  const { data, isSignedIn, again } = props;
  const { accession } = data;
  const text = useText();
  const [purpose, setPurpose] = useState('');
  const [institution, setInstitution] = useState('');
  const [plan, setPlan] = useState('');
  const [ethics, setEthics] = useState('');
  const [team, setTeam] = useState('');
  const [agrees, setAgrees] = useState(false);
  const ask = useChange({
    mutationFn: () =>
      api.call(routes.askAccess, {
        params: { accession },
        body: {
          purpose,
          institution,
          plan,
          ethics,
          team: team
            .split('\n')
            .map((one) => one.trim())
            .filter((one) => one !== ''),
          agrees: true as const,
          ...(data.termsVersion === undefined ? {} : { termsVersion: data.termsVersion }),
        },
      }),
    onSuccess: again,
  });
  if (data.mine.some(({ state }) => state === 'asked')) return null;
  return (
    <section className="sec">
      <div className="hd">
        <h2>{text('access.ask')}</h2>
        <span className="s m2">{text('access.askHelp')}</span>
      </div>
      {isSignedIn ? (
        <form
          className="rform"
          onSubmit={(event) => {
            event.preventDefault();
            if (agrees) ask.mutate();
          }}
        >
          <WordsInput label={text('access.purpose')} value={purpose} onValue={setPurpose} required least={20} />
          <LabelledInput
            label={text('access.institution')}
            required
            minLength={2}
            maxLength={500}
            value={institution}
            onValue={setInstitution}
            autoComplete="organization"
          />
          <WordsInput label={text('access.plan')} value={plan} onValue={setPlan} most={10_000} />
          <LabelledInput label={text('access.approval')} maxLength={2000} value={ethics} onValue={setEthics} />
          <WordsInput label={text('access.team')} value={team} onValue={setTeam} />
          <Tick label={text('access.agree')} checked={agrees} onChecked={setAgrees} />
          <button type="submit" className="btn primary" disabled={ask.isPending || !agrees}>
            {text('access.send')}
          </button>
          {ask.error ? <AnswerFailed error={ask.error} /> : null}
        </form>
      ) : (
        <SignInFor words={text('access.signIn')} />
      )}
    </section>
  );
}

function Committee({ data, again }: { data: Access; again(): Promise<void> }): JSX.Element {
  const text = useText();
  const { accession, committee = [], isAuthor } = data;
  const [email, setEmail] = useState('');
  const name = useChange({
    mutationFn: () => api.call(routes.nameDecider, { params: { accession }, body: { email } }),
    onSuccess: () => {
      setEmail('');
      return again();
    },
  });
  const remove = useChange({
    mutationFn: (user: string) => api.call(routes.removeDecider, { params: { accession, user } }),
    onSettled: again,
  });
  return (
    <section className="sec">
      <div className="hd">
        <h2>{text('access.committee')}</h2>
        <span className="s m2">{text('access.committeeHelp')}</span>
      </div>
      <ul className="readers">
        {committee.map((one) => (
          <li key={one.id} className="row w">
            <span className="b">{one.name}</span>
            {isAuthor ? (
              <button type="button" className="btn sm" onClick={() => remove.mutate(one.id)}>
                {text('access.takeOut')}
              </button>
            ) : null}
          </li>
        ))}
      </ul>
      {isAuthor ? (
        <form
          className="rform"
          onSubmit={(event) => {
            event.preventDefault();
            name.mutate();
          }}
        >
          <LabelledInput label={text('access.address')} type="email" required value={email} onValue={setEmail} />
          <button type="submit" className="btn" disabled={name.isPending}>
            {text('access.name')}
          </button>
        </form>
      ) : null}
      {name.error ? <AnswerFailed error={name.error} /> : null}
      {remove.error ? <AnswerFailed error={remove.error} /> : null}
    </section>
  );
}

function Emergency({ accession, again }: { accession: string; again(): Promise<void> }): JSX.Element {
  const text = useText();
  const [reason, setReason] = useState('');
  const open = useChange({
    mutationFn: () => api.call(routes.openInEmergency, { params: { accession }, body: { reason } }),
    onSuccess: again,
  });
  return (
    <section className="sec">
      <div className="hd">
        <h2>{text('access.emergency')}</h2>
        <span className="s m2">{text('access.emergencyHelp')}</span>
      </div>
      <form
        className="rform"
        onSubmit={(event) => {
          event.preventDefault();
          open.mutate();
        }}
      >
        <WordsInput label={text('access.emergencyReason')} value={reason} onValue={setReason} required least={20} />
        <button type="submit" className="btn danger" disabled={open.isPending}>
          {text('access.openNow')}
        </button>
        {open.error ? <AnswerFailed error={open.error} /> : null}
      </form>
    </section>
  );
}
