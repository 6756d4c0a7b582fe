import type { ServerConfig } from '../config.ts';
import { recountAll, type Recounted } from '../usage/recount.ts';
import { openData } from './open-data.ts';

/** Counts all uses again that are kept as events. May run beside the server. */
export async function usageRecount(config: ServerConfig): Promise<Recounted> {
  const open = await openData(config, 'shared');
  try {
    return await recountAll(open.db);
  } finally {
    await open.close();
  }
}
