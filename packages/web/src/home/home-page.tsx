import '../styles/home.css';
import type { JSX } from 'react';
import { api, routes } from '../app/api.ts';
import { useAnswer } from '../app/answers.ts';
import { AnswerFailed } from '../app/failures.tsx';
import { useTitle } from '../app/title.ts';
import { Link } from '../app/router.tsx';
import { useText } from '../messages/text.ts';
import { writtenBytes, writtenCount, writtenDate, writtenMoment } from '../messages/written.ts';
import { type Study, Organisms, StudyPicture, contentsOf, writtenAuthors } from '../search/study-words.tsx';
import { Browse } from './browse.tsx';
import { Preparing } from './preparing.tsx';
import { SearchBox } from '../search/search-box.tsx';

/** The first page: one sentence, the search box, the wall, what is new, how much there is, how to deposit. */
export function HomePage(): JSX.Element {
  const text = useText();
  useTitle('');
  const recent = useAnswer({
    queryKey: ['studies', 'recent'],
    queryFn: () => api.call(routes.searchStudies, { query: { sort: 'newest', limit: 12 } }),
  });
  const studies = recent.data?.studies ?? [];
  return (
    <main>
      <section className="hero wrap">
        <h1>
          <span className="nb">{text('home.title1')}</span> <span className="nb">{text('home.title2')}</span>
        </h1>
        <SearchBox look="big" placeholder={text('home.searchPlaceholder')} />
        <Preparing />
      </section>
      <Wall studies={studies.filter((study) => study.thumbnail !== undefined)} />
      <div className="wrap">
        <Counts />
        <section className="two">
          <div>
            <h2>{text('home.recent')}</h2>
            {recent.error ? <AnswerFailed error={recent.error} again={() => void recent.refetch()} /> : null}
            {recent.data && studies.length === 0 ? <p className="m2 s">{text('home.noStudies')}</p> : null}
            {studies.slice(0, 6).map((study) => (
              <RecentStudy key={study.accession} study={study} />
            ))}
            {recent.data && recent.data.total > 0 ? (
              <p className="all">
                <Link className="l s" to="/search">
                  {text('home.all', { count: recent.data.total })}
                </Link>
              </p>
            ) : null}
          </div>
          <HowToDeposit />
        </section>
        {recent.data ? <Browse facets={recent.data.facets} /> : null}
      </div>
    </main>
  );
}

function Wall({ studies }: { studies: readonly Study[] }): JSX.Element | null {
  const text = useText();
  if (studies.length === 0) return null;
  return (
    <section className="wall" aria-label={text('home.wall')}>
      <div className="g">
        {studies.slice(0, 10).map((study) => (
          <a key={study.accession} className="tile" href={`/studies/${study.accession}`}>
            <img src={study.thumbnail} alt="" loading="lazy" />
            <span>
              {study.title}
              <small>
                <Organisms names={study.organisms} />
              </small>
            </span>
          </a>
        ))}
      </div>
    </section>
  );
}

function Counts(): JSX.Element {
  const text = useText();
  const totals = useAnswer({ queryKey: ['totals'], queryFn: () => api.call(routes.totals, {}) });
  const count = totals.data;
  const shown = (value: number | undefined) => (value === undefined ? '–' : writtenCount(value));
  return (
    <div className="counts">
      <span>
        <b>{shown(count?.studies)}</b> {text('count.studies', { count: count?.studies ?? 0 })}
      </span>
      <span>
        <b>{shown(count?.images)}</b> {text('count.images', { count: count?.images ?? 0 })}
      </span>
      <span>
        <b>{shown(count?.objects)}</b> {text('count.objects', { count: count?.objects ?? 0 })}
      </span>
      <span>
        <b>{count ? writtenBytes(count.bytes) : '–'}</b> {text('home.stored')}
      </span>
      <span className="m3 end">{count ? text('home.counted', { time: writtenMoment(count.countedAt) }) : ' '}</span>
    </div>
  );
}

function RecentStudy({ study }: { study: Study }): JSX.Element {
  const text = useText();
  return (
    <a className="rs" href={`/studies/${study.accession}`}>
      <StudyPicture study={study} />
      <div>
        <div className="ti">{study.title}</div>
        <p>{[writtenAuthors(study.authors), ...contentsOf(study, text)].filter((part) => part !== '').join(' · ')}</p>
      </div>
      <time className="s m3 nw" dateTime={study.publishedAt} title={writtenMoment(study.publishedAt)}>
        {writtenDate(study.publishedAt)}
      </time>
    </a>
  );
}

function HowToDeposit(): JSX.Element {
  const text = useText();
  return (
    <aside>
      <h2>{text('home.deposit')}</h2>
      <ol className="steps">
        <li>
          <div>
            <b>{text('home.step1')}</b> {text('home.step1Help')}
          </div>
        </li>
        <li>
          <div>
            <b>{text('home.step2')}</b> {text('home.step2Help')}
          </div>
        </li>
        <li>
          <div>
            <b>{text('home.step3')}</b> {text('home.step3Help')}
          </div>
        </li>
      </ol>
      <p className="all">
        <Link className="btn primary" to="/drafts">
          {text('home.start')}
        </Link>
      </p>
    </aside>
  );
}
