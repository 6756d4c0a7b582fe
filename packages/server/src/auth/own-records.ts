import type { OwnedStudy, OwnRecords } from '@micrarium/repository';
import { sql } from 'kysely';
import type { Database } from '../database/connect.ts';

/** Where something of a person is kept: the column that names them, and columns that are secrets or say who others are. */
export const ownPlaces = {
  account: ['auth_user', 'id', []],
  'ways-to-sign-in': ['auth_account', 'userId', ['password', 'accessToken', 'refreshToken', 'idToken']],
  passkeys: ['auth_passkey', 'userId', ['publicKey', 'credentialID', 'counter']],
  tokens: ['api_token', 'user_id', ['secret_hash']],
  sessions: ['auth_session', 'userId', ['token']],
  groups: ['team_member', 'user_id', []],
  shares: ['study_share', 'user_id', []],
  notices: ['notice', 'user_id', []],
  'choices-of-notices': ['notice_choice', 'user_id', []],
  'filters-of-the-queue': ['review_filter', 'user_id', []],
  webhooks: ['webhook', 'user_id', ['secret']],
  questions: ['study_question', 'asked_by', ['secret_hash', 'answered_by']],
  'reports-of-reuse': ['study_reuse', 'reported_by', ['decided_by']],
  'requests-for-access': ['access_request', 'user_id', ['decided_by']],
  'committees-for-access': ['access_committee', 'user_id', []],
  'terms-accepted': ['terms_accepted', 'user_id', []],
  'plans-for-data': ['plan', 'owner_id', ['reserved_by']],
  'saved-queries': ['saved_query', 'made_by', []],
  'challenge-submissions': ['challenge_submission', 'submitted_by', []],
  'comments-on-additions': ['addition_comment', 'written_by', []],
  'comments-in-review': ['review_comment', 'author', []],
  'sent-to-communities': ['community_study', 'submitted_by', ['decided_by']],
  'changes-asked-for': ['study_ask', 'asked_by', ['decided_by']],
  'requests-to-authors': ['curator_request', 'asked_by', []],
  'offers-of-studies': ['study_transfer', 'offered_by', ['to_user']],
  collections: ['collection', 'owner_id', []],
  'kept-descriptions': ['kept_description', 'owner_id', []],
  'private-links': ['private_link', 'made_by', ['secret_hash', 'passphrase_hash']],
} as const satisfies Record<string, readonly [table: string, column: string, leftOut: readonly string[]]>;

/** What is kept of a person beside studies and drafts, by the name of its file; secrets, of which there are digests only, are left out. */
export async function ownRecords(db: Database, userId: string): Promise<OwnRecords> {
  const records: Record<string, unknown> = {};
  for (const [name, [table, column, leftOut]] of Object.entries(ownPlaces)) {
    const { rows } = await sql<{ row: unknown }>`select to_jsonb(one) - ${[...leftOut]}::text[] as row
      from ${sql.table(table)} as one where ${sql.ref(`one.${column}`)} = ${userId}`.execute(db);
    records[name] = rows.map(({ row }) => row);
  }
  return records;
}

/** The published studies that somebody owns, the oldest first. */
export async function ownedStudies(db: Database, userId: string): Promise<OwnedStudy[]> {
  const { rows } = await sql<OwnedStudy>`select accession,
      exists (select 1 from study_state where study_state.accession = study.accession and state = 'withdrawn') as "isClosed"
    from study where owner_id = ${userId} and exists (select 1 from study_version where study_version.accession = study.accession)
    order by accession`.execute(db);
  return rows;
}
