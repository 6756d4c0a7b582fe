import { describe, expect, it } from 'vitest';
import { type Action, actions, can, demand, type Resource, type Scope, type Subject } from './permissions.ts';

const subjects: Record<string, Subject> = {
  nobody: { kind: 'anonymous' },
  self: { kind: 'user', userId: 'me', role: 'member' },
  other: { kind: 'user', userId: 'other', role: 'member' },
  curator: { kind: 'user', userId: 'cur', role: 'curator' },
  owner: { kind: 'user', userId: 'boss', role: 'owner' },
  'self reading': { kind: 'token', userId: 'me', role: 'member', scopes: ['read'] },
  'self depositing': { kind: 'token', userId: 'me', role: 'member', scopes: ['deposit'] },
  'self no scope': { kind: 'token', userId: 'me', role: 'member', scopes: [] },
  'other depositing': { kind: 'token', userId: 'other', role: 'member', scopes: ['read', 'deposit'] },
  'curator depositing': { kind: 'token', userId: 'cur', role: 'curator', scopes: ['read', 'deposit'] },
  'curator curating': { kind: 'token', userId: 'cur', role: 'curator', scopes: ['curate'] },
  'owner administering': { kind: 'token', userId: 'boss', role: 'owner', scopes: ['admin:*'] },
  'other administering': { kind: 'token', userId: 'other', role: 'member', scopes: ['curate', 'admin:*'] },
  'self limited': { kind: 'token', userId: 'me', role: 'member', scopes: ['deposit'], only: ['MIC-000001'] },
  'self limited elsewhere': { kind: 'token', userId: 'me', role: 'member', scopes: ['deposit'], only: ['MIC-000002'] },
  'owner depositing': { kind: 'token', userId: 'boss', role: 'owner', scopes: ['read', 'deposit'] },
  system: { kind: 'system' },
};
/** Somebody who has shown no second factor where one is required. */
const bare = (subject: Subject, told: () => void = () => {}): Subject =>
  subject.kind === 'user' || subject.kind === 'token' ? { ...subject, withoutFactor: told } : subject;
const resources: Record<Resource['kind'], Resource> = {
  service: { kind: 'service' },
  study: { kind: 'study', accession: 'MIC-000001', ownerId: 'me' },
  draft: { kind: 'draft', accession: 'MIC-000001', ownerId: 'me' },
  collection: { kind: 'collection', ownerId: 'me' },
  account: { kind: 'account', userId: 'me' },
};

