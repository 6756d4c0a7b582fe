import { createHash, randomUUID } from 'node:crypto';
import type { AccessDeclaration } from '@micrarium/repository';
import type { DataUse } from '@micrarium/standards';
import { sql } from 'kysely';
import { canonicalJson, noteAlone, noteEvent } from '../audit/audit-log.ts';
import type { Database } from '../database/connect.ts';
import { Remembered } from '../http/remembered.ts';
import type { Notices } from '../notices/notices.ts';
import { authorsOf, depositorOf, titleOf } from '../questions/authors.ts';
import type { AccessWords } from './access-words.ts';
import { StateRefused } from '../states/state-refused.ts';

/** A request to read the files of a study that are given on request. */
export interface AccessRequest {
  id: string;
  /** `emergency`: a curator or the owner of the installation opened the files for a day, with a reason. */
  kind: 'request' | 'emergency';
  state: 'asked' | 'granted' | 'refused' | 'ended';
  name: string;
  purpose: string;
  institution: string;
  /** What is to be done with the files, step by step; where the ethics document is; who else works with them. */
  plan: string;
  ethics: string;
  team: string[];
  /** What was asked back and answered before it was decided. */
  talk: AccessWords[];
  /** Why it was refused or ended, or what was said with the grant. */
  reason: string;
  /** ISO 8601. */
  askedAt: string;
  decidedAt?: string;
  /** Until when a grant counts. */
  until?: string;
  /** Which state of the terms was agreed to; left out of requests from before it was noted, and where there was nothing to agree to. */
  termsVersion?: string;
}

/** What whoever asks for access agrees to, as it was shown. */
export interface AgreedTerms {
  /** Changes with every word: the first digits of a digest. */
  version: string;
  text: string;
  dataUse: readonly DataUse[];
}

/** A grant that counts now, with all that a program is told of it. */
export interface Permission {
  id: string;
  /** Account that holds it. */
  userId: string;
  name: string;
  institution: string;
  purpose: string;
  /** Who works with the files besides. */
  team: string[];
  /** ISO 8601, as the times below. */
  askedAt: string;
  grantedAt: string;
  until: string;
  terms: AgreedTerms;
}

/** What one agrees to who asks for files under a declaration. */
export function agreedTerms(declaration: AccessDeclaration | undefined): AgreedTerms {
  const { terms: text = '', dataUse = [] } = declaration ?? {};
  // Undefined members would be written differently before and after the database.
  const plain = JSON.parse(JSON.stringify({ text, dataUse })) as { text: string; dataUse: DataUse[] };
  const version = createHash('sha256').update(canonicalJson(plain)).digest('hex').slice(0, 16);
  return { version, ...plain };
}

/** Somebody who read controlled files, or decided on them: from the audit log. */
export interface AccessEvent {
  at: string;
  name: string;
  action: string;
  /** Path of what was read; `''` where nothing was. */
  path: string;
  /** Size of the file, where one file of the study was read. */
  bytes?: number;
}

/** Hours for which files are open in an emergency. */
export const emergencyHours = 24;
/** Most that is said of one request before it is decided. */
const mostWords = 50;
/** Milliseconds within which reading the same file again is no further event. */
const eventsApart = 3_600_000;

interface Row {
  id: string;
  kind: AccessRequest['kind'];
  state: AccessRequest['state'];
  user_id: string;
  name: string;
  purpose: string;
  institution: string;
  plan: string;
  ethics: string;
  team: string[];
  talk: AccessWords[];
  terms: string;
  terms_version: string;
  data_use: DataUse[];
  reason: string;
  asked_at: Date;
  decided_at: Date | null;
  until: Date | null;
}

function toRequest(row: Row, now: Date): AccessRequest {
  const isOver = row.state === 'granted' && row.until !== null && row.until <= now;
  return {
    id: row.id,
    kind: row.kind,
    state: isOver ? 'ended' : row.state,
    name: row.name,
    purpose: row.purpose,
    institution: row.institution,
    plan: row.plan,
    ethics: row.ethics,
    team: row.team,
    talk: row.talk,
    reason: row.reason,
    askedAt: row.asked_at.toISOString(),
    ...(row.decided_at === null ? {} : { decidedAt: row.decided_at.toISOString() }),
    ...(row.until === null ? {} : { until: row.until.toISOString() }),
    ...(row.terms_version === '' ? {} : { termsVersion: row.terms_version }),
  };
}

