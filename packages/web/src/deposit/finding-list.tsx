import type { Issue } from '@micrarium/model';
import { type JSX, useState } from 'react';
import { Icon } from '../app/icons.tsx';
import { type MessageKey, type text as Text, useText } from '../messages/text.ts';
import { writtenNumber } from '../messages/written.ts';

type Found = Pick<Issue, 'code' | 'severity' | 'message'> & {
  where: { [Part in keyof Issue['where']]?: Issue['where'][Part] | undefined };
  hint?: string | undefined;
};

const words: Record<Issue['severity'], MessageKey> = {
  error: 'finding.error',
  warning: 'finding.warning',
  info: 'finding.info',
};
const fewFirst = 6;

/** Where a finding sits, in words. */
export function writtenPlace(where: Found['where'], text: typeof Text): string {
  return [
    where.file ?? '',
    where.line === undefined ? '' : text('place.line', { line: where.line }),
    where.row === undefined ? '' : text('place.row', { row: where.row }),
    where.column === undefined ? '' : text('place.column', { column: String(where.column) }),
    where.offset === undefined ? '' : text('place.offset', { offset: writtenNumber(where.offset, 15) }),
    where.field ?? '',
  ]
    .filter((part) => part !== '')
    .join(' · ');
}

/** Findings, worst first, each with its place and what to do. */
export function FindingList({ issues }: { issues: readonly Found[] }): JSX.Element {
  const text = useText();
  const [all, setAll] = useState(false);
  const rank = { error: 0, warning: 1, info: 2 };
  const sorted = [...issues].sort((a, b) => rank[a.severity] - rank[b.severity]);
  const shown = all ? sorted : sorted.slice(0, fewFirst);
  return (
    <>
      {shown.map((issue, index) => {
        const place = writtenPlace(issue.where, text);
        return (
          // oxlint-disable-next-line react/no-array-index-key
          <div key={`${issue.code} ${index}`} className={`finding ${issue.severity}`} role="note">
            <Icon name={issue.severity === 'error' ? 'bad' : issue.severity === 'warning' ? 'warn' : 'info'} />
            <span lang="en">
              <b>{text(words[issue.severity])}</b> {issue.message}
              {issue.hint === undefined ? null : <span className="hint"> {issue.hint}</span>}
              {place === '' ? null : <div className="place mono">{place}</div>}
            </span>
          </div>
        );
      })}
      {sorted.length > shown.length ? (
        <button type="button" className="plainlink l" onClick={() => setAll(true)}>
          {text('search.more', { count: sorted.length - shown.length })}
        </button>
      ) : null}
    </>
  );
}
