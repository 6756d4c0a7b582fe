import { routes } from '@micrarium/api';
import { makeOwnerToken } from '../../packages/server/src/auth/owner-link.ts';
import { makeReset } from '../../packages/server/src/auth/password-reset.ts';
import { completeMetadata } from './complete-metadata.ts';
import { type GoodRequest, type GoodRequests, idIn, longWord, team, type Things } from './fuzz-requests.ts';
import { fillDraft, trackTable as table } from './publish-study.ts';

/** Good requests of the routes of accounts, groups, plans and terms, and of those who run the installation. */
export function goodOfPeople(things: Things): GoodRequests {
  const { ask, people, fresh, harness, accession } = things;
  const { owner, dora, max } = people;
  const { db } = harness.services;
  const mail = () => `${fresh('p').replace(' ', '')}@example.org`;
  const invitation = async () => await ask(owner, 'POST', '/admin/invitations', { role: 'member' });
  const plan = async () => {
    const made = await ask(dora.cookie, 'POST', '/plans', { document: planDocument(fresh('How cells wander')) });
    return { plan: idIn(made['plan']) };
  };
  const hook = () => ({ target: `https://hooks.invalid/${fresh('x').replace(' ', '')}`, events: 'notices' });
  return {
    welcome: async () => ({
      body: { token: await makeOwnerToken(db), name: 'x', email: mail(), password: longWord },
    }),
    removePasskey: async () => {
      const id = fresh('key');
      await db
        .insertInto('auth_passkey')
        .values({
          id,
          name: 'x',
          publicKey: 'x',
          userId: dora.id,
          credentialID: id,
          counter: 0,
          deviceType: 'x',
          backedUp: false,
        } as never)
        .execute();
      return { ids: { id }, as: dora.cookie };
    },
    createToken: () => ({ body: { name: 't', scopes: ['read'], expiresInDays: 1 }, as: dora.cookie }),
    deleteToken: async () => {
      const body = { name: 't', scopes: ['read'], expiresInDays: 1 };
      const made = await ask(max.cookie, 'POST', '/tokens', body);
      return { ids: { id: idIn(made) }, as: max.cookie };
    },
    invite: () => ({ body: { role: 'member', email: mail() } }),
    takeBackInvitation: async () => {
      const made = await invitation();
      return { ids: { id: idIn(made) } };
    },
    acceptInvitation: async () => {
      const made = await invitation();
      const token = String(made['link'] ?? made['secret'])
        .split('=')
        .at(-1);
      return { body: { token, name: 'x', email: mail(), password: longWord }, as: undefined };
    },
    changePerson: async () => {
      const { user } = await harness.member(fresh('m').replace(' ', ''));
      return { ids: { id: user.id }, body: { role: 'curator' } };
    },
    makeTeam: () => ({ body: { name: fresh('Lab') }, as: dora.cookie }),
    addTeamMember: async () => ({
      ids: { id: await team(things) },
      body: { email: 'max@example.org' },
      as: dora.cookie,
    }),
    removeTeamMember: async () => {
      const id = await team(things);
      await ask(dora.cookie, 'POST', `/groups/${id}/members`, { email: 'max@example.org' });
      return { ids: { id, user: max.id }, as: dora.cookie };
    },
    leadTeam: async () => {
      const id = await team(things);
      await ask(dora.cookie, 'POST', `/groups/${id}/members`, { email: 'max@example.org' });
      return { ids: { id, user: max.id }, body: { leads: true }, as: dora.cookie };
    },
    resetPassword: async () => {
      const { user } = await harness.member(fresh('r').replace(' ', ''));
      return { body: { token: await makeReset(db, user.id), password: `${longWord} more` }, as: undefined };
    },
    changePassword: async () => {
      const { cookie } = await harness.member(fresh('c').replace(' ', ''));
      return { body: { current: 'correct horse battery', password: `${longWord} more` }, as: cookie };
    },
    endSession: async () => {
      const name = fresh('s').replace(' ', '');
      const { cookie } = await harness.member(name);
      await harness.services.accounts.signIn(`${name}@example.org`, 'correct horse battery');
      const { sessions } = (await ask(cookie, 'GET', '/me/sessions')) as { sessions: { id: string }[] };
      return { ids: { id: sessions.at(-1)!.id }, as: cookie };
    },
    eraseMe: async () => {
      const name = fresh('gone').replace(' ', '');
      const { cookie } = await harness.member(name);
      return { body: { email: `${name}@example.org`, password: 'correct horse battery' }, as: cookie };
    },
    keepDescription: () => ({
      body: { kind: 'microscope', name: fresh('FV10i'), values: { microscope: 'Olympus' } },
      as: dora.cookie,
    }),
    dropDescription: async () => {
      const body = { kind: 'microscope', name: fresh('FV10i'), values: { microscope: 'Olympus' } };
      const made = await ask(max.cookie, 'POST', '/descriptions', body);
      return { ids: { id: idIn(made) }, as: max.cookie };
    },
    lookUpPublication: () => ({ query: { id: '10.1234/abc' }, as: dora.cookie }),
    getTerm: async () => {
      const { terms } = (await ask(dora.cookie, 'GET', '/terms?q=mouse')) as { terms: { id: string }[] };
      return { ids: { id: terms[0]?.id ?? 'NCBITaxon:10090' } };
    },
    listTermsBelow: () => ({ query: { prefix: 'FBbi' } }),
    searchTerms: () => ({ query: { q: 'mouse', limit: '5' } }),
    readNotices: () => ({ body: { ids: [1] }, as: dora.cookie }),
    chooseNotices: () => ({ body: { kind: 'published', choice: 'mail' }, as: dora.cookie }),
    makeWebhook: () => ({ body: hook(), as: dora.cookie }),
    removeWebhook: async () => {
      const made = await ask(max.cookie, 'POST', '/account/webhooks', hook());
      return { ids: { id: idIn(made) }, as: max.cookie };
    },
    listPrivateLinks: () => ({ as: dora.cookie }),
    getTransfer: () => ({ as: dora.cookie }),
    getProfile: () => ({ ids: { id: dora.id } }),
    addPlan: () => ({ body: { document: planDocument(fresh('Plan')) }, as: dora.cookie }),
    getPlan: async () => ({ ids: await plan(), as: dora.cookie }),
    getPlanDocument: async () => ({ ids: await plan(), as: dora.cookie }),
    addPlanStudy: async () => ({ ids: await plan(), body: { accession }, as: dora.cookie }),
    reservePlan: async () => ({
      ids: await plan(),
      body: { bytes: 1000, releaseOn: '2099-01-01', note: 'x' },
      as: people.curator,
    }),
    removePlan: async () => ({ ids: await plan(), as: dora.cookie }),
    setQuota: () => ({ ids: { subject: 'default' }, body: { limit: 'none' } }),
    listAudit: () => ({ query: { limit: '5' } }),
    answerAssessment: () => ({ body: { text: 'We keep data of cells', rating: 'in-progress' } }),
    getFixity: () => ({}),
    getOverview: () => ({}),
    confirmClock: () => ({}),
    getMail: () => ({}),
    listQuotas: () => ({}),
    getUsage: () => ({ query: { months: '3' } }),
    getAssessment: () => ({ query: { lang: 'ja' } }),
    commentAddition: async () => await addition(things),
  };
}

