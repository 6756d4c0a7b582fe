import { formatLevel, formatRegister, type FormatLevel } from '@micrarium/formats';
import type { StudyStore } from '@micrarium/repository';
import { sql } from 'kysely';
import type { ServerConfig } from '../config.ts';
import type { Database } from '../database/connect.ts';
import { integritySummary } from '../fixity/fixity-report.ts';
import { isKnown } from '../states/known-studies.ts';

/** How a fact is written. `words` are the same in every language: names, addresses, versions. */
export type FactKind = 'count' | 'bytes' | 'day' | 'yes' | 'words';

/** What an installation knows of itself by itself, and how each is written. */
export const factKinds = {
  studies: 'count',
  versions: 'count',
  newVersions: 'count',
  files: 'count',
  bytes: 'bytes',
  images: 'count',
  databaseTier: 'count',
  contact: 'words',
  licences: 'words',
  withoutLicence: 'count',
  onRequest: 'count',
  embargoed: 'count',
  withdrawn: 'count',
  humanData: 'count',
  identifiable: 'count',
  accessRequests: 'count',
  lastBackup: 'day',
  secondCopy: 'yes',
  layout: 'words',
  oldestStudy: 'day',
  operators: 'count',
  curators: 'count',
  vocabularies: 'count',
  archiveBytes: 'bytes',
  auditEvents: 'count',
  auditHead: 'words',
  digests: 'words',
  formatsPreferred: 'count',
  formatsAccepted: 'count',
  formatsBits: 'count',
  itemsPreferred: 'count',
  itemsAccepted: 'count',
  itemsBits: 'count',
  atRisk: 'words',
  review: 'yes',
  waiting: 'count',
  oldestWaiting: 'day',
  curatorRequests: 'count',
  questions: 'count',
  dois: 'yes',
  findableDois: 'count',
  waitingDois: 'count',
  harvest: 'words',
  views: 'count',
  downloads: 'count',
  reuses: 'count',
  storage: 'words',
  everyDays: 'count',
  verified: 'count',
  damaged: 'count',
  oldestCheck: 'day',
  version: 'words',
  database: 'words',
  interface: 'words',
  signIn: 'words',
  virusScanner: 'yes',
  filesOrigin: 'yes',
} as const satisfies Record<string, FactKind>;

/** Name of a fact. */
export type FactId = keyof typeof factKinds;

/** A fact as programs read it: days as ISO 8601; `null` where there is none, or where it is still being counted; `''`: no names. */
export type FactValue = string | number | boolean | null;

/** Every fact. */
export type Facts = Record<FactId, FactValue>;

/** What the facts are asked of. */
export interface FactSources {
  db: Database;
  studies: Pick<StudyStore, 'totals'>;
  config: ServerConfig;
  /** Version of the program. */
  version: string;
  /** Items by format in the newest version of each study; `undefined` while they are being counted. */
  census: readonly FormatCount[] | undefined;
}

/** How many items of a format are kept. */
export interface FormatCount {
  format: string;
  items: number;
}

/** Counts items by format in the newest version of each study that everybody may know of. Reads every document of the catalogue: to be remembered. */
export async function formatCensus(db: Database): Promise<FormatCount[]> {
  const { rows } = await sql<FormatCount>`with newest as (
      select distinct on (accession) accession, version, document, plain_items from study_version
      where ${isKnown('study_version.accession')}
      order by accession, version desc),
    item as (
      select item->>'format' as format from newest, jsonb_array_elements(document->'items') as item
      union all
      select item->>'format' from newest join version_item using (accession, version) where plain_items > 0 and is_plain)
    select format, count(*)::bigint as items from item group by 1 order by items desc, format`.execute(db);
  return rows;
}

interface Counted {
  versions: number;
  newVersions: number;
  databaseTier: number;
  withoutLicence: number;
  onRequest: number;
  embargoed: number;
  withdrawn: number;
  humanData: number;
  identifiable: number;
  accessRequests: number;
  operators: number;
  curators: number;
  vocabularies: number;
  archiveBytes: number;
  auditEvents: number;
  auditHead: string | null;
  curatorRequests: number;
  questions: number;
  findableDois: number;
  waitingDois: number;
  reuses: number;
  waiting: number;
  views: number;
  downloads: number;
  lastBackup: Date | null;
  oldestStudy: Date | null;
  oldestWaiting: Date | null;
  licences: string | null;
  database: string;
}

/** Licences that are named one by one; of more, only how many there are is told. */
const namedLicences = 12;

