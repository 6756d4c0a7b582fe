import { routes } from '@micrarium/api';
import type { ReviewState, StudyState } from '@micrarium/repository';

/** Who asks in the plain table: nobody, a member, that member's read-only token, the depositor, the owner of the installation. */
export const askers = ['anonymous', 'member', 'reader', 'depositor', 'owner'] as const;
/**
 * Beyond these: a curator; two with whom the depositor shares the study, to see and to edit; who leads a community that took it in; who decides
 * on access to it; a token of the curator with the scope `curate`; a token of the depositor limited to another study; a private link to it.
 */
export const everybody = [
  ...askers,
  'curator',
  'viewer',
  'editor',
  'leader',
  'decider',
  'curating',
  'limited',
  'link',
] as const;
export type Asker = (typeof everybody)[number];
export type RouteName = keyof typeof routes;
/** Statuses in the order of `askers`, for a published study and a draft that nobody has submitted. */
export type Row = readonly [number, number, number, number, number];

/** What curators may as the owner of the installation may. Everywhere else they are members. */
const ofCurators = new Set<string>([
  'listReviews',
  'listReviewFilters',
  'keepReviewFilter',
  'listStudyAsks',
  'listOpenAsks',
  'decideStudyAsk',
  'liftEmbargo',
  'listPromotions',
  'getPromotion',
  'promoteStudy',
  'getStudyState',
  'setStudyState',
  'listQuarantine',
  'setQuarantine',
  'openInEmergency',
  'declareSafe',
  'setBadge',
  'listOpenRequests',
  'listCuratorRequests',
  'makeCuratorRequest',
  'recordSentOn',
  'askStudyDoi',
  'getStudyLog',
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
  'recordSentOn',
  'askStudyDoi',
]);
/** What is said about a draft in review. */
const ofReview = new Set<string>(['takeReviewStep', 'addReviewComment', 'editReviewComment']);
/** Links for reviewers: of who edits and of who curates. */
const ofLinks = new Set<string>(['listPrivateLinks', 'makePrivateLink', 'revokePrivateLink']);
/** What who leads a community may with the studies it took in, as curators of the installation may with all. */
const ofCommunities = new Set<string>([
  'getStudyState',
  'setStudyState',
  'listQuarantine',
  'setQuarantine',
  'getStudyLog',
  'listReviews',
  'listStudyAsks',
  'decideStudyAsk',
  'liftEmbargo',
]);
/** What curators may by a token made for it; the rest they do in person. */
const ofCuratingTokens = new Set<string>([
  'listReviews',
  'listReviewFilters',
  'keepReviewFilter',
  'listStudyAsks',
  'listOpenAsks',
  'decideStudyAsk',
  'liftEmbargo',
  'getStudyState',
  'setStudyState',
  'listQuarantine',
  'setQuarantine',
  'listOpenRequests',
  'listCuratorRequests',
  'makeCuratorRequest',
  'recordSentOn',
  'askStudyDoi',
  'getStudyLog',
]);
/** Below a version, what tells of metadata only and stays open under embargo. */
const openUnderEmbargo = new Set<string>(['getStudy', 'getVersion', 'listFiles', 'getCitation', 'getVersionChanges']);
const frozen: readonly ReviewState[] = ['submitted', 'in_review', 'approved'];

/**
 * The one expectation of who is answered what: of the plain row of a route, the state of the study and that of the draft. A route that
 * nobody named here is expected to be closed to all but those the row opens it to.
 */
export function expectedStatus(name: RouteName, row: Row, asker: Asker, state: StudyState | ReviewState): number {
  const { path, method } = routes[name];
  const isRead = method === 'get';
  if (path.startsWith('/studies/{accession}')) return ofStudy(name, row, asker, state as StudyState);
  if (path.startsWith('/drafts/{draft}')) return ofDraft(name, row, asker, state as ReviewState, isRead);
  return plain(name, row, asker);
}

function plain(name: RouteName, [anonymous, member, reader, depositor, owner]: Row, asker: Asker): number {
  if (asker === 'curator' && ofCurators.has(name)) return owner;
  if (asker === 'curating') return ofCuratingTokens.has(name) ? owner : reader;
  // Within another study there is nothing of this one, and nothing of the installation.
  if (asker === 'limited') return reader;
  if (asker === 'link') return anonymous;
  if (asker === 'leader' && ofCommunities.has(name)) return owner;
  if (asker === 'editor' && name === 'getStudyLog') return depositor;
  const known: Partial<Record<Asker, number>> = { anonymous, member, reader, depositor, owner };
  return known[asker] ?? member;
}

