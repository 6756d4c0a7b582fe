import { existsSync, readFileSync } from 'node:fs';
import type { ServerResponse } from 'node:http';
import { resolve } from 'node:path';
import { apiBase, routes } from '@micrarium/api';
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readConfig } from '../../packages/server/src/config.ts';
import { createApplication } from '../../packages/server/src/http/app.ts';
import { logLine } from '../../packages/server/src/http/health-routes.ts';
import { writeDailyHead } from '../../packages/server/src/audit/verify-audit.ts';
import { share } from '../../packages/server/src/auth/sharing.ts';
import { Agents } from '../../packages/server/src/usage/agents.ts';
import { Countries, CountriesUnreadable } from '../../packages/server/src/usage/countries.ts';
import { countAllDue, forgetEvents, recountAll } from '../../packages/server/src/usage/recount.ts';
import { UsageCounter } from '../../packages/server/src/usage/usage-counter.ts';
import type { Use } from '../../packages/server/src/usage/usage-event.ts';
import { usageByCountry } from '../../packages/server/src/usage/usage-report.ts';
import { judgeDays } from '../../packages/server/src/usage/usage-watch.ts';
import type { HttpEnvironment } from '../../packages/server/src/http/context.ts';
import { targetOf } from '../../packages/server/src/http/count-usage.ts';
import { eventually, type Harness, openHarness, origin } from './harness.ts';
import { publishStudy } from './publish-study.ts';

const firefox = 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0';
const token = 'a token of the monitoring';
let harness: Harness;
let ada: Awaited<ReturnType<Harness['member']>>;
let accession: string;

beforeAll(async () => {
  harness = await openHarness(true, { environment: { MICRARIUM_METRICS_TOKEN: token } });
  ada = await harness.member('ada', 'owner');
  accession = await publishStudy(harness, ada.token, 'Cells that are looked at');
});
afterAll(() => harness.close());

const look = (path: string, agent: string, more: Record<string, string> = {}) =>
  harness.request(path, { headers: { 'user-agent': agent, ...more } });
const rows = async (processes: readonly UsageCounter[] = [harness.services.usage]) => {
  for (const one of processes) await one.flush();
  await countAllDue(harness.services.db);
  const { months } = await harness.client().call(routes.getStudyUsage, { params: { accession }, query: {} });
  return months.filter(({ version }) => version === 0);
};

const agents = new Agents();

test('people, programs and robots are told apart', () => {
  expect(agents.kindOf(firefox, false)).toBe('regular');
  for (const agent of [
    'python-requests/2.32',
    'curl/8.5',
    'Wget/1.21',
    'axios/1.7',
    'node',
    'Java/17.0.2',
    'tensorstore/0.1',
  ])
    expect(agents.kindOf(agent, false), agent).toBe('machine');
  for (const agent of ['', 'Googlebot/2.1', 'Mozilla/5.0 (compatible; bingbot/2.0)', 'ia_archiver', `${firefox} alexa`])
    expect(agents.kindOf(agent, false), agent).toBe('robot');
  expect(agents.kindOf('', true)).toBe('machine');
  expect(new Agents(['tensorstore']).kindOf('TensorStore/0.1', false)).toBe('robot');
  // Programs of people that are no robots, though words of robots are near.
  for (const name of ['DuckDuckGo/5 Mobile', '[LinkedInApp]', 'SamsungBrowser/25.0', 'Edg/131.0'])
    expect(
      agents.kindOf(`Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 (KHTML, like Gecko) ${name}`, false),
      name,
    ).toBe('regular');
});

/** A name that a pattern of the list is for. */
const namedBy = (pattern: string): string =>
  pattern
    .replaceAll('\\%?', '')
    .replaceAll('(oa)?', '')
    .replaceAll('.?', '')
    .replace(/\(\\s\|\\\+\)|\[\\\+\\s\]|\\s/g, ' ')
    .replace('[_+]', '_')
    .replace('[0-9]', '1')
    .replace('[^a]', 'x')
    .replace(/\\d(\{1,2\})?/g, '1')
    .replace(/^\^|\$$/g, '')
    .replace(/\\(.)/g, '$1');

