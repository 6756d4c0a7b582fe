import { endEmbargoes } from '../states/embargo-ends.ts';
import { tellOfAdditions } from '../additions/additions.ts';
import { clearAbandonedUploads, recoverPublications } from '@micrarium/repository';
import { clearUnwanted, forgetUploads, uploadDays } from '../uploads/tus-uploads.ts';
import { sql } from 'kysely';
import { RecentEvents } from '../audit/recent-events.ts';
import { writeDailyHead, writeNewestHead } from '../audit/verify-audit.ts';
import { sessionSecret } from '../auth/secrets.ts';
import { forgetTries } from '../auth/shared-rate-limit.ts';
import { agreeOnSecret } from './agreed-secret.ts';
import { hasOwner, makeOwnerToken, ownerLinkMinutes } from '../auth/owner-link.ts';
import type { ServerConfig } from '../config.ts';
import { DatabaseUnreachable } from '../database/reach.ts';
import { migrate, openDatabase } from '../database/connect.ts';
import { startEmbeddedCluster } from '../database/embedded-cluster.ts';
import { type Application, createApplication } from '../http/app.ts';
import type { Kernel } from '../http/kernel.ts';
import { serverJobs, workOnJobs } from '../jobs/handlers.ts';
import { ensureShipped } from '../vocabulary/term-store.ts';
import { startDemonstration } from './demonstration-study.ts';
import type { Parts } from './parts.ts';
import { remindOfPlans } from '../plans/plan-reminders.ts';
import { forgetAnswers } from '../http/answered-once.ts';
import { followAbandonedDrafts } from '../states/abandoned-drafts.ts';
import { remindOfRequests } from '../states/curator-requests.ts';
import { emptyTrash } from '../states/draft-trash.ts';
import { deleteWithoutConsent } from '../states/without-consent.ts';
import { finishPurges } from '../states/purge.ts';
import { publishDue } from '../states/publication.ts';
import { openServices, type OpenServices } from './services.ts';
import { StartRefused } from './start-refused.ts';
import { startWorker } from './worker-process.ts';
import { startTracing } from '../tracing/start-tracing.ts';
import { countDue, forgetEvents } from '../usage/recount.ts';
import { alarmText, usageAlarm } from '../usage/usage-watch.ts';

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
  parts.endTracing = await startTracing(config, kernel.version, config.role, kernel.noteFault);
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
    if (fault instanceof DatabaseUnreachable) {
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
  if (config.bucket) await agreeOnSecret(services.db, sessionSecret(config));
  await services.archive.recover();
  // Of several processes that start at once one repairs; what another one is publishing at this moment it finishes itself.
  await services.locks.tryHold('recover publications', () => recoverPublications(services));
  await services.states.archivePending();
  await services.locks.tryHold('purges', async () => {
    await finishPurges(services).catch((fault: unknown) => kernel.noteFault(fault, 'purge'));
  });
  await services.dois?.archivePending();
  await services.keepNotes();
  await services.locks.hold('vocabularies', () => ensureShipped(services.db));
  // The first search would wait for what all searches need; one that fails here tells its fault when it is asked.
  if (config.role !== 'worker') services.search.warm?.().catch(() => {});
  if (config.role !== 'web') {
    await workOnJobs(services, serverJobs);
    parts.worker = startWorker({ config, databaseUrl, version: kernel.version }, kernel.noteFault);
  }
  parts.services = services;
  clearUploads(services, kernel);
  scheduleFixity(services, config, kernel);
  askForScans(services, kernel);
  tellRegistrar(services, kernel);
  checkRegistrar(services, kernel);
  writeUsage(services, kernel);
  sendMail(services, kernel);
  followChanges(services, kernel);
  watchClock(services, kernel);
  followDrafts(services, kernel);
  endEmbargoesInTime(services, kernel);
  await printOwnerLink(services, start);
  if (config.demo && !start.isStopping()) {
    parts.demonstration = startDemonstration(config.data, start.url, services, kernel.noteFault);
  }
}

/** Does something that one process at a time does, of all that share the database; whoever comes while one is at it leaves it to that one. */
function inTurn({ locks }: OpenServices, kernel: Kernel, name: string, work: () => Promise<unknown>): void {
  locks.tryHold(`schedule ${name}`, work).catch((fault: unknown) => kernel.noteFault(fault, name));
}

