import { apiBase, routes } from '@micrarium/api';
import { fileTree, memorySource, openZip } from '@micrarium/formats';
import { checkBag } from '@micrarium/repository';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readConfig } from '../../packages/server/src/config.ts';
import { rebuild } from '../../packages/server/src/maintenance/rebuild.ts';
import { withoutAccounts } from './landing-text.ts';
import { completeMetadata } from './complete-metadata.ts';
import { makeDatabase } from './make-database.ts';
import { type Harness, openHarness, origin } from './harness.ts';
import type { LocalRegistrar } from './local-registrar.ts';
import { describeDraft, fillDraft, publishNext, trackTable } from './publish-study.ts';
import { firstRegistered, inMinutes, openRegisteringHarness, type RegisteringHarness } from './registered-studies.ts';

const related = (relatedIdentifier: string, relationType: string) => ({
  relatedIdentifier,
  relatedIdentifierType: 'DOI',
  relationType,
});
let registrar: LocalRegistrar;
let harness: Harness;
let dora: RegisteringHarness['dora'];
let environment: Record<string, string>;
let opened: RegisteringHarness;
beforeAll(async () => {
  opened = await openRegisteringHarness();
  ({ registrar, harness, dora, environment } = opened);
});
afterAll(() => opened.close());

const dois = () => opened.dois;
const page = async (accession: string) => await (await harness.request(`/studies/${accession}`)).text();
/** The registered study, and what its DOIs are made of. */
const registered = () => firstRegistered(harness);

test('an account named in part is refused at the start, one named in full shows no password', () => {
  const { MICRARIUM_DATACITE_PREFIX: _prefix, ...part } = environment;
  expect(() => readConfig({}, part)).toThrow('MICRARIUM_DATACITE_URL needs');
  expect(() => readConfig({}, { ...environment, MICRARIUM_DATACITE_PASSWORD_FILE: '/nowhere' })).toThrow(
    'cannot be read',
  );
  expect(readConfig({}, {}).datacite).toBeUndefined();
});

