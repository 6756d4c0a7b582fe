import type { ColumnType, Generated, RawBuilder } from 'kysely';
import type { AuditDetail } from '../../audit/audit-log.ts';
import type { Json, Time } from './column-kinds.ts';

/** What keeps the installation trustworthy: audit log, checks of the bytes, its clock, answers to assessments. */
export interface KeepingTables {
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
  /** One row: the last moment that a process saw on its clock. */
  clock_mark: { id: Generated<boolean>; seen: Time };
  answered_key: {
    actor: string;
    key: string;
    request: string;
    status: number;
    headers: Json<Record<string, string>>;
    body: string;
    at: Time;
  };
  assessment_answer: {
    requirement: string;
    text: string;
    rating: 'in-progress' | 'implemented' | null;
    changed_at: Time;
  };
}