const list = resolve(import.meta.dirname, '../../../shared/data/preservation/counter/COUNTER_Robots_list.json');
test.runIf(existsSync(list))("none of COUNTER's 327 robots passes for a person", () => {
  const patterns = (JSON.parse(readFileSync(list, 'utf8')) as { pattern: string }[]).map(({ pattern }) => pattern);
  expect(patterns).toHaveLength(327);
  for (const pattern of patterns) {
    const name = namedBy(pattern);
    const rule = new RegExp(pattern, 'i');
    expect(rule.test(name), `${pattern} is for "${name}"`).toBe(true);
    expect(agents.kindOf(name, false), pattern).not.toBe('regular');
    // Beside the words of a browser too, where the pattern is for that.
    const dressed = `${firefox} ${name}`;
    if (rule.test(dressed)) expect(agents.kindOf(dressed, false), dressed).not.toBe('regular');
  }
  expect(Agents.read(list).kindOf('7siters', false)).toBe('robot');
});

test('addresses say what is looked at, taken away and read in pieces', () => {
  const of = (path: string) => targetOf(path)?.kind;
  expect(targetOf('/studies/MIC-000001/v/2')).toEqual({ accession: 'MIC-000001', version: 2, kind: 'page' });
  expect(targetOf('/studies/MIC-000001')).toEqual({ accession: 'MIC-000001', version: undefined, kind: 'page' });
  expect(targetOf('/studies/MIC-000001/v/2.3')).toEqual({ accession: 'MIC-000001', version: 2, kind: 'page' });
  expect(of('/api/v1/studies/MIC-000001/versions/1/files/a/b.tif')).toBe('file');
  expect(of('/api/v1/studies/MIC-000001/versions/1/files')).toBe('inner');
  expect(of('/api/v1/studies/MIC-000001/versions/1/export.zip')).toBe('file');
  expect(of('/api/v1/studies/MIC-000001/versions/1/items/x/content/image-0.ozx')).toBe('read');
  expect(of('/api/v1/studies/MIC-000001/versions/1/items/x/content/image-0.thumbnail.png')).toBe('inner');
  expect(of('/api/v1/studies/MIC-000001/usage')).toBeUndefined();
  expect(of('/api/v1/studies')).toBeUndefined();
});

