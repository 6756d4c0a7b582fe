import { existsSync, readFileSync } from 'node:fs';
import type { ServerResponse } from 'node:http';
import { resolve } from 'node:path';
import { apiBase, routes } from '@micrarium/api';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readConfig } from '../../packages/server/src/config.ts';
import { createApplication } from '../../packages/server/src/http/app.ts';
import { logLine } from '../../packages/server/src/http/health-routes.ts';
import { agentKind } from '../../packages/server/src/usage/agents.ts';
import type { Use } from '../../packages/server/src/usage/usage-counter.ts';
import type { HttpEnvironment } from '../../packages/server/src/http/context.ts';
import { targetOf } from '../../packages/server/src/http/usage-routes.ts';
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
const rows = async () => {
  await harness.services.usage.flush();
  const { months } = await harness.client().call(routes.getStudyUsage, { params: { accession }, query: {} });
  return months.filter(({ version }) => version === 0);
};

test('people, programs and robots are told apart', () => {
  expect(agentKind(firefox, false)).toBe('regular');
  for (const agent of ['python-requests/2.32', 'curl/8.5', 'Wget/1.21', 'axios/1.7', 'node', 'Java/17.0.2'])
    expect(agentKind(agent, false), agent).toBe('machine');
  for (const agent of ['', 'Googlebot/2.1', 'Mozilla/5.0 (compatible; bingbot/2.0)', 'ia_archiver'])
    expect(agentKind(agent, false), agent).toBe('robot');
  expect(agentKind('', true)).toBe('machine');
});

