import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { apiBase, routes } from '@micrarium/api';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { endEmbargoes } from '../../packages/server/src/states/embargo-ends.ts';
import { type Harness, openHarness } from './harness.ts';
import { type LocalRegistrar, openLocalRegistrar } from './local-registrar.ts';
import { describeDraft, fillDraft, publishNext, publishStudy, trackTable } from './publish-study.ts';

let registrar: LocalRegistrar;
let folder: string;
let harness: Harness;
const people: Record<string, Awaited<ReturnType<Harness['member']>>> = {};

beforeAll(async () => {
  const account = { repository: 'MIC.TEST', password: 'open sesame', prefix: '10.5072', domain: 'localhost' };
  registrar = await openLocalRegistrar(account);
  folder = mkdtempSync(join(tmpdir(), 'micrarium-doi-states-'));
  writeFileSync(join(folder, 'password'), 'open sesame\n');
  harness = await openHarness(true, {
    environment: {
      MICRARIUM_URL: 'http://localhost',
      MICRARIUM_DATACITE_URL: `${registrar.url}/`,
      MICRARIUM_DATACITE_REPOSITORY: 'MIC.TEST',
      MICRARIUM_DATACITE_PASSWORD_FILE: join(folder, 'password'),
      MICRARIUM_DATACITE_PREFIX: '10.5072',
    },
  });
  people['dora'] = await harness.member('dora');
  people['cora'] = await harness.member('cora', 'curator');
  for (const name of ['olga', 'otto']) people[name] = await harness.member(name, 'owner');
});
afterAll(async () => {
  await harness.close();
  await registrar.close();
  rmSync(folder, { recursive: true, force: true });
});