test('double clicks slide, hours make sessions, pieces make one request, from any process', async () => {
  const { db } = harness.services;
  // Two processes: whichever answers, a visitor is one.
  const countries = new Countries('ripencc|FR|ipv4|192.0.2.0|256|20100712|allocated');
  const processes = [new UsageCounter(db, countries), new UsageCounter(db, countries)];
  let turn = 0;
  const use = (time: string, more: Partial<Use> = {}) =>
    processes[turn++ % 2]!.count({
      accession,
      version: 1,
      visitor: '192.0.2.1 Firefox',
      address: '192.0.2.1',
      program: 'Firefox',
      agent: 'regular',
      kind: 'page',
      path: '/x',
      bytes: 0,
      at: new Date(`2025-03-01T${time}Z`),
      ...more,
    });
  // 29 s apart is one, 35 s are two; a chain of clicks is one, over the full hour too.
  for (const time of ['09:59:50', '10:00:10', '10:00:29', '10:00:55', '10:01:30']) use(time);
  // What the page asks for belongs to it.
  use('10:01:31', { kind: 'inner', path: '/api/x' });
  // The same visitor after the full hour is another session.
  use('11:00:01');
  // A file taken whole twice is two requests, ranges of one are one, two files of one study one unique request.
  for (const time of ['11:02:00', '11:02:36']) use(time, { kind: 'file', path: '/a', bytes: 1000 });
  for (const time of ['11:02:40', '11:02:41', '11:05:00']) use(time, { kind: 'part', path: '/b', bytes: 500 });
  const notebook = { kind: 'read', agent: 'machine', visitor: 'notebook', address: '198.51.100.7' } as const;
  for (let piece = 0; piece < 5; piece++) use(`11:05:0${piece}`, { ...notebook, path: `/c${piece}`, bytes: 3e6 });
  // One percent of a file is a request, less is not.
  use('12:00:00', { ...notebook, path: '/d', bytes: 900, size: 100_000 });
  use('13:00:00', { ...notebook, path: '/d', bytes: 900, size: 100_000 });
  use('13:00:01', { ...notebook, path: '/d', bytes: 100, size: 100_000 });
  // A look that nobody answers for counts for nothing.
  use('14:00:00', { agent: 'machine', visitor: 'curl', kind: 'metadata' });
  const march = async () => (await rows(processes)).filter(({ month }) => month === '2025-03');
  const machine = {
    version: 0,
    month: '2025-03',
    access: 'machine',
    investigations: 3,
    uniqueInvestigations: 3,
    requests: 2,
    uniqueRequests: 2,
    bytes: 15e6 + 1900,
  };
  const regular = {
    version: 0,
    month: '2025-03',
    access: 'regular',
    investigations: 6,
    uniqueInvestigations: 2,
    requests: 3,
    uniqueRequests: 1,
    bytes: 3500,
  };
  expect(await march()).toEqual([machine, regular]);
  expect(await usageByCountry(db, accession)).toContainEqual({ ...regular, country: 'FR' });

  // Nothing kept says who it was.
  const kept = await sql<{ all: string }>`select jsonb_agg(usage_event)::text as all from usage_event`.execute(db);
  expect(kept.rows[0]!.all).toContain('192.0.2.0/24');
  expect(kept.rows[0]!.all).not.toMatch(/192\.0\.2\.1|notebook/);

  // Counted again from what happened, figures that went wrong are right.
  await sql`update usage_hour set requests = 77`.execute(db);
  expect(await recountAll(db)).toMatchObject({ hours: 6, changed: 4, requests: { after: 5 } });
  expect(await march()).toEqual([machine, regular]);

  // After thirty days what was counted stays, and what happened goes.
  await forgetEvents(db, new Date('2025-05-01T00:30:00Z'));
  expect((await sql`select 1 from usage_event`.execute(db)).rows).toEqual([]);
  expect((await sql`select 1 from usage_salt`.execute(db)).rows).toEqual([]);
  expect(await march()).toEqual([machine, regular]);
  await sql`delete from usage_past`.execute(db);
});

test('a program that looks at very many studies, or asks where it may collect, counts for nothing in that hour', async () => {
  const { db, usage } = harness.services;
  const at = new Date('2025-04-01T10:00:00Z');
  const one = {
    version: 1,
    visitor: 'collector',
    address: '192.0.2.9',
    program: 'curl/8',
    agent: 'machine',
    at,
  } as const;
  const read = { ...one, accession, kind: 'read', path: '/c', bytes: 2e7 } as const;
  usage.count(read);
  expect(await rows()).toMatchObject([{ requests: 1 }]);
  const others = Array.from({ length: 51 }, (_, number) => `MIC-8${String(number).padStart(5, '0')}`);
  await sql`insert into study (accession) select unnest(${others}::text[])`.execute(db);
  for (const other of others) usage.count({ ...one, accession: other, kind: 'metadata', path: '/', bytes: 0 });
  expect(await rows()).toEqual([]);
  usage.count({ ...read, visitor: 'another' });
  expect(await rows()).toMatchObject([{ requests: 1 }]);
  usage.noteCollector('another', at);
  usage.count({ ...read, visitor: 'another' });
  expect(await rows()).toEqual([]);
  await sql`delete from study where accession = any(${others}::text[])`.execute(db);
  await sql`delete from usage_event`.execute(db);
});

