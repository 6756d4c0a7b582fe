/** Somebody with an account. */
interface Somebody {
  userId: string;
  role: Role;
  /** Given where roles count with a second factor only and none was shown; told when that is why something is refused. */
  withoutFactor?: () => void;
}

/** Who asks. A token acts for its user, within its scopes and for the studies it is limited to. */
export type Subject =
  | { kind: 'anonymous' }
  | ({ kind: 'user' } & Somebody)
  | ({
      kind: 'token';
      scopes: readonly Scope[];
      /** Accessions of the studies the token is limited to; left out where it is for all. */
      only?: readonly string[] | undefined;
    } & Somebody)
  /** The program itself: jobs, recovery, the demonstration study. */
  | { kind: 'system' };

/**
 * `owner`: runs this installation, and curates it, for an installation begins with one person (M and S of section 12 at once).
 * `curator`: reviews what others submit (S). `member`: deposits (U).
 */
export type Role = 'owner' | 'curator' | 'member';

/** What sharing gives: to see the drafts of a study, or to edit them too. */
export type Access = 'view' | 'edit';

/** What a token may be made for. `admin:*`: what the owner of the installation does, but for accounts. */
export const scopes = ['read', 'deposit', 'curate', 'admin:*'] as const;

/** One of `scopes`. */
export type Scope = (typeof scopes)[number];

/** What is asked for: the thing, with what the decision depends on. */
export type Resource =
  /** The installation: status, totals, search. */
  | { kind: 'service' }
  /** A published study, or its versions, files, items and exports. `ownerId` is left out where unknown (after a rebuild). */
  | {
      kind: 'study';
      accession: string;
      ownerId?: string | undefined;
      shared?: Access | undefined;
      /** Does the subject lead a community that took the study in? */
      curates?: boolean | undefined;
      /** Was access to its controlled files granted to the subject, and does the grant still count? */
      isGranted?: boolean;
      /** Does the subject decide who may read its controlled files? */
      decides?: boolean;
      /** Did the subject accept the terms of its files, as they stand now? */
      hasAccepted?: boolean;
    }
  /** A draft, or its files and items. */
  | {
      kind: 'draft';
      accession: string;
      ownerId: string;
      /** What sharing gives the subject. */
      shared?: Access | undefined;
      /** Does the subject lead a community that took the study in? */
      curates?: boolean | undefined;
      /** Was it submitted to the curators? */
      inReview?: boolean;
      /** Are its files given on request only? No role opens them but for the review. */
      isControlled?: boolean;
    }
  /** A curated list of studies. `ownerId` is left out where that account is closed. */
  | { kind: 'collection'; ownerId?: string | undefined }
  /** An account with its tokens. */
  | { kind: 'account'; userId: string };

/** Everything that can be asked, in the order of the table. */
export const actions = [
  'service.read',
  'study.read',
  'study.new-version',
  'study.read-closed',
  'study.read-controlled',
  'study.read-registered',
  'study.decide-access',
  'study.name-deciders',
  'study.curate',
  'study.set-state',
  'study.link',
  'study.audit',
  'study.answer',
  'study.transfer',
  'collection.edit',
  'draft.create',
  'draft.list',
  'draft.read',
  'draft.edit',
  'draft.submit',
  'draft.discard',
  'draft.publish',
  'draft.share',
  'draft.review',
  'review.list',
  'account.read',
  'token.list',
  'token.create',
  'token.delete',
  'system.maintain',
] as const;

/** Something a subject may want to do. */
export type Action = (typeof actions)[number];

/**
 * Who somebody is towards a resource, by the letters of section 12 of repository-practice. `viewer`, `editor`: by sharing (V, E); an editor is
 * a viewer too. `owner`: of the study, draft, list or account (O). `community`: leads a community that took the study in (K). `curator`: of the
 * installation (S). `operator`: its owner (M). `granted`, `committee`: whose request was granted, and who decides on requests (D).
 * `accepted`: who accepted the terms. `orphan …`: where nobody owns the study.
 */
