import { timingSafeEqual } from 'node:crypto';
import { currentRequestId } from '../audit/request-id.ts';
import { currentTraceId } from '../tracing/tracing.ts';
import type { Application } from './app.ts';
import type { Kernel } from './kernel.ts';
import { reachOf } from './without-database.ts';
import { overview, type Overview } from '../usage/overview.ts';

const unstored = { 'cache-control': 'no-store' };

/** Answers counted since the start, by class of status. */
const answered = new Map<string, { count: number; seconds: number }>();

function line(name: string, labels: Record<string, string>, value: number): string {
  const inside = Object.entries(labels).map(([key, text]) => `${key}="${text.replace(/[\\"\n]/g, '_')}"`);
  return `${name}${inside.length > 0 ? `{${inside.join(',')}}` : ''} ${value}`;
}

function gauge(
  name: string,
  help: string,
  values: readonly [Record<string, string>, number][],
  kind = 'gauge',
): string[] {
  return [
    `# HELP ${name} ${help}`,
    `# TYPE ${name} ${kind}`,
    ...values.map(([labels, value]) => line(name, labels, value)),
  ];
}

/** The state of the installation in the text format that Prometheus reads. */
export function metricsText(state: Overview, version: string): string {
  const { storage, jobs, review, signIns, fixity, dois, outbox } = state;
  const byStatus = [...answered].sort(([a], [b]) => (a < b ? -1 : 1));
  const of = (key: 'waiting' | 'running' | 'failed') =>
    jobs.map((job): [Record<string, string>, number] => [{ queue: job.name }, job[key]]);
  const one = (value: number): [Record<string, string>, number][] => [[{}, value]];
  const { rss, heapUsed } = process.memoryUsage();
  return [
    ...gauge('micrarium_info', 'The program.', [[{ version }, 1]]),
    ...gauge(
      'micrarium_http_answers_total',
      'Answers by class of status.',
      byStatus.map(([status, { count }]) => [{ status }, count]),
      'counter',
    ),
    ...gauge(
      'micrarium_http_answer_seconds_total',
      'Time until the answer began, summed.',
      byStatus.map(([status, { seconds }]) => [{ status }, Number(seconds.toFixed(3))]),
      'counter',
    ),
    ...gauge('micrarium_archive_bytes', 'Bytes of published files.', one(storage.archiveBytes)),
    ...gauge('micrarium_draft_bytes', 'Bytes of files in drafts.', one(storage.draftBytes)),
    ...gauge('micrarium_disk_free_bytes', 'Free on the disk of the data folder.', one(storage.freeBytes)),
    ...gauge('micrarium_disk_bytes', 'Size of the disk of the data folder.', one(storage.diskBytes)),
    ...gauge('micrarium_jobs_waiting', 'Jobs that wait.', of('waiting')),
    ...gauge('micrarium_jobs_running', 'Jobs that run.', of('running')),
    ...gauge('micrarium_jobs_failed', 'Jobs given up within a week.', of('failed')),
    ...gauge('micrarium_review_waiting', 'Drafts that wait for curators.', one(review.waiting)),
    ...gauge('micrarium_sign_ins_refused_day', 'Sign-ins refused in the last day.', one(signIns.refusedDay)),
    ...gauge('micrarium_fixity_damaged', 'Studies with damage that is not mended.', one(fixity.damaged)),
    ...gauge('micrarium_dois_waiting', 'DOIs the registrar refused for now.', one(dois.waiting)),
    ...gauge('micrarium_dois_different', 'DOIs the registrar holds otherwise than it should.', one(dois.different)),
    ...gauge(
      'micrarium_outbox_waiting',
      'What waits to be told to others.',
      outbox.map(({ name, waiting }) => [{ outbox: name }, waiting]),
    ),
    ...gauge(
      'micrarium_outbox_oldest_seconds',
      'Age of the oldest of them; 0 where none waits.',
      outbox.map(({ name, oldest }) => [{ outbox: name }, ageOf(oldest)]),
    ),
    ...gauge('micrarium_review_oldest_seconds', 'Since when the oldest draft waits.', one(ageOf(review.oldest))),
    ...gauge(
      'micrarium_usage_alarm',
      'Are figures of usage unlike those of the days before?',
      one(state.usageAlarm ? 1 : 0),
    ),
    ...gauge('micrarium_memory_bytes', 'Memory of the process.', [
      [{ kind: 'resident' }, rss],
      [{ kind: 'heap' }, heapUsed],
    ]),
    ...gauge('micrarium_uptime_seconds', 'Since the start.', one(Math.round(process.uptime()))),
    '',
  ].join('\n');
}

