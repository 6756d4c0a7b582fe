import { ApiError, type IssueTexts, type ServerTexts, loadServerTexts, requestWords } from '@micrarium/api';
import { useEffect, useSyncExternalStore } from 'react';
import { language, useText } from './text.ts';

/**
 * What readers and the server write (findings, problems) comes in English, with a code. On pages in another language the
 * texts of the codes are loaded when the first of them is to be shown.
 */
let loaded: ServerTexts | undefined;
let isLoading = false;
const listeners = new Set<() => void>();

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

async function load(): Promise<void> {
  if (loaded || isLoading) return;
  isLoading = true;
  try {
    loaded = await loadServerTexts('ja');
    for (const listener of listeners) listener();
  } catch {
    // Stays English; tried again when the next text is shown.
  } finally {
    isLoading = false;
  }
}

function useServerTexts(): ServerTexts | undefined {
  useText();
  const texts = useSyncExternalStore(
    subscribe,
    () => loaded,
    () => loaded,
  );
  const isJapanese = language() === 'ja';
  useEffect(() => {
    if (isJapanese) void load();
  }, [isJapanese]);
  return isJapanese ? texts : undefined;
}

/** Texts of the issue codes in the reader's language; `undefined` in English, and until they have come. */
export function useIssueTexts(): IssueTexts | undefined {
  return useServerTexts()?.issues;
}

/** Words for something that failed: the title of the problem in the reader's language, else what the error says. */
export function useFaultWords(): (fault: unknown) => string {
  const texts = useServerTexts();
  return (fault) => {
    const message = fault instanceof Error ? fault.message : String(fault);
    const known = fault instanceof ApiError && texts ? texts.problems[fault.code] : undefined;
    if (known === undefined) return message;
    const { issues } = ((fault as ApiError).body ?? {}) as { issues?: Parameters<typeof requestWords>[0] };
    const said = issues && requestWords(issues, texts!.requests);
    if (said !== undefined) return `${known}（${said}）`;
    // Without a detail the message is the title again, in English.
    const hasDetail = (fault as ApiError).body instanceof Object && 'detail' in ((fault as ApiError).body as object);
    return hasDetail ? `${known} (${message})` : known;
  };
}