type Standing =
  | 'signed in'
  | 'viewer'
  | 'editor'
  | 'owner'
  | 'community'
  | 'curator'
  | 'operator'
  | 'granted'
  | 'committee'
  | 'accepted'
  | 'orphan curator'
  | 'orphan operator'
  /** Of a draft that was submitted and is not one's own: a curator of the installation, or of a community that has the study. */
  | 'reviewer';

/** One line of the table: on what, who, and which scope a token needs (`never`: no token, whatever its scopes). */
interface Rule {
  on: Resource['kind'];
  who: 'anyone' | readonly Standing[];
  scope: Scope | 'never';
}

/**
 * The whole of who may do what: the table of section 12 of repository-practice. What is not here is denied. Nobody's role opens files that
 * are given on request; what curators and the operator read of drafts nobody submitted to them is noted where it is read (`draftFor`).
 */
const rules: Readonly<Record<Action, Rule>> = {
  'service.read': { on: 'service', who: 'anyone', scope: 'read' },
  'study.read': { on: 'study', who: 'anyone', scope: 'read' },
  'study.new-version': { on: 'study', who: ['editor', 'owner', 'curator'], scope: 'deposit' },
  'study.read-closed': { on: 'study', who: ['viewer', 'editor', 'owner', 'community', 'curator'], scope: 'read' },
  'study.read-controlled': { on: 'study', who: ['owner', 'granted'], scope: 'read' },
  'study.read-registered': {
    on: 'study',
    who: ['accepted', 'editor', 'owner', 'community', 'curator'],
    scope: 'read',
  },
  'study.decide-access': { on: 'study', who: ['committee'], scope: 'never' },
  'study.name-deciders': { on: 'study', who: ['owner'], scope: 'never' },
  'study.curate': { on: 'study', who: ['curator'], scope: 'curate' },
  'study.set-state': { on: 'study', who: ['community', 'curator'], scope: 'curate' },
  'study.link': { on: 'study', who: ['editor', 'owner', 'community', 'curator'], scope: 'never' },
  'study.audit': { on: 'study', who: ['editor', 'owner', 'community', 'curator'], scope: 'read' },
  'study.answer': { on: 'study', who: ['editor', 'owner', 'orphan curator'], scope: 'never' },
  'study.transfer': { on: 'study', who: ['owner', 'orphan operator'], scope: 'never' },
  'collection.edit': { on: 'collection', who: ['owner', 'curator'], scope: 'never' },
  'draft.create': { on: 'service', who: ['signed in'], scope: 'deposit' },
  'draft.list': { on: 'service', who: ['signed in'], scope: 'read' },
  'draft.read': { on: 'draft', who: ['viewer', 'editor', 'owner', 'community', 'curator', 'reviewer'], scope: 'read' },
  'draft.edit': { on: 'draft', who: ['editor', 'owner', 'curator'], scope: 'deposit' },
  'draft.submit': { on: 'draft', who: ['owner', 'curator'], scope: 'deposit' },
  'draft.discard': { on: 'draft', who: ['owner', 'curator'], scope: 'deposit' },
  'draft.publish': { on: 'draft', who: ['owner', 'community', 'curator'], scope: 'deposit' },
  'draft.share': { on: 'draft', who: ['owner'], scope: 'never' },
  'draft.review': { on: 'draft', who: ['reviewer'], scope: 'curate' },
  'review.list': { on: 'service', who: ['curator'], scope: 'curate' },
  'account.read': { on: 'account', who: ['owner'], scope: 'read' },
  'token.list': { on: 'account', who: ['owner'], scope: 'never' },
  'token.create': { on: 'account', who: ['owner'], scope: 'never' },
  'token.delete': { on: 'account', who: ['owner'], scope: 'never' },
  'system.maintain': { on: 'service', who: ['operator'], scope: 'admin:*' },
};

/**
 * The one decision point: every route, file, chunk, export and job asks it. Denies what no rule allows, an action on the wrong kind of
 * resource, and an unknown action. Where the existence of the resource is private, a refusal is answered as "not there" (see `hides`).
 */
