import type { api, routes } from '../app/api.ts';

/** A draft in the queue of curators. */
export type QueuedReview = Awaited<ReturnType<typeof api.call<typeof routes.listReviews>>>['reviews'][number];

/** What a queue is filtered by; what is left out, or empty, does not filter. */
export interface QueueFilter {
  state?: string;
  tier?: string;
  /** Name of a curator; `-`: nobody. */
  assignee?: string;
  collection?: string;
  organism?: string;
  special?: string;
  /** Megabytes at least. */
  size?: string;
  /** Days since it was submitted, at least. */
  age?: string;
}

/** Names of what a queue is filtered by. */
export const filterNames = [
  'state',
  'tier',
  'assignee',
  'collection',
  'organism',
  'special',
  'size',
  'age',
] as const satisfies readonly (keyof QueueFilter)[];

/** Does a draft fit a filter? @param now milliseconds */
export function fitsFilter(one: QueuedReview, filter: QueueFilter, now: number): boolean {
  const is = (wanted: string | undefined, found: string) => !wanted || wanted === found;
  const has = (wanted: string | undefined, found: readonly string[]) => !wanted || found.includes(wanted);
  const special = { people: one.holdsPeople, first: one.isFirst, late: one.isLate }[filter.special ?? ''];
  return (
    is(filter.state, one.state) &&
    is(filter.tier, one.tier) &&
    is(filter.assignee, one.assignee ?? '-') &&
    has(filter.collection, one.collections) &&
    has(filter.organism, one.organisms) &&
    special !== false &&
    one.bytes >= (Number(filter.size ?? 0) || 0) * 1_000_000 &&
    now - Date.parse(one.submittedAt) >= (Number(filter.age ?? 0) || 0) * 86_400_000
  );
}
