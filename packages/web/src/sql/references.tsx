import type { JSX } from 'react';
import { useChange } from '../app/answers.ts';
import { api, ApiError, pageTokenHeaders, routes } from '../app/api.ts';
import { AnswerFailed } from '../app/failures.tsx';
import { useText } from '../messages/text.ts';
import { saveText } from '../viewer/save.ts';

interface Used {
  accession: string;
  version: number;
}

/** The references of versions of studies as a file. @throws ApiError */
async function referencesOf(studies: readonly Used[], format: 'text' | 'bibtex'): Promise<string> {
  const once = [...new Map(studies.map(({ accession, version }) => [accession, { accession, version }])).values()];
  const answer = await fetch(api.url(routes.citeStudies, {} as never), {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...pageTokenHeaders() },
    body: JSON.stringify({ studies: once.slice(0, 5000), format }),
  });
  if (answer.ok) return await answer.text();
  const problem = (await answer.json().catch(() => ({}))) as { code?: string; title?: string; detail?: string };
  const words = problem.detail ?? problem.title ?? `HTTP ${answer.status}`;
  throw new ApiError(answer.status, problem.code ?? `http-${answer.status}`, words, problem);
}

/** Buttons that save the references of all data used. */
export function References({ studies, disabled }: { studies: readonly Used[]; disabled: boolean }): JSX.Element {
  const text = useText();
  const saving = useChange({
    mutationFn: async (format: 'text' | 'bibtex') => {
      const references = await referencesOf(studies, format);
      if (format === 'text') saveText('references.txt', 'text/plain', references);
      else saveText('references.bib', 'application/x-bibtex', references);
    },
  });
  const button = (format: 'text' | 'bibtex', name: string) => (
    <button type="button" className="btn" disabled={disabled || saving.isPending} onClick={() => saving.mutate(format)}>
      {name}
    </button>
  );
  return (
    <>
      {button('text', text('sql.references'))}
      {button('bibtex', 'BibTeX')}
      {saving.error ? <AnswerFailed error={saving.error} /> : null}
    </>
  );
}
