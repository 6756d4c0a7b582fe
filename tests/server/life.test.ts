import { apiBase, routes } from '@micrarium/api';
import { lifeOfAStudy, reviewSteps, reviewTransition, type ReviewState, type ReviewStep } from '@micrarium/repository';
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { followAbandonedDrafts, monthsBetween } from '../../packages/server/src/states/abandoned-drafts.ts';
import { emptyTrash } from '../../packages/server/src/states/draft-trash.ts';
import { publishDue } from '../../packages/server/src/states/publication.ts';
import { workingDaysAfter } from '../../packages/server/src/states/review-queue.ts';
import { type Harness, openHarness } from './harness.ts';
import { describeDraft, fillDraft, publishStudy, trackTable } from './publish-study.ts';

let harness: Harness;
type Member = Awaited<ReturnType<Harness['member']>>;
let dora: Member;
let cora: Member;
let otto: Member;

beforeAll(async () => {
  harness = await openHarness(true, { environment: { MICRARIUM_REVIEW: 'on' } });
  dora = await harness.member('dora');
  cora = await harness.member('cora', 'curator');
  otto = await harness.member('otto', 'curator');
});
afterAll(() => harness.close());

const send = (
  path: string,
  as: Member,
  body?: object,
  more: { method?: string; headers?: Record<string, string> } = {},
) =>
  harness.request(`${apiBase}${path}`, {
    method: more.method ?? 'POST',
    headers: { ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...more.headers },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    as: as.cookie,
  });
const look = async (path: string, as: Member) =>
  await (await harness.request(apiBase + path, { as: as.cookie })).json();
const step = (draft: string, name: string, as: Member, headers: Record<string, string> = {}, reason?: string) =>
  send(`/drafts/${draft}/review`, as, { step: name, ...(reason === undefined ? {} : { reason }) }, { headers });
let tables = 0;
/** A complete draft of dora's. */
async function complete(title: string): Promise<string> {
  const draft = (await harness.client(dora.token).call(routes.createDraft, {})).id;
  await fillDraft(harness, dora.token, draft, { 'tracks.csv': `${trackTable}9,${++tables},1,1\n` });
  await describeDraft(harness, dora.token, draft, title);
  return draft;
}
async function inReview(title: string): Promise<string> {
  const draft = await complete(title);
  for (const [name, who] of [
    ['submit', dora],
    ['claim', cora],
  ] as const)
    expect((await step(draft, name, who)).status).toBe(200);
  return draft;
}
async function save(draft: string, as: Member, change: (values: Record<string, unknown>) => object): Promise<number> {
  const seen = await harness.request(`${apiBase}/drafts/${draft}`, { as: as.cookie });
  const { metadata } = await seen.json();
  const body = { metadata: { ...metadata, values: { ...metadata.values, ...change(metadata.values) } } };
  return (
    await send(`/drafts/${draft}`, as, body, { method: 'PATCH', headers: { 'if-match': seen.headers.get('etag')! } })
  ).status;
}

test('a step that is none from here is refused with those there are, and one on another revision too', async () => {
  const draft = await complete('Steps');
  const refused = await step(draft, 'recall', dora);
  expect([refused.status, (await refused.json()).allowed]).toEqual([
    409,
    lifeOfAStudy.filter(({ of, from }) => of === 'draft' && from.includes('editing')).map(({ name }) => name),
  ]);
  expect((await step(draft, 'jump', dora)).status).toBe(400);
  const { revision } = await look(`/drafts/${draft}/review`, dora);
  expect((await step(draft, 'submit', dora, { 'if-match': `"${revision - 1}"` })).status).toBe(412);
  expect((await step(draft, 'submit', dora, { 'if-match': `"${revision}"` })).status).toBe(200);
  // Nothing is thrown away while curators have it, and only who took it on asks for changes.
  expect((await send(`/drafts/${draft}`, dora, undefined, { method: 'DELETE' })).status).toBe(409);
  expect((await step(draft, 'claim', cora)).status).toBe(200);
  await send(`/drafts/${draft}/review/comments`, cora, { text: 'Why?', mustFix: true });
  const other = await step(draft, 'request changes', otto);
  expect([other.status, (await other.json()).allowed]).toEqual([409, ['approve', 'return']]);
  expect((await step(draft, 'return', cora)).status).toBe(409);
  expect((await step(draft, 'return', cora, {}, 'Not microscopy')).status).toBe(200);
  const { comments } = await look(`/drafts/${draft}/review`, dora);
  expect(comments.at(-1)).toMatchObject({ text: 'Not microscopy', author: 'cora' });
});

