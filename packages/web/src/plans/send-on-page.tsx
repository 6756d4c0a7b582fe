import '../styles/plans.css';
import { issueWords } from '@micrarium/api';
import { type SendOnArchive, sendOnArchives, sendOnTargets } from '@micrarium/standards';
import { type JSX, useState } from 'react';
import { answers, useAnswer, useChange } from '../app/answers.ts';
import { api, routes } from '../app/api.ts';
import { AnswerFailed } from '../app/failures.tsx';
import { navigate, usePageLocation } from '../app/router.tsx';
import { useTitle } from '../app/title.ts';
import { useIssueTexts } from '../messages/server-words.ts';
import { language, useText } from '../messages/text.ts';
import { writtenBytes, writtenDate } from '../messages/written.ts';

const loadChecks = (accession: string, version: number, archive: SendOnArchive) =>
  api.call(routes.checkSendOn, { params: { accession, version, archive } });
type Checks = Awaited<ReturnType<typeof loadChecks>>;

/** Sends a published study on: choose the archive, see its checks, take the package, record what came back. */
export function SendOnPage(): JSX.Element {
  const text = useText();
  const { params, search } = usePageLocation();
  const { accession = '', version = '1' } = params;
  const asked = String(search.archive ?? '');
  const archive = sendOnArchives.find((one) => one === asked) ?? 'bioimage-archive';
  useTitle(`${text('sendOn.title')}: ${accession}`);
  const target = sendOnTargets[archive];
  const place = { accession, version: Number(version), archive };
  const checks = useAnswer({
    queryKey: ['send-on', accession, version, archive],
    queryFn: () => loadChecks(accession, Number(version), archive),
  });
  return (
    <main className="wrap plain planpage">
      <p>
        <a className="l mono" href={`/studies/${accession}/v/${version}`}>
          {accession}
        </a>
      </p>
      <h1>{text('sendOn.title')}</h1>
      <p className="prose m2">{text('sendOn.help')}</p>
      <span className="seg" role="group" aria-label={text('sendOn.archive')}>
        {sendOnArchives.map((one) => (
          <button
            key={one}
            type="button"
            aria-pressed={one === archive}
            onClick={() =>
              void navigate(`/send-on/${accession}/${version}`, {
                search: { archive: one },
                replace: true,
                keepScroll: true,
              })
            }
          >
            {sendOnTargets[one].name}
          </button>
        ))}
      </span>
      {checks.error ? <AnswerFailed error={checks.error} again={() => void checks.refetch()} /> : null}
      {checks.data ? <CheckList checks={checks.data} /> : null}
      <section>
        <h2>{text('sendOn.package')}</h2>
        <p>
          <a className="btn primary" href={api.url(routes.getSendOnPackage, { params: place })}>
            {text('sendOn.download')}
          </a>
        </p>
        <ul className="bare s">
          {(checks.data?.files ?? []).slice(0, 40).map(({ path, bytes }) => (
            <li key={path}>
              <span className="mono">{path}</span> <span className="m2">{writtenBytes(bytes)}</span>
            </li>
          ))}
        </ul>
      </section>
      <section>
        <h2>{text('sendOn.steps')}</h2>
        <ol className="prose steps">
          {target.steps.map((step) => (
            <li key={step.en}>{step[language()]}</li>
          ))}
        </ol>
        <p>
          {text('sendOn.submit')}
          {': '}
          <a className="l" href={target.submitAt} rel="noopener">
            {target.submitAt}
          </a>
        </p>
      </section>
      <CameBack key={archive} accession={accession} archive={archive} />
    </main>
  );
}

function CheckList({ checks }: { checks: Checks }): JSX.Element {
  const text = useText();
  const issueTexts = useIssueTexts();
  const missing = checks.checks.filter(({ isThere, obligation }) => !isThere && obligation === 'required').length;
  return (
    <section>
      <h2>{text('sendOn.checks')}</h2>
      <p className={`st ${missing === 0 ? 'ok' : 'warn'}`} role="status">
        {missing === 0 ? text('sendOn.allThere') : text('sendOn.missing', { count: missing, n: missing })}
      </p>
      <ul className="bare checks">
        {checks.checks.map((one) => (
          <li key={one.label} className={`st ${one.isThere ? 'ok' : one.obligation === 'required' ? 'bad' : 'off'}`}>
            <span aria-hidden="true">{one.isThere ? '✓' : '–'}</span>
            {one.labels[language()]}
            {one.obligation === 'recommended' ? <span className="m2">{text('sendOn.recommended')}</span> : null}
          </li>
        ))}
      </ul>
      {checks.findings.length > 0 ? (
        <>
          <h3>{text('sendOn.findings')}</h3>
          <ul className="bare s">
            {checks.findings.slice(0, 50).map((finding, index) => {
              const words = issueWords(finding as Parameters<typeof issueWords>[0], issueTexts);
              // Two findings may say the same of two places.
              return (
                <li key={`${index} ${finding.code}`}>
                  {words.meaning}
                  {words.detail ? <span className="m2">{` ${words.detail}`}</span> : null}
                </li>
              );
            })}
          </ul>
        </>
      ) : null}
    </section>
  );
}

function CameBack({ accession, archive }: { accession: string; archive: SendOnArchive }): JSX.Element | null {
  const text = useText();
  const [typed, setTyped] = useState('');
  const queryKey = ['sent-on', accession];
  const sent = useAnswer({ queryKey, queryFn: () => api.call(routes.listSentOn, { params: { accession } }) });
  const record = useChange({
    mutationFn: () => api.call(routes.recordSentOn, { params: { accession, archive }, body: { accession: typed } }),
    onSuccess: (next) => {
      answers.setQueryData(queryKey, next);
      setTyped('');
    },
  });
  const there = sent.data?.sentOn.find((one) => one.archive === archive);
  return (
    <section>
      <h2>{text('sendOn.accession')}</h2>
      {there ? (
        <p>
          <a className="l mono" href={there.url} rel="noopener">
            {there.accession}
          </a>{' '}
          <span className="m2">{writtenDate(there.recordedAt)}</span>
        </p>
      ) : null}
      {sent.data?.canRecord ? (
        <form
          className="row w"
          onSubmit={(event) => {
            event.preventDefault();
            record.mutate();
          }}
        >
          <input
            className="field-in"
            required
            aria-label={text('sendOn.accession')}
            placeholder={text('sendOn.example', { example: sendOnTargets[archive].example })}
            value={typed}
            onChange={(event) => setTyped(event.target.value)}
          />
          <button type="submit" className="btn" disabled={record.isPending}>
            {text('sendOn.record')}
          </button>
        </form>
      ) : null}
      {record.error ? <AnswerFailed error={record.error} /> : null}
      {record.data ? (
        <p className="st ok" role="status">
          {text('sendOn.recorded')}
        </p>
      ) : null}
    </section>
  );
}
