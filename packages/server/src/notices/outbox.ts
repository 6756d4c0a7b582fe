import { sql } from 'kysely';
import type { Transporter } from 'nodemailer';
import type { Database } from '../database/connect.ts';
import { tracedCall } from '../tracing/tracing.ts';

/** A mail server, and who writes. */
export interface MailAccount {
  /** `smtp://user@host:587` or `smtps://user@host:465`; without the password. */
  url: string;
  password?: string;
  from: string;
}

/** How the mail goes. */
export interface MailState {
  isOn: boolean;
  from?: string;
  waiting: number;
  failing: number;
  sent: number;
  lastFault?: string;
}

/** Minutes to wait after a failure: 1, 2, 4 … at most six hours. */
const longestWait = 360;
/** After this many refusals of its own (about four days) a mail stays, with its fault, and is not tried again. */
export const mostTries = 24;
/** Seconds until a server that is away is asked again: 20, 40, 80 … at most five minutes. */
const [firstPause, longestPause] = [20, 300];
/** Days a mail that was sent is counted. */
const keptDays = 30;

/** Is it the server, rather than this mail, that would not have it? Recipient and words are the mail's; all else, the sender too, would meet the next one. */
function isServerAway(fault: unknown): boolean {
  const { code, command, responseCode } = fault as { code?: string; command?: string; responseCode?: number };
  const isOfMail = code === 'EENVELOPE' || code === 'EMESSAGE';
  return !isOfMail || command === 'MAIL FROM' || responseCode === 421;
}

/** Sends what stands in the outbox. Several processes may drain it at once: each mail is taken by one. */
export class Outbox {
  private readonly db: Database;
  private readonly account: MailAccount | undefined;
  private running: Promise<number> | undefined;
  /** Until then the server is not asked; how often it was away, one time after the other. */
  private awayUntil = 0;
  private failures = 0;

  constructor(db: Database, account?: MailAccount) {
    this.db = db;
    this.account = account;
  }

  /** Sends what is due; two calls at once are one. @returns how many were sent */
  drain(now: Date = new Date()): Promise<number> {
    this.running ??= this.sendDue(now).finally(() => {
      this.running = undefined;
    });
    return this.running;
  }

  private async sendDue(now: Date): Promise<number> {
    const pause = this.awayUntil - now.getTime();
    // A pause that is longer than any was reckoned by a clock that was set back since.
    if (!this.account || (pause > 0 && pause <= longestPause * 1000)) return 0;
    const url = new URL(this.account.url);
    // Loaded by who has a mail server.
    const { createTransport } = await import('nodemailer');
    const transport = createTransport({
      host: url.hostname,
      port: url.port === '' ? (url.protocol === 'smtps:' ? 465 : 587) : Number(url.port),
      secure: url.protocol === 'smtps:',
      // A password is never sent in the clear, but to a server on this machine.
      requireTLS: this.account.password !== undefined && !/^(localhost|127\.|\[::1\])/.test(url.hostname),
      ...(this.account.password === undefined
        ? {}
        : { auth: { user: decodeURIComponent(url.username), pass: this.account.password } }),
      connectionTimeout: 10_000,
      greetingTimeout: 10_000,
      socketTimeout: 30_000,
      disableFileAccess: true,
      disableUrlAccess: true,
    });
    let sent = 0;
    try {
      for (;;) {
        const came = await this.sendOne(transport, now);
        if (came === 'sent') sent++;
        if (came === 'away') this.waitFrom(now);
        else this.failures = 0;
        if (came === 'none' || came === 'away') break;
      }
    } finally {
      transport.close();
    }
    await this.db
      .deleteFrom('mail_outbox')
      .where('sent_at', '<', sql<Date>`now() - make_interval(days => ${keptDays})`)
      .execute();
    return sent;
  }

  /** Asks a server that is away less and less often: it, and not one mail, has to come back. */
  private waitFrom(now: Date): void {
    const seconds = Math.min(longestPause, firstPause * 2 ** Math.min(this.failures++, 20));
    this.awayUntil = now.getTime() + seconds * 1000;
  }

  /**
   * Takes the oldest mail that is due and sends it. One that is refused is tried again later, and given up at last; a server that is away costs no
   * mail a try, however long it is: then all wait, and go in their order.
   */
  private async sendOne(transport: Transporter, now: Date): Promise<'none' | 'sent' | 'refused' | 'away'> {
    return await this.db.transaction().execute(async (tx) => {
      const mail = await tx
        .selectFrom('mail_outbox')
        .selectAll()
        .where('sent_at', 'is', null)
        // Nothing waits for a day: what seems to was put off by a clock that was ahead.
        .where((of) => of.or([of('next_at', '<=', now), of('next_at', '>', new Date(now.getTime() + 86_400_000))]))
        .where('tries', '<', mostTries)
        .orderBy('id')
        .limit(1)
        .forUpdate()
        .skipLocked()
        .executeTakeFirst();
      if (!mail) return 'none';
      try {
        await tracedCall('mail server', 'SEND', () =>
          transport.sendMail({
            from: this.account!.from,
            to: { name: '', address: mail.recipient },
            subject: mail.subject,
            text: mail.body,
            headers: { 'Auto-Submitted': 'auto-generated' },
          }),
        );
      } catch (fault) {
        const isAway = isServerAway(fault);
        const minutes = Math.min(longestWait, 2 ** Math.min(mail.tries, 20));
        await tx
          .updateTable('mail_outbox')
          .set({
            fault: String((fault as Error).message).slice(0, 500),
            ...(isAway ? {} : { tries: mail.tries + 1, next_at: new Date(now.getTime() + minutes * 60_000) }),
          })
          .where('id', '=', mail.id)
          .execute();
        return isAway ? 'away' : 'refused';
      }
      // What it said is not kept: it may have held a link that signs in.
      await tx
        .updateTable('mail_outbox')
        .set({ sent_at: new Date(), body: '', fault: null })
        .where('id', '=', mail.id)
        .execute();
      return 'sent';
    });
  }

  /** How the mail goes, for the operator. */
  async state(): Promise<MailState> {
    const { rows } = await sql<{ waiting: number; failing: number; sent: number; fault: string | null }>`
      select count(*) filter (where sent_at is null)::int as waiting,
        count(*) filter (where sent_at is null and fault is not null)::int as failing,
        count(*) filter (where sent_at is not null)::int as sent,
        (select fault from mail_outbox where fault is not null order by id desc limit 1) as fault
      from mail_outbox`.execute(this.db);
    const { waiting, failing, sent, fault } = rows[0]!;
    return {
      isOn: this.account !== undefined,
      ...(this.account ? { from: this.account.from } : {}),
      waiting,
      failing,
      sent,
      ...(fault === null ? {} : { lastFault: fault }),
    };
  }
}
