import { issueWords } from '@micrarium/api';
import { metadataFieldById } from '@micrarium/standards';
import { type JSX, useMemo } from 'react';
import { useIssueTexts } from '../messages/server-words.ts';
import { useText } from '../messages/text.ts';
import { Profiles } from '../metadata/profiles.tsx';
import { StudyTree } from '../metadata/study-tree.tsx';
import type { StudyAbout } from '../metadata/study-state.ts';
import type { Draft, Finding } from './draft.ts';
import { metadataIssues } from './field-state.ts';
import type { ItemRow } from './item-row.ts';
import { MissingList } from './missing-list.tsx';
import type { Slots } from './slots.ts';

/** What is there, what is still missing before publishing, and what would be good to have. */
export function Completeness({
  draft,
  slots,
  rows,
  about,
}: {
  draft: Draft;
  slots: Slots;
  rows: readonly ItemRow[];
  about: StudyAbout;
}): JSX.Element {
  const text = useText();
  const texts = useIssueTexts();
  const issues = useMemo(() => metadataIssues(slots, about) as Finding[], [slots, about]);
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
        <StudyTree draft={draft} slots={slots} about={about} />
      </section>
      <section>
        <h3>{text('side.title')}</h3>
        <Profiles draft={draft} slots={slots} />
      </section>
      <section>
        <h3>{text('side.before')}</h3>
        {missing.length === 0 ? <p className="st ok">{text('side.nothing')}</p> : <MissingList issues={missing} />}
        {(draft.searched ?? []).map((issue) => (
          <p key={issue.code} className="s m2" title={issue.message}>
            {issueWords(issue, texts).meaning}
          </p>
        ))}
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
  return field !== undefined && metadataFieldById(field) !== undefined;
}
