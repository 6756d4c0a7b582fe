import { accountNoticeKinds, type noticeKinds, unchosenWay } from '@micrarium/api';
import { shownTitle } from '@micrarium/standards';
import { type Kysely, sql } from 'kysely';
import type { Database } from '../database/connect.ts';
import type { Tables } from '../database/tables.ts';
import { digestOf, mailOf } from './mail-words.ts';

/** Something one can be told of. */
export type NoticeKind = (typeof noticeKinds)[number];
/** By mail at once, in one mail a day, on the page only, or not at all. All but the last stand on the page too. */
export type NoticeChoice = 'mail' | 'digest' | 'page' | 'none';

/** A change of what somebody signs in with. */
export type AccountChange = (typeof accountNoticeKinds)[number];

const isOfAccount = (kind: NoticeKind): boolean => (accountNoticeKinds as readonly NoticeKind[]).includes(kind);

/** Something to tell. */
export interface Notice {
  kind: NoticeKind;
  /** Page of this server, as path. */
  link: string;
  detail: Readonly<Record<string, string | number>>;
  /** Told once only to the same person under this name. */
  once?: string;
  /** Words of somebody else that the mail hands on; on the page they stand where the link leads. */
  quote?: string;
}

/** A notice as its reader sees it. */
export interface ShownNotice {
  id: number;
  kind: NoticeKind;
  link: string;
  detail: Record<string, string | number>;
  at: string;
  isRead: boolean;
}

/** Days before the end of an embargo at which its owner is told. */
export const embargoNoticeDays = 14;
/** Hours for which notices are gathered for one mail. */
const digestHours = 24;
/** What is kept for one person; older notices that were read go first. */
const mostKept = 1_000;

/** Tells people: on the page at once, by mail through the outbox. Everything is written in the transaction of what it tells of. */
export class Notices {
  private readonly db: Database;
  /** Address of the installation; `undefined` where no mail is sent. */
  private readonly home: string | undefined;

  /** @param home public address, where mail is sent; left out, people are told on the page only */
  constructor(db: Database, home?: string) {
    this.db = db;
    this.home = home;
  }

  /** Does this installation send mail? */
  get sendsMail(): boolean {
    return this.home !== undefined;
  }

  /** Tells somebody, or several, who all are told once. Closed accounts and those who do not want to know are left out. */
  async tell(to: readonly (string | undefined)[], notice: Notice, tx: Kysely<Tables> = this.db): Promise<void> {
    const ids = [...new Set(to.filter((id) => id !== undefined))];
    if (ids.length === 0) return;
    const people = await tx
      .selectFrom('auth_user')
      .leftJoin('notice_choice', (join) =>
        join.onRef('notice_choice.user_id', '=', 'auth_user.id').on('notice_choice.kind', '=', notice.kind),
      )
      .select(['auth_user.id', 'auth_user.email', 'notice_choice.choice'])
      .where('auth_user.id', 'in', ids)
      .where('disabled_at', 'is', null)
      .execute();
    for (const { id, email, choice: chosen } of people) {
      const choice = isOfAccount(notice.kind) ? 'mail' : (chosen ?? unchosenWay(notice.kind));
      if (choice === 'none') continue;
      const made = await tx
        .insertInto('notice')
        .values({
          user_id: id,
          kind: notice.kind,
          link: notice.link,
          detail: JSON.stringify(notice.detail),
          once: notice.once ?? null,
        })
        .onConflict((conflict) => conflict.columns(['user_id', 'kind', 'once']).doNothing())
        .returning('id')
        .executeTakeFirst();
      if (made && choice === 'digest' && this.home !== undefined)
        await tx
          .insertInto('mail_digest')
          .values({ user_id: id, kind: notice.kind, detail: JSON.stringify(notice.detail), link: notice.link })
          .execute();
      else if (made && choice !== 'page' && this.home !== undefined) {
        const link = `${this.home}${notice.link}`;
        const { quote } = notice;
        const more = {
          ...(isOfAccount(notice.kind) ? {} : { choices: `${this.home}/notices#${notice.kind}` }),
          ...(quote === undefined ? {} : { quote }),
        };
        await this.send(email, mailOf(notice.kind, notice.detail, link, more), tx);
      }
    }
  }

  /**
   * Tells somebody that what they sign in with has changed: at once, whatever they chose (OWASP ASVS v5.0.0-6.3.7). Nothing secret stands in
   * it, and its link only opens the page of the account.
   * @param tx transaction of the change
   */
  async tellOfAccount(
    userId: string,
    kind: AccountChange,
    tx: Kysely<Tables>,
    detail: Readonly<Record<string, string | number>> = {},
  ): Promise<void> {
    const at = `${new Date().toISOString().slice(0, 16).replace('T', ' ')} UTC`;
    await this.tell([userId], { kind, link: '/account', detail: { ...detail, at } }, tx);
  }

  /** Puts a mail into the outbox; nothing where no mail is sent, or the address is none (accounts of providers may have none). */
  async send(recipient: string, mail: { subject: string; body: string }, tx: Kysely<Tables> = this.db): Promise<void> {
    if (this.home === undefined || recipient.endsWith('.invalid')) return;
    await tx
      .insertInto('mail_outbox')
      // Due at once, whatever the clocks of database and server make of it: one that was set back held mail up.
      .values({ recipient, ...mail, next_at: new Date(0) })
      .execute();
  }