const list = resolve(import.meta.dirname, '../../../shared/data/preservation/counter/COUNTER_Robots_list.json');
test.runIf(existsSync(list))("none of COUNTER's robots passes for a person", () => {
  const patterns = (JSON.parse(readFileSync(list, 'utf8')) as { pattern: string }[]).map(({ pattern }) => pattern);
  const plain = patterns
    .map((one) => one.replace(/\\s/g, ' ').replace(/[\^$\\]/g, ''))
    .filter((one) => !/[[(.*+?|]/.test(one));
  const agents = plain.flatMap((one) => [`${one}/1.0`, `Mozilla/5.0 (compatible; ${one}/1.0)`]);
  expect(plain.length).toBeGreaterThan(150);
  expect(agents.filter((one) => agentKind(one, false) === 'regular')).toEqual([]);
});

test('addresses say what is looked at, taken away and read in pieces', () => {
  const of = (path: string) => targetOf(path)?.kind;
  expect(targetOf('/studies/MIC-000001/v/2')).toEqual({ accession: 'MIC-000001', version: 2, kind: 'page' });
  expect(targetOf('/studies/MIC-000001')).toEqual({ accession: 'MIC-000001', version: undefined, kind: 'page' });
  expect(of('/api/v1/studies/MIC-000001/versions/1/files/a/b.tif')).toBe('file');
  expect(of('/api/v1/studies/MIC-000001/versions/1/files')).toBe('page');
  expect(of('/api/v1/studies/MIC-000001/versions/1/export.zip')).toBe('file');
  expect(of('/api/v1/studies/MIC-000001/versions/1/items/x/content/image-0.ozx')).toBe('read');
  expect(of('/api/v1/studies/MIC-000001/usage')).toBeUndefined();
  expect(of('/api/v1/studies')).toBeUndefined();
});

test('double clicks slide, hours make sessions, pieces make one request at 10 MB', async () => {
  const { usage, db } = harness.services;
  const use = (time: string, more: Partial<Use> = {}) =>
    usage.count({
      accession,
      version: 1,
      visitor: '192.0.2.1 Firefox',
      agent: 'regular',
      kind: 'page',
      path: '/x',
      bytes: 0,
      at: new Date(`2025-03-01T${time}Z`),
      ...more,
    });
  // 29 s apart is one, 35 s are two; a chain of clicks is one.
  for (const time of ['10:00:00', '10:00:29', '10:00:55', '10:01:30']) use(time);
  // The same visitor after the full hour is another session.
  use('11:00:01');
  // Parts of one file are one request, two files of one study one unique request.
  for (const time of ['11:02:00', '11:02:05', '11:03:00']) use(time, { kind: 'file', path: '/a', bytes: 1000 });
  use('11:04:00', { kind: 'file', path: '/b', bytes: 500 });
  for (let piece = 0; piece < 5; piece++)
    use(`11:05:0${piece}`, { kind: 'read', agent: 'machine', visitor: 'notebook', path: `/c${piece}`, bytes: 3e6 });
  // A program that looks at fifty studies in an hour collects pages.
  for (let at = 0; at < 60; at++)
    use('11:30:00', { agent: 'machine', visitor: 'collector', accession: `MIC-9${at}`, path: `/${at}` });
  use('11:31:00', { agent: 'machine', visitor: 'collector' });
  const march = (await rows()).filter(({ month }) => month === '2025-03');
  expect(march).toEqual([
    {
      version: 0,
      month: '2025-03',
      access: 'machine',
      investigations: 1,
      uniqueInvestigations: 1,
      requests: 1,
      uniqueRequests: 1,
      bytes: 15e6,
    },
    {
      version: 0,
      month: '2025-03',
      access: 'regular',
      investigations: 5,
      uniqueInvestigations: 2,
      requests: 2,
      uniqueRequests: 1,
      bytes: 3500,
    },
  ]);
  await harness.services.db.deleteFrom('usage_month' as never).execute();
  expect(await rows()).toEqual([]);
  expect(db).toBeDefined();
});

test('answers are counted: pages, files, programs; not robots, not the owner, not what failed', async () => {
  const file = `${apiBase}/studies/${accession}/versions/1/files/tracks.csv`;
  await look(`/studies/${accession}`, firefox);
  await look(`/studies/${accession}`, 'Googlebot/2.1');
  await look(`/studies/${accession}`, firefox, { cookie: ada.cookie });
  await look(`/studies/MIC-999999`, firefox);
  const size = (await (await look(file, firefox)).arrayBuffer()).byteLength;
  // Behind a socket; the four bytes are of a range that is then answered from memory.
  const env: HttpEnvironment['Bindings'] = { outgoing: {} as ServerResponse };
  const headers = { 'user-agent': 'python-requests/2.32', range: 'bytes=0-9' };
  await harness.app.request(`${origin}${file}`, { headers }, env);
  env.direct!.done();
  env.direct!.again!(4);
  await look(file, firefox, { authorization: `Bearer ${ada.token}` });
  const counted = await eventually(async () => {
    const now = await rows();
    return now.length === 2 && now;
  });
  expect(counted).toMatchObject([
    { access: 'machine', investigations: 1, requests: 1, uniqueRequests: 1, bytes: 14 },
    { access: 'regular', investigations: 2, uniqueInvestigations: 1, requests: 1, bytes: size },
  ]);
});

test('shown on the page, as CSV, as a report, on the page of statistics, and to the owner at a glance', async () => {
  expect(await (await look(`/studies/${accession}?lang=en`, 'Googlebot')).text()).toContain('views 1, downloads 1');
  const csv = await look(`${apiBase}/studies/${accession}/usage?format=csv`, firefox);
  expect((await csv.text()).split('\r\n')[1]).toMatch(/^\d{4}-\d\d,,machine,1,1,1,1,14$/);
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
  const mine = await harness.request(`${apiBase}/self-assessment`, { as: ada.cookie });
  expect(await mine.json()).toMatchObject({ canEdit: true });
  const markdown = await (await harness.request(`${apiBase}/self-assessment?format=markdown&lang=en`)).text();
  expect(markdown).toContain('## R01 Mission and scope');
  expect(markdown).toContain('Cells of *all* kinds.');
  expect(markdown).toContain(`- Published studies: [1](${origin}/search)`);
});