test('a day whose downloads are unlike those of the days before is told of', () => {
  const now = new Date('2025-06-20T12:00:00Z');
  const days = (last: { looks: number; taken: number }) => [
    ...Array.from({ length: 12 }, (_, at) => ({
      day: `2025-06-${at + 7}`.replace(/-(\d)$/, '-0$1'),
      looks: 100,
      taken: 20 + (at % 3),
    })),
    { day: '2025-06-19', ...last },
  ];
  expect(judgeDays(days({ looks: 110, taken: 23 }), now)).toBeUndefined();
  expect(judgeDays(days({ looks: 110, taken: 0 }), now)).toMatchObject({ day: '2025-06-19', ratio: 0 });
  expect(judgeDays(days({ looks: 110, taken: 90 }), now)).toBeDefined();
  expect(judgeDays(days({ looks: 5, taken: 0 }), now)).toBeUndefined();
  expect(judgeDays(days({ looks: 110, taken: 0 }).slice(8), now)).toBeUndefined();
});

test('countries come from a table of the registries', () => {
  const table = new Countries(
    '2|nro|20250101|4|\nnro|*|ipv4|*|2|summary\nripencc|FR|ipv4|2.0.0.0|1048576|2010|allocated\napnic|JP|ipv4|1.0.16.0|4096|2011|allocated\napnic|JP|ipv6|2001:200::|32|1999|allocated',
  );
  expect(['2.0.0.0', '2.15.255.255', '2.16.0.0', '1.0.20.1', '::ffff:1.0.16.0'].map((one) => table.of(one))).toEqual([
    'FR',
    'FR',
    undefined,
    'JP',
    'JP',
  ]);
  expect(['2001:200::7', '2001:200:ffff:ffff::1', '2001:201::', 'local', ''].map((one) => table.of(one))).toEqual([
    'JP',
    'JP',
    undefined,
    undefined,
    undefined,
  ]);
  expect(() => new Countries('<html>')).toThrow(CountriesUnreadable);
});

test('answers are counted: pages, files, programs; not robots, not the owner and whom it is shared with, not what failed', async () => {
  const file = `${apiBase}/studies/${accession}/versions/1/files/tracks.csv`;
  const bob = await harness.member('bob');
  await share(harness.services.db, accession, { userId: bob.user.id }, 'view');
  await look(`/studies/${accession}`, firefox);
  await look(`/studies/${accession}`, 'Googlebot/2.1');
  await look(`/studies/${accession}`, firefox, { cookie: ada.cookie });
  await look(`/studies/${accession}`, firefox, { cookie: bob.cookie });
  await look(`/studies/MIC-999999`, firefox);
  // A program that shows no token and only looks.
  await look(`/studies/${accession}`, 'curl/8.5');
  const size = (await (await look(file, firefox)).arrayBuffer()).byteLength;
  // Behind a socket; the four bytes are of a range that is then answered from memory.
  const env: HttpEnvironment['Bindings'] = { outgoing: {} as ServerResponse };
  const headers = { 'user-agent': 'python-requests/2.32', range: 'bytes=0-9' };
  await harness.app.request(`${origin}${file}`, { headers }, env);
  env.direct!.done();
  env.direct!.again!(4);
  await look(file, firefox, { authorization: `Bearer ${ada.token}` });
  // Bytes of what is made as it is sent are counted as they are taken.
  const zip = await look(`${apiBase}/studies/${accession}/versions/1/export.zip`, firefox);
  const zipped = (await zip.arrayBuffer()).byteLength;
  expect(zipped).toBeGreaterThan(size);
  const counted = await eventually(async () => {
    const now = await rows();
    return now.length === 2 && now[1]!.bytes >= size + zipped && now;
  });
  expect(counted).toMatchObject([
    { access: 'machine', investigations: 1, requests: 1, uniqueRequests: 1, bytes: 14 },
    { access: 'regular', investigations: 3, uniqueInvestigations: 1, requests: 2, bytes: size + zipped },
  ]);
});

