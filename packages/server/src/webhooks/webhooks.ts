import { createHmac, randomBytes, randomUUID } from 'node:crypto';
import type { SearchIndex, SearchQuery } from '@micrarium/repository';
import { searchFacets } from '@micrarium/standards';
import { type Kysely, sql } from 'kysely';
import { noteEvent } from '../audit/audit-log.ts';
import { sealed, unsealed } from '../auth/totp.ts';
import type { Database } from '../database/connect.ts';
import type { Tables } from '../database/tables.ts';
import { AddressRefused, type AddressRule, askPublic, judgedAddress } from '../outside/public-file.ts';
import { tracedCall } from '../tracing/tracing.ts';

/** What a webhook tells of: versions of studies that a search finds, or what its owner is told of on the page of notices. */
export type WebhookEvents = 'search' | 'notices';

/** One thing told, or to be told. */
export interface Delivery {
  id: string;
  event: string;
  createdAt: string;
  tries: number;
  state: 'delivered' | 'waiting' | 'given-up';
  /** When it is tried next. */
  nextAt?: string;
  /** Status the server answered with last. */
  status?: number;
  fault?: string;
}

/** A webhook without its secret. */
export interface Webhook {
  id: string;
  target: string;
  events: WebhookEvents;
  query: string;
  createdAt: string;
  /** The newest first. */
  deliveries: Delivery[];
}

/** Webhooks a person may have. */
export const mostWebhooks = 20;
/** After this many tries (about two days) a delivery is given up. */
export const mostTries = 14;
/** Minutes between tries: 1, 2, 4 … at most six hours. */
const longestWait = 360;
const shownDeliveries = 10;
const keptDays = 30;
/** Deliveries of one round. */
const atOnce = 20;
/** Versions of studies of one search that are looked at in a round. */
const searched = 50;
/** Milliseconds a server may take for its answer. */
const patience = 15_000;
/** Seconds in which a delivery that was taken is not taken by another process. */
const lease = 60;

/** The signature of a body: HMAC-SHA256 over `TIMESTAMP.BODY` with the secret as it was shown. */
export function signatureOf(secret: string, timestamp: number, body: string): string {
  return `sha256=${createHmac('sha256', secret).update(`${timestamp}.${body}`).digest('hex')}`;
}

/** The search that the words of an address ask for, newest first. */
export function searchOfAddress(query: string): SearchQuery {
  const asked = new URLSearchParams(query);
  const words = asked.get('q')?.slice(0, 1000) ?? '';
  const filters = Object.fromEntries(searchFacets.map(({ name }) => [name, asked.getAll(name).slice(0, 50)]));
  return { filters, sort: 'newest', limit: searched, ...(words === '' ? {} : { words }) };
}

/** Tells programs at addresses that people name. Everything goes through a table of deliveries, which several processes may work off. */
export class Webhooks {
  private readonly db: Database;
  private readonly search: SearchIndex;
  private readonly installationSecret: string;
  private readonly rule: AddressRule;
  private readonly home: string;
  private readonly isHeld: boolean;
  private running: Promise<number> | undefined;

  /**
   * @param home address of the installation, for links
   * @param rule which IP addresses may be told
   * @param isHeld nobody is told; what is new waits
   */
  constructor(
    db: Database,
    search: SearchIndex,
    options: { secret: string; rule: AddressRule; home: string; isHeld?: boolean },
  ) {
    this.db = db;
    this.search = search;
    this.installationSecret = options.secret;
    this.rule = options.rule;
    this.home = options.home;
    this.isHeld = options.isHeld === true;
  }

  /** Webhooks of somebody with their last deliveries, oldest webhook first. */
  async list(userId: string): Promise<Webhook[]> {
    const rows = await this.db
      .selectFrom('webhook')
      .selectAll()
      .where('user_id', '=', userId)
      .orderBy('created_at')
      .execute();
    return await Promise.all(
      rows.map(async ({ id, target, events, query, created_at: at }) => {
        const deliveries = await this.db
          .selectFrom('webhook_delivery')
          .selectAll()
          .where('webhook_id', '=', id)
          .orderBy('created_at', 'desc')
          .limit(shownDeliveries)
          .execute();
        return { id, target, events, query, createdAt: at.toISOString(), deliveries: deliveries.map(shown) };
      }),
    );
  }

