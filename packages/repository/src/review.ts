/** Where a draft stands between its depositor and the curators. */
export type ReviewState = 'editing' | 'submitted' | 'in_review' | 'changes_requested' | 'approved';

/** What somebody may do with a draft in review. */
export type ReviewStep = 'submit' | 'recall' | 'claim' | 'request changes' | 'approve' | 'return' | 'reopen';

/** One way from state to state. */
export interface ReviewTransition {
  name: ReviewStep;
  from: readonly ReviewState[];
  to: ReviewState;
  /** The owner of the draft, or a curator who is not. */
  who: 'owner' | 'curator';
  /** What must be so: nothing missing for publication, an open comment that must be settled, or none. */
  needs?: 'complete' | 'open must-fix' | 'no open must-fix';
}

/** All ways there are (repository-practice 2); what is not here is refused. The docs' diagram is drawn from it. */
export const reviewTransitions: readonly ReviewTransition[] = [
  { name: 'submit', from: ['editing', 'changes_requested'], to: 'submitted', who: 'owner', needs: 'complete' },
  { name: 'recall', from: ['submitted'], to: 'editing', who: 'owner' },
  { name: 'claim', from: ['submitted'], to: 'in_review', who: 'curator' },
  { name: 'request changes', from: ['in_review'], to: 'changes_requested', who: 'curator', needs: 'open must-fix' },
  { name: 'approve', from: ['in_review'], to: 'approved', who: 'curator', needs: 'no open must-fix' },
  { name: 'return', from: ['submitted', 'in_review'], to: 'editing', who: 'curator' },
  { name: 'reopen', from: ['approved'], to: 'editing', who: 'owner' },
];

/** The way of a name from a state, or `undefined` where there is none. */
export function reviewTransition(from: ReviewState, name: string): ReviewTransition | undefined {
  return reviewTransitions.find((one) => one.name === name && one.from.includes(from));
}

/** Steps somebody may take from a state. */
export function reviewSteps(from: ReviewState, who: ReviewTransition['who']): ReviewStep[] {
  return reviewTransitions.filter((one) => one.who === who && one.from.includes(from)).map((one) => one.name);
}

/** While curators look, and once they have approved, nothing in the draft changes. */
export function isFrozen(state: ReviewState): boolean {
  return state === 'submitted' || state === 'in_review' || state === 'approved';
}

/** The transitions as a Mermaid diagram, for the docs. */
export function reviewDiagram(): string {
  const lines = reviewTransitions.flatMap(({ name, from, to, who }) =>
    from.map((one) => `  ${one} --> ${to}: ${name} (${who})`),
  );
  return ['stateDiagram-v2', '  [*] --> editing', ...lines, '  approved --> [*]: publish (owner)'].join('\n');
}
