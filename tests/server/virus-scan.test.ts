import { mkdtempSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { apiBase, routes } from '@micrarium/api';
import { findDraft, viewDraft } from '@micrarium/repository';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readConfig } from '../../packages/server/src/config.ts';
import { PostgresStudyStore } from '../../packages/server/src/database/postgres-study-store.ts';
import { clamdAddress, scanByClamd, ScannerFault } from '../../packages/server/src/scans/clamd.ts';
import { type FakeClamd, openFakeClamd, signature } from './fake-clamd.ts';
import { eventually, type Harness, openHarness } from './harness.ts';
import { describeDraft, fillDraft, trackTable } from './publish-study.ts';

let daemon: FakeClamd;
beforeAll(async () => {
  daemon = await openFakeClamd();
});
afterAll(() => daemon.close());

describe('INSTREAM', () => {
  const bytesOf = (content: Uint8Array | string) => {
    const bytes = Buffer.from(content);
    return { size: bytes.length, read: async (at: number, length: number) => bytes.subarray(at, at + length) };
  };
  const scan = (content: Uint8Array | string, address = daemon.address) =>
    scanByClamd(clamdAddress(address)!, bytesOf(content));

  test('clean, found, empty; by TCP and by a socket of this machine; in pieces of at most 256 KiB', async () => {
    daemon.seen = [];
    expect(await scan(Buffer.alloc(700_000, 7))).toEqual({ state: 'clean' });
    expect(daemon.seen).toEqual([{ bytes: 700_000, largest: 256 * 1024 }]);
    // The signature lies across two pieces.
    const split = Buffer.alloc(300_000);
    split.write(signature, 256 * 1024 - 10);
    expect(await scan(split)).toEqual({ state: 'found', signature: 'Test.Signature-1' });
    expect(await scan('')).toEqual({ state: 'clean' });
    const folder = mkdtempSync(join(tmpdir(), 'micrarium-clamd-'));
    const local = await openFakeClamd(join(folder, 'clamd.ctl'));
    expect(await scan(`x${signature}`, local.address)).toMatchObject({ state: 'found' });
    await local.close();
    rmSync(folder, { recursive: true, force: true });
  });

  test('what is larger than the scanner takes is said to be, and not sent to its end', async () => {
    let read = 0;
    const huge = {
      size: 4e9,
      async read(_at: number, length: number) {
        read += length;
        return new Uint8Array(length);
      },
    };
    expect(await scanByClamd(clamdAddress(daemon.address)!, huge)).toEqual({ state: 'too-large' });
    expect(read).toBeLessThan(400e6);
  });

  test('an answer that is lost with the connection is asked for once more', async () => {
    daemon.seen = [];
    daemon.manner = 'swallows';
    expect(await scan(Buffer.alloc(2_000_000, 7))).toEqual({ state: 'too-large' });
    expect(daemon.seen.length).toBe(2);
  });

  test('a scanner that is away, breaks off, fails or is none is a fault with its address', async () => {
    for (const [manner, said] of [
      ['breaks', /closed the connection|ECONNRESET|EPIPE/],
      ['fails', /Can't allocate memory ERROR/],
    ] as const) {
      daemon.manner = manner;
      daemon.seen = [];
      const fault = await scan(Buffer.alloc(600_000)).catch((thrown: unknown) => thrown);
      daemon.manner = 'answers';
      expect(fault).toBeInstanceOf(ScannerFault);
      expect((fault as Error).message).toMatch(said);
      expect(daemon.seen.length).toBe(manner === 'breaks' ? 3 : 1);
    }
    const gone = await openFakeClamd();
    await gone.close();
    await expect(scan('x', gone.address)).rejects.toThrow(
      `The virus scanner at ${gone.address} gives no answer: ECONNREFUSED.`,
    );
    await expect(scan('x', '/no/such/clamd.ctl')).rejects.toThrow('ENOENT');
  });

  test('a scan ends with the job it is for; a fault of reading is none of the scanner', async () => {
    daemon.manner = 'mute';
    const stop = new AbortController();
    const running = scanByClamd(clamdAddress(daemon.address)!, bytesOf('x'), stop.signal);
    await eventually(async () => daemon.seen.at(-1)?.bytes === 1);
    stop.abort(new Error('stopping'));
    await expect(running).rejects.toThrow('stopping');
    daemon.manner = 'answers';
    const broken = { size: 10, read: async () => Promise.reject(new Error('EIO')) };
    await expect(scanByClamd(clamdAddress(daemon.address)!, broken)).rejects.toThrow('EIO');
  });

  test('the setting is a host with a port or a path', () => {
    expect(clamdAddress('clamav:3310')).toEqual({ host: 'clamav', port: 3310 });
    expect(clamdAddress('[::1]:3310')).toEqual({ host: '::1', port: 3310 });
    expect(clamdAddress('/run/clamav/clamd.ctl')).toEqual({ path: '/run/clamav/clamd.ctl' });
    for (const MICRARIUM_CLAMD of ['clamav', 'clamav:0', 'clamav:99999', 'http://clamav:3310'])
      expect(() => readConfig({}, { MICRARIUM_CLAMD }), MICRARIUM_CLAMD).toThrow('MICRARIUM_CLAMD: host:port');
  });
});

describe('files of drafts', () => {
  let harness: Harness;
  let dora: Awaited<ReturnType<Harness['member']>>;
  beforeAll(async () => {
    harness = await openHarness(true, { environment: { MICRARIUM_CLAMD: daemon.address } });
    dora = await harness.member('dora');
  });
  afterAll(() => harness.close());

  const client = () => harness.client(dora.token);
  const open = async (files: Readonly<Record<string, string>>) => {
    const { id } = await client().call(routes.createDraft, {});
    await fillDraft(harness, dora.token, id, files);
    await describeDraft(harness, dora.token, id, 'Searched for viruses');
    return id;
  };
  const view = async (draft: string) => await client().call(routes.getDraft, { params: { draft } });
  const missing = async (draft: string) => (await view(draft)).missing.map(({ code }) => code);
  const searched = (draft: string) =>
    eventually(async () => !(await missing(draft)).includes('virus-scan-waiting') && (await view(draft)));
  const publish = (draft: string) => client().call(routes.publishDraft, { params: { draft } });
  const refused = { status: 422, code: 'incomplete' };

  test('what is found forbids publishing until the file is out; what was too large does not; the date stands there', async () => {
    daemon.limit = 1000;
    const draft = await open({
      'tracks.csv': trackTable,
      'tools/setup.exe': `MZ ${signature}`,
      'film.raw': 'x'.repeat(2000),
    });
    const { missing: errors, searched: notes = [] } = await searched(draft);
    daemon.limit = 1_000_000;
    const today = new Date().toISOString().slice(0, 4);
    expect(errors).toMatchObject([
      { code: 'virus-found', severity: 'error', where: { file: 'tools/setup.exe' }, hint: expect.any(String) },
    ]);
    expect(errors[0]!.message).toMatch(new RegExp(`^tools/setup.exe: Test.Signature-1 \\(found on ${today}-`));
    const words = (code: string) => notes.find((note) => note.code === code)?.message;
    expect(words('virus-scan-partial')).toBe('Larger than the virus scanner takes, and not searched: 1 file');
    expect(words('virus-scan-clean')).toMatch(new RegExp(`the last on ${today}-.* nothing found: 1 file$`));
    await expect(publish(draft)).rejects.toMatchObject(refused);
    await client().call(routes.removeDraftFiles, { params: { draft }, body: { paths: ['tools/setup.exe'] } });
    await eventually(async () => (await missing(draft)).length === 0);
    expect(await publish(draft)).toMatchObject({ version: 1 });
  });

  test('the same bytes are searched once; a finding is looked at again a day later, and may be none then', async () => {
    const before = daemon.seen.length;
    const draft = await open({ 'again.exe': `MZ ${signature}` });
    await eventually(async () => (await missing(draft)).includes('virus-found'));
    expect(daemon.seen.length).toBe(before);
    const { db, scanner } = harness.services;
    expect(await scanner!.draftsDue()).toEqual([]);
    await sql`update blob_scan set scanned_at = now() - interval '2 days' where state = 'found'`.execute(db);
    expect(await scanner!.draftsDue()).toEqual([draft]);
    await scanner!.scan(draft);
    expect(daemon.seen.length).toBe(before + 1);
    expect(await missing(draft)).toContain('virus-found');
    expect(await scanner!.draftsDue()).toEqual([]);
  });

  test('what is published is searched again by later signatures: the operator is told, and withdraws', async () => {
    const { db, publishedScans } = harness.services;
    const draft = await open({ 'late.exe': 'MZ not known yet', 'late.csv': trackTable.replace('4,3', '4,9') });
    await searched(draft);
    await publish(draft);
    const { accession } = await client().call(routes.getDraft, { params: { draft } });
    const olga = await harness.member('olga', 'owner');
    const seen = async () => {
      const answer = await harness.request(`${apiBase}/admin/overview`, { as: olga.cookie });
      return ((await answer.json()) as { viruses: object }).viruses;
    };
    // The same signatures, or a week not over yet: nothing is sent again.
    await publishedScans!.run();
    const before = daemon.seen.length;
    expect(await publishedScans!.run()).toBe(0);
    daemon.signatures++;
    daemon.known = ['not known yet'];
    expect(await publishedScans!.run()).toBe(0);
    expect(daemon.seen.length).toBe(before);
    expect(await seen()).toEqual({ count: 0, named: [] });
    await sql`update blob_scan set scanned_at = now() - interval '8 days'
      where sha256 in (select sha256 from version_file)`.execute(db);
    // A run that may send next to nothing sends one file, and the next one goes on.
    expect(await publishedScans!.run(1)).toBe(1);
    expect(await publishedScans!.run()).toBeGreaterThan(1);
    expect(await publishedScans!.run()).toBe(0);
    // Bytes that are gone are searched by nobody, and nothing says that they are clean.
    const [gone] = await db.selectFrom('version_file').select('sha256').where('path', '=', 'late.csv').execute();
    await db.deleteFrom('blob_scan').where('sha256', '=', gone!.sha256).execute();
    const pointer = join(harness.data, 'blobs/archived', gone!.sha256.slice(0, 2), gone!.sha256);
    renameSync(pointer, `${pointer}.away`);
    expect(await publishedScans!.run()).toBe(0);
    expect(await db.selectFrom('blob_scan').selectAll().where('sha256', '=', gone!.sha256).execute()).toEqual([]);
    renameSync(`${pointer}.away`, pointer);
    expect(await publishedScans!.run()).toBe(1);
    const found = { accession, version: 1, path: 'late.exe', signature: 'Test.Signature-1', at: expect.any(String) };
    expect(await seen()).toEqual({ count: 1, named: [found] });
    const { rows } = await sql<{ detail: object }>`select detail from audit_event where action = 'scan.found'`.execute(
      db,
    );
    expect(rows.map(({ detail }) => detail)).toEqual([{ version: 1, path: 'late.exe', signature: 'Test.Signature-1' }]);
    const file = `${apiBase}/studies/${accession}/versions/1/files/late.exe`;
    expect((await harness.request(file)).status).toBe(200);
    const closing = await harness.request(`${apiBase}/admin/studies/${accession}/state`, {
      method: 'PUT',
      as: olga.cookie,
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ state: 'withdrawn', reason: 'A file in it is malicious' }),
    });
    expect(closing.status).toBe(200);
    expect((await harness.request(file)).status).toBe(410);
    expect(await seen()).toEqual({ count: 0, named: [] });
    daemon.known = [];
  });

  test('without the scanner files are taken, publishing waits, the job is tried again and the operator told', async () => {
    const { address } = daemon;
    await daemon.close();
    const draft = await open({ 'later.csv': trackTable.replace('4,3', '4,5') });
    expect(await missing(draft)).toEqual(['virus-scan-waiting']);
    await expect(publish(draft)).rejects.toMatchObject(refused);
    const { db, jobs, scanner } = harness.services;
    await eventually(async () => {
      const { rows } = await sql`select 1 from jobs.job where name = 'scan-draft' and state = 'retry'`.execute(db);
      return rows.length > 0 && harness.faults.length > 0;
    });
    for (const { fault, where } of harness.faults.splice(0)) {
      expect(where).toBe('job scan-draft');
      expect((fault as Error).message).toContain(`The virus scanner at ${address} gives no answer: ECONNREFUSED.`);
    }
    daemon = await openFakeClamd(Number(address.split(':')[1]));
    expect(await scanner!.draftsDue()).toEqual([draft]);
    await jobs.send('scan-draft', { draftId: draft }, 'asked again by the schedule');
    await searched(draft);
    expect(await publish(draft)).toMatchObject({ version: 1 });
  });

  test('what was found stays in the way when the scanner is no longer named; nothing else waits then', async () => {
    const { id } = await client().call(routes.createDraft, {});
    await fillDraft(harness, dora.token, id, { 'third.exe': `MZ ${signature}` });
    await eventually(async () => (await missing(id)).includes('virus-found'));
    const { db } = harness.services;
    const without = new PostgresStudyStore(db);
    expect(await without.scansOf(id)).toMatchObject({ waiting: 0, foundCount: 1, found: [{ path: 'third.exe' }] });
    const view = await viewDraft({ studies: without }, await findDraft({ studies: without }, id));
    expect(view.missing.map(({ code }) => code)).toContain('virus-found');
  });
});