test('sent again under the same key, a step gets its first answer and does nothing, also at the same moment', async () => {
  const draft = await complete('Twice');
  const headers = { 'idempotency-key': 'submit-1' };
  const both = await Promise.all([step(draft, 'submit', dora, headers), step(draft, 'submit', dora, headers)]);
  // The second finds the first still running, or done.
  const [one, other] = both.map(({ status }) => status).sort();
  expect([one, [200, 409].includes(other!)]).toEqual([200, true]);
  expect((await step(draft, 'recall', dora)).status).toBe(200);
  const again = await step(draft, 'submit', dora, headers);
  expect([again.status, (await again.json()).state]).toEqual([200, 'submitted']);
  expect((await look(`/drafts/${draft}/review`, dora)).state).toBe('editing');
  const events = await sql<{ n: number }>`select count(*)::int as n from audit_event join draft on target = accession
    where draft.id = ${draft} and action = 'review.submitted'`.execute(harness.services.db);
  expect(events.rows[0]!.n).toBe(1);
  expect((await step(draft, 'recall', dora, headers)).status).toBe(422);
  // Another person has keys of their own; a refusal is kept too.
  const no = { 'idempotency-key': 'recall-1' };
  expect((await step(draft, 'recall', dora, no)).status).toBe(409);
  expect((await step(draft, 'submit', dora)).status).toBe(200);
  expect((await step(draft, 'recall', dora, no)).status).toBe(409);
  expect((await step(draft, 'recall', dora)).status).toBe(200);
  const made = { headers: { 'idempotency-key': 'new' } };
  const first = await (await send('/drafts', dora, undefined, made)).json();
  const second = await (await send('/drafts', dora, undefined, made)).json();
  expect(first.id).toBe(second.id);
});

test('what a curator writes in place is accepted or taken back, value by value, before anything is approved', async () => {
  const draft = await inReview('In place');
  expect(await save(draft, otto, () => ({ title: 'Otto was here' }))).toBe(409);
  expect(await save(draft, dora, () => ({ title: 'Dora too' }))).toBe(409);
  expect(
    await save(draft, cora, () => ({ title: 'In its place', description: 'Written by a curator, in place.' })),
  ).toBe(200);
  const file = await harness.request(`${apiBase}/drafts/${draft}/files/x.csv`, {
    method: 'PUT',
    body: 'x',
    as: cora.cookie,
  });
  expect(file.status).toBe(409);
  const { edits } = await look(`/drafts/${draft}/review`, dora);
  expect(edits).toMatchObject([
    { field: 'description', state: 'waiting', curator: 'cora' },
    { field: 'title', before: 'In place', after: 'In its place', state: 'waiting' },
  ]);
  const told = await look('/notices', dora);
  expect(told.notices[0]).toMatchObject({ kind: 'edited-in-place', link: `/review/${draft}` });
  expect((await step(draft, 'approve', cora)).status).toBe(409);
  const decide = (id: number, isAccepted: boolean, as: Member) =>
    send(`/drafts/${draft}/review/edits/${id}`, as, { isAccepted, answer: isAccepted ? '' : 'It is a name' });
  expect((await decide(edits[1].id, true, cora)).status).toBe(403);
  expect((await decide(edits[0].id, true, dora)).status).toBe(200);
  expect((await decide(edits[1].id, false, dora)).status).toBe(200);
  expect((await decide(edits[1].id, true, dora)).status).toBe(404);
  const { metadata } = await look(`/drafts/${draft}`, dora);
  expect(metadata.values).toMatchObject({ title: 'In place', description: 'Written by a curator, in place.' });
  expect((await look('/notices', cora)).notices[0]).toMatchObject({ kind: 'edit-decided', detail: { name: 'dora' } });
  // Put back as it was by the curator: nothing to answer.
  for (const title of ['Other', 'In place']) expect(await save(draft, cora, () => ({ title }))).toBe(200);
  expect((await look(`/drafts/${draft}/review`, dora)).edits).toHaveLength(2);
  expect((await step(draft, 'approve', cora)).status).toBe(200);
});

