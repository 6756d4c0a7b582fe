/** Work that runs later or again. Handlers must be harmless when repeated. */
export interface Jobs {
  /** Recognise the items of a draft after files came or went. */
  'recognise-draft': { draftId: string };
  /** Compute the digest of a stored upload and adopt it as a blob. */
  'verify-file': { draftId: string; path: string; uploadId: string };
  /** Have the files of a draft searched for viruses, where a scanner is set up. */
  'scan-draft': { draftId: string };
  /** Make the derived forms of an item. */
  'ingest-item': { draftId: string; itemId: string };
  /** Make derived forms of a published item again after they were dropped. */
  'rebuild-item': { accession: string; version: number; itemId: string };
  /** Score a result that was submitted to a challenge. */
  'score-submission': { submissionId: string };
  /** Finish a publication a killed process left behind. */
  'finish-publication': { draftId: string };
  /** Read every stored byte that was last read before `dueBefore` (ISO 8601), and compare digests. */
  'check-fixity': { cause: 'schedule' | 'page'; dueBefore: string };
}

/** Name of a job. */
export type JobName = keyof Jobs;

/** Queue of jobs, kept in the database: survives a kill, runs each job at least once. */
export interface JobQueue {
  /** Adds a job; one with the same `key` that has not started yet makes this a no-op. */
  send<Name extends JobName>(name: Name, data: Jobs[Name], key: string): Promise<void>;
  /** Starts taking jobs of a name. Called once per name and process. */
  work<Name extends JobName>(
    name: Name,
    handler: (data: Jobs[Name], signal: AbortSignal) => Promise<void>,
    options?: { concurrency?: number },
  ): Promise<void>;
}

/** The time, so that rules about it can be tested. */
export interface Clock {
  now(): Date;
}
