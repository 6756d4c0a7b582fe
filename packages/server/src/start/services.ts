import { PartDigests } from '../uploads/part-digests.ts';
import { join } from 'node:path';
import { Accounts } from '../auth/accounts.ts';
import { passkeyHost } from '../auth/passkey-host.ts';
import { SecondFactor } from '../auth/second-factor.ts';
import { sessionSecret } from '../auth/secrets.ts';
import type { ServerConfig } from '../config.ts';
import { openDatabase } from '../database/connect.ts';
import { DatabaseLocks } from '../database/database-locks.ts';
import { Challenges } from '../challenges/challenges.ts';
import { StudyDois } from '../dois/study-dois.ts';
import { checkFixity } from '../fixity/check-fixity.ts';
import { LostFiles, withLostFiles } from '../fixity/lost-files.ts';
import { tellOfLosses } from '../fixity/tell-of-losses.ts';
import { checkReferences } from '../references/check-references.ts';
import { tellOfReferences } from '../references/tell-of-references.ts';
import { PostgresStudyStore } from '../database/postgres-study-store.ts';
import type { BlobStore, FixityCheck } from '@micrarium/repository';
import type { Services } from '../http/kernel.ts';
import { Notices } from '../notices/notices.ts';
import { Outbox } from '../notices/outbox.ts';
import { isPublicAddress } from '../outside/public-file.ts';
import { DraftScans } from '../scans/draft-scans.ts';
import { PublishedScans } from '../scans/published-scans.ts';
import { Quarantine, withQuarantine } from '../scans/quarantine.ts';
import { Webhooks } from '../webhooks/webhooks.ts';
import { Bioformats2RawConverter } from '../jobs/bioformats2raw-converter.ts';
import { PgBossQueue } from '../jobs/pg-boss-queue.ts';
import { AcceptedTerms } from '../access/accepted-terms.ts';
import { AccessRequests } from '../access/access-requests.ts';
import { keepNotes } from '../kept/kept-notes.ts';
import { Questions } from '../questions/questions.ts';
import { openPasswordList } from '../auth/known-passwords.ts';
import { TrustedClock } from '../states/trusted-clock.ts';
import { StartRefused } from './start-refused.ts';
import { Quotas } from '../quotas/quotas.ts';
import { Reuses } from '../questions/reuses.ts';
import { PostgresSearchIndex } from '../search/postgres-search-index.ts';
import { approvalOf, curatorsOf } from '../states/promotions.ts';
import { StudyStates } from '../states/study-states.ts';
import { Countries } from '../usage/countries.ts';
import { UsageCounter } from '../usage/usage-counter.ts';
import { DiskReserve } from '../storage/disk-reserve.ts';
import { openBucketStorage, openStorage } from '../storage/index.ts';

/** Adapters of one process, and how to let go of them. */
export interface OpenServices extends Services {
  jobs: PgBossQueue;
  converter?: Bioformats2RawConverter;
  fixity: FixityCheck;
  /** Only where the operator names a virus scanner. */
  scanner?: DraftScans;
  /** Searches what is published again; with the scanner. */
  publishedScans?: PublishedScans;
  locks: DatabaseLocks;
  /** All stored bytes, what is in quarantine too. */
  storedBlobs: BlobStore;
  close(): Promise<void>;
}

/**
 * Builds every adapter over a migrated database: the only place that does.
 * @param databaseUrl connection string, with its password
 */
