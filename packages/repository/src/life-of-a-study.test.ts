import { describe, expect, test } from 'vitest';
import { lifeOfAStudy, waysFrom } from './life-of-a-study.ts';
import { isFrozen, reviewSteps, reviewTransition, reviewTransitions, type ReviewState, turnOf } from './review.ts';
import { isEmbargoDay, studyStatesAfter, studyTransition, type StudyState } from './study-states.ts';

const drafts: ReviewState[] = ['editing', 'submitted', 'in_review', 'changes_requested', 'approved'];
const studies: StudyState[] = ['published', 'embargoed', 'controlled', 'withdrawn'];

describe('the life of a study', () => {
  test('review and states are views of one table, and have nothing beside it', () => {
    for (const { name, from, to } of reviewTransitions)
      expect(lifeOfAStudy).toContainEqual(expect.objectContaining({ of: 'draft', name, from, to }));
    for (const from of studies)
      for (const to of studies) {
        const way = studyTransition(from, to);
        if (way) expect(lifeOfAStudy).toContainEqual(expect.objectContaining({ of: 'study', name: way.name, to }));
      }
    expect(studyStatesAfter('published')).toEqual(['controlled', 'withdrawn']);
    const names = lifeOfAStudy.map(({ of, name }) => `${of} ${name}`);
    expect(new Set(names).size).toBe(names.length);
  });

  test('every state is reached, and left, but for what ends there', () => {
    for (const state of drafts.slice(1)) expect(lifeOfAStudy.some((one) => one.to === state)).toBe(true);
    for (const state of [...drafts, ...studies])
      expect(waysFrom(drafts.includes(state as ReviewState) ? 'draft' : 'study', state).length).toBeGreaterThan(0);
  });

  test('a step from another state is none', () => {
    for (const state of drafts)
      for (const { name, from } of reviewTransitions)
        expect(reviewTransition(state, name) !== undefined, `${state} ${name}`).toBe(
          from.includes(state) || reviewTransitions.some((one) => one.name === name && one.from.includes(state)),
        );
    expect(reviewTransition('editing', 'approve')).toBeUndefined();
    expect(reviewTransition('approved', 'submit')).toBeUndefined();
    expect(reviewSteps('in_review', 'curator', false)).toEqual(['approve', 'return']);
    expect(reviewSteps('in_review', 'curator')).toEqual(['request changes', 'approve', 'return']);
    expect(reviewSteps('in_review', 'owner')).toEqual([]);
  });

  test('whose turn it is: curators while they look, nobody while a day is waited for', () => {
    expect(drafts.map((state) => turnOf(state))).toEqual([
      'depositor',
      'curators',
      'curators',
      'depositor',
      'depositor',
    ]);
    expect(turnOf('approved', true)).toBe('nobody');
    expect(drafts.filter(isFrozen)).toEqual(['submitted', 'in_review', 'approved']);
  });

  test('36 months count from the first publication, not from the day of the extension', () => {
    const now = new Date('2026-06-01T00:00:00Z');
    expect(isEmbargoDay('2029-06-01', now)).toBe(true);
    expect(isEmbargoDay('2029-06-01', now, new Date('2025-01-01T00:00:00Z'))).toBe(false);
    expect(isEmbargoDay('2028-01-01', now, new Date('2025-01-01T00:00:00Z'))).toBe(true);
    expect(isEmbargoDay('2026-06-01', now, new Date('2025-01-01T00:00:00Z'))).toBe(false);
  });
});