function ofStudy(name: RouteName, row: Row, asker: Asker, state: StudyState): number {
  // What is asked for a withdrawn study, its purge among it, is asked where it is for others.
  if (state === 'withdrawn' && name === 'askStudyChange' && asker === 'owner') return 201;
  if (state === 'withdrawn' && !routes[name].path.startsWith('/studies/{accession}/asks')) return 410;
  if (state === 'embargoed' && name === 'liftEmbargo') {
    const wanted = plain(name, row, asker);
    return wanted === 409 ? 204 : wanted;
  }
  const isInside = !['anonymous', 'member', 'reader', 'decider', 'limited'].includes(asker);
  const isData = routes[name].path.startsWith('/studies/{accession}/versions/') && !openUnderEmbargo.has(name);
  if (state === 'embargoed' && isData && !isInside) return 403;
  if (state === 'controlled') {
    // No role of the installation, no sharing, no community and no private link opens what is given on request.
    if (isData && asker !== 'depositor') return 403;
    if (name === 'newDraftVersion' && (asker === 'owner' || asker === 'curator')) return 403;
    const asks = ['member', 'owner', 'curator', 'viewer', 'editor', 'leader', 'decider'];
    if (name === 'askAccess' && asks.includes(asker)) return 201;
    if (name === 'openInEmergency' && (asker === 'owner' || asker === 'curator')) return 204;
    if (name === 'promoteStudy' && (asker === 'owner' || asker === 'curator')) return 409;
  }
  // Whoever deposited a study decides until they name others who do.
  if (name === 'decideAccess' && asker === 'depositor') return row[1];
  if (name === 'decideAccess' && asker === 'decider') return row[3];
  // Who may edit opens the next version too, and curators where nobody else has one open.
  if (name === 'newDraftVersion' && ['editor', 'owner', 'curator'].includes(asker)) return row[3];
  if (asker === 'editor' && (ofAuthors.has(name) || ofLinks.has(name))) return row[3];
  if (['leader', 'curator'].includes(asker) && ofLinks.has(name)) return row[3];
  return plain(name, row, asker);
}

function ofDraft(name: RouteName, row: Row, asker: Asker, state: ReviewState, isRead: boolean): number {
  const [anonymous, member, reader, depositor] = row;
  if (asker === 'anonymous' || asker === 'link') return anonymous;
  if (asker === 'member' || asker === 'decider' || asker === 'limited') return member;
  if (asker === 'reader') return reader;
  const inReview = state !== 'editing';
  const isCurator = asker === 'curator' || asker === 'owner';
  const judges = (isCurator || asker === 'leader' || asker === 'curating') && inReview;
  if (isRead) return depositor;
  // There is no such comment, and nobody of this name is a curator; a depositor is refused before it is looked for.
  if (name === 'settleReviewComment' || name === 'reopenReviewComment') return judges ? 404 : 403;
  if (name === 'tickChecklist') return judges ? (state === 'in_review' ? 200 : 409) : 403;
  if (name === 'decideReviewEdit') return asker === 'depositor' ? depositor : 403;
  if (name === 'setPublicationDay')
    return judges || isCurator || asker === 'depositor' ? (state === 'approved' ? 200 : 409) : 403;
  if (name === 'assignReview') return judges ? 409 : 403;
  if (ofReview.has(name)) return judges || isCurator || asker === 'depositor' ? depositor : 403;
  if (name === 'shareDraft' || name === 'unshareDraft') return asker === 'depositor' ? depositor : 403;
  if (name === 'publishDraft') {
    if (asker !== 'depositor' && !isCurator && asker !== 'leader') return 403;
    const isFree = asker === 'depositor' && (state === 'editing' || state === 'changes_requested');
    return isFree || state === 'approved' ? depositor : 409;
  }
  if (name === 'setRelease' && asker === 'leader') return depositor;
  if (asker === 'viewer' || asker === 'leader' || asker === 'curating') return 403;
  if (asker === 'editor' && ofDepositors.has(name)) return 403;
  // Nothing is thrown away while curators have it, or have approved it.
  if (name === 'discardDraft') return frozen.includes(state) ? 409 : depositor;
  if (name === 'setDeclaration') return frozen.includes(state) ? 409 : depositor;
  return frozen.includes(state) && !ofDepositors.has(name) ? 409 : depositor;
}
