import type { z } from '@hono/zod-openapi';
import { ApiError, type CallInput, type Client } from './client.ts';
import { routes } from './routes.ts';
import type { draftFileSchema, draftSchema } from './schemas.ts';

/** A draft as the server answers it. */
export type DepositDraft = z.output<typeof draftSchema>;
/** A file of a draft as the server answers it. */
export type DepositFile = z.output<typeof draftFileSchema>;
/** What a save of a draft may change. */
export type DraftChanges = CallInput<typeof routes.saveDraft>['body'];

/** Milliseconds without any change after which nothing more is expected of a server that is at rest. */
const longestPause = 60_000;

/** A file to be announced. */
export interface AnnouncedFile {
  /** Logical path in the study: relative, `/`, NFC. */
  path: string;
  size: number;
  /** Lower-case hex. */
  sha256?: string;
  md5?: string;
  crc32c?: string;
}

/** Most files that one call takes. */
const filesPerCall = 1000;
/** Most items that one call gives. */
const itemsPerCall = 1000;

/**
 * Announces files, a thousand at a time. All of them should be announced before the first is sent: what belongs together
 * is recognised when everything announced is there.
 * @returns the files as they stand on the server, in the order given
 * @throws ApiError
 */
export async function announceFiles(
  client: Client,
  draft: string,
  files: readonly AnnouncedFile[],
  signal?: AbortSignal,
): Promise<DepositFile[]> {
  const stand: DepositFile[] = [];
  for (let at = 0; at < files.length; at += filesPerCall) {
    const body = { files: files.slice(at, at + filesPerCall).map((file) => ({ ...file })) };
    const answer = await client.call(routes.expectFiles, { params: { draft }, body, ...(signal ? { signal } : {}) });
    stand.push(...answer.files);
  }
  return stand;
}

/** All files of a draft, by path. @throws ApiError */
export async function filesOfDraft(client: Client, draft: string, signal?: AbortSignal): Promise<DepositFile[]> {
  const files: DepositFile[] = [];
  for (let cursor: string | undefined; ; ) {
    const query = { limit: filesPerCall, ...(cursor === undefined ? {} : { cursor }) };
    const answer = await client.call(routes.listDraftFiles, {
      params: { draft },
      query,
      ...(signal ? { signal } : {}),
    });
    files.push(...answer.files);
    if (answer.nextCursor === null) return files;
    cursor = answer.nextCursor;
  }
}

/**
 * Does what an upload holds on the server consist of the bytes one has? Compared part by part, by SHA-256.
 * @param digestOf lower-case hex of the bytes of the file here, from a place on, so many of them
 * @returns bytes of the upload that were compared; `undefined` where one differs, so that it must begin again
 * @throws ApiError, with 404 for an upload that is gone or finished, and what `digestOf` throws
 */
export async function provenBytes(
  client: Client,
  upload: string,
  digestOf: (from: number, bytes: number) => Promise<string>,
  signal?: AbortSignal,
): Promise<number | undefined> {
  for (let part = 0; ; ) {
    const held = await client.call(routes.getUploadParts, {
      params: { upload },
      query: { from: part },
      ...(signal ? { signal } : {}),
    });
    for (const sha256 of held.parts)
      if ((await digestOf(part++ * held.partBytes, held.partBytes)) !== sha256) return undefined;
    const from = part * held.partBytes;
    if (held.rest && (await digestOf(from, held.rest.bytes)) !== held.rest.sha256) return undefined;
    if (held.rest) return from + held.rest.bytes;
    if (held.parts.length === 0 || from >= held.offset) return from;
  }
}

/** The items of a draft that its answer does not hold. @throws ApiError */
async function furtherItems(client: Client, draft: DepositDraft, signal?: AbortSignal): Promise<DepositDraft['items']> {
  const items: DepositDraft['items'] = [];
  for (let cursor: string | null | undefined = draft.itemsNext; cursor !== undefined && cursor !== null; ) {
    const answer: { items: DepositDraft['items']; nextCursor: string | null } = await client.call(
      routes.listDraftItems,
      { params: { draft: draft.id }, query: { limit: itemsPerCall, cursor }, ...(signal ? { signal } : {}) },
    );
    items.push(...answer.items);
    cursor = answer.nextCursor;
  }
  return items;
}

/**
 * A draft with all its items: an answer holds the first thousand, the others are asked for here.
 * @param known the draft with all items as they were read before; where none has changed since, they are not asked for again
 * @throws ApiError
 */
export async function withAllItems(
  client: Client,
  draft: DepositDraft,
  known?: DepositDraft,
  signal?: AbortSignal,
): Promise<DepositDraft> {
  if (draft.itemsNext === undefined) return draft;
  const isKnown = known !== undefined && known.itemCounts.tag === draft.itemCounts.tag;
  if (isKnown && isWhole(known)) return withItemsOf(draft, known);
  const items = [...draft.items, ...(await furtherItems(client, draft, signal))];
  const { itemsNext: _, ...whole } = draft;
  return { ...whole, items };
}

/** Does a draft hold all its items? */
const isWhole = ({ itemsNext }: DepositDraft) => itemsNext === undefined;

