import '../styles/account.css';
import type { JSX } from 'react';
import { answers, useAnswer, useChange } from '../app/answers.ts';
import { api, routes } from '../app/api.ts';
import { AnswerFailed } from '../app/failures.tsx';
import { Link, usePageLocation } from '../app/router.tsx';
import { useMe } from '../app/session.ts';
import { SignInFirst } from '../app/sign-in-first.tsx';
import { useTitle } from '../app/title.ts';
import { useText } from '../messages/text.ts';
import { writtenCount, writtenMoment } from '../messages/written.ts';

const shows = ['waiting', 'refused', 'different', 'all'] as const;
type Show = (typeof shows)[number];
const perPage = 100;

const load = (show: Show, cursor?: string) =>
  api.call(routes.listDois, { query: { show, limit: perPage, ...(cursor === undefined ? {} : { cursor }) } });
type Answer = Awaited<ReturnType<typeof load>>;
type Listed = Answer['dois'][number];

/** `/admin/dois`: what the registrar of DOIs is still to be told of, what it refused and what it holds otherwise; told again at a press. */
export function RegistrarPage(): JSX.Element {
  const text = useText();
  const me = useMe();
  useTitle(text('registrar.title'));
  if (!me) return <SignInFirst pending={me === undefined} />;
  return (
    <main className="wrap plain">
      <div className="dh">
        <h1>{text('registrar.title')}</h1>
        <p>
          <Link className="l" to="/admin">
            {text('admin.title')}
          </Link>
        </p>
      </div>
      {me.role === 'owner' ? <Registrar /> : <p className="prose m2">{text('registrar.ownerOnly')}</p>}
    </main>
  );
}

function Registrar(): JSX.Element {
  const text = useText();
  const { search } = usePageLocation();
  const show = shows.find((one) => one === search['show']) ?? 'waiting';
  const cursor = typeof search['cursor'] === 'string' ? search['cursor'] : undefined;
  const list = useAnswer({
    queryKey: ['admin', 'dois', show, cursor],
    staleTime: 0,
    refetchInterval: 5_000,
    queryFn: () => load(show, cursor),
  });
  const refresh = () => answers.invalidateQueries({ queryKey: ['admin', 'dois'] });
  const again = useChange({
    mutationFn: (body: { doi?: string }) => api.call(routes.tellDoisAgain, { body }),
    onSettled: refresh,
  });
  const compare = useChange({ mutationFn: () => api.call(routes.compareDois, {}), onSettled: refresh });
  const { data } = list;
  if (list.error) return <AnswerFailed error={list.error} again={() => void list.refetch()} />;
  if (!data) return <p role="status" />;
  if (!data.registrar) return <p className="prose m2">{text('registrar.none')}</p>;
  const tell = (body: { doi?: string }) => again.mutate(body);
  return (
    <>
      <p className="prose m2">{text('registrar.help')}</p>
      <p className="s m2">{text('registrar.account', data.registrar)}</p>
      <div className="row w">
        <button type="button" className="btn" disabled={again.isPending} onClick={() => tell({})}>
          {text('registrar.allAgain')}
        </button>
        <button type="button" className="btn" disabled={compare.isPending} onClick={() => compare.mutate()}>
          {text('registrar.compare')}
        </button>
      </div>
      <div role="status">
        {again.data ? <p className="st ok">{text('registrar.told', { told: writtenCount(again.data.told) })}</p> : null}
        {compare.data ? <p className="st ok">{text('registrar.comparing')}</p> : null}
      </div>
      {again.error ? <AnswerFailed error={again.error} /> : null}
      {compare.error ? <AnswerFailed error={compare.error} /> : null}
      <nav className="row w" aria-label={text('registrar.shown')}>
        {shows.map((one) => (
          <Link
            key={one}
            className={one === show ? 'btn sm on' : 'btn sm'}
            to="/admin/dois"
            search={{ show: one }}
            aria-current={one === show ? 'page' : undefined}
          >
            {text(`registrar.show.${one}`)} {writtenCount(data.counts[one])}
          </Link>
        ))}
      </nav>
      {data.dois.length === 0 ? (
        <p className="s m2">{text('registrar.nothing')}</p>
      ) : (
        <DoiRows dois={data.dois} isPending={again.isPending} tell={tell} />
      )}
      {data.nextCursor === null ? null : (
        <p>
          <Link className="btn sm" to="/admin/dois" search={{ show, cursor: data.nextCursor }}>
            {text('registrar.next')}
          </Link>
        </p>
      )}
    </>
  );
}

function DoiRows(props: { dois: Listed[]; isPending: boolean; tell(body: { doi?: string }): void }): JSX.Element {
  const text = useText();
  return (
    <div className="scrollx">
      <table className="t stack">
        <thead>
          <tr>
            <th scope="col">{text('doi.title')}</th>
            <th scope="col">{text('dois.what')}</th>
            <th scope="col">{text('registrar.stands')}</th>
            <th scope="col">{text('registrar.compared')}</th>
            <td />
          </tr>
        </thead>
        <tbody>
          {props.dois.map((one) => (
            <tr key={one.doi}>
              <th scope="row" className="mono">
                {one.doi}
              </th>
              <td data-label={text('dois.what')}>
                <Link className="l" to={`/dois/${one.accession}`}>
                  {one.accession}
                </Link>{' '}
                <span className="m2">{subjectOf(one, text)}</span>
              </td>
              <td data-label={text('registrar.stands')}>
                <Standing {...one} />
              </td>
              <td data-label={text('registrar.compared')}>
                {one.checkedAt === undefined ? (
                  <span className="m3">{text('registrar.never')}</span>
                ) : (
                  writtenMoment(one.checkedAt)
                )}
              </td>
              <td>
                <button
                  type="button"
                  className="btn sm"
                  disabled={props.isPending}
                  aria-label={`${text('registrar.again')} ${one.doi}`}
                  onClick={() => props.tell({ doi: one.doi })}
                >
                  {text('registrar.again')}
                </button>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function subjectOf({ version, dataset }: Listed, text: ReturnType<typeof useText>): string {
  if (version !== undefined) return text('dois.version', { version });
  return dataset === undefined ? text('dois.study') : text('dois.dataset', { title: dataset });
}

/** Where a DOI stands: its state, what was refused and when it is tried again, what the registrar holds otherwise. */
function Standing({ state, isDue, tries, nextAt, fault, differences }: Listed): JSX.Element {
  const text = useText();
  return (
    <>
      {text(`doi.${state}`)}
      {isDue && state === 'findable' ? <p className="s m2">{text('registrar.stale')}</p> : null}
      {fault === undefined ? null : (
        <p className="s">
          <span className="st warn">{text('registrar.refused', { tries: writtenCount(tries) })}</span> {fault}{' '}
          {nextAt === undefined ? null : (
            <span className="m2">{text('registrar.nextTry', { at: writtenMoment(nextAt) })}</span>
          )}
        </p>
      )}
      {differences?.map(({ code, wanted, held, fields }) => (
        <p className="s" key={code}>
          <span className="st bad">{text(`registrar.differs.${code}`)}</span>{' '}
          {fields ? <span className="mono">{fields.join(', ')}</span> : text('registrar.heldInstead', { wanted, held })}
        </p>
      ))}
    </>
  );
}
