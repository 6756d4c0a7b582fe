import '../styles/account.css';
import type { JSX } from 'react';
import { answers, useAnswer, useChange } from '../app/answers.ts';
import { api, routes } from '../app/api.ts';
import { AnswerFailed } from '../app/failures.tsx';
import { HeadedTable } from '../app/headed-table.tsx';
import { PageOfStudy } from '../app/page-of-study.tsx';
import { usePageLocation } from '../app/router.tsx';
import { useMe } from '../app/session.ts';
import { useTitle } from '../app/title.ts';
import { useText } from '../messages/text.ts';

const load = (accession: string) => api.call(routes.listStudyDois, { params: { accession } });
type Answer = Awaited<ReturnType<typeof load>>;
type Known = NonNullable<Answer['study']>;

/** `/dois/ACCESSION`: the DOIs of a published study, its versions and its data sets; who answers for it asks for further ones. */
export function DoisPage(): JSX.Element {
  const text = useText();
  const me = useMe();
  const { accession = '' } = usePageLocation().params;
  useTitle(`${text('dois.title')} · ${accession}`);
  const queryKey = ['dois', accession, me?.id];
  const found = useAnswer({ queryKey, staleTime: 0, enabled: me !== undefined, queryFn: () => load(accession) });
  const ask = useChange({
    mutationFn: (body: { dataset?: string }) => api.call(routes.askStudyDoi, { params: { accession }, body }),
    onSuccess: (all) => answers.setQueryData(queryKey, all),
  });
  const { data } = found;
  const button = (words: string, body: { dataset?: string }) => (
    <button type="button" className="btn sm" disabled={ask.isPending} onClick={() => ask.mutate(body)}>
      {words}
    </button>
  );
  return (
    <PageOfStudy heading={text('dois.title')} accession={accession} found={found}>
      {ask.error ? <AnswerFailed error={ask.error} /> : null}
      {data ? (
        <>
          <p className="prose m2">{text(data.isOffered ? 'dois.help' : 'dois.none')}</p>
          {data.isOffered ? <DoiTable data={data} button={button} /> : null}
        </>
      ) : null}
    </PageOfStudy>
  );
}

/** One row for each thing that has a DOI, or may be given one. */
function DoiTable({
  data: { study, versions, datasets, canAsk },
  button,
}: {
  data: Answer;
  button(words: string, body: { dataset?: string }): JSX.Element;
}): JSX.Element {
  const text = useText();
  const none = <span className="m3">{text('dois.nothing')}</span>;
  return (
    <HeadedTable heads={[text('dois.what'), text('doi.title')]}>
      <tr>
        <th scope="row">{text('dois.study')}</th>
        <td>{study ? <OneDoi {...study} /> : canAsk ? button(text('dois.askStudy'), {}) : none}</td>
      </tr>
      {versions.map(({ version, ...one }) => (
        <tr key={version}>
          <th scope="row">{text('dois.version', { version })}</th>
          <td>
            <OneDoi {...one} />
          </td>
        </tr>
      ))}
      {datasets.map(({ dataset, title, doi }) => (
        <tr key={dataset}>
          <th scope="row">{text('dois.dataset', { title })}</th>
          <td>{doi ? <OneDoi {...doi} /> : canAsk ? button(text('dois.askDataset'), { dataset }) : none}</td>
        </tr>
      ))}
    </HeadedTable>
  );
}

/** A DOI, as a link once it leads somewhere, and where it stands with the registrar. */
function OneDoi({ doi, state, fault }: Known): JSX.Element {
  const text = useText();
  return (
    <>
      {state === 'findable' ? (
        <a className="l mono" href={`https://doi.org/${doi}`}>
          {doi}
        </a>
      ) : (
        <span className="mono">{doi}</span>
      )}{' '}
      <span className="s m2">{text(`doi.${state}`)}</span>
      {fault ? <p className="s m2">{text('doi.fault', { fault })}</p> : null}
    </>
  );
}
