import { appendFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { apiBase, routes } from '@micrarium/api';
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { networkOf } from '../../packages/server/src/audit/acting.ts';
import { eventHash, noteAlone, noteEvent } from '../../packages/server/src/audit/audit-log.ts';
import { verifyAudit, writeDailyHead, writeNewestHead } from '../../packages/server/src/audit/verify-audit.ts';
import { type Harness, openHarness } from './harness.ts';
import { publishStudy } from './publish-study.ts';

let harness: Harness;
let owner: Awaited<ReturnType<Harness['member']>>;
let dora: Awaited<ReturnType<Harness['member']>>;
let accession: string;
const heads = mkdtempSync(join(tmpdir(), 'micrarium-audit-'));

beforeAll(async () => {
  harness = await openHarness();
  owner = await harness.member('olga', 'owner');
  dora = await harness.member('dora');
  accession = await publishStudy(harness, dora.token, 'Noted');
}, 120_000);
afterAll(async () => {
  await harness.close();
  rmSync(heads, { recursive: true, force: true });
});

const events = async (query = '') =>
  (await (await harness.request(`${apiBase}/admin/audit${query}`, { as: owner.cookie })).json()).events;

test('who did what when: every step of a publication, by account id and the name of now, nothing of persons in it', async () => {
  const all = await events(`?target=${accession}`);
  const steps = all.map((event: { action: string }) => event.action).reverse();
  expect(steps[0]).toBe('draft.open');
  expect(steps).toEqual(expect.arrayContaining(['files.expect', 'draft.edit', 'draft.publishing', 'version.publish']));
  const published = all.find((event: { action: string }) => event.action === 'version.publish');
  expect(published).toMatchObject({ actor: dora.user.id, actorName: 'dora', via: 'token' });
  expect(published.detail.inventorySha512).toMatch(/^[0-9a-f]{128}$/);
  const raw = await sql<{
    text: string;
  }>`select string_agg(row_to_json(e)::text, '') as text from audit_event as e`.execute(harness.services.db);
  expect(raw.rows[0]!.text).not.toContain('example.org');
  expect(raw.rows[0]!.text).not.toContain('tracks.csv');
  expect((await events(`?actor=${dora.user.id}&limit=2`)).length).toBe(2);
});

test('signing in, being refused, tokens: noted; what was typed is not', async () => {
  const answer = await harness.request('/api/auth/sign-in/email', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ email: 'dora@example.org', password: 'not the right one' }),
  });
  expect(answer.status).toBe(401);
  expect((await events('?limit=1'))[0]).toMatchObject({
    action: 'session.refuse',
    target: dora.user.id,
    actor: 'visitor',
  });
  await harness.request(`${apiBase}/tokens`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ name: 'n', scopes: ['read'], expiresInDays: 1 }),
    as: dora.cookie,
  });
  expect((await events('?limit=1'))[0]).toMatchObject({ action: 'token.create', actor: dora.user.id, via: 'session' });
});

test('many at once make one chain; a change whose event fails does not happen', async () => {
  const { db } = harness.services;
  await Promise.all(Array.from({ length: 20 }, (_, n) => noteAlone(db, 'test.note', `t${n}`)));
  expect(await verifyAudit(db, heads)).toMatchObject({ head: { seq: expect.any(Number) } });
  const draft = await harness.client(dora.token).call(routes.createDraft, {});
  await sql`alter table audit_event add constraint no_edits check (action <> 'draft.edit') not valid`.execute(db);
  const saved = await harness.request(`${apiBase}/drafts/${draft.id}`, {
    method: 'PATCH',
    headers: { 'content-type': 'application/json', 'if-match': `"${draft.revision}"` },
    body: JSON.stringify({ note: 'lost' }),
    as: dora.token,
  });
  expect(saved.status).toBe(500);
  await sql`alter table audit_event drop constraint no_edits`.execute(db);
  expect(await harness.client(dora.token).call(routes.getDraft, { params: { draft: draft.id } })).toMatchObject({
    revision: draft.revision,
  });
  harness.faults.length = 0;
});

