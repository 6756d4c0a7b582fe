import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { apiBase, routes } from '@micrarium/api';
import { tarOf } from '@micrarium/formats';
import { makeOwnerToken } from '../../packages/server/src/auth/owner-link.ts';
import { makeReset } from '../../packages/server/src/auth/password-reset.ts';
import { completeMetadata } from './complete-metadata.ts';
import type { Harness } from './harness.ts';
import { describeDraft, fillDraft, publishNext, publishStudy, trackTable } from './publish-study.ts';

/** A request that the server does as it asks: what is made wrong is made wrong in one of these, so that it comes past the door. */
export interface GoodRequest {
  /** Parameters of the path. */
  ids?: Record<string, string>;
  query?: Record<string, string>;
  body?: unknown;
  /** Bytes that are no JSON. */
  bytes?: { type: string; data: Uint8Array };
  /** Who may ask; left out, the owner of the installation. */
  as?: string | undefined;
}

type RouteName = keyof typeof routes;

/** Routes that need somebody outside, with where they are tried with one that is faithful. */
export const notReached: Partial<Record<RouteName, string>> = {
  reserveDoi: 'a registrar: tests/server/dois.test.ts',
  askStudyDoi: 'a registrar: tests/server/dois.test.ts',
  compareDois: 'a registrar: tests/server/dois.test.ts',
  tellDoisAgain: 'a registrar: tests/server/dois.test.ts',
  acceptTerms: 'terms that changed: tests/server/levels-of-access.test.ts',
  askAddressCheck: 'a mail server: tests/server/sessions.test.ts',
  confirmAddress: 'a mail server: tests/server/sessions.test.ts',
  unlinkIdentity: 'a provider of sign-in: tests/server/sessions.test.ts',
  askStudyChange: 'two curators: tests/server/life.test.ts',
  decideStudyAsk: 'two curators: tests/server/life.test.ts',
  decideReviewEdit: 'a review with edits in place: tests/server/life.test.ts',
  reopenReviewComment: 'a review with settled comments: tests/server/life.test.ts',
  setPublicationDay: 'a review that ended: tests/server/life.test.ts',
  tickChecklist: 'a review that somebody took: tests/server/life.test.ts',
  askPasswordReset: 'a mail server: tests/server/notices.test.ts',
  tryMail: 'a mail server: tests/server/notices.test.ts',
  openQuestion: 'a mail server: tests/server/readers.test.ts',
  confirmSecondFactor: 'codes by the clock: tests/server/people.test.ts',
  endSecondFactor: 'codes by the clock: tests/server/people.test.ts',
  welcome: 'an installation without an owner: tests/server/people.test.ts',
  decidePrivacy: 'labels in a file of a microscope: tests/server/access.test.ts',
  stripItem: 'a file with tags of persons: tests/server/stripped-files.test.ts',
  getTerm: 'vocabularies: tests/server/vocabulary.test.ts',
  getCoco: 'objects paired with a film: packages/repository/src/training-exports.test.ts',
  getTrainingZarr: 'a film: packages/repository/src/training-zarr.test.ts',
};

/** What is there to be asked about, and by whom. */
export interface FuzzWorld {
  askers: (string | undefined)[];
  /** Who asks where a good request does not say it. */
  asker(name: RouteName): string;
  good: Partial<Record<RouteName, () => Promise<GoodRequest> | GoodRequest>>;
  /** Parameters of paths that no good request says. */
  ids(name: RouteName): Promise<Record<string, string>>;
  /** What `If-Match` says of a draft as it is now. */
  revision(ids: Readonly<Record<string, string>>): Promise<string>;
  /** Puts back what requests may have changed for all that come later. */
  mend(): Promise<void>;
}

/** Settings that more routes answer with. */
export function fuzzEnvironment(folder: string): Record<string, string> {
  return { MICRARIUM_DROP_FOLDER: folder };
}

/** A day that is neither past nor far away. */
const soon = new Date(Date.now() + 20 * 86_400_000).toISOString().slice(0, 10);
const longWord = 'long enough to be one';
const table = trackTable;

