import { mkdirSync, readFileSync } from 'node:fs';
import type { Server } from 'node:http';
import { join } from 'node:path';
import { recoverPublications } from '@micrarium/repository';
import { hasOwner, makeOwnerToken, ownerLinkMinutes } from '../auth/owner-link.ts';
import { describeConfig, readConfig, type ServerConfig, type ServerFlags } from '../config.ts';
import { migrate, openDatabase } from '../database/connect.ts';
import { startEmbeddedCluster, type EmbeddedCluster } from '../database/embedded-cluster.ts';
import { createApplication, type Application } from '../http/app.ts';
import type { Kernel } from '../http/kernel.ts';
import { serverJobs, workOnJobs } from '../jobs/handlers.ts';
import { takeDataLock } from './data-lock.ts';
import { type Demonstration, startDemonstration } from './demonstration-study.ts';
import { noteFault } from './fault-log.ts';
import { listen } from './listen.ts';
import { openServices, type OpenServices } from './services.ts';
import { StartRefused } from './start-refused.ts';
import { prepareWebBundle, type WebBundle } from './web-bundle.ts';
import { startWorker, type Worker } from './worker-process.ts';

/** A server that answers requests, though it may still be preparing. */
export interface RunningServer {
  /** Address on this machine. */
  url: string;
  config: ServerConfig;
  /** Resolves when database, jobs and pages are up; rejects when they cannot be. */
  ready: Promise<void>;
  /** Stops taking requests, jobs, then the database. */
  stop(): Promise<void>;
  /** Resolves when it has stopped, with the exit code. */
  stopped: Promise<number>;
}

const version = (
  JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as { version: string }
).version;
const print = (line: string) => process.stdout.write(`${line}\n`);

/** What is up so far. */
interface Parts {
  cluster?: EmbeddedCluster;
  services?: OpenServices;
  worker?: Worker;
  bundle?: WebBundle;
  demonstration?: Demonstration;
}

function makeKernel(config: ServerConfig, parts: Parts): Kernel {
  return {
    config,
    version,
    services: () => parts.services,
    preparing: () => [
      ...(parts.services ? [] : [{ what: 'database' as const, progress: 0 }]),
      ...(!config.pages || parts.bundle?.isBeingMade() === false ? [] : [{ what: 'web bundle' as const, progress: 0 }]),
      ...(config.demo && (!parts.demonstration || parts.demonstration.isComing())
        ? [{ what: 'demonstration study' as const, progress: parts.demonstration?.progress() ?? 0 }]
        : []),
    ],
    webBundle: () => parts.bundle?.folder(),
    noteFault: (fault, where) => noteFault(join(config.data, 'faults.log'), fault, where),
  };
}

async function bringUp(config: ServerConfig, parts: Parts, kernel: Kernel, onDatabaseLost: () => void): Promise<void> {
  let databaseUrl = config.databaseUrl;
  if (databaseUrl === undefined) {
    parts.cluster = await startEmbeddedCluster(config.data, print);
    parts.cluster.onExit(onDatabaseLost);
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
  await workOnJobs(services, serverJobs);
  parts.worker = startWorker(config, databaseUrl, kernel.noteFault);
  parts.services = services;
}

async function printOwnerLink(services: OpenServices, url: string): Promise<void> {
  if (await hasOwner(services.db)) return;
  const token = await makeOwnerToken(services.db);
  print('');
  print('There is no owner account yet. Open this link to make it (valid once, for an hour):');
  print(`  ${url}/welcome#token=${token}`);
  print('');
  setTimeout(() => {
    print(`The owner link above has expired (${ownerLinkMinutes} minutes). Start the server again for a new one.`);
  }, ownerLinkMinutes * 60_000).unref();
}

function closeServer(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeIdleConnections();
    // Uploads go on where they stopped and viewers ask again: nobody needs more than a moment.
    setTimeout(() => server.closeAllConnections(), 2_000).unref();
  });
}

/**
 * Starts a server: it listens at once and prepares the rest behind a page that says so.
 * @throws StartRefused when another server holds the data folder, or no port can be had
 */
export async function launchServer(flags: ServerFlags = {}): Promise<RunningServer> {
  const config = readConfig(flags);
  mkdirSync(config.data, { recursive: true, mode: 0o711 });
  const lock = takeDataLock(config.data);
  const parts: Parts = {};
  let app: Application;
  let listening: Awaited<ReturnType<typeof listen>>;
  const kernel = makeKernel(config, parts);
  try {
    app = createApplication(kernel);
    listening = await listen(app, config.host, config.port);
  } catch (fault) {
    lock.release();
    throw fault;
  }
  const { server, port, url } = listening;
  print(`Micrarium ${version}`);
  for (const line of describeConfig(config)) print(`  ${line}`);
  if (config.port !== 0 && port !== config.port) print(`Port ${config.port} is taken; using ${port}`);
  print(`Listening on ${url}`);
  if (config.pages) parts.bundle = prepareWebBundle(print);

  const end = Promise.withResolvers<number>();
  let stopping: Promise<void> | undefined;
  const stop = (code = 0): Promise<void> => {
    stopping ??= (async () => {
      parts.bundle?.stop();
      parts.demonstration?.stop();
      await closeServer(server);
      await parts.worker?.stop();
      await bringingUp.catch(() => {});
      await parts.services?.close();
      await parts.cluster?.stop();
      lock.release();
      end.resolve(code);
    })();
    return stopping;
  };
  const bringingUp = bringUp(config, parts, kernel, () => {
    kernel.noteFault(new Error('The database server ended although nobody asked it to'), 'database');
    void stop(1);
  });
  const ready = (async () => {
    await bringingUp;
    await printOwnerLink(parts.services!, config.publicUrl ?? url);
    if (config.demo && !stopping) {
      parts.demonstration = startDemonstration(config.data, url, parts.services!, kernel.noteFault);
    }
    await parts.bundle?.settled;
    if (!stopping) print(`Ready: ${config.publicUrl ?? url}`);
  })();
  ready.catch((fault: unknown) => {
    if (fault instanceof StartRefused) process.stderr.write(`${fault.message}\n`);
    else if (!stopping) kernel.noteFault(fault, 'start');
    void stop(1);
  });
  return { url, config, ready, stop: () => stop(), stopped: end.promise };
}

/**
 * The command `serve`: runs until a signal, and resolves with the exit code when everything has stopped. A start that
 * is refused says why on standard error.
 */
export async function startServer(flags: ServerFlags = {}): Promise<number> {
  let running: RunningServer;
  try {
    running = await launchServer(flags);
  } catch (fault) {
    if (!(fault instanceof StartRefused)) throw fault;
    process.stderr.write(`${fault.message}\n`);
    return 1;
  }
  let isAsked = false;
  const onSignal = () => {
    // A second Ctrl-C of somebody who cannot wait: the next start repairs what is left.
    if (isAsked) process.exit(1);
    isAsked = true;
    print('Stopping');
    void running.stop();
  };
  process.on('SIGTERM', onSignal);
  process.on('SIGINT', onSignal);
  process.on('unhandledRejection', (fault) => noteFault(join(running.config.data, 'faults.log'), fault, 'unhandled'));
  const code = await running.stopped;
  process.off('SIGTERM', onSignal);
  process.off('SIGINT', onSignal);
  return code;
}