  /**
   * Makes a webhook, with a first delivery that tries it out. What was there before is not told.
   * @returns its id and the secret, which is not told again; `undefined` where somebody has as many as one may have
   * @throws AddressRefused where the target is no https address, or one of a closed network
   */
  async make(
    userId: string,
    wanted: { target: string; events: WebhookEvents; query: string },
  ): Promise<{ id: string; secret: string } | undefined> {
    const url = judgedAddress(wanted.target, this.rule);
    if (url.protocol !== 'https:' && !this.rule('', url.host))
      throw new AddressRefused('Only addresses of https are told.', { code: 'scheme' });
    const [id, secret] = [randomUUID(), `whsec_${randomBytes(24).toString('base64url')}`];
    return await this.db.transaction().execute(async (tx) => {
      const { count } = await tx
        .selectFrom('webhook')
        .select((of) => of.fn.countAll<number>().as('count'))
        .where('user_id', '=', userId)
        .executeTakeFirstOrThrow();
      if (count >= mostWebhooks) return undefined;
      const newest = await tx
        .selectFrom('notice')
        .select((of) => of.fn.max('id').as('id'))
        .executeTakeFirst();
      await tx
        .insertInto('webhook')
        .values({
          ...wanted,
          target: url.href,
          id,
          user_id: userId,
          secret: sealed(Buffer.from(secret), this.installationSecret),
          seen_notice: newest?.id ?? 0,
        })
        .execute();
      await this.enter(tx, new Date(), { webhook: id, once: 'made', event: 'webhook.made' }, { webhook: id });
      await noteEvent(tx, 'webhook.make', id, { host: url.host, events: wanted.events });
      return { id, secret };
    });
  }

  /** Ends a webhook of somebody, with what it was to tell. @returns whether there was one */
  async remove(userId: string, id: string): Promise<boolean> {
    return await this.db.transaction().execute(async (tx) => {
      const gone = await tx
        .deleteFrom('webhook')
        .where('id', '=', id)
        .where('user_id', '=', userId)
        .returning('id')
        .executeTakeFirst();
      if (gone) await noteEvent(tx, 'webhook.remove', id);
      return gone !== undefined;
    });
  }

  /** Looks for what is new, and sends what is due; two calls at once are one. @returns how many deliveries arrived */
  drain(now: Date = new Date()): Promise<number> {
    if (this.isHeld) return Promise.resolve(0);
    this.running ??= this.round(now).finally(() => {
      this.running = undefined;
    });
    return this.running;
  }

  private async round(now: Date): Promise<number> {
    const all = await this.db
      .selectFrom('webhook')
      .innerJoin('auth_user', 'auth_user.id', 'webhook.user_id')
      .select(['webhook.id', 'user_id', 'events', 'query', 'created_at', 'seen_notice'])
      .where('disabled_at', 'is', null)
      .execute();
    if (all.length === 0) return 0;
    for (const one of all)
      await (one.events === 'search'
        ? this.lookForStudies(one.id, one.query, one.created_at, now)
        : this.lookForNotices(one.id, one.user_id, one.seen_notice, now));
    let arrived = 0;
    for (let at = 0; at < atOnce; at++) {
      const told = await this.deliverOne(now);
      if (told === undefined) break;
      if (told) arrived++;
    }
    await this.db
      .deleteFrom('webhook_delivery')
      .where('created_at', '<', sql<Date>`now() - make_interval(days => ${keptDays})`)
      .execute();
    return arrived;
  }

  /** Versions that came out after the webhook was made: those told already are known by their name. */
  private async lookForStudies(webhook: string, query: string, since: Date, now: Date): Promise<void> {
    const { studies } = await this.search.search(searchOfAddress(query));
    for (const study of studies.filter(({ publishedAt }) => Date.parse(publishedAt) >= since.getTime()).toReversed()) {
      const { accession, version, title, publishedAt, licence } = study;
      const url = `${this.home}/studies/${accession}/v/${version}`;
      const told = { accession, version, title, publishedAt, licence, url };
      const once = `${accession} ${version}`;
      await this.enter(this.db, now, { webhook, once, event: 'study.published' }, { query, study: told });
    }
  }

  private async lookForNotices(webhook: string, userId: string, seen: number, now: Date): Promise<void> {
    const rows = await this.db
      .selectFrom('notice')
      .select(['id', 'kind', 'link', 'detail', 'at'])
      .where('user_id', '=', userId)
      .where('id', '>', seen)
      .orderBy('id')
      .limit(searched)
      .execute();
    for (const { id: notice, kind, link, detail, at } of rows)
      await this.enter(
        this.db,
        now,
        { webhook, once: `notice ${notice}`, event: `notice.${kind}` },
        { url: `${this.home}${link}`, detail, noticedAt: at.toISOString() },
      );
    const last = rows.at(-1);
    if (last) await this.db.updateTable('webhook').set({ seen_notice: last.id }).where('id', '=', webhook).execute();
  }

