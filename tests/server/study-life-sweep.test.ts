import { apiBase, routes } from '@micrarium/api';
import { type StudyState, studyTransition, waysFrom } from '@micrarium/repository';
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { endEmbargoes } from '../../packages/server/src/states/embargo-ends.ts';
import { type Harness, openHarness } from './harness.ts';
import { describeDraft, fillDraft, trackTable } from './publish-study.ts';

/** Steps that are taken, over so many studies; a longer sweep says more in `MICRARIUM_STEPS`. */
const steps = Number(process.env['MICRARIUM_STEPS'] ?? 36);
const asked = process.env['MICRARIUM_SEED'] ?? '11';
const seed = asked === 'random' ? Date.now() % 2 ** 31 : Number(asked);

let harness: Harness;
const people: Record<string, Awaited<ReturnType<Harness['member']>>> = {};
beforeAll(async () => {
  harness = await openHarness();
  people['dora'] = await harness.member('dora');
  for (const name of ['cora', 'carl']) people[name] = await harness.member(name, 'curator');
  for (const name of ['olga', 'otto']) people[name] = await harness.member(name, 'owner');
});
afterAll(() => harness.close());

const send = (method: string, path: string, name?: string, body?: unknown, key?: string) =>
  harness.request(apiBase + path, {
    method,
    headers: {
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...(key === undefined ? {} : { 'idempotency-key': key }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    ...(name === undefined ? {} : { as: people[name]!.cookie }),
  });
const day = (days: number) => new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10);

/** The same numbers for the same seed. */
function numbers(from: number): (below: number) => number {
  let state = from;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

/** What is to be so of a study, by the steps that were taken. */
interface Expected {
  accession: string;
  title: string;
  state: StudyState | 'unpublished';
  isPrivate: boolean;
  isPurged: boolean;
  /** Declared as given on request by its depositor. */
  isDeclared: boolean;
  /** Bytes of the file of each version, and what its document said, as they were first read. */
  versions: { bytes: string; said: string }[];
  draft?: string;
}

let made = 0;
/** A complete draft of a new study that says a title nobody else has. */
async function newStudy(): Promise<Expected> {
  const client = harness.client(people['dora']!.token);
  const { id, accession } = await client.call(routes.createDraft, {});
  const title = `Swept away ${accession.replace(/\D/g, '')}q`;
  await fillDraft(harness, people['dora']!.token, id, { 'tracks.csv': `${trackTable}7,1,${++made},1\n` });
  await describeDraft(harness, people['dora']!.token, id, title);
  return {
    accession,
    title,
    state: 'unpublished',
    isPrivate: false,
    isPurged: false,
    isDeclared: false,
    versions: [],
    draft: id,
  };
}

const file = (one: Expected, version: number, name?: string) =>
  send('GET', `/studies/${one.accession}/versions/${version}/files/tracks.csv`, name);
/** What a version says of itself that never changes; what is said of all versions is left out. */
async function saidOf(one: Expected, version: number): Promise<string> {
  const answer = await send('GET', `/studies/${one.accession}/versions/${version}?minor=0`, 'dora');
  const { versions: _all, hiddenBadge: _mark, referenced: _count, ...said } = await answer.json();
  // Once there is a revision N.1, the version is called N.0: by that name it is cited from then on.
  const { citation: _cited, minor: _name, ...rest } = said;
  return JSON.stringify(rest);
}

/** Every list of what is public, as one text. */
async function everywhere(): Promise<string> {
  const paths = ['/studies?q=Swept', '/explore', '/status'].map((path) => apiBase + path);
  const all = [
    ...paths,
    '/sitemap.xml',
    '/sitemap-0.xml',
    '/oai?verb=ListRecords&metadataPrefix=oai_dc',
    '/search?q=Swept',
    '/feed.atom',
    '/statistics',
  ];
  return (await Promise.all(all.map(async (path) => await (await harness.request(path)).text()))).join('\n');
}

/** Rules 1 to 4 of section 2, for one study. */
async function holds(one: Expected, about: string): Promise<void> {
  const { accession, state } = one;
  // 1. A published version never changes, but for what leaves a trace.
  const readers =
    state === 'published' ? undefined : state === 'embargoed' || state === 'controlled' ? 'dora' : undefined;
  for (const [at, { bytes, said }] of one.versions.entries()) {
    const answer = await file(one, at + 1, readers);
    if (state === 'withdrawn') expect(answer.status, about).toBe(410);
    else {
      expect([answer.status, await answer.text()], about).toEqual([200, bytes]);
      expect(await saidOf(one, at + 1), about).toBe(said);
    }
    const visitor = await file(one, at + 1);
    const wanted = {
      published: 200,
      embargoed: one.isPrivate ? 404 : 403,
      controlled: 403,
      withdrawn: 410,
      unpublished: 404,
    };
    expect(visitor.status, about).toBe(wanted[state]);
  }
  // 3. At most one open draft.
  const { rows } = await sql<{ n: number }>`select count(*)::int as n from draft
    where accession = ${accession} and state in ('editing', 'publishing')`.execute(harness.services.db);
  expect(rows[0]!.n, about).toBeLessThanOrEqual(1);
  expect(rows[0]!.n, about).toBe(one.draft === undefined ? 0 : 1);
}

/** 2. What is not public, and what nobody is to know of, is told nowhere. @param all every study there is */
async function tellsNothing(all: readonly Expected[], about: string): Promise<void> {
  const told = await everywhere();
  for (const one of all) {
    const isUnknown = one.state === 'unpublished' || (one.state === 'embargoed' && one.isPrivate);
    if (isUnknown || one.state === 'withdrawn') expect(told.includes(one.title), `${about}: ${one.title}`).toBe(false);
    if (!isUnknown) continue;
    const none = 'MIC-999999';
    for (const path of [`/studies/${one.accession}`, `${apiBase}/studies/${one.accession}/versions/1`]) {
      const [answer, other] = await Promise.all(
        [path, path.replace(one.accession, none)].map((to) => harness.request(to)),
      );
      expect(answer!.status, about).toBe(404);
      const words = (await answer!.text()).replaceAll(one.accession, none);
      const same = await other!.text();
      // Ids of requests differ; nothing else does.
      const plain = (text: string) => text.replaceAll(/[0-9a-f]{8,}(?:-[0-9a-f]+)*/g, '');
      expect(plain(words), about).toBe(plain(same));
    }
  }
}

/** Closes or deletes by two people. @returns whether both could */
async function byTwo(one: Expected, change: 'restrict' | 'purge'): Promise<number> {
  const at = `/studies/${one.accession}/asks`;
  const [first, second] = change === 'purge' ? ['olga', 'otto'] : ['cora', 'carl'];
  const begun =
    change === 'purge'
      ? await send('POST', at, first, { change, reason: 'Because', ground: 'legal' })
      : await send('PUT', `/admin/studies/${one.accession}/state`, first, {
          state: 'controlled',
          reason: 'Because',
          ground: 'legal',
        });
  if (begun.status >= 400) return begun.status;
  const { asks } = await (await send('GET', at, first)).json();
  const ask = asks.find((each: { change: string }) => each.change === change);
  expect((await send('POST', `${at}/${ask.id}`, first, { isConfirmed: true })).status).toBe(409);
  return (await send('POST', `${at}/${ask.id}`, second, { isConfirmed: true })).status;
}

async function publish(one: Expected, about: string): Promise<void> {
  const draft = one.draft!;
  const key = `publish-${draft}`;
  const sent = () => send('POST', `/drafts/${draft}/publish`, 'dora', undefined, key);
  // 5. Pressed twice, and again later, under one name: one version, one answer.
  const [first, second] = await Promise.all([sent(), sent()]);
  const good = [first, second].find(({ status }) => status === 200);
  expect(good, `${about}: ${first.status} ${second.status}`).toBeDefined();
  const answer = await good!.text();
  expect(await (await sent()).text(), about).toBe(answer);
  delete one.draft;
  const bytes = await (await file(one, 1, 'dora')).text();
  const version = one.versions.length + 1;
  one.versions.push({ bytes, said: await saidOf(one, version) });
  expect(JSON.parse(answer).version, about).toBe(version);
}

const targets: readonly StudyState[] = ['published', 'embargoed', 'controlled', 'withdrawn'];

test(`over random sequences of changes the rules of the life of a study hold (seed ${seed}, ${steps} steps)`, async () => {
  console.info(`study-life-sweep: MICRARIUM_SEED=${seed}`);
  const draw = numbers(seed);
  const all: Expected[] = [await newStudy()];
  for (let step = 0; step < steps; step++) {
    if (all.length < 4 && draw(8) === 0) all.push(await newStudy());
    const one = all[draw(all.length)]!;
    const kind = draw(10);
    const about = `seed ${seed}, step ${step}: ${one.accession} ${one.state}${one.isPrivate ? ' (private)' : ''}, ${kind}`;
    const before = one.state;
    if (one.state === 'unpublished') {
      // How it is first published: open, later, later and unheard of, on request.
      const how = draw(4);
      if (how === 1 || how === 2) {
        const release = { embargoUntil: day(20), isPrivate: how === 2 };
        expect((await send('PUT', `/drafts/${one.draft}/release`, 'dora', release)).status, about).toBe(200);
      }
      if (how === 3) {
        const declared = {
          access: 'controlled',
          human: false,
          identifiable: false,
          consent: 'open',
          ethics: '',
          terms: 'x',
        };
        expect((await send('PUT', `/drafts/${one.draft}/access`, 'dora', declared)).status, about).toBe(200);
      }
      await tellsNothing(all, about);
      one.state = (['published', 'embargoed', 'embargoed', 'controlled'] as const)[how]!;
      one.isPrivate = how === 2;
      one.isDeclared = how === 3;
      await publish(one, about);
    } else if (kind < 2 && one.state !== 'withdrawn') {
      // The next version; two who open it at once get one draft.
      const open = () => send('POST', `/studies/${one.accession}/drafts`, 'dora');
      const answers = await Promise.all([open(), open()]);
      const ids = await Promise.all(answers.map(async (answer) => (await answer.json()).id));
      expect(ids[0], about).toBe(ids[1]);
      one.draft = ids[0];
      await holds(one, about);
      if (draw(3) === 0) {
        expect((await send('DELETE', `/drafts/${one.draft}`, 'dora')).status, about).toBe(204);
        delete one.draft;
      } else {
        await fillDraft(harness, people['dora']!.token, one.draft!, { [`more-${++made}.txt`]: `More ${made}` });
        await describeDraft(harness, people['dora']!.token, one.draft!, one.title, 'More');
        await publish(one, about);
      }
    } else if (kind === 2 && one.state !== 'withdrawn') {
      // A revision of the metadata: N.1, the version as it was stays what it was.
      const answer = await send('POST', `/studies/${one.accession}/drafts?metadataOnly=1`, 'dora');
      expect([200, 201], about).toContain(answer.status);
      const { id } = await answer.json();
      await describeDraft(harness, people['dora']!.token, id, one.title, 'Said better');
      expect((await send('POST', `/drafts/${id}/publish`, 'dora')).status, about).toBe(200);
    } else if (kind === 3) {
      const lift = await send('POST', `/studies/${one.accession}/embargo/lift`, 'dora');
      expect(lift.status, about).toBe(one.state === 'embargoed' ? 204 : one.state === 'withdrawn' ? 410 : 409);
      if (one.state === 'embargoed') Object.assign(one, { state: 'published', isPrivate: false });
    } else if (kind === 4 && one.state === 'embargoed') {
      // Its day comes, for two processes at once.
      const { db, states, notices } = harness.services;
      const ends = () => endEmbargoes({ db, states, notices }, new Date(Date.now() + 90 * 86_400_000));
      await Promise.all([ends(), ends()]);
      for (const each of all)
        if (each.state === 'embargoed') Object.assign(each, { state: 'published', isPrivate: false });
    } else if (kind === 5) {
      const status = await byTwo(one, 'purge');
      expect(status < 400, about).toBe(one.state === 'withdrawn' && one.draft === undefined);
      if (status < 400) one.isPurged = true;
    } else {
      const to = targets[draw(targets.length)]!;
      const way = studyTransition(one.state, to);
      const body = {
        state: to,
        reason: 'Because',
        ground: 'privacy',
        ...(to === 'embargoed' ? { until: day(30) } : {}),
      };
      if (way?.takesTwo) {
        expect(await byTwo(one, 'restrict'), about).toBe(200);
        Object.assign(one, { state: to, isPrivate: false });
      } else {
        const answer = await send('PUT', `/admin/studies/${one.accession}/state`, 'cora', body, `${seed}-${step}`);
        // What its depositor declared given on request never comes back open by itself, and what was purged not at all.
        const isClosed = one.state === 'withdrawn' && (one.isPurged || (one.isDeclared && to === 'published'));
        // 4. What is no row of the table is refused with the names of those there are.
        if (!way || isClosed) {
          expect(answer.status, about).toBe(409);
          if (!way) expect((await answer.json()).allowed, about).toEqual(waysFrom('study', before));
        } else {
          expect(answer.status, about).toBe(200);
          Object.assign(one, { state: to, isPrivate: to === 'embargoed' && one.isPrivate });
          const events = async () =>
            (
              await harness.services.db
                .selectFrom('audit_event')
                .select('seq')
                .where('target', '=', one.accession)
                .execute()
            ).length;
          const [noted, first] = [await events(), await answer.text()];
          // 5. Sent again under the same name, it gets the same answer and does nothing.
          const again = await send('PUT', `/admin/studies/${one.accession}/state`, 'cora', body, `${seed}-${step}`);
          expect([again.status, await again.text(), await events()], about).toEqual([200, first, noted]);
        }
      }
    }
    for (const each of all) await holds(each, about);
    await tellsNothing(all, about);
  }
  expect(harness.faults).toEqual([]);
}, 600_000);
