import { QuotaExceeded, type RoomForFiles } from '@micrarium/repository';
import { type Kysely, sql } from 'kysely';
import type { Locks } from '../storage/locks.ts';
import { noteEvent } from '../audit/audit-log.ts';
import type { Database } from '../database/connect.ts';
import type { Tables } from '../database/tables.ts';
import { Remembered } from '../http/remembered.ts';

/** A limit as it is set: bytes, `none` said on purpose, or `default`, where nothing is said. */
export type SetLimit = number | 'none' | 'default';

/** How much a person or group may deposit, and how much they have. */
export interface Allowance {
  kind: 'person' | 'group';
  id: string;
  name: string;
  usedBytes: number;
  /** With what is reserved; `null`: no limit. */
  limitBytes: number | null;
  /** Reserved by plans, above the quota. */
  reservedBytes: number;
  /** What is set for this one. */
  set: SetLimit;
}

/**
 * Studies of a set with the group that pays for each: of the groups it is shared with, the one with the largest quota; none
 * where no such group has one, and then its owner pays.
 */
const payers = (where: ReturnType<typeof sql>) => sql`(select study.accession, study.owner_id,
  (select study_share.team_id from study_share
    join storage_quota on storage_quota.subject = 'group:' || study_share.team_id
    where study_share.accession = study.accession
    order by storage_quota.bytes desc nulls first, study_share.team_id limit 1) as team_id
  from study where ${where}) as payer`;

/** A sum of sizes that people state, at most what a number holds: what nobody has room for must not keep everybody from seeing what they have. */
const sum = (of: ReturnType<typeof sql>) =>
  sql`least(coalesce(sum(${of}), 0), ${String(Number.MAX_SAFE_INTEGER)}::numeric)::bigint`;

/** Bytes a study takes: its newest version, or its open draft where that is larger. Older versions are the archive's. */
const size = sql`greatest(
  coalesce((select byte_count from study_version where study_version.accession = payer.accession
    order by version desc limit 1), 0),
  coalesce((select sum(draft_file_count.bytes) from draft_file_count join draft on draft.id = draft_file_count.draft_id
    where draft.accession = payer.accession and draft.state in ('editing', 'publishing')), 0))::bigint`;

async function usedBy(db: Kysely<Tables>, kind: Allowance['kind'], id: string): Promise<number> {
  const ofGroup = sql`study.accession in (select accession from study_share where team_id = ${id})`;
  const { rows } = await (kind === 'group'
    ? sql<{
        used: number;
      }>`select ${sum(size)} as used from ${payers(ofGroup)} where team_id = ${id}`
    : sql<{ used: number }>`select ${sum(size)} as used
          from ${payers(sql`study.owner_id = ${id}`)} where team_id is null`
  ).execute(db);
  return rows[0]!.used;
}

async function allowance(db: Kysely<Tables>, kind: Allowance['kind'], id: string): Promise<Allowance | undefined> {
  const subject = `${kind === 'group' ? 'group' : 'user'}:${id}`;
  const { rows } = await sql<{ name: string | null; set: SetLimit; limit: number | null; reserved: number }>`select
    ${kind === 'group' ? sql`(select name from team where id = ${id})` : sql`(select name from auth_user where id = ${id})`} as name,
    coalesce((select coalesce(to_jsonb(bytes), '"none"') from storage_quota where subject = ${subject}), '"default"') as set,
    (select bytes from storage_quota where subject in (${subject}, ${kind === 'group' ? subject : 'default'})
      order by subject = 'default' limit 1) as limit,
    ${
      kind === 'group' ? sql`0::bigint` : sql`(select ${sum(sql`reserved_bytes`)} from plan where owner_id = ${id})`
    } as reserved`.execute(db);
  const { name, set, limit, reserved } = rows[0]!;
  if (name === null) return undefined;
  const usedBytes = await usedBy(db, kind, id);
  const limitBytes = limit === null ? null : limit + reserved;
  return { kind, id, name, usedBytes, limitBytes, reservedBytes: reserved, set };
}

/** What a person may deposit, and their groups that have a quota. */
export async function allowancesOf(db: Database, userId: string): Promise<Allowance[]> {
  const groups = await sql<{ id: string }>`select team_id as id from team_member
    join storage_quota on storage_quota.subject = 'group:' || team_id where user_id = ${userId} order by team_id`.execute(
    db,
  );
  const found = await Promise.all([
    allowance(db, 'person', userId),
    ...groups.rows.map(({ id }) => allowance(db, 'group', id)),
  ]);
  return found.filter((one) => one !== undefined);
}

/** The allowance that a study counts against; `undefined` where nobody owns it. */
export async function allowanceOfStudy(db: Database, accession: string): Promise<Allowance | undefined> {
  const { rows } = await sql<{ owner_id: string | null; team_id: string | null }>`select owner_id, team_id
    from ${payers(sql`study.accession = ${accession}`)}`.execute(db);
  const { owner_id: owner = null, team_id: team = null } = rows[0] ?? {};
  if (team !== null) return await allowance(db, 'group', team);
  return owner === null ? undefined : await allowance(db, 'person', owner);
}