test('an approved draft is published by a curator, or on its day, and carries who reviewed it by which list', async () => {
  const [now, later] = [await inReview('By a curator'), await inReview('On its day')];
  const day = new Date(Date.now() + 3 * 86_400_000).toISOString().slice(0, 10);
  const fix = (as: Member, on: string | null) =>
    send(`/drafts/${later}/review/publication`, as, { day: on }, { method: 'PUT' });
  expect((await fix(dora, day)).status).toBe(409);
  expect((await send(`/drafts/${now}/publish`, cora)).status).toBe(409);
  const ticked = await send(
    `/drafts/${now}/review/checklist`,
    cora,
    { ticked: ['understandable', 'files-open', 'x'] },
    { method: 'PUT' },
  );
  const { checklist } = await ticked.json();
  expect(checklist.version).toBe('archive 1');
  expect(checklist.points).toContainEqual({ id: 'digests', isMachine: true, isDone: true, about: [] });
  expect(checklist.points).toContainEqual({ id: 'understandable', isMachine: false, isDone: true, about: [] });
  expect(checklist.points).toContainEqual({ id: 'may-be-shared', isMachine: false, isDone: false, about: [] });
  for (const draft of [now, later]) expect((await step(draft, 'approve', cora)).status).toBe(200);
  expect((await send(`/drafts/${now}/publish`, otto)).status).toBe(200);
  const accession = (await look(`/drafts/${later}`, dora)).accession;
  for (const wrong of ['2020-01-01', new Date().toISOString().slice(0, 10)])
    expect((await fix(dora, wrong)).status).toBe(409);
  expect(await (await fix(dora, day)).json()).toMatchObject({ publishOn: day, turn: 'nobody' });
  const { kernel, services } = harness;
  expect(await publishDue(kernel, services, new Date())).toBe(0);
  const due = new Date(`${day}T00:00:01Z`);
  const runs = await Promise.all([publishDue(kernel, services, due), publishDue(kernel, services, due)]);
  expect(Math.max(...runs)).toBe(1);
  const found = await (await harness.request(`${apiBase}/studies/${accession}`)).json();
  expect(found.review).toMatchObject({ checklist: 'archive 1', curators: [{ name: 'cora' }] });
  const page = await (await harness.request(`/studies/${accession}`, { headers: { accept: 'text/html' } })).text();
  expect(page).toContain('archive 1');
});

test('a version that was approved before the kind of change was asked for is published on its day, without it', async () => {
  const first = await inReview('Approved long ago');
  expect((await step(first, 'approve', cora)).status).toBe(200);
  expect((await send(`/drafts/${first}/publish`, dora)).status).toBe(200);
  const { accession } = await look(`/drafts/${first}`, dora);
  const next = await harness.client(dora.token).call(routes.newDraftVersion, { params: { accession } });
  await describeDraft(harness, dora.token, next.id, 'Approved long ago', 'Better words');
  expect((await step(next.id, 'submit', dora)).status).toBe(200);
  expect((await step(next.id, 'claim', cora)).status).toBe(200);
  // As a program of before this was asked for would have left it.
  await sql`update draft set change_kinds = null, earlier_results = null where id = ${next.id}`.execute(
    harness.services.db,
  );
  const missing = async () =>
    (await look(`/drafts/${next.id}`, dora)).missing.map(({ code }: { code: string }) => code);
  expect(await missing()).toEqual(['change-kind-missing', 'earlier-results-missing']);
  expect((await step(next.id, 'approve', cora)).status).toBe(200);
  expect(await missing()).toEqual([]);
  const day = new Date(Date.now() + 3 * 86_400_000).toISOString().slice(0, 10);
  const fixed = await send(`/drafts/${next.id}/review/publication`, dora, { day }, { method: 'PUT' });
  expect(fixed.status).toBe(200);
  const { kernel, services } = harness;
  expect(await publishDue(kernel, services, new Date(`${day}T00:00:01Z`))).toBe(1);
  const found = await (await harness.request(`${apiBase}/studies/${accession}`)).json();
  expect(found).toMatchObject({ version: 2, note: 'Better words' });
  expect(found.changeKinds).toBeUndefined();
});

