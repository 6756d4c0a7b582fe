import { api, routes } from '../app/api.ts';
import { type ExploreState, fieldsAsked, whereOf } from './explore-state.ts';

/** Asks for the sets of a state of the page. */
export const askExplored = (
  state: Pick<ExploreState, 'measures' | 'filters' | 'limits' | 'further' | 'by' | 'query'>,
  signal: AbortSignal,
) => {
  const { measures, filters, limits, further, query } = state;
  const [field, where] = [fieldsAsked(state), whereOf(further)];
  return api.call(routes.exploreSets, {
    query: {
      measure: measures,
      ...filters,
      ...limits,
      ...(field.length === 0 ? {} : { field }),
      ...(where.length === 0 ? {} : { where }),
      ...(query === undefined ? {} : { query }),
    },
    signal,
  });
};

/** Sets with their measures, as the server answers. */
export type Explored = Awaited<ReturnType<typeof askExplored>>;

/** One set of tracks. */
export type ExploredSet = Explored['sets'][number];
