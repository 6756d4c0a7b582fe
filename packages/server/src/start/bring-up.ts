import { clearAbandonedUploads, recoverPublications } from '@micrarium/repository';
import { sql } from 'kysely';
import { writeDailyHead } from '../audit/verify-audit.ts';
import { hasOwner, makeOwnerToken, ownerLinkMinutes } from '../auth/owner-link.ts';
import type { ServerConfig } from '../config.ts';
import { migrate, openDatabase } from '../database/connect.ts';
import { startEmbeddedCluster } from '../database/embedded-cluster.ts';
import { type Application, createApplication } from '../http/app.ts';
import type { Kernel } from '../http/kernel.ts';
import { serverJobs, workOnJobs } from '../jobs/handlers.ts';
import { ensureShipped } from '../vocabulary/term-store.ts';
import { startDemonstration } from './demonstration-study.ts';
import type { Parts } from './parts.ts';
import { remindOfRequests } from '../states/curator-requests.ts';
import { openServices, type OpenServices } from './services.ts';
import { StartRefused } from './start-refused.ts';
import { startWorker } from './worker-process.ts';

/** What bringing up needs of the start. */
export interface BringUp {
  config: ServerConfig;
  /** Filled as things come up. */
  parts: Parts;
  kernel: Kernel;
  /** Address people reach the server by. */
  url: string;
  say(line: string): void;
  /** Takes the application as soon as it can answer. */
  onApplication(app: Application): void;
  onDatabaseLost(): void;
  isStopping(): boolean;
}

/**
 * Brings up everything behind the listening server. Loaded after it listens, because loading it takes a while.
 * @throws StartRefused
 */
export async function bringUp(start: BringUp): Promise<void> {
  const { config, parts, kernel } = start;
  start.onApplication(createApplication(kernel));
  let databaseUrl = config.databaseUrl;
  if (databaseUrl === undefined) {
    parts.cluster = await startEmbeddedCluster(config.data, start.say);
    parts.cluster.onExit(() => start.onDatabaseLost());
    databaseUrl = parts.cluster.url;
  }
  const db = openDatabase(databaseUrl, 2);
  try {
    await migrate(db);
  } catch (fault) {
    if (['ECONNREFUSED', 'ENOTFOUND', '28P01', '3D000'].includes((fault as { code?: string }).code ?? '')) {
      throw new StartRefused(`The database at DATABASE_URL cannot be used: ${(fault as Error).message}`, {
        cause: fault,
      });
    }
    throw fault;
  } finally {
    await db.destroy();
  }
  const isOnlyWorker = parts.cluster !== undefined;
  const services = await openServices(config, databaseUrl, { isOnlyWorker, noteFault: kernel.noteFault });
  await services.archive.recover();
  await recoverPublications(services);
  await services.states.archivePending();
  await services.dois?.archivePending();
  await ensureShipped(services.db);
  await workOnJobs(services, serverJobs);
  parts.worker = startWorker(config, databaseUrl, kernel.noteFault);
  parts.services = services;
  clearUploads(services, kernel);
  scheduleFixity(services, config, kernel);
  tellRegistrar(services, kernel);
  writeUsage(services, kernel);
  sendMail(services, kernel);
  await printOwnerLink(services, start);
  if (config.demo && !start.isStopping()) {
    parts.demonstration = startDemonstration(config.data, start.url, services, kernel.noteFault);
  }
}

/** Drops uploads nobody went on with for a week: now, and every six hours. */
function clearUploads(services: OpenServices, kernel: Kernel): void {
  const clear = async () => {
    await clearAbandonedUploads(services, services.clock.now());
    await services.db.deleteFrom('upload').where('created_at', '<', sql<Date>`now() - interval '60 days'`).execute();
  };
  const run = () => void clear().catch((fault: unknown) => kernel.noteFault(fault, 'abandoned uploads'));
  run();
  setInterval(run, 6 * 3_600_000).unref();
}

/** Looks every fifteen seconds for DOIs that the registrar does not know as they are. */
function tellRegistrar({ dois }: OpenServices, kernel: Kernel): void {
  if (!dois) return;
  const run = () => void dois.drain().catch((fault: unknown) => kernel.noteFault(fault, 'registrar of DOIs'));
  run();
  setInterval(run, 15_000).unref();
}

/** Sends every ten seconds what stands in the outbox; once an hour it looks for embargoes and grants that end soon. */
function sendMail({ db, outbox, notices, access, clock }: OpenServices, kernel: Kernel): void {
  const send = () => void outbox.drain().catch((fault: unknown) => kernel.noteFault(fault, 'mail'));
  const remind = () =>
    void Promise.all([
      notices.remindOfEmbargoes(clock.now()),
      access.remind(clock.now()),
      remindOfRequests(db, notices, clock.now()),
    ]).catch((fault: unknown) => kernel.noteFault(fault, 'notices'));
  remind();
  setInterval(send, 10_000).unref();
  setInterval(remind, 3_600_000).unref();
}

/** Writes down every ten seconds what was counted. */
function writeUsage({ usage }: OpenServices, kernel: Kernel): void {
  const run = () => void usage.flush().catch((fault: unknown) => kernel.noteFault(fault, 'usage'));
  setInterval(run, 10_000).unref();
}

/** Once an hour the units that are due are read again; soon after the start those never read. */
function scheduleFixity(services: OpenServices, { data, fixityDays }: ServerConfig, kernel: Kernel): void {
  const ask = async () => {
    const dueBefore = new Date(services.clock.now().getTime() - fixityDays * 86_400_000).toISOString();
    await services.jobs.send('check-fixity', { cause: 'schedule', dueBefore }, 'fixity');
    await services.states.archivePending();
  };
  const run = () => {
    void ask().catch((fault: unknown) => kernel.noteFault(fault, 'schedule of checks'));
    void keepAuditLog(services, data).catch((fault: unknown) => kernel.noteFault(fault, 'audit log'));
  };
  setTimeout(run, 60_000).unref();
  setInterval(run, 3_600_000).unref();
}

/** Writes the head of the day down, and forgets the networks that events came from after thirteen months. */
async function keepAuditLog({ db, clock }: OpenServices, data: string): Promise<void> {
  await writeDailyHead(db, data, clock.now());
  await db.deleteFrom('audit_origin').where('at', '<', sql<Date>`now() - interval '13 months'`).execute();
}

async function printOwnerLink(services: OpenServices, { config, url, say }: BringUp): Promise<void> {
  if (await hasOwner(services.db)) return;
  const token = await makeOwnerToken(services.db);
  say('');
  say('There is no owner account yet. Open this link to make it (valid once, for an hour):');
  say(`  ${config.publicUrl ?? url}/welcome#token=${token}`);
  say('');
  setTimeout(() => {
    say(`The owner link above has expired (${ownerLinkMinutes} minutes). Start the server again for a new one.`);
  }, ownerLinkMinutes * 60_000).unref();
}