test('reserved for a draft, registered when it is published, brought up to date with a new version', async () => {
  const client = harness.client(dora.token);
  const { id, accession } = await client.call(routes.createDraft, {});
  const doi = `10.5072/${accession.toLowerCase()}`;
  const params = { draft: id };
  const versionDoi = `${doi}.v1`;
  // With the draft, unasked: it may be printed in the paper.
  const reserved = { isOffered: true, doi, state: 'asked', versionDoi };
  expect(await client.call(routes.getDoi, { params })).toEqual(reserved);
  expect(await client.call(routes.reserveDoi, { params })).toEqual(reserved);
  await dois().drain(inMinutes(0.1));
  expect(registrar.dois.get(doi)).toEqual({ doi, state: 'draft' });
  expect(registrar.dois.get(versionDoi)).toEqual({ doi: versionDoi, state: 'draft' });
  expect(await client.call(routes.reserveDoi, { params })).toMatchObject({ doi, state: 'draft' });
  await fillDraft(harness, dora.token, id, { 'tracks.csv': trackTable });
  await describeDraft(harness, dora.token, id, 'With a DOI');
  await dois().drain(inMinutes(0.1));
  expect(registrar.dois.get(doi)).toEqual({ doi, state: 'draft' });

  // The registrar is not well: publishing does not notice, and it is asked again later, each time after a longer while.
  registrar.faults = [503, 503, 422];
  await client.call(routes.publishDraft, { params });
  expect(await page(accession)).not.toContain(doi);
  await dois().drain(inMinutes(0.1));
  expect(await dois().of(accession)).toMatchObject({ state: 'draft', fault: expect.stringContaining('503: Not now') });
  const asked = registrar.written.length;
  await dois().drain(inMinutes(0.5));
  expect(registrar.written.length).toBe(asked);
  // Each DOI has its own tries: the version is registered while that of the study is still refused.
  await dois().drain(inMinutes(2));
  expect(await dois().all(accession)).toMatchObject({
    study: { state: 'draft', fault: expect.stringContaining('422') },
    versions: [{ version: 1, doi: versionDoi, state: 'findable' }],
  });
  expect(await page(accession)).toContain(`. https://doi.org/${versionDoi}</blockquote>`);
  await dois().drain(inMinutes(3.5));
  expect(registrar.written.length).toBe(asked + 2);
  await dois().drain(inMinutes(5));
  expect(await dois().of(accession)).toEqual({ doi, state: 'findable' });
  expect(registrar.dois.get(doi)).toMatchObject({
    state: 'findable',
    url: `http://localhost/studies/${accession}`,
    titles: [{ title: 'With a DOI' }],
    version: '1',
    relatedIdentifiers: [related(versionDoi, 'HasVersion')],
  });
  expect(registrar.dois.get(versionDoi)).toMatchObject({
    state: 'findable',
    url: `http://localhost/studies/${accession}/v/1`,
    version: '1',
    relatedIdentifiers: [related(doi, 'IsVersionOf')],
  });
  const sent = registrar.written.length;
  await dois().drain(inMinutes(600));
  expect(registrar.written.length).toBe(sent);

  const text = await page(accession);
  expect(text).toContain(`"sameAs":"https://doi.org/${versionDoi}"`);
  expect(text).toContain(`. https://doi.org/${versionDoi}</blockquote>`);
  expect(text).toContain(`always its newest: <a class="l mono" href="https://doi.org/${doi}"`);
  const citation = await harness.request(`${apiBase}/studies/${accession}/versions/1/citation?format=bibtex`);
  expect(await citation.text()).toContain(`doi = {${versionDoi}}`);

  await publishNext(harness, dora.token, accession, 'With a DOI, and more', { 'more.csv': `${trackTable}7,1,1,1\n` });
  await dois().drain(inMinutes(600));
  const next = `${doi}.v2`;
  expect(registrar.dois.get(doi)).toMatchObject({
    titles: [{ title: 'With a DOI, and more' }],
    version: '2',
    relatedIdentifiers: [related(versionDoi, 'HasVersion'), related(next, 'HasVersion')],
  });
  // The first version is still itself, and names the one that follows it.
  expect(registrar.dois.get(versionDoi)).toMatchObject({
    titles: [{ title: 'With a DOI' }],
    version: '1',
    relatedIdentifiers: [related(doi, 'IsVersionOf'), related(next, 'IsPreviousVersionOf')],
  });
  expect(registrar.dois.get(next)).toMatchObject({
    url: `http://localhost/studies/${accession}/v/2`,
    relatedIdentifiers: [related(doi, 'IsVersionOf'), related(versionDoi, 'IsNewVersionOf')],
  });
  for (const version of [1, 2]) {
    const place = `/studies/${accession}/v/${version}`;
    const shown = await harness.request(place);
    expect(shown.headers.get('link')).toContain(`<https://doi.org/${doi}.v${version}>; rel="cite-as"`);
    const xml = await (await harness.request(`${place}/metadata/datacite-xml`)).text();
    expect(xml).toMatch(new RegExp(`relationType="IsVersionOf"[^>]*>${doi}<`));
  }
});

test('studies registered before versions had DOIs get them, once', async () => {
  const { accession, doi } = await registered();
  const { db } = harness.services;
  await db.deleteFrom('doi_part').where('accession', '=', accession).execute();
  const asked = registrar.written.length;
  await dois().drain(inMinutes(600));
  await dois().drain(inMinutes(600));
  expect(registrar.written.length).toBe(asked + 2);
  expect((await dois().all(accession)).versions).toEqual(
    [1, 2].map((version) => ({ version, doi: `${doi}.v${version}`, state: 'findable' })),
  );
});

test('a data set gets a DOI of its own where who answers for the study asks: told as that, cited, led to', async () => {
  const { accession, doi } = await registered();
  const client = harness.client(dora.token);
  const params = { accession };
  const before = await client.call(routes.listStudyDois, { params });
  expect(before).toMatchObject({ isOffered: true, canAsk: true, study: { doi, state: 'findable' } });
  const { dataset } = before.datasets.find(({ title }) => title === 'tracks.csv')!;
  const ask = (wanted: string) => client.call(routes.askStudyDoi, { params, body: { dataset: wanted } });
  await expect(ask('d-nothing')).rejects.toMatchObject({ status: 404 });
  await ask(dataset);
  const own = `${doi}.ds${dataset.slice(2)}`;
  const after = await ask(dataset);
  expect(after.datasets).toContainEqual({ dataset, title: 'tracks.csv', doi: { doi: own, state: 'asked' } });
  await dois().drain(inMinutes(600));
  await dois().drain(inMinutes(600));
  expect(registrar.dois.get(own)).toMatchObject({
    state: 'findable',
    url: `http://localhost/studies/${accession}#${dataset}`,
    titles: [{ title: 'With a DOI, and more: tracks.csv' }],
    relatedIdentifiers: [related(doi, 'IsPartOf')],
    sizes: [expect.stringMatching(/^1 file$/), expect.any(String)],
  });
  expect(registrar.dois.get(doi)!['relatedIdentifiers']).toContainEqual(related(own, 'HasPart'));
  const shown = await page(accession);
  expect(shown).toContain(`id="${dataset}"`);
  expect(shown).toContain(
    `With a DOI, and more: tracks.csv (Version 2) [Data set]. Micrarium. https://doi.org/${own}<`,
  );
  expect(await harness.client().call(routes.listStudyDois, { params })).toMatchObject({ canAsk: false });
});