/**
 * An answer that holds only the first items, with the items of the same draft as they were read before; that of a small draft as it is. Whether
 * they are still the same tells `itemCounts.tag`, which stays that of what was read.
 */
export function withItemsOf(draft: DepositDraft, before: DepositDraft): DepositDraft {
  if (isWhole(draft) || !isWhole(before)) return draft;
  const { itemsNext: _, ...whole } = draft;
  return { ...whole, items: before.items, itemCounts: { ...draft.itemCounts, ...tagOf(before) } };
}

const tagOf = ({ itemCounts: { tag } }: DepositDraft) => (tag === undefined ? {} : { tag });

/**
 * Saves changes worked out from the draft as it is; when somebody saved in between they are worked out again from the
 * newer draft. `undefined` changes nothing.
 * @throws ApiError
 */
export async function saveChanges(
  client: Client,
  draft: DepositDraft,
  changesOf: (draft: DepositDraft) => DraftChanges | undefined,
): Promise<DepositDraft> {
  for (let current = draft, tries = 0; ; tries++) {
    const body = changesOf(current);
    if (body === undefined) return current;
    try {
      const headers = { 'if-match': `"${current.revision}"` };
      const saved = await client.call(routes.saveDraft, { params: { draft: draft.id }, body, headers });
      return withItemsOf(saved as DepositDraft, current);
    } catch (fault) {
      if (!(fault instanceof ApiError) || fault.status !== 412 || tries >= 10) throw fault;
      current = withItemsOf(fault.body as DepositDraft, current);
    }
  }
}

/** How far the server is with what was sent. */
export interface ReadingProgress {
  files: { verified: number; count: number };
  items: { read: number; count: number };
  /** 0..1 over both. */
  fraction: number;
}

/** Options of `untilRead`. */
export interface UntilReadOptions {
  onProgress?(progress: ReadingProgress): void;
  signal?: AbortSignal;
  /** Milliseconds between two looks; more where the answer takes long. */
  interval?: number;
}

/**
 * Waits until every file that was sent has been verified, recognised, read and, where a virus scanner is set up, searched, or until
 * nothing more can come of it because files are still to be sent.
 * @returns the draft as it is then, with all its items
 * @throws ApiError, and the signal's reason
 */
export async function untilRead(client: Client, draft: string, options: UntilReadOptions = {}): Promise<DepositDraft> {
  return await withAllItems(client, await whenRead(client, draft, options), undefined, options.signal);
}

async function whenRead(client: Client, draft: string, options: UntilReadOptions): Promise<DepositDraft> {
  const { signal, interval = 500 } = options;
  let verifiedBefore = -1;
  let stillSince = Date.now();
  let looked = '';
  for (;;) {
    signal?.throwIfAborted();
    const asked = performance.now();
    const now = await client.call(routes.getDraft, { params: { draft }, ...(signal ? { signal } : {}) });
    options.onProgress?.(progressOf(now));
    if (now.state !== 'editing' || isRead(now)) return now;
    const states = now.items.map(({ id, ingest }) => [id, ingest]);
    const look = JSON.stringify([now.files, now.itemCounts, states, unsearched(now)]);
    if (look !== looked) stillSince = Date.now();
    looked = look;
    // Nothing is being done and nothing has changed for long: what is missing then is told by the draft.
    if (now.items.length > 0 && now.itemCounts.unread === 0 && Date.now() - stillSince > longestPause) return now;
    const { verified, count } = now.files;
    if (verified < count && verified === verifiedBefore) {
      const files = await filesOfDraft(client, draft, signal);
      if (!files.some(({ state }) => state === 'sent')) {
        const settled = await client.call(routes.getDraft, { params: { draft }, ...(signal ? { signal } : {}) });
        if (settled.files.verified === verified) return settled;
      }
    }
    verifiedBefore = verified;
    // For an answer the server looks at every item: of very many that takes seconds, which it needs for reading them.
    await pause(Math.max(interval, 10 * (performance.now() - asked)), signal);
  }
}

/** What the draft says of files that a virus scanner has still to search. */
const unsearched = ({ missing }: DepositDraft) => missing.find(({ code }) => code === 'virus-scan-waiting')?.message;

/** Has everything been verified, recognised (every file lies in exactly one item), read and searched? */
function isRead(draft: DepositDraft): boolean {
  const { files, itemCounts } = draft;
  const isKnown = files.verified === files.count && itemCounts.files === files.count;
  return isKnown && itemCounts.unread === 0 && unsearched(draft) === undefined;
}

function progressOf({ files, itemCounts }: DepositDraft): ReadingProgress {
  const { read, count } = itemCounts;
  const verified = files.count === 0 ? 0 : files.verified / files.count;
  const covered = files.count === 0 ? 0 : Math.min(1, itemCounts.files / files.count);
  return {
    files: { verified: files.verified, count: files.count },
    items: { read: Math.floor(read), count },
    fraction: 0.2 * verified + (verified === 1 && count > 0 ? 0.8 * covered * (read / count) : 0),
  };
}

/** Waits. @throws the signal's reason */
function pause(milliseconds: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const stop = () => {
      clearTimeout(timer);
      reject(signal!.reason as Error);
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener('abort', stop);
      resolve();
    }, milliseconds);
    signal?.addEventListener('abort', stop, { once: true });
  });
}