export function can(subject: Subject, action: Action, resource: Resource): boolean {
  const rule: Rule | undefined = Object.hasOwn(rules, action) ? rules[action] : undefined;
  if (rule?.on !== resource.kind) return false;
  if (subject.kind === 'system') return true;
  // What anybody may see needs no scope: a token must never see less than nobody does.
  if (rule.who === 'anyone') return true;
  if (subject.kind === 'anonymous') return false;
  if (subject.kind === 'token' && !isWithin(subject, action, rule.scope, resource)) return false;
  const standings = standingsOf(subject, resource);
  const counting = rule.who.filter((one) => standings.has(one));
  if (!subject.withoutFactor) return counting.length > 0;
  if (counting.some((one) => !roles.has(one))) return true;
  if (counting.length > 0) subject.withoutFactor();
  return false;
}

/** What somebody is by a role (K, D, S and M of section 12): it counts with a second factor only, where one is required. */
const roles: ReadonlySet<Standing> = new Set([
  'community',
  'curator',
  'operator',
  'committee',
  'orphan curator',
  'orphan operator',
  'reviewer',
] as const);

/** Is it within the scopes of a token, and of the studies it is limited to? */
function isWithin(token: Extract<Subject, { kind: 'token' }>, action: Action, scope: Rule['scope'], on: Resource) {
  if (scope === 'never' || !hasScope(token.scopes, scope)) return false;
  if (token.only === undefined) return true;
  if (on.kind === 'study' || on.kind === 'draft') return token.only.includes(on.accession);
  // Its lists are of its studies alone; nothing else of the installation is within a few studies.
  return action === 'draft.list' || action === 'account.read';
}

function standingsOf(subject: Extract<Subject, { userId: string }>, resource: Resource): ReadonlySet<Standing> {
  const isOwner = ownerOf(resource) === subject.userId;
  const isCurator = subject.role !== 'member';
  const found = new Set<Standing>(['signed in']);
  const add = (isSo: boolean | undefined, ...standings: Standing[]) => {
    if (isSo) for (const one of standings) found.add(one);
  };
  add(isOwner, 'owner');
  add(subject.role === 'owner', 'operator');
  if (resource.kind === 'account') return found;
  // Power over an installation is not power to read what is given on request.
  add(isCurator && !(resource.kind === 'draft' && resource.isControlled), 'curator');
  if (resource.kind !== 'study' && resource.kind !== 'draft') return found;
  add(resource.shared !== undefined, 'viewer');
  add(resource.shared === 'edit', 'editor');
  if (resource.kind === 'study') {
    add(resource.curates, 'community');
    add(resource.isGranted, 'granted');
    add(resource.decides, 'committee');
    add(resource.hasAccepted, 'accepted');
    add(isCurator && resource.ownerId === undefined, 'orphan curator');
    add(subject.role === 'owner' && resource.ownerId === undefined, 'orphan operator');
    return found;
  }
  add(resource.curates && !resource.isControlled, 'community');
  // Nobody reviews what is their own.
  add((isCurator || resource.curates) && !isOwner && resource.inReview, 'reviewer');
  return found;
}

/** Must a refusal look like "there is no such thing"? True for what only its owner may know of (repository-practice 5.1). */
export function hides(resource: Resource): boolean {
  return resource.kind === 'draft' || resource.kind === 'account';
}

/** A token made to deposit or to curate can read what it deposits into or judges. */
function hasScope(held: readonly Scope[], needed: Scope): boolean {
  return held.includes(needed) || (needed === 'read' && (held.includes('deposit') || held.includes('curate')));
}

function ownerOf(resource: Resource): string | undefined {
  if (resource.kind === 'account') return resource.userId;
  return resource.kind === 'service' ? undefined : resource.ownerId;
}

/** A use case was asked for something its subject may not do. */
export class NotAllowed extends Error {
  override readonly name = 'NotAllowed';
  readonly action: Action;
  /** Answer as if there were nothing. */
  readonly isHidden: boolean;

  constructor(action: Action, resource: Resource) {
    super(`Not allowed: ${action}`);
    this.action = action;
    this.isHidden = hides(resource);
  }
}

/** Goes on if allowed. @throws NotAllowed */
export function demand(subject: Subject, action: Action, resource: Resource): void {
  if (!can(subject, action, resource)) throw new NotAllowed(action, resource);
}
