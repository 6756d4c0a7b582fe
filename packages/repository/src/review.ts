import { lifeOfAStudy } from './life-of-a-study.ts';

/** Where a draft stands between its depositor and the curators. */
export type ReviewState = 'editing' | 'submitted' | 'in_review' | 'changes_requested' | 'approved';

/** What somebody may do with a draft in review. */
export type ReviewStep = 'submit' | 'recall' | 'claim' | 'request changes' | 'approve' | 'return' | 'reopen';

/** Steps of a review, in the order they are offered. */
export const reviewStepNames: readonly ReviewStep[] = [
  'submit',
  'recall',
  'claim',
  'request changes',
  'approve',
  'return',
  'reopen',
];

/** What a step asks for before it is taken. */
type ReviewNeed =
  | 'complete'
  | 'nobody assigned'
  | 'open must-fix'
  | 'no open must-fix'
  | 'no open edit'
  | 'two when people'
  | 'reason';

/** One way from state to state. */
export interface ReviewTransition {
  name: ReviewStep;
  from: readonly ReviewState[];
  to: ReviewState;
  /** The owner of the draft, or a curator who is not. */
  who: 'owner' | 'curator';
  /** Is it for the curator alone who took the draft on? */
  isForAssignee: boolean;
  /** What must be so. */
  needs: readonly ReviewNeed[];
}

/** Ways of a review, as the table of the life of a study has them; what is not here is refused. */
export const reviewTransitions: readonly ReviewTransition[] = lifeOfAStudy
  .filter(({ of, name }) => of === 'draft' && reviewStepNames.includes(name as ReviewStep))
  .map(({ name, from, to, who, guards }) => ({
    name: name as ReviewStep,
    from: from as readonly ReviewState[],
    to: to as ReviewState,
    who: who.includes('owner') ? ('owner' as const) : ('curator' as const),
    isForAssignee: who.includes('assigned curator'),
    needs: guards as readonly ReviewNeed[],
  }));

/** The way of a name from a state, or `undefined` where there is none. */
export function reviewTransition(from: ReviewState, name: string): ReviewTransition | undefined {
  return reviewTransitions.find((one) => one.name === name && one.from.includes(from));
}

/**
 * Steps somebody may take from a state.
 * @param isAssignee has this curator taken the draft on?
 */
export function reviewSteps(from: ReviewState, who: ReviewTransition['who'], isAssignee = true): ReviewStep[] {
  return reviewTransitions
    .filter((one) => one.who === who && one.from.includes(from) && (isAssignee || !one.isForAssignee))
    .map((one) => one.name);
}

/** While curators look, and once they have approved, the depositor changes nothing in the draft. */
export function isFrozen(state: ReviewState): boolean {
  return state === 'submitted' || state === 'in_review' || state === 'approved';
}

/** Whose turn it is: curators', the depositor's, or nobody's while a day is waited for. */
export function turnOf(state: ReviewState, isDayFixed = false): 'depositor' | 'curators' | 'nobody' {
  if (state === 'submitted' || state === 'in_review') return 'curators';
  return state === 'approved' && isDayFixed ? 'nobody' : 'depositor';
}
