import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { apiBase, routes } from '@micrarium/api';
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readConfig } from '../../packages/server/src/config.ts';
import { rebuild } from '../../packages/server/src/maintenance/rebuild.ts';
import { hideBadge } from '../../packages/server/src/states/curators-marks.ts';
import { type Harness, openHarness } from './harness.ts';
import { type LocalRegistrar, openLocalRegistrar } from './local-registrar.ts';
import { makeDatabase } from './make-database.ts';
import { describeDraft, fillDraft, publishNext, publishStudy, trackTable } from './publish-study.ts';

/** A study in each state, with everything that is said of one in public. */
let harness: Harness;
let registrar: LocalRegistrar;
let folder: string;
let environment: Record<string, string>;
const people: Record<string, Awaited<ReturnType<Harness['member']>>> = {};
const accessions: string[] = [];
const databases: Awaited<ReturnType<typeof makeDatabase>>[] = [];
const inAMonth = () => new Date(Date.now() + 30 * 86_400_000).toISOString().slice(0, 10);

const send = async (method: string, path: string, name: string, body?: unknown) => {
  const answer = await harness.request(apiBase + path, {
    method,
    ...(body === undefined ? {} : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
    as: people[name]!.cookie,
  });
  const text = await answer.text();
  if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${text}`);
  return text === '' ? undefined : (JSON.parse(text) as Record<string, never>);
};

/** Publishes what is closed until a day, known or not known of before. */
async function embargoed(title: string, isPrivate: boolean): Promise<string> {
  const { token } = people['dora']!;
  const client = harness.client(token);
  const { id, accession } = await client.call(routes.createDraft, {});
  await fillDraft(harness, token, id, { 'tracks.csv': trackTable.replace('4,3', isPrivate ? '4,4' : '4,5') });
  await describeDraft(harness, token, id, title);
  await client.call(routes.setRelease, { params: { draft: id }, body: { embargoUntil: inAMonth(), isPrivate } });
  await client.call(routes.publishDraft, { params: { draft: id } });
  return accession;
}

beforeAll(async () => {
  registrar = await openLocalRegistrar({
    repository: 'MIC.TEST',
    password: 'open',
    prefix: '10.5072',
    domain: 'localhost',
  });
  folder = mkdtempSync(join(tmpdir(), 'micrarium-rebuilt-'));
  writeFileSync(join(folder, 'password'), 'open\n');
  environment = {
    MICRARIUM_URL: 'http://localhost',
    MICRARIUM_DATACITE_URL: `${registrar.url}/`,
    MICRARIUM_DATACITE_REPOSITORY: 'MIC.TEST',
    MICRARIUM_DATACITE_PASSWORD_FILE: join(folder, 'password'),
    MICRARIUM_DATACITE_PREFIX: '10.5072',
  };
  harness = await openHarness(true, { environment });
  for (const [name, role] of [
    ['dora', 'member'],
    ['max', 'member'],
    ['cora', 'curator'],
    ['olga', 'owner'],
  ] as const)
    people[name] = await harness.member(name, role);
  const { token } = people['dora']!;
  const first = await publishStudy(harness, token, 'Cells that move', { 'a/tracks.csv': trackTable, 'b.txt': 'notes' });
  await publishNext(harness, token, first, 'Cells that move on', { 'more.csv': `${trackTable}3,1,5,5\n` });
  const revised = await publishStudy(harness, token, 'Cells described anew', {
    'tracks.csv': `${trackTable}4,1,6,6\n`,
  });
  const next = await harness
    .client(token)
    .call(routes.newDraftVersion, { params: { accession: revised }, query: { metadataOnly: '1' } } as never);
  const { id: draft } = next as { id: string };
  await describeDraft(harness, token, draft, 'Cells described once more', 'Another title');
  await harness.client(token).call(routes.publishDraft, { params: { draft } });
  const others = [
    await embargoed('Closed for a month', false),
    await embargoed('Nobody knows of this', true),
    await publishStudy(harness, token, 'Withdrawn', { 'tracks.csv': `${trackTable}5,1,7,7\n` }),
    await publishStudy(harness, token, 'Given on request', { 'tracks.csv': `${trackTable}6,1,8,8\n` }),
    await publishStudy(harness, token, '動く細胞', { 'tracks.csv': `${trackTable}7,1,9,9\n` }),
  ];
  accessions.push(first, revised, ...others);
  const { states } = harness.services;
  await states.change(others[2]!, { state: 'withdrawn', reason: 'Not ours to give', replacedBy: first });
  await states.change(others[3]!, { state: 'controlled', reason: 'People may be known by it' });
  await states.change(others[4]!, { state: 'withdrawn', reason: 'By mistake' });
  await states.change(others[4]!, { state: 'published', reason: 'It was a mistake' });
  await send('POST', '/collections', 'dora', {
    title: 'To begin with',
    text: 'Two studies',
    studies: [
      { accession: first, remark: 'the first' },
      { accession: revised, remark: '' },
    ],
  });
  const { id: group } = (await send('POST', '/groups', 'dora', { name: 'Movers' })) as never as { id: string };
  await send('PUT', '/communities/movers', 'dora', { title: 'People who move', text: 'cells', group });
  await send('POST', `/communities/movers/studies/${first}`, 'dora');
  await send('POST', `/studies/${first}/questions`, 'max', { text: 'Which dye?', agrees: true });
  const { questions } = (await send('GET', `/studies/${first}/questions`, 'dora')) as never as {
    questions: { id: string }[];
  };
  await send('PUT', `/studies/${first}/questions/${questions[0]!.id}/answer`, 'dora', { text: 'GFP.', agrees: true });
  // Hidden is what is of the database tier; which tier it is, is not what is tried here.
  const { db } = harness.services;
  const asIf = (tier: string) =>
    sql`update study_version set document = jsonb_set(document, '{tier}', to_jsonb(${tier}::text)) where accession = ${first}`.execute(
      db,
    );
  await asIf('database');
  await hideBadge(harness.services, first, 'Its scales are in doubt');
  await asIf('archive');
  const minutes = (count: number) => new Date(Date.now() + count * 60_000);
  for (const at of [0, 20, 40]) await harness.services.dois!.drain(minutes(at));
  await harness.services.dois!.archivePending();
  // Found hours after it was laid down, or seconds: a catalogue made anew tells the same.
  await sql`update search_document set changed_at = changed_at + interval '3 hours' where accession = ${first}`.execute(
    harness.services.db,
  );
  await sql`update search_document set changed_at = changed_at + interval '7 seconds' where accession = ${revised}`.execute(
    harness.services.db,
  );
  await harness.services.keepNotes();
}, 600_000);
afterAll(async () => {
  await harness.close();
  await registrar.close();
  for (const database of databases) await database.drop();
  rmSync(folder, { recursive: true, force: true });
});

/** Where what is told changes by itself, or is of the database alone and comes from a backup; all else is compared byte by byte. */
const ofItsOwn = [
  // Live notices, health and figures of a process, and documents made of the program rather than of what is published.
  /^\/health|\/metrics$|\/notices|\/me\b|\/admin\b|\/drafts|\/search-heads|\/audit\/head/,
  // Uses are counted in the database.
  /\/usage|\/statistics|usage-badge/,
  // Pages of the program, which is not built here; what they show is asked for as JSON.
  /^\/(?:search|people)/,
  // Checks of the bytes, answers of the operator and the catalogue's own counts of jobs.
  /\/integrity|\/self-assessment/,
];

/** The same answer apart from moments of asking, and what a catalogue that was made a moment ago has not done yet. */
const settled = (text: string) =>
  text
    .replace(/<dt>Bytes checked.*?<\/dd>/gs, '')
    .replace(/"(?:countedAt|requestId)":"[^"]*"/g, '')
    .replace(/<responseDate>[^<]*/g, '')
    .replace(/<resumptionToken[^>]*>[^<]*/g, '')
    // Counted from derived tables, in the background, when a page is first asked for.
    .replace(/<table class="t losses">.*?<\/table>/gs, '')
    .replace(/<section class="sec" id="similar">.*?<\/section>/gs, '')
    // How often it was looked at.
    .replace(/<section class="sec" id="usage">.*?<\/section>/gs, '');

/** Every public address there is of every study, and all that lists lead to. */
async function everything(of: Harness): Promise<Map<string, string>> {
  const paths = new Set<string>([
    '/',
    '/feed.atom',
    '/feed.json',
    '/sitemap.xml',
    '/robots.txt',
    '/collections',
    '/collections/COL-000001',
    '/communities',
    '/communities/movers',
  ]);
  for (const verb of [
    'Identify',
    'ListSets',
    'ListRecords&metadataPrefix=oai_dc',
    'ListRecords&metadataPrefix=datacite',
    'ListIdentifiers&metadataPrefix=oai_dc',
    'ListIdentifiers&metadataPrefix=oai_dc&set=community:movers',
  ])
    paths.add(`/oai?verb=${verb}`);
  for (const name of [
    'studies',
    'studies?q=cells',
    'studies?q=動く',
    'studies?sort=title&more=1',
    'totals',
    'images',
    'explore',
    'collections',
    'collections/COL-000001',
    'communities',
    'communities/movers',
  ])
    paths.add(`${apiBase}/${name}`);
  for (const { user } of Object.values(people)) paths.add(`${apiBase}/people/${user.id}`);
  const patterns = new Set(of.app.routes.filter(({ method }) => method === 'GET').map(({ path }) => path));
  for (const accession of accessions) {
    const { items = [] } = (await (await of.request(`${apiBase}/studies/${accession}`)).json()) as {
      items?: { id: string; files: string[] }[];
    };
    for (const version of accession === accessions[0] ? ['1', '2'] : ['1'])
      for (const pattern of patterns) {
        if (!pattern.includes(':accession')) continue;
        const values: Record<string, string> = {
          accession,
          version,
          item: items[0]?.id ?? 'none',
          path: items[0]?.files[0] ?? 'tracks.csv',
          minor: '0',
          table: 'objects',
          form: 'objects.csv',
          image: '0',
          dataset: `d-${items[0]?.id}`,
        };
        const path = pattern.replace(
          /:(\w+)(?:\{(?:[^{}]|\{[^{}]*\})*\})?\??/g,
          (_all, name: string) => values[name] ?? 'none',
        );
        if (!path.includes('*')) paths.add(path);
      }
    for (const form of ['ro-crate', 'datacite-xml', 'schema-org', 'bibtex', 'dublin-core', 'csl-json'])
      paths.add(`/studies/${accession}/v/1/metadata/${form}`);
  }
  const seen = new Map<string, string>();
  for (const path of paths) {
    if (ofItsOwn.some((one) => one.test(path))) continue;
    const answer = await of.request(path);
    const bytes = Buffer.from(await answer.arrayBuffer());
    const type = answer.headers.get('content-type') ?? '';
    const body = /zip|parquet|octet|png/.test(type) ? bytes.toString('base64') : settled(bytes.toString('utf8'));
    const told = ['etag', 'link', 'location'].map((name) => answer.headers.get(name));
    seen.set(path, `${answer.status} ${type} ${/html/.test(type) ? '' : JSON.stringify(told)}\n${body}`);
    // One step further from pages and lists, within the site.
    if (seen.size > 3000) throw new Error('too many addresses');
    if (/html/.test(type))
      for (const [, href] of body.matchAll(/href="(\/(?:studies|people|communities|collections|search)[^"#]*)"/g))
        paths.add(href!.replaceAll('&amp;', '&'));
  }
  return seen;
}

/** Addresses whose answers differ, with the lines that do. */
function differing(one: Map<string, string>, other: Map<string, string>): string[] {
  const lines = (text: string | undefined) => (text ?? 'nothing').replaceAll('><', '>\n<').split('\n');
  return [...new Set([...one.keys(), ...other.keys()])].flatMap((path) => {
    if (one.get(path) === other.get(path)) return [];
    const [before, after] = [lines(one.get(path)), lines(other.get(path))];
    const gone = before.filter((line) => !after.includes(line)).slice(0, 5);
    const come = after.filter((line) => !before.includes(line)).slice(0, 5);
    return [`${path}\n- ${gone.join('\n- ')}\n+ ${come.join('\n+ ')}`.slice(0, 3000)];
  });
}

async function emptyDatabase() {
  const empty = await makeDatabase('empty');
  databases.push(empty);
  return empty;
}

/** Runs a rebuild in a process that dies when it has entered so many studies. */
async function killedAfter(count: number, databaseUrl: string): Promise<void> {
  const child = spawn(
    process.execPath,
    [fileURLToPath(new URL('./rebuild-child.ts', import.meta.url)), harness.data, databaseUrl, String(count)],
    { stdio: 'inherit' },
  );
  const [, signal] = (await once(child, 'exit')) as [number | null, string | null];
  expect(signal).toBe('SIGKILL');
}

/** The accounts as a backup has them. */
async function takeAccounts(into: Harness): Promise<void> {
  const rows = await harness.services.db.selectFrom('auth_user').selectAll().execute();
  for (const row of rows)
    await into.services.db
      .insertInto('auth_user')
      .values(row as never)
      .execute();
}

test('a catalogue made anew of the archive tells every reader the same, and harvesters the same dates', async () => {
  // What is made when it is first asked for is made then.
  await everything(harness);
  await harness.services.keepNotes();
  const before = await everything(harness);
  expect(before.size).toBeGreaterThan(300);
  expect([...before.values()].filter((text) => text.startsWith('200')).length).toBeGreaterThan(150);
  expect(before.get('/oai?verb=ListSets')).toContain('community:movers');
  expect([...before.entries()].filter(([, text]) => text.startsWith('5')).map(([path]) => path)).toEqual([]);
  const empty = await emptyDatabase();
  // Dies in the middle: nothing is there then, and nothing that is closed is open meanwhile.
  await killedAfter(4, empty.url);
  const between = await openHarness(false, { data: harness.data, databaseUrl: empty.url, environment });
  expect(await between.client().call(routes.searchStudies, {})).toMatchObject({ total: 0 });
  for (const accession of accessions) expect((await between.request(`/studies/${accession}`)).status).toBe(404);
  // Accounts, whose names stand beside collections and groups, come from a backup of the database.
  await takeAccounts(between);
  await between.services.db.destroy();
  await harness.services.keepNotes();
  const report = await rebuild(readConfig({ data: harness.data, databaseUrl: empty.url }, environment));
  expect(report).toMatchObject({ studies: accessions.length, failed: [] });
  const again = await openHarness(false, { data: harness.data, databaseUrl: empty.url, environment });
  try {
    expect(differing(before, await everything(again))).toEqual([]);
    const states = async (of: Harness) =>
      (
        await sql`select accession, doi, state from doi where state = 'findable' order by accession`.execute(
          of.services.db,
        )
      ).rows;
    expect(await states(again)).toEqual(await states(harness));
  } finally {
    await again.services.db.destroy();
  }
}, 600_000);

test('a rebuild that is killed leaves the catalogue of before, and is run again', async () => {
  const before = await everything(harness);
  for (const count of [2, accessions.length]) await killedAfter(count, harness.databaseUrl);
  expect(differing(before, await everything(harness))).toEqual([]);
  // As it is done every quarter of a minute.
  await harness.services.keepNotes();
  expect(
    await rebuild(readConfig({ data: harness.data, databaseUrl: harness.databaseUrl }, environment)),
  ).toMatchObject({ failed: [] });
  expect(differing(before, await everything(harness))).toEqual([]);
  expect(harness.faults).toEqual([]);
}, 600_000);
