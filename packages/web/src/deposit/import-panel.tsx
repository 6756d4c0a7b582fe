import { type JSX, useEffect, useRef, useState } from 'react';
import { answers, useAnswer, useChange } from '../app/answers.ts';
import { api, routes } from '../app/api.ts';
import { AnswerFailed } from '../app/failures.tsx';
import { useText } from '../messages/text.ts';
import {
  type Chosen,
  type ImportRun,
  type NamedSource,
  listSource,
  lookAtImport,
  startImport,
} from './import-answers.ts';
import { ImportChoice } from './import-choice.tsx';
import { ImportEnd, ImportProgress } from './import-progress.tsx';
import { ImportSourceForm } from './import-source-form.tsx';
import { demandWebAddress, reasonIn, useImportWords } from './import-words.ts';

/** Milliseconds between two looks at an import that runs. */
const lookEvery = 2_000;

/** How an import is; `undefined` where there was none. */
export type ImportState = ImportRun['state'] | undefined;

interface Props {
  draft: string;
  /** Has the page look at the draft at once. */
  refresh: () => void;
  /** Told how the import is that runs or ran last. */
  onState: (state: ImportState) => void;
}

/** Files that the server fetches itself: source, what it offers, what is taken of it, and how far that is, also after the page was left. */
export function ImportPanel({ draft, refresh, onState }: Props): JSX.Element {
  const text = useText();
  const [isOpen, setIsOpen] = useState(false);
  // Buttons that begin and stop an import go when they are pressed: who is on the keyboard stays at its heading.
  const heading = useRef<HTMLElement>(null);
  const queryKey = ['import', draft];
  const found = useAnswer({
    queryKey,
    queryFn: () => lookAtImport(draft),
    staleTime: 0,
    refetchInterval: ({ state }) => (state.data?.run?.state === 'running' ? lookEvery : false),
  });
  const run = found.data?.run;
  const isRunning = run?.state === 'running';
  useEffect(() => {
    onState(run?.state);
    // What has come is shown among the files now, not at the next turn.
    if (isRunning) return refresh;
    return undefined;
  }, [isRunning, run?.state, onState, refresh]);
  const list = useChange({
    mutationFn: async (source: NamedSource) => {
      demandWebAddress(source);
      return { source, listing: await listSource(draft, source) };
    },
  });
  const start = useChange({
    mutationFn: ({ source, files }: { source: NamedSource; files: Chosen }) => startImport(draft, source, files),
    onSuccess: async (state) => {
      list.reset();
      heading.current?.focus();
      answers.setQueryData(queryKey, state);
      refresh();
      await answers.invalidateQueries({ queryKey });
    },
  });
  const stop = useChange({
    mutationFn: () => api.call(routes.cancelImport, { params: { draft } }),
    onSuccess: async () => {
      heading.current?.focus();
      await answers.invalidateQueries({ queryKey });
    },
  });
  const offered = list.data;
  const failed = list.error ?? start.error ?? stop.error;
  return (
    <details
      className="block import"
      open={isOpen || isRunning || run?.state === 'interrupted' || run?.state === 'failed'}
      onToggle={(event) => setIsOpen(event.currentTarget.open)}
    >
      <summary ref={heading}>{text('import.title')}</summary>
      {isRunning ? (
        <ImportProgress run={run} isStopping={stop.isPending} stop={() => stop.mutate()} />
      ) : run && !offered ? (
        <ImportEnd run={run} />
      ) : null}
      {/* Kept while files are brought: what was filled in serves a second try. */}
      <div hidden={isRunning}>
        <ImportSourceForm
          hasDropFolder={found.data?.hasDropFolder ?? false}
          isBusy={list.isPending}
          list={(source) => list.mutate(source)}
        />
        {offered ? (
          <ImportChoice
            key={list.submittedAt}
            listing={offered.listing}
            isBusy={start.isPending}
            start={(files) => start.mutate({ source: offered.source, files })}
          />
        ) : null}
      </div>
      {failed ? <ImportFailed error={failed} /> : null}
    </details>
  );
}

/** Why a source was not listed or an import not begun: by its reason in the reader's language, where it has one. */
function ImportFailed({ error }: { error: unknown }): JSX.Element {
  const words = useImportWords();
  const reason = reasonIn(error);
  if (!reason) return <AnswerFailed error={error} />;
  return (
    <p className="finding bad" role="alert">
      {words({ message: (error as Error).message, reason })}
    </p>
  );
}