/** The whole matrix, written out: who may do it, on the one kind of resource it is for. Everybody else, and everything else, is denied. */
const everyone = Object.keys(subjects);
const signedIn = everyone.filter((name) => name !== 'nobody');
const byRole = ['curator', 'owner'];
const curating = ['curator curating'];
const depositingAsCurator = ['curator depositing', 'owner depositing'];
const readingAsCurator = [...depositingAsCurator, ...curating];
const selfDepositing = ['self depositing', 'self limited'];
const selfReading = ['self reading', ...selfDepositing];
const matrix: Record<Action, { on: Resource['kind']; allowed: readonly string[] }> = {
  'service.read': { on: 'service', allowed: everyone },
  'study.read': { on: 'study', allowed: everyone },
  'study.new-version': {
    on: 'study',
    allowed: ['self', ...selfDepositing, ...byRole, ...depositingAsCurator, 'system'],
  },
  'study.read-closed': { on: 'study', allowed: ['self', ...selfReading, ...byRole, ...readingAsCurator, 'system'] },
  'study.curate': { on: 'study', allowed: [...byRole, ...curating, 'system'] },
  'study.set-state': { on: 'study', allowed: [...byRole, ...curating, 'system'] },
  'study.link': { on: 'study', allowed: ['self', ...byRole, 'system'] },
  'study.audit': { on: 'study', allowed: ['self', ...selfReading, ...byRole, ...readingAsCurator, 'system'] },
  'study.answer': { on: 'study', allowed: ['self', 'system'] },
  'study.transfer': { on: 'study', allowed: ['self', 'system'] },
  'study.read-controlled': { on: 'study', allowed: ['self', ...selfReading, 'system'] },
  'study.read-registered': {
    on: 'study',
    allowed: ['self', ...selfReading, ...byRole, ...readingAsCurator, 'system'],
  },
  'study.decide-access': { on: 'study', allowed: ['system'] },
  'study.name-deciders': { on: 'study', allowed: ['self', 'system'] },
  'collection.edit': { on: 'collection', allowed: ['self', ...byRole, 'system'] },
  'draft.create': {
    on: 'service',
    allowed: ['self', 'other', ...byRole, 'self depositing', 'other depositing', ...depositingAsCurator, 'system'],
  },
  'draft.list': {
    on: 'service',
    allowed: signedIn.filter((name) => !['self no scope', 'owner administering'].includes(name)),
  },
  'draft.read': { on: 'draft', allowed: ['self', ...selfReading, ...byRole, ...readingAsCurator, 'system'] },
  'draft.edit': { on: 'draft', allowed: ['self', ...selfDepositing, ...byRole, ...depositingAsCurator, 'system'] },
  'draft.submit': { on: 'draft', allowed: ['self', ...selfDepositing, ...byRole, ...depositingAsCurator, 'system'] },
  'draft.discard': { on: 'draft', allowed: ['self', ...selfDepositing, ...byRole, ...depositingAsCurator, 'system'] },
  'draft.publish': { on: 'draft', allowed: ['self', ...selfDepositing, ...byRole, ...depositingAsCurator, 'system'] },
  'draft.review': { on: 'draft', allowed: ['system'] },
  'review.list': { on: 'service', allowed: [...byRole, ...curating, 'system'] },
  'draft.share': { on: 'draft', allowed: ['self', 'system'] },
  'account.read': { on: 'account', allowed: ['self', ...selfReading, 'self limited elsewhere', 'system'] },
  'token.list': { on: 'account', allowed: ['self', 'system'] },
  'token.create': { on: 'account', allowed: ['self', 'system'] },
  'token.delete': { on: 'account', allowed: ['self', 'system'] },
  'system.maintain': { on: 'service', allowed: ['owner', 'owner administering', 'system'] },
};

