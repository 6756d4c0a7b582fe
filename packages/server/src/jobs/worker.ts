import { flushCompileCache } from 'node:module';
import { join } from 'node:path';
import { noteFault } from '../start/fault-log.ts';
import { openServices } from '../start/services.ts';
import { startTracing } from '../tracing/start-tracing.ts';
import type { WorkerStart } from '../start/worker-process.ts';
import { workerJobs, workOnJobs } from './handlers.ts';

/** The process that runs the jobs: started by the server, and gone when the server is. */
process.once('message', (start: WorkerStart) => {
  const { config, databaseUrl, version } = start;
  const note = (fault: unknown, where: string) => noteFault(join(config.data, 'faults.log'), fault, where);
  const tracing = startTracing(config, version, 'jobs', note);
  const opening = tracing.then(() =>
    openServices(config, databaseUrl, {
      // Our own database serves this data folder only, whose lock the server holds: no other worker can be alive.
      isOnlyWorker: config.databaseUrl === undefined,
      connections: 4,
      noteFault: note,
    }),
  );
  opening
    .then((services) => workOnJobs(services, workerJobs, config.workers))
    .then(() => flushCompileCache())
    .catch((fault: unknown) => {
      // A server that stops takes the database along while we are still opening: no fault of ours.
      if (process.connected) note(fault, 'worker start');
      process.exit(process.connected ? 1 : 0);
    });
  process.once('disconnect', () => {
    // Whatever hangs: a worker without its server must not live on and write.
    setTimeout(() => process.exit(1), 8_000).unref();
    void opening
      .then((services) => services.close())
      .then(async () => await (await tracing)())
      .finally(() => process.exit(0));
  });
  process.on('unhandledRejection', (fault) => note(fault, 'worker'));
});
// Signals are the server's to answer; it ends this process by closing the channel.
process.on('SIGINT', () => {});
process.on('SIGTERM', () => {});
if (!process.connected) process.exit(2);
