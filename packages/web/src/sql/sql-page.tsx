import '../styles/sql.css';
import { type JSX, useRef } from 'react';
import { useAnswer } from '../app/answers.ts';
import { AnswerFailed } from '../app/failures.tsx';
import { pageAddress } from '../app/location.ts';
import { navigate, usePageLocation } from '../app/router.tsx';
import { useTitle } from '../app/title.ts';
import { useText } from '../messages/text.ts';
import { writtenCount } from '../messages/written.ts';
import { type ExampleName, examplePlots, exampleStatements } from './example-statements.ts';
import { type DrawnColumns, drawnOf, drawnSearch } from './result-plot.tsx';
import { Result } from './result.tsx';
import { SaveQuery } from './save-query.tsx';
import { askSql, askViews, fileOf } from './sql-answer.ts';

const examples = Object.keys(exampleStatements) as ExampleName[];

/** `/sql?q=…`: one statement over all public tables. The statement stands in the address, and runs when the address is opened. */
export function SqlPage(): JSX.Element {
  const text = useText();
  const { search } = usePageLocation();
  const { q = '' } = search;
  const drawn = drawnOf(search);
  const asked = typeof q === 'string' ? q : (q[0] ?? '');
  const box = useRef<HTMLTextAreaElement>(null);
  useTitle(text('sql.title'));
  const answer = useAnswer({
    queryKey: ['sql', asked],
    queryFn: ({ signal }) => askSql(asked, signal),
    enabled: asked.trim() !== '',
    retry: false,
  });
  const run = (statement = box.current?.value ?? '') => {
    if (statement.trim() === '') return;
    if (statement === asked) void answer.refetch();
    else
      void navigate('/sql', {
        search: { q: statement, ...drawnSearch(examplePlots[statement] ?? drawn) },
        keepScroll: true,
      });
  };
  return (
    <main className="wrap sqlpage">
      <h1>{text('sql.title')}</h1>
      <p className="lead">{text('sql.lead')}</p>
      <div className="lay">
        <div>
          <label>
            <span className="s m2">{text('sql.statement')}</span>
            <textarea
              ref={box}
              key={asked}
              className="mono"
              rows={9}
              spellCheck={false}
              autoCapitalize="off"
              defaultValue={asked === '' ? exampleStatements['sql.examples.counts'] : asked}
              onKeyDown={(event) => {
                if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey)) return;
                event.preventDefault();
                run();
              }}
            />
          </label>
          <p className="doing">
            <button type="button" className="btn primary" disabled={answer.isFetching} onClick={() => run()}>
              {answer.isFetching ? text('sql.running') : text('sql.run')}
            </button>
            <span className="s m2">{text('sql.runHelp')}</span>
          </p>
          {answer.error && !answer.isFetching ? <AnswerFailed error={answer.error} /> : null}
          {answer.data ? (
            <>
              <Result
                result={answer.data}
                statement={asked}
                fileOf={(format) => fileOf(asked, format)}
                drawn={drawn}
                choose={(next) =>
                  void navigate('/sql', { search: { q: asked, ...drawnSearch(next) }, replace: true, keepScroll: true })
                }
              />
              <SaveQuery key={asked} statement={asked} {...pageOf(asked, drawn)} />
            </>
          ) : null}
        </div>
        <aside>
          <h2 className="part">{text('sql.examples')}</h2>
          <ul className="examples">
            {examples.map((name) => (
              <li key={name}>
                <button type="button" className="plainlink l" onClick={() => run(exampleStatements[name])}>
                  {text(name)}
                </button>
              </li>
            ))}
          </ul>
          <Views />
        </aside>
      </div>
    </main>
  );
}

/** Letters of a page that is kept with a query, at most; longer statements lead to their page without what is drawn. */
const longestPage = 4000;

/** The page of a statement with what is drawn of it, where that can be kept. */
function pageOf(statement: string, drawn: DrawnColumns): { page?: string } {
  const page = pageAddress('/sql', { q: statement, ...drawnSearch(drawn) });
  return page.length > longestPage ? {} : { page };
}

/** What a statement may name. Descriptions come in English from the server, as the column names are. */
function Views(): JSX.Element {
  const text = useText();
  const answer = useAnswer({ queryKey: ['sql-views'], queryFn: askViews, staleTime: Number.POSITIVE_INFINITY });
  const { views = [], limits } = answer.data ?? {};
  return (
    <>
      <h2 className="part">{text('sql.views')}</h2>
      <div className="views" lang="en">
        {views.map(({ name, description, columns, hasFeatures }) => (
          <details key={name}>
            <summary>
              <code>{name}</code>
            </summary>
            <p className="s m2">{description}</p>
            <dl>
              {columns.map((column) => (
                <div key={column.name} title={column.type}>
                  <dt>
                    <code>{column.name}</code>
                  </dt>
                  <dd className="s m2">{column.description}</dd>
                </div>
              ))}
            </dl>
            {hasFeatures ? <p className="s m2">{text('sql.features')}</p> : null}
          </details>
        ))}
      </div>
      {limits ? (
        <p className="s m2">
          {text('sql.limits', {
            seconds: writtenCount(limits.seconds),
            megabytes: writtenCount(limits.megabytes),
            rows: writtenCount(limits.rows),
          })}
        </p>
      ) : null}
    </>
  );
}
