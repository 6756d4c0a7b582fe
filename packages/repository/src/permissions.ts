/** Who asks. A token acts for its user, within its scopes. */
export type Subject =
  | { kind: 'anonymous' }
  | { kind: 'user'; userId: string; role: Role }
  | { kind: 'token'; userId: string; role: Role; scopes: readonly Scope[] }
  /** The program itself: jobs, recovery, the demonstration study. */
  | { kind: 'system' };

/** `owner`: runs this installation. `curator`: reviews what others submit. `member`: deposits. */
export type Role = 'owner' | 'curator' | 'member';

/** What sharing gives: to see the drafts of a study, or to edit them too. */
export type Access = 'view' | 'edit';

/** What a token may be made for. */
export type Scope = 'read' | 'deposit';

/** What is asked for: the thing, with what the decision depends on. */
export type Resource =
  /** The installation: status, totals, search. */
  | { kind: 'service' }
  /** A published study, or its versions, files, items and exports. `ownerId` is left out where unknown (after a rebuild). */
  | {
      kind: 'study';
      ownerId?: string | undefined;
      shared?: Access | undefined;
      /** Was access to its controlled files granted to the subject, and does the grant still count? */
      isGranted?: boolean;
      /** Does the subject decide who may read its controlled files? */
      decides?: boolean;
    }
  /** A draft, or its files and items. `shared`: what sharing gives the subject; `inReview`: submitted to the curators. */
  | { kind: 'draft'; ownerId: string; shared?: Access | undefined; inReview?: boolean }
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
  'study.decide-access',
  'study.curate',
  'study.answer',
  'study.transfer',
  'collection.edit',
  'draft.create',
  'draft.list',
  'draft.read',
  'draft.edit',
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
 * Standing of a subject towards a resource. `self`: the owner of the draft, study or account. `editor`, `viewer`: that, or by sharing.
 * `author`: an editor, or a curator where nobody else answers for the study any more. `heir`: the owner of the installation where nobody
 * owns the study. `granted`: the owner, or whose request for access to controlled files was granted; no role of the installation.
 * `committee`: who decides on such requests.
 */
type Standing =
  | 'anyone'
  | 'signed in'
  | 'viewer'
  | 'editor'
  | 'editor or installation owner'
  | 'self'
  | 'self or installation owner'
  | 'author'
  | 'self or heir'
  | 'self or curator'
  | 'granted'
  | 'committee'
  | 'curator'
  | 'reviewer'
  | 'viewer or curator'
  | 'installation owner';

/** One line of the table: on what, who, and which scope a token needs (`never`: no token, whatever its scopes). */
interface Rule {
  on: Resource['kind'];
  who: Standing;
  scope: Scope | 'never';
}

/**
 * The whole of who may do what. What is not here is denied. Power over an installation is not power to read or edit what others have not
 * published (repository-practice 12): its owner may discard an abandoned draft, but neither opens nor publishes it.
 */
const rules: Readonly<Record<Action, Rule>> = {
  'service.read': { on: 'service', who: 'anyone', scope: 'read' },
  'study.read': { on: 'study', who: 'anyone', scope: 'read' },
  'study.new-version': { on: 'study', who: 'editor or installation owner', scope: 'deposit' },
  'study.read-closed': { on: 'study', who: 'viewer or curator', scope: 'read' },
  'study.read-controlled': { on: 'study', who: 'granted', scope: 'read' },
  'study.decide-access': { on: 'study', who: 'committee', scope: 'never' },
  'study.curate': { on: 'study', who: 'curator', scope: 'never' },
  'study.answer': { on: 'study', who: 'author', scope: 'never' },
  'study.transfer': { on: 'study', who: 'self or heir', scope: 'never' },
  'collection.edit': { on: 'collection', who: 'self or curator', scope: 'never' },
  'draft.create': { on: 'service', who: 'signed in', scope: 'deposit' },
  'draft.list': { on: 'service', who: 'signed in', scope: 'read' },
  'draft.read': { on: 'draft', who: 'viewer', scope: 'read' },
  'draft.edit': { on: 'draft', who: 'editor', scope: 'deposit' },
  'draft.discard': { on: 'draft', who: 'self or installation owner', scope: 'deposit' },
  'draft.publish': { on: 'draft', who: 'self', scope: 'deposit' },
  'draft.share': { on: 'draft', who: 'self', scope: 'never' },
  'draft.review': { on: 'draft', who: 'reviewer', scope: 'never' },
  'review.list': { on: 'service', who: 'curator', scope: 'never' },
  'account.read': { on: 'account', who: 'self', scope: 'read' },
  'token.list': { on: 'account', who: 'self', scope: 'never' },
  'token.create': { on: 'account', who: 'self', scope: 'never' },
  'token.delete': { on: 'account', who: 'self', scope: 'never' },
  'system.maintain': { on: 'service', who: 'installation owner', scope: 'never' },
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
  if (subject.kind === 'token' && (rule.scope === 'never' || !hasScope(subject.scopes, rule.scope))) return false;
  const isSelf = ownerOf(resource) === subject.userId;
  const isCurator = subject.role === 'owner' || subject.role === 'curator';
  // Curators see what was submitted to them, and nobody reviews what is their own.
  const reviews = isCurator && !isSelf && resource.kind === 'draft' && resource.inReview === true;
  if (rule.who === 'reviewer') return reviews;
  if (action === 'draft.read' && reviews) return true;
  if (rule.who === 'granted') return isSelf || (resource.kind === 'study' && resource.isGranted === true);
  if (rule.who === 'committee') return resource.kind === 'study' && resource.decides === true;
  const isOrphan = ownerOf(resource) === undefined;
  if (rule.who === 'author' && isCurator && isOrphan) return true;
  if (rule.who === 'self or heir') return isSelf || (subject.role === 'owner' && isOrphan);
  return isOf(rule.who, isSelf, sharedAs(resource), subject.role);
}

function isOf(who: Standing, isSelf: boolean, shared: Access | undefined, role: Role): boolean {
  if (who === 'signed in') return true;
  if (who === 'self') return isSelf;
  if (who === 'viewer') return isSelf || shared !== undefined;
  if (who === 'editor' || who === 'author') return isSelf || shared === 'edit';
  if (who === 'editor or installation owner') return isSelf || shared === 'edit' || role === 'owner';
  if (who === 'self or installation owner') return isSelf || role === 'owner';
  const isCurator = role === 'owner' || role === 'curator';
  if (who === 'curator') return isCurator;
  if (who === 'self or curator') return isSelf || isCurator;
  if (who === 'viewer or curator') return isSelf || shared !== undefined || isCurator;
  return who === 'installation owner' && role === 'owner';
}

/** Must a refusal look like "there is no such thing"? True for what only its owner may know of (repository-practice 5.1). */
export function hides(resource: Resource): boolean {
  return resource.kind === 'draft' || resource.kind === 'account';
}

/** A token made to deposit can read the drafts it deposits into. */
function hasScope(scopes: readonly Scope[], needed: Scope): boolean {
  return scopes.includes(needed) || (needed === 'read' && scopes.includes('deposit'));
}

function sharedAs(resource: Resource): Access | undefined {
  return resource.kind === 'draft' || resource.kind === 'study' ? resource.shared : undefined;
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