/** Everybody and every group, with what they have and may have, for the operator. */
export async function everyAllowance(db: Database): Promise<{ default: number | null; allowances: Allowance[] }> {
  const [limits, uses, reservations, people, groups] = await Promise.all([
    db.selectFrom('storage_quota').select(['subject', 'bytes']).execute(),
    sql<{ subject: string | null; used: number }>`select coalesce('group:' || team_id, 'user:' || owner_id) as subject,
      ${sum(size)} as used from ${payers(sql`true`)} group by 1`.execute(db),
    sql<{ id: string; reserved: number }>`select owner_id as id, ${sum(sql`reserved_bytes`)} as reserved
      from plan group by owner_id`.execute(db),
    db.selectFrom('auth_user').select(['id', 'name']).where('disabled_at', 'is', null).orderBy('name').execute(),
    db.selectFrom('team').select(['id', 'name']).orderBy('name').execute(),
  ]);
  const bytesOf = new Map(limits.map(({ subject, bytes }) => [subject, bytes]));
  const usedOf = new Map(uses.rows.map(({ subject, used }) => [subject, used]));
  const reservedOf = new Map(reservations.rows.map(({ id, reserved }) => [id, reserved]));
  const usual = bytesOf.get('default') ?? null;
  const line = (kind: Allowance['kind'], { id, name }: { id: string; name: string }): Allowance => {
    const subject = `${kind === 'group' ? 'group' : 'user'}:${id}`;
    const own = bytesOf.get(subject);
    const reservedBytes = kind === 'group' ? 0 : (reservedOf.get(id) ?? 0);
    const limit = own === undefined && kind === 'person' ? usual : (own ?? null);
    return {
      kind,
      id,
      name,
      usedBytes: usedOf.get(subject) ?? 0,
      limitBytes: limit === null ? null : limit + reservedBytes,
      reservedBytes,
      set: own === undefined ? 'default' : (own ?? 'none'),
    };
  };
  const allowances = [...people.map((one) => line('person', one)), ...groups.map((one) => line('group', one))];
  return { default: usual, allowances };
}

/** Whom a limit is set for: `default`, `user:ID` or `group:ID`. @returns false where there is nobody of this name */
export async function setLimit(db: Database, subject: string, limit: SetLimit): Promise<boolean> {
  const [kind, ...rest] = subject.split(':');
  const id = rest.join(':');
  const table = kind === 'user' ? 'auth_user' : kind === 'group' ? 'team' : undefined;
  const isThere =
    subject === 'default' ||
    (table !== undefined &&
      (await db.selectFrom(table).select('id').where('id', '=', id).executeTakeFirst()) !== undefined);
  if (!isThere) return false;
  await db.transaction().execute(async (tx) => {
    if (limit === 'default') await tx.deleteFrom('storage_quota').where('subject', '=', subject).execute();
    else {
      const row = { bytes: limit === 'none' ? null : limit, changed_at: new Date() };
      await tx
        .insertInto('storage_quota')
        .values({ subject, ...row })
        .onConflict((conflict) => conflict.column('subject').doUpdateSet(row))
        .execute();
    }
    await noteEvent(tx, 'quota.set', subject, { limit });
  });
  return true;
}

/** Keeps drafts within the quota of who pays for them: nothing is announced, and so nothing sent, beyond it. */
export class Quotas implements RoomForFiles {
  private readonly db: Database;
  private readonly locks: Locks;
  /** Studies found within their quota a moment ago: a folder begins thousands of uploads at once. */
  private readonly within = new Remembered<true>(10_000);

  constructor(db: Database, locks: Locks) {
    this.db = db;
    this.locks = locks;
  }

  /** @throws QuotaExceeded where a draft that grows by so many bytes is more than who pays for it may have */
  async demandRoom(draftId: string, growth: number): Promise<void> {
    if (growth <= 0) return;
    const { rows } = await sql<{ accession: string; version: number; draft: number }>`select accession,
      coalesce((select byte_count from study_version where study_version.accession = draft.accession
        order by version desc limit 1), 0)::bigint as version,
      coalesce((select sum(bytes) from draft_file_count where draft_id = draft.id), 0)::bigint as draft
      from draft where id = ${draftId}`.execute(this.db);
    const now = rows[0];
    const payer = now && (await allowanceOfStudy(this.db, now.accession));
    if (!now || !payer || payer.limitBytes === null) return;
    const taken = Math.max(now.version, now.draft);
    const more = Math.max(now.version, now.draft + growth) - taken;
    const left = payer.limitBytes - payer.usedBytes;
    if (more > left) throw new QuotaExceeded(payer.name, more, Math.max(0, left), payer.limitBytes);
  }

  async takeRoom<Value>(draftId: string, growth: number, work: () => Promise<Value>): Promise<Value> {
    const row = await this.db.selectFrom('draft').select('accession').where('id', '=', draftId).executeTakeFirst();
    const payer = row && growth > 0 ? await allowanceOfStudy(this.db, row.accession) : undefined;
    if (!payer || payer.limitBytes === null) return await work();
    return await this.locks.hold(`quota ${payer.kind} ${payer.id}`, async () => {
      await this.demandRoom(draftId, growth);
      return await work();
    });
  }

  /** @throws QuotaExceeded where who pays for a draft has more than they may: a quota may have become smaller since files were announced */
  async demandWithin(draftId: string): Promise<void> {
    await this.within.get(draftId, async () => {
      const row = await this.db.selectFrom('draft').select('accession').where('id', '=', draftId).executeTakeFirst();
      const payer = row && (await allowanceOfStudy(this.db, row.accession));
      if (payer && payer.limitBytes !== null && payer.usedBytes > payer.limitBytes)
        throw new QuotaExceeded(payer.name, payer.usedBytes - payer.limitBytes, 0, payer.limitBytes);
      return true;
    });
  }
}
