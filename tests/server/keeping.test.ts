import {
  cpSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { apiBase, routes } from '@micrarium/api';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readConfig } from '../../packages/server/src/config.ts';
import { checkFixity } from '../../packages/server/src/fixity/check-fixity.ts';
import { stagedPlace } from '../../packages/server/src/fixity/fixity-units.ts';
import { fixityFindings } from '../../packages/server/src/fixity/fixity-report.ts';
import { backup } from '../../packages/server/src/maintenance/backup.ts';
import { dumpDatabase } from '../../packages/server/src/maintenance/dump.ts';
import { rebuild } from '../../packages/server/src/maintenance/rebuild.ts';
import { restore } from '../../packages/server/src/maintenance/restore.ts';
import { objectFolder } from '../../packages/server/src/storage/ocfl/layout.ts';
import { CopyRefused, mirrorObject } from '../../packages/server/src/storage/ocfl/mirror-object.ts';
import { readInventory } from '../../packages/server/src/storage/ocfl/read-object.ts';
import { emptyTrash, trashDays } from '../../packages/server/src/states/draft-trash.ts';
import { Webhooks } from '../../packages/server/src/webhooks/webhooks.ts';
import { eventually, type Harness, openHarness, password } from './harness.ts';
import { withoutAccounts } from './landing-text.ts';
import { makeDatabase } from './make-database.ts';
import { describeDraft, fillDraft, publishNext, publishStudy, trackTable } from './publish-study.ts';

let harness: Harness;
let ada: Awaited<ReturnType<Harness['member']>>;
let first: string;
let second: string;
const folders: string[] = [];
const databases: Awaited<ReturnType<typeof makeDatabase>>[] = [];
const newFolder = () => {
  const folder = mkdtempSync(join(tmpdir(), 'micrarium-keep-'));
  folders.push(folder);
  return folder;
};

