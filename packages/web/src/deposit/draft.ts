import { api, routes } from '../app/api.ts';

/** Reads a draft. */
export function readDraft(draft: string, signal?: AbortSignal) {
  return api.call(routes.getDraft, { params: { draft }, ...(signal ? { signal } : {}) });
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
