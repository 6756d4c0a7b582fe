import { Kysely, PostgresDialect, sql } from 'kysely';
import { Migrator } from 'kysely/migration';
import pg from 'pg';
import { StartRefused } from '../start/start-refused.ts';
import { noteQuery } from '../tracing/traced-queries.ts';
import { areTracesKept } from '../tracing/tracing.ts';
import { catalogueMigration } from './migrations/0001-catalogue.ts';
import { vocabularyMigration } from './migrations/0010-vocabulary.ts';
import { fixityMigration } from './migrations/0020-fixity.ts';
import { auditMigration } from './migrations/0021-audit.ts';
import { peopleMigration } from './migrations/0022-people.ts';
import { studyStatesMigration } from './migrations/0023-study-states.ts';
import { reviewMigration } from './migrations/0024-review.ts';
import { privateLinksMigration } from './migrations/0030-private-links.ts';
import { doisMigration } from './migrations/0031-dois.ts';
import { savedQueriesMigration } from './migrations/0040-saved-queries.ts';
import { challengesMigration } from './migrations/0041-challenges.ts';
import { annotationsMigration } from './migrations/0044-annotations.ts';
import { plansMigration } from './migrations/0044-plans.ts';
import { noticesMigration } from './migrations/0043-notices.ts';
import { usageMigration } from './migrations/0042-usage.ts';
import { usageEventsMigration } from './migrations/0162-usage-events.ts';
import { scanSignaturesMigration } from './migrations/0163-scan-signatures.ts';
import { promotionsMigration } from './migrations/0050-promotions.ts';
import { vocabularySearchMigration } from './migrations/0060-vocabulary-search.ts';
import { keptDoisMigration } from './migrations/0042-kept-dois.ts';
import { accessMigration } from './migrations/0071-access.ts';
import { requestsMigration } from './migrations/0072-requests.ts';
import { readersMigration } from './migrations/0070-readers.ts';
import { severalProcessesMigration } from './migrations/0080-several-processes.ts';
import { collectionsMigration } from './migrations/0100-collections.ts';
import { additionsMigration } from './migrations/0101-additions.ts';
import { communitiesMigration } from './migrations/0102-communities.ts';
import { descriptionGroupsMigration } from './migrations/0110-description-groups.ts';
import { studyWordsMigration } from './migrations/0137-study-words.ts';
import { studiesWithWordsMigration } from './migrations/0130-studies-with-words.ts';
import { partDoisMigration } from './migrations/0131-part-dois.ts';
import { referencesMigration } from './migrations/0134-references.ts';
import { assessmentMigration } from './migrations/0135-assessment.ts';
import { importsMigration } from './migrations/0133-imports.ts';
import { revisionsMigration } from './migrations/0143-revisions.ts';
import { clockMigration } from './migrations/0144-clock.ts';
import { doiChecksMigration } from './migrations/0146-doi-checks.ts';
import { scansMigration } from './migrations/0145-scans.ts';
import { quotasMigration } from './migrations/0136-quotas.ts';
import { webhooksMigration } from './migrations/0141-webhooks.ts';
import { dataUseMigration } from './migrations/0151-data-use.ts';
import { openPartsMigration } from './migrations/0152-open-parts.ts';
import { manyFilesMigration } from './migrations/0155-many-files.ts';
import { levelsOfAccessMigration } from './migrations/0158-levels-of-access.ts';
import { fileCountsMigration } from './migrations/0161-file-counts.ts';
import { uploadPartsMigration } from './migrations/0171-upload-parts.ts';
import { referenceAlarmsMigration } from './migrations/0195-reference-alarms.ts';
import { doisOfClosedStudiesMigration } from './migrations/0181-dois-of-closed-studies.ts';
import { requestIdsMigration } from './migrations/0183-request-ids.ts';
import { foundCitationsMigration } from './migrations/0198-found-citations.ts';
import { quarantineMigration } from './migrations/0203-quarantine.ts';
import { changeKindsMigration } from './migrations/0205-change-kinds.ts';
import { sessionFactorsMigration } from './migrations/0193-session-factors.ts';
import { openedOnMigration } from './migrations/0194-opened-on.ts';
import { versionItemsMigration } from './migrations/0190-version-items.ts';
import { withoutConsentMigration } from './migrations/0191-without-consent.ts';
import { otherDigestsMigration } from './migrations/0192-other-digests.ts';
import { lifeOfAStudyMigration } from './migrations/0157-life-of-a-study.ts';
import { limitedTokensMigration } from './migrations/0156-limited-tokens.ts';
import { transfersMigration } from './migrations/0090-transfers.ts';
import { ReachingPool } from './reach.ts';
import type { Tables } from './tables.ts';

/** The catalogue database. */
export type Database = Kysely<Tables>;

// Sizes and counts are whole numbers below 2^53 here; as strings they would be added by joining them.
pg.types.setTypeParser(pg.types.builtins.INT8, (text) => {
  const value = Number(text);
  if (!Number.isSafeInteger(value)) throw new Error(`The number ${text} from the database is too large`);
  return value;
});

// A day is a day: as a moment it would be another one elsewhere.
pg.types.setTypeParser(pg.types.builtins.DATE, (text) => text);