test('a study whose metadata name a DOI from elsewhere is not given a second one: what was reserved for it stays unused', async () => {
  const client = harness.client(dora.token);
  const { id, accession } = await client.call(routes.createDraft, {});
  const params = { draft: id };
  await fillDraft(harness, dora.token, id, { 'tracks.csv': trackTable });
  const { revision } = await client.call(routes.getDraft, { params });
  const metadata = completeMetadata('Known elsewhere');
  metadata.values['doi'] = '10.9999/another';
  await client.call(routes.saveDraft, {
    params,
    body: { metadata },
    headers: { 'if-match': `"${revision}"` },
  } as never);
  const refused = await harness.request(`${apiBase}/drafts/${id}/doi`, { method: 'POST', as: dora.token });
  expect(refused.status).toBe(409);
  await dois().drain(inMinutes(600));
  await client.call(routes.publishDraft, { params });
  await dois().drain(inMinutes(600));
  const reserved = `10.5072/${accession.toLowerCase()}`;
  for (const doi of [reserved, `${reserved}.v1`]) expect(registrar.dois.get(doi)).toEqual({ doi, state: 'draft' });
  const asked = registrar.written.length;
  await dois().drain(inMinutes(600));
  expect(registrar.written.length).toBe(asked);
  // Where it leads is not here, so this page is cited by its own address.
  const page = await harness.request(`/studies/${accession}`);
  const link = page.headers.get('link')!;
  expect(link).toContain(`<${origin}/studies/${accession}/v/1>; rel="cite-as"`);
  expect(link).toContain('<https://doi.org/10.9999/another>; rel="related"');
});

test('what others make of a study, use it in and ask of it: told the registrar, shown, and nothing its authors can take away', async () => {
  const { accession, doi } = await registered();
  const max = await harness.member('max');
  const send = async (method: string, path: string, as: string, body?: object) => {
    const headers = { origin: 'http://localhost', 'content-type': 'application/json' };
    const init = { method, headers, as, ...(body ? { body: JSON.stringify(body) } : {}) };
    const answered = await harness.request(apiBase + path, init);
    return { status: answered.status, body: answered.status === 204 ? undefined : await answered.json() };
  };
  const at = `/studies/${accession}`;
  const used = { kind: 'paper', identifier: '10.1234/abc', title: 'A model' };
  const reuse = (await send('POST', `${at}/reuse`, max.cookie, used)).body;
  expect((await send('PUT', `${at}/reuse/${reuse.id}`, dora.cookie, { state: 'confirmed' })).status).toBe(204);
  await send('POST', `${at}/questions`, max.cookie, { text: 'Which dye?', agrees: true });
  const [question] = (await send('GET', `${at}/questions`, dora.cookie)).body.questions;
  await send('PUT', `${at}/questions/${question.id}/answer`, dora.cookie, { text: 'It is GFP.', agrees: true });
  const listed = { title: 'Seen again', text: '', studies: [{ accession, remark: 'For <teaching>' }] };
  expect((await send('POST', '/collections', max.cookie, listed)).status).toBe(201);

  const wanted = { kind: 're-analyses', title: 'Tracked anew', software: 'TrackMate 7', note: 'With gaps closed' };
  const begun = (await send('POST', `${at}/additions`, max.cookie, wanted)).body;
  const { metadata, revision } = await harness
    .client(max.token)
    .call(routes.getDraft, { params: { draft: begun.draft } });
  expect(metadata.values).toMatchObject({ title: 'Tracked anew', imageAnalysis: 'TrackMate 7' });
  expect(metadata.values['organism']).toEqual(completeMetadata().values['organism']);
  expect(metadata.values['contributors']).toBeUndefined();
  await fillDraft(harness, max.token, begun.draft, { 'tracks.csv': `${trackTable}8,1,1,1\n` });
  const values = { ...completeMetadata().values, ...metadata.values };
  await harness.client(max.token).call(routes.saveDraft, {
    params: { draft: begun.draft },
    body: { metadata: { values, origins: {} } },
    headers: { 'if-match': `"${revision}"` },
  } as never);
  expect((await send('GET', `${at}/additions`, max.cookie)).body.additions).toEqual([]);
  await harness.client(max.token).call(routes.publishDraft, { params: { draft: begun.draft } });
  const notices = (await send('GET', '/notices', dora.cookie)).body.notices;
  expect(notices.map(({ kind }: { kind: string }) => kind)).toContain('addition');
  const said = `${at}/additions/${begun.accession}/comment`;
  expect((await send('PUT', said, max.cookie, { text: 'Mine' })).status).toBe(403);
  expect((await send('PUT', said, dora.cookie, { text: 'A fair <comparison>' })).status).toBe(204);

  const shown = await page(accession);
  for (const words of ['Tracked anew', 'With gaps closed', 'A fair &lt;comparison&gt;', 'It is GFP.', 'Seen again'])
    expect(shown).toContain(words);
  expect(await page(begun.accession)).toContain(`href="/studies/${accession}/v/2"`);
  const xml = await (await harness.request(`/studies/${begun.accession}/v/1/metadata/datacite-xml`)).text();
  expect(xml).toMatch(new RegExp(`relationType="IsDerivedFrom"[^>]*>${doi}.v2<`));
  await dois().drain(inMinutes(700));
  // The addition is known by its DOI from then on: the record of the study is sent again with that.
  await dois().drain(inMinutes(700));
  expect((registrar.dois.get(doi)!['relatedIdentifiers'] as object[]).slice(0, 2)).toMatchObject([
    related(`10.5072/${begun.accession.toLowerCase()}.v1`, 'IsSourceOf'),
    { relatedIdentifier: '10.1234/abc', relatedIdentifierType: 'DOI', relationType: 'IsCitedBy' },
  ]);
  const told = registrar.written.length;
  await dois().drain(inMinutes(700));
  expect(registrar.written.length).toBe(told);
});

