import { routes } from '@micrarium/api';
import type { ReviewState, StudyState } from '@micrarium/repository';

/** Who asks in the plain table: nobody, a member, that member's read-only token, the depositor, the owner of the installation. */
export const askers = ['anonymous', 'member', 'reader', 'depositor', 'owner'] as const;
/** Beyond these: a curator, and two with whom the depositor shares the study, to see and to edit. */
export const everybody = [...askers, 'curator', 'viewer', 'editor'] as const;
export type Asker = (typeof everybody)[number];
export type RouteName = keyof typeof routes;
/** Statuses in the order of `askers`, for a published study and a draft that nobody has submitted. */
export type Row = readonly [number, number, number, number, number];

/** What curators may as the owner of the installation may. Everywhere else they are members. */
const ofCurators = new Set<string>([
  'listReviews',
  'listPromotions',
  'getPromotion',
  'promoteStudy',
  'getStudyState',
  'setStudyState',
  'openInEmergency',
  'listOpenRequests',
  'listCuratorRequests',
  'makeCuratorRequest',
  'recordSentOn',
  'askStudyDoi',
]);
/** What the depositor alone does with a draft, also where it is shared with somebody to edit. */
const ofDepositors = new Set<string>([
  'discardDraft',
  'publishDraft',
  'shareDraft',
  'unshareDraft',
  'setRelease',
  'setDeclaration',
  'reserveDoi',
  'takeReviewStep',
  'addReviewComment',
  'settleReviewComment',
  'assignReview',
]);
/** What is done for a study by all who answer for it: its depositor, and those who edit it by sharing. */
const ofAuthors = new Set<string>([
  'answerQuestion',
  'decideReuse',
  'commentAddition',
  'listCuratorRequests',
  'closeCuratorRequest',
]);
/** What is said by curators about a draft in review. */
const ofReview = new Set<string>(['takeReviewStep', 'addReviewComment', 'settleReviewComment']);
/** Below a version, what tells of metadata only and stays open under embargo. */
const openUnderEmbargo = new Set<string>(['getStudy', 'getVersion', 'listFiles', 'getCitation', 'getVersionChanges']);
const frozen: readonly ReviewState[] = ['submitted', 'in_review', 'approved'];

/**
 * The one expectation of who is answered what: of the plain row of a route, the state of the study and that of the draft. A route that
 * nobody named here is expected to be closed to all but those the row opens it to.
 */
export function expectedStatus(name: RouteName, row: Row, asker: Asker, state: StudyState | ReviewState): number {
  const { path, method } = routes[name];
  if (path.startsWith('/studies/{accession}')) return ofStudy(name, row, asker, state as StudyState);
  if (path.startsWith('/drafts/{draft}')) return ofDraft(name, row, asker, state as ReviewState, method === 'get');
  return plain(name, row, asker);
}

function plain(name: RouteName, [anonymous, member, reader, depositor, owner]: Row, asker: Asker): number {
  if (asker === 'curator' && ofCurators.has(name)) return owner;
  const known: Partial<Record<Asker, number>> = { anonymous, member, reader, depositor, owner };
  return known[asker] ?? member;
}

function ofStudy(name: RouteName, row: Row, asker: Asker, state: StudyState): number {
  if (state === 'withdrawn') return 410;
  const isInside = !['anonymous', 'member', 'reader'].includes(asker);
  const isData = routes[name].path.startsWith('/studies/{accession}/versions/') && !openUnderEmbargo.has(name);
  if (state === 'embargoed' && isData && !isInside) return 403;
  if (state === 'controlled') {
    // No role of the installation and no sharing opens what is given on request.
    if (isData && asker !== 'depositor') return 403;
    if (name === 'newDraftVersion' && asker === 'owner') return 403;
    if (name === 'askAccess' && ['member', 'owner', 'curator', 'viewer', 'editor'].includes(asker)) return 201;
    if (name === 'openInEmergency' && (asker === 'owner' || asker === 'curator')) return 204;
    if (name === 'promoteStudy' && (asker === 'owner' || asker === 'curator')) return 409;
  }
  // Who may edit opens the next version too, and the owner of the installation where nobody else has one open.
  if (name === 'newDraftVersion' && (asker === 'editor' || asker === 'owner')) return row[3];
  if (asker === 'editor' && ofAuthors.has(name)) return row[3];
  return plain(name, row, asker);
}

function ofDraft(name: RouteName, row: Row, asker: Asker, state: ReviewState, isRead: boolean): number {
  const [anonymous, member, reader, depositor, owner] = row;
  if (asker === 'anonymous') return anonymous;
  if (asker === 'member') return member;
  if (asker === 'reader') return reader;
  const isCurator = asker === 'curator' || asker === 'owner';
  if (isCurator) {
    if (name === 'discardDraft' && asker === 'owner') return owner;
    if (state === 'editing') return 404;
    if (isRead) return depositor;
    // Nobody of this name is a curator; and nothing is given away before it waits, or after.
    if (name === 'assignReview') return 409;
    // There is no such comment: a depositor is refused before it is looked for.
    if (name === 'settleReviewComment') return 404;
    return ofReview.has(name) ? depositor : 403;
  }
  if (isRead) return depositor;
  if (asker === 'viewer' || (asker === 'editor' && ofDepositors.has(name))) return 403;
  if (name === 'setDeclaration') return frozen.includes(state) ? 409 : depositor;
  if (name === 'publishDraft') return state === 'submitted' || state === 'in_review' ? 409 : depositor;
  return frozen.includes(state) && !ofDepositors.has(name) ? 409 : depositor;
}
