import { archiveFields } from '@micrarium/standards';
import { type JSX, useMemo } from 'react';
import { useText } from '../messages/text.ts';
import type { Draft, Finding } from './draft.ts';
import { filled, metadataIssues } from './field-state.ts';
import type { ItemRow } from './item-row.ts';
import { MissingList } from './missing-list.tsx';
import type { Slots } from './slots.ts';

/** What is there, what is still missing before publishing, and what would be good to have. */
export function Completeness({
  draft,
  slots,
  rows,
}: {
  draft: Draft;
  slots: Slots;
  rows: readonly ItemRow[];
}): JSX.Element {
  const text = useText();
  const { done, of } = filled(slots, archiveFields);
  const issues = useMemo(() => metadataIssues(slots) as Finding[], [slots]);
  // What the form misses is known here at once; what the files miss, only the server can say.
  const elsewhere = draft.missing.filter(({ where, severity }) => severity === 'error' && !fieldKnown(where.field));
  // Files that only this page has are no files yet for the server: they have to be sent.
  const isUnsent = rows.length > 0 && draft.files.count === 0;
  const missing = [
    ...(isUnsent
      ? [{ code: 'unsent', severity: 'error' as const, message: text('missing.send'), where: {} }]
      : elsewhere),
    ...issues.filter(({ severity }) => severity === 'error'),
  ];
  const recommended = issues.filter(({ code }) => code === 'field-recommended');
  return (
    <aside className="side" aria-label={text('side.title')}>
      <section>
        <h3>{text('side.title')}</h3>
        <div className="tl">
          <span>{text('side.archiveTier')}</span>
          <span className="num m2">{text('side.of', { done, of })}</span>
        </div>
        <div
          className="meter"
          role="progressbar"
          aria-label={text('side.archiveTier')}
          aria-valuemin={0}
          aria-valuemax={of}
          aria-valuenow={done}
        >
          <i style={{ width: `${(100 * done) / of}%` }} />
        </div>
      </section>
      <section>
        <h3>{text('side.before')}</h3>
        {missing.length === 0 ? <p className="st ok">{text('side.nothing')}</p> : <MissingList issues={missing} />}
      </section>
      {recommended.length > 0 ? (
        <section>
          <h3>{text('side.recommended')}</h3>
          <MissingList issues={recommended.map((issue) => ({ ...issue, code: 'field-missing' }))} />
        </section>
      ) : null}
    </aside>
  );
}

function fieldKnown(field: string | undefined): boolean {
  return field !== undefined && (field === 'contributors' || archiveFields.some(({ id }) => id === field));
}
