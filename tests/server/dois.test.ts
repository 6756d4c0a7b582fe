import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { apiBase, routes } from '@micrarium/api';
import { fileTree, memorySource, openZip } from '@micrarium/formats';
import { checkBag } from '@micrarium/repository';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { run as runCommand } from '../../packages/cli/src/run.ts';
import { readConfig } from '../../packages/server/src/config.ts';
import type { DoiCheck } from '../../packages/server/src/dois/check-dois.ts';
import { rebuild } from '../../packages/server/src/maintenance/rebuild.ts';
import { overview } from '../../packages/server/src/usage/overview.ts';
import { withoutAccounts } from './landing-text.ts';
import { completeMetadata } from './complete-metadata.ts';
import { makeDatabase } from './make-database.ts';
import { type Harness, openHarness, origin } from './harness.ts';
import { type LocalRegistrar, openLocalRegistrar } from './local-registrar.ts';
import { describeDraft, fillDraft, publishNext, trackTable } from './publish-study.ts';

const related = (relatedIdentifier: string, relationType: string) => ({
  relatedIdentifier,
  relatedIdentifierType: 'DOI',
  relationType,
});
let registrar: LocalRegistrar;
let folder: string;
let harness: Harness;
let dora: Awaited<ReturnType<Harness['member']>>;
let environment: Record<string, string>;

beforeAll(async () => {
  registrar = await openLocalRegistrar({
    repository: 'MIC.TEST',
    password: 'open sesame',
    prefix: '10.5072',
    domain: 'localhost',
  });
  folder = mkdtempSync(join(tmpdir(), 'micrarium-doi-'));
  writeFileSync(join(folder, 'password'), 'open sesame\n');
  environment = {
    MICRARIUM_URL: 'http://localhost',
    MICRARIUM_DATACITE_URL: `${registrar.url}/`,
    MICRARIUM_DATACITE_REPOSITORY: 'MIC.TEST',
    MICRARIUM_DATACITE_PASSWORD_FILE: join(folder, 'password'),
    MICRARIUM_DATACITE_PREFIX: '10.5072',
  };
  harness = await openHarness(true, { environment });
  dora = await harness.member('dora');
});
afterAll(async () => {
  await harness.close();
  await registrar.close();
  rmSync(folder, { recursive: true, force: true });
});

const inMinutes = (minutes: number) => new Date(Date.now() + minutes * 60_000);
const dois = () => harness.services.dois!;
const page = async (accession: string) => await (await harness.request(`/studies/${accession}`)).text();
/** The registered study, and what its DOIs are made of. */
async function registered() {
  const [known] = await harness.services.db
    .selectFrom('doi')
    .selectAll()
    .where('state', '=', 'findable')
    .orderBy('accession')
    .execute();
  return known!;
}

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
  expect(new Set(findings.map(({ code }) => code))).toEqual(new Set(['W008']));
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

/** What `micrarium dois check --json` says, and its exit code. */
async function check(...words: string[]) {
  let said = '';
  const out = new Writable({
    write(piece: Buffer, _encoding, done) {
      said += piece.toString();
      done();
    },
  });
  const settings = { ...environment, MICRARIUM_DATA: harness.data, DATABASE_URL: harness.databaseUrl };
  const code = await runCommand(['dois', 'check', '--json', ...words], { out, err: out, environment: settings });
  const answered = JSON.parse(said) as DoiCheck & { good: boolean };
  return { code, answered, different: differing(answered) };
}

/** Codes of what differs, by DOI. */
const differing = ({ different }: DoiCheck) =>
  Object.fromEntries(
    different.map(({ doi, differences, isToldAgain }) => [
      doi,
      [...differences.map(({ code }) => code), ...(isToldAgain === false ? ['stays'] : [])],
    ]),
  );