interface People {
  owner: string;
  curator: string;
  dora: { cookie: string; token: string; id: string };
  max: { cookie: string; token: string; id: string };
  reader: string;
}

/** Asks, and says the answer's JSON. @throws where it is refused, for then the world is not what the requests suppose */
type Ask = (as: string, method: string, path: string, body?: unknown) => Promise<Record<string, unknown>>;

function asking(harness: Harness): Ask {
  return async (as, method, path, body) => {
    const sent =
      body === undefined ? {} : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } };
    const answer = await harness.request(`${apiBase}${path}`, { method, as, ...sent });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${text}`);
    return text === '' ? {} : (JSON.parse(text) as Record<string, unknown>);
  };
}

/** The id that an answer tells first, at whatever depth: of what was made just now. */
function idIn(answer: unknown): string {
  if (typeof answer !== 'object' || answer === null) return '';
  const { id } = answer as { id?: string | number };
  if (id !== undefined) return String(id);
  return (
    Object.values(answer)
      .map(idIn)
      .find((found) => found !== '') ?? ''
  );
}

/** A study whose data set says values of its own, published. */
async function publishWith(
  harness: Harness,
  token: string,
  title: string,
  values: Readonly<Record<string, string>>,
): Promise<{ accession: string; item: string; dataset: string }> {
  const client = harness.client(token);
  const { id, accession } = await client.call(routes.createDraft, {});
  await fillDraft(harness, token, id, { 'tracks.csv': table });
  const { revision, items } = await client.call(routes.getDraft, { params: { draft: id } });
  const item = items[0]!.id;
  const metadata = completeMetadata(title);
  for (const [field, value] of Object.entries(values)) metadata.values[`${field}@d-${item}`] = value;
  await client.call(routes.saveDraft, {
    params: { draft: id },
    body: { metadata },
    headers: { 'if-match': `"${revision}"` },
  } as never);
  await client.call(routes.publishDraft, { params: { draft: id } });
  return { accession, item, dataset: `d-${item}` };
}

/** Makes studies in every kind of state, people, and a good request of each route. */
export async function makeFuzzWorld(harness: Harness): Promise<FuzzWorld> {
  const ask = asking(harness);
  const { db } = harness.services;
  const [olga, dora, cora, max] = [
    await harness.member('olga', 'owner'),
    await harness.member('dora'),
    await harness.member('cora', 'curator'),
    await harness.member('max'),
  ];
  const people: People = {
    owner: olga.cookie,
    curator: cora.cookie,
    dora: { cookie: dora.cookie, token: dora.token, id: dora.user.id },
    max: { cookie: max.cookie, token: max.token, id: max.user.id },
    reader: await harness.token(dora.user.id, ['read']),
  };
  const accession = await publishStudy(harness, dora.token, 'Fuzzed');
  await publishNext(harness, dora.token, accession, 'Fuzzed', { 'more.csv': table.replace('4,3', '5,3') });
  const truth = await publishWith(harness, dora.token, 'Ground truth', {
    challengeMetric: 'particle tracking',
    challengeGate: '4',
    split: 'test',
  });
  const training = await publishWith(harness, dora.token, 'Training', { split: 'train', trainingTask: 'tracking' });
  const result = await publishWith(harness, max.token, 'A method', {});
  const closed = await closedStudy(harness, ask, dora.token);
  const item = (await ask(dora.token, 'GET', `/studies/${accession}/versions/1`))['items'] as { id: string }[];
  let count = 0;
  const fresh = (word: string) => `${word} ${++count}`;
  const newDraft = async (title = 'A draft') => {
    const { id } = await harness.client(dora.token).call(routes.createDraft, {});
    await fillDraft(harness, dora.token, id, { 'tracks.csv': table });
    await describeDraft(harness, dora.token, id, title);
    const found = await harness.client(dora.token).call(routes.getDraft, { params: { draft: id } });
    return { draft: id, item: found.items[0]!.id, revision: String(found.revision) };
  };
  let current = await newDraft();
  const things: Things = {
    harness,
    ask,
    people,
    accession,
    item: item[0]!.id,
    truth,
    training,
    result,
    closed,
    fresh,
    newDraft,
    current: () => current,
  };
  return {
    askers: [
      undefined,
      people.owner,
      people.owner,
      people.dora.cookie,
      people.dora.cookie,
      people.dora.token,
      people.curator,
      people.reader,
    ],
    asker: (name) => (routes[name].path.startsWith('/drafts') ? people.dora.cookie : people.owner),
    async revision({ draft }) {
      const row = draft === undefined ? undefined : await harness.services.studies.getDraft(draft);
      return `"${row?.revision ?? 1}"`;
    },
    good: { ...goodOfStudies(things), ...goodOfDrafts(things), ...goodOfPeople(things) },
    async ids(name) {
      const isOfDraft = routes[name].path.startsWith('/drafts');
      if (isOfDraft) {
        const row = await harness.services.studies.getDraft(current.draft);
        if (!row || row.state !== 'editing') current = await newDraft();
      }
      const ofDraft = { draft: current.draft, item: current.item };
      const ofStudy = { accession, item: things.item, dataset: `d-${things.item}` };
      const rest = { version: '1', form: 'objects.csv', path: 'tracks.csv', id: '1', image: '0', archive: 'empiar' };
      return { ...ofDraft, ...ofStudy, ...(isOfDraft ? ofDraft : {}), ...rest, requirement: 'R01', subject: 'default' };
    },
    async mend() {
      // The owner of the installation may just have withdrawn it: then nothing behind its state would be tried any more.
      await db.deleteFrom('study_state').where('accession', 'in', [accession, truth.accession]).execute();
      harness.services.states['remembered'].forget(accession);
      // A limit of next to nothing; questions and reports of one person, of which there may be so many a day.
      for (const table of ['storage_quota', 'study_question', 'study_reuse'] as const)
        await db.deleteFrom(table).execute();
    },
  };
}

/** A study whose files are given on request. */
async function closedStudy(harness: Harness, ask: Ask, token: string): Promise<string> {
  const { id, accession } = await harness.client(token).call(routes.createDraft, {});
  await fillDraft(harness, token, id, { 'tracks.csv': table });
  await describeDraft(harness, token, id, 'On request');
  await ask(token, 'PUT', `/drafts/${id}/access`, {
    access: 'controlled',
    human: false,
    identifiable: false,
    consent: 'none',
    ethics: '',
    terms: 'To be cited, and to be given to nobody else.',
  });
  await harness.client(token).call(routes.publishDraft, { params: { draft: id } });
  return accession;
}

interface Things {
  harness: Harness;
  ask: Ask;
  people: People;
  accession: string;
  item: string;
  truth: { accession: string; item: string; dataset: string };
  training: { accession: string; item: string; dataset: string };
  result: { accession: string; item: string; dataset: string };
  closed: string;
  fresh(word: string): string;
  newDraft(title?: string): Promise<{ draft: string; item: string; revision: string }>;
  current(): { draft: string; item: string };
}

type Good = FuzzWorld['good'];

/** A new group of dora's. */
async function team({ ask, people, fresh }: Things): Promise<string> {
  return idIn(await ask(people.dora.cookie, 'POST', '/groups', { name: fresh('Lab') }));
}

function goodOfStudies(things: Things): Good {
  const { ask, people, accession, item, truth, training, result, closed, fresh } = things;
  const { owner, curator, dora, max } = people;
  const ofTraining = { accession: training.accession, version: '1', dataset: training.dataset };
  const submission = {
    label: 'LoG',
    study: result.accession,
    results: [{ reference: truth.dataset, dataset: result.dataset }],
  };
  const asked = async () => {
    await things.harness.services.db.deleteFrom('access_request').where('accession', '=', closed).execute();
    const body = { purpose: 'To look at cells of people', institution: 'A lab', agrees: true };
    const made = await ask(max.cookie, 'POST', `/studies/${closed}/access/requests`, body);
    return { accession: closed, id: idIn(made) };
  };
  const question = async () => {
    await ask(max.cookie, 'POST', `/studies/${accession}/questions`, { text: fresh('Which dye is it?') });
    const { db } = things.harness.services;
    const row = await db.selectFrom('study_question').select('id').orderBy('asked_at', 'desc').executeTakeFirst();
    return { accession, id: row!.id };
  };
  const reuse = async () => {
    const body = { kind: 'paper', identifier: `10.5072/${fresh('x').replace(' ', '')}`, title: 'A paper' };
    return { accession, id: idIn(await ask(max.cookie, 'POST', `/studies/${accession}/reuse`, body)) };
  };
  const collection = async () => {
    const body = { title: fresh('Cells that turn'), studies: [] };
    return idIn(await ask(dora.cookie, 'POST', '/collections', body));
  };
  const community = async () => {
    const group = await team(things);
    const slug = fresh('lab').replace(' ', '-');
    await ask(dora.cookie, 'PUT', `/communities/${slug}`, { title: fresh('A community'), group });
    return slug;
  };
  const submitted = async () => {
    const slug = await community();
    await ask(dora.cookie, 'POST', `/communities/${slug}/studies/${accession}`);
    return { slug, accession };
  };
  const query = async () => {
    const body = { title: fresh('How many'), statement: 'select count(*) from studies' };
    return { ids: { id: idIn(await ask(dora.cookie, 'POST', '/queries', body)) } };
  };
  return {
    searchStudies: () => ({ query: { q: 'Fuzzed', sort: 'newest' } }),
    searchImages: () => ({ query: { q: 'Fuzzed', limit: '5' } }),
    getVersion: () => ({ ids: { version: '1' } }),
    listFiles: () => ({ query: { limit: '5' } }),
    getItemContent: () => ({ ids: { path: 'tracks-0/objects.parquet' } }),
    listObjects: () => ({ query: { limit: '5', fromFrame: '0', toFrame: '3', format: 'csv' } }),
    listRows: () => ({ ids: { table: 'edges' }, query: { limit: '5' } }),
    submitResult: () => ({ ids: { accession: truth.accession }, body: submission, as: max.cookie }),
    withdrawResult: async () => {
      const at = `/studies/${truth.accession}/challenge/submissions`;
      const made = await ask(max.cookie, 'POST', at, submission);
      return { ids: { accession: truth.accession, id: idIn(made) }, as: max.cookie };
    },
    compareResults: () => ({
      query: { set: [truth, result].map((one) => `${one.accession}/1/${one.item}/0`).join('&set='), gate: '2' },
    }),
    getCroissant: () => ({ ids: ofTraining }),
    getCoco: () => ({ ids: ofTraining }),
    getTrainingZarr: () => ({ ids: ofTraining }),
    exploreSets: () => ({ query: { limit: '5', organism: 'Mus musculus' } }),
    runSql: () => ({ body: { statement: 'select count(*) from studies', limit: 5, format: 'csv' } }),
    getSql: () => ({ query: { q: 'select count(*) from studies', format: 'json' } }),
    saveQuery: () => ({
      body: { title: fresh('How many'), statement: 'select count(*) from studies' },
      as: dora.cookie,
    }),
    getQuery: query,
    runQuery: query,
    citeQuery: query,
    listImages: () => ({ query: { limit: '5' } }),
    getImageAnnotations: () => ({ ids: { image: '0' } }),
    getNotebook: () => ({ query: { lang: 'en' } }),
    getNotebookRepository: () => ({ ids: { path: 'HEAD' } }),
    newDraftVersion: () => ({ as: dora.cookie }),
    // Not the study that others need the open draft of.
    promoteStudy: () => ({ ids: { accession: result.accession } }),
    // Bytes that no other study has: those of the table are in every draft.
    setQuarantine: () => ({
      body: { version: 2, path: 'more.csv', isHeld: true, reason: 'A scanner found something' },
    }),
    setStudyState: () => ({ body: { state: 'withdrawn', reason: 'Consent withdrawn' } }),
    makePrivateLink: async () => {
      const draft = await things.harness.client(dora.token).call(routes.newDraftVersion, { params: { accession } });
      return { body: { version: draft.version, label: 'x', days: 3 }, as: dora.cookie };
    },
    revokePrivateLink: async () => {
      const { version } = await things.harness
        .client(dora.token)
        .call(routes.newDraftVersion, { params: { accession } });
      const made = await ask(dora.cookie, 'POST', `/studies/${accession}/private-links`, { version });
      return { ids: { accession, id: idIn(made) }, as: dora.cookie };
    },
    liftEmbargo: async () => {
      const { db, states } = things.harness.services;
      await db.deleteFrom('study_state').where('accession', '=', accession).execute();
      const row = { accession, state: 'embargoed' as const, until: soon, reason: 'x', replaced_by: null };
      await db
        .insertInto('study_state')
        .values({ ...row, actor: dora.id, archived: true })
        .execute();
      states['remembered'].forget(accession);
      return { as: owner };
    },
    getVersionChanges: () => ({ ids: { version: '2' } }),
    askAccess: async () => {
      await things.harness.services.db.deleteFrom('access_request').where('accession', '=', closed).execute();
      return {
        ids: { accession: closed },
        body: { purpose: 'To look at cells of people', institution: 'A lab', agrees: true },
        as: max.cookie,
      };
    },
    decideAccess: async () => ({ ids: await asked(), body: { state: 'granted', reason: 'x' }, as: dora.cookie }),
    getPermission: async () => {
      const ids = await asked();
      await ask(dora.cookie, 'PUT', `/studies/${closed}/access/requests/${ids.id}`, { state: 'granted' });
      return { ids, as: max.cookie };
    },
    sayOfAccess: async () => ({ ids: await asked(), body: { text: 'Which cells?' }, as: max.cookie }),
    withdrawAccess: async () => ({ ids: await asked(), as: max.cookie }),
    nameDecider: () => ({ ids: { accession: closed }, body: { email: 'max@example.org' }, as: dora.cookie }),
    removeDecider: () => ({ ids: { accession: closed, user: max.id }, as: dora.cookie }),
    openInEmergency: async () => {
      await things.harness.services.db.deleteFrom('access_request').where('accession', '=', closed).execute();
      return { ids: { accession: closed }, body: { reason: 'Somebody must look at it now' }, as: owner };
    },
    declareSafe: () => ({
      ids: { accession: closed },
      body: { item: 'aaaaaaaaaaaa', kind: 'pictures', isSafe: false },
      as: owner,
    }),
    setBadge: () => ({ body: { isHidden: false }, as: owner }),
    askQuestion: () => ({ body: { text: fresh('Which dye?') }, as: max.cookie }),
    answerQuestion: async () => ({ ids: await question(), body: { text: 'It is GFP.' }, as: dora.cookie }),
    agreeToQuestion: async () => ({ ids: await question(), body: { agrees: true }, as: max.cookie }),
    removeQuestion: async () => ({ ids: await question(), as: max.cookie }),
    makeCuratorRequest: async () => {
      await things.harness.services.db.deleteFrom('curator_request').execute();
      return { body: { kind: 'originals', text: 'Send the LIF', due: soon }, as: curator };
    },
    closeCuratorRequest: async () => {
      await things.harness.services.db.deleteFrom('curator_request').execute();
      const at = `/studies/${accession}/curator-requests`;
      await ask(curator, 'POST', at, { kind: 'originals', text: 'Send it', due: soon });
      return { ids: { accession, id: idIn(await ask(curator, 'GET', at)) }, body: { state: 'done' }, as: dora.cookie };
    },
    reportReuse: () => ({
      body: { kind: 'paper', identifier: `10.5072/${fresh('y').replace(' ', '')}`, title: 'A paper' },
      as: max.cookie,
    }),
    decideReuse: async () => ({ ids: await reuse(), body: { state: 'confirmed' }, as: dora.cookie }),
    removeReuse: async () => ({ ids: await reuse(), as: max.cookie }),
    offerTransfer: async () => {
      await things.harness.services.db.deleteFrom('study_transfer').execute();
      return { body: { email: 'max@example.org', text: 'Yours now' }, as: dora.cookie };
    },
    answerTransfer: async () => {
      await things.harness.services.db.deleteFrom('study_transfer').execute();
      const made = await ask(dora.cookie, 'POST', `/studies/${accession}/transfer`, { email: 'max@example.org' });
      return { ids: { accession, id: idIn(made) }, body: { state: 'withdrawn' }, as: dora.cookie };
    },
    createCollection: () => ({ body: { title: fresh('Turning'), studies: [{ accession }] }, as: dora.cookie }),
    getCollection: async () => ({ ids: { id: await collection() } }),
    saveCollection: async () => ({
      ids: { id: await collection() },
      body: { title: fresh('Turning'), text: '*x*', studies: [{ accession }] },
      as: dora.cookie,
    }),
    removeCollection: async () => ({ ids: { id: await collection() }, as: dora.cookie }),
    getCommunity: async () => ({ ids: { slug: await community() } }),
    saveCommunity: async () => {
      const group = await team(things);
      const slug = fresh('lab').replace(' ', '-');
      return { ids: { slug }, body: { title: fresh('A community'), group, colour: 'teal' }, as: dora.cookie };
    },
    submitToCommunity: async () => ({ ids: { slug: await community(), accession }, as: dora.cookie }),
    decideForCommunity: async () => ({ ids: await submitted(), body: { state: 'accepted' }, as: dora.cookie }),
    takeOutOfCommunity: async () => ({ ids: await submitted(), as: dora.cookie }),
    recordSentOn: () => ({ ids: { archive: 'empiar' }, body: { accession: 'EMPIAR-12345' }, as: dora.cookie }),
    checkSendOn: () => ({ ids: { archive: 'empiar' } }),
    getSendOnPackage: () => ({ ids: { archive: 'empiar' } }),
    getCitation: () => ({ query: { format: 'ris' } }),
    listSimilar: () => ({ query: { set: `${item}/0` } }),
    getMeasures: () => ({ query: { part: '0' } }),
    exportItem: () => ({ ids: { form: 'objects.csv' } }),
  };
}

function goodOfDrafts(things: Things): Good {
  const { ask, people, newDraft, fresh, harness } = things;
  const { owner, curator, dora } = people;
  const as = dora.cookie;
  const drop = harness.kernel.config.dropFolder;
  const dropped = () => {
    const folder = join(drop!, 'dora@example.org');
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, 'dropped.csv'), table);
  };
  // What people can be recognised in is reviewed on every server.
  const ofPeople = async () => {
    const { draft } = await newDraft();
    await ask(as, 'PUT', `/drafts/${draft}/access`, {
      access: 'controlled',
      human: true,
      identifiable: true,
      consent: 'research',
      ethics: 'Ethics board of the lab, 12/2026',
      terms: 'To be cited, and to be given to nobody else.',
    });
    return draft;
  };
  const submitted = async () => {
    const draft = await ofPeople();
    await ask(as, 'POST', `/drafts/${draft}/review`, { step: 'submit' });
    return draft;
  };
  const emptyDraft = async () => (await harness.client(dora.token).call(routes.createDraft, {})).id;
  const shared = async () => {
    const draft = await emptyDraft();
    await ask(as, 'POST', `/drafts/${draft}/shares`, { email: 'max@example.org', access: 'view' });
    const { shares } = (await ask(as, 'GET', `/drafts/${draft}/shares`)) as { shares: { id: string }[] };
    return { draft, id: shares[0]!.id };
  };
  const zeros = '0'.repeat(64);
  const reference = (path: string) => ({ path, url: 'https://example.org/a.nd2', size: 5, sha256: zeros });
  return {
    listDrafts: () => ({ query: { limit: '5' }, as }),
    saveDraft: () => ({
      body: {
        metadata: { values: { title: fresh('Cells'), description: 'They move' }, origins: {} },
        pairs: [],
        note: 'Said anew',
        datasetTitles: {},
      },
      as,
    }),
    expectFiles: () => ({ body: { files: [{ path: `${fresh('film')}.tif`, size: 10 }] }, as }),
    listDraftFiles: () => ({ query: { limit: '5' }, as }),
    getDraftFile: () => ({ ids: { path: 'tracks.csv' }, as }),
    putDraftFile: () => ({
      ids: { path: `${fresh('more')}.csv` },
      bytes: { type: 'application/octet-stream', data: new TextEncoder().encode(table) },
      as,
    }),
    putDraftFiles: () => ({
      bytes: {
        type: 'application/x-tar',
        data: tarOf([{ path: `${fresh('notes')}.csv`, bytes: new TextEncoder().encode(table) }]),
      },
      as,
    }),
    getDraftItemContent: () => ({ ids: { path: 'tracks-0/objects.parquet' }, as }),
    setItemMapping: () => ({ body: { x: 'x', y: 'y' }, as }),
    decidePrivacy: () => ({ body: { rawText: 'accepted' }, as }),
    publishDraft: async () => ({ ids: await newDraft(fresh('Published')), as }),
    listImport: () => {
      dropped();
      return { body: { kind: 'drop-folder' }, as };
    },
    startImport: async () => {
      dropped();
      const draft = await emptyDraft();
      return { ids: { draft }, body: { source: { kind: 'drop-folder' }, files: [{ path: 'dropped.csv' }] }, as };
    },
    addReferences: () => ({ body: { references: [reference(`raw/${fresh('a')}.nd2`)] }, as }),
    shareDraft: () => ({ body: { email: 'max@example.org', access: 'edit' }, as }),
    unshareDraft: async () => ({ ids: await shared(), as }),
    takeReviewStep: async () => ({ ids: { draft: await ofPeople() }, body: { step: 'submit' }, as }),
    assignReview: async () => ({
      ids: { draft: await submitted() },
      body: { curator: ((await ask(curator, 'GET', '/me'))['user'] as { id: string }).id },
      as: curator,
    }),
    addReviewComment: () => ({ body: { text: fresh('Which dye?'), field: 'title' }, as }),
    settleReviewComment: async () => {
      const draft = await submitted();
      await ask(curator, 'POST', `/drafts/${draft}/review`, { step: 'claim' });
      await ask(curator, 'POST', `/drafts/${draft}/review/comments`, { text: 'Which dye?', mustFix: true });
      const { comments } = (await ask(curator, 'GET', `/drafts/${draft}/review`)) as { comments: { id: number }[] };
      return { ids: { draft, id: String(comments[0]!.id) }, as: curator };
    },
    takeDraftBack: async () => {
      const draft = await emptyDraft();
      await ask(as, 'DELETE', `/drafts/${draft}`);
      return { ids: { draft }, as };
    },
    getUploadParts: async () => {
      const draft = await emptyDraft();
      const path = `${fresh('part')}.bin`;
      await ask(as, 'POST', `/drafts/${draft}/files`, { files: [{ path, size: 8 }] });
      const of = (text: string) => Buffer.from(text).toString('base64');
      const headers = {
        'tus-resumable': '1.0.0',
        'upload-length': '8',
        'upload-metadata': `draft ${of(draft)},path ${of(path)}`,
      };
      const made = await harness.request(`${apiBase}/uploads`, { method: 'POST', headers, as });
      const upload = made.headers.get('location')!.split('/').at(-1)!;
      return { ids: { upload, id: upload }, as };
    },
    getDraftChanges: async () => {
      const { accession } = things;
      const { id } = await harness.client(dora.token).call(routes.newDraftVersion, { params: { accession } });
      return { ids: { draft: id }, as };
    },
    setDeclaration: () => ({
      body: { access: 'open', human: false, identifiable: false, consent: 'none', ethics: '', terms: '' },
      as,
    }),
    setRelease: () => ({ body: { embargoUntil: soon }, as }),
    beginAddition: () => ({ body: { kind: 'annotates', title: fresh('Labels') }, as: owner }),
  };
}

function goodOfPeople(things: Things): Good {
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
