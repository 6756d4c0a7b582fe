import { type DepositDraft, withAllItems, withItemsOf } from '@micrarium/api';
import { ApiError, api, routes } from '../app/api.ts';

/** Reads a draft with all its items. */
export async function readDraft(draft: string, signal?: AbortSignal): Promise<DepositDraft> {
  const found = await api.call(routes.getDraft, { params: { draft }, ...(signal ? { signal } : {}) });
  return await withAllItems(api, found, undefined, signal);
}

/** What a draft was when it was last read; given back, only a draft that has changed is sent. */
export interface DraftState {
  tag: string;
  draft: Draft;
  /** When all items of it were asked for, in milliseconds. */
  wholeAt: number;
}

/** Longest time, in milliseconds, that the items of a very large draft are shown as they were while more of them are read. */
const longestUnread = 60_000;

/**
 * Reads a draft again: the state given where nothing has changed since. The items of one with more than an answer holds are those of before
 * while they are still being read, and only now and then all asked for anew; how many are read is always told.
 * @param known the draft as the page has it, with all its items
 * @throws ApiError as `readDraft`
 */
export async function readDraftAgain(id: string, before: DraftState | undefined, known: Draft): Promise<DraftState> {
  const answer = await fetch(api.url(routes.getDraft, { params: { draft: id } }), {
    headers: { accept: 'application/json', ...(before ? { 'if-none-match': before.tag } : {}) },
    cache: 'no-store',
  });
  if (answer.status === 304 && before) return before;
  if (!answer.ok) throw new ApiError(answer.status, `http-${answer.status}`, `HTTP ${answer.status}`, undefined);
  const tag = answer.headers.get('etag') ?? '';
  const draft = (await answer.json()) as Draft;
  const wholeAt = before?.wholeAt ?? 0;
  if (draft.itemsNext !== undefined && draft.itemCounts.unread > 0 && Date.now() - wholeAt < longestUnread)
    return { tag, draft: withItemsOf(draft, known), wholeAt };
  return { tag, draft: await withAllItems(api, draft, known), wholeAt: Date.now() };
}

/** A draft as the server gives it. */
export type Draft = Awaited<ReturnType<typeof readDraft>>;

/** Is a draft of a study that is published already, so that what changed must be said? */
export const isFurther = ({ version, minor }: Pick<Draft, 'version' | 'minor'>): boolean =>
  version > 1 || minor !== undefined;

/** May files be added to a draft and taken out of it? A revision of the metadata leaves those of its version as they are. */
export const filesMayChange = ({ state, filesStay }: Pick<Draft, 'state' | 'filesStay'>): boolean =>
  state === 'editing' && filesStay !== true;

/** An item of a draft. */
export type DraftItem = Draft['items'][number];

/** A pair of tracks and film. */
export type DraftPair = Draft['pairs'][number];

/** A metadata value, as the server takes it. */
export type Value = Draft['metadata']['values'][string];

/** Where a value came from. */
export type Origin = Draft['metadata']['origins'][string];

/** Something found, or still missing. */
export type Finding = Draft['missing'][number];

/** An item's file name, and the name of its part where it has several. */
export function nameOf(item: DraftItem, part: string | undefined): string {
  const name = item.path.slice(item.path.lastIndexOf('/') + 1) || item.path;
  return part ? `${name}, ${part}` : name;
}
