import type { JSX } from 'react';
import { useAnswer } from '../app/answers.ts';
import { api, routes } from '../app/api.ts';
import { AnswerFailed } from '../app/failures.tsx';
import { HeadedTable } from '../app/headed-table.tsx';
import { Link } from '../app/router.tsx';
import { language, useText } from '../messages/text.ts';
import { writtenMoment } from '../messages/written.ts';

const load = () => api.call(routes.listPromotions, {});
type Answer = Awaited<ReturnType<typeof load>>;
type Candidate = Answer['candidates'][number];
/** Fields named in a row; how many more there are is said. */
const mostNamed = 4;

/** Promotions that were begun, and the studies of the archive tier that offer themselves, with the reasons. */
export function PromotionsSection(): JSX.Element {
  const text = useText();
  const list = useAnswer({ queryKey: ['promotions'], queryFn: load });
  const { open = [], candidates = [], total = 0, lookedAt = 0 } = list.data ?? {};
  return (
    <section className="sec">
      <div className="hd">
        <h2>{text('promotion.title')}</h2>
        <span className="s m2">{text('promotion.help')}</span>
      </div>
      {list.error ? <AnswerFailed error={list.error} again={() => void list.refetch()} /> : null}
      {open.length > 0 ? <Open open={open} /> : null}
      {list.data && candidates.length === 0 ? <p className="s m2">{text('promotion.none')}</p> : null}
      {candidates.length > 0 ? <Candidates candidates={candidates} /> : null}
      {total > lookedAt ? <p className="s m2">{text('promotion.lookedAt', { lookedAt, total })}</p> : null}
    </section>
  );
}

function Open({ open }: Pick<Answer, 'open'>): JSX.Element {
  const text = useText();
  return (
    <HeadedTable heads={[text('promotion.open'), text('admin.state'), text('promotion.by'), text('review.since')]}>
      {open.map((one) => (
        <tr key={one.draft}>
          <td>
            <Link className="l" to={`/promotion/${one.accession}`}>
              {one.title === '' ? one.accession : one.title}
            </Link>{' '}
            <span className="mono m3">{one.accession}</span>
          </td>
          <td>{text(`review.state.${one.state}`)}</td>
          <td>{one.curator || text('life.left')}</td>
          <td>{writtenMoment(one.startedAt)}</td>
        </tr>
      ))}
    </HeadedTable>
  );
}

function Candidates({ candidates }: Pick<Answer, 'candidates'>): JSX.Element {
  const text = useText();
  return (
    <HeadedTable
      heads={[
        text('admin.study'),
        text('promotion.why'),
        text('promotion.asked'),
        { words: text('table.actions'), as: 'unseen' },
      ]}
    >
      {candidates.map((one) => (
        <tr key={one.accession}>
          <td>
            <a className="l" href={`/studies/${one.accession}`}>
              {one.title === '' ? one.accession : one.title}
            </a>{' '}
            <span className="mono m3">{one.accession}</span>
          </td>
          <td className="s">
            <Reasons reasons={one.reasons} />
          </td>
          <td className="s">
            <Asked asked={one.asked} />
          </td>
          <td>
            <Link
              className="btn sm"
              to={`/promotion/${one.accession}`}
              aria-label={`${text('promotion.look')}: ${one.accession}`}
            >
              {text('promotion.look')}
            </Link>
          </td>
        </tr>
      ))}
    </HeadedTable>
  );
}

function Reasons({ reasons }: Pick<Candidate, 'reasons'>): JSX.Element {
  const text = useText();
  const words = (one: Candidate['reasons'][number]): string => {
    if (one.kind === 'readable' && one.read === 0) return text('promotion.reason.unread', { items: one.items });
    if (one.kind === 'readable')
      return text('promotion.reason.readable', { read: one.read, items: one.items, formats: one.formats.join(', ') });
    if (one.kind === 'complete') return text('promotion.reason.complete', { done: one.done, required: one.required });
    if (one.kind === 'paired') return text('promotion.reason.paired', { count: one.pairs });
    if (one.kind === 'reused') return text('promotion.reason.reused', { count: one.count });
    if (one.kind === 'gathered') return text('promotion.reason.gathered', { names: one.names.join(', ') });
    if (one.kind === 'used') return text('promotion.reason.used', { views: one.views, downloads: one.downloads });
    return one.kind === 'paper'
      ? text('promotion.reason.paper', { doi: one.doi })
      : text('promotion.reason.findings', { count: one.count });
  };
  return (
    <ul className="plain">
      {reasons.map((one) => (
        <li key={one.kind}>{words(one)}</li>
      ))}
    </ul>
  );
}

/** Fields still asked for, by their names in the form. */
function Asked({ asked }: Pick<Candidate, 'asked'>): JSX.Element {
  const text = useText();
  const fields = asked.filter(({ field }) => field !== '');
  const named = fields.slice(0, mostNamed).map((one) => one[language()]);
  const more = fields.length - named.length;
  const words = [...named, ...(more > 0 ? [text('promotion.more', { count: more })] : [])];
  return <>{words.length === 0 ? text('promotion.nothingAsked') : words.join(language() === 'ja' ? '、' : ', ')}</>;
}