/** Who may read files that are given on request: requests, decisions, grants that end, and the trace of every reading. */
export class AccessRequests {
  private readonly db: Database;
  private readonly notices: Notices;
  private readonly noted = new Remembered<true>(eventsApart);

  constructor(db: Database, notices: Notices) {
    this.db = db;
    this.notices = notices;
  }

  /** Who decides: the people named for the study; where nobody is named, who deposited it; where that account is closed, curators. */
  async deciders(accession: string): Promise<string[]> {
    const named = await this.db
      .selectFrom('access_committee')
      .innerJoin('auth_user', 'auth_user.id', 'access_committee.user_id')
      .select('user_id')
      .where('accession', '=', accession)
      .where('disabled_at', 'is', null)
      .execute();
    if (named.length > 0) return named.map(({ user_id }) => user_id);
    const depositor = await depositorOf(this.db, accession);
    return depositor === undefined ? await this.notices.withRole(['curator', 'owner']) : [depositor];
  }

  /** People named to decide. */
  async committee(accession: string): Promise<{ id: string; name: string }[]> {
    return await this.db
      .selectFrom('access_committee')
      .innerJoin('auth_user', 'auth_user.id', 'access_committee.user_id')
      .select(['auth_user.id', 'auth_user.name'])
      .where('accession', '=', accession)
      .where('disabled_at', 'is', null)
      .orderBy('auth_user.name')
      .execute();
  }

  /** Names somebody to decide, or takes them out. */
  async name(accession: string, userId: string, isIn: boolean): Promise<void> {
    await this.db.transaction().execute(async (tx) => {
      const row = { accession, user_id: userId };
      if (isIn)
        await tx
          .insertInto('access_committee')
          .values(row)
          .onConflict((conflict) => conflict.doNothing())
          .execute();
      else
        await tx
          .deleteFrom('access_committee')
          .where('accession', '=', accession)
          .where('user_id', '=', userId)
          .execute();
      await noteEvent(tx, 'access.committee', accession, { member: userId, isIn });
    });
  }

  /** Does somebody hold a grant that counts now? Asked for with every reading, so that one that is ended is closed at once. */
  async isGranted(accession: string, userId: string): Promise<boolean> {
    const row = await this.db
      .selectFrom('access_request')
      .select('id')
      .where('accession', '=', accession)
      .where('user_id', '=', userId)
      .where('state', '=', 'granted')
      .where('until', '>', sql<Date>`now()`)
      .executeTakeFirst();
    return row !== undefined;
  }

  /** Requests for a study, newest first; with a user, theirs only. */
  async list(accession: string, userId?: string): Promise<AccessRequest[]> {
    const { rows } = await sql<Row>`select access_request.*, auth_user.name from access_request
      join auth_user on auth_user.id = user_id where accession = ${accession}
      ${userId === undefined ? sql`` : sql`and user_id = ${userId}`} order by asked_at desc limit 1000`.execute(
      this.db,
    );
    const now = new Date();
    return rows.map((row) => toRequest(row, now));
  }

  /** A grant that counts now; `undefined` where there is none: it was never given, it ended, or it is an emergency. */
  async permission(accession: string, id: string): Promise<Permission | undefined> {
    const { rows } = await sql<Row>`select access_request.*, auth_user.name from access_request
      join auth_user on auth_user.id = user_id where accession = ${accession} and access_request.id = ${id}
      and kind = 'request' and state = 'granted' and until > now()`.execute(this.db);
    const [row] = rows;
    if (!row || row.until === null) return undefined;
    return {
      id: row.id,
      userId: row.user_id,
      name: row.name,
      institution: row.institution,
      purpose: row.purpose,
      team: row.team,
      askedAt: row.asked_at.toISOString(),
      grantedAt: (row.decided_at ?? row.asked_at).toISOString(),
      until: row.until.toISOString(),
      terms: { version: row.terms_version, text: row.terms, dataUse: row.data_use },
    };
  }

