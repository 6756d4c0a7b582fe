import { type DepositPorts, verifyFile } from './deposit.ts';
import { ingestItem, type IngestPorts, rebuildItem } from './ingest.ts';
import type { JobName, Jobs } from './ports/job-queue.ts';
import { finishPublication, type PublishPorts } from './publish.ts';
import { recogniseDraft } from './recognise.ts';
import { Refused } from './refusals.ts';

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

/** One function for every job there is. */
export type JobHandlers = { [Name in JobName]: (data: Jobs[Name], signal: AbortSignal) => Promise<void> };

/** How many jobs of a name run at once in one process; reading films is heavy, digests wait for the disk. */
export const jobConcurrency: Readonly<Record<JobName, number>> = {
  'recognise-draft': 1,
  'verify-file': 4,
  'ingest-item': 2,
  'rebuild-item': 1,
  'finish-publication': 1,
  'check-fixity': 1,
  'score-submission': 1,
  // The scanner has threads of its own; a large draft must not keep the next one waiting.
  'scan-draft': 2,
};

/** The handlers of all jobs. What follows what is decided in the use cases; each may run again without harm. */
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

/** Starts working on every job. */
export async function workOnJobs(ports: JobPorts): Promise<void> {
  const handlers = createJobHandlers(ports);
  for (const name of Object.keys(handlers) as JobName[]) await start(ports, handlers, name);
}

async function start<Name extends JobName>(ports: JobPorts, handlers: JobHandlers, name: Name): Promise<void> {
  await ports.jobs.work(name, handlers[name], { concurrency: jobConcurrency[name] });
}
