import { ethicsOfAccess, type StudyGraph } from '@micrarium/standards';
import { mayHaveOpenParts } from './open-parts-of.ts';
import type { StateOfStudy } from '../states/study-states.ts';

/** Who may have files that are not open to all, in words for programs; `undefined` where they are open. */
export function conditionsOf(told: StateOfStudy): string | undefined {
  const { state, until } = told;
  if (state === 'embargoed')
    return until === undefined ? 'The files are closed.' : `The files are closed until ${until}.`;
  if (state !== 'controlled') return undefined;
  return mayHaveOpenParts(told)
    ? 'Some of the files are open to everybody, the others are given on request.'
    : 'The files are given on request.';
}

/** Says in the graph of a published study who may have its files, and for what, where that is not everybody for everything. */
export function stateAccess(graph: StudyGraph, state: StateOfStudy): void {
  const { terms, dataUse = [] } = state.declaration ?? {};
  const conditions = conditionsOf(state);
  if (conditions === undefined && dataUse.length === 0) return;
  const access = state.state === 'embargoed' || state.state === 'controlled' ? state.state : 'open';
  graph.ethics = {
    ...graph.ethics,
    ...ethicsOfAccess({ access, conditions, terms: access === 'open' ? undefined : terms, dataUse }),
  };
}
