import type { ChangeKind, EarlierResults, Pair, StudyItem, StudyMetadata } from '@micrarium/model';
import type {
  AccessDeclaration,
  DraftFileRow,
  DraftItemRow,
  DraftRow,
  OtherDigests,
  ReviewState,
} from '@micrarium/repository';
import type { ColumnType, Generated } from 'kysely';
import type { ImportProgress } from '../../imports/import-rows.ts';
import type { Json, Optional, OptionalJson, Time } from './column-kinds.ts';
import type { ReferenceColumns } from './reference-columns.ts';

/** Drafts: plans for them, what is sent and read, review, links for reviewers, room. */
export interface DraftTables {
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
    change_kinds: OptionalJson<ChangeKind[]>;
    earlier_results: ColumnType<EarlierResults | null, EarlierResults | null | undefined, EarlierResults | null>;
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
  /** Files that stay where they are; `key` says which bytes at which address, and is that of their check. */
  draft_reference: { draft_id: string } & ReferenceColumns;
  /** What a virus scanner said of stored bytes. */
  blob_scan: {
    sha256: string;
    state: 'clean' | 'found' | 'too-large';
    signature: string | null;
    /** As the scanner names its list of them; none of bytes that were searched while they were in a draft. */
    signatures: ColumnType<string | null, string | undefined, string | null>;
    scanned_at: Time;
  };
  draft_release: { draft_id: string; embargo_until: string; is_private: Generated<boolean> };
  draft_access: { draft_id: string; declaration: Json<AccessDeclaration> };
  draft_deletion: { draft_id: string; declared_at: Time; due_at: Time };
  draft_revision: { draft_id: string };
  draft_trash: { draft_id: string; at: Time; by: string; is_expired: boolean };
  draft_reminder: { draft_id: string; month: number; at: Date };
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
  promotion: { draft_id: string; accession: string; curator: string; started_at: Time };
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
  storage_quota: { subject: string; bytes: number | null; changed_at: Time };
}
