import '../styles/notices.css';
import { type JSX, useState } from 'react';
import { answers, useAnswer, useChange } from '../app/answers.ts';
import { api, routes } from '../app/api.ts';
import { AnswerFailed } from '../app/failures.tsx';
import { SignInFirst } from '../app/sign-in-first.tsx';
import { useMe } from '../app/session.ts';
import { useTitle } from '../app/title.ts';
import { type MessageKey, useText } from '../messages/text.ts';
import { writtenMoment } from '../messages/written.ts';

const load = (before?: number) =>
  api.call(routes.listNotices, { query: { limit: 30, ...(before === undefined ? {} : { before }) } });
type Notice = Awaited<ReturnType<typeof load>>['notices'][number];
const again = () => answers.invalidateQueries({ queryKey: ['notices'] });

/** What I was told, and what I want to be told of. */
export function NoticesPage(): JSX.Element {
  const text = useText();
  const me = useMe();
  const [ends, setEnds] = useState<(number | undefined)[]>([undefined]);
  useTitle(text('notices.title'));
  const readAll = useChange({ mutationFn: () => api.call(routes.readNotices, { body: {} }), onSettled: again });
  if (!me) return <SignInFirst pending={me === undefined} />;
  return (
    <main className="wrap plain">
      <div className="dh">
        <h1>{text('notices.title')}</h1>
        <div className="end">
          <button type="button" className="btn" disabled={readAll.isPending} onClick={() => readAll.mutate()}>
            {text('notices.readAll')}
          </button>
        </div>
      </div>
      {readAll.error ? <AnswerFailed error={readAll.error} /> : null}
      {ends.map((before) => (
        <Piece
          key={before ?? 0}
          before={before}
          isLast={before === ends.at(-1)}
          onOlder={(next) => setEnds([...ends, next])}
        />
      ))}
      <Choices />
    </main>
  );
}

function Piece({
  before,
  isLast,
  onOlder,
}: {
  before: number | undefined;
  isLast: boolean;
  onOlder(before: number): void;
}): JSX.Element {
  const text = useText();
  const list = useAnswer({ queryKey: ['notices', 'list', before ?? 0], staleTime: 0, queryFn: () => load(before) });
  const { data } = list;
  return (
    <>
      {list.error ? <AnswerFailed error={list.error} again={() => void list.refetch()} /> : null}
      {data && data.notices.length === 0 && before === undefined ? (
        <p className="prose m2">{text('notices.none')}</p>
      ) : null}
      <ul className="notices">
        {(data?.notices ?? []).map((notice) => (
          <Line key={notice.id} notice={notice} />
        ))}
      </ul>
      {isLast && data?.before ? (
        <button type="button" className="btn" onClick={() => onOlder(data.before!)}>
          {text('notices.older')}
        </button>
      ) : null}
    </>
  );
}

/** What a notice of a decision says, by the decision as the server names it; those of before told none. */
const decisions: Partial<Record<Notice['kind'], Readonly<Record<string, MessageKey>>>> = {
  'study-ask-decided': { done: 'notices.kind.study-ask-done', declined: 'notices.kind.study-ask-declined' },
  'reuse-decided': { confirmed: 'notices.kind.reuse-confirmed', declined: 'notices.kind.reuse-declined' },
  'access-decided': {
    granted: 'notices.kind.access-granted',
    refused: 'notices.kind.access-refused',
    ended: 'notices.kind.access-ended',
  },
  'role-changed': {
    member: 'notices.kind.role-member',
    curator: 'notices.kind.role-curator',
    owner: 'notices.kind.role-owner',
  },
  'community-decided': {
    accepted: 'notices.kind.community-accepted',
    declined: 'notices.kind.community-declined',
    'taken-out': 'notices.kind.community-taken-out',
  },
};

function Line({ notice }: { notice: Notice }): JSX.Element {
  const text = useText();
  const mark = useChange({
    mutationFn: (isRead: boolean) => api.call(routes.readNotices, { body: { ids: [notice.id], isRead } }),
    onSettled: again,
  });
  const { kind, detail, link, at, isRead } = notice;
  const { count = 0, ...values } = detail;
  const named = values['name'] === undefined ? {} : { name: String(values['name']) || text('notices.left') };
  const nameless = kind === 'link-used' && !detail['label'];
  const plainly = nameless ? 'nameless-link-used' : kind;
  const said = decisions[kind]?.[detail['decision'] ?? ''] ?? (`notices.kind.${plainly}` as const);
  return (
    <li className={isRead ? '' : 'unread'}>
      <span>
        {isRead ? null : <span className="st info">{text('notices.new')}</span>}{' '}
        <a
          className="l"
          href={link}
          onClick={() => {
            if (!isRead) mark.mutate(true);
          }}
        >
          {text(said, { ...values, ...named, files: count })}
        </a>{' '}
        {detail['accession'] === undefined ? null : <span className="mono m3">{detail['accession']}</span>}
      </span>
      <span className="s m3">{writtenMoment(at)}</span>
      <button type="button" className="btn quiet sm" onClick={() => mark.mutate(!isRead)}>
        {text(isRead ? 'notices.unread' : 'notices.read')}
      </button>
      {mark.error ? <AnswerFailed error={mark.error} /> : null}
    </li>
  );
}

const ways = ['mail', 'digest', 'page', 'none'] as const;

function Choices(): JSX.Element | null {
  const text = useText();
  const queryKey = ['notice-choices'];
  const asked = useAnswer({ queryKey, queryFn: () => api.call(routes.getNoticeChoices, {}) });
  const choose = useChange({
    mutationFn: (body: NonNullable<typeof asked.data>['choices'][number]) => api.call(routes.chooseNotices, { body }),
    onSuccess: (next) => {
      answers.setQueryData(queryKey, next);
    },
  });
  const { data } = asked;
  if (!data) return null;
  return (
    <section className="sec">
      <div className="hd">
        <h2>{text('notices.choices')}</h2>
      </div>
      <p className="prose s m2">{text(data.sendsMail ? 'notices.choicesHelp' : 'notices.noMail')}</p>
      {choose.error ? <AnswerFailed error={choose.error} /> : null}
      <div className="scrollx">
        <table className="t">
          <tbody>
            {data.choices.map(({ kind, choice }) => (
              <tr key={kind} id={kind}>
                <td>{text(`notices.about.${kind}`)}</td>
                <td>
                  <select
                    className="field-in"
                    aria-label={text(`notices.about.${kind}`)}
                    value={(choice === 'mail' || choice === 'digest') && !data.sendsMail ? 'page' : choice}
                    onChange={(event) => choose.mutate({ kind, choice: event.target.value as (typeof ways)[number] })}
                  >
                    {ways
                      .filter((way) => (way !== 'mail' && way !== 'digest') || data.sendsMail)
                      .map((way) => (
                        <option key={way} value={way}>
                          {text(`notices.choice.${way}`)}
                        </option>
                      ))}
                  </select>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}
