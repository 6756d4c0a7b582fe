import { apiBase, routes } from '@micrarium/api';
import { tarOf } from '@micrarium/formats';
import { sql } from 'kysely';
import type { ReviewState, StudyState } from '@micrarium/repository';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { completeMetadata } from './complete-metadata.ts';
import { reviewState } from '../../packages/server/src/states/reviews.ts';
import { makePrivateLink } from '../../packages/server/src/auth/private-links.ts';
import { keepCommunity } from '../../packages/server/src/communities/communities.ts';
import { makeTeam, share } from '../../packages/server/src/auth/sharing.ts';
import { type Asker, askers, everybody, expectedStatus, type RouteName, type Row } from './expected-access.ts';
import { eventually, type Harness, openHarness } from './harness.ts';

/**
 * Expected statuses in the order of `askers`. `draft` is the depositor's, `accession` the depositor's published study. Requests are
 * well-formed but change as little as they can. A route that is not here fails the test.
 */
const expected: Record<RouteName, Row> = {
  status: [200, 200, 200, 200, 200],
  totals: [200, 200, 200, 200, 200],
  me: [200, 200, 200, 200, 200],
  welcome: [410, 410, 410, 410, 410],
  exportOwned: [401, 200, 403, 200, 200],
  listSessions: [401, 200, 403, 200, 200],
  endSession: [401, 404, 403, 404, 404],
  endOtherSessions: [401, 204, 403, 204, 204],
  changePassword: [401, 409, 403, 409, 409],
  askAddressCheck: [401, 409, 403, 409, 409],
  confirmAddress: [410, 410, 410, 410, 410],
  unlinkIdentity: [401, 404, 403, 404, 404],
  getStudyLog: [401, 404, 404, 200, 200],
  listTokens: [401, 200, 403, 200, 200],
  createToken: [401, 201, 403, 201, 201],
  deleteToken: [401, 404, 403, 404, 404],
  searchStudies: [200, 200, 200, 200, 200],
  searchImages: [200, 200, 200, 200, 200],
  getStudy: [200, 200, 200, 200, 200],
  getVersion: [200, 200, 200, 200, 200],
  newDraftVersion: [401, 403, 403, 201, 200],
  listFiles: [200, 200, 200, 200, 200],
  getFile: [200, 200, 200, 200, 200],
  getCitation: [200, 200, 200, 200, 200],
  exportVersion: [200, 200, 200, 200, 200],
  exportBag: [200, 200, 200, 200, 200],
  listImages: [200, 200, 200, 200, 200],
  getImageAnnotations: [200, 200, 200, 200, 200],
  getNotebook: [200, 200, 200, 200, 200],
  getNotebookRepository: [200, 200, 200, 200, 200],
  getItem: [200, 200, 200, 200, 200],
  getItemContent: [200, 200, 200, 200, 200],
  exportItem: [200, 200, 200, 200, 200],
  listObjects: [200, 200, 200, 200, 200],
  listRows: [200, 200, 200, 200, 200],
  getMeasures: [200, 200, 200, 200, 200],
  exploreSets: [200, 200, 200, 200, 200],
  runSql: [200, 200, 200, 200, 200],
  getSql: [400, 400, 400, 400, 400],
  listSqlViews: [200, 200, 200, 200, 200],
  getLakeManifest: [200, 200, 200, 200, 200],
  saveQuery: [401, 201, 403, 201, 201],
  getQuery: [404, 404, 404, 404, 404],
  runQuery: [404, 404, 404, 404, 404],
  citeQuery: [404, 404, 404, 404, 404],
  citeStudies: [200, 200, 200, 200, 200],
  getCroissant: [404, 404, 404, 404, 404],
  getCoco: [404, 404, 404, 404, 404],
  getTrainingZarr: [404, 404, 404, 404, 404],
  listSimilar: [200, 200, 200, 200, 200],
  getChallenge: [200, 200, 200, 200, 200],
  submitResult: [401, 404, 404, 404, 404],
  withdrawResult: [401, 404, 404, 404, 404],
  compareResults: [400, 400, 400, 400, 400],
  listLosses: [200, 200, 200, 200, 200],
  listVocabularies: [200, 200, 200, 200, 200],
  searchTerms: [200, 200, 200, 200, 200],
  listTermsBelow: [400, 400, 400, 400, 400],
  getTerm: [404, 404, 404, 404, 404],
  matchTerms: [200, 200, 200, 200, 200],
  lookUpPublication: [400, 400, 400, 400, 400],
  listDescriptions: [401, 200, 200, 200, 200],
  keepDescription: [401, 200, 403, 200, 200],
  dropDescription: [401, 404, 403, 404, 404],
  listFieldChanges: [401, 404, 404, 200, 200],
  createDraft: [401, 201, 403, 201, 201],
  listDrafts: [401, 200, 200, 200, 200],
  getDraft: [401, 404, 404, 200, 200],
  saveDraft: [401, 404, 404, 428, 428],
  discardDraft: [401, 404, 404, 204, 204],
  expectFiles: [401, 404, 404, 200, 200],
  listDraftItems: [401, 404, 404, 200, 200],
  getUploadParts: [401, 404, 404, 404, 404],
  listDraftFiles: [401, 404, 404, 200, 200],
  removeDraftFiles: [401, 404, 404, 204, 204],
  listReferences: [200, 200, 200, 200, 200],
  listDraftReferences: [401, 404, 404, 200, 200],
  addReferences: [401, 404, 404, 200, 200],
  removeReferences: [401, 404, 404, 204, 204],
  putDraftFile: [401, 404, 404, 200, 200],
  putDraftFiles: [401, 404, 404, 200, 200],
  getDraftFile: [401, 404, 404, 404, 404],
  getDraftItemContent: [401, 404, 404, 404, 404],
  setItemMapping: [401, 404, 404, 404, 404],
  decidePrivacy: [401, 404, 404, 404, 404],
  stripItem: [401, 404, 404, 404, 404],
  publishDraft: [401, 404, 404, 422, 409],
  listImport: [401, 404, 404, 404, 404],
  startImport: [401, 404, 404, 404, 404],
  getImport: [401, 404, 404, 200, 200],
  cancelImport: [401, 404, 404, 204, 204],
  getUsage: [200, 200, 200, 200, 200],
  getStudyUsage: [200, 200, 200, 200, 200],
  listFormats: [200, 200, 200, 200, 200],
  getAssessment: [200, 200, 200, 200, 200],
  answerAssessment: [401, 403, 403, 403, 200],
  getOverview: [401, 403, 403, 403, 200],
  confirmClock: [401, 403, 403, 403, 204],
  getIntegrity: [200, 200, 200, 200, 200],
  getFixity: [401, 403, 403, 403, 200],
  startFixity: [401, 403, 403, 403, 202],
  signInWays: [200, 200, 200, 200, 200],
  listPeople: [401, 403, 403, 403, 200],
  invite: [401, 403, 403, 403, 201],
  takeBackInvitation: [401, 403, 403, 403, 404],
  changePerson: [401, 403, 403, 403, 404],
  acceptInvitation: [410, 410, 410, 410, 410],
  getSecondFactor: [401, 200, 403, 200, 200],
  beginSecondFactor: [401, 201, 403, 201, 201],
  confirmSecondFactor: [401, 409, 403, 409, 409],
  endSecondFactor: [401, 409, 403, 409, 409],
  listPasskeys: [401, 200, 403, 200, 200],
  removePasskey: [401, 404, 403, 404, 404],
  listTeams: [401, 200, 403, 200, 200],
  makeTeam: [401, 201, 403, 201, 201],
  addTeamMember: [401, 404, 403, 404, 404],
  removeTeamMember: [401, 404, 403, 404, 404],
  leadTeam: [401, 404, 403, 404, 404],
  listShares: [401, 404, 404, 200, 200],
  shareDraft: [401, 404, 404, 404, 403],
  unshareDraft: [401, 404, 404, 404, 403],
  getStudyState: [401, 403, 403, 403, 200],
  setStudyState: [401, 403, 403, 403, 409],
  listQuarantine: [401, 403, 403, 403, 200],
  setQuarantine: [401, 403, 403, 403, 404],
  getRelease: [401, 404, 404, 200, 200],
  setRelease: [401, 404, 404, 200, 200],
  listReviews: [401, 403, 403, 403, 200],
  listPromotions: [401, 403, 403, 403, 200],
  getPromotion: [401, 403, 403, 403, 200],
  promoteStudy: [401, 403, 403, 403, 201],
  setBadge: [401, 403, 403, 403, 409],
  getReview: [401, 404, 404, 200, 200],
  takeReviewStep: [401, 404, 404, 409, 409],
  addReviewComment: [401, 404, 404, 200, 200],
  editReviewComment: [401, 404, 404, 404, 404],
  reopenReviewComment: [401, 404, 404, 403, 403],
  setPublicationDay: [401, 404, 404, 409, 409],
  tickChecklist: [401, 404, 404, 403, 403],
  decideReviewEdit: [401, 404, 404, 404, 403],
  listReviewFilters: [401, 403, 403, 403, 200],
  keepReviewFilter: [401, 403, 403, 403, 200],
  listDiscardedDrafts: [401, 200, 200, 200, 200],
  takeDraftBack: [401, 404, 403, 404, 404],
  listStudyAsks: [401, 403, 403, 200, 200],
  listOpenAsks: [401, 403, 403, 403, 200],
  askStudyChange: [401, 403, 403, 403, 409],
  decideStudyAsk: [401, 403, 403, 404, 404],
  liftEmbargo: [401, 403, 403, 409, 409],
  settleReviewComment: [401, 404, 404, 403, 403],
  listNotices: [401, 200, 403, 200, 200],
  readNotices: [401, 204, 403, 204, 204],
  getNoticeChoices: [401, 200, 403, 200, 200],
  chooseNotices: [401, 200, 403, 200, 200],
  listWebhooks: [401, 200, 403, 200, 200],
  makeWebhook: [401, 201, 403, 201, 201],
  removeWebhook: [401, 404, 403, 404, 404],
  askPasswordReset: [409, 409, 409, 409, 409],
  resetPassword: [410, 410, 410, 410, 410],
  eraseMe: [401, 409, 403, 409, 409],
  getMail: [401, 403, 403, 403, 200],
  tryMail: [401, 403, 403, 403, 409],
  getVersionChanges: [404, 404, 404, 404, 404],
  getDraftChanges: [401, 404, 404, 404, 404],
  getDoi: [401, 404, 404, 200, 200],
  reserveDoi: [401, 404, 404, 409, 409],
  listDois: [401, 403, 403, 403, 200],
  tellDoisAgain: [401, 403, 403, 403, 409],
  compareDois: [401, 403, 403, 403, 409],
  listStudyDois: [200, 200, 200, 200, 200],
  askStudyDoi: [401, 403, 403, 409, 409],
  listPrivateLinks: [401, 403, 403, 200, 200],
  makePrivateLink: [401, 403, 403, 404, 404],
  revokePrivateLink: [401, 403, 403, 404, 404],
  listQuestions: [200, 200, 200, 200, 200],
  askQuestion: [409, 201, 403, 201, 201],
  answerQuestion: [401, 403, 403, 404, 403],
  agreeToQuestion: [401, 404, 403, 404, 404],
  removeQuestion: [401, 404, 403, 404, 404],
  openQuestion: [410, 410, 410, 410, 410],
  listReuses: [200, 200, 200, 200, 200],
  reportReuse: [401, 400, 403, 400, 400],
  decideReuse: [401, 403, 403, 404, 403],
  removeReuse: [401, 404, 403, 404, 404],
  getProfile: [404, 404, 404, 404, 404],
  listCollections: [200, 200, 200, 200, 200],
  getCollection: [404, 404, 404, 404, 404],
  createCollection: [401, 201, 403, 201, 201],
  saveCollection: [401, 404, 403, 404, 404],
  removeCollection: [401, 404, 403, 404, 404],
  listCommunities: [200, 200, 200, 200, 200],
  getCommunity: [404, 404, 404, 404, 404],
  saveCommunity: [401, 404, 403, 404, 404],
  submitToCommunity: [401, 404, 403, 404, 404],
  decideForCommunity: [401, 404, 403, 404, 404],
  takeOutOfCommunity: [401, 404, 403, 404, 404],
  listAdditions: [200, 200, 200, 200, 200],
  beginAddition: [401, 201, 403, 201, 201],
  commentAddition: [401, 403, 403, 404, 403],
  getTransfer: [401, 403, 403, 200, 403],
  offerTransfer: [401, 403, 403, 404, 403],
  answerTransfer: [401, 403, 403, 404, 403],
  getDeclaration: [401, 404, 404, 200, 200],
  setDeclaration: [401, 404, 404, 200, 200],
  getAccess: [200, 200, 200, 200, 200],
  getPermission: [401, 404, 404, 404, 404],
  askAccess: [401, 409, 403, 409, 409],
  decideAccess: [401, 403, 403, 404, 403],
  acceptTerms: [401, 409, 403, 409, 409],
  sayOfAccess: [401, 404, 403, 404, 404],
  withdrawAccess: [401, 404, 403, 404, 404],
  nameDecider: [401, 403, 403, 404, 403],
  removeDecider: [401, 403, 403, 204, 403],
  openInEmergency: [401, 403, 403, 403, 409],
  declareSafe: [401, 403, 403, 403, 409],
  listOpenRequests: [401, 403, 403, 403, 200],
  listCuratorRequests: [401, 403, 403, 200, 200],
  makeCuratorRequest: [401, 403, 403, 403, 409],
  closeCuratorRequest: [401, 403, 403, 404, 403],
  assignReview: [401, 404, 404, 403, 403],
  listAllowances: [401, 200, 200, 200, 200],
  getDraftQuota: [401, 404, 404, 200, 200],
  listQuotas: [401, 403, 403, 403, 200],
  setQuota: [401, 403, 403, 403, 204],
  listPlans: [401, 200, 200, 200, 200],
  addPlan: [401, 422, 403, 422, 422],
  getPlan: [401, 404, 404, 404, 404],
  getPlanDocument: [401, 404, 404, 404, 404],
  addPlanStudy: [401, 404, 403, 404, 404],
  reservePlan: [401, 404, 404, 404, 404],
  removePlan: [401, 404, 403, 404, 404],
  listSentOn: [200, 200, 200, 200, 200],
  recordSentOn: [401, 403, 403, 200, 200],
  checkSendOn: [200, 200, 200, 200, 200],
  getSendOnPackage: [200, 200, 200, 200, 200],
  auditHead: [200, 200, 200, 200, 200],
  listAudit: [401, 403, 403, 403, 200],
  verifyAudit: [401, 403, 403, 403, 200],
  exportAudit: [401, 403, 403, 403, 200],
};

