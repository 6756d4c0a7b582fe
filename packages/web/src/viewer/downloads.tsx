import { issueWords, lossNumbers, lossWords } from '@micrarium/api';
import type { JSX, ReactNode } from 'react';
import { useAnswer } from '../app/answers.ts';
import { api, routes } from '../app/api.ts';
import { language, type MessageKey, useText } from '../messages/text.ts';
import { useIssueTexts } from '../messages/server-words.ts';
import { whileBeingMade } from './being-made.ts';
import type { FilmPlace } from './open-film.ts';

type ExportLosses = Awaited<ReturnType<typeof getLosses>>;
type FormLosses = NonNullable<ExportLosses['sets'][number]['forms']>[number];

const getLosses = (place: FilmPlace, signal: AbortSignal) => api.call(routes.listLosses, { params: place, signal });

const trackForms = [
  ['objects.csv', 'losses.objects.csv'],
  ['edges.csv', 'losses.edges.csv'],
  ['cmso.zip', 'losses.cmso.zip'],
  ['geff.zip', 'losses.geff.zip'],
  ['trackmate.xml', 'losses.trackmate.xml'],
  ['napari.zip', 'losses.napari.zip'],
  ['bd5.h5', 'losses.bd5.h5'],
  ['bdml.xml', 'losses.bdml.xml'],
] as const satisfies readonly (readonly [string, MessageKey])[];

/** Every form the shown tracks can be taken away in, each with what it will not hold. */
export function Downloads({ place, part }: { place: FilmPlace; part: number }): JSX.Element {
  const text = useText();
  const answer = useAnswer({
    queryKey: ['losses', place],
    queryFn: ({ signal }) => getLosses(place, signal),
    ...whileBeingMade,
    staleTime: Number.POSITIVE_INFINITY,
  });
  const set = answer.data?.sets.find((one) => one.part === part);
  const absent = answer.isPending ? 'losses.counting' : set ? 'losses.tooLarge' : 'losses.notCounted';
  const row = (form: string, name: MessageKey, links: ReactNode) => (
    <tr key={form}>
      <td>
        {links} <span className="m3 s">{text(name)}</span>
      </td>
      <td>
        <Lost of={set?.forms?.find((one) => one.form === form)} absent={text(absent)} />
      </td>
    </tr>
  );
  const content = (table: string) =>
    api.url(routes.getItemContent, { params: { ...place, path: `tracks-${part}/${table}.parquet` } });
  return (
    <table className="t losses">
      <thead>
        <tr>
          <th scope="col">{text('losses.form')}</th>
          <th scope="col">{text('losses.lost')}</th>
        </tr>
      </thead>
      <tbody>
        {trackForms.map(([form, name]) =>
          row(
            form,
            name,
            <a
              className="l"
              href={api.url(routes.exportItem, { params: { ...place, form }, query: { part } })}
              download
            >
              {form}
            </a>,
          ),
        )}
        {row(
          'parquet',
          'losses.parquet',
          ['objects', 'edges'].map((table) => (
            <a className="l" key={table} href={content(table)} download>
              {`${table}.parquet `}
            </a>
          )),
        )}
      </tbody>
    </table>
  );
}

function Lost({ of, absent }: { of: FormLosses | undefined; absent: string }): JSX.Element {
  const text = useText();
  const issueTexts = useIssueTexts();
  if (!of) return <span className="m3">{absent}</span>;
  if (of.losses.length === 0) return <span className="st ok">{text('losses.lossless')}</span>;
  const isImpossible = of.losses.some(({ severity }) => severity === 'error');
  const numbers = lossNumbers(
    of.losses.map(({ message }) => message),
    language(),
  );
  const list = (
    <ul>
      {of.losses.map((loss) => {
        const words = lossWords(loss.message, language());
        return (
          <li key={`${loss.code} ${loss.message}`}>
            {words ?? issueWords(loss, issueTexts).meaning}
            {words === undefined ? (
              <div className="detail" lang="en">
                {loss.message}
              </div>
            ) : null}
          </li>
        );
      })}
    </ul>
  );
  return (
    <>
      {isImpossible ? <b>{text('losses.impossible')}</b> : null}
      {numbers === undefined ? (
        list
      ) : (
        <details>
          <summary>{numbers}</summary>
          {list}
        </details>
      )}
    </>
  );
}
