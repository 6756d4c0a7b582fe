import type { PartDigests } from '../uploads/part-digests.ts';
import type { StudyCurator } from '@micrarium/model';
import type {
  ArchiveStore,
  BlobStore,
  Clock,
  DerivedStore,
  JobQueue,
  SearchIndex,
  StudyStore,
  UploadArea,
} from '@micrarium/repository';
import type { Accounts } from '../auth/accounts.ts';
import type { StudyStates } from '../states/study-states.ts';
import type { TrustedClock } from '../states/trusted-clock.ts';
import type { SecondFactor } from '../auth/second-factor.ts';
import type { Challenges } from '../challenges/challenges.ts';
import type { ServerConfig } from '../config.ts';
import type { Database } from '../database/connect.ts';
import type { LostFiles } from '../fixity/lost-files.ts';
import type { Notices } from '../notices/notices.ts';
import type { Outbox } from '../notices/outbox.ts';
import type { Webhooks } from '../webhooks/webhooks.ts';
import type { Quarantine } from '../scans/quarantine.ts';
import type { StudyDois } from '../dois/study-dois.ts';
import type { AcceptedTerms } from '../access/accepted-terms.ts';
import type { AccessRequests } from '../access/access-requests.ts';
import type { Questions } from '../questions/questions.ts';
import type { Reuses } from '../questions/reuses.ts';
import type { Quotas } from '../quotas/quotas.ts';
import type { Locks } from '../storage/index.ts';
import type { UsageCounter } from '../usage/usage-counter.ts';
import type { Preparation } from './preparing.ts';

/** Everything the routes need, once the database is up. */
export interface Services {
  db: Database;
  accounts: Accounts;
  secondFactor: SecondFactor;
  states: StudyStates;
  /** By which embargoes end. */
  trustedClock: TrustedClock;
  notices: Notices;
  outbox: Outbox;
  webhooks: Webhooks;
  questions: Questions;
  access: AccessRequests;
  acceptedTerms: AcceptedTerms;
  reuses: Reuses;
  challenges: Challenges;
  /** How much may be deposited. */
  room: Quotas;
  /** Only where the installation registers DOIs. */
  dois?: StudyDois;
  studies: StudyStore;
  /** Counts uses of published studies. */
  usage: UsageCounter;
  search: SearchIndex;
  /** Gives out nothing that is in quarantine, or known to be damaged. */
  blobs: BlobStore;
  lostFiles: LostFiles;
  quarantine: Quarantine;
  uploads: UploadArea;
  /** Takes bytes of uploads in, with digests of their parts. */
  partDigests: PartDigests;
  derived: DerivedStore;
  archive: ArchiveStore;
  /** Folder of the second copy, where there is one. */
  secondCopy?: string | undefined;
  jobs: JobQueue;
  /** Among all processes of the installation. */
  locks: Locks;
  clock: Clock;
  /** Writes to the archive what was said in public since: after each change of it. */
  keepNotes(): Promise<number>;
  /** Names of accounts, for "published by", and the curators who are credited with a draft's version. */
  people: {
    nameOf(userId: string): Promise<string | undefined>;
    curatorsOf(draftId: string): Promise<readonly StudyCurator[]>;
    /** What curators approved of a draft; `undefined` where nobody did. */
    reviewOf(draftId: string): Promise<{ at: string; curators: StudyCurator[] } | undefined>;
  };
}

/** What the application asks of the program around it. */
export interface Kernel {
  config: ServerConfig;
  /** Version of the program. */
  version: string;
  /** `undefined` until the database is up. */
  services(): Services | undefined;
  preparing(): Preparation[];
  /** Folder of the built pages; `undefined` until there is one. */
  webBundle(): string | undefined;
  /** Notes a fault of the program; never told to the person who asked. */
  noteFault(fault: unknown, where: string): void;
}