/** Somebody's annotation of a study, published, for its owner to say something about. */
async function addition({ harness, people, ask, accession, fresh }: Things): Promise<GoodRequest> {
  const { dora, max } = people;
  const body = { kind: 'annotates', title: fresh('Labels') };
  const begun = await ask(max.cookie, 'POST', `/studies/${accession}/additions`, body);
  const draft = String(begun['draft'] ?? idIn(begun));
  await fillDraft(harness, max.token, draft, { 'labels.csv': table });
  const client = harness.client(max.token);
  const { revision, metadata, accession: made } = await client.call(routes.getDraft, { params: { draft } });
  await client.call(routes.saveDraft, {
    params: { draft },
    body: {
      metadata: { ...metadata, values: { ...completeMetadata(body.title).values, ...metadata.values } },
    },
    headers: { 'if-match': `"${revision}"` },
  } as never);
  await client.call(routes.publishDraft, { params: { draft } });
  return { ids: { accession, addition: made }, body: { text: 'Thank you' }, as: dora.cookie };
}

const planDocument = (title: string) => ({
  dmp: {
    title,
    language: 'eng',
    created: '2026-01-01T00:00:00Z',
    modified: '2026-01-01T00:00:00Z',
    dmp_id: { identifier: `https://doi.org/10.5072/${title.replaceAll(' ', '-')}`, type: 'doi' },
    ethical_issues_exist: 'no',
    contact: {
      name: 'Hanako Yamada',
      mbox: 'hanako@example.org',
      contact_id: { identifier: 'https://orcid.org/0000-0002-1825-0097', type: 'orcid' },
    },
    dataset: [
      {
        title: 'Films',
        dataset_id: { identifier: '1', type: 'other' },
        personal_data: 'no',
        sensitive_data: 'no',
      },
    ],
  },
});