/** Drops uploads nobody went on with for a week: now, and every six hours. Those that nothing waits for go every ten minutes. */
function clearUploads(services: OpenServices, kernel: Kernel): void {
  const { db, uploads, trustedClock } = services;
  const clear = async () => {
    // By a clock that jumped nothing goes that was acknowledged.
    const now = trustedClock.now();
    await clearAbandonedUploads(services, now, uploadDays);
    await forgetTries(db);
    await forgetUploads(db, uploads, now);
  };
  const run = () => inTurn(services, kernel, 'abandoned uploads', clear);
  const runOften = () => inTurn(services, kernel, 'unwanted uploads', () => clearUnwanted(db, uploads));
  run();
  runOften();
  setInterval(run, 6 * 3_600_000).unref();
  setInterval(runOften, 600_000).unref();
}

/** Has drafts searched for viruses that wait for it: the scanner was away, or is named only now. Now, and every ten minutes; what is published each hour. */
function askForScans(services: OpenServices, kernel: Kernel): void {
  const { scanner, publishedScans, jobs } = services;
  if (!scanner || !publishedScans) return;
  const ask = async () => {
    for (const draftId of await scanner.draftsDue()) await jobs.send('scan-draft', { draftId }, `scan-${draftId}`);
  };
  const run = () => inTurn(services, kernel, 'virus scans', ask);
  run();
  setInterval(run, 600_000).unref();
  const again = () => inTurn(services, kernel, 'virus scans of what is published', () => publishedScans.run());
  again();
  setInterval(again, 3_600_000).unref();
}

/** Looks every fifteen seconds for DOIs that the registrar does not know as they are. */
function tellRegistrar(services: OpenServices, kernel: Kernel): void {
  const { dois } = services;
  if (!dois) return;
  const run = () => inTurn(services, kernel, 'registrar of DOIs', () => dois.drain());
  run();
  setInterval(run, 15_000).unref();
}

/** Once an hour the DOIs that were not compared for a day are compared with what the registrar holds; what differs stands in the log. */
function checkRegistrar(services: OpenServices, kernel: Kernel): void {
  const { dois, clock } = services;
  if (!dois) return;
  const check = async () => {
    const found = await dois.checkDue(clock.now());
    if (found !== undefined) kernel.noteFault(new Error(found), 'registrar of DOIs');
  };
  const run = () => inTurn(services, kernel, 'check of DOIs', check);
  setTimeout(run, 120_000).unref();
  setInterval(run, 3_600_000).unref();
}

/** Looks at the clock every five minutes; one that went ahead by more than a day is told of in the log, and opens no embargo. */
function watchClock({ trustedClock }: OpenServices, kernel: Kernel): void {
  let isTold = false;
  const run = async () => {
    const held = await trustedClock.look();
    if (held && !isTold)
      kernel.noteFault(
        new Error(
          `The clock went from ${held.since} to ${held.clock} at once. Embargoes do not end by it until the owner confirms it on the page of the administration.`,
        ),
        'clock',
      );
    isTold = held !== undefined;
  };
  const look = () => void run().catch((fault: unknown) => kernel.noteFault(fault, 'clock'));
  look();
  setInterval(look, 300_000).unref();
}

/** Looks every fifteen seconds for published additions nobody was told of, and for what the archive does not hold yet. */
function followChanges(services: OpenServices, kernel: Kernel): void {
  const run = () => {
    inTurn(services, kernel, 'additions', () => tellOfAdditions(services));
    inTurn(services, kernel, 'notes for the archive', () => services.keepNotes());
  };
  setInterval(run, 15_000).unref();
}

/** Notes every minute, and at once, which embargoes have ended: a minute that was missed loses none. */
function endEmbargoesInTime(services: OpenServices, kernel: Kernel): void {
  const run = () => inTurn(services, kernel, 'embargoes', () => endEmbargoes(services, services.trustedClock.now()));
  run();
  setInterval(run, 60_000).unref();
}

/**
 * Publishes every minute, and at start, the approved drafts whose day has come; once an hour it follows those nobody works on and those that
 * were discarded, and every five minutes it deletes what was declared without consent. By a clock that jumped nothing is published, and nothing goes.
 */
function followDrafts(services: OpenServices, kernel: Kernel): void {
  const now = () => services.trustedClock.now();
  const publish = () => inTurn(services, kernel, 'days of publication', () => publishDue(kernel, services, now()));
  const follow = async () => {
    await followAbandonedDrafts(services, now());
    await emptyTrash(services, now());
    await forgetAnswers(services);
  };
  const run = () => inTurn(services, kernel, 'abandoned drafts', follow);
  // What the law wants gone does not wait for a clock that somebody must confirm.
  const remove = () =>
    inTurn(services, kernel, 'files without consent', () => deleteWithoutConsent(services, new Date()));
  publish();
  run();
  remove();
  setInterval(publish, 60_000).unref();
  setInterval(remove, 300_000).unref();
  setInterval(run, 3_600_000).unref();
}