test('shown on the page, as CSV, as a report, on the page of statistics, and to the owner at a glance', async () => {
  expect(await (await look(`/studies/${accession}?lang=en`, 'Googlebot')).text()).toContain('views 1, downloads 1');
  const badge = await look(`/studies/${accession}/usage.svg?lang=en`, 'Googlebot');
  expect(badge.headers.get('content-type')).toContain('image/svg+xml');
  expect(await badge.text()).toContain('views 2, downloads 2');
  const csv = await look(`${apiBase}/studies/${accession}/usage?format=csv`, firefox);
  expect((await csv.text()).split('\r\n')[1]).toMatch(/^\d{4}-\d\d,,machine,1,1,1,1,14,unknown$/);
  const report = (await (await look(`${apiBase}/studies/${accession}/usage?format=counter`, firefox)).json()) as {
    Report_Header: object;
    Report_Datasets: { Performance: { Instance: object[] }[] }[];
  };
  expect(report.Report_Header).toMatchObject({ Report_ID: 'DSR', Release: 'RD1' });
  expect(report.Report_Datasets[0]!.Performance[0]!.Instance).toContainEqual({
    Access_Method: 'Machine',
    Metric_Type: 'Total_Dataset_Requests',
    Count: 1,
  });
  const page = await (await look('/statistics?lang=en', firefox)).text();
  expect(page).toContain('Cells that are looked at');
  expect(await (await look('/statistics?lang=ja', firefox)).text()).toContain('利用状況');
  const overview = await harness.request(`${apiBase}/admin/overview`, { as: ada.cookie });
  expect(await overview.json()).toMatchObject({ review: { waiting: 0, oldest: null }, fixity: { damaged: 0 } });
  expect((await harness.client().call(routes.getUsage, { query: {} })).months).toHaveLength(2);
  expect(harness.faults).toEqual([]);
});

test('the daily heads of the audit log are shown to everybody', async () => {
  const written = await writeDailyHead(harness.services.db, harness.data);
  const page = await (await look('/integrity?lang=en', firefox)).text();
  expect(page).toContain('The log of changes');
  expect(page).toContain(written!.hash);
  expect(await (await look('/integrity?lang=ja', firefox)).text()).toContain('変更の記録');
});

