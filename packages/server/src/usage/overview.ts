import { statfs } from 'node:fs/promises';
import { sql } from 'kysely';
import type { Database } from '../database/connect.ts';
import { waitingDois } from '../dois/due-dois.ts';
import { integritySummary } from '../fixity/fixity-report.ts';
import { type PublishedFinding, publishedFindings } from '../scans/published-scans.ts';
import { mostTries as mailTries } from '../notices/outbox.ts';
import { mostTries as webhookTries } from '../webhooks/webhooks.ts';
import { type UsageAlarm, usageAlarm } from './usage-watch.ts';

/** What the operator of an installation sees at a glance. */
export interface Overview {
  storage: { archiveBytes: number; draftBytes: number; freeBytes: number; diskBytes: number };
  jobs: { name: string; waiting: number; running: number; failed: number }[];
  review: { waiting: number; oldest: string | null };
  signIns: { refusedDay: number; refusedWeek: number };
  fixity: { damaged: number; oldestCheck: string | null };
  /** Published files that the virus scanner took for malicious when it searched them again. */
  viruses: { count: number; named: PublishedFinding[] };
  dois: { waiting: number; different: number };
  /** What waits to be told to others, and since when: mails, calls of webhooks, and DOIs the registrar is still to be told of. */
  outbox: { name: 'mail' | 'webhooks' | 'dois'; waiting: number; oldest: string | null }[];
  /** Where the figures of usage may be wrong. */
  usageAlarm: UsageAlarm | null;
}

/** What waits in each outbox, given up entries left out. */
async function outboxes(db: Database): Promise<Overview['outbox']> {
  const { rows } = await sql<{ name: Overview['outbox'][number]['name']; waiting: number; oldest: Date | null }>`
    select 'mail' as name, count(*)::bigint as waiting, min(created_at) as oldest from mail_outbox
      where sent_at is null and tries < ${mailTries}
    union all select 'webhooks', count(*)::bigint, min(created_at) from webhook_delivery
      where delivered_at is null and tries < ${webhookTries}`.execute(db);
  const dois = await waitingDois(db);
  return [...rows, { name: 'dois' as const, ...dois }].map((row) => ({
    ...row,
    oldest: row.oldest?.toISOString() ?? null,
  }));
}

/** Reads the state of the installation. */
export async function overview(db: Database, dataFolder: string, now = new Date()): Promise<Overview> {
  const [disk, stored, jobs, review, refused, dois, integrity, viruses, outbox, alarm] = await Promise.all([
    statfs(dataFolder),
    sql<{ archive: number; drafts: number }>`select
      coalesce((select sum(byte_count) from study_version), 0)::bigint as archive,
      coalesce((select sum(received) from draft_file join draft on draft.id = draft_file.draft_id
        where draft.state = 'editing'), 0)::bigint as drafts`.execute(db),
    sql<Overview['jobs'][number]>`select name,
      count(*) filter (where state in ('created', 'retry'))::bigint as waiting,
      count(*) filter (where state = 'active')::bigint as running,
      count(*) filter (where state = 'failed' and completed_on > now() - interval '7 days')::bigint as failed
      from jobs.job group by name order by name`.execute(db),
    sql<{ n: number; oldest: Date | null }>`select count(*)::bigint as n, min(submitted_at) as oldest
      from draft_review join draft on draft.id = draft_review.draft_id
      where draft_review.state in ('submitted', 'in_review') and draft.state = 'editing'`.execute(db),
    sql<{ day: number; week: number }>`select
      count(*) filter (where at > now() - interval '1 day')::bigint as day, count(*)::bigint as week
      from audit_event where action = 'session.refuse' and at > now() - interval '7 days'`.execute(db),
    sql<Overview['dois']>`select count(*) filter (where tries > 0)::bigint as waiting,
      count(*) filter (where differences is not null)::bigint as different
      from (select tries, differences from doi union all select tries, differences from doi_part) as all_dois`.execute(
      db,
    ),
    integritySummary(db),
    publishedFindings(db),
    outboxes(db),
    usageAlarm(db, now),
  ]);
  const { n: waiting, oldest } = review.rows[0]!;
  return {
    storage: {
      archiveBytes: stored.rows[0]!.archive,
      draftBytes: stored.rows[0]!.drafts,
      freeBytes: disk.bavail * disk.bsize,
      diskBytes: disk.blocks * disk.bsize,
    },
    jobs: jobs.rows,
    review: { waiting, oldest: oldest?.toISOString() ?? null },
    signIns: { refusedDay: refused.rows[0]!.day, refusedWeek: refused.rows[0]!.week },
    fixity: { damaged: integrity.damaged, oldestCheck: integrity.oldestCheck ?? null },
    viruses,
    dois: dois.rows[0]!,
    outbox,
    usageAlarm: alarm ?? null,
  };
}