const bodies: Partial<Record<RouteName, unknown>> = {
  welcome: { token: 'made up', name: 'x', email: 'x@example.org', password: 'long enough to be one' },
  changePassword: { current: 'not the password', password: 'long enough to be one' },
  confirmAddress: { token: 'made up' },
  createToken: { name: 't', scopes: ['read'], expiresInDays: 1 },
  saveDraft: { note: 'x' },
  expectFiles: { files: [{ path: 'a', size: 1 }] },
  removeDraftFiles: { paths: ['nothing'] },
  addReferences: { references: [] },
  removeReferences: { paths: ['nothing'] },
  setItemMapping: { x: 'X' },
  runSql: { statement: 'select count(*) from studies' },
  saveQuery: { title: 'How many studies', statement: 'select count(*) from studies' },
  citeStudies: { studies: [{ accession: 'MIC-999999', version: 1 }] },
  matchTerms: { texts: ['HeLa'] },
  keepDescription: { kind: 'microscope', name: 'FV10i', values: { microscope: 'Olympus' } },
  decidePrivacy: { rawText: 'accepted' },
  listImport: { kind: 'drop-folder' },
  startImport: { source: { kind: 'drop-folder' }, files: [{ path: 'a', size: 1 }] },
  eraseMe: { email: 'x@example.org' },
  readNotices: { ids: [1] },
  chooseNotices: { kind: 'published', choice: 'mail' },
  makeWebhook: { target: 'https://hooks.invalid/x', events: 'notices' },
  askPasswordReset: { email: 'x@example.org' },
  resetPassword: { token: 'made up', password: 'long enough to be one' },
  invite: { role: 'member' },
  setStudyState: { state: 'published' },
  setQuarantine: { version: 1, path: 'none', isHeld: true, reason: 'a finding' },
  takeReviewStep: { step: 'submit' },
  editReviewComment: { text: 'x', mustFix: false },
  setPublicationDay: { day: null },
  tickChecklist: { ticked: [] },
  decideReviewEdit: { isAccepted: true },
  keepReviewFilter: { filter: null },
  askStudyChange: { change: 'purge', reason: 'x', ground: 'legal' },
  decideStudyAsk: { isConfirmed: false },
  addReviewComment: { text: 'x' },
  addPlan: { document: {} },
  addPlanStudy: {},
  setQuota: { limit: 'none' },
  reservePlan: { bytes: null, releaseOn: null },
  askStudyDoi: {},
  recordSentOn: { accession: '' },
  setRelease: { embargoUntil: null },
  makePrivateLink: { version: 99 },
  changePerson: { role: 'member' },
  askQuestion: { text: 'Which dye is it?' },
  answerQuestion: { text: 'It is GFP.' },
  agreeToQuestion: { agrees: true },
  openQuestion: { token: 'made up' },
  reportReuse: { kind: 'paper', identifier: 'no DOI' },
  decideReuse: { state: 'confirmed' },
  createCollection: { title: 'Cells that turn', studies: [] },
  saveCollection: { title: 'Cells that turn', studies: [] },
  saveCommunity: { title: 'A community' },
  decideForCommunity: { state: 'accepted' },
  beginAddition: { kind: 'annotates', title: 'Labels' },
  commentAddition: { text: 'Thank you' },
  offerTransfer: { email: 'nobody@example.org' },
  answerTransfer: { state: 'withdrawn' },
  setDeclaration: { access: 'open', human: false, identifiable: false, consent: 'none', ethics: '', terms: '' },
  acceptTerms: { agrees: true, termsVersion: 'x' },
  sayOfAccess: { text: 'Which cells?' },
  askAccess: { purpose: 'To look at cells of people', institution: 'A lab', agrees: true },
  decideAccess: { state: 'refused', reason: 'x' },
  nameDecider: { email: 'nobody@example.org' },
  openInEmergency: { reason: 'Somebody must look at it now' },
  declareSafe: { item: 'aaaaaaaaaaaa', kind: 'pictures', isSafe: true, reason: 'x' },
  setBadge: { isHidden: true, reason: 'x' },
  makeCuratorRequest: { kind: 'originals', text: 'Send the LIF', due: '2020-01-01' },
  closeCuratorRequest: { state: 'done' },
  assignReview: { curator: 'nobody' },
  submitResult: { label: 'x', study: 'MIC-999999', results: [{ reference: 'd-a', dataset: 'd-b' }] },
  answerAssessment: { text: 'We keep data of cells', rating: 'in-progress' },
  acceptInvitation: { token: 'made up', name: 'x', email: 'x@example.org', password: 'long enough to be one' },
  confirmSecondFactor: { code: '000000' },
  endSecondFactor: { code: '000000' },
  makeTeam: { name: 'Lab' },
  addTeamMember: { email: 'max@example.org' },
  leadTeam: { leads: true },
  shareDraft: { email: 'nobody@example.org', access: 'view' },
};