test('a discarded draft is taken back with its bytes for thirty days, then they are gone', async () => {
  const draft = await complete('Thrown away');
  const { accession } = await look(`/drafts/${draft}`, dora);
  const [file] = await harness.services.studies.listFiles(draft, { limit: 1 });
  const discard = async () => (await send(`/drafts/${draft}`, dora, undefined, { method: 'DELETE' })).status;
  expect(await discard()).toBe(204);
  expect((await harness.request(`${apiBase}/drafts/${draft}`, { as: dora.cookie })).status).toBe(404);
  expect((await look('/discarded-drafts', dora)).drafts).toMatchObject([{ id: draft, accession, isExpired: false }]);
  expect((await look('/discarded-drafts', cora)).drafts).toEqual([]);
  expect(await harness.services.blobs.has(file!.sha256!)).toBe(true);
  const back = (as: Member) => send(`/discarded-drafts/${draft}/take-back`, as);
  expect((await back(cora)).status).toBe(404);
  const both = await Promise.all([back(dora), back(dora)]);
  expect(both.map(({ status }) => status).sort()).toEqual([204, 404]);
  expect((await look(`/drafts/${draft}`, dora)).missing).toEqual([]);
  expect(await discard()).toBe(204);
  const { services } = harness;
  await emptyTrash(services, new Date(Date.now() + 29 * 86_400_000));
  expect(await services.blobs.has(file!.sha256!)).toBe(true);
  await emptyTrash(services, new Date(Date.now() + 31 * 86_400_000));
  expect(await services.blobs.has(file!.sha256!)).toBe(false);
  expect((await back(dora)).status).toBe(404);
  const next = await harness.client(dora.token).call(routes.createDraft, {});
  expect(next.accession).not.toBe(accession);
});

test('abandoned drafts: reminded from the sixth month on, each month once, and discarded after the twelfth', async () => {
  const [left, taken, held] = [await complete('Left'), await complete('Taken up'), await inReview('Held')];
  const { db } = harness.services;
  const months = (n: number) => {
    const at = new Date();
    at.setUTCMonth(at.getUTCMonth() + n);
    at.setUTCDate(at.getUTCDate() + 1);
    return at;
  };
  const others = await db
    .selectFrom('draft')
    .select('id')
    .where('state', '=', 'editing')
    .where('id', 'not in', [left, taken, held])
    .execute();
  for (const { id } of others) await db.updateTable('draft').set({ state: 'discarded' }).where('id', '=', id).execute();
  const follow = (n: number) => followAbandonedDrafts(harness.services, months(n));
  expect(await follow(5)).toEqual({ reminded: 0, expired: 0 });
  expect(await follow(6)).toEqual({ reminded: 2, expired: 0 });
  expect(await follow(6)).toEqual({ reminded: 0, expired: 0 });
  expect((await look('/notices', dora)).notices[0]).toMatchObject({ kind: 'draft-abandoned', detail: { months: 6 } });
  expect(await follow(7)).toEqual({ reminded: 2, expired: 0 });
  // Never without a warning before: who was not told in time is told first.
  await db.deleteFrom('draft_reminder').where('draft_id', '=', taken).execute();
  expect(await follow(12)).toEqual({ reminded: 1, expired: 1 });
  expect((await look('/discarded-drafts', dora)).drafts).toContainEqual(
    expect.objectContaining({ id: left, isExpired: true }),
  );
  expect((await look('/notices', dora)).notices.map(({ kind }: { kind: string }) => kind)).toContain('draft-expired');
  expect((await look(`/drafts/${held}/review`, dora)).state).toBe('in_review');
  expect(await save(taken, dora, () => ({ title: 'Taken up again' }))).toBe(200);
  expect(monthsBetween(new Date('2026-01-31T12:00:00Z'), new Date('2026-02-28T12:00:00Z'))).toBe(1);
  expect(monthsBetween(new Date('2026-01-15T12:00:00Z'), new Date('2026-07-15T11:00:00Z'))).toBe(5);
});

