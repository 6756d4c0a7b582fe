import { issueWords } from '@micrarium/api';
import type { Issue } from '@micrarium/model';
import { type JSX, useState } from 'react';
import { Icon } from '../app/icons.tsx';
import { useIssueTexts } from '../messages/server-words.ts';
import { type MessageKey, language, type text as Text, useText } from '../messages/text.ts';
import { writtenNumber } from '../messages/written.ts';

type Found = Pick<Issue, 'code' | 'severity' | 'message'> & {
  where: { [Part in keyof Issue['where']]?: Issue['where'][Part] | undefined };
  hint?: string | undefined;
  offer?: string | undefined;
};

const words: Record<Issue['severity'], MessageKey> = {
  error: 'finding.error',
  warning: 'finding.warning',
  info: 'finding.info',
};
/** What a finding begins with. A name that cannot be kept says nothing of the file's bytes. */
const leadOf = ({ code, severity }: Found): MessageKey =>
  severity === 'error' && code.startsWith('path-') ? 'finding.name' : words[severity];

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

/**
 * Findings, worst first, each with what to do, the sentence as it was made where that is another language, and its place.
 * @param mend writes what a finding offers in its place; asked for those that it can be done with
 */
export function FindingList<One extends Found>({
  issues,
  mend,
}: {
  issues: readonly One[];
  mend?: { isFor(issue: One): boolean; take(issue: One): void } | undefined;
}): JSX.Element {
  const text = useText();
  const texts = useIssueTexts();
  const [all, setAll] = useState(false);
  const rank = { error: 0, warning: 1, info: 2 };
  const sorted = [...issues].sort((a, b) => rank[a.severity] - rank[b.severity]);
  const shown = all ? sorted : sorted.slice(0, fewFirst);
  return (
    <>
      {shown.map((issue, index) => {
        const place = writtenPlace(issue.where, text);
        const { meaning, hint, detail } = issueWords(issue, texts);
        const isEnglish = detail === undefined && language() !== 'en';
        return (
          // oxlint-disable-next-line react/no-array-index-key
          <div key={`${issue.code} ${index}`} className={`finding ${issue.severity}`} role="note">
            <Icon name={issue.severity === 'error' ? 'bad' : issue.severity === 'warning' ? 'warn' : 'info'} />
            <span>
              <b>{text(leadOf(issue))}</b>{' '}
              <span lang={isEnglish ? 'en' : undefined}>
                {meaning}
                {hint === undefined ? null : <span className="hint"> {hint}</span>}
              </span>
              {detail === undefined ? null : (
                <div className="detail" lang="en">
                  {detail}
                </div>
              )}
              {issue.offer === undefined ? null : mend?.isFor(issue) ? (
                <div className="detail">
                  <button type="button" className="btn sm" onClick={() => mend.take(issue)}>
                    {text('field.fix', { value: issue.offer })}
                  </button>
                </div>
              ) : (
                <div className="detail">{text('finding.offer', { offer: issue.offer })}</div>
              )}
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
