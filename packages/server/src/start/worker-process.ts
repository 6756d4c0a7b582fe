import { fork, type ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { ServerConfig } from '../config.ts';

/** What the worker is told when it starts; over the channel, so that no password stands in a command line. */
export interface WorkerStart {
  config: ServerConfig;
  databaseUrl: string;
  /** Version of the program. */
  version: string;
}

/** The child process that runs the jobs. */
export interface Worker {
  /** Asks it to stop and waits until it is gone. */
  stop(): Promise<void>;
}

/**
 * Starts the worker, and another one when it ends although nobody asked it to (a parser that ran out of memory takes
 * the worker down, never the pages); with a pause that grows to a minute.
 */
export function startWorker(
  { config, databaseUrl, version }: WorkerStart,
  noteFault: (fault: unknown, where: string) => void,
): Worker {
  let child: ChildProcess;
  let isStopping = false;
  let pause = 500;
  let timer: NodeJS.Timeout | undefined;
  const start = () => {
    const began = Date.now();
    child = fork(fileURLToPath(new URL('../jobs/worker.ts', import.meta.url)), [], {
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
      // In a group of its own Ctrl-C reaches only the server, which then stops the worker in order.
      detached: true,
    });
    child.on('error', (fault) => noteFault(fault, 'worker'));
    child.send({ config, databaseUrl, version } satisfies WorkerStart);
    child.once('exit', (code, signal) => {
      if (isStopping) return;
      noteFault(new Error(`The worker ended (${signal ?? code}); another one is started`), 'worker');
      pause = Date.now() - began > 60_000 ? 500 : Math.min(60_000, pause * 2);
      timer = setTimeout(start, pause);
    });
  };
  start();
  return {
    async stop() {
      isStopping = true;
      clearTimeout(timer);
      if (child.exitCode !== null || child.signalCode !== null) return;
      const gone = new Promise<void>((resolve) => child.once('exit', () => resolve()));
      if (child.connected) child.disconnect();
      const hard = setTimeout(() => child.kill('SIGKILL'), 10_000);
      await gone;
      clearTimeout(hard);
    },
  };
}
