import { versionLabel } from '@micrarium/model';
import { type JSX, useEffect, useRef, useState } from 'react';
import { ApiError, api, routes } from '../app/api.ts';
import { Icon } from '../app/icons.tsx';
import { navigate } from '../app/router.tsx';
import { ReleaseSummary } from '../life/release-summary.tsx';
import type { Review } from '../life/review-answer.ts';
import { useFaultWords } from '../messages/server-words.ts';
import { useText } from '../messages/text.ts';
import { writtenDuration } from '../messages/written.ts';
import type { DraftEditor, EditorView, Saving } from './draft-editor.ts';
import { type Finding, isFurther } from './draft.ts';
import { MissingList } from './missing-list.tsx';
import type { ValueSlot } from './slots.ts';

interface Props {
  editor: DraftEditor;
  view: EditorView;
  busy: boolean;
  /** Where it stands with curators, once known. */
  review: Review | undefined;
  /** Called when publishing was refused. */
  refused: () => void;
}

/** Title of the draft, how its saving stands, and the one button that publishes. */
export function DepositHead(props: Props): JSX.Element {
  const text = useText();
  const { view } = props;
  const title = (view.slots['value:title'] as ValueSlot | undefined)?.value;
  return (
    <div className="dh">
      <h1>{typeof title === 'string' && title !== '' ? title : text('drafts.untitled')}</h1>
      <span className="tag">
        {isFurther(view.draft) ? text('drafts.version', { version: versionLabel(view.draft) }) : text('deposit.draft')}
      </span>
      <span className="mono xs m3">{view.draft.accession}</span>
      <SavingState saving={view.saving} />
      <div className="end">
        <PublishButton {...props} />
      </div>
    </div>
  );
}

function useClock(): number {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 1000);
    return () => clearInterval(timer);
  }, []);
  return now;
}

function SavingState({ saving }: { saving: Saving }): JSX.Element {
  const text = useText();
  const now = useClock();
  const ago =
    saving.state === 'saved' && saving.at !== undefined ? writtenDuration((now - saving.at) / 1000) : undefined;
  if (saving.state === 'failed')
    return (
      <span className="st warn failed" role="alert" title={saving.message}>
        <Icon name="warn" />
        {text('saving.failed', { time: writtenDuration(Math.max(0, saving.retryAt - now) / 1000) })}
      </span>
    );
  if (saving.state === 'conflict')
    return (
      <span className="st warn" role="alert">
        <Icon name="warn" />
        {text('saving.conflict')}
      </span>
    );
  return (
    <span className="s m2 nw">
      {saving.state === 'saved'
        ? ago === undefined
          ? text('saving.saved')
          : text('saving.savedAgo', { time: ago })
        : text(saving.state === 'saving' ? 'saving.saving' : 'saving.unsaved')}
    </span>
  );
}

function PublishButton({ editor, view, busy, review, refused }: Props): JSX.Element {
  const text = useText();
  const faultWords = useFaultWords();
  const dialog = useRef<HTMLDialogElement>(null);
  const [missing, setMissing] = useState<readonly Finding[]>([]);
  const [problem, setProblem] = useState('');
  const [publishing, setPublishing] = useState(false);
  const open = async () => {
    const isSaved = await editor.settle();
    setProblem(isSaved ? '' : text('publish.unsaved'));
    setMissing(editor.view().draft.missing.filter(({ severity }) => severity === 'error'));
    if (editor.view().draft.missing.some(({ severity }) => severity === 'error')) refused();
    dialog.current?.showModal();
  };
  const publish = async () => {
    setPublishing(true);
    setProblem('');
    try {
      // What is published is what the server has: nothing that stands here may be left out.
      if (!(await editor.settle())) {
        setPublishing(false);
        setProblem(text('publish.unsaved'));
        return;
      }
      const done = await api.call(routes.publishDraft, { params: { draft: view.draft.id } });
      location.assign(done.path);
    } catch (error) {
      setPublishing(false);
      const issues = error instanceof ApiError ? (error.body as { issues?: Finding[] } | undefined)?.issues : undefined;
      if (issues) {
        setMissing(issues);
        refused();
      } else setProblem(faultWords(error));
    }
  };
  const toReview = async () => {
    // What is typed is not left behind.
    await editor.settle();
    await navigate(`/review/${view.draft.id}`);
  };
  // What is published stays as it is for ever: nobody wants half a folder in it.
  const isReady = missing.length === 0 && !busy;
  if (view.draft.state === 'published')
    return (
      <a className="btn primary" href={`/studies/${view.draft.accession}`}>
        {text('publish.see')}
      </a>
    );
  // Where a curator must approve it first, the way to publication is the review page.
  const goesToReview = review !== undefined && review.isRequired && review.state !== 'approved';
  return (
    <>
      <button type="button" className="btn" onClick={() => void navigate('/drafts')}>
        {text('drafts.title')}
      </button>
      {goesToReview ? (
        <button type="button" className="btn primary" onClick={() => void toReview()}>
          {text(review.steps.includes('submit') ? 'life.submit' : 'life.toReview')}
        </button>
      ) : (
        <button
          type="button"
          className="btn primary"
          aria-disabled={view.draft.state !== 'editing'}
          onClick={() => void open()}
        >
          {text('publish.button')}
        </button>
      )}
      <dialog ref={dialog} aria-labelledby="publish-title">
        <h2 id="publish-title">{isReady ? text('publish.sure') : text('publish.notYet')}</h2>
        {isReady ? (
          <>
            <p className="m2 gap">
              {text('publish.sureHelp', { accession: view.draft.accession, version: versionLabel(view.draft) })}
            </p>
            {isFurther(view.draft) ? null : (
              <ReleaseSummary
                draft={view.draft.id}
                releaseDate={(view.slots['value:releaseDate'] as ValueSlot | undefined)?.value}
              />
            )}
          </>
        ) : (
          <>
            {busy ? <p className="m2 gap">{text('publish.stillSending')}</p> : null}
            {missing.length > 0 ? <MissingList issues={missing} follow={() => dialog.current?.close()} /> : null}
          </>
        )}
        <p className="problem" role="alert">
          {problem}
        </p>
        <div className="acts">
          <button type="button" className="btn" onClick={() => dialog.current?.close()}>
            {text('publish.back')}
          </button>
          {isReady ? (
            <button
              type="button"
              className="btn primary"
              aria-disabled={publishing}
              onClick={() => (publishing ? undefined : void publish())}
            >
              {publishing ? text('publish.publishing') : text('publish.button')}
            </button>
          ) : null}
        </div>
      </dialog>
    </>
  );
}
