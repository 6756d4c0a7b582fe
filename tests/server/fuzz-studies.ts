import { routes } from '@micrarium/api';
import { type GoodRequests, idIn, soon, team, type Things } from './fuzz-requests.ts';

/** Good requests of the routes of what is published, and of what people do with it. */
export function goodOfStudies(things: Things): GoodRequests {
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
