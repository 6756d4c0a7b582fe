import type { JSX } from 'react';
import { useAnswer } from '../app/answers.ts';
import { api, ApiError, routes } from '../app/api.ts';
import { AnswerFailed } from '../app/failures.tsx';
import { HeadedTable } from '../app/headed-table.tsx';
import { language, useText } from '../messages/text.ts';
import { writtenBytes } from '../messages/written.ts';

/** A value as one line. */
function inWords(value: unknown): string {
  if (value === undefined || value === null) return '';
  if (Array.isArray(value)) return value.map(inWords).join('; ');
  if (typeof value !== 'object') return String(value);
  return 'label' in value ? inWords(value.label) : Object.values(value).map(inWords).filter(Boolean).join(' ');
}

/** What a draft would change of the published version; nothing where there is none yet. */
export function DraftChanges({ draft }: { draft: string }): JSX.Element | null {
  const text = useText();
  const asked = useAnswer({
    queryKey: ['draft-changes', draft],
    queryFn: () => api.call(routes.getDraftChanges, { params: { draft } }),
  });
  // A first version has nothing before it.
  if (asked.error instanceof ApiError && asked.error.status === 404) return null;
  if (asked.error) return <AnswerFailed error={asked.error} again={() => void asked.refetch()} />;
  if (!asked.data) return null;
  const { from, fields, files, counts } = asked.data;
  return (
    <section className="sec">
      <div className="hd">
        <h2>{text('review.changes', { version: from })}</h2>
        <span className="s m2">{text('review.fileCounts', counts)}</span>
      </div>
      {fields.length + files.length === 0 ? <p className="s m2">{text('review.unchanged')}</p> : null}
      {fields.length + files.length > 0 ? (
        <HeadedTable heads={[text('review.what'), text('review.was'), text('review.is')]}>
          {fields.map(({ field, label, before, after }) => (
            <tr key={field}>
              <td>{label[language()]}</td>
              <td>
                <del>{inWords(before)}</del>
              </td>
              <td>
                <ins>{inWords(after)}</ins>
              </td>
            </tr>
          ))}
          {files.map((file) => (
            <tr key={file.path}>
              <td>
                {text(`review.kind.${file.kind}`)} <span className="mono">{file.path}</span>
              </td>
              <td>
                {file.from === undefined ? null : <span className="mono">{file.from}</span>}{' '}
                {file.wasSize === undefined ? null : writtenBytes(file.wasSize)}{' '}
                <span className="mono m3">{file.wasSha256?.slice(0, 12)}</span>
              </td>
              <td>
                {file.size === undefined ? null : writtenBytes(file.size)}{' '}
                <span className="mono m3">{file.sha256?.slice(0, 12)}</span>
              </td>
            </tr>
          ))}
        </HeadedTable>
      ) : null}
    </section>
  );
}
