import { api, routes } from '../app/api.ts';
import type { ExploreState } from './explore-state.ts';

/** Asks for the sets of a state of the page. */
export const askExplored = (
  { measures, filters, query }: Pick<ExploreState, 'measures' | 'filters' | 'query'>,
  signal: AbortSignal,
) =>
  api.call(routes.exploreSets, {
    query: { measure: measures, ...filters, ...(query === undefined ? {} : { query }) },
    signal,
  });

/** Sets with their measures, as the server answers. */
export type Explored = Awaited<ReturnType<typeof askExplored>>;

/** One set of tracks. */
export type ExploredSet = Explored['sets'][number];