/** Sends every ten seconds what stands in the outbox, and to webhooks; once an hour it looks for embargoes and grants that end soon. */
function sendMail(services: OpenServices, kernel: Kernel): void {
  const { db, outbox, webhooks, notices, access, clock } = services;
  const send = () => {
    void outbox.drain().catch((fault: unknown) => kernel.noteFault(fault, 'mail'));
    void webhooks.drain().catch((fault: unknown) => kernel.noteFault(fault, 'webhooks'));
  };
  const remind = () =>
    inTurn(services, kernel, 'reminders', () =>
      Promise.all([
        notices.remindOfEmbargoes(clock.now()),
        access.remind(clock.now()),
        remindOfRequests(db, notices, clock.now()),
        remindOfPlans(services, clock.now()),
      ]),
    );
  const digest = () => inTurn(services, kernel, 'digests', () => notices.sendDigests(clock.now()));
  remind();
  digest();
  setInterval(digest, 600_000).unref();
  setInterval(send, 10_000).unref();
  setInterval(remind, 3_600_000).unref();
}

/** Writes down every ten seconds what was used, and counts it; what is older than thirty days is let go of. A count that may be wrong is told of once a day. */
function writeUsage(services: OpenServices, kernel: Kernel): void {
  const { db, usage, clock, trustedClock } = services;
  let told: string | undefined;
  const run = () => {
    usage.flush().catch((fault: unknown) => kernel.noteFault(fault, 'usage'));
    inTurn(services, kernel, 'usage', () => countDue(db));
  };
  const forget = () =>
    inTurn(services, kernel, 'usage of thirty days', async () => {
      await forgetEvents(db, trustedClock.now());
      const alarm = await usageAlarm(db, clock.now());
      if (alarm && alarm.day !== told) kernel.noteFault(new Error(alarmText(alarm)), 'usage');
      told = alarm?.day;
    });
  forget();
  setInterval(run, 10_000).unref();
  setInterval(forget, 3_600_000).unref();
}

/** Once an hour the units that are due are read again; soon after the start those never read. */
function scheduleFixity(services: OpenServices, { data, copy, fixityDays }: ServerConfig, kernel: Kernel): void {
  const ask = async () => {
    const dueBefore = new Date(services.clock.now().getTime() - fixityDays * 86_400_000).toISOString();
    await services.jobs.send('check-fixity', { cause: 'schedule', dueBefore }, 'fixity');
    await services.states.archivePending();
  };
  const run = () => {
    inTurn(services, kernel, 'schedule of checks', ask);
    inTurn(services, kernel, 'audit log', () => keepAuditLog(services, data));
  };
  setTimeout(run, 60_000).unref();
  setInterval(run, 3_600_000).unref();
  const recent = [data, ...(copy === undefined ? [] : [copy])].map((folder) => new RecentEvents(folder));
  const newest = () => {
    inTurn(services, kernel, 'newest event', () => writeNewestHead(services.db, data));
    for (const [at, one] of recent.entries())
      inTurn(services, kernel, `recent events ${at === 0 ? 'of the data' : 'of the second copy'}`, () =>
        one.keep(services.db),
      );
  };
  setInterval(newest, 60_000).unref();
}

/** Writes the head of the day down, and forgets the networks that events came from after thirteen months. */
async function keepAuditLog({ db, clock, trustedClock }: OpenServices, data: string): Promise<void> {
  await writeDailyHead(db, data, clock.now());
  const now = trustedClock.now();
  await db.deleteFrom('audit_origin').where('at', '<', sql<Date>`${now}::timestamptz - interval '13 months'`).execute();
}

async function printOwnerLink(services: OpenServices, { config, url, say }: BringUp): Promise<void> {
  if (config.role === 'worker' || (await hasOwner(services.db))) return;
  const token = await makeOwnerToken(services.db, config.bucket !== undefined);
  say('');
  say('There is no owner account yet. Open this link to make it (valid once, for an hour):');
  say(`  ${config.publicUrl ?? url}/welcome#token=${token}`);
  say('');
  setTimeout(() => {
    say(`The owner link above has expired (${ownerLinkMinutes} minutes). Start the server again for a new one.`);
  }, ownerLinkMinutes * 60_000).unref();
}
