import '../styles/register.css';
import type { JSX } from 'react';
import { useAnswer } from '../app/answers.ts';
import { api, routes } from '../app/api.ts';
import { AnswerFailed } from '../app/failures.tsx';
import { Link, navigate, usePageLocation } from '../app/router.tsx';
import { useTitle } from '../app/title.ts';
import { useText } from '../messages/text.ts';
import { FormatRows } from './format-rows.tsx';
import { type FormatFilter, fits } from './format-filter.ts';

const levels = ['preferred', 'accepted', 'bits'] as const;
const dataTypes = ['images', 'films', 'tracks', 'outlines', 'tables', 'metadata', 'documents', 'containers'] as const;

/** `/formats`: what becomes of each format here, with everything that is known of it; filters and the open row in the address. */
export function FormatsPage(): JSX.Element {
  const text = useText();
  useTitle(text('register.title'));
  const { search } = usePageLocation();
  const said = (name: string) => (['string', 'number'].includes(typeof search[name]) ? String(search[name]) : '');
  const filter: FormatFilter = { words: said('q'), level: said('level'), data: said('data') };
  const open = said('format');
  const go = (change: Record<string, string>) => {
    const all = { q: filter.words, level: filter.level, data: filter.data, format: open, ...change };
    const kept = Object.entries(all).filter(([, value]) => value !== '');
    void navigate('/formats', { search: Object.fromEntries(kept), replace: true, keepScroll: true });
  };
  const answer = useAnswer({
    queryKey: ['formats'],
    queryFn: ({ signal }) => api.call(routes.listFormats, { signal }),
  });
  const shown = answer.data?.formats.filter((format) => fits(format, filter));
  return (
    <main className="wrap plain register">
      <div className="dh">
        <h1>{text('register.title')}</h1>
        <div className="end">
          <a className="btn" href="/api/v1/formats?format=csv">
            {'CSV'}
          </a>
          <Link className="btn" to="/self-assessment">
            {text('register.assessment')}
          </Link>
        </div>
      </div>
      <p className="prose m2">{text('register.about')}</p>
      <dl className="levels s">
        {levels.map((level) => (
          <div key={level}>
            <dt>{text(`register.level.${level}`)}</dt>
            <dd>{text(`register.levelHelp.${level}`)}</dd>
          </div>
        ))}
      </dl>
      <div className="filters">
        <span className="field-in">
          <input
            type="search"
            value={filter.words}
            aria-label={text('register.find')}
            placeholder={text('register.find')}
            onChange={(event) => go({ q: event.target.value })}
          />
        </span>
        <select
          className="sel"
          aria-label={text('register.levelOf')}
          value={filter.level}
          onChange={(event) => go({ level: event.target.value })}
        >
          <option value="">{text('register.allLevels')}</option>
          {levels.map((level) => (
            <option key={level} value={level}>
              {text(`register.level.${level}`)}
            </option>
          ))}
        </select>
        <select
          className="sel"
          aria-label={text('register.holds')}
          value={filter.data}
          onChange={(event) => go({ data: event.target.value })}
        >
          <option value="">{text('register.allData')}</option>
          {dataTypes.map((data) => (
            <option key={data} value={data}>
              {text(`register.data.${data}`)}
            </option>
          ))}
        </select>
        {shown ? (
          <span className="s m2" role="status">
            {text('register.shown', { count: shown.length })}
          </span>
        ) : null}
      </div>
      {answer.error ? <AnswerFailed error={answer.error} again={() => void answer.refetch()} /> : null}
      {shown?.length === 0 ? <p className="m2">{text('register.none')}</p> : null}
      {shown && shown.length > 0 ? (
        <FormatRows formats={shown} open={open} onOpen={(format) => go({ format: format === open ? '' : format })} />
      ) : null}
    </main>
  );
}
