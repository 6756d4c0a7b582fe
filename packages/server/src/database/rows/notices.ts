import type { noticeKinds } from '@micrarium/api';
import type { ColumnType, Generated, RawBuilder } from 'kysely';
import type { Json, Time } from './column-kinds.ts';

/** What people and their programs are told: on the page, by mail, by webhook. */
export interface NoticeTables {
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
  mail_digest: {
    id: Generated<number>;
    user_id: string;
    kind: (typeof noticeKinds)[number];
    detail: Json<Record<string, string | number>>;
    link: string;
    at: Time;
  };
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
}
