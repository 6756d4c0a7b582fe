import { lifeOfAStudy } from './life-of-a-study.ts';

/** State of a study that has a published version. */
export type StudyState = 'published' | 'embargoed' | 'controlled' | 'withdrawn';

/** One way from state to state. */
export interface StudyTransition {
  name: string;
  from: readonly StudyState[];
  to: StudyState;
  /** Must be given with it. */
  needs: readonly ('reason' | 'until' | 'ground')[];
  /** Must a second curator confirm it? */
  takesTwo: boolean;
}

/** Grounds on which a study is closed or its bytes are deleted; for no other it may be. */
export const closingGrounds = ['privacy', 'ethics', 'legal'] as const;

/** A ground for closing. */
export type ClosingGround = (typeof closingGrounds)[number];

/**
 * Ways of a published study that somebody asks for, as the table of its life has them; what is not here is refused. An embargo that ends by
 * its date needs nobody: from that day on the files are open, whether or not somebody has noted it.
 */
export const studyTransitions: readonly StudyTransition[] = lifeOfAStudy
  .filter(({ of, from, name }) => of === 'study' && !from.includes('unpublished') && name !== 'purged')
  .map(({ name, from, to, who, guards }) => ({
    name,
    from: from as readonly StudyState[],
    to: to as StudyState,
    needs: guards as StudyTransition['needs'],
    takesTwo: who.includes('two curators'),
  }));

/** Longest embargo, in months from the day it is set. */
export const longestEmbargoMonths = 36;

/** The way from one state to another, or `undefined` where there is none. */
export function studyTransition(from: StudyState, to: StudyState): StudyTransition | undefined {
  return studyTransitions.find((one) => one.from.includes(from) && one.to === to);
}

/** States that can be reached from one. */
export function studyStatesAfter(from: StudyState): StudyState[] {
  return [...new Set(studyTransitions.filter((one) => one.from.includes(from)).map((one) => one.to))];
}

/**
 * Is the day (YYYY-MM-DD) one that an embargo may last to: after today, and within the longest time?
 * @param since when the embargo began, from which the longest time counts; left out where it begins now
 */
export function isEmbargoDay(day: string, now: Date, since: Date = now): boolean {
  const latest = new Date(since);
  latest.setUTCMonth(latest.getUTCMonth() + longestEmbargoMonths);
  const isDay = /^\d{4}-\d\d-\d\d$/.test(day) && !Number.isNaN(Date.parse(day));
  return isDay && day > now.toISOString().slice(0, 10) && day <= latest.toISOString().slice(0, 10);
}