test('a DOI is kept in the archive and in the exports: the catalogue made anew has it', async () => {
  const { accession, doi, archived } = await registered();
  expect(archived).toBe(true);
  const findings = await harness.services.archive.verify(`${accession}.doi`);
  expect(findings).toEqual([]);
  const kept = [];
  for await (const one of harness.services.archive.list()) kept.push(one.accession);
  expect(kept).toContain(accession);
  expect(kept.length).toBe(3);

  const base = `${apiBase}/studies/${accession}/versions/1`;
  const zipOf = async (name: string) => {
    const answer = await harness.request(`${base}/${name}`);
    return (await openZip(memorySource(name, new Uint8Array(await answer.arrayBuffer())))).tree;
  };
  const entry = (await zipOf('export.zip')).entries.find(({ path }) => path === 'metadata/identifiers.json')!;
  const told = await entry.open();
  expect(JSON.parse(new TextDecoder().decode(await told.read(0, told.size)))).toMatchObject({
    accession,
    doi: `${doi}.v1`,
    conceptDoi: doi,
  });
  const bag = (await zipOf('export.bag.zip')).entries.map((one) => ({
    ...one,
    path: one.path.slice(`${accession}-v1/`.length),
    open: () => one.open(),
  }));
  expect(bag.map(({ path }) => path)).toContain('data/identifiers.json');
  expect(await checkBag(fileTree('', bag))).toMatchObject({ state: 'valid', issues: [] });

  const empty = await makeDatabase('empty');
  const config = readConfig({ data: harness.data, databaseUrl: empty.url }, environment);
  expect(await rebuild(config)).toMatchObject({ studies: 3, failed: [] });
  const again = await openHarness(false, { data: harness.data, databaseUrl: empty.url, environment });
  try {
    const paths = [
      `/studies/${accession}`,
      base,
      `${base}/citation?format=bibtex`,
      `${base}/citation?format=datacite-json`,
      ...['questions', 'reuse', 'additions', 'dois'].map((part) => `${apiBase}/studies/${accession}/${part}`),
      `${apiBase}/collections`,
      `${apiBase}/collections/COL-000001`,
    ];
    const answers = (of: Harness) => Promise.all(paths.map(async (path) => (await of.request(path)).text()));
    const plain = (texts: string[]) =>
      texts.map((text) =>
        withoutAccounts(text)
          .replace(/<table class="t losses">.*?<\/table>/gs, '')
          .replace(/<section class="sec" id="similar">.*?<\/section>/gs, '')
          // A collection is cited by the name of an account.
          .replaceAll(/("(?:curator|reporter)":")max|\b(?:max|Micrarium)( \(20\d\d\). Seen)/g, '$1$2')
          .replace(/author = \{\{?\w+\}?\}/, '')
          .replace(/"requestId":"[^"]*"/, ''),
      );
    expect(plain(await answers(again))).toEqual(plain(await answers(harness)));
    const all = await dois().all(accession);
    expect(all).toMatchObject({ study: { doi }, versions: [{ version: 1 }, { version: 2 }], datasets: [{}] });
    expect(await again.services.dois!.all(accession)).toEqual(all);
  } finally {
    await again.close();
    await empty.drop();
  }
});

test('a revision of the metadata is told under the DOI of its version: no new one is registered', async () => {
  const { accession, doi } = await registered();
  const client = harness.client(dora.token);
  const { id } = await client.call(routes.newDraftVersion, { params: { accession }, query: { metadataOnly: '1' } });
  await describeDraft(harness, dora.token, id, 'With a DOI, said better', 'A word was wrong');
  await dois().drain(inMinutes(700));
  const known = [...registrar.dois.keys()];
  const first = structuredClone(registrar.dois.get(`${doi}.v1`));
  const asked = registrar.written.length;
  await client.call(routes.publishDraft, { params: { draft: id } });
  await dois().drain(inMinutes(700));
  // Those of the study, of version 2 and of the data set.
  expect(registrar.written.length).toBe(asked + 3);
  expect([...registrar.dois.keys()]).toEqual(known);
  const said = { state: 'findable', titles: [{ title: 'With a DOI, said better' }], version: '2.1' };
  expect(registrar.dois.get(doi)).toMatchObject({ ...said, url: `http://localhost/studies/${accession}` });
  expect(registrar.dois.get(`${doi}.v2`)).toMatchObject({ ...said, url: `http://localhost/studies/${accession}/v/2` });
  expect(registrar.dois.get(`${doi}.v1`)).toEqual(first);
  await dois().drain(inMinutes(700));
  expect(registrar.written.length).toBe(asked + 3);
  const { versions, datasets } = await dois().all(accession);
  expect(versions.map((one) => one.doi)).toEqual([`${doi}.v1`, `${doi}.v2`]);
  expect(registrar.dois.get(datasets[0]!.doi)).toMatchObject({
    titles: [{ title: 'With a DOI, said better: tracks.csv' }],
  });
});

test('the records say who may have the files and from when, are sent again when that changes, and name studies by their DOI', async () => {
  const owner = await harness.member('otto', 'owner');
  const client = harness.client(dora.token);
  const { accession: source } = await registered();
  const { id, accession } = await client.call(routes.createDraft, {});
  const params = { draft: id };
  await fillDraft(harness, dora.token, id, { 'tracks.csv': `${trackTable}7,1,1,1\n` });
  await describeDraft(harness, dora.token, id, 'Made of another, closed for a while');
  const until = new Date(Date.now() + 20 * 86_400_000).toISOString().slice(0, 10);
  const send = (method: string, path: string, as: string, body: object) =>
    harness.request(apiBase + path, {
      method,
      as,
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
  expect((await send('PUT', `/drafts/${id}/release`, dora.token, { embargoUntil: until })).status).toBe(200);
  await client.call(routes.publishDraft, { params });
  // As a draft that was begun as an addition says it.
  await harness.services.db
    .insertInto('study_relation')
    .values({ accession, version: 1, target: source, target_version: 1, kind: 'derived', note: '', is_told: true })
    .execute();
  await dois().drain(inMinutes(900));
  await dois().drain(inMinutes(900));
  const { study, versions } = await dois().all(accession);
  const told = () => [study!, ...versions].map(({ doi }) => registrar.dois.get(doi)!);
  for (const record of told()) {
    expect(record['state']).toBe('findable');
    expect(record['dates']).toEqual(
      expect.arrayContaining([{ date: until, dateType: 'Available' }, expect.objectContaining({ dateType: 'Issued' })]),
    );
    expect(record['rightsList']).toContainEqual(
      expect.objectContaining({ rightsUri: 'info:eu-repo/semantics/embargoedAccess' }),
    );
  }
  // The study it was made of names it by the DOI of its version.
  const { study: of } = await dois().all(source);
  expect(registrar.dois.get(of!.doi)!['relatedIdentifiers']).toContainEqual(related(versions[0]!.doi, 'IsSourceOf'));
  const sent = registrar.written.length;
  await dois().drain(inMinutes(900));
  expect(registrar.written.length).toBe(sent);

  const path = `/admin/studies/${accession}/state`;
  expect((await send('PUT', path, owner.cookie, { state: 'published' })).ok).toBe(true);
  await dois().drain(inMinutes(900));
  for (const record of told()) {
    expect(JSON.stringify(record['rightsList'])).not.toContain('eu-repo');
    expect(JSON.stringify(record['dates'])).not.toContain(until);
  }
  expect(await dois().check({ repair: false })).toMatchObject({ isWhole: true, different: [] });
});

test('of a study that was withdrawn before anybody was to know of it the registrar hears nothing', async () => {
  const owner = await harness.member('oda', 'owner');
  const client = harness.client(dora.token);
  const { id, accession } = await client.call(routes.createDraft, {});
  await fillDraft(harness, dora.token, id, { 'tracks.csv': `${trackTable}6,1,1,1\n` });
  await describeDraft(harness, dora.token, id, 'Nobody hears of Thylacinella');
  const embargoUntil = new Date(Date.now() + 20 * 86_400_000).toISOString().slice(0, 10);
  const send = (path: string, as: string, body: object) =>
    harness.request(apiBase + path, {
      method: 'PUT',
      as,
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
  expect((await send(`/drafts/${id}/release`, dora.token, { embargoUntil, isPrivate: true })).status).toBe(200);
  await client.call(routes.publishDraft, { params: { draft: id } });
  const put = await send(`/admin/studies/${accession}/state`, owner.cookie, { state: 'withdrawn', reason: 'Consent' });
  expect(put.ok).toBe(true);
  await dois().drain(inMinutes(900));
  expect((await dois().all(accession)).study).toMatchObject({ state: 'draft' });
  expect(JSON.stringify([...registrar.dois.values()])).not.toContain('Thylacinella');
  const oai = await harness.request(`/oai?verb=GetRecord&metadataPrefix=oai_dc&identifier=oai:localhost:${accession}`);
  expect(await oai.text()).toContain('idDoesNotExist');
  const answer = await harness.request(`/studies/${accession}`);
  expect(answer.status).toBe(410);
  expect(await answer.text()).not.toContain('Thylacinella');
  expect(answer.headers.get('link')).toBeNull();
  for (const below of ['/v/1/metadata/datacite-json', '?format=bibtex', '/v/1/linkset']) {
    const form = await harness.request(`/studies/${accession}${below}`);
    expect([form.status, await form.text()]).toEqual([410, expect.not.stringContaining('Thylacinella')]);
  }
  const data = await harness.request(`${apiBase}/studies/${accession}`);
  expect([data.status, await data.text()]).toEqual([410, expect.not.stringContaining('Thylacinella')]);
});

test('a withdrawn study keeps its DOIs: they lead to what is left of it, and their records say so', async () => {
  const { accession } = await registered();
  const owner = await harness.member('olga', 'owner');
  const withdrawn = await harness.request(`${apiBase}/admin/studies/${accession}/state`, {
    method: 'PUT',
    as: owner.cookie,
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ state: 'withdrawn', reason: 'Mistaken identity of the cells' }),
  });
  expect(withdrawn.ok).toBe(true);
  await dois().drain(inMinutes(800));
  const { study, versions, datasets } = await dois().all(accession);
  for (const { doi } of [study!, ...versions, ...datasets]) {
    const record = registrar.dois.get(doi)!;
    expect(record['state']).toBe('findable');
    expect(record['dates']).toContainEqual(
      expect.objectContaining({ dateType: 'Withdrawn', dateInformation: 'Mistaken identity of the cells' }),
    );
    expect((await harness.request(String(record['url']).slice('http://localhost'.length))).status).toBe(410);
  }
  const asked = registrar.written.length;
  await dois().drain(inMinutes(800));
  expect(registrar.written.length).toBe(asked);
  expect(await dois().check({ repair: false })).toMatchObject({ isWhole: true, different: [] });
});

test('no fault of the program was noted, and no password', async () => {
  expect(harness.faults).toEqual([]);
  expect(JSON.stringify(await harness.services.db.selectFrom('doi').selectAll().execute())).not.toContain('sesame');
});