test('what the registrar holds is compared with what it should: differences are named, and told again where asked', async () => {
  const { accession, doi } = await registered();
  const draft = await harness.client(dora.token).call(routes.createDraft, {});
  await harness.client(dora.token).call(routes.reserveDoi, { params: { draft: draft.id } });
  await dois().drain(inMinutes(700));
  const reserved = `10.5072/${draft.accession.toLowerCase()}`;
  const clean = { isWhole: true, checked: registrar.dois.size, waiting: 0, unanswered: 0, different: [] };
  expect(await dois().check({ repair: false })).toEqual(clean);
  const right = structuredClone(Object.fromEntries(registrar.dois));
  const own = (await dois().all(accession)).datasets[0]!.doi;
  const held = (one: string) => registrar.dois.get(one)!;
  registrar.dois.delete(`${doi}.v1`);
  registrar.dois.delete(reserved);
  Object.assign(held(doi), { url: 'https://old.example/', titles: [{ title: 'Another' }] });
  Object.assign(held(`${doi}.v2`), { state: 'registered' });
  Object.assign(held(`${reserved}.v1`), { state: 'findable' });
  registrar.targets.set(own, 'https://old.example/');
  const injected = {
    [doi]: ['doi-url', 'doi-metadata'],
    [`${doi}.v1`]: ['doi-missing'],
    [`${doi}.v2`]: ['doi-state'],
    [own]: ['doi-target'],
    [reserved]: ['doi-missing'],
    [`${reserved}.v1`]: ['doi-state'],
  };
  const found = await check();
  expect(found).toMatchObject({ code: 1, answered: { good: false, isWhole: true } });
  expect(found.different).toEqual(injected);
  const ofStudy = found.answered.different.find((one) => one.doi === doi);
  expect(ofStudy).toMatchObject({ accession, differences: [{ held: 'https://old.example/' }, { fields: ['titles'] }] });
  expect(differing(await dois().check({ accession: draft.accession, repair: false }))).toEqual({
    [reserved]: ['doi-missing'],
    [`${reserved}.v1`]: ['doi-state'],
  });
  // The schedule leaves alone what was compared today, and tells nobody before somebody says so.
  expect(await dois().checkDue(new Date())).toBeUndefined();
  expect(await dois().checkDue(inMinutes(2 * 1440))).toContain('(doi-missing)');
  const state = async () => (await overview(harness.services.db, harness.data)).dois;
  expect(await state()).toEqual({ waiting: 0, different: 6 });
  const asked = registrar.written.length;
  await dois().drain(inMinutes(700));
  expect(registrar.written.length).toBe(asked);

  const mended = await check('--repair');
  expect(mended.code).toBe(1);
  expect(mended.different).toEqual({ ...injected, [`${reserved}.v1`]: ['doi-state', 'stays'] });
  Object.assign(held(`${reserved}.v1`), { state: 'draft' });
  await dois().drain(inMinutes(700));
  expect(Object.fromEntries(registrar.dois)).toEqual(right);
  expect(registrar.targets.get(own)).toBe(right[own]!['url']);
  expect(await dois().check({ repair: false })).toEqual(clean);
  expect(await state()).toEqual({ waiting: 0, different: 0 });
  registrar.refusals = [503, 503, 503];
  expect(await dois().check({ repair: false })).toMatchObject({ isWhole: false, checked: 0, unanswered: 3 });
});

test.each(['cut', 'cut after', 'nonsense', 'resolver', 500, 429] as const)(
  'fault %s: publishing does not notice, nothing counts as done that is not, and in the end all is told',
  async (fault) => {
    const client = harness.client(dora.token);
    const { id, accession } = await client.call(routes.createDraft, {});
    const doi = `10.5072/${accession.toLowerCase()}`;
    await fillDraft(harness, dora.token, id, { 'tracks.csv': trackTable });
    await describeDraft(harness, dora.token, id, `Told in spite of ${fault}`);
    await dois().drain(inMinutes(900));
    await client.call(routes.publishDraft, { params: { draft: id } });
    registrar.faults = [fault, fault];
    await dois().drain(inMinutes(900));
    expect(registrar.faults).toEqual([]);
    for (const { state, fault: said } of [
      (await dois().all(accession)).study!,
      ...(await dois().all(accession)).versions,
    ]) {
      expect(state).toBe('draft');
      expect(said).toMatch(/^The registrar /);
    }
    await dois().drain(inMinutes(902));
    for (const one of [doi, `${doi}.v1`]) {
      expect(registrar.dois.get(one)).toMatchObject({ state: 'findable', fundingReferences: [] });
      expect(registrar.targets.get(one)).toBe(registrar.dois.get(one)!['url']);
    }
  },
);

test('a registrar that never answers holds up nothing but itself', async () => {
  const client = harness.client(dora.token);
  const { id, accession } = await client.call(routes.createDraft, {});
  registrar.faults = ['silence'];
  const waiting = dois().drain(inMinutes(900));
  await fillDraft(harness, dora.token, id, { 'tracks.csv': trackTable });
  await describeDraft(harness, dora.token, id, 'Published in silence');
  await client.call(routes.publishDraft, { params: { draft: id } });
  expect((await harness.request(`/studies/${accession}`)).status).toBe(200);
  registrar.letGo();
  await waiting;
  for (const minutes of [900, 901]) await dois().drain(inMinutes(minutes));
  expect(await dois().of(accession)).toMatchObject({ state: 'findable' });
});

