import { apiBase, createClient, routes } from '@micrarium/api';
import { afterEach, expect, test } from 'vitest';
import { makeOwner, makeToken } from '../journeys/depositor.ts';
import { removeData, type RunningServer, startServer } from '../journeys/server-under-test.ts';
import { eventually } from './harness.ts';
import { type CollectedSpan, type Collector, startCollector } from './trace-collector.ts';

const ended: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const end of ended.splice(0).toReversed()) await end();
});

async function start(endpoint: string, environment: Record<string, string> = {}): Promise<RunningServer> {
  const server = await startServer({
    environment: { MICRARIUM_PAGES: 'off', OTEL_EXPORTER_OTLP_ENDPOINT: endpoint, ...environment },
  });
  ended.push(async () => {
    await server.stop();
    removeData(server);
  });
  return server;
}

async function collector(answer?: 'silent'): Promise<Collector> {
  const made = await startCollector(answer);
  ended.push(() => made.close());
  return made;
}

const traceId = '4bf92f3577b34da6a3ce929d0e0e4736';
const callersSpan = '00f067aa0ba902b7';
const table = 'track_id,t,x,y\n1,0,1,2\n1,1,2,3\n2,0,5,5\n2,1,6,6\n';

/** Sends a file into a new draft as a program does, and waits until it was read. */
async function deposit(server: RunningServer, headers: Record<string, string> = {}) {
  const session = await makeOwner(server);
  const { secret } = await makeToken(session, ['read', 'deposit']);
  const client = createClient({ server: server.url, token: secret });
  const { id } = await client.call(routes.createDraft, {});
  const answer = await fetch(`${server.url}${apiBase}/drafts/${id}/files/patient-nine.csv?colour=secret-query`, {
    method: 'PUT',
    body: table,
    headers: { authorization: `Bearer ${secret}`, ...headers },
  });
  expect(answer.status).toBe(200);
  await eventually(async () => {
    const draft = await client.call(routes.getDraft, { params: { draft: id } });
    return draft.items.length > 0 && draft.items.every(({ ingest }) => ingest?.state === 'done');
  }, 90_000);
  return { secret, answer, id };
}

test.runIf(process.platform === 'linux')(
  'a deposit is one trace, from the request that its sender began to the last job of the worker',
  async () => {
    const seen = await collector();
    const server = await start(seen.url, { MICRARIUM_LOG: 'json', OTEL_RESOURCE_ATTRIBUTES: 'site=here' });
    const headers = { traceparent: `00-${traceId}-${callersSpan}-01`, 'x-request-id': 'request-of-the-test' };
    const { secret, id } = await deposit(server, headers);
    const isJob = ({ name }: CollectedSpan) => name.startsWith('job ingest-');
    await eventually(async () => seen.spans.some((span) => span.traceId === traceId && isJob(span)), 30_000);

    const all = () => seen.spans.filter((span) => span.traceId === traceId);
    const request = all().find(({ parentSpanId }) => parentSpanId === callersSpan)!;
    expect(request.name).toMatch(/^PUT \/api\/v1\/drafts\/:draft\/files\/:path/);
    expect(request.facts).toMatchObject({
      'http.request.method': 'PUT',
      'http.response.status_code': 200,
      'micrarium.request_id': 'request-of-the-test',
    });
    // Whatever belongs to the trace hangs below the request.
    const way = (span: CollectedSpan): string[] => {
      const above = all().find(({ spanId }) => spanId === span.parentSpanId);
      return above ? [...way(above), span.name] : [span.name];
    };
    await eventually(async () => all().every((span) => way(span)[0] === request.name));
    const ours = all();
    const ingest = ours.find(isJob)!;
    expect(way(ingest)).toContain(ingest.name.replace('job ', 'send '));
    // It ran in the worker: a process of its own.
    expect(ingest.process).toMatchObject({ 'service.name': 'micrarium', 'micrarium.role': 'jobs', site: 'here' });
    expect(ingest.process['process.pid']).not.toBe(request.process['process.pid']);
    expect(request.process['process.pid']).toBe(server.process.pid);
    expect(ingest.facts['messaging.destination.name']).toBe(ingest.name.replace('job ', ''));
    expect(Number(ingest.facts['micrarium.database.count'])).toBeGreaterThan(0);
    expect(ours.filter(({ name }) => /^(SELECT|INSERT|UPDATE) \w+$/.test(name)).length).toBeGreaterThan(3);

    // Other requests are other traces, and what asks for the health of the server is none.
    expect(new Set(seen.spans.map((span) => span.traceId)).size).toBeGreaterThan(3);
    expect(seen.spans.filter(({ name }) => name.includes('/health'))).toEqual([]);
    // Nothing of what was sent, of who sent it or of what opens doors.
    for (const word of [secret, 'patient-nine', 'secret-query', 'ada@example.org', 'Ada Example', 'correct horse', id])
      expect(seen.sent()).not.toContain(word);
    expect(seen.sent()).not.toContain('127.0.0.1');
    // A line of the log leads to the trace.
    const lines = server
      .output()
      .split('\n')
      .filter((line) => line.startsWith('{'));
    const line = lines.map((one) => JSON.parse(one)).find(({ requestId }) => requestId === 'request-of-the-test');
    expect(line).toMatchObject({ traceId, method: 'PUT', status: 200 });
  },
  240_000,
);

test.runIf(process.platform === 'linux').each(['away', 'silent'] as const)(
  'a collector that is %s holds up no request and no job, and is told of once',
  async (how) => {
    // Nobody listens where one was closed.
    const made = how === 'away' ? await startCollector() : await collector('silent');
    if (how === 'away') await made.close();
    const server = await start(made.url, { OTEL_EXPORTER_OTLP_TIMEOUT: '2000' });
    const { answer } = await deposit(server);
    expect(answer.status).toBe(200);
    await eventually(async () => server.output().includes('The collector of traces does not take them'), 60_000);
    for (let count = 0; count < 30; count++) expect((await fetch(`${server.url}${apiBase}/studies`)).status).toBe(200);
    const told = server
      .output()
      .split('\n')
      .filter((line) => line.includes('The collector of traces'));
    // Once by the server, and once by its worker.
    expect(told.length).toBeLessThanOrEqual(2);
    await server.stop();
    expect(server.process.exitCode).toBe(0);
  },
  240_000,
);
