import '../styles/account.css';
import { versionLabel } from '@micrarium/model';
import { type JSX, useState } from 'react';
import { api, routes } from '../app/api.ts';
import { answers, useAnswer, useChange } from '../app/answers.ts';
import { AnswerFailed } from '../app/failures.tsx';
import { SignInFirst } from '../app/sign-in-first.tsx';
import { useMe } from '../app/session.ts';
import { SureButton } from '../app/sure-button.tsx';
import { useTitle } from '../app/title.ts';
import { Link, navigate } from '../app/router.tsx';
import { DiscardedSection } from '../life/discarded-section.tsx';
import { OwnStudiesSection } from '../life/own-studies-section.tsx';
import { useText } from '../messages/text.ts';
import { writtenMoment, writtenNumber } from '../messages/written.ts';

/** Drafts of the first pages: each page is looked at by the server with all it holds, and is not large. */
async function loadPages(pages: number): Promise<{ drafts: DraftLine[]; hasMore: boolean }> {
  const drafts: DraftLine[] = [];
  let cursor: string | undefined;
  for (let page = 0; page < pages; page++) {
    const one = await api.call(routes.listDrafts, { query: cursor === undefined ? {} : { cursor } });
    drafts.push(...one.drafts);
    if (one.nextCursor === null) return { drafts, hasMore: false };
    cursor = one.nextCursor;
  }
  return { drafts, hasMore: true };
}

/** My drafts, my published studies, and the button that starts a deposit. */
export function DraftsPage(): JSX.Element {
  const text = useText();
  const me = useMe();
  useTitle(text('drafts.title'));
  const [pages, setPages] = useState(1);
  const list = useAnswer({
    queryKey: ['drafts', pages],
    enabled: Boolean(me),
    staleTime: 0,
    placeholderData: (before) => before,
    queryFn: () => loadPages(pages),
  });
  const start = useChange({
    mutationFn: () => api.call(routes.createDraft, {}),
    onSuccess: (draft) => navigate(`/deposit/${draft.id}`),
  });
  if (!me) return <SignInFirst pending={me === undefined} />;
  const { drafts = [], hasMore = false } = list.data ?? {};
  return (
    <main className="wrap plain">
      <div className="dh">
        <h1>{text('drafts.title')}</h1>
        <div className="end">
          <Link className="btn" to="/plans">
            {text('drafts.fromPlan')}
          </Link>
          <button type="button" className="btn primary" aria-disabled={start.isPending} onClick={() => start.mutate()}>
            {text('drafts.new')}
          </button>
        </div>
      </div>
      {start.error ? <AnswerFailed error={start.error} /> : null}
      {list.error ? <AnswerFailed error={list.error} again={() => void list.refetch()} /> : null}
      {list.data && drafts.length === 0 ? <p className="prose m2 empty">{text('drafts.none')}</p> : null}
      {drafts.length > 0 ? (
        <table className="t stack">
          <thead>
            <tr>
              <th>{text('drafts.study')}</th>
              <th>{text('drafts.accession')}</th>
              <th className="r">{text('drafts.files')}</th>
              <th>{text('drafts.missing')}</th>
              <th>{text('drafts.changed')}</th>
              <th>
                <span className="sr">{text('table.actions')}</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {drafts.map((draft) => (
              <DraftRow key={draft.id} draft={draft} />
            ))}
          </tbody>
        </table>
      ) : null}
      {hasMore ? (
        <p>
          <button type="button" className="btn" disabled={list.isFetching} onClick={() => setPages(pages + 1)}>
            {text('life.more')}
          </button>
        </p>
      ) : null}
      <OwnStudiesSection />
      <DiscardedSection />
    </main>
  );
}

interface DraftLine {
  id: string;
  accession: string;
  version: number;
  minor?: number | undefined;
  title: string;
  updatedAt: string;
  fileCount: number;
  missingCount: number;
}

function DraftRow({ draft }: { draft: DraftLine }): JSX.Element {
  const text = useText();
  const discard = useChange({
    mutationFn: () => api.call(routes.discardDraft, { params: { draft: draft.id } }),
    onSuccess: () => {
      // It can be taken back from the list below, at once.
      void answers.invalidateQueries({ queryKey: ['discarded-drafts'] });
      return answers.invalidateQueries({ queryKey: ['drafts'] });
    },
  });
  return (
    <tr>
      <td>
        <Link to={`/deposit/${draft.id}`}>{draft.title === '' ? text('drafts.untitled') : draft.title}</Link>
      </td>
      <td className="mono nw">
        {draft.accession}{' '}
        {draft.version > 1 || draft.minor !== undefined ? text('drafts.version', { version: versionLabel(draft) }) : ''}
      </td>
      <td className="r" data-label={text('drafts.files')}>
        {writtenNumber(draft.fileCount)}
      </td>
      <td data-label={text('drafts.missing')}>
        {draft.missingCount === 0
          ? text('drafts.complete')
          : text('drafts.missingCount', { count: draft.missingCount })}
      </td>
      <td className="nw m2" data-label={text('drafts.changed')}>
        {writtenMoment(draft.updatedAt)}
      </td>
      <td className="r">
        <Link className="btn sm quiet" to={`/sharing/${draft.id}`}>
          {text('drafts.share')}
        </Link>{' '}
        <SureButton
          words={text('drafts.discard')}
          sure={text('drafts.discardSure')}
          look="btn sm quiet"
          isBusy={discard.isPending}
          onSure={() => discard.mutate()}
        />
        {discard.error ? <AnswerFailed error={discard.error} /> : null}
      </td>
    </tr>
  );
}