export async function openServices(
  config: ServerConfig,
  databaseUrl: string,
  options: { isOnlyWorker: boolean; connections?: number; noteFault(fault: unknown, where: string): void },
): Promise<OpenServices> {
  const db = openDatabase(databaseUrl, options.connections ?? 10);
  const locks = new DatabaseLocks(databaseUrl);
  const storage = config.bucket
    ? await openBucketStorage(config.bucket, config.data, locks, config.copiedBytes)
    : await openStorage(config.data, undefined, new DiskReserve(config.data, config.diskReserve));
  const jobs = await PgBossQueue.open({
    url: databaseUrl,
    isOnlyWorker: options.isOnlyWorker,
    onFault: (fault) => options.noteFault(fault, 'job queue'),
    onJobFault: (name, fault) => options.noteFault(fault, `job ${name}`),
  });
  const accounts = new Accounts(
    db,
    sessionSecret(config),
    config.publicUrl?.startsWith('https:') ?? false,
    passkeyHost(config.publicUrl),
    config.passwordList === undefined
      ? undefined
      : await openPasswordList(config.passwordList).catch((cause: unknown) => {
          throw new StartRefused('MICRARIUM_PASSWORD_LIST names no file that can be read as a list of passwords', {
            cause,
          });
        }),
  );
  const trustedClock = await TrustedClock.open(db);
  const studies = new PostgresStudyStore(db, { isScanned: config.clamd !== undefined });
  const quarantine = new Quarantine(db);
  const lostFiles = new LostFiles(db, storage.blobs, studies, jobs);
  const usage = new UsageCounter(db, config.countries === undefined ? undefined : Countries.read(config.countries));
  const notices = new Notices(db, config.mail ? config.publicUrl : undefined);
  return {
    db,
    accounts,
    secondFactor: new SecondFactor(db, sessionSecret(config), notices),
    states: new StudyStates(db, storage.archive, () => trustedClock.now()),
    trustedClock,
    notices,
    outbox: new Outbox(db, config.mail),
    webhooks: new Webhooks(db, new PostgresSearchIndex(db), {
      secret: sessionSecret(config),
      rule: (address, host) => isPublicAddress(address) || config.importHosts.includes(host),
      home: config.publicUrl ?? '',
      isHeld: !config.tellsOthers,
    }),
    questions: new Questions(db, notices),
    access: new AccessRequests(db, notices),
    acceptedTerms: new AcceptedTerms(db),
    reuses: new Reuses(db, notices),
    studies,
    room: new Quotas(db, locks),
    usage,
    challenges: new Challenges(db, { studies, jobs, derived: storage.derived, blobs: storage.blobs }),
    ...(config.datacite && config.publicUrl
      ? { dois: new StudyDois(db, studies, storage.archive, config.datacite, config.publicUrl) }
      : {}),
    search: new PostgresSearchIndex(db),
    blobs: withQuarantine(withLostFiles(storage.blobs, lostFiles), quarantine),
    lostFiles,
    quarantine,
    storedBlobs: storage.blobs,
    uploads: storage.uploads,
    partDigests: new PartDigests(db, storage.uploads),
    archive: storage.archive,
    secondCopy: config.copy,
    derived: storage.derived,
    locks,
    jobs,
    clock: { now: () => new Date() },
    // What cannot be written now is written later: the change itself is in the database.
    keepNotes: () =>
      locks
        .hold('kept notes', () => keepNotes({ db, archive: storage.archive }))
        .catch((fault: unknown) => {
          options.noteFault(fault, 'notes for the archive');
          return 0;
        }),
    ...(config.bioformats2raw
      ? {
          converter: new Bioformats2RawConverter(storage.blobs, {
            ...config.bioformats2raw,
            folder: join(config.data, 'work/converter'),
          }),
        }
      : {}),
    ...(config.clamd
      ? {
          scanner: new DraftScans(db, storage.blobs, config.clamd),
          publishedScans: new PublishedScans(db, storage.blobs, config.clamd),
        }
      : {}),
    people: {
      nameOf: async (userId) => (await accounts.byId(userId))?.name,
      curatorsOf: (draftId) => curatorsOf(db, draftId),
      reviewOf: (draftId) => approvalOf(db, draftId),
    },
    fixity: {
      async check({ cause, dueBefore, accession }, signal) {
        const began = new Date();
        if (accession === undefined)
          await checkReferences(db, {
            days: config.referenceDays,
            readDays: config.fixityDays,
            bytesPerDay: config.referenceBytesPerDay,
            bytesPerSecond: config.fixityBytesPerSecond,
            now: began,
            signal,
          })
            .then(() => tellOfReferences(db, notices, new Date()))
            // What lies elsewhere must not keep what lies here from being checked.
            .catch((fault: unknown) => options.noteFault(fault, 'files that stay elsewhere'));
        await checkFixity(db, {
          data: config.data,
          elsewhere: 'bucket' in storage ? storage : undefined,
          copy: config.copy,
          cause,
          ...(accession === undefined ? {} : { accession }),
          dueBefore: accession === undefined ? new Date(dueBefore) : began,
          bytesPerSecond: config.fixityBytesPerSecond,
          signal,
        });
        lostFiles.hear();
        await notices.tellOfDamage(began);
        await tellOfLosses(db, notices);
      },
    },
    async close() {
      await usage.flush().catch((fault: unknown) => options.noteFault(fault, 'usage'));
      await jobs.stop();
      await locks.close();
      await db.destroy();
    },
  };
}
