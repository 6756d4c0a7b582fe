import type { ServerConfig } from '../config.ts';
import { keepTraces } from './tracing.ts';

/**
 * Begins to keep the traces of this process, where the operator names a collector.
 * @param noteFault told when the collector does not take them
 * @returns ends it: sends what is not sent yet, at most two seconds
 */
export async function startTracing(
  config: ServerConfig,
  version: string,
  role: string,
  noteFault: (fault: unknown, where: string) => void,
): Promise<() => Promise<void>> {
  if (config.traces === undefined) return async () => {};
  // Not even loaded by who sends no traces.
  const { openTraces } = await import('./open-traces.ts');
  const keeper = openTraces(config.traces, { version, role, onFault: (fault) => noteFault(fault, 'traces') });
  keepTraces(keeper);
  return async () => {
    keepTraces(undefined);
    await keeper.close();
  };
}