  /**
   * Puts what people want told in one mail a day into the outbox: one mail each, at most once in a day.
   * @returns how many mails
   */
  async sendDigests(now: Date): Promise<number> {
    if (this.home === undefined) return 0;
    const before = new Date(now.getTime() - digestHours * 3_600_000);
    const { rows: due } = await sql<{ user_id: string }>`select user_id from mail_digest
      group by user_id having min(at) <= ${before}`.execute(this.db);
    for (const { user_id: userId } of due)
      await this.db.transaction().execute(async (tx) => {
        const { rows } = await sql<{
          id: number;
          kind: NoticeKind;
          detail: Record<string, string | number>;
          link: string;
        }>`
          delete from mail_digest where user_id = ${userId} returning id, kind, detail, link`.execute(tx);
        const person = await tx
          .selectFrom('auth_user')
          .select('email')
          .where('id', '=', userId)
          .where('disabled_at', 'is', null)
          .executeTakeFirst();
        if (!person || rows.length === 0) return;
        const lines = rows
          .sort((a, b) => a.id - b.id)
          .map(({ kind, detail, link }) => ({ kind, detail, link: `${this.home}${link}` }));
        await this.send(person.email, digestOf(lines, `${this.home}/notices`), tx);
      });
    return due.length;
  }

  /** Everybody with a role, who is to be told of what concerns it. */
  async withRole(
    roles: readonly ('owner' | 'curator')[],
    but?: string,
    tx: Kysely<Tables> = this.db,
  ): Promise<string[]> {
    const rows = await tx.selectFrom('auth_user').select('id').where('role', 'in', roles).execute();
    return rows.map(({ id }) => id).filter((id) => id !== but);
  }

  /** What somebody was told, newest first. */
  async list(userId: string, limit: number, before?: number): Promise<ShownNotice[]> {
    const rows = await this.db
      .selectFrom('notice')
      .selectAll()
      .where('user_id', '=', userId)
      .$if(before !== undefined, (query) => query.where('id', '<', before!))
      .orderBy('id', 'desc')
      .limit(limit)
      .execute();
    return rows.map((row) => ({
      id: row.id,
      kind: row.kind,
      link: row.link,
      detail: row.detail,
      at: row.at.toISOString(),
      isRead: row.read_at !== null,
    }));
  }

  /** How many notices of somebody are not read. */
  async unread(userId: string): Promise<number> {
    const row = await this.db
      .selectFrom('notice')
      .select((select) => select.fn.countAll<number>().as('count'))
      .where('user_id', '=', userId)
      .where('read_at', 'is', null)
      .executeTakeFirstOrThrow();
    return row.count;
  }

  /** Marks notices of somebody; without ids all. Forgets the oldest that were read, beyond a thousand. */
  async mark(userId: string, isRead: boolean, ids?: readonly number[]): Promise<void> {
    if (ids?.length === 0) return;
    await this.db
      .updateTable('notice')
      .set({ read_at: isRead ? new Date() : null })
      .where('user_id', '=', userId)
      .$if(ids !== undefined, (query) => query.where('id', 'in', [...ids!]))
      .execute();
    await sql`delete from notice where user_id = ${userId} and read_at is not null and id < (
      select id from notice where user_id = ${userId} order by id desc offset ${mostKept} limit 1)`.execute(this.db);
  }

  /** What somebody chose; kinds that are not in it are told as `unchosenWay` says. */
  async choices(userId: string): Promise<Map<NoticeKind, NoticeChoice>> {
    const rows = await this.db
      .selectFrom('notice_choice')
      .select(['kind', 'choice'])
      .where('user_id', '=', userId)
      .execute();
    return new Map(rows.map(({ kind, choice }) => [kind, choice]));
  }

  /** Chooses how somebody is told of a kind. */
  async choose(userId: string, kind: NoticeKind, choice: NoticeChoice): Promise<void> {
    await this.db
      .insertInto('notice_choice')
      .values({ user_id: userId, kind, choice })
      .onConflict((conflict) => conflict.columns(['user_id', 'kind']).doUpdateSet({ choice }))
      .execute();
  }

  /** Tells owners of embargoes that end soon, each once. */
  async remindOfEmbargoes(now: Date): Promise<void> {
    const from = now.toISOString().slice(0, 10);
    const until = new Date(now.getTime() + embargoNoticeDays * 86_400_000).toISOString().slice(0, 10);
    const { rows } = await sql<{ accession: string; day: string; owner_id: string | null; title: string | null }>`
      select study_state.accession, until as day, owner_id, document->'metadata'->'values'->>'title' as title
      from study_state join study using (accession)
      join lateral (select document from study_version where study_version.accession = study.accession
        order by version desc limit 1) as newest on true
      where study_state.state = 'embargoed' and until > ${from} and until <= ${until}`.execute(this.db);
    for (const { accession, day, owner_id: owner, title } of rows)
      await this.tell([owner ?? undefined], {
        kind: 'embargo-ending',
        link: `/studies/${accession}`,
        detail: { accession, day, title: shownTitle(title, accession) },
        once: `${accession} ${day}`,
      });
  }

  /** Tells the owners of the installation of damage a check could not mend. @param since when the check began */
  async tellOfDamage(since: Date): Promise<void> {
    const row = await this.db
      .selectFrom('fixity_finding')
      .select((select) => [select.fn.countAll<number>().as('count'), select.fn.max('run_id').as('run')])
      .where('run_id', 'in', (runs) => runs.selectFrom('fixity_run').select('id').where('began_at', '>=', since))
      .where('mended_at', 'is', null)
      .executeTakeFirstOrThrow();
    if (row.count === 0) return;
    await this.tell(await this.withRole(['owner']), {
      kind: 'fixity-trouble',
      link: '/admin',
      detail: { count: row.count },
      once: `run ${row.run}`,
    });
  }
}
