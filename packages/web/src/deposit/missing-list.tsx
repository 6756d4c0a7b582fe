import { issueWords as wordsOfCode } from '@micrarium/api';
import { figuresKey, metadataFieldById, splitValueKey } from '@micrarium/standards';
import type { JSX } from 'react';
import { Icon } from '../app/icons.tsx';
import { useIssueTexts } from '../messages/server-words.ts';
import { type MessageKey, language, useText } from '../messages/text.ts';
import { openFoldOf } from '../metadata/open-fold.ts';
import type { Finding } from './draft.ts';
import { issueWords } from './field-row.tsx';

/** What the server says by code, in the reader's language. */
const codeWords: Readonly<Record<string, MessageKey>> = {
  'no-files': 'missing.noFiles',
  'files-not-verified': 'missing.notVerified',
  'too-many-files': 'missing.tooManyFiles',
  'ingest-running': 'missing.ingestRunning',
  'note-missing': 'missing.note',
  'change-kind-missing': 'missing.changeKind',
  'earlier-results-missing': 'missing.earlierResults',
  'blob-missing': 'missing.blob',
  'private-details-undecided': 'missing.privacy',
  'virus-found': 'missing.virus',
  'virus-scan-waiting': 'missing.virusScan',
};

/** Element that a missing thing leads to: its field, else the list of files. */
export function placeOf(issue: Finding): string {
  const { field } = issue.where;
  if (field !== undefined && metadataFieldById(field)) return `field-${field}`;
  if (issue.code.startsWith('pair')) return 'pairs';
  if (field === 'privacy' || field === figuresKey) return field;
  if (field === 'changeKinds' || field === 'earlierResults') return `note-${field}`;
  return field === 'note' ? 'note-words' : 'files';
}

/** Goes to what is missing and puts the cursor there. */
export function goTo(id: string): void {
  const place = document.getElementById(id);
  // It may lie in a fold that is closed; the fold opens and comes back here.
  if (!place && openFoldOf(id)) return;
  place?.scrollIntoView({ block: 'center' });
  const control = place?.matches('input, textarea, select, button')
    ? place
    : place?.querySelector<HTMLElement>('input, textarea, select, button');
  (control as HTMLElement | undefined)?.focus({ preventScroll: true });
}

/** What is missing, each leading to where it can be mended. */
export function MissingList({ issues, follow }: { issues: readonly Finding[]; follow?: () => void }): JSX.Element {
  const text = useText();
  const texts = useIssueTexts();
  return (
    <ul className="missing">
      {issues.map((issue, index) => {
        const field = issue.where.field === undefined ? undefined : metadataFieldById(issue.where.field);
        const ofDataset = splitValueKey(issue.where.field ?? '').dataset;
        const title = ofDataset === undefined ? undefined : /“(.*)”/.exec(issue.message)?.[1];
        const label = `${field?.label[language()] ?? ''}${title === undefined ? '' : ` (${title})`}`;
        const known = issueWords[issue.code];
        const words =
          issue.where.field === figuresKey
            ? text('figures.toMend')
            : issue.code === 'field-missing' && field
              ? label
              : known && field
                ? `${label}: ${text(known, { example: field.example, row: issue.where.row ?? 0 })}`
                : codeWords[issue.code]
                  ? text(codeWords[issue.code]!, { file: issue.where.file ?? '…' })
                  : wordsOfCode(issue, texts).meaning;
        return (
          // oxlint-disable-next-line react/no-array-index-key
          <li key={`${issue.code} ${index}`}>
            <Icon name="circle" />
            <button
              type="button"
              className="plainlink"
              onClick={() => {
                follow?.();
                goTo(placeOf(issue));
              }}
            >
              {words}
            </button>
          </li>
        );
      })}
    </ul>
  );
}
