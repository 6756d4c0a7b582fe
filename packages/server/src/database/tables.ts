import type { noticeKinds } from '@micrarium/api';
import type { Pair, StudyItem, StudyMetadata, StudyVersion } from '@micrarium/model';
import type {
  Access,
  AccessDeclaration,
  AccessLevel,
  DraftFileRow,
  DraftItemRow,
  DraftRow,
  OtherDigests,
  Scope,
  ReviewState,
  Role,
  SafeRendering,
  SearchDocument,
  StudyState,
} from '@micrarium/repository';
import type { DataUse } from '@micrarium/standards';
import type { AccessWords } from '../access/access-words.ts';
import type { AuditDetail } from '../audit/audit-log.ts';
import type { Answer, AnswerScore } from '../challenges/challenges.ts';
import type { ImportProgress } from '../imports/import-rows.ts';
import type { HiddenBadge } from '../states/study-states.ts';
import type { ColumnType, Generated, RawBuilder } from 'kysely';

/** A jsonb column: written as text (so that arrays are not taken for SQL arrays), read parsed. */
type Json<T> = ColumnType<T, string, string>;
type OptionalJson<T> = ColumnType<T | null, string | null | undefined, string | null>;
type Time = ColumnType<Date, Date | string | undefined, Date | string>;
type Optional<T> = ColumnType<T | null, T | null | undefined, T | null>;

interface ReferenceColumns {
  path: string;
  url: string;
  size: number;
  sha256: string;
  sha512: string | null;
  md5: string | null;
  media_type: string;
  key: string;
}