describe('who may do what', () => {
  it('has a line in the matrix for every action', () => {
    expect(Object.keys(matrix).sort()).toEqual([...actions].sort());
  });

  const cells = actions.flatMap((action) =>
    Object.keys(subjects).flatMap((name) =>
      Object.values(resources).map((resource) => [action, name, resource] as const),
    ),
  );
  it('is exactly the matrix, for every action, subject and resource', () => {
    const wrong = cells.filter(([action, name, resource]) => {
      const { on, allowed } = matrix[action];
      return can(subjects[name]!, action, resource) !== (on === resource.kind && allowed.includes(name));
    });
    expect(wrong).toEqual([]);
    expect(cells.length).toBe(actions.length * everyone.length * 5);
  });

  it('gives nobody a study whose owner is unknown, but the owner of the installation', () => {
    const unknown: Resource = { kind: 'study', accession: 'MIC-000001' };
    expect(can(subjects.self!, 'study.new-version', unknown)).toBe(false);
    expect(can(subjects.owner!, 'study.new-version', unknown)).toBe(true);
    expect(can(subjects.other!, 'study.answer', unknown)).toBe(false);
    expect(can({ kind: 'user', userId: 'c', role: 'curator' }, 'study.answer', unknown)).toBe(true);
    expect(can({ kind: 'user', userId: 'c', role: 'curator' }, 'study.answer', resources.study)).toBe(false);
    expect(can({ kind: 'user', userId: 'c', role: 'curator' }, 'study.transfer', unknown)).toBe(false);
    expect(can(subjects.owner!, 'study.transfer', unknown)).toBe(true);
  });

  it('gives controlled files to the owner and to whom access was granted, to no role; those who decide read nothing by that', () => {
    const controlled = (more: object): Resource => ({ kind: 'study', accession: 'MIC-000001', ownerId: 'me', ...more });
    for (const role of ['member', 'curator', 'owner'] as const) {
      const subject: Subject = { kind: 'user', userId: 'x', role };
      expect(can(subject, 'study.read-controlled', controlled({ shared: 'edit' }))).toBe(false);
      expect(can(subject, 'study.read-controlled', controlled({ decides: true }))).toBe(false);
      expect(can(subject, 'study.read-controlled', controlled({ isGranted: true }))).toBe(true);
      expect(can(subject, 'study.decide-access', controlled({ decides: true }))).toBe(true);
      expect(can(subject, 'study.decide-access', controlled({ isGranted: true }))).toBe(false);
    }
  });

  it('denies what it does not know', () => {
    for (const action of ['', 'draft.steal', 'constructor', '__proto__'])
      expect(can({ kind: 'system' }, action as Action, resources.draft)).toBe(false);
    const odd: Subject = { kind: 'token', userId: 'me', role: 'member', scopes: ['admin' as Scope] };
    expect(can(odd, 'draft.read', resources.draft)).toBe(false);
  });

  it('hides what is private and refuses openly what is not', () => {
    expect(() => demand(subjects.other!, 'draft.read', resources.draft)).toThrow(
      expect.objectContaining({ name: 'NotAllowed', isHidden: true }) as Error,
    );
    expect(() => demand(subjects.other!, 'study.new-version', resources.study)).toThrow(
      expect.objectContaining({ name: 'NotAllowed', isHidden: false }) as Error,
    );
    expect(() => demand(subjects.self!, 'draft.read', resources.draft)).not.toThrow();
  });
});

describe('sharing', () => {
  const guest: Subject = { kind: 'user', userId: 'guest', role: 'member' };
  const reading: Subject = { kind: 'token', userId: 'guest', role: 'member', scopes: ['read'] };
  const draft = (shared?: 'view' | 'edit'): Resource => ({
    kind: 'draft',
    accession: 'MIC-000001',
    ownerId: 'me',
    shared,
  });
  it('gives what it says and nothing more', () => {
    const may = (subject: Subject, shared?: 'view' | 'edit') =>
      actions.filter((action) => action.startsWith('draft.') && can(subject, action, draft(shared)));
    expect(may(guest)).toEqual([]);
    expect(may(guest, 'view')).toEqual(['draft.read']);
    expect(may(guest, 'edit')).toEqual(['draft.read', 'draft.edit']);
    expect(may(reading, 'edit')).toEqual(['draft.read']);
    expect(may({ kind: 'anonymous' }, 'edit')).toEqual([]);
  });
  it('lets editors open the next version and lead reviewers to it, viewers neither', () => {
    const study = (shared?: 'view' | 'edit'): Resource => ({
      kind: 'study',
      accession: 'MIC-000001',
      ownerId: 'me',
      shared,
    });
    for (const action of ['study.new-version', 'study.link', 'study.audit'] as const) {
      expect(can(guest, action, study('edit')), action).toBe(true);
      expect(can(guest, action, study('view')), action).toBe(false);
    }
    expect(can(guest, 'study.read-closed', study('view'))).toBe(true);
    expect(can(guest, 'study.read-registered', study('view'))).toBe(false);
    expect(can(guest, 'study.read-registered', { ...study(), hasAccepted: true } as Resource)).toBe(true);
  });
});