let harness: Harness;
let credentials: Record<Asker, string | undefined>;
let sharedWith: readonly (readonly [userId: string, access: 'view' | 'edit'])[];
let accession: string;
let leaderId: string;
let deciderId: string;
let item: string;
const csv = 'frame,track,x,y\n0,1,1,1\n1,1,2,2\n';
const tar = tarOf([{ path: 'notes.csv', bytes: new TextEncoder().encode(csv) }]);

async function publishOne(token: string): Promise<void> {
  const client = harness.client(token);
  const draft = await client.call(routes.createDraft, {});
  accession = draft.accession;
  const path = `${apiBase}/drafts/${draft.id}/files/tracks.csv`;
  await harness.request(path, { method: 'PUT', body: csv, as: token });
  const params = { draft: draft.id };
  const read = await eventually(async () => {
    const now = await client.call(routes.getDraft, { params });
    return now.items[0]?.ingest?.state === 'done' && now;
  });
  item = read.items[0]!.id;
  const body = { metadata: completeMetadata() };
  await client.call(routes.saveDraft, { params, body, headers: { 'if-match': `"${read.revision}"` } } as never);
  await client.call(routes.publishDraft, { params });
}

beforeAll(async () => {
  harness = await openHarness();
  const [owner, depositor, member, curator, viewer, editor] = [
    await harness.member('olga', 'owner'),
    await harness.member('dora'),
    await harness.member('max'),
    await harness.member('cora', 'curator'),
    await harness.member('vera'),
    await harness.member('eddy'),
  ];
  sharedWith = [
    [viewer.user.id, 'view'],
    [editor.user.id, 'edit'],
  ];
  const reader = await harness.token(member.user.id, ['read']);
  const [leader, decider] = [await harness.member('lena'), await harness.member('dan')];
  leaderId = leader.user.id;
  deciderId = decider.user.id;
  credentials = {
    anonymous: undefined,
    member: member.cookie,
    reader,
    depositor: depositor.cookie,
    owner: owner.cookie,
    curator: curator.cookie,
    viewer: viewer.cookie,
    editor: editor.cookie,
    leader: leader.cookie,
    decider: decider.cookie,
    curating: await harness.token(curator.user.id, ['curate']),
    limited: await harness.token(depositor.user.id, ['deposit', 'curate'], { studies: ['MIC-999999'] }),
    link: undefined,
  };
  await publishOne(depositor.token);
  const { db } = harness.services;
  const team = await makeTeam(db, leaderId, 'Cells that move');
  await keepCommunity(db, 'cells', { title: 'Cells that move', text: '', website: '', colour: 'blue' }, team);
  await takeIn(accession);
  const madeBy = depositor.user.id;
  const link = { accession, version: 1, label: 'crawl', hidesNames: false, letsDownload: true, madeBy, days: 1 };
  credentials.link = (await makePrivateLink(db, link as never)).secret;
});
afterAll(() => harness.close());