/** Tables of the catalogue database; made by the migrations beside this file. */
export interface Tables {
  study: { accession: string; owner_id: string | null; created_at: Time };
  draft: {
    id: string;
    accession: string;
    version: number;
    minor: number | null;
    revision: Generated<number>;
    state: ColumnType<DraftRow['state'], DraftRow['state'] | undefined, DraftRow['state']>;
    owner_id: string;
    metadata: Json<StudyMetadata>;
    pairs: Json<Pair[]>;
    dataset_titles: Json<Record<string, string>>;
    note: string | null;
    created_at: Time;
    updated_at: Time;
  };
  draft_file: {
    draft_id: string;
    path: string;
    size: number;
    stated_sha256: string | null;
    sha256: string | null;
    others: OptionalJson<OtherDigests>;
    state: DraftFileRow['state'];
    received: number;
    media_type: string;
    /** `foldedPath`; null where a process of an older version has announced the file. */
    folded: string | null;
  };
  /** Differences of how many files a draft has, one for each statement that changed some; written by the database. Their sum is what there is. */
  draft_file_count: { draft_id: string; files: number; bytes: number; verified: number; received: number };
  /** Resumable uploads: which file of which draft the bytes in the upload area are for. */
  upload: {
    id: string;
    draft_id: string;
    path: string;
    size: number;
    metadata: string;
    created_at: Time;
    /** Its length has not been told yet; `size` is that of the file as announced. */
    is_deferred: Generated<boolean>;
  };
  /** SHA-256 of the parts of an upload that are stored durably, each 16 MiB; counted from 0. */
  upload_part: { upload_id: string; part: number; sha256: string };
  /** The import of a draft that runs or ran last; what proves who asks is never in it. */
  draft_import: {
    draft_id: string;
    run: string;
    kind: 'url' | 'webdav' | 's3' | 'drop-folder';
    place: string;
    started_by: string;
    state: 'running' | 'done' | 'failed' | 'cancelled';
    progress: Json<ImportProgress>;
    message: string | null;
    is_cancel_asked: Generated<boolean>;
    started_at: Time;
    beat_at: Time;
  };
  draft_item: {
    draft_id: string;
    item_id: string;
    position: number;
    item: Json<StudyItem>;
    state: DraftItemRow['state'];
    progress: number;
    message: string | null;
    mapping: ColumnType<Record<string, string | number> | null, string | null, string | null>;
  };
  study_version: {
    accession: string;
    version: number;
    document: Json<Omit<StudyVersion, 'files' | 'references'>>;
    published_at: Time;
    note: string | null;
    file_count: number;
    byte_count: number;
    reference_count: Generated<number>;
    referenced_bytes: Generated<number>;
    /** Items that the document does not hold; where there are any, `version_item` holds all. */
    plain_items: Generated<number>;
  };
  version_item: {
    accession: string;
    version: number;
    /** In the order of the document in the archive, from 0. */
    position: number;
    item_id: string;
    is_plain: boolean;
    item: Json<StudyItem>;
  };
  /** What a virus scanner said of stored bytes. */
  blob_scan: {
    sha256: string;
    state: 'clean' | 'found' | 'too-large';
    signature: string | null;
    /** As the scanner names its list of them; none of bytes that were searched while they were in a draft. */
    signatures: ColumnType<string | null, string | undefined, string | null>;
    scanned_at: Time;
  };
  /** One row: the last moment that a process saw on its clock. */
  clock_mark: { id: Generated<boolean>; seen: Time };
  /** Every revision of a version's metadata, with the version as it was first published (0); none before the first revision. */
  study_revision: {
    accession: string;
    version: number;
    minor: number;
    document: Json<Omit<StudyVersion, 'files' | 'references'>>;
    at: Time;
    note: string | null;
  };
  /** Files that stay where they are; `key` says which bytes at which address, and is that of their check. */
  draft_reference: { draft_id: string } & ReferenceColumns;
  version_reference: { accession: string; version: number } & ReferenceColumns;
  reference_check: {
    key: string;
    state: 'there' | 'missing' | 'changed' | 'unreachable';
    note: string;
    looked_at: Time;
    /** When it was last read whole, whether its digest was the stated one, and how many bytes that took. */
    read_at: ColumnType<Date | null, Date | null, Date | null>;
    is_same: boolean | null;
    read_bytes: number;
    /** Since when it was not found as it was named, without interruption, and when those whom it concerns were told of that. */
    wrong_since: ColumnType<Date | null, Date | null | undefined, Date | null>;
    told_at: ColumnType<Date | null, Date | null | undefined, Date | null>;
  };
  version_file: {
    accession: string;
    version: number;
    path: string;
    size: number;
    sha256: string;
    media_type: string;
    others: OptionalJson<OtherDigests>;
  };
  search_document: {
    accession: string;
    version: number;
    document: Json<SearchDocument>;
    title: string;
    haystack: string;
    words: unknown;
    grams: string[];
    organisms: string[];
    methods: string[];
    kinds: string[];
    licence: string;
    year: string;
    published_at: Time;
    changed_at: Time;
    /** As the archive keeps it; null where it does not yet. */
    changed_kept: Optional<Date>;
    image_count: number;
    object_count: number;
    file_count: number;
    byte_count: number;
  };
  api_token: {
    id: string;
    user_id: string;
    name: string;
    scopes: Scope[];
    secret_hash: string;
    created_at: Time;
    expires_at: Time;
    last_used_at: Date | null;
    /** Accessions and names of communities it is limited to. */
    studies: string[] | null;
    communities: string[] | null;
  };
  audit_event: {
    seq: number;
    at: ColumnType<Date, string, never>;
    actor: string;
    via: 'session' | 'token' | 'link' | 'visitor' | 'job' | 'operator';
    action: string;
    target: string;
    detail: ColumnType<AuditDetail, string, never>;
    prev_hash: string;
    hash: string;
  };
  audit_origin: { seq: number; network: string | null; request_id: string | null; at: Time };
  fixity_run: {
    id: Generated<number>;
    cause: 'schedule' | 'command' | 'page';
    began_at: Time;
    ended_at: ColumnType<Date | null, Date | undefined, Date | null>;
    due_before: Time;
    units: number;
    checked: Generated<number>;
    bytes: Generated<number>;
    damaged: Generated<number>;
    repaired: Generated<number>;
  };
  fixity_unit: {
    unit: string;
    kind: 'study' | 'blob';
    accession: string | null;
    checked_at: ColumnType<Date, Date | RawBuilder<Date>, Date | RawBuilder<Date>>;
    files: number;
    bytes: number;
    state: 'whole' | 'repaired' | 'damaged';
  };
  fixity_finding: {
    id: Generated<number>;
    run_id: number;
    unit: string;
    accession: string | null;
    path: string;
    code: string;
    message: string;
    found_at: Time;
    mended_at: ColumnType<Date | null, Date | RawBuilder<Date> | null, Date | RawBuilder<Date> | null>;
  };
  invitation: {
    id: string;
    secret_hash: string;
    role: Role;
    email: string | null;
    made_by: string | null;
    created_at: Time;
    expires_at: Time;
    used_at: Date | null;
    used_by: string | null;
  };
  team: { id: string; name: string; created_at: Time };
  team_member: { team_id: string; user_id: string; leads: Generated<boolean> };
  study_share: {
    id: string;
    accession: string;
    user_id: string | null;
    team_id: string | null;
    access: Access;
    created_at: Time;
  };
  second_factor: { user_id: string; secret: string; confirmed_at: Date | null; last_step: number };
  recovery_code: { user_id: string; code_hash: string };
  auth_account: {
    id: string;
    accountId: string;
    providerId: string;
    userId: string;
    password: string | null;
    createdAt: Time;
    updatedAt: Time;
  };
  file_quarantine: { sha256: string; reason: string; placed_by: string; placed_at: Generated<Date> };
  /** `factor`: what it was begun with besides a password (`code`, `passkey`, `provider`). */
  auth_session: { id: string; userId: string; factor: string | null };
  study_state: {
    accession: string;
    state: StudyState;
    until: string | null;
    reason: string;
    replaced_by: string | null;
    actor: string;
    at: Time;
    summary: ColumnType<SearchDocument | null, string | null, string | null>;
    archived: boolean;
    declaration: ColumnType<AccessDeclaration | null, string | null | undefined, string | null>;
    is_whole: Generated<boolean>;
    level: ColumnType<AccessLevel | null, AccessLevel | null | undefined, AccessLevel | null>;
    is_private: Generated<boolean>;
    hidden_badge: ColumnType<HiddenBadge | null, string | null | undefined, string | null>;
    safe: ColumnType<SafeRendering[], string | undefined, string>;
    opened_on: ColumnType<string | null, string | null | undefined, string | null>;
  };
  draft_release: { draft_id: string; embargo_until: string; is_private: Generated<boolean> };
  terms_accepted: {
    accession: string;
    user_id: string;
    terms_version: string;
    terms: string;
    data_use: Json<DataUse[]>;
    at: Time;
  };
  draft_access: { draft_id: string; declaration: Json<AccessDeclaration> };
  draft_deletion: { draft_id: string; declared_at: Time; due_at: Time };
  draft_revision: { draft_id: string };
  curator_request: {
    id: string;
    accession: string;
    kind: 'originals' | 'metadata';
    text: string;
    due: string;
    state: 'open' | 'done' | 'withdrawn';
    answer: Generated<string>;
    asked_by: string | null;
    asked_at: Time;
    closed_at: ColumnType<Date | null, Date | undefined, Date | null>;
  };
  auth_passkey: {
    id: string;
    name: string | null;
    publicKey: string;
    userId: string;
    credentialID: string;
    counter: number;
    deviceType: string;
    backedUp: boolean;
    transports: string | null;
    createdAt: Date | null;
    aaguid: string | null;
  };
  access_committee: { accession: string; user_id: string };
  access_request: {
    id: string;
    accession: string;
    user_id: string;
    kind: 'request' | 'emergency';
    state: 'asked' | 'granted' | 'refused' | 'ended';
    purpose: string;
    institution: string;
    terms: string;
    terms_version: Generated<string>;
    data_use: ColumnType<DataUse[], string | undefined, string>;
    plan: Generated<string>;
    ethics: Generated<string>;
    team: ColumnType<string[], string | undefined, string>;
    talk: ColumnType<AccessWords[], string | undefined, string>;
    reason: Generated<string>;
    asked_at: Time;
    decided_by: ColumnType<string | null, string | undefined, string | null>;
    decided_at: ColumnType<Date | null, Date | undefined, Date | null>;
    until: ColumnType<Date | null, Date | undefined, Date | null>;
  };
  draft_review: {
    draft_id: string;
    state: ReviewState;
    assignee: string | null;
    submitted_at: Time;
    first_approval: ColumnType<string | null, string | null | undefined, string | null>;
    publish_on: Optional<string>;
    approved_revision: Optional<number>;
    approved_at: Optional<Date>;
    approved_by: Optional<string>;
    approved_first: Optional<string>;
    answered_at: Optional<Date>;
    /** Points of the checklist that a curator ticked. */
    checked: ColumnType<string[] | null, string | null | undefined, string | null>;
  };
  review_comment_past: { comment_id: number; text: string; must_fix: boolean; until: Time };
  review_edit: {
    id: Generated<number>;
    draft_id: string;
    field: string;
    before: ColumnType<unknown, string | null, string | null>;
    after: ColumnType<unknown, string | null, string | null>;
    curator: string;
    at: Time;
    state: Generated<'waiting' | 'accepted' | 'objected'>;
    answer: Generated<string>;
    decided_at: Optional<Date>;
  };
  review_filter: { user_id: string; name: string; filter: ColumnType<Record<string, string>, string, string> };
  draft_trash: { draft_id: string; at: Time; by: string; is_expired: boolean };
  draft_reminder: { draft_id: string; month: number; at: Date };
  study_ask: {
    id: string;
    accession: string;
    change: 'restrict' | 'withdraw' | 'purge';
    ground: string | null;
    reason: string;
    replaced_by: string | null;
    asked_by: string;
    asked_at: Time;
    state: Generated<'open' | 'done' | 'declined' | 'taken back'>;
    decided_by: Optional<string>;
    decided_at: Optional<Date>;
    answer: Generated<string>;
  };
  study_purge: { accession: string; at: Time; certificate: Json<object> };
  answered_key: {
    actor: string;
    key: string;
    request: string;
    status: number;
    headers: Json<Record<string, string>>;
    body: string;
    at: Time;
  };
  mail_digest: {
    id: Generated<number>;
    user_id: string;
    kind: (typeof noticeKinds)[number];
    detail: Json<Record<string, string | number>>;
    link: string;
    at: Time;
  };
  promotion: { draft_id: string; accession: string; curator: string; started_at: Time };
  study_question: {
    id: string;
    accession: string;
    version: number;
    text: string;
    asked_by: string | null;
    asker_name: string;
    asker_email: string | null;
    secret_hash: string | null;
    state: 'unconfirmed' | 'open' | 'answered';
    asker_agrees: boolean;
    author_agrees: Generated<boolean>;
    answer: ColumnType<string | null, string | undefined, string | null>;
    answered_by: ColumnType<string | null, string | undefined, string | null>;
    answered_at: ColumnType<Date | null, Date | undefined, Date | null>;
    asked_at: Time;
  };
  study_reuse: {
    id: string;
    accession: string;
    version: number;
    kind: 'paper' | 'study' | 'analysis';
    identifier: string;
    title: string;
    remark: string;
    state: 'reported' | 'confirmed' | 'declined';
    reason: Generated<string>;
    reported_by: string | null;
    reported_at: Time;
    decided_by: ColumnType<string | null, string | undefined, string | null>;
    decided_at: ColumnType<Date | null, Date | undefined, Date | null>;
    use_kind: ColumnType<'primary' | 'reuse', 'primary' | 'reuse' | undefined, 'primary' | 'reuse'>;
    found_in: Generated<string>;
    found_on: ColumnType<string | null, string | null | undefined, string | null>;
  };
  study_relation: {
    accession: string;
    version: number;
    target: string;
    target_version: number | null;
    kind: 'annotates' | 're-analyses' | 'derived';
    note: string;
    is_told: boolean;
  };
  addition_comment: { accession: string; addition: string; text: string; written_by: string | null; at: Time };
  kept_note: { kind: 'readers' | 'collection' | 'community' | 'revisions'; id: string; changes: Generated<number> };
  storage_quota: { subject: string; bytes: number | null; changed_at: Time };
  assessment_answer: {
    requirement: string;
    text: string;
    rating: 'in-progress' | 'implemented' | null;
    changed_at: Time;
  };
  community: {
    slug: string;
    team_id: string;
    title: string;
    text: string;
    website: string;
    colour: string;
    created_at: Time;
    changed_at: Time;
  };
  community_study: {
    slug: string;
    accession: string;
    state: 'submitted' | 'accepted' | 'declined';
    reason: ColumnType<string, string | undefined, string>;
    submitted_by: string | null;
    submitted_at: Time;
    decided_by: ColumnType<string | null, string | null | undefined, string | null>;
    decided_at: ColumnType<Date | null, Date | null | undefined, Date | null>;
  };
  collection: {
    id: string;
    title: string;
    text: string;
    owner_id: string | null;
    created_at: Time;
    changed_at: Time;
  };
  collection_entry: { collection_id: string; accession: string; position: number; remark: string };
  study_transfer: {
    id: string;
    accession: string;
    from_user: string | null;
    to_user: string;
    offered_by: string | null;
    text: Generated<string>;
    keeps_editing: boolean;
    state: 'offered' | 'accepted' | 'declined' | 'withdrawn';
    offered_at: Time;
    decided_at: ColumnType<Date | null, Date | undefined, Date | null>;
  };
  review_comment: {
    id: Generated<number>;
    draft_id: string;
    field: string;
    text: string;
    must_fix: boolean;
    author: string;
    at: Time;
    resolved_at: ColumnType<Date | null, Date | undefined, Date | null>;
  };
  doi: {
    accession: string;
    doi: string;
    state: ColumnType<'asked' | 'draft' | 'findable', 'asked' | 'findable' | undefined, 'asked' | 'draft' | 'findable'>;
    told_version: ColumnType<number | null, undefined, number | null>;
    tries: Generated<number>;
    next_at: Time;
    fault: ColumnType<string | null, undefined, string | null>;
    archived: Generated<boolean>;
    told_withdrawn: Generated<boolean>;
    told_access: Generated<string>;
    links_changed: Generated<number>;
    links_told: Generated<number>;
    checked_at: ColumnType<Date | null, undefined, Date | null>;
    differences: ColumnType<unknown, undefined, null>;
    created_at: Time;
  };
  /** DOIs of versions (`dataset` is `''`) and of data sets (`version` is 0). */
  doi_part: {
    accession: string;
    version: Generated<number>;
    dataset: Generated<string>;
    doi: string;
    state: ColumnType<'asked' | 'draft' | 'findable', 'asked' | 'findable' | undefined, 'asked' | 'draft' | 'findable'>;
    told_version: ColumnType<number | null, undefined, number | null>;
    tries: Generated<number>;
    next_at: Time;
    fault: ColumnType<string | null, undefined, string | null>;
    archived: Generated<boolean>;
    told_withdrawn: Generated<boolean>;
    told_access: Generated<string>;
    checked_at: ColumnType<Date | null, undefined, Date | null>;
    differences: ColumnType<unknown, undefined, null>;
    created_at: Time;
  };
  saved_query: {
    id: string;
    title: string;
    statement: string;
    page: string;
    versions: Json<{ accession: string; version: number }[]>;
    cited: Json<{ accession: string; version: number }[]>;
    rows: number;
    made_by: string | null;
    made_at: Time;
  };
  private_link: {
    id: string;
    accession: string;
    version: number;
    secret_hash: string;
    label: string;
    hides_names: boolean;
    made_by: string | null;
    created_at: Time;
    expires_at: Time;
    revoked_at: ColumnType<Date | null, Date | undefined, Date | null>;
    opened: Generated<number>;
    passphrase_hash: Optional<string>;
    lets_download: Generated<boolean>;
  };
  challenge_submission: {
    id: string;
    accession: string;
    label: string;
    result_accession: string;
    result_version: number;
    results: Json<Answer[]>;
    submitted_by: string | null;
    state: ColumnType<'queued' | 'scored' | 'failed', 'queued' | undefined, 'queued' | 'scored' | 'failed'>;
    reference_version: number | null;
    scores: ColumnType<AnswerScore[], string | undefined, string>;
    created_at: Time;
    scored_at: ColumnType<Date | null, Date | null | undefined, Date | null>;
  };
  plan: {
    id: string;
    owner_id: string;
    title: string;
    document: Json<unknown>;
    reserved_bytes: ColumnType<number | null, number | null | undefined, number | null>;
    release_on: ColumnType<string | null, string | null | undefined, string | null>;
    reservation_note: Generated<string>;
    reserved_by: ColumnType<string | null, string | null | undefined, string | null>;
    reserved_at: ColumnType<Date | null, Date | null | undefined, Date | null>;
    created_at: Time;
    updated_at: Time;
  };
  plan_study: { plan_id: string; accession: string; dataset: number | null };
  sent_on: {
    accession: string;
    archive: string;
    their_accession: string;
    recorded_by: string;
    recorded_at: Time;
  };
  notice: {
    id: Generated<number>;
    user_id: string;
    kind: (typeof noticeKinds)[number];
    link: string;
    detail: Json<Record<string, string | number>>;
    once: string | null;
    at: Time;
    read_at: ColumnType<Date | null, Date | undefined, Date | null>;
  };
  notice_choice: { user_id: string; kind: (typeof noticeKinds)[number]; choice: 'mail' | 'digest' | 'page' | 'none' };
  mail_outbox: {
    id: Generated<number>;
    recipient: string;
    subject: string;
    body: string;
    created_at: Time;
    next_at: Time;
    tries: Generated<number>;
    sent_at: ColumnType<Date | null, undefined, Date | RawBuilder<Date>>;
    fault: ColumnType<string | null, undefined, string | null>;
  };
  webhook: {
    id: string;
    user_id: string;
    target: string;
    events: 'search' | 'notices';
    query: string;
    secret: string;
    created_at: Time;
    seen_notice: number;
  };
  webhook_delivery: {
    id: string;
    webhook_id: string;
    once: string;
    event: string;
    body: string;
    created_at: Time;
    next_at: Time;
    tries: Generated<number>;
    delivered_at: ColumnType<Date | null, undefined, Date>;
    status: ColumnType<number | null, undefined, number | null>;
    fault: ColumnType<string | null, undefined, string | null>;
  };
  address_check: {
    secret_hash: string;
    user_id: string;
    email: string;
    expires_at: Time;
    used_at: ColumnType<Date | null, undefined, Date>;
  };
  password_reset: {
    secret_hash: string;
    user_id: string;
    expires_at: Time;
    used_at: ColumnType<Date | null, undefined, Date>;
  };
  owner_link: { secret_hash: string; expires_at: Time; used_at: Date | null };
  auth_user: {
    id: string;
    name: string;
    email: string;
    emailVerified: boolean;
    image: string | null;
    createdAt: Time;
    updatedAt: Time;
    role: Role;
    disabled_at: Date | null;
  };
}