describe('review', () => {
  const curator: Subject = { kind: 'user', userId: 'c', role: 'curator' };
  const leader: Subject = { kind: 'user', userId: 'k', role: 'member' };
  const draft = (more: object = {}): Resource => ({ kind: 'draft', accession: 'MIC-000001', ownerId: 'me', ...more });
  const may = (subject: Subject, resource: Resource) =>
    actions.filter((action) => can(subject, action, resource)).map((action) => action.replace('draft.', ''));
  const work = ['read', 'edit', 'submit', 'discard', 'publish'];

  it('lets curators judge what was submitted to them, never their own', () => {
    expect(may(curator, draft())).toEqual(work);
    expect(may(curator, draft({ inReview: true }))).toEqual([...work, 'review']);
    expect(can(curator, 'draft.review', draft({ inReview: true, ownerId: 'c' }))).toBe(false);
    const token = (scope: Scope): Subject => ({ kind: 'token', userId: 'c', role: 'curator', scopes: [scope] });
    expect(can(token('deposit'), 'draft.review', draft({ inReview: true }))).toBe(false);
    expect(can(token('curate'), 'draft.review', draft({ inReview: true }))).toBe(true);
    expect(can({ kind: 'user', userId: 'x', role: 'member' }, 'draft.read', draft({ inReview: true }))).toBe(false);
  });

  it('lets no role read files that are given on request, but to review them', () => {
    for (const role of ['curator', 'owner'] as const) {
      const subject: Subject = { kind: 'user', userId: 'c', role };
      expect(may(subject, draft({ isControlled: true }))).toEqual([]);
      expect(may(subject, draft({ isControlled: true, inReview: true }))).toEqual(['read', 'review']);
    }
    expect(may(leader, draft({ isControlled: true, curates: true }))).toEqual([]);
  });

  it('lets who leads a community that took a study in see and judge it, not change it', () => {
    expect(may(leader, draft())).toEqual([]);
    expect(may(leader, draft({ curates: true }))).toEqual(['read', 'publish']);
    expect(may(leader, draft({ curates: true, inReview: true }))).toEqual(['read', 'publish', 'review']);
    expect(may(leader, draft({ curates: true, inReview: true, ownerId: 'k' }))).toContain('edit');
    expect(may(leader, draft({ curates: true, inReview: true, ownerId: 'k' }))).not.toContain('review');
    const study: Resource = { kind: 'study', accession: 'MIC-000001', ownerId: 'me', curates: true };
    expect(actions.filter((action) => can(leader, action, study))).toEqual([
      'study.read',
      'study.read-closed',
      'study.read-registered',
      'study.set-state',
      'study.link',
      'study.audit',
    ]);
  });
});

describe('where a second factor is required and was not shown', () => {
  const member: Subject = { kind: 'user', userId: 'x', role: 'member' };
  it.each([
    ['curator', 'study.curate', subjects.curator!, resources.study],
    ['owner', 'system.maintain', subjects.owner!, resources.service],
    ['who leads a community', 'study.set-state', member, { ...resources.study, curates: true }],
    ['who decides on access', 'study.decide-access', member, { ...resources.study, decides: true }],
    ['who reviews for a community', 'draft.review', member, { ...resources.draft, curates: true, inReview: true }],
    ['a token of a curator', 'study.curate', subjects['curator curating']!, resources.study],
  ] as [string, Action, Subject, Resource][])(
    '%s may not %s, and it is told why',
    (_name, action, subject, resource) => {
      let told = 0;
      expect(can(subject, action, resource)).toBe(true);
      expect(
        can(
          bare(subject, () => told++),
          action,
          resource,
        ),
      ).toBe(false);
      expect(told).toBe(1);
    },
  );

  it('what is no matter of a role stays as it is, and is not put down to the factor', () => {
    let told = 0;
    const tell = () => void told++;
    for (const action of actions)
      for (const resource of Object.values(resources))
        for (const name of ['self', 'other', 'self reading', 'self depositing', 'self no scope', 'nobody', 'system'])
          expect(can(bare(subjects[name]!, tell), action, resource), `${name} ${action}`).toBe(
            can(subjects[name]!, action, resource),
          );
    expect(told).toBe(0);
    // Of their own, curators keep what everybody has.
    const own = { ...resources.draft, ownerId: 'cur' } as Resource;
    expect(can(bare(subjects.curator!), 'draft.edit', own)).toBe(true);
  });
});
