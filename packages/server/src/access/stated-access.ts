import { ethicsOfAccess, type StudyGraph } from '@micrarium/standards';
import type { AccessLevel } from '@micrarium/repository';
import { levelOfAccess } from './level-of-access.ts';
import { mayHaveOpenParts, partLevelsOf } from './open-parts-of.ts';
import type { StateOfStudy } from '../states/study-states.ts';

/** Who may have files that are not open to all, in words for programs; `undefined` where they are open. */
export function conditionsOf(told: StateOfStudy): string | undefined {
  const { state, until } = told;
  if (state === 'withdrawn') return 'The study was withdrawn; its files are closed.';
  if (state === 'embargoed')
    return until === undefined ? 'The files are closed.' : `The files are closed until ${until}.`;
  const level = levelOfAccess(told);
  if (level === undefined) return undefined;
  const some = [
    ...(mayHaveOpenParts(told) ? ['open to everybody'] : []),
    ...partLevelsOf(told).map((part) => levelWords[part]),
  ];
  const others = levelWords[level];
  return some.length > 0
    ? `Some of the files are ${some.join(', some are ')}, the others are ${others}.`
    : `The files are ${others}.`;
}

const levelWords: Readonly<Record<AccessLevel, string>> = {
  registered: 'for everybody who signs in and accepts their terms',
  controlled: 'given on request',
  closed: 'not given out here',
};

/** Whom to ask about files that nobody reads here. */
export function whomToAsk({ declaration }: StateOfStudy, accession: string): string {
  const contact = (declaration?.contact ?? '').trim();
  return contact === '' ? `Ask the authors at /questions/${accession}.` : `Ask about them: ${contact}`;
}

/**
 * The day (YYYY-MM-DD) since which everybody may have the files of a version; `undefined` where nobody may, or may no more and never might.
 * @param publishedAt of the version: it was open no earlier than it was there
 */
export function openedSince(state: StateOfStudy | undefined, publishedAt: string): string | undefined {
  const issued = publishedAt.slice(0, 10);
  const later = (day: string | undefined) => (day !== undefined && day > issued ? day : issued);
  if (state === undefined || state.state === 'published') return later(state?.openedOn);
  if (state.state === 'embargoed') return undefined;
  if (levelOfAccess(state) === 'registered') return later(undefined);
  // Closed now: it was open as long as it was there before that.
  return state.openedOn !== undefined && issued <= state.at.slice(0, 10) ? later(state.openedOn) : undefined;
}

/** Says in the graph of a published study who may have its files, and for what, where that is not everybody for everything. */
export function stateAccess(graph: StudyGraph, state: StateOfStudy): void {
  const { issuedDate } = graph.study;
  const opened = issuedDate === undefined ? undefined : openedSince(state, issuedDate);
  if (opened !== undefined) graph.study.openedDate = opened;
  const { terms, dataUse = [] } = state.declaration ?? {};
  const conditions = conditionsOf(state);
  if (conditions === undefined && dataUse.length === 0) return;
  const level = levelOfAccess(state);
  const stated = {
    published: 'open',
    embargoed: 'embargoed',
    controlled: level ?? 'controlled',
    withdrawn: 'closed',
  } as const;
  const access = stated[state.state];
  const openFrom = state.state === 'embargoed' ? state.until : undefined;
  if (state.state === 'withdrawn') graph.study.withdrawn = { date: state.at.slice(0, 10), reason: state.reason };
  graph.ethics = {
    ...graph.ethics,
    ...ethicsOfAccess({ access, openFrom, conditions, terms: access === 'open' ? undefined : terms, dataUse }),
  };
}
