/** Work that runs later or again. Handlers must be harmless when repeated. */
export interface Jobs {
  /** Recognise the items of a draft after files came or went. */
  'recognise-draft': { draftId: string };
  /** Compute the digest of a stored upload and adopt it as a blob. */
  'verify-file': { draftId: string; path: string; uploadId: string };
  /** The same of a small file, many at once. */
  'verify-small-file': { draftId: string; path: string; uploadId: string };
  /** Have the files of a draft searched for viruses, where a scanner is set up. */
  'scan-draft': { draftId: string };
  /** Make the derived forms of an item. */
  'ingest-item': { draftId: string; itemId: string };
  /** The same of a small item, many at once. */
  'ingest-small-item': { draftId: string; itemId: string };
  /** Make derived forms of a published item again after they were dropped. */
  'rebuild-item': { accession: string; version: number; itemId: string };
  /** Score a result that was submitted to a challenge. */
  'score-submission': { submissionId: string };
  /** Finish a publication a killed process left behind. */
  'finish-publication': { draftId: string };
  /** Read every stored byte that was last read before `dueBefore` (ISO 8601), or those of one study now, and compare digests. */
  'check-fixity': { cause: 'schedule' | 'page'; dueBefore: string; accession?: string };
}

/** Name of a job. */
export type JobName = keyof Jobs;
/** Jobs that are handed out many at once: what one costs in the queue and in the database would be more than the work itself. */
export type BatchedJobName = 'verify-small-file' | 'ingest-small-item';
/** Files of at most so many bytes are worked on many at once: what is done around one takes longer than reading it. */
export const smallFile = 2 ** 20;

/** Jobs that are handed out one by one. */
export type SingleJobName = Exclude<JobName, BatchedJobName>;

/** A job of a batch. */
export interface AskedJob<Name extends JobName = JobName> {
  data: Jobs[Name];
  /** It was handed out before, and that run failed or was killed. */
  isRepeated: boolean;
}

/** A job to be sent: its data, and the key that says which jobs are the same. */
export interface JobToSend<Name extends JobName> {
  data: Jobs[Name];
  key: string;
}

/** Does one job. */
export type JobHandler<Name extends JobName> = (data: Jobs[Name], signal: AbortSignal) => Promise<void>;
/** Does a batch of jobs; where it fails, all of them are handed out again. */
export type BatchHandler<Name extends BatchedJobName> = (
  jobs: readonly AskedJob<Name>[],
  signal: AbortSignal,
) => Promise<void>;

/** Queue of jobs, kept in the database: survives a kill, runs each job at least once. */
export interface JobQueue {
  /** Adds a job; one with the same `key` that has not started yet makes this a no-op. */
  send<Name extends JobName>(name: Name, data: Jobs[Name], key: string): Promise<void>;
  /** Adds many jobs of a name, each as `send` does. */
  sendAll<Name extends JobName>(name: Name, jobs: readonly JobToSend<Name>[]): Promise<void>;
  /** Starts taking jobs of a name. Called once per name and process. */
  work<Name extends SingleJobName>(
    name: Name,
    handler: JobHandler<Name>,
    options?: { concurrency?: number },
  ): Promise<void>;
  /** Starts taking jobs of a name, as many at once as wait, but at most `most`. Called once per name and process. */
  workInBatches<Name extends BatchedJobName>(
    name: Name,
    handler: BatchHandler<Name>,
    options: { most: number; concurrency?: number },
  ): Promise<void>;
}

/** The time, so that rules about it can be tested. */
export interface Clock {
  now(): Date;
}
