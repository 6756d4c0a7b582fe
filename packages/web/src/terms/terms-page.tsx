import type { JSX } from 'react';
import { api, routes } from '../app/api.ts';
import { useAnswer } from '../app/answers.ts';
import { AnswerFailed } from '../app/failures.tsx';
import { navigate, usePageLocation } from '../app/router.tsx';
import { useTitle } from '../app/title.ts';
import { type MessageKey, useText } from '../messages/text.ts';
import { writtenNumber } from '../messages/written.ts';
import { TermBrowser } from './term-browser.tsx';

const names: Readonly<Record<string, MessageKey>> = {
  NCBITaxon: 'terms.organisms',
  FBbi: 'terms.imaging',
  CL: 'terms.cells',
  UBERON: 'terms.anatomy',
  GO: 'terms.geneOntology',
  PATO: 'terms.qualities',
  CMPO: 'terms.phenotypes',
};

/** The vocabularies of this installation: each as a tree, with what is known of a term; everything in the address. */
export function TermsPage(): JSX.Element {
  const text = useText();
  useTitle(text('terms.page'));
  const { search } = usePageLocation();
  const said = (name: string) => (typeof search[name] === 'string' ? search[name] : undefined);
  const term = said('term');
  const vocabulary = said('vocabulary') ?? (term?.includes(':') ? term.slice(0, term.indexOf(':')) : 'NCBITaxon');
  const answer = useAnswer({
    queryKey: ['vocabularies'],
    queryFn: ({ signal }) => api.call(routes.listVocabularies, { signal }),
  });
  const prefixes = [...new Set([...Object.keys(names), ...(answer.data?.prefixes ?? [])])];
  return (
    <main className="wrap plain termspage">
      <h1>{text('terms.page')}</h1>
      <p className="m2">{text('terms.about')}</p>
      <label className="lf narrow">
        <span>{text('terms.vocabulary')}</span>
        <select
          className="sel"
          value={vocabulary}
          onChange={(event) =>
            void navigate('/terms', { search: { vocabulary: event.target.value }, keepScroll: true })
          }
        >
          {[...new Set([vocabulary, ...prefixes])].map((prefix) => (
            <option key={prefix} value={prefix}>
              {names[prefix] ? `${text(names[prefix])} (${prefix})` : prefix}
            </option>
          ))}
        </select>
      </label>
      <TermBrowser
        key={vocabulary}
        vocabulary={vocabulary}
        first={term}
        looked={(id) => void navigate('/terms', { search: { vocabulary, term: id }, replace: true, keepScroll: true })}
      />
      {answer.error ? <AnswerFailed error={answer.error} again={() => void answer.refetch()} /> : null}
      {answer.data ? (
        <details>
          <summary>{text('terms.installed', { count: answer.data.vocabularies.length })}</summary>
          <table className="t">
            <thead>
              <tr>
                <th>{text('terms.name')}</th>
                <th>{text('terms.release')}</th>
                <th className="r">{text('terms.count')}</th>
                <th>{text('terms.from')}</th>
              </tr>
            </thead>
            <tbody>
              {answer.data.vocabularies.map((one) => (
                <tr key={one.name}>
                  <td>{one.name}</td>
                  <td>{one.release}</td>
                  <td className="r">{writtenNumber(one.terms)}</td>
                  <td>{one.source}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </details>
      ) : null}
    </main>
  );
}
