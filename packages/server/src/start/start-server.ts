import { mkdirSync, readFileSync } from 'node:fs';
import type { Server } from 'node:http';
import { flushCompileCache } from 'node:module';
import { join } from 'node:path';
import { describeConfig, readConfig, type ServerConfig, type ServerFlags } from '../config.ts';
import type { Kernel } from '../http/kernel.ts';
import { preparingPage } from '../http/preparing.ts';
import { Problem, problemResponse } from '../http/problems.ts';
import { takeDataLock } from './data-lock.ts';
import { requestIdFor, withRequestId } from '../audit/request-id.ts';
import { noteFault } from './fault-log.ts';
import { type Answerer, listen } from './listen.ts';
import { makeKernel, type Parts } from './parts.ts';
import { StartRefused } from './start-refused.ts';
import { prepareWebBundle } from './web-bundle.ts';

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

/** Answers while the program is being loaded: the page says so, programs are told to come back. */
function earlyAnswer(request: Request, kernel: Kernel): Response {
  const { pathname } = new URL(request.url);
  if (!pathname.startsWith('/api/')) return preparingPage(request, kernel.preparing());
  const id = requestIdFor(request.headers.get('x-request-id') ?? undefined);
  const headers = { 'cache-control': 'no-store', 'retry-after': '2', 'x-request-id': id };
  if (pathname === '/api/v1/status') {
    const status = { version, state: 'preparing', preparing: kernel.preparing(), hasOwner: false };
    return Response.json(status, { headers });
  }
  return withRequestId(id, () =>
    problemResponse(new Problem('preparing', 'The program is being loaded.', { headers })),
  );
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
  const kernel = makeKernel(config, version, parts);
  let answerer: Answerer = { fetch: (request) => earlyAnswer(request, kernel) };
  let listening: Awaited<ReturnType<typeof listen>>;
  try {
    listening = await listen({ fetch: (request, env) => answerer.fetch(request, env) }, config.host, config.port);
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
      await bringingUp.catch(() => {});
      parts.demonstration?.stop();
      await parts.worker?.stop();
      await parts.services?.close();
      await parts.cluster?.stop();
      await parts.endTracing?.();
      lock.release();
      end.resolve(code);
    })();
    return stopping;
  };
  const bringingUp = import('./bring-up.ts').then(({ bringUp }) =>
    bringUp({
      config,
      parts,
      kernel,
      url,
      say: print,
      onApplication: (app) => {
        answerer = app as Answerer;
      },
      onDatabaseLost: () => {
        kernel.noteFault(new Error('The database server ended although nobody asked it to'), 'database');
        void stop(1);
      },
      isStopping: () => stopping !== undefined,
    }),
  );
  const ready = (async () => {
    await bringingUp;
    await parts.bundle?.settled;
    if (!stopping) print(`Ready: ${config.publicUrl ?? url}`);
    // A server that is killed has loaded its sources all the same.
    flushCompileCache();
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