/** All migrations, in order; each runs once, in its own transaction. */
const migrations = {
  '0001-catalogue': catalogueMigration,
  '0010-vocabulary': vocabularyMigration,
  '0020-fixity': fixityMigration,
  '0021-audit': auditMigration,
  '0022-people': peopleMigration,
  '0023-study-states': studyStatesMigration,
  '0024-review': reviewMigration,
  '0030-private-links': privateLinksMigration,
  '0031-dois': doisMigration,
  '0040-saved-queries': savedQueriesMigration,
  '0041-challenges': challengesMigration,
  '0042-kept-dois': keptDoisMigration,
  '0042-usage': usageMigration,
  '0043-notices': noticesMigration,
  '0044-annotations': annotationsMigration,
  '0044-plans': plansMigration,
  '0050-promotions': promotionsMigration,
  '0060-vocabulary-search': vocabularySearchMigration,
  '0070-readers': readersMigration,
  '0071-access': accessMigration,
  '0072-requests': requestsMigration,
  '0080-several-processes': severalProcessesMigration,
  '0090-transfers': transfersMigration,
  '0100-collections': collectionsMigration,
  '0101-additions': additionsMigration,
  '0102-communities': communitiesMigration,
  '0110-description-groups': descriptionGroupsMigration,
  '0130-studies-with-words': studiesWithWordsMigration,
  '0133-imports': importsMigration,
  '0135-assessment': assessmentMigration,
  '0136-quotas': quotasMigration,
  '0141-webhooks': webhooksMigration,
  '0134-references': referencesMigration,
  '0131-part-dois': partDoisMigration,
  '0137-study-words': studyWordsMigration,
  '0143-revisions': revisionsMigration,
  '0144-clock': clockMigration,
  '0146-doi-checks': doiChecksMigration,
  '0145-scans': scansMigration,
  '0151-data-use': dataUseMigration,
  '0152-open-parts': openPartsMigration,
  '0155-many-files': manyFilesMigration,
  '0162-usage-events': usageEventsMigration,
  '0163-scan-signatures': scanSignaturesMigration,
  '0156-limited-tokens': limitedTokensMigration,
  '0158-levels-of-access': levelsOfAccessMigration,
  '0161-file-counts': fileCountsMigration,
  '0171-upload-parts': uploadPartsMigration,
  '0181-dois-of-closed-studies': doisOfClosedStudiesMigration,
  '0183-request-ids': requestIdsMigration,
  '0193-session-factors': sessionFactorsMigration,
  '0194-opened-on': openedOnMigration,
  '0190-version-items': versionItemsMigration,
  '0191-without-consent': withoutConsentMigration,
  '0192-other-digests': otherDigestsMigration,
  '0195-reference-alarms': referenceAlarmsMigration,
  '0157-life-of-a-study': lifeOfAStudyMigration,
  '0198-found-citations': foundCitationsMigration,
  '0203-quarantine': quarantineMigration,
  '0205-change-kinds': changeKindsMigration,
};

/** Names of all migrations, in the order they run in. */
export const migrationNames: readonly string[] = Object.keys(migrations).sort();

/** Opens a pool of connections. */
export function openDatabase(url: string, connections = 10): Database {
  const pool = new ReachingPool(url, connections);
  // A connection that breaks while idle is replaced by the pool; without a listener it would end the process.
  pool.on('error', () => {});
  // So would one that breaks within a transaction, between two statements: the next of them fails, and says so.
  pool.on('connect', (client) => client.on('error', () => {}));
  const dialect = new PostgresDialect({ pool });
  const db = new Kysely<Tables>({ dialect, ...(areTracesKept() ? { log: noteQuery } : {}) });
  pools.set(db, pool);
  return db;
}

const pools = new WeakMap<Database, pg.Pool>();

/** The connections below a database, for what goes past its queries. @throws Error for a transaction, which is one of them */
export function poolOf(db: Database): pg.Pool {
  const pool = pools.get(db);
  if (pool === undefined) throw new Error('This is no database of openDatabase');
  return pool;
}

/**
 * Brings the tables up to date. Several processes may do so at once: one does, the others wait.
 * @param upTo name of the last migration that shall run, for loading a backup of older tables
 * @throws StartRefused when the server is older than PostgreSQL 15
 */
export async function migrate(db: Database, upTo?: string): Promise<string[]> {
  const { rows } = await sql<{ server_version_num: string }>`show server_version_num`.execute(db);
  const version = Number(rows[0]?.server_version_num ?? 0);
  if (version < 150_000) {
    throw new StartRefused(
      `The database at DATABASE_URL is PostgreSQL ${Math.floor(version / 10_000)}; 15 or newer is needed.`,
    );
  }
  const migrator = new Migrator({
    db,
    provider: { getMigrations: () => Promise.resolve(migrations) },
    allowUnorderedMigrations: true,
  });
  const { error, results } = await (upTo === undefined ? migrator.migrateToLatest() : migrator.migrateTo(upTo));
  if (error) throw new Error('The tables of the database could not be brought up to date', { cause: error });
  return (results ?? []).map((result) => result.migrationName);
}
