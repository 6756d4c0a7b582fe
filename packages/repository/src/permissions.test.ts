import { describe, expect, it } from 'vitest';
import { type Action, actions, can, demand, type Resource, type Scope, type Subject } from './permissions.ts';

const subjects: Record<string, Subject> = {
  nobody: { kind: 'anonymous' },
  self: { kind: 'user', userId: 'me', role: 'member' },
  other: { kind: 'user', userId: 'other', role: 'member' },
  owner: { kind: 'user', userId: 'boss', role: 'owner' },
  'self reading': { kind: 'token', userId: 'me', role: 'member', scopes: ['read'] },
  'self depositing': { kind: 'token', userId: 'me', role: 'member', scopes: ['deposit'] },
  'self no scope': { kind: 'token', userId: 'me', role: 'member', scopes: [] },
  'other depositing': { kind: 'token', userId: 'other', role: 'member', scopes: ['read', 'deposit'] },
  'owner depositing': { kind: 'token', userId: 'boss', role: 'owner', scopes: ['read', 'deposit'] },
  system: { kind: 'system' },
};
const resources: Record<Resource['kind'], Resource> = {
  service: { kind: 'service' },
  study: { kind: 'study', ownerId: 'me' },
  draft: { kind: 'draft', ownerId: 'me' },
  collection: { kind: 'collection', ownerId: 'me' },
  account: { kind: 'account', userId: 'me' },
};

/** The whole matrix, written out: who may do it, on the one kind of resource it is for. Everybody else, and everything else, is denied. */
const everyone = Object.keys(subjects);
const signedIn = everyone.filter((name) => name !== 'nobody');
const matrix: Record<Action, { on: Resource['kind']; allowed: readonly string[] }> = {
  'service.read': { on: 'service', allowed: everyone },
  'study.read': { on: 'study', allowed: everyone },
  'study.new-version': { on: 'study', allowed: ['self', 'owner', 'self depositing', 'owner depositing', 'system'] },
  'study.read-closed': {
    on: 'study',
    allowed: ['self', 'owner', 'self reading', 'self depositing', 'owner depositing', 'system'],
  },
  'study.curate': { on: 'study', allowed: ['owner', 'system'] },
  'study.answer': { on: 'study', allowed: ['self', 'system'] },
  'study.transfer': { on: 'study', allowed: ['self', 'system'] },
  'study.read-controlled': { on: 'study', allowed: ['self', 'self reading', 'self depositing', 'system'] },
  'study.decide-access': { on: 'study', allowed: ['system'] },
  'collection.edit': { on: 'collection', allowed: ['self', 'owner', 'system'] },
  'draft.create': {
    on: 'service',
    allowed: signedIn.filter((name) => !['self reading', 'self no scope'].includes(name)),
  },
  'draft.list': { on: 'service', allowed: signedIn.filter((name) => name !== 'self no scope') },
  'draft.read': { on: 'draft', allowed: ['self', 'self reading', 'self depositing', 'system'] },
  'draft.edit': { on: 'draft', allowed: ['self', 'self depositing', 'system'] },
  'draft.discard': { on: 'draft', allowed: ['self', 'owner', 'self depositing', 'owner depositing', 'system'] },
  'draft.publish': { on: 'draft', allowed: ['self', 'self depositing', 'system'] },
  'draft.review': { on: 'draft', allowed: ['system'] },
  'review.list': { on: 'service', allowed: ['owner', 'system'] },
  'draft.share': { on: 'draft', allowed: ['self', 'system'] },
  'account.read': { on: 'account', allowed: ['self', 'self reading', 'self depositing', 'system'] },
  'token.list': { on: 'account', allowed: ['self', 'system'] },
  'token.create': { on: 'account', allowed: ['self', 'system'] },
  'token.delete': { on: 'account', allowed: ['self', 'system'] },
  'system.maintain': { on: 'service', allowed: ['owner', 'system'] },
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
    expect(cells.length).toBe(actions.length * 10 * 5);
  });

  it('gives nobody a study whose owner is unknown, but the owner of the installation', () => {
    const unknown: Resource = { kind: 'study' };
    expect(can(subjects.self!, 'study.new-version', unknown)).toBe(false);
    expect(can(subjects.owner!, 'study.new-version', unknown)).toBe(true);
    expect(can(subjects.other!, 'study.answer', unknown)).toBe(false);
    expect(can({ kind: 'user', userId: 'c', role: 'curator' }, 'study.answer', unknown)).toBe(true);
    expect(can({ kind: 'user', userId: 'c', role: 'curator' }, 'study.answer', resources.study)).toBe(false);
    expect(can({ kind: 'user', userId: 'c', role: 'curator' }, 'study.transfer', unknown)).toBe(false);
    expect(can(subjects.owner!, 'study.transfer', unknown)).toBe(true);
  });

  it('gives controlled files to the owner and to whom access was granted, to no role; those who decide read nothing by that', () => {
    const controlled = (more: object): Resource => ({ kind: 'study', ownerId: 'me', ...more });
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
  const draft = (shared?: 'view' | 'edit'): Resource => ({ kind: 'draft', ownerId: 'me', shared });
  it('gives what it says and nothing more', () => {
    const may = (subject: Subject, shared?: 'view' | 'edit') =>
      actions.filter((action) => action.startsWith('draft.') && can(subject, action, draft(shared)));
    expect(may(guest)).toEqual([]);
    expect(may(guest, 'view')).toEqual(['draft.read']);
    expect(may(guest, 'edit')).toEqual(['draft.read', 'draft.edit']);
    expect(may(reading, 'edit')).toEqual(['draft.read']);
    expect(may({ kind: 'anonymous' }, 'edit')).toEqual([]);
  });
  it('lets editors open the next version, curators not without it', () => {
    const study = (shared?: 'view' | 'edit'): Resource => ({ kind: 'study', ownerId: 'me', shared });
    expect(can(guest, 'study.new-version', study('edit'))).toBe(true);
    expect(can(guest, 'study.new-version', study('view'))).toBe(false);
    expect(can({ ...guest, role: 'curator' } as Subject, 'study.new-version', study())).toBe(false);
    expect(can({ ...guest, role: 'curator' } as Subject, 'draft.read', draft())).toBe(false);
  });
});

describe('review', () => {
  const curator: Subject = { kind: 'user', userId: 'c', role: 'curator' };
  const draft = (inReview: boolean, ownerId = 'me'): Resource => ({ kind: 'draft', ownerId, inReview });
  it('lets curators see and judge what was submitted to them, never their own', () => {
    const may = (resource: Resource) => actions.filter((action) => can(curator, action, resource));
    expect(may(draft(false))).toEqual([]);
    expect(may(draft(true))).toEqual(['draft.read', 'draft.review']);
    expect(can(curator, 'draft.review', draft(true, 'c'))).toBe(false);
    const token: Subject = { kind: 'token', userId: 'c', role: 'curator', scopes: ['read', 'deposit'] };
    expect(can(token, 'draft.review', draft(true))).toBe(false);
    expect(can({ kind: 'user', userId: 'x', role: 'member' }, 'draft.read', draft(true))).toBe(false);
  });
});
