import type { DepositPorts } from './deposit.ts';
import { ingestItem, type IngestPorts, rebuildItem } from './ingest.ts';
import { ingestSmallItems } from './ingest-small-items.ts';
import type { BatchedJobName, BatchHandler, JobHandler, JobName, Jobs, SingleJobName } from './ports/job-queue.ts';
import { finishPublication, type PublishPorts } from './publish.ts';
import { recogniseDraft } from './recognise.ts';
import { Refused } from './refusals.ts';
import { verifyFile, verifySmallFiles } from './verify-files.ts';

/** Everything that jobs need. */
export type JobPorts = DepositPorts &
  IngestPorts &
  PublishPorts & { fixity?: FixityCheck; challenges?: SubmissionScorer; scanner?: DraftScanner };

/** Reads stored bytes and compares digests. */
export interface FixityCheck {
  check(asked: Jobs['check-fixity'], signal: AbortSignal): Promise<void>;
}

/** Scores results that were submitted to challenges. */
export interface SubmissionScorer {
  score(submissionId: string, signal: AbortSignal): Promise<void>;
}

/** Has files of drafts searched for viruses. */
export interface DraftScanner {
  scan(draftId: string, signal: AbortSignal): Promise<void>;
}

/** One function for every job that is handed out alone. */
export type JobHandlers = { [Name in SingleJobName]: JobHandler<Name> };
/** One function for every job that is handed out with others of its kind. */
export type BatchHandlers = { [Name in BatchedJobName]: BatchHandler<Name> };

/** How many jobs (or batches) of a name run at once in one process; reading films is heavy, digests wait for the disk. */
export const jobConcurrency: Readonly<Record<JobName, number>> = {
  'recognise-draft': 1,
  'verify-file': 4,
  'verify-small-file': 1,
  'ingest-item': 2,
  'ingest-small-item': 1,
  'rebuild-item': 1,
  'finish-publication': 1,
  'check-fixity': 1,
  'score-submission': 1,
  // The scanner has threads of its own; a large draft must not keep the next one waiting.
  'scan-draft': 2,
};

/** How many jobs of a name are handed out at once: a kill has so many done again, and only at their end are they seen to be done. */
export const jobsOfBatch: Readonly<Record<BatchedJobName, number>> = {
  'verify-small-file': 200,
  'ingest-small-item': 100,
};

/** The handlers of the jobs that are done many at once. Those that fail of a batch are done again alone, and none of the others with them. */
export function createBatchHandlers(ports: JobPorts): BatchHandlers {
  return {
    'verify-small-file': (jobs, signal) => verifySmallFiles(ports, jobs, signal),
    'ingest-small-item': (jobs, signal) => ingestSmallItems(ports, jobs, signal),
  };
}

/** The handlers of all other jobs. What follows what is decided in the use cases; each may run again without harm. */
export function createJobHandlers(ports: JobPorts): JobHandlers {
  return {
    'verify-file': (data, signal) => verifyFile(ports, data, signal),
    'recognise-draft': async ({ draftId }, signal) => {
      // Asked for whenever files came, so this is where those that came are seen.
      if (ports.scanner) await ports.jobs.send('scan-draft', { draftId }, `scan-${draftId}`);
      await recogniseDraft(ports, draftId, signal);
    },
    'scan-draft': async ({ draftId }, signal) => await ports.scanner?.scan(draftId, signal),
    'ingest-item': (data, signal) => ingestItem(ports, data, signal),
    'rebuild-item': (data, signal) => rebuildItem(ports, data, signal),
    'check-fixity': async (data, signal) => await ports.fixity?.check(data, signal),
    'score-submission': async ({ submissionId }, signal) => await ports.challenges?.score(submissionId, signal),
    'finish-publication': async ({ draftId }) => {
      try {
        await finishPublication(ports, draftId);
      } catch (error) {
        // The draft is open again and says what is missing: nothing is gained by trying again.
        if (!(error instanceof Refused)) throw error;
      }
    },
  };
}

/**
 * Starts working on jobs.
 * @param names all that there are, where left out
 * @param factor multiplies how many of a name run at once
 */
export async function workOnJobs(
  ports: JobPorts,
  names: readonly JobName[] = Object.keys(jobConcurrency) as JobName[],
  factor = 1,
): Promise<void> {
  const [handlers, batchHandlers] = [createJobHandlers(ports), createBatchHandlers(ports)];
  for (const name of names) {
    const concurrency = jobConcurrency[name] * factor;
    if (isBatched(name)) await startBatches(ports, batchHandlers, name, concurrency);
    else await start(ports, handlers, name, concurrency);
  }
}

function isBatched(name: JobName): name is BatchedJobName {
  return Object.hasOwn(jobsOfBatch, name);
}

async function start<Name extends SingleJobName>(
  ports: JobPorts,
  handlers: JobHandlers,
  name: Name,
  concurrency: number,
): Promise<void> {
  await ports.jobs.work(name, handlers[name], { concurrency });
}

async function startBatches<Name extends BatchedJobName>(
  ports: JobPorts,
  handlers: BatchHandlers,
  name: Name,
  concurrency: number,
): Promise<void> {
  await ports.jobs.workInBatches(name, handlers[name], { most: jobsOfBatch[name], concurrency });
}
