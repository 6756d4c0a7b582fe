import { join } from 'node:path';
import type { ServerConfig } from '../config.ts';
import type { EmbeddedCluster } from '../database/embedded-cluster.ts';
import type { Kernel } from '../http/kernel.ts';
import type { Demonstration } from './demonstration-study.ts';
import { noteFault } from './fault-log.ts';
import type { OpenServices } from './services.ts';
import type { WebBundle } from './web-bundle.ts';
import type { Worker } from './worker-process.ts';

/** What is up so far. */
export interface Parts {
  cluster?: EmbeddedCluster;
  services?: OpenServices;
  worker?: Worker;
  bundle?: WebBundle;
  demonstration?: Demonstration;
  /** Sends the traces that are not sent yet. */
  endTracing?: () => Promise<void>;
}

/** The kernel over what is up so far. */
export function makeKernel(config: ServerConfig, version: string, parts: Parts): Kernel {
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