/** Seconds since a moment. */
function ageOf(moment: string | null): number {
  return moment === null ? 0 : Math.max(0, Math.round((Date.now() - Date.parse(moment)) / 1000));
}

function isTold(asked: string | undefined, token: string): boolean {
  const [given, wanted] = [Buffer.from(asked ?? ''), Buffer.from(`Bearer ${token}`)];
  return given.length === wanted.length && timingSafeEqual(given, wanted);
}

const print = (line: string) => process.stdout.write(`${line}\n`);
/** The secret of a private link stands in its address. */
const secretPath = /^\/private\/.+/;

/** An answer as one line of JSON: no address, no query, nothing of who asked but the ids of the request that runs and of its trace. */
export function logLine(method: string, path: string, status: number, milliseconds: number, now = new Date()): string {
  const shown = path.replace(secretPath, '/private/…').slice(0, 500);
  const told = { time: now.toISOString(), level: status >= 500 ? 'error' : 'info', method, path: shown, status };
  const ids = { requestId: currentRequestId(), traceId: currentTraceId() };
  return JSON.stringify({ ...told, milliseconds: Math.round(milliseconds), ...ids });
}

/** What keeps the server running asks here: does it live, is it ready, and how is it. */
export function healthRoutes(app: Application, kernel: Kernel): void {
  app.use('*', async (c, next) => {
    const began = performance.now();
    await next();
    const status = `${Math.floor(c.res.status / 100)}xx`;
    const before = answered.get(status) ?? { count: 0, seconds: 0 };
    const seconds = before.seconds + (performance.now() - began) / 1000;
    answered.set(status, { count: before.count + 1, seconds });
    if (kernel.config.jsonLog) print(logLine(c.req.method, c.req.path, c.res.status, performance.now() - began));
  });

  app.get('/health/live', (c) => c.json({ live: true }, 200, unstored));

  app.get('/health/ready', async (c) => {
    const services = kernel.services();
    const waits = kernel.preparing().map(({ what }) => what);
    const hasDatabase = services ? await reachOf(services).answers() : false;
    // A demonstration study or pages that are still being made keep nobody waiting.
    return c.json({ ready: hasDatabase, database: hasDatabase, preparing: waits }, hasDatabase ? 200 : 503, unstored);
  });

  app.get('/metrics', async (c, next) => {
    const { metricsToken, data } = kernel.config;
    const services = kernel.services();
    // Without a token named there is nothing here: what the owner sees is not for everybody.
    if (metricsToken === undefined)
      return c.text(
        'Figures are given to who has the token of MICRARIUM_METRICS_TOKEN; none is set here.\n',
        404,
        unstored,
      );
    if (!services) return await next();
    if (!isTold(c.req.header('authorization'), metricsToken))
      return c.text('Send the token of MICRARIUM_METRICS_TOKEN as Authorization: Bearer.\n', 401, {
        ...unstored,
        'www-authenticate': 'Bearer',
      });
    const body = metricsText(await overview(services.db, data), kernel.version);
    return c.body(body, 200, { ...unstored, 'content-type': 'text/plain; version=0.0.4; charset=utf-8' });
  });
}