beforeAll(async () => {
  harness = await openHarness();
  ada = await harness.member('ada', 'owner');
  first = await publishStudy(harness, ada.token, 'Cells that move', { 'a/tracks.csv': trackTable, 'b.txt': 'notes' });
  await publishNext(harness, ada.token, first, 'Cells that move on', { 'more.csv': `${trackTable}3,1,5,5\n` });
  second = await publishStudy(harness, ada.token, '動く細胞 Second study');
}, 120_000);
afterAll(async () => {
  await harness.close();
  for (const database of databases) await database.drop();
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

const check = (of: Harness, copy?: string) =>
  checkFixity(of.services.db, { data: of.data, copy, cause: 'command', dueBefore: new Date(Date.now() + 1000) });

/** Every file below a folder, by path. */
function filesBelow(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
}
const stored = (of: Harness, name: string) =>
  filesBelow(join(of.data, 'archive')).find((path) => path.endsWith(name) && path.includes('/v1/'))!;

/** Everything published, as its readers get it. */
async function everything(of: Harness): Promise<Record<string, string>> {
  const seen: Record<string, string> = {};
  const look = async (path: string) => {
    const answer = await of.request(path);
    seen[path] = `${answer.status} ${await answer.text()}`;
  };
  for (const path of ['studies', 'studies?q=cells', 'studies?q=動く', 'studies?sort=title', 'totals'])
    await look(`${apiBase}/${path}`);
  for (const accession of [first, second]) {
    await look(`${apiBase}/studies/${accession}`);
    for (const version of [1, 2]) {
      await look(`/studies/${accession}/v/${version}`);
      await look(`${apiBase}/studies/${accession}/versions/${version}/files`);
      await look(`${apiBase}/studies/${accession}/versions/${version}/references`);
    }
  }
  await look(`${apiBase}/studies/${first}/versions/1/files/a/tracks.csv`);
  await look('/oai?verb=ListRecords&metadataPrefix=oai_dc');
  await look('/sitemap.xml');
  for (const [path, text] of Object.entries(seen))
    seen[path] = text
      .replace(/"countedAt":"[^"]*"/, '')
      .replace(/<responseDate>[^<]*/, '')
      // When it could be found here: of what was published within a day a catalogue made anew tells harvesters once more.
      .replace(/<(datestamp|lastmod)>[^<]*/g, '<$1>')
      // Counted from derived tables, in the background, when the page is first asked for.
      .replace(/<table class="t losses">.*?<\/table>/gs, '')
      // Compares with the other studies that are there, by measures that are made in the background.
      .replace(/<section class="sec" id="similar">.*?<\/section>/gs, '');
  return seen;
}

test('every byte is read; what was changed, cut and deleted is named', async () => {
  expect(await check(harness)).toMatchObject({ units: 2, checked: 2, damaged: 0, busy: 0 });
  const page = await (await harness.request('/integrity')).text();
  expect(page).toContain('Are the stored bytes whole?');
  expect(await (await harness.request(`/studies/${first}`)).text()).toContain('all as deposited');
  const kept = stored(harness, 'b.txt');
  const before = readFileSync(kept);
  const changed = Buffer.from(before);
  changed[3]! ^= 1;
  writeFileSync(kept, changed);
  expect(await check(harness)).toMatchObject({ damaged: 1, repaired: 0 });
  const open = (await fixityFindings(harness.services.db)).filter((one) => !one.mendedAt);
  expect(open.map(({ path }) => path)).toContain('v1/content/files/b.txt');
  const state = await harness.client().call(routes.getIntegrity, {});
  expect(state).toMatchObject({ studies: 2, verified: 2, damaged: 1 });
  expect(await (await harness.request(`/studies/${first}`)).text()).toContain('damage was found');
  writeFileSync(kept, before);
  expect(await check(harness)).toMatchObject({ damaged: 0 });
  // What another study has too is mended from there.
  const tracks = stored(harness, 'a/tracks.csv');
  writeFileSync(tracks, 'rotten');
  expect(await check(harness)).toMatchObject({ damaged: 0, repaired: 1 });
  expect(readFileSync(tracks, 'utf8')).toBe(trackTable);
  expect((await fixityFindings(harness.services.db)).filter((one) => !one.mendedAt)).toEqual([]);
});

test('damage is mended from the second copy, which is mended itself; the damaged bytes are kept', async () => {
  const copy = newFolder();
  expect(await check(harness, copy)).toMatchObject({ damaged: 0, repaired: 0 });
  const inCopy = (path: string) => join(copy, path.slice(harness.data.length + 1));
  const tracks = stored(harness, 'a/tracks.csv');
  const before = readFileSync(tracks);
  expect(readFileSync(inCopy(tracks)).equals(before)).toBe(true);
  truncateSync(tracks, 5);
  const notes = stored(harness, 'b.txt');
  rmSync(notes);
  const inventory = filesBelow(join(harness.data, 'archive')).find((path) =>
    /[0-9a-f]{64}\/inventory\.json$/.test(path),
  )!;
  writeFileSync(inventory, '{}');
  expect(await check(harness, copy)).toMatchObject({ damaged: 0, repaired: expect.any(Number) });
  expect(readFileSync(tracks).equals(before)).toBe(true);
  expect(readFileSync(notes, 'utf8')).toBe('notes');
  expect(filesBelow(join(harness.data, 'quarantine/fixity')).length).toBeGreaterThan(0);
  expect(await check(harness)).toMatchObject({ damaged: 0, repaired: 0 });
  // The other way round.
  writeFileSync(inCopy(notes), 'rotten');
  expect(await check(harness, copy)).toMatchObject({ damaged: 0 });
  expect(readFileSync(inCopy(notes), 'utf8')).toBe('notes');
  // A whole object is gone.
  rmSync(join(notes, '../../../..'), { recursive: true });
  expect(await check(harness, copy)).toMatchObject({ damaged: 0, repaired: 1 });
  expect(readFileSync(notes, 'utf8')).toBe('notes');
  // Damaged in both: named, left as it is.
  writeFileSync(notes, 'wrong1');
  writeFileSync(inCopy(notes), 'wrong2');
  expect(await check(harness, copy)).toMatchObject({ damaged: 1, repaired: 0 });
  writeFileSync(notes, 'notes');
  expect(await check(harness, copy)).toMatchObject({ damaged: 0 });
});

test('a staged file that is no longer wanted when its turn comes is not missing', async () => {
  const { db } = harness.services;
  const drafts: string[] = [];
  for (const x of [6, 7]) {
    const draft = await harness.client(ada.token).call(routes.createDraft, {});
    await fillDraft(harness, ada.token, draft.id, { 'soon.csv': `${trackTable}6,1,${x},6\n` });
    drafts.push(draft.id);
  }
  const before = (await fixityFindings(db)).length;
  // Never read, so the two come first; when the first is read, both drafts are discarded and their bytes freed, thirty days later.
  const onUnit = async () => {
    for (const id of drafts.splice(0))
      await harness.request(`${apiBase}/drafts/${id}`, { method: 'DELETE', as: ada.token });
    await emptyTrash(harness.services, new Date(Date.now() + (trashDays + 1) * 86_400_000));
  };
  const options = { data: harness.data, cause: 'command' as const, dueBefore: new Date(Date.now() + 1000) };
  expect(await checkFixity(db, { ...options, onUnit })).toMatchObject({ units: 4, checked: 3, damaged: 0, busy: 1 });
  expect((await fixityFindings(db)).length).toBe(before);
});

test('the operator starts a check on the page and sees its result; nobody else does', async () => {
  const before = await harness.client().call(routes.getIntegrity, {});
  const started = await harness.request(`${apiBase}/admin/fixity`, { method: 'POST', as: ada.cookie });
  expect(started.status).toBe(202);
  const state = await eventually(async () => {
    const answer = await (await harness.request(`${apiBase}/admin/fixity`, { as: ada.cookie })).json();
    return answer.runs[0]?.cause === 'page' && answer.runs[0].endedAt && answer;
  });
  expect(state).toMatchObject({ hasCopy: false, everyDays: 90, integrity: { studies: 2, damaged: 0 } });
  expect(state.integrity.oldestCheck > before.oldestCheck!).toBe(true);
});

/** Publishes a further version of a study that names a file which stays where it is. */
async function nameRawData(accession: string): Promise<void> {
  const client = harness.client(ada.token);
  const { id } = await client.call(routes.newDraftVersion, { params: { accession } });
  const raw = { path: 'raw/plate1.nd2', url: 'https://data.example.org/raw/plate1.nd2', size: 2 ** 42 };
  const body = { references: [{ ...raw, sha256: 'ab'.repeat(32), md5: 'cd'.repeat(16) }] };
  await client.call(routes.addReferences, { params: { draft: id }, body });
  await describeDraft(harness, ada.token, id, '動く細胞 Second study', 'Raw data are named where they lie');
  await client.call(routes.publishDraft, { params: { draft: id } });
}

test('the catalogue made anew from the archive alone equals the one that was dropped', async () => {
  await nameRawData(second);
  const before = await everything(harness);
  expect(before[`/studies/${second}/v/2`]).toContain('https://data.example.org/raw/plate1.nd2');
  const empty = await makeDatabase('empty');
  databases.push(empty);
  const report = await rebuild(readConfig({ data: harness.data, databaseUrl: empty.url }, {}));
  expect(report).toMatchObject({ studies: 2, versions: 4, failed: [] });
  const again = await openHarness(false, { data: harness.data, databaseUrl: empty.url });
  try {
    // The rebuilt catalogue has not been checked yet, and knows no accounts: these lines are of the database, not of the archive.
    const unverified = (seen: Record<string, string>) =>
      Object.fromEntries(
        Object.entries(seen).map(([key, text]) => [
          key,
          withoutAccounts(text.replace(/<dt>Bytes checked.*?<\/dd>/s, '')),
        ]),
      );
    expect(unverified(await everything(again))).toEqual(unverified(before));
    expect(await again.services.studies.ownerOf(first)).toBe(ada.user.id);
    // No accession is given twice.
    const draft = await again.services.studies.createDraft({
      ownerId: 'x',
      version: 1,
      metadata: { values: {}, origins: {} },
      pairs: [],
      datasetTitles: {},
    });
    expect(Number(draft.draft.accession.slice(4))).toBe(Number(second.slice(4)) + 1);
  } finally {
    await again.close();
  }
});

test('a backup of the running server, restored elsewhere, has accounts, drafts, studies and bytes', async () => {
  const draft = await harness.client(ada.token).call(routes.createDraft, {});
  await fillDraft(harness, ada.token, draft.id, { 'unpublished.csv': `${trackTable}9,1,9,9\n` });
  const folder = newFolder();
  const config = readConfig({ data: harness.data, databaseUrl: harness.databaseUrl }, {});
  const made = await backup(config, folder);
  expect(made).toMatchObject({ objects: 2, blobs: 1, failed: [] });
  // Published after the moment of the dump, archived in the second run's copy: the restore enters it.
  const third = await publishStudy(harness, ada.token, 'Published while it ran', {
    'late.csv': `${trackTable}7,1,7,7\n`,
  });
  const late = await backup(config, folder);
  expect(late).toMatchObject({ objects: 3, failed: [] });
  writeFileSync(
    join(folder, 'backup.json'),
    JSON.stringify({ ...JSON.parse(readFileSync(join(folder, 'backup.json'), 'utf8')), ...(await firstDump(folder)) }),
  );
  const before = await everything(harness);
  const empty = await makeDatabase('empty');
  databases.push(empty);
  const data = join(newFolder(), 'restored');
  const target = readConfig({ data, databaseUrl: empty.url }, {});
  const report = await restore(target, folder);
  expect(report).toMatchObject({ objects: 3, entered: [`${third} v1`], toBeSentAgain: 0, failed: [] });
  await expect(restore(target, folder)).rejects.toThrow('not empty');
  const again = await openHarness(true, { data, databaseUrl: empty.url });
  try {
    const seen = await everything(again);
    expect(seen).toEqual(before);
    expect(await again.services.accounts.signIn('ada@example.org', password)).toBeDefined();
    const found = await again.client(ada.token).call(routes.getDraft, { params: { draft: draft.id } });
    expect(found).toMatchObject({ files: { count: 1, verified: 1 } });
    expect(
      await checkFixity(again.services.db, { data, cause: 'command', dueBefore: new Date(Date.now() + 1000) }),
    ).toMatchObject({ damaged: 0, units: 4 });
  } finally {
    await again.close();
  }
  // A dump that lost a byte is refused before anything is made.
  const dump = filesBelow(join(folder, 'database'))[0]!;
  truncateSync(dump, 100);
  const elsewhere = join(newFolder(), 'other');
  await expect(restore(readConfig({ data: elsewhere, databaseUrl: empty.url }, {}), folder)).rejects.toThrow('damaged');
  expect(existsSync(elsewhere)).toBe(false);
});

test('bytes of drafts leave a backup and the second copy when no draft needs them, thirty days after they came; what is published stays', async () => {
  const { services } = harness;
  const client = harness.client(ada.token);
  const make = async (x: number) => {
    const { id } = await client.call(routes.createDraft, {});
    await fillDraft(harness, ada.token, id, { 'passing.csv': `${trackTable}8,${x},8,8\n` });
    const [file] = await services.studies.listFiles(id, { limit: 1 });
    return { id, sha256: file!.sha256! };
  };
  const [gone, later, open, published] = [await make(1), await make(2), await make(3), await make(4)];
  const folder = newFolder();
  const config = readConfig({ data: harness.data, databaseUrl: harness.databaseUrl }, {});
  const copy = newFolder();
  expect(await backup(config, folder)).toMatchObject({ removed: 0, failed: [] });
  await check(harness, copy);
  const all = [gone, later, open, published];
  const there = (where: string) => all.map(({ sha256 }) => existsSync(stagedPlace(where, sha256)));
  expect([there(folder), there(copy)]).toEqual([Array(4).fill(true), Array(4).fill(true)]);
  await harness.request(`${apiBase}/drafts/${gone.id}`, { method: 'DELETE', as: ada.token });
  await emptyTrash(services, new Date(Date.now() + (trashDays + 1) * 86_400_000));
  await harness.request(`${apiBase}/drafts/${later.id}`, { method: 'DELETE', as: ada.token });
  await describeDraft(harness, ada.token, published.id, 'Published from a draft');
  await client.call(routes.publishDraft, { params: { draft: published.id } });
  // Copied a moment ago: a database that is older than the copy may want them still.
  expect(await backup(config, folder)).toMatchObject({ removed: 0, failed: [] });
  const long = new Date(Date.now() - (trashDays + 1) * 86_400_000);
  for (const where of [folder, copy]) for (const { sha256 } of all) utimesSync(stagedPlace(where, sha256), long, long);
  expect(await backup(config, folder)).toMatchObject({ removed: 2, failed: [] });
  await check(harness, copy);
  expect(there(folder)).toEqual([false, true, true, false]);
  expect(there(copy)).toEqual([false, true, true, true]);
  // What can be taken back is in the backup still, and what is published is in its archive.
  const found = filesBelow(join(folder, 'archive')).filter((path) => path.endsWith('/passing.csv'));
  expect(found.map((path) => readFileSync(path, 'utf8'))).toEqual([`${trackTable}8,4,8,8\n`]);
  for (const { id } of [open]) await harness.request(`${apiBase}/drafts/${id}`, { method: 'DELETE', as: ada.token });
});

test('an inventory of an old version that lost its end is told, and keeps nothing else back', async () => {
  const folder = newFolder();
  const [source, target] = [join(folder, 'source'), join(folder, 'target')];
  cpSync(join(harness.data, 'archive', objectFolder(`urn:micrarium:${first}`)), source, { recursive: true });
  expect(await mirrorObject(source, target, join(folder, 'work'))).toMatchObject({ files: expect.any(Number) });
  const kept = readFileSync(join(target, 'v1/inventory.json'));
  truncateSync(join(source, 'v1/inventory.json'), 100);
  await expect(mirrorObject(source, target, join(folder, 'work'))).rejects.toThrow(/v1 does not match its digest/);
  // What is whole there is not written over with what is damaged.
  expect(readFileSync(join(target, 'v1/inventory.json'))).toEqual(kept);
  const other = join(folder, 'other');
  await expect(mirrorObject(source, other, join(folder, 'work'))).rejects.toThrow(CopyRefused);
  expect((await readInventory(other))?.head).toBe('v2');
  expect(filesBelow(other).length).toBe(filesBelow(source).length - 2);
  rmSync(join(source, 'v1/inventory.json.sha512'));
  await expect(mirrorObject(source, other, join(folder, 'work'))).rejects.toThrow(CopyRefused);
});

test('a dump that the disk does not take is told, ends, and leaves nothing half', async () => {
  const folder = newFolder();
  await expect(dumpDatabase(harness.databaseUrl, join(folder, 'not-there/dump.gz'))).rejects.toThrow('ENOENT');
  const file = join(folder, 'dump.gz');
  writeFileSync(file, 'of before');
  await expect(dumpDatabase(harness.databaseUrl, file)).rejects.toThrow('EEXIST');
  expect(readFileSync(file, 'utf8')).toBe('of before');
  const cut = join(folder, 'cut.gz');
  await expect(
    dumpDatabase(harness.databaseUrl, cut, async () => await Promise.reject(new Error('the moment was not fixed'))),
  ).rejects.toThrow('the moment was not fixed');
  expect(existsSync(cut)).toBe(false);
});

test('a restored copy that is only looked at tells nobody, and forgets nothing that waits', async () => {
  const away = {
    MICRARIUM_OUTBOX: 'off',
    MICRARIUM_SMTP_URL: 'smtp://localhost:1',
    MICRARIUM_MAIL_FROM: 'a@b.org',
    MICRARIUM_COPY: '/srv/copy',
  };
  expect(readConfig({}, away)).toMatchObject({ tellsOthers: false });
  expect(readConfig({}, away).mail ?? readConfig({}, away).copy).toBeUndefined();
  const { db, search } = harness.services;
  const told = createServer((_request, response) => void response.writeHead(204).end());
  await new Promise<void>((resolve) => told.listen(0, '127.0.0.1', resolve));
  try {
    const host = `127.0.0.1:${(told.address() as { port: number }).port}`;
    const rules = { secret: 'of this test', rule: (_: string, asked: string) => asked === host, home: '' };
    const hooks = new Webhooks(db, search, rules);
    const { id } = await db
      .selectFrom('auth_user')
      .select('id')
      .where('email', '=', 'ada@example.org')
      .executeTakeFirstOrThrow();
    await hooks.make(id, { target: `http://${host}/`, events: 'notices', query: '' });
    expect(await new Webhooks(db, search, { ...rules, isHeld: true }).drain()).toBe(0);
    const [waiting] = await db.selectFrom('webhook_delivery').select(['tries', 'delivered_at']).execute();
    expect(waiting).toEqual({ tries: 0, delivered_at: null });
    expect(await hooks.drain()).toBe(1);
  } finally {
    told.close();
  }
});

/** The entry of the older of two dumps, as if the second run had only copied files. */
async function firstDump(folder: string): Promise<object> {
  const { digestsOf } = await import('../../packages/server/src/storage/blobs-on-disk.ts');
  const name = readdirSync(join(folder, 'database')).sort()[0]!;
  const { sha256 } = await digestsOf(join(folder, 'database', name));
  return { database: { file: `database/${name}`, sha256, rows: 0 } };
}

test('no fault of the program was noted', () => {
  expect(harness.faults).toEqual([]);
});