test('files are closed by two curators on a ground; its owner asks for withdrawal and ends an embargo', async () => {
  const other = await openHarness();
  try {
    const owner = await other.member('owner');
    const [one, two] = [await other.member('one', 'curator'), await other.member('two', 'curator')];
    const accession = await publishStudy(other, owner.token, 'Closed by two');
    const call = (method: string, path: string, as: Member, body?: object) =>
      other.request(apiBase + path, {
        method,
        as: as.cookie,
        ...(body === undefined ? {} : { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
      });
    const state = `/admin/studies/${accession}/state`;
    const asks = `/studies/${accession}/asks`;
    expect((await call('PUT', state, one, { state: 'controlled', reason: 'x' })).status).toBe(409);
    const closing = { state: 'controlled', reason: 'A face', ground: 'privacy' };
    expect(await (await call('PUT', state, one, closing)).json()).toMatchObject({
      state: 'published',
      waits: ['restrict'],
    });
    expect((await call('PUT', state, two, closing)).status).toBe(409);
    const [ask] = (await (await call('GET', asks, two)).json()).asks;
    expect(ask).toMatchObject({ change: 'restrict', ground: 'privacy', mayConfirm: true, askedBy: 'one' });
    expect((await call('POST', `${asks}/${ask.id}`, one, { isConfirmed: true })).status).toBe(409);
    expect((await call('POST', `${asks}/${ask.id}`, owner, { isConfirmed: true })).status).toBe(403);
    expect((await call('POST', `${asks}/${ask.id}`, two, { isConfirmed: true })).status).toBe(200);
    expect(await (await call('GET', state, one)).json()).toMatchObject({ state: 'controlled', waits: [] });

    const wish = { change: 'withdraw', reason: 'The wrong cells' };
    expect((await call('POST', asks, one, wish)).status).toBe(403);
    expect((await call('POST', asks, owner, wish)).status).toBe(201);
    expect((await call('POST', asks, owner, wish)).status).toBe(409);
    const [asked] = (await (await call('GET', asks, two)).json()).asks;
    // Cut off between the decision and what it decides, nothing is decided: somebody may confirm again.
    await sql`create function cut() returns trigger language plpgsql as $$ begin raise exception 'cut'; end $$`.execute(
      other.services.db,
    );
    await sql`create trigger cut before insert on audit_event for each row
      when (new.action = 'study.withdrawn') execute function cut()`.execute(other.services.db);
    expect((await call('POST', `${asks}/${asked.id}`, two, { isConfirmed: true })).status).toBe(500);
    expect(other.faults.splice(0)).toHaveLength(1);
    expect((await (await call('GET', asks, two)).json()).asks).toMatchObject([{ id: asked.id, mayConfirm: true }]);
    await sql`drop trigger cut on audit_event`.execute(other.services.db);
    expect((await call('POST', `${asks}/${asked.id}`, two, { isConfirmed: true })).status).toBe(200);
    expect((await other.request(`/studies/${accession}`)).status).toBe(410);
    const jump = await call('PUT', state, two, { state: 'embargoed', until: '2999-01-01', reason: 'x' });
    expect([jump.status, (await jump.json()).allowed]).toEqual([
      409,
      ['purged', 'reinstated', 'reinstated, files on request'],
    ]);
    expect(other.faults).toEqual([]);
  } finally {
    await other.close();
  }
});

test('queue: what it is filtered by, how long it waits, filters that are kept; comments keep what they said', async () => {
  const draft = await inReview('In the queue');
  const { reviews } = await look('/reviews', cora);
  const line = reviews.find((one: { draft: string }) => one.draft === draft);
  expect(line).toMatchObject({
    tier: 'archive',
    assignee: 'cora',
    depositor: 'dora',
    holdsPeople: false,
    files: 1,
    isLate: false,
  });
  expect(line.bytes).toBeGreaterThan(0);
  // Whose account is closed does not go on with it: it stands there as taken on by nobody.
  const close = (at: Date | null) =>
    harness.services.db.updateTable('auth_user').set({ disabled_at: at }).where('id', '=', cora.user.id).execute();
  await close(new Date());
  const { reviews: without } = await look('/reviews', otto);
  expect(without.find((one: { draft: string }) => one.draft === draft).assignee).toBeUndefined();
  expect((await look(`/drafts/${draft}/review`, dora)).assignee).toBeUndefined();
  await close(null);
  expect(Date.parse(line.answeredAt)).not.toBeNaN();
  expect(workingDaysAfter(new Date('2026-11-20T10:00:00Z'), 5).toISOString()).toBe('2026-11-27T10:00:00.000Z');
  const keep = (name: string, filter: object | null, as: Member) =>
    send(`/reviews/filters/${name}`, as, { filter }, { method: 'PUT' });
  expect((await keep('mine', { state: 'in_review' }, dora)).status).toBe(403);
  expect(await (await keep('mine', { state: 'in_review' }, cora)).json()).toEqual({
    filters: [{ name: 'mine', filter: { state: 'in_review' } }],
  });
  expect((await look('/reviews/filters', otto)).filters).toEqual([]);
  expect(await (await keep('mine', null, cora)).json()).toEqual({ filters: [] });
  const at = `/drafts/${draft}/review/comments`;
  const [said] = (await (await send(at, cora, { field: 'title', text: 'Which?', mustFix: true })).json()).comments;
  expect((await send(`${at}/${said.id}`, dora, { text: 'Mine now', mustFix: false }, { method: 'PUT' })).status).toBe(
    404,
  );
  const { comments } = await (
    await send(`${at}/${said.id}`, cora, { text: 'Which cells?', mustFix: true }, { method: 'PUT' })
  ).json();
  expect(comments[0]).toMatchObject({ text: 'Which cells?', isMine: true, past: [{ text: 'Which?', mustFix: true }] });
  expect((await send(`${at}/${said.id}/settled`, cora)).status).toBe(200);
  expect((await send(`${at}/${said.id}/open`, cora)).status).toBe(200);
  expect((await step(draft, 'approve', cora)).status).toBe(409);
});

test('studies with the same files or the same title and people are named, as far as one may see them', async () => {
  const again = (await harness.client(dora.token).call(routes.createDraft, {})).id;
  const published = await look('/studies', dora);
  const twin = published.studies.find(({ title }: { title: string }) => title === 'By a curator');
  const bytes = await (
    await harness.request(`${apiBase}/studies/${twin.accession}/versions/1/files/tracks.csv`)
  ).text();
  await fillDraft(harness, dora.token, again, { 'again.csv': bytes });
  await describeDraft(harness, dora.token, again, 'On its day');
  const { duplicates } = await look(`/drafts/${again}/review`, dora);
  expect(duplicates).toContainEqual({ accession: twin.accession, title: 'By a curator', why: 'files', files: 1 });
  expect(duplicates).toContainEqual(expect.objectContaining({ title: 'On its day', why: 'title', files: 0 }));
});

/** The same numbers for the same seed. */
function numbers(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

test('over random sequences of steps a draft is only ever where the table leads, and changes only with its depositor', async () => {
  const seed = Number(process.env['MICRARIUM_SEED'] ?? 6);
  const draw = numbers(seed);
  const people = [dora, cora, otto] as const;
  const names: ReviewStep[] = ['submit', 'recall', 'claim', 'request changes', 'approve', 'return', 'reopen'];
  for (let round = 0; round < 3; round++) {
    const draft = await complete(`Random ${round}`);
    let state: ReviewState = 'editing';
    let titles = 0;
    for (let turn = 0; turn < 40; turn++) {
      const who = people[draw(people.length)]!;
      const side = who === dora ? 'owner' : 'curator';
      const name = names[draw(names.length)]!;
      const about = `seed ${seed}, round ${round}, turn ${turn}: ${name} in ${state}`;
      if (draw(4) === 0) {
        const isOpen = state === 'editing' || state === 'changes_requested';
        const saved = await save(draft, dora, () => ({
          description: `Text ${++titles} of this draft, long enough to say something.`,
        }));
        expect(saved, about).toBe(isOpen ? 200 : 409);
        continue;
      }
      if (draw(3) === 0 && state === 'in_review')
        await send(`/drafts/${draft}/review/comments`, who, { text: 'Say more', mustFix: true });
      if (draw(2) === 0) {
        const { comments } = await look(`/drafts/${draft}/review`, dora);
        for (const { id, mustFix, resolvedAt } of comments)
          if (mustFix && !resolvedAt) await send(`/drafts/${draft}/review/comments/${id}/settled`, cora);
      }
      const before = await look(`/drafts/${draft}/review`, dora);
      expect(before.state, about).toBe(state);
      const answer = await step(draft, name, who, {}, 'Because');
      const way = reviewTransition(state, name);
      if (answer.status === 200) {
        // Curators may submit what nobody has submitted yet, for its depositor.
        expect(way?.who === side || state === 'editing', about).toBe(true);
        state = way!.to;
      } else {
        expect([403, 404, 409], about).toContain(answer.status);
        const isFree =
          way?.who === side &&
          way.needs.every((need) => need === 'reason' || need === 'nobody assigned') &&
          !way.isForAssignee;
        if (isFree && (side === 'owner' || answer.status === 409)) expect(answer.status, about).not.toBe(409);
      }
      const after = await look(`/drafts/${draft}/review`, dora);
      expect(after.state, about).toBe(state);
      expect(after.steps, about).toEqual(reviewSteps(state, 'owner'));
      const open = await sql<{
        n: number;
      }>`select count(*)::int as n from draft where state in ('editing', 'publishing')
        and accession = (select accession from draft where id = ${draft})`.execute(harness.services.db);
      expect(open.rows[0]!.n).toBe(1);
    }
  }
}, 120_000);

test('no fault of the program was noted', () => {
  expect(harness.faults).toEqual([]);
});