/** The community of `leader` takes a study in. */
async function takeIn(study: string): Promise<void> {
  await sql`insert into community_study (slug, accession, state) values ('cells', ${study}, 'accepted')
    on conflict do nothing`.execute(harness.services.db);
}

/** A draft of the depositor, new for every question, so that no answer depends on the one before. */
async function newDraft(): Promise<string> {
  const answer = await harness.request(`${apiBase}/drafts`, { method: 'POST', as: credentials.depositor! });
  return (await answer.json()).id;
}

function address(name: RouteName, draft: string): string {
  const values: Record<string, string> = {
    accession,
    version: '1',
    dataset: `d-${item}`,
    item: routes[name].path.startsWith('/drafts') ? 'nosuchitem' : item,
    draft,
    id: /comments|edits/.test(routes[name].path) ? '1' : 'no-such-token',
    path: { getItemContent: 'tracks-0/objects.parquet', getNotebookRepository: 'HEAD' }[name as string] ?? 'tracks.csv',
    form: 'objects.csv',
    table: 'edges',
    user: 'nobody',
    archive: 'empiar',
    image: '0',
    plan: 'no-such-plan',
    requirement: 'R01',
    upload: 'no-such-upload',
    subject: 'default',
  };
  return apiBase + routes[name].path.replace(/\{(\w+)\}/g, (_all, key: string) => values[key]!);
}