  /** Enters what is to be told; once under its name. */
  private async enter(
    tx: Kysely<Tables>,
    now: Date,
    { webhook, once, event }: { webhook: string; once: string; event: string },
    data: object,
  ): Promise<void> {
    const id = randomUUID();
    const body = JSON.stringify({ id, event, at: now.toISOString(), ...data });
    await tx
      .insertInto('webhook_delivery')
      .values({ id, webhook_id: webhook, once, event, body, next_at: now })
      .onConflict((conflict) => conflict.columns(['webhook_id', 'once']).doNothing())
      .execute();
  }

  /** Takes one delivery that is due; `undefined` where there is none. @returns whether it arrived */
  private async deliverOne(now: Date): Promise<boolean | undefined> {
    const taken = await this.db
      .updateTable('webhook_delivery')
      .set({ next_at: new Date(now.getTime() + lease * 1000), tries: sql<number>`tries + 1` })
      .where('id', '=', (of) =>
        of
          .selectFrom('webhook_delivery')
          .select('id')
          .where('delivered_at', 'is', null)
          // Nothing waits for a day: what seems to was put off by a clock that was ahead.
          .where((one) =>
            one.or([one('next_at', '<=', now), one('next_at', '>', new Date(now.getTime() + 86_400_000))]),
          )
          .where('tries', '<', mostTries)
          .orderBy('next_at')
          .limit(1)
          .forUpdate()
          .skipLocked(),
      )
      .returningAll()
      .executeTakeFirst();
    if (!taken) return undefined;
    const webhook = await this.db
      .selectFrom('webhook')
      .select(['target', 'secret'])
      .where('id', '=', taken.webhook_id)
      .executeTakeFirst();
    if (!webhook) return false;
    const secret = unsealed(webhook.secret, this.installationSecret).toString();
    const outcome = await this.post(webhook.target, secret, taken.id, taken.event, taken.body);
    const minutes = Math.min(longestWait, 2 ** (taken.tries - 1));
    const isThere = outcome.fault === undefined;
    await this.db
      .updateTable('webhook_delivery')
      .set({
        status: outcome.status ?? null,
        fault: outcome.fault?.slice(0, 300) ?? null,
        ...(isThere ? { delivered_at: new Date() } : { next_at: new Date(now.getTime() + minutes * 60_000) }),
      })
      .where('id', '=', taken.id)
      .execute();
    return isThere;
  }

  private async post(
    target: string,
    secret: string,
    id: string,
    event: string,
    body: string,
  ): Promise<{ status?: number; fault?: string }> {
    const timestamp = Math.floor(Date.now() / 1000);
    try {
      const headers = {
        'content-type': 'application/json',
        'content-length': String(Buffer.byteLength(body)),
        'micrarium-delivery': id,
        'micrarium-event': event,
        'micrarium-timestamp': String(timestamp),
        'micrarium-signature': signatureOf(secret, timestamp, body),
      };
      const status = await tracedCall('webhook', 'POST', async (place, span) => {
        const signal = AbortSignal.timeout(patience);
        const told = await askPublic(
          target,
          { method: 'POST', body, headers: { ...headers, ...place }, signal },
          this.rule,
        );
        // What it says is nobody's business here.
        told.answer.destroy();
        span.add({ 'http.response.status_code': told.status });
        return told.status;
      });
      return status >= 200 && status < 300 ? { status } : { status, fault: `The server answered ${status}.` };
    } catch (fault) {
      return { fault: fault instanceof AddressRefused ? fault.message : 'The server did not answer in time.' };
    }
  }
}

function shown(row: {
  id: string;
  event: string;
  created_at: Date;
  next_at: Date;
  tries: number;
  delivered_at: Date | null;
  status: number | null;
  fault: string | null;
}): Delivery {
  const state = row.delivered_at ? 'delivered' : row.tries >= mostTries ? 'given-up' : 'waiting';
  return {
    id: row.id,
    event: row.event,
    createdAt: row.created_at.toISOString(),
    tries: row.tries,
    state,
    ...(state === 'waiting' ? { nextAt: row.next_at.toISOString() } : {}),
    ...(row.status === null ? {} : { status: row.status }),
    ...(row.fault === null ? {} : { fault: row.fault }),
  };
}