test('alive, ready, and measured for whoever has the token', async () => {
  expect(await (await look('/health/live', 'probe')).json()).toEqual({ live: true });
  const ready = await look('/health/ready', 'probe');
  expect([ready.status, await ready.json()]).toEqual([200, { ready: true, database: true, preparing: [] }]);
  expect((await look('/metrics', 'probe')).status).toBe(401);
  expect((await look('/metrics', 'probe', { authorization: 'Bearer another' })).status).toBe(401);
  const metrics = await look('/metrics', 'probe', { authorization: `Bearer ${token}` });
  expect(metrics.headers.get('content-type')).toContain('text/plain; version=0.0.4');
  const lines = (await metrics.text()).trimEnd().split('\n');
  for (const line of lines)
    expect(line).toMatch(/^(# (HELP|TYPE) \w+ .+|\w+(\{\w+="[^"]*"(,\w+="[^"]*")*\})? -?[\d.e+]+)$/);
  expect(lines.some((line) => /^micrarium_http_answers_total\{status="2xx"\} [1-9]/.test(line))).toBe(true);
  expect(lines.some((line) => /^micrarium_archive_bytes [1-9]/.test(line))).toBe(true);
  expect(readConfig({}, {}).metricsToken).toBeUndefined();
  const line = logLine('GET', '/private/abcdef', 500, 12.4, new Date(0));
  expect(JSON.parse(line)).toEqual({
    time: '1970-01-01T00:00:00.000Z',
    level: 'error',
    method: 'GET',
    path: '/private/…',
    status: 500,
    milliseconds: 12,
  });
});

test('a server whose database is away lives and is not ready', async () => {
  const app = createApplication({ ...harness.kernel, services: () => undefined });
  expect((await app.request('/health/live')).status).toBe(200);
  expect((await app.request('/health/ready')).status).toBe(503);
});

test('the register of formats is open to everybody, as JSON and CSV', async () => {
  const { formats } = await harness.client().call(routes.listFormats, {});
  expect(formats.find(({ id }) => id === 'ome-zarr')).toMatchObject({ level: 'preferred', writes: true, isSeen: true });
  const csv = await harness.request(`${apiBase}/formats?format=csv`);
  expect(csv.headers.get('content-type')).toContain('text/csv');
  expect((await csv.text()).trimEnd().split('\r\n')).toHaveLength(formats.length + 1);
});

test('the self-assessment fills itself, and the operator answers what only people can', async () => {
  const asked = async (lang: 'en' | 'ja' = 'en') =>
    await harness.client().call(routes.getAssessment, { query: { lang } });
  const { requirements, canEdit } = await asked();
  const fact = (requirement: string, id: string) =>
    requirements.find((one) => one.id === requirement)?.facts.find((one) => one.id === id);
  expect(requirements.map(({ id }) => id)).toEqual(Array.from({ length: 17 }, (_, n) => `R${`${n}`.padStart(2, '0')}`));
  expect(canEdit).toBe(false);
  expect(fact('R00', 'studies')).toMatchObject({ label: 'Published studies', value: 1, written: '1' });
  expect(fact('R02', 'licences')?.value).toMatch(/^\S+ 1$/);
  expect(fact('R03', 'secondCopy')).toMatchObject({ value: false, written: 'no' });
  expect(fact('R09', 'itemsPreferred')).toMatchObject({ value: 1 });
  expect(fact('R09', 'atRisk')).toMatchObject({ value: '', written: 'none' });
  expect(fact('R07', 'auditHead')?.value).toMatch(/^[0-9a-f]{64}$/);
  expect((await asked('ja')).requirements[0]!.facts[0]!.label).toBe('公開された研究');

  const body = JSON.stringify({ text: 'Cells of *all* kinds.', rating: 'implemented' });
  const headers = { 'content-type': 'application/json', origin };
  const answer = (requirement: string) =>
    harness.request(`${apiBase}/admin/self-assessment/${requirement}`, {
      method: 'PUT',
      body,
      headers,
      as: ada.cookie,
    });
  expect((await answer('R99')).status).toBe(404);
  expect((await answer('R01')).status).toBe(200);
  expect((await asked()).requirements[1]).toMatchObject({ text: 'Cells of *all* kinds.', rating: 'implemented' });
  // Two people who have the same answer before them: the second one is told, and nothing is written over unseen.
  const say = async (text: string, instead?: string | null) => {
    const body = JSON.stringify({ text, rating: 'implemented', ...(instead === undefined ? {} : { instead }) });
    const init = { method: 'PUT', body, headers: { 'content-type': 'application/json', origin } };
    return (await harness.request(`${apiBase}/admin/self-assessment/R16`, { ...init, as: ada.cookie })).status;
  };
  const saidNow = async () => {
    const { requirements } = await asked();
    return requirements.find(({ id }) => id === 'R16')!;
  };
  expect(await say('The first', null)).toBe(200);
  expect(await say('Not seen the first', null)).toBe(412);
  const { changedAt } = await saidNow();
  expect(await say('The second', changedAt)).toBe(200);
  expect(await say('Not seen the second', changedAt)).toBe(412);
  expect(await say('No day', 'yesterday')).toBe(412);
  expect((await saidNow()).text).toBe('The second');
  expect(await say('Whatever is there')).toBe(200);
  const mine = await harness.request(`${apiBase}/self-assessment`, { as: ada.cookie });
  expect(await mine.json()).toMatchObject({ canEdit: true });
  const markdown = await (await harness.request(`${apiBase}/self-assessment?format=markdown&lang=en`)).text();
  expect(markdown).toContain('## R01 Mission and scope');
  expect(markdown).toContain('Cells of *all* kinds.');
  expect(markdown).toContain(`- Published studies: [1](${origin}/search)`);
});