test('the table names every route', () => {
  expect(Object.keys(expected).sort()).toEqual(Object.keys(routes).sort());
});

/** Asks a route as it stands in the table, with a request that is well-formed and changes as little as it can. */
async function ask(name: RouteName, asker: Asker, draft: string): Promise<Response> {
  const json = bodies[name] === undefined ? undefined : JSON.stringify(bodies[name]);
  const body = name === 'putDraftFile' ? csv : name === 'putDraftFiles' ? Buffer.from(tar) : json;
  const type = name === 'putDraftFiles' ? 'application/x-tar' : json === undefined ? undefined : 'application/json';
  return await harness.request(address(name, draft), {
    method: routes[name].method.toUpperCase(),
    ...(body === undefined ? {} : { body }),
    ...(type === undefined ? {} : { headers: { 'content-type': type } }),
    ...(credentials[asker] === undefined ? {} : { as: credentials[asker] }),
  });
}

for (const name of Object.keys(expected) as RouteName[]) {
  test(`${routes[name].method.toUpperCase()} ${routes[name].path}`, async () => {
    const got: Record<string, number> = {};
    for (const asker of askers) {
      // The open draft of a study is given back to whoever opened it: let each asker find none open but the depositor's own.
      const draft = routes[name].path.includes('{draft}') ? await newDraft() : '';
      const answer = await ask(name, asker, draft);
      got[asker] = answer.status;
      const documented = Object.keys(routes[name].responses).map(Number);
      if (answer.status >= 400) {
        expect(answer.headers.get('content-type')).toContain('application/problem+json');
        expect(await answer.json()).toMatchObject({ status: answer.status, code: expect.any(String) });
      } else expect(documented, `${name} answered ${answer.status}`).toContain(answer.status);
    }
    expect(got).toEqual(Object.fromEntries(askers.map((asker, index) => [asker, expected[name][index]])));
  });
}

