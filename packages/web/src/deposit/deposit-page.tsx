import '../styles/deposit.css';
import '../styles/metadata.css';
import { type JSX, useEffect, useState, useSyncExternalStore } from 'react';
import { ApiError } from '../app/api.ts';
import { Icon } from '../app/icons.tsx';
import { AnswerFailed } from '../app/failures.tsx';
import { type SignedIn, useMe } from '../app/session.ts';
import { SignInFirst } from '../app/sign-in-first.tsx';
import { useTitle } from '../app/title.ts';
import { usePageLocation } from '../app/router.tsx';
import { isHeld, ReviewLine, useReview } from '../life/review-line.tsx';
import { useText } from '../messages/text.ts';
import { Completeness } from './completeness.tsx';
import { DepositHead } from './deposit-head.tsx';
import { DraftEditor, browserCopy } from './draft-editor.ts';
import { type Draft, readDraft } from './draft.ts';
import { FileShelf } from './file-shelf.ts';
import { FiguresSection } from './figures-section.tsx';
import { FilesSection } from './files-section.tsx';
import { FormSections } from './form-sections.tsx';
import { TrainingSection } from './training-section.tsx';
import { FolderSection } from '../metadata/folder-section.tsx';
import { useSettledValues } from '../metadata/datasets-ahead.ts';
import { MetadataSection } from '../metadata/metadata-section.tsx';
import { useStudyAbout } from '../metadata/study-state.ts';
import { MergeView } from './merge-view.tsx';
import { NamesSection } from './names-section.tsx';
import { NoteSection } from './note-section.tsx';
import { PairsSection } from './pairs-section.tsx';
import { PrivacySection } from './privacy-section.tsx';
import { PlanLine } from '../plans/plan-line.tsx';
import { QuotaLine } from '../quota/quota-line.tsx';
import { ReferencesSection } from './references-section.tsx';
import { RelationsSection } from './relations-section.tsx';
import { ReleaseSection } from './release-section.tsx';
import type { ValueSlot } from './slots.ts';
import { Steps } from './steps.tsx';
import { useFresh } from './use-fresh.ts';
import { usePrefill } from './use-prefill.ts';
import { useRows } from './use-rows.ts';

/** The deposit page of one draft: files, form, pairs, publish. */
export function DepositPage(): JSX.Element {
  const text = useText();
  const me = useMe();
  const { draft: id } = usePageLocation().params as { draft: string };
  const [loaded, setLoaded] = useState<{ id: string; draft?: Draft; error?: unknown } | undefined>();
  useTitle(text('deposit.title'));
  useEffect(() => {
    const control = new AbortController();
    readDraft(id, control.signal).then(
      (draft) => setLoaded({ id, draft }),
      (error: unknown) => {
        if (!control.signal.aborted) setLoaded({ id, error });
      },
    );
    return () => control.abort();
  }, [id, me?.id]);
  if (!me) return <SignInFirst pending={me === undefined} />;
  if (!loaded || loaded.id !== id) return <main className="wrap plain" aria-busy="true" />;
  if (!loaded.draft)
    return (
      <main className="wrap plain">
        {loaded.error instanceof ApiError && loaded.error.status === 404 ? (
          <h1>{text('deposit.notThere')}</h1>
        ) : (
          <AnswerFailed error={loaded.error} />
        )}
      </main>
    );
  return <Deposit key={id} first={loaded.draft} me={me} />;
}

function Deposit({ first, me }: { first: Draft; me: SignedIn }): JSX.Element {
  const text = useText();
  const [editor] = useState(() => new DraftEditor(first, browserCopy(first.id)));
  const [shelf] = useState(() => new FileShelf(first.id));
  const view = useSyncExternalStore(editor.subscribe, editor.view);
  const shelfView = useSyncExternalStore(shelf.subscribe, shelf.view);
  const [showMissing, setShowMissing] = useState(false);
  const fresh = useFresh(editor, shelf, shelfView.upload.isBusy);
  const rows = useRows(shelf, shelfView, view.draft);
  usePrefill(editor, rows, shelfView, me, first);
  useSettledValues(editor, view);
  useLeaveGuard(view.saving.state !== 'saved' || shelfView.upload.isBusy);
  useEffect(() => {
    const close = () => {
      editor.close();
      shelf.close();
    };
    // A connection that is back is used at once, not at the next try.
    const online = () => void editor.flush();
    addEventListener('pagehide', close);
    addEventListener('online', online);
    return () => {
      removeEventListener('pagehide', close);
      removeEventListener('online', online);
    };
  }, [editor, shelf]);
  const { draft } = view;
  const review = useReview(first.id);
  const about = useStudyAbout(draft, view.slots);
  const readOnly = draft.state !== 'editing';
  return (
    <main className="wrap deposit">
      <DepositHead
        editor={editor}
        view={view}
        busy={shelfView.upload.isBusy}
        review={review}
        refused={() => setShowMissing(true)}
      />
      {readOnly ? (
        <p className="finding info" role="status">
          <Icon name="info" />
          <span>{draft.state === 'published' ? text('deposit.isPublished') : text('deposit.isPublishing')}</span>
        </p>
      ) : null}
      <ReviewLine draft={draft.id} review={review} />
      <PlanLine accession={draft.accession} draft={draft.id} />
      <QuotaLine draft={draft.id} bytes={draft.files.bytes} />
      <MergeView view={view} decide={(slot, side) => editor.decide(slot, side)} />
      <fieldset className="lay" disabled={isHeld(review)}>
        <Steps draft={draft} slots={view.slots} rows={rows} about={about} />
        <div className="pane">
          <NoteSection editor={editor} view={view} showMissing={showMissing} />
          <FilesSection draft={draft} shelf={shelf} view={shelfView} rows={rows} refresh={fresh} />
          <ReferencesSection draft={draft} refresh={fresh} />
          <NamesSection rows={rows} draft={draft} slots={view.slots} editor={editor} />
          <PairsSection editor={editor} view={view} shelf={shelf} />
          <PrivacySection draft={draft} refresh={fresh} />
          <FolderSection editor={editor} view={view} shelf={shelf} rows={rows} />
          <MetadataSection editor={editor} view={view} about={about} rows={rows} />
          <FormSections editor={editor} slots={view.slots} about={about} showMissing={showMissing} />
          <TrainingSection editor={editor} draft={draft} slots={view.slots} />
          <FiguresSection draft={draft} slots={view.slots} editor={editor} />
          <RelationsSection draft={draft} slots={view.slots} editor={editor} />
          <ReleaseSection
            draft={draft}
            releaseDate={(view.slots['value:releaseDate'] as ValueSlot | undefined)?.value}
          />
        </div>
        <Completeness draft={draft} slots={view.slots} rows={rows} about={about} />
      </fieldset>
    </main>
  );
}

/** Asks before the tab is closed while something would be lost or interrupted. */
function useLeaveGuard(active: boolean): void {
  useEffect(() => {
    if (!active) return;
    const ask = (event: BeforeUnloadEvent) => event.preventDefault();
    addEventListener('beforeunload', ask);
    return () => removeEventListener('beforeunload', ask);
  }, [active]);
}