const inDays = (days: number) => new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10);
const send = (method: string, path: string, name: string, body?: unknown) =>
  harness.request(apiBase + path, {
    method,
    ...(body === undefined ? {} : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
    as: people[name]!.cookie,
  });
const change = async (accession: string, body: object) => {
  const answer = await send('PUT', `/admin/studies/${accession}/state`, 'olga', body);
  expect([answer.status, await answer.text()]).toEqual([200, expect.any(String)]);
};
/** Tells the registrar all there is. */
const drain = async () => {
  for (let left = 1; left > 0; ) left = await harness.services.dois!.drain(new Date(Date.now() + 900 * 60_000));
};
/** Records of all DOIs of a study, as the registrar holds them after it was told. */
const told = async (accession: string) => {
  await drain();
  const { study, versions, datasets } = await harness.services.dois!.all(accession);
  return [study!, ...versions, ...datasets].map(({ doi }) => registrar.dois.get(doi)!);
};
const dates = (record: Record<string, unknown>) =>
  Object.fromEntries((record['dates'] as { date: string; dateType: string }[]).map((one) => [one.dateType, one.date]));
const rights = (record: Record<string, unknown>) => JSON.stringify(record['rightsList']);
const agrees = async () =>
  expect(await harness.services.dois!.check({ repair: false })).toMatchObject({ isWhole: true, different: [] });
const today = () => new Date().toISOString().slice(0, 10);

/** Publishes a study whose files are closed until a day. */
async function publishClosed(title: string, release: object): Promise<string> {
  const { token } = people['dora']!;
  const client = harness.client(token);
  const { id, accession } = await client.call(routes.createDraft, {});
  await fillDraft(harness, token, id, { 'tracks.csv': `${trackTable}8,1,1,${title.length}\n` });
  await describeDraft(harness, token, id, title);
  expect((await send('PUT', `/drafts/${id}/release`, 'dora', release)).status).toBe(200);
  await client.call(routes.publishDraft, { params: { draft: id } });
  return accession;
}

test('of files that were open from the first both days are told: issued, and available since then', async () => {
  const accession = await publishStudy(harness, people['dora']!.token, 'Open from the first');
  for (const record of await told(accession)) {
    expect(dates(record)).toMatchObject({ Issued: today(), Available: today(), Other: '2026-11-20' });
    expect(record['publicationYear']).toBe(Number(today().slice(0, 4)));
  }
  const sent = registrar.written.length;
  await drain();
  expect(registrar.written.length).toBe(sent);
});

test('after an embargo ended by itself the files are available since its day, in every form, for good', async () => {
  const until = inDays(3);
  const accession = await publishClosed('Closed for three days', { embargoUntil: until });
  for (const record of await told(accession)) {
    expect(dates(record)).toMatchObject({ Issued: today(), Available: until });
    expect(rights(record)).toContain('embargoedAccess');
  }
  const form = async (name: string) =>
    await (await harness.request(`/studies/${accession}/v/1/metadata/${name}`)).text();
  expect(await form('dublin-core')).toContain(`<dc:date>info:eu-repo/date/embargoEnd/${until}</dc:date>`);
  const ended = await endEmbargoes(harness.services, new Date(Date.now() + 5 * 86_400_000));
  expect(ended).toEqual([accession]);
  const isSo = async () => {
    for (const record of await told(accession)) {
      expect(dates(record)).toMatchObject({ Issued: today(), Available: until });
      expect(rights(record)).not.toContain('eu-repo');
    }
    await agrees();
  };
  await isSo();
  expect(dates(JSON.parse(await form('datacite-json')))).toMatchObject({ Issued: today(), Available: until });
  expect(await form('datacite-xml')).toContain(`<date dateType="Available">${until}</date>`);
  const available = { datePublished: today(), 'http://purl.org/dc/terms/available': until };
  expect(JSON.parse(await form('schema-org'))).toMatchObject(available);
  expect(await form('dublin-core')).toContain(`<dc:date>${today()}</dc:date>`);
  expect(await form('dublin-core')).toContain(`<dc:date>${until}</dc:date>`);
  expect(await form('dublin-core')).not.toContain('embargoEnd');
  expect(JSON.parse(await form('csl-json'))).toMatchObject({
    issued: { 'date-parts': [today().split('-').map(Number)] },
    'available-date': { 'date-parts': [until.split('-').map(Number)] },
  });
  const page = await (await harness.request(`/studies/${accession}`)).text();
  expect(page).toContain(`"http://purl.org/dc/terms/available":"${until}"`);
  expect(page).toContain('Files open since');
  const oai = await harness.request(
    `/oai?verb=GetRecord&metadataPrefix=datacite&identifier=oai:localhost:${accession}`,
  );
  expect(await oai.text()).toContain(`<date dateType="Available">${until}</date>`);
  // Whatever becomes of it: the day stays that on which it was opened.
  await change(accession, { state: 'withdrawn', reason: 'By mistake' });
  for (const record of await told(accession)) expect(dates(record)).toMatchObject({ Withdrawn: today() });
  await change(accession, { state: 'published', reason: 'It was none' });
  await isSo();
});

test('an embargo that is extended and lifted early is told each time', async () => {
  const accession = await publishClosed('Closed for longer', { embargoUntil: inDays(5) });
  await told(accession);
  await change(accession, { state: 'embargoed', until: inDays(40), reason: 'The paper is late' });
  for (const record of await told(accession)) expect(dates(record)['Available']).toBe(inDays(40));
  await change(accession, { state: 'published', reason: 'The paper is there' });
  for (const record of await told(accession)) {
    expect(dates(record)).toMatchObject({ Issued: today(), Available: today() });
    expect(rights(record)).not.toContain('eu-repo');
  }
  await agrees();
});

test('of a study that nobody is to know of the registrar hears on the day its embargo ends', async () => {
  const until = inDays(2);
  const accession = await publishClosed('Nobody knows of Archaeoptera', { embargoUntil: until, isPrivate: true });
  for (const record of await told(accession)) expect(record['state']).toBe('draft');
  expect(JSON.stringify([...registrar.dois.values()])).not.toContain('Archaeoptera');
  await endEmbargoes(harness.services, new Date(Date.now() + 3 * 86_400_000));
  for (const record of await told(accession)) {
    expect(record).toMatchObject({ state: 'findable', titles: [{ title: 'Nobody knows of Archaeoptera' }] });
    expect(dates(record)['Available']).toBe(until);
  }
  await agrees();
});

test('restricted, opened, withdrawn, reinstated, withdrawn anew: the record follows each time', async () => {
  const { token } = people['dora']!;
  const accession = await publishStudy(harness, token, 'Of many states', { 'tracks.csv': `${trackTable}9,1,4,4\n` });
  await publishNext(harness, token, accession, 'Of many states', { 'more.csv': `${trackTable}9,1,4,5\n` });
  const open = await told(accession);
  expect(open).toHaveLength(3);
  const { states } = harness.services;
  await states.change(accession, { state: 'controlled', reason: 'Faces are seen', level: 'closed' });
  for (const record of await told(accession)) {
    expect(rights(record)).toContain('info:eu-repo/semantics/closedAccess');
    // It was open: that is not taken back.
    expect(dates(record)['Available']).toBe(today());
  }
  await change(accession, { state: 'published', reason: 'They are no faces' });
  expect(await told(accession)).toEqual(open);
  await change(accession, { state: 'withdrawn', reason: 'The wrong cells' });
  const withdrawn = (reason: string) => expect.objectContaining({ dateType: 'Withdrawn', dateInformation: reason });
  for (const record of await told(accession)) expect(record['dates']).toContainEqual(withdrawn('The wrong cells'));
  await change(accession, { state: 'published', reason: 'They are the right ones' });
  expect(await told(accession)).toEqual(open);
  await change(accession, { state: 'withdrawn', reason: 'First' });
  for (const record of await told(accession)) expect(record['dates']).toContainEqual(withdrawn('First'));
  // Both changes before the registrar was told of one.
  await change(accession, { state: 'published', reason: 'Not so' });
  await change(accession, { state: 'withdrawn', reason: 'Second' });
  for (const record of await told(accession)) {
    expect(record['dates']).toContainEqual(withdrawn('Second'));
    expect(record['dates']).not.toContainEqual(withdrawn('First'));
    expect(record['state']).toBe('findable');
  }
  await agrees();

  // What is purged is gone from the records of all its DOIs too; they lead to what is left of it.
  const asks = `/studies/${accession}/asks`;
  const ask = { change: 'purge', ground: 'privacy', reason: 'Consent was taken back' };
  const asked = await send('POST', asks, 'olga', ask);
  const { asks: listed } = (await asked.json()) as { asks: { id: string; change: string }[] };
  const one = `${asks}/${listed.find((each) => each.change === 'purge')!.id}`;
  expect((await send('POST', one, 'otto', { isConfirmed: true, answer: '' })).status).toBe(200);
  for (const record of await told(accession)) {
    expect(record).toMatchObject({
      state: 'findable',
      titles: [{ title: 'Of many states' }],
      creators: [{ name: ':unav' }],
      descriptions: [],
      subjects: [],
      sizes: [],
      formats: [],
      relatedIdentifiers: [],
    });
    expect(record['dates']).toContainEqual(withdrawn('Second'));
    expect((await harness.request(String(record['url']).slice('http://localhost'.length))).status).toBe(410);
  }
  const gone = await harness.request(`${apiBase}/studies/${accession}`);
  expect(await gone.json()).toMatchObject({ state: 'withdrawn', purgedOn: today(), studyTitle: 'Of many states' });
  expect(await (await harness.request(`/studies/${accession}`)).text()).toContain('Its content was purged on');
  const sent = registrar.written.length;
  await drain();
  expect(registrar.written.length).toBe(sent);
  await agrees();
  expect(harness.faults).toEqual([]);
});

test('a study whose files were never open says no day since which they are', async () => {
  const accession = await publishStudy(harness, people['dora']!.token, 'Given on request', {
    'tracks.csv': `${trackTable}9,1,4,6\n`,
  });
  const { db, states } = harness.services;
  // As it is after the first version was published with a declaration.
  const declaration = JSON.stringify({ human: true, identifiable: true, access: 'controlled' });
  const row = {
    accession,
    state: 'controlled' as const,
    reason: '',
    actor: 'x',
    at: new Date(),
    archived: false,
    declaration,
  };
  await db
    .insertInto('study_state')
    .values({ ...row, until: null, replaced_by: null, summary: null })
    .execute();
  states.forget(accession);
  for (const record of await told(accession)) {
    expect(dates(record)).toMatchObject({ Issued: today() });
    expect(dates(record)['Available']).toBeUndefined();
  }
  await states.change(accession, { state: 'published', reason: 'Released by all' });
  for (const record of await told(accession)) expect(dates(record)['Available']).toBe(today());
});
