import { useCallback, useEffect, useRef } from 'react';
import { api, routes } from '../app/api.ts';
import type { DraftEditor } from './draft-editor.ts';
import { type DraftState, readDraftAgain } from './draft.ts';
import type { FileShelf } from './file-shelf.ts';
import type { ServerFile } from './upload-queue.ts';

const busyEvery = 2_000;
const quietEvery = 15_000;

/** Asks for the files the server has, a thousand at a time; a list of all of them is never made. */
async function listFiles(draft: string, hear: (files: readonly ServerFile[], askedAt: number) => void): Promise<void> {
  let cursor: string | null = null;
  do {
    const query: { limit: number; cursor?: string } = { limit: 1000, ...(cursor === null ? {} : { cursor }) };
    const askedAt = performance.now();
    const page: { files: ServerFile[]; nextCursor: string | null } = await api.call(routes.listDraftFiles, {
      params: { draft },
      query,
    });
    hear(page.files, askedAt);
    cursor = page.nextCursor;
  } while (cursor !== null);
}

/**
 * Keeps the page up to date with the server: every 2 s while files are sent, verified, searched or read there, else every 15 s;
 * slower where answers take long. Returns a function that asks at once.
 */
export function useFresh(editor: DraftEditor, shelf: FileShelf, uploading: boolean): () => void {
  const uploadingNow = useRef(uploading);
  useEffect(() => {
    uploadingNow.current = uploading;
  }, [uploading]);
  const again = useRef<() => void>(() => {});
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    let listed = '';
    let last: DraftState | undefined;
    let stopped = false;
    const ask = async () => {
      clearTimeout(timer);
      const started = performance.now();
      let busy = uploadingNow.current;
      try {
        const now = await readDraftAgain(editor.view().draft.id, last, editor.view().draft);
        if (stopped) return;
        const { draft } = now;
        if (now !== last) editor.receive(draft);
        last = now;
        const { count, verified, receivedBytes } = draft.files;
        busy ||=
          verified < count ||
          draft.missing.some(({ code }) => code === 'virus-scan-waiting') ||
          draft.itemCounts.unread > 0;
        const stand = `${count} ${verified} ${receivedBytes}`;
        if (stand !== listed && count > 0) {
          await listFiles(draft.id, (files, askedAt) => shelf.hear(files, askedAt));
          listed = stand;
        }
      } catch {
        // The saving state tells of a broken connection; here the next question does.
      }
      const took = performance.now() - started;
      if (!stopped) timer = setTimeout(() => void ask(), Math.max(busy ? busyEvery : quietEvery, 10 * took));
    };
    again.current = () => void ask();
    void ask();
    return () => {
      stopped = true;
      clearTimeout(timer);
    };
  }, [editor, shelf]);
  // What begins to be sent is looked at soon, not after the quiet pause.
  useEffect(() => {
    if (uploading) again.current();
  }, [uploading]);
  return useCallback(() => again.current(), []);
}