/** Asks all routes below a path in one state, everybody; gives what was answered otherwise than expected. */
async function crawl(
  below: string,
  state: StudyState | ReviewState,
  ready: (answer?: Response, method?: string) => Promise<string>,
  who: readonly Asker[] = everybody,
): Promise<string[]> {
  const otherwise: string[] = [];
  let draft = await ready();
  for (const name of Object.keys(expected) as RouteName[]) {
    if (!routes[name].path.startsWith(below)) continue;
    for (const asker of who) {
      const answer = await ask(name, asker, draft);
      const wanted = expectedStatus(name, expected[name], asker, state);
      if (answer.status !== wanted) otherwise.push(`${state} ${name} ${asker}: ${answer.status}, expected ${wanted}`);
      await answer.body?.cancel();
      draft = await ready(answer, routes[name].method);
    }
  }
  return otherwise;
}

test('every route of studies, for everybody, in every state of a study', async () => {
  const { db } = harness.services;
  for (const [userId, access] of sharedWith) await share(db, accession, { userId }, access);
  await harness.services.access.name(accession, deciderId, true);
  const otherwise: string[] = [];
  for (const state of ['published', 'embargoed', 'controlled', 'withdrawn'] as const) {
    const ready = async (answer?: Response, method = '') => {
      if (answer && (method === 'get' || answer.status >= 400)) return '';
      harness.services.states['remembered'].forget(accession);
      await db.deleteFrom('study_state').where('accession', '=', accession).execute();
      await db.deleteFrom('access_request').where('accession', '=', accession).execute();
      await db.deleteFrom('draft').where('accession', '=', accession).execute();
      if (state !== 'published')
        await db
          .insertInto('study_state')
          .values({
            accession,
            state,
            until: state === 'embargoed' ? '2999-01-01' : null,
            reason: 'x',
            replaced_by: null,
            actor: 'x',
            archived: true,
          })
          .execute();
      return '';
    };
    otherwise.push(...(await crawl('/studies/{accession}', state, ready)));
  }
  await db.deleteFrom('study_state').where('accession', '=', accession).execute();
  harness.services.states['remembered'].forget(accession);
  expect(otherwise).toEqual([]);
});