async function counted(db: Database): Promise<Counted> {
  const waiting = sql`from draft_review join draft on draft.id = draft_review.draft_id
    where draft_review.state in ('submitted', 'in_review') and draft.state = 'editing'`;
  const months = sql`from usage_counted where version = 0 and access = 'regular' and month > now() - interval '12 months'`;
  const known = isKnown('study_version.accession');
  const knownState = sql`not (state = 'embargoed' and is_private)`;
  const { rows } = await sql<Counted>`select
    (select count(*)::bigint from study_version where ${known}) as versions,
    (select count(*)::bigint from study_version where version > 1 and ${known}) as "newVersions",
    (select coalesce(sum(byte_count), 0)::bigint from study_version where ${known}) as "archiveBytes",
    (select min(published_at) from study_version where ${known}) as "oldestStudy",
    (select count(*)::bigint from search_document where tier = 'database') as "databaseTier",
    (select count(*)::bigint from search_document where licence = '') as "withoutLicence",
    (select string_agg(licence || ' ' || studies, ', ' order by studies desc, licence) from (
      select licence, count(*)::bigint as studies from search_document where licence <> ''
      group by licence order by studies desc, licence limit ${namedLicences}) as licences) as licences,
    (select count(*)::bigint from study_state where state = 'controlled') as "onRequest",
    (select count(*)::bigint from study_state where state = 'embargoed' and ${knownState}) as embargoed,
    (select count(*)::bigint from study_state where state = 'withdrawn') as withdrawn,
    (select count(*)::bigint from study_state where declaration->>'human' = 'true' and ${knownState}) as "humanData",
    (select count(*)::bigint from study_state where declaration->>'identifiable' = 'true' and ${knownState}) as identifiable,
    (select count(*)::bigint from access_request where state = 'asked') as "accessRequests",
    (select count(*)::bigint from auth_user where role = 'owner' and disabled_at is null) as operators,
    (select count(*)::bigint from auth_user where role = 'curator' and disabled_at is null) as curators,
    (select count(*)::bigint from vocabulary) as vocabularies,
    (select coalesce(max(seq), 0)::bigint from audit_event) as "auditEvents",
    (select hash from audit_event order by seq desc limit 1) as "auditHead",
    (select max(at) from audit_event where action = 'installation.backup') as "lastBackup",
    (select count(*)::bigint from curator_request) as "curatorRequests",
    (select count(*)::bigint from study_question where state = 'answered') as questions,
    (select count(*)::bigint from study_reuse where state = 'confirmed' and use_kind = 'reuse') as reuses,
    (select count(*)::bigint from doi where state = 'findable') as "findableDois",
    (select count(*)::bigint from doi where tries > 0) as "waitingDois",
    (select count(*)::bigint ${waiting}) as waiting,
    (select min(submitted_at) ${waiting}) as "oldestWaiting",
    (select coalesce(sum(unique_investigations), 0)::bigint ${months}) as views,
    (select coalesce(sum(unique_requests), 0)::bigint ${months}) as downloads,
    current_setting('server_version') as database`.execute(db);
  return rows[0]!;
}

/** Items by the level of their format, and those that are kept as bits by name; `null` while they are being counted. */
function byLevel(census: readonly FormatCount[] | undefined) {
  const items = (level: FormatLevel) =>
    census
      ? census.filter(({ format }) => formatLevel(format) === level).reduce((sum, one) => sum + one.items, 0)
      : null;
  const risky = census?.filter(({ format }) => formatLevel(format) === 'bits');
  return {
    itemsPreferred: items('preferred'),
    itemsAccepted: items('accepted'),
    itemsBits: items('bits'),
    atRisk: risky ? risky.map((one) => `${one.format} ${one.items}`).join(', ') : null,
  };
}

/** Everything an installation knows of itself at this moment. */
export async function gatherFacts(sources: FactSources): Promise<Facts> {
  const { db, studies, config, version, census } = sources;
  const [now, totals, integrity] = await Promise.all([counted(db), studies.totals(), integritySummary(db)]);
  const register = formatRegister();
  const formatsOf = (level: FormatLevel) => register.filter((format) => format.level === level).length;
  const { lastBackup, oldestStudy, oldestWaiting, database, ...counts } = now;
  return {
    ...counts,
    ...byLevel(census),
    studies: totals.studies,
    files: totals.files,
    bytes: totals.bytes,
    images: totals.images,
    contact: config.contactEmail ?? null,
    lastBackup: lastBackup?.toISOString() ?? null,
    oldestStudy: oldestStudy?.toISOString() ?? null,
    oldestWaiting: oldestWaiting?.toISOString() ?? null,
    secondCopy: config.copy !== undefined,
    layout: 'OCFL 1.1',
    digests: 'SHA-512, SHA-256',
    formatsPreferred: formatsOf('preferred'),
    formatsAccepted: formatsOf('accepted'),
    formatsBits: formatsOf('bits'),
    review: config.review,
    dois: config.datacite !== undefined,
    harvest: 'OAI-PMH 2.0',
    storage: config.bucket ? 'S3' : 'POSIX',
    everyDays: config.fixityDays,
    verified: integrity.verified,
    damaged: integrity.damaged,
    oldestCheck: integrity.oldestCheck ?? null,
    version,
    database: `PostgreSQL ${database.split(' ')[0]}`,
    interface: 'OpenAPI 3.1',
    signIn: ['TOTP', 'WebAuthn', ...config.oidc.map(({ label }) => label)].join(', '),
    virusScanner: config.clamd !== undefined,
    filesOrigin: config.filesOrigin !== undefined,
  };
}