  /** What was decided, and who read which files when, newest first: the trace that those who answer for the study see. */
  async events(accession: string): Promise<AccessEvent[]> {
    const rows = await this.db
      .selectFrom('audit_event')
      .leftJoin('auth_user', 'auth_user.id', 'audit_event.actor')
      .select(['at', 'auth_user.name', 'action', 'detail'])
      .where('target', '=', accession)
      .where('action', 'like', 'access.%')
      .orderBy('seq', 'desc')
      .limit(500)
      .execute();
    return rows.map(({ at, name, action, detail: { path, bytes } }) => ({
      at: at.toISOString(),
      name: name ?? '',
      action,
      path: typeof path === 'string' ? path : '',
      ...(typeof bytes === 'number' ? { bytes } : {}),
    }));
  }

  /** Asks for access. @throws StateRefused where a request is open, or access is granted */
  async ask(
    accession: string,
    by: { id: string; name: string },
    wanted: Pick<AccessRequest, 'purpose' | 'institution' | 'plan' | 'ethics' | 'team'> & { terms: AgreedTerms },
  ): Promise<void> {
    const { purpose, institution, plan, ethics, team, terms } = wanted;
    await this.db.transaction().execute(async (tx) => {
      await sql`select 1 from study where accession = ${accession} for update`.execute(tx);
      const { rows } = await sql<{ state: string }>`select state from access_request where accession = ${accession}
        and user_id = ${by.id} and (state = 'asked' or (state = 'granted' and until > now()))`.execute(tx);
      if (rows[0])
        throw new StateRefused(
          rows[0].state === 'asked' ? 'Your request waits for a decision.' : 'You may read the files already.',
        );
      const id = randomUUID();
      await tx
        .insertInto('access_request')
        .values({
          id,
          accession,
          user_id: by.id,
          kind: 'request',
          state: 'asked',
          purpose,
          institution,
          plan,
          ethics,
          team: JSON.stringify(team),
          terms: terms.text,
          terms_version: terms.version,
          data_use: JSON.stringify(terms.dataUse),
        })
        .execute();
      const detail = { accession, name: by.name, title: await titleOf(tx, accession) };
      const notice = { kind: 'access-asked' as const, link: `/access/${accession}`, detail, quote: purpose };
      await this.notices.tell(await this.deciders(accession), notice, tx);
      await noteEvent(tx, 'access.ask', accession, { request: id, terms: terms.version });
    });
  }

  /**
   * Decides on a request, or ends a grant; who asked is told.
   * @param decision `until`: ISO 8601, for a grant
   * @returns `false` where there is no such request in a state for it
   */
  async decide(
    accession: string,
    id: string,
    decision: { state: 'granted' | 'refused' | 'ended'; reason: string; until?: Date; by: string },
  ): Promise<boolean> {
    const { state, reason, until, by } = decision;
    return await this.db.transaction().execute(async (tx) => {
      const row = await tx
        .updateTable('access_request')
        .set({ state, reason, until: until ?? null, decided_by: by, decided_at: new Date() })
        .where('id', '=', id)
        .where('accession', '=', accession)
        // Nobody grants themselves what others are asked for.
        .where('user_id', '<>', by)
        .where('state', 'in', state === 'ended' ? ['granted'] : ['asked'])
        .returning('user_id')
        .executeTakeFirst();
      if (!row) return false;
      const detail = { accession, title: await titleOf(tx, accession), decision: state };
      const notice = { kind: 'access-decided' as const, link: `/access/${accession}`, detail };
      await this.notices.tell([row.user_id], notice, tx);
      await noteEvent(tx, `access.${state}`, accession, {
        request: id,
        to: row.user_id,
        ...(until ? { until: until.toISOString() } : {}),
      });
      return true;
    });
  }