test('rows cannot be changed or taken out; one who gets round that breaks the chain, and a chain made anew does not fit the heads', async () => {
  const { db } = harness.services;
  await expect(sql`update audit_event set actor = 'x'`.execute(db)).rejects.toThrow('only grows');
  await expect(sql`delete from audit_event`.execute(db)).rejects.toThrow('only grows');
  await expect(sql`truncate audit_event`.execute(db)).rejects.toThrow('only grows');
  expect(await writeDailyHead(db, heads)).toBeDefined();
  expect(await writeDailyHead(db, heads)).toBeUndefined();
  await noteAlone(db, 'test.note', 'after');
  appendFileSync(join(heads, 'audit-heads.ndjson'), '{"seq":99');
  const whole = await verifyAudit(db, heads);
  expect(whole.broken).toBeUndefined();
  await db
    .transaction()
    .execute(async (tx) => {
      await sql`alter table audit_event disable trigger user`.execute(tx);
      await sql`update audit_event set actor = 'somebody' where seq = 3`.execute(tx);
      expect((await verifyAudit(tx, heads)).broken).toMatchObject({ seq: 3 });
      // The chain is made anew from there, as one could who holds the database.
      const rows = await tx.selectFrom('audit_event').selectAll().where('seq', '>=', 3).orderBy('seq').execute();
      let prevHash = rows[0]!.prev_hash;
      for (const { prev_hash: _, hash: __, at, ...row } of rows) {
        const hash = eventHash({ ...row, at: at.toISOString(), prevHash });
        await sql`update audit_event set prev_hash = ${prevHash}, hash = ${hash} where seq = ${row.seq}`.execute(tx);
        prevHash = hash;
      }
      expect((await verifyAudit(tx, '/nowhere')).broken).toBeUndefined();
      expect((await verifyAudit(tx, heads)).broken?.message).toContain('written down');
      throw new Error('undo');
    })
    .catch((fault: Error) => expect(fault.message).toBe('undo'));
  const answer = await harness.request(`${apiBase}/admin/audit/verify`, { as: owner.cookie });
  expect(await answer.json()).toEqual({ events: whole.events, head: whole.head });
});

test('what is taken off the end, out of the middle or put in is found; a clock that goes back is no fault of the log', async () => {
  const { db } = harness.services;
  const folder = mkdtempSync(join(tmpdir(), 'micrarium-audit-'));
  for (const [target, back] of [
    ['a', 0],
    ['b', 3_600_000],
    ['c', 0],
  ] as const) {
    vi.setSystemTime(Date.now() - back);
    await noteAlone(db, 'test.note', target);
    vi.useRealTimers();
  }
  await writeNewestHead(db, folder);
  const whole = await verifyAudit(db, folder);
  expect(whole.broken).toBeUndefined();
  const last = whole.head!.seq;
  const tampered = async (change: (tx: typeof db) => Promise<unknown>) => {
    let message: string | undefined;
    await db
      .transaction()
      .execute(async (tx) => {
        await sql`alter table audit_event disable trigger user`.execute(tx);
        await change(tx);
        message = (await verifyAudit(tx, folder)).broken?.message;
        throw new Error('undo');
      })
      .catch((fault: Error) => expect(fault.message).toBe('undo'));
    return message;
  };
  expect(await tampered((tx) => sql`delete from audit_event where seq = ${last}`.execute(tx))).toContain('ends before');
  expect(await tampered((tx) => sql`delete from audit_event`.execute(tx))).toContain('ends before');
  expect(await tampered((tx) => sql`delete from audit_event where seq = ${last - 1}`.execute(tx))).toContain('missing');
  expect(
    await tampered((tx) => sql`update audit_event set at = at - interval '1 s' where seq = 2`.execute(tx)),
  ).toContain('hash');
  // The last is taken off and another put in its place, as the program itself would write it.
  const replaced = await tampered(async (tx) => {
    await sql`delete from audit_event where seq = ${last}`.execute(tx);
    await noteEvent(tx, 'test.note', 'forged');
  });
  expect(replaced).toContain('written down');
  await writeNewestHead(db, folder);
  expect((await verifyAudit(db, folder)).broken).toBeUndefined();
  rmSync(folder, { recursive: true });
});

test('the export is the log, line by line, and whoever has it can check it', async () => {
  const answer = await harness.request(`${apiBase}/admin/audit.ndjson`, { as: owner.cookie });
  const lines = (await answer.text())
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  expect(lines.map((one) => one.seq)).toEqual(lines.map((_, index) => index + 1));
  for (const event of lines) expect(eventHash(event)).toBe(event.hash);
  const { head } = await harness.client().call(routes.auditHead, {});
  expect(head).toMatchObject({ seq: lines.length, hash: lines.at(-1).hash });
});

test('a network names no computer', () => {
  expect(['192.0.2.77', '::ffff:192.0.2.77', '2001:db8:1:2::3', '::1', 'local'].map(networkOf)).toEqual([
    '192.0.2.0/24',
    '192.0.2.0/24',
    '2001:db8:1::/48',
    '0:0:0::/48',
    undefined,
  ]);
});

test('no fault of the program was noted', () => {
  expect(harness.faults).toEqual([]);
});
