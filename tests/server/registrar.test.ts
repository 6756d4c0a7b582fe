import { Writable } from 'node:stream';
import { apiBase, routes } from '@micrarium/api';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { run as runCommand } from '../../packages/cli/src/run.ts';
import type { DoiCheck } from '../../packages/server/src/dois/check-dois.ts';
import { overview } from '../../packages/server/src/usage/overview.ts';
import type { Harness } from './harness.ts';
import type { LocalRegistrar } from './local-registrar.ts';
import { describeDraft, fillDraft, publishNext, publishStudy, trackTable } from './publish-study.ts';
import { firstRegistered, inMinutes, openRegisteringHarness, type RegisteringHarness } from './registered-studies.ts';

let registrar: LocalRegistrar;
let harness: Harness;
let dora: RegisteringHarness['dora'];
let environment: Record<string, string>;
let opened: RegisteringHarness;
beforeAll(async () => {
  opened = await openRegisteringHarness();
  ({ registrar, harness, dora, environment } = opened);
  const accession = await publishStudy(harness, dora.token, 'With DOIs');
  await publishNext(harness, dora.token, accession, 'With DOIs, and more', { 'more.csv': `${trackTable}7,1,1,1\n` });
  const params = { accession };
  const client = harness.client(dora.token);
  const { datasets } = await client.call(routes.listStudyDois, { params });
  await client.call(routes.askStudyDoi, { params, body: { dataset: datasets[0]!.dataset } });
  for (const minutes of [600, 600]) await opened.dois.drain(inMinutes(minutes));
});
afterAll(() => opened.close());

const dois = () => opened.dois;
/** The registered study, and what its DOIs are made of. */
const registered = () => firstRegistered(harness);

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
