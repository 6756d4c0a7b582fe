import type { StudyItem, StudyVersion } from '@micrarium/model';
import type {
  Access,
  AccessDeclaration,
  AccessLevel,
  OtherDigests,
  SafeRendering,
  SearchDocument,
  StudyState,
} from '@micrarium/repository';
import type { DataUse } from '@micrarium/standards';
import type { ColumnType, Generated } from 'kysely';
import type { AccessWords } from '../../access/access-words.ts';
import type { HiddenBadge } from '../../states/study-states.ts';
import type { Json, Optional, OptionalJson, Time } from './column-kinds.ts';
import type { ReferenceColumns } from './reference-columns.ts';

/** A DOI, and what the registrar was told of it and answered. */
interface RegisteredName {
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
}

/** What is published: versions and their files, the search index, states, access, DOIs, stored queries. */
export interface StudyTables {
  study: { accession: string; owner_id: string | null; created_at: Time };
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
  version_file: {
    accession: string;
    version: number;
    path: string;
    size: number;
    sha256: string;
    media_type: string;
    others: OptionalJson<OtherDigests>;
  };
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
  /** Every revision of a version's metadata, with the version as it was first published (0); none before the first revision. */
  study_revision: {
    accession: string;
    version: number;
    minor: number;
    document: Json<Omit<StudyVersion, 'files' | 'references'>>;
    at: Time;
    note: string | null;
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
  study_share: {
    id: string;
    accession: string;
    user_id: string | null;
    team_id: string | null;
    access: Access;
    created_at: Time;
  };
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
  file_quarantine: { sha256: string; reason: string; placed_by: string; placed_at: Generated<Date> };
  terms_accepted: {
    accession: string;
    user_id: string;
    terms_version: string;
    terms: string;
    data_use: Json<DataUse[]>;
    at: Time;
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
  doi: RegisteredName & {
    accession: string;
    links_changed: Generated<number>;
    links_told: Generated<number>;
  };
  /** DOIs of versions (`dataset` is `''`) and of data sets (`version` is 0). */
  doi_part: RegisteredName & {
    accession: string;
    version: Generated<number>;
    dataset: Generated<string>;
  };
  sent_on: {
    accession: string;
    archive: string;
    their_accession: string;
    recorded_by: string;
    recorded_at: Time;
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
}
