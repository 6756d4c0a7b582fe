/** State of a study that has a published version. */
export type StudyState = 'published' | 'embargoed' | 'controlled' | 'withdrawn';

/** One way from state to state. */
export interface StudyTransition {
  name: string;
  from: readonly StudyState[];
  to: StudyState;
  /** Must be given with it. */
  needs: readonly ('reason' | 'until')[];
}

/**
 * All ways there are (repository-practice 2); what is not here is refused. The docs' diagram is drawn from it. An embargo that ends by its
 * date needs nobody: from that day on the files are open, whether or not somebody has noted it.
 */
export const studyTransitions: readonly StudyTransition[] = [
  { name: 'embargo extended', from: ['embargoed'], to: 'embargoed', needs: ['reason', 'until'] },
  { name: 'embargo lifted', from: ['embargoed'], to: 'published', needs: [] },
  { name: 'restricted', from: ['published', 'embargoed'], to: 'controlled', needs: ['reason'] },
  { name: 'opened', from: ['controlled'], to: 'published', needs: ['reason'] },
  { name: 'withdrawn', from: ['published', 'embargoed', 'controlled'], to: 'withdrawn', needs: ['reason'] },
  { name: 'reinstated', from: ['withdrawn'], to: 'published', needs: ['reason'] },
  { name: 'reinstated, files on request', from: ['withdrawn'], to: 'controlled', needs: ['reason'] },
];

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

/** Is the day (YYYY-MM-DD) one that an embargo may last to: after today, within the longest time? */
export function isEmbargoDay(day: string, now: Date): boolean {
  const latest = new Date(now);
  latest.setUTCMonth(latest.getUTCMonth() + longestEmbargoMonths);
  const isDay = /^\d{4}-\d\d-\d\d$/.test(day) && !Number.isNaN(Date.parse(day));
  return isDay && day > now.toISOString().slice(0, 10) && day <= latest.toISOString().slice(0, 10);
}

/** The transitions as a Mermaid diagram, for the docs. */
export function studyStateDiagram(): string {
  const lines = studyTransitions.flatMap(({ name, from, to }) => from.map((one) => `  ${one} --> ${to}: ${name}`));
  return ['stateDiagram-v2', '  [*] --> published', '  [*] --> embargoed', '  [*] --> controlled', ...lines].join('\n');
}
