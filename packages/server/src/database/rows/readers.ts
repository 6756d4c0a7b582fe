import type { ColumnType, Generated } from 'kysely';
import type { Answer, AnswerScore } from '../../challenges/challenges.ts';
import type { Json, Time } from './column-kinds.ts';

/** What others say of studies and make of them: questions, uses, additions, collections, communities, challenges. */
export interface ReaderTables {
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
}
