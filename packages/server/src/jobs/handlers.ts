import { type JobName, workOnJobs as workOnJobsOf } from '@micrarium/repository';
import type { OpenServices } from '../start/services.ts';

/** Jobs of the worker: those that read data. */
export const workerJobs = [
  'verify-file',
  'verify-small-file',
  'recognise-draft',
  'ingest-item',
  'ingest-small-item',
  'rebuild-item',
  'check-fixity',
  'score-submission',
  'scan-draft',
] as const satisfies JobName[];
/** Jobs of the server's own process: only one process may write to the archive. */
export const serverJobs = ['finish-publication'] as const satisfies JobName[];

/** Takes up the jobs of some names. @param factor multiplies how many of a name run at once */
export async function workOnJobs(services: OpenServices, names: readonly JobName[], factor = 1): Promise<void> {
  // Work reads what is in quarantine too: who sends the same bytes again is not stopped by it, and is given them as little.
  await workOnJobsOf({ ...services, blobs: services.storedBlobs }, names, factor);
}