  /**
   * Says something about a request that waits: those who decide ask back, who asked answers; the other side is told.
   * @returns `false` where there is no such request that waits, or who speaks is on neither side of it
   */
  async say(accession: string, id: string, text: string, by: { id: string; decides: boolean }): Promise<boolean> {
    return await this.db.transaction().execute(async (tx) => {
      const row = await tx
        .selectFrom('access_request')
        .select(['user_id', 'talk'])
        .where('id', '=', id)
        .where('accession', '=', accession)
        .where('state', '=', 'asked')
        .forUpdate()
        .executeTakeFirst();
      const isAsker = row?.user_id === by.id;
      if (!row || (!isAsker && !by.decides)) return false;
      if (row.talk.length >= mostWords)
        throw new StateRefused('Enough was said of this request: decide on it, or take it back and ask anew.');
      const said: AccessWords = { by: isAsker ? 'asker' : 'deciders', text, at: new Date().toISOString() };
      await tx
        .updateTable('access_request')
        .set({ talk: JSON.stringify([...row.talk, said]) })
        .where('id', '=', id)
        .execute();
      const detail = { accession, title: await titleOf(tx, accession) };
      const notice = { kind: 'access-said' as const, link: `/access/${accession}`, detail, quote: text };
      await this.notices.tell(isAsker ? await this.deciders(accession) : [row.user_id], notice, tx);
      await noteEvent(tx, 'access.said', accession, { request: id });
      return true;
    });
  }

  /** Takes a request of one's own back, or gives a grant up. */
  async withdraw(accession: string, id: string, userId: string): Promise<boolean> {
    return await this.db.transaction().execute(async (tx) => {
      const row = await tx
        .updateTable('access_request')
        .set({ state: 'ended', until: null })
        .where('id', '=', id)
        .where('accession', '=', accession)
        .where('user_id', '=', userId)
        .where('state', 'in', ['asked', 'granted'])
        .returning('id')
        .executeTakeFirst();
      if (row) await noteEvent(tx, 'access.ended', accession, { request: id, to: userId });
      return row !== undefined;
    });
  }

  /** Opens the files to a curator or the owner of the installation for a day. Those who answer for the study are told at once, and why. */
  async openInEmergency(accession: string, by: { id: string; name: string }, reason: string): Promise<void> {
    await this.db.transaction().execute(async (tx) => {
      const id = randomUUID();
      await tx
        .insertInto('access_request')
        .values({
          id,
          accession,
          user_id: by.id,
          kind: 'emergency',
          state: 'granted',
          purpose: reason,
          institution: '',
          terms: '',
          decided_by: by.id,
          decided_at: new Date(),
          until: new Date(Date.now() + emergencyHours * 3_600_000),
        })
        .execute();
      const to = [...(await authorsOf(tx, accession)), ...(await this.deciders(accession))];
      const detail = { accession, name: by.name, title: await titleOf(tx, accession) };
      const notice = { kind: 'access-emergency' as const, link: `/access/${accession}`, detail, quote: reason };
      await this.notices.tell(to, notice, tx);
      await noteEvent(tx, 'access.emergency', accession, { request: id, hours: emergencyHours });
    });
  }

  /**
   * Notes that somebody read controlled files: once an hour for each person and file. Awaited before a byte is sent: what cannot be noted is
   * not read.
   * @param bytes size of the file that is read, where it is one file of the study
   */
  async noteReading(
    accession: string,
    userId: string,
    path: string,
    bytes?: number,
    action = 'access.read',
  ): Promise<void> {
    await this.noted.get(`${action} ${accession} ${userId} ${path}`, async () => {
      await noteAlone(this.db, action, accession, {
        path: path.slice(0, 500),
        ...(bytes === undefined ? {} : { bytes }),
      });
      return true as const;
    });
  }

  /** Tells whose grants end within thirty days, each once. */
  async remind(now: Date): Promise<void> {
    const soon = new Date(now.getTime() + 30 * 86_400_000);
    const { rows } = await sql<{ id: string; accession: string; user_id: string; until: Date }>`
      select id, accession, user_id, until from access_request where kind = 'request' and state = 'granted'
      and until > ${now} and until <= ${soon}`.execute(this.db);
    for (const { id, accession, user_id: userId, until } of rows)
      await this.notices.tell([userId], {
        kind: 'access-ending',
        link: `/access/${accession}`,
        detail: { accession, day: until.toISOString().slice(0, 10), title: await titleOf(this.db, accession) },
        once: id,
      });
  }
}