/** Is a draft neither published nor discarded? */
const isOpen = async (draft: string) => (await harness.services.studies.getDraft(draft))?.state === 'editing';

test('every route of drafts, for everybody, in every state of review', async () => {
  const { db } = harness.services;
  const otherwise: string[] = [];
  for (const state of ['editing', 'submitted', 'in_review', 'changes_requested', 'approved'] as const) {
    let draft = '';
    const ready = async (answer?: Response, method = '') => {
      if (answer && (method === 'get' || answer.status >= 400)) return draft;
      // A file that was put is there for the next who asks.
      if (answer && method !== 'put' && (await reviewState(db, draft)) === state && (await isOpen(draft))) return draft;
      draft = await newDraft();
      const { accession: of } = (await harness.services.studies.getDraft(draft))!;
      for (const [userId, access] of sharedWith) await share(db, of, { userId }, access);
      await takeIn(of);
      if (state !== 'editing')
        await db.insertInto('draft_review').values({ draft_id: draft, state, assignee: null }).execute();
      return draft;
    };
    // What strangers are answered does not hang on how far a review has come: they are asked where most is open.
    const isAlike = state === 'submitted' || state === 'approved';
    otherwise.push(
      ...(await crawl(
        '/drafts/{draft}',
        state,
        ready,
        isAlike ? ['depositor', 'curator', 'editor', 'leader'] : everybody,
      )),
    );
  }
  expect(otherwise).toEqual([]);
});

