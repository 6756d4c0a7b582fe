import { ApiError, api, routes } from '../app/api.ts';

/** Reads a draft. */
export function readDraft(draft: string, signal?: AbortSignal) {
  return api.call(routes.getDraft, { params: { draft }, ...(signal ? { signal } : {}) });
}

/** What a draft was when it was last read; given back, only a draft that has changed is sent. */
export interface DraftState {
  tag: string;
  draft: Draft;
}

/** Reads a draft again: the state given where nothing has changed since. @throws ApiError as `readDraft` */
export async function readDraftAgain(id: string, before: DraftState | undefined): Promise<DraftState> {
  const answer = await fetch(api.url(routes.getDraft, { params: { draft: id } }), {
    headers: { accept: 'application/json', ...(before ? { 'if-none-match': before.tag } : {}) },
    cache: 'no-store',
  });
  if (answer.status === 304 && before) return before;
  if (!answer.ok) throw new ApiError(answer.status, `http-${answer.status}`, `HTTP ${answer.status}`, undefined);
  return { tag: answer.headers.get('etag') ?? '', draft: (await answer.json()) as Draft };
}

/** A draft as the server gives it. */
export type Draft = Awaited<ReturnType<typeof readDraft>>;

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