test('the owner of the installation sees what waits and what differs, and has it told again with one press', async () => {
  const { accession, doi } = await registered();
  const owner = await harness.member('omar', 'owner');
  const ask = async (method: string, path: string, body?: object) => {
    const answer = await harness.request(`${apiBase}/admin/dois${path}`, {
      method,
      as: owner.cookie,
      ...(body ? { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) } : {}),
    });
    return { status: answer.status, body: await answer.json() };
  };
  expect((await ask('GET', '?show=waiting')).body).toMatchObject({
    registrar: { repository: 'MIC.TEST', prefix: '10.5072' },
    counts: { waiting: 0, refused: 0, different: 0, all: registrar.dois.size },
    dois: [],
  });
  registrar.targets.set(doi, 'https://old.example/');
  expect(await ask('POST', '/compare')).toMatchObject({ status: 202 });
  await vi.waitFor(async () => expect((await ask('GET', '?show=different')).body.counts.different).toBe(1), 20_000);
  const { dois: listed } = (await ask('GET', '?show=different')).body;
  expect(listed).toMatchObject([{ doi, accession, state: 'findable', differences: [{ code: 'doi-target' }] }]);
  registrar.faults = [503];
  expect(await ask('POST', '/again', { doi })).toEqual({ status: 202, body: { told: 1 } });
  await vi.waitFor(async () => {
    const { dois: refused } = (await ask('GET', '?show=refused')).body;
    expect(refused).toMatchObject([{ doi, tries: 1, isDue: true, fault: expect.stringContaining('503') }]);
  }, 20_000);
  expect(await ask('POST', '/again', {})).toMatchObject({ status: 202 });
  await vi.waitFor(async () => expect((await ask('GET', '?show=refused')).body.counts.waiting).toBe(0), 20_000);
  expect(registrar.targets.get(doi)).toBe(`http://localhost/studies/${accession}`);
  expect((await ask('POST', '/again', { doi: '10.5072/nothing' })).status).toBe(404);
  // Page by page.
  const first = (await ask('GET', '?show=all&limit=1')).body;
  const second = (await ask('GET', `?show=all&limit=1&cursor=${first.nextCursor}`)).body;
  expect(new Set([...first.dois, ...second.dois].map((one: { doi: string }) => one.doi)).size).toBe(2);
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
  expect(await check()).toMatchObject({ code: 0, different: {} });
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
  expect(await check()).toMatchObject({ code: 0, different: {} });
});

test('a registrar that is away for a week is seldom asked, and told all in order when it is back', async () => {
  const begun = 2_000;
  const week = 7 * 24 * 60;
  const asked: string[] = [];
  registrar.faults = Array(9_999).fill(503);
  for (let count = 0; count < 5; count++) {
    const { accession } = await harness.client(dora.token).call(routes.createDraft, {});
    asked.push(`10.5072/${accession.toLowerCase()}`);
    await dois().drain(inMinutes(begun + count));
  }
  for (let minutes = 0; minutes < week; minutes += 60) await dois().drain(inMinutes(begun + minutes));
  // Three each time, and not all ten.
  expect(9_999 - registrar.faults.length).toBeLessThan((3 * week) / 60 + 30);
  expect(9_999 - registrar.faults.length).toBeGreaterThan(week / 60);
  const { outbox } = await overview(harness.services.db, harness.data);
  expect(outbox.find(({ name }) => name === 'dois')).toMatchObject({ waiting: 10, oldest: expect.any(String) });

  registrar.faults = [];
  const before = registrar.written.length;
  await dois().drain(inMinutes(begun + week + 20));
  const told = registrar.written.slice(before).map((line) => line.replace('PUT ', ''));
  expect(told).toHaveLength(10);
  for (const of of [asked, asked.map((doi) => `${doi}.v1`)]) expect(told.filter((doi) => of.includes(doi))).toEqual(of);
  expect((await overview(harness.services.db, harness.data)).outbox.find(({ name }) => name === 'dois')).toMatchObject({
    waiting: 0,
    oldest: null,
  });
});

test('no fault of the program was noted, and no password', async () => {
  expect(harness.faults).toEqual([]);
  expect(JSON.stringify(await harness.services.db.selectFrom('doi').selectAll().execute())).not.toContain('sesame');
});