test('every other route, for a curator and for those a study is shared with', async () => {
  const otherwise: string[] = [];
  for (const name of Object.keys(expected) as RouteName[]) {
    if (/^\/(studies\/\{accession|drafts\/\{draft)\}/.test(routes[name].path)) continue;
    for (const asker of everybody.slice(askers.length)) {
      const draft = routes[name].path.includes('{draft}') ? await newDraft() : '';
      const { status } = await ask(name, asker, draft);
      const wanted = expectedStatus(name, expected[name], asker, 'published');
      // All come from one address here, which may try so often and no more.
      if (status !== wanted && status !== 429) otherwise.push(`${name} ${asker}: ${status}, expected ${wanted}`);
    }
  }
  expect(otherwise).toEqual([]);
});

test('answers have the shapes the interface documents', async () => {
  for (const name of Object.keys(routes) as RouteName[]) {
    const route = routes[name];
    if (route.method !== 'get' || route.path.includes('{draft}')) continue;
    const answer = await harness.request(address(name, ''), { as: credentials.depositor! });
    const response = (
      route.responses as Record<number, { content?: Record<string, { schema: { parse?(value: unknown): unknown } }> }>
    )[answer.status];
    const schema = response?.content?.['application/json']?.schema;
    if (schema?.parse) schema.parse(await answer.json());
  }
  const draft = await newDraft();
  const answer = await harness.request(`${apiBase}/drafts/${draft}`, { as: credentials.depositor! });
  routes.getDraft.responses[200].content['application/json'].schema.parse(await answer.json());
});

test('a permission that is taken away is gone at once', async () => {
  const draft = await newDraft();
  const look = () => harness.request(`${apiBase}/drafts/${draft}`, { as: credentials.depositor! });
  expect((await look()).status).toBe(200);
  await harness.services.db.deleteFrom('auth_user').where('email', '=', 'dora@example.org').execute();
  expect((await look()).status).toBe(401);
});

test('no fault of the program was noted', () => {
  expect(harness.faults).toEqual([]);
});
