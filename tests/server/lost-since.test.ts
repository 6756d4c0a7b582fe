import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { restore as restoreCommand } from '../../packages/cli/src/commands/restore.ts';
import { allEvents } from '../../packages/server/src/audit/audit-log.ts';
import { RecentEvents, recentFile } from '../../packages/server/src/audit/recent-events.ts';
import { auditHead, verifyAudit, writeNewestHead } from '../../packages/server/src/audit/verify-audit.ts';
import { readConfig } from '../../packages/server/src/config.ts';
import { openDatabase } from '../../packages/server/src/database/connect.ts';
import { backup } from '../../packages/server/src/maintenance/backup.ts';
import { demandRemains, lostSince } from '../../packages/server/src/maintenance/lost-since.ts';
import { type Harness, openHarness } from './harness.ts';
import { makeDatabase } from './make-database.ts';
import { publishStudy } from './publish-study.ts';

let harness: Harness;
let empty: Awaited<ReturnType<typeof makeDatabase>>;
const folder = mkdtempSync(join(tmpdir(), 'micrarium-lost-'));
const [kept, copy, restored] = ['backup', 'copy', 'restored'].map((name) => join(folder, name)) as [
  string,
  string,
  string,
];
/** The last event of the log in the backup, the newest of all, and the study that was published between them. */
let head: Awaited<ReturnType<typeof auditHead>>;
let newest: Awaited<ReturnType<typeof auditHead>>;
let late: string;

beforeAll(async () => {
  harness = await openHarness();
  const { db } = harness.services;
  const ada = await harness.member('ada', 'owner');
  await publishStudy(harness, ada.token, 'In the backup');
  await new RecentEvents(harness.data).keep(db);
  head = await auditHead(db);
  await backup(readConfig({ data: harness.data, databaseUrl: harness.databaseUrl }, {}), kept);
  late = await publishStudy(harness, ada.token, 'After the backup');
  mkdirSync(copy);
  for (const place of [harness.data, copy]) await new RecentEvents(place).keep(db);
  await writeNewestHead(db, harness.data);
  newest = await auditHead(db);
  empty = await makeDatabase('empty');
}, 120_000);
afterAll(async () => {
  await harness.close();
  await empty.drop();
  rmSync(folder, { recursive: true, force: true });
});

const nothing = async () => false;
const numbers = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, at) => from + at);

async function collected<T>(from: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const one of from) all.push(one);
  return all;
}

test('a restore lists what was acknowledged after the backup, and its log says what it lacks', async () => {
  let told = '';
  const take = new Writable({
    write(piece: Buffer, _encoding, done) {
      told += piece.toString();
      done();
    },
  });
  const code = await restoreCommand([kept, '--data', restored, '--lost', harness.data, '--lost', copy, '--json'], {
    out: take,
    err: take,
    environment: { DATABASE_URL: empty.url },
  });
  expect(code).toBe(0);
  const { lost } = JSON.parse(told) as { lost: Awaited<ReturnType<typeof lostSince>> };
  expect(lost).toMatchObject({ lastEvent: head!.seq, newest: { seq: newest!.seq }, unlisted: 0 });
  expect(lost.events.map(({ seq }) => seq)).toEqual(numbers(head!.seq + 1, newest!.seq));
  expect(lost.events).toContainEqual(expect.objectContaining({ action: 'version.publish', target: late }));
  expect(lost.versions).toEqual([{ accession: late, version: 1, folder: expect.stringContaining(harness.data) }]);
  const db = openDatabase(empty.url, 2);
  try {
    expect((await verifyAudit(db, restored)).broken).toBeUndefined();
    const [first] = (await collected(allEvents(db, head!.seq))).filter(
      ({ action }) => action === 'installation.restore',
    );
    expect(first!.detail).toMatchObject({ lastEvent: head!.seq, lostUntil: newest!.seq });
    // The new log goes on beside the lost events, not among them.
    const before = readFileSync(join(copy, recentFile), 'utf8');
    await new RecentEvents(copy).keep(db);
    expect(readFileSync(join(copy, `audit-lost-${newest!.seq}.ndjson`), 'utf8')).toBe(before);
    expect(readFileSync(join(copy, recentFile), 'utf8')).toContain('installation.restore');
  } finally {
    await db.destroy();
  }
}, 120_000);

test('each kind of remains tells what it can, and is not believed further', async () => {
  const exported = join(folder, 'events.ndjson');
  const all = await collected(allEvents(harness.services.db));
  writeFileSync(exported, `${all.map((one) => JSON.stringify(one)).join('\n')}\n{"seq":`);
  const listed = await lostSince([exported], head, nothing);
  expect(listed.events.map(({ seq }) => seq)).toEqual(numbers(head!.seq + 1, newest!.seq));
  // A version that could be entered is not lost.
  const entered = await lostSince([exported], head, async (accession) => accession === late);
  expect(entered.events.map(({ action }) => action)).not.toContain('version.publish');
  // Only the newest event was written down: how many, not what.
  const bare = join(folder, 'bare');
  mkdirSync(bare);
  await writeNewestHead(harness.services.db, bare);
  expect(await lostSince([bare], head, nothing)).toMatchObject({ events: [], unlisted: newest!.seq - head!.seq });
  // The log of another installation, and events that were changed.
  const other = await lostSince([exported], { ...head!, hash: 'f'.repeat(64) }, nothing);
  expect([other.events, other.looked[0]?.message]).toEqual([[], expect.stringContaining('another installation')]);
  writeFileSync(exported, all.map((one) => JSON.stringify({ ...one, target: 'X' })).join('\n'));
  expect((await lostSince([exported], head, nothing)).looked[0]?.message).toContain('does not match its hash');
  await expect(demandRemains([join(folder, 'gone')])).rejects.toThrow('--lost names');
  expect(await lostSince([], head, nothing)).toMatchObject({ lastEvent: head!.seq, looked: [], events: [] });
});

test('events are kept once, after a line that was cut too, and nothing is made where no disk is', async () => {
  const place = join(folder, 'recent');
  const { db } = harness.services;
  await new RecentEvents(place).keep(db);
  expect(readdirSync(folder)).not.toContain('recent');
  mkdirSync(place);
  const recent = new RecentEvents(place);
  await recent.keep(db);
  await recent.keep(db);
  const file = join(place, recentFile);
  const whole = readFileSync(file, 'utf8');
  expect(whole.trim().split('\n')).toHaveLength(newest!.seq);
  writeFileSync(file, whole.slice(0, -20));
  await new RecentEvents(place).keep(db);
  expect((await lostSince([place], undefined, nothing)).events.map(({ seq }) => seq)).toEqual(numbers(1, newest!.seq));
});

test('no fault of the program was noted', () => expect(harness.faults).toEqual([]));
