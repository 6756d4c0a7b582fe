import { randomUUID } from 'node:crypto';
import { type Kysely, type Selectable, sql } from 'kysely';
import { noteEvent } from '../audit/audit-log.ts';
import { askToKeep } from '../kept/ask-to-keep.ts';
import { newSecret, secretHash } from '../auth/secrets.ts';
import type { Database } from '../database/connect.ts';
import type { Tables } from '../database/tables.ts';
import { mailOf } from '../notices/mail-words.ts';
import type { Notices } from '../notices/notices.ts';
import { authorsOf, titleOf } from './authors.ts';

type Row = Selectable<Tables['study_question']>;

/** A question with its answer, as everybody sees it who may see it: addresses are never in it. */
export interface Question {
  id: string;
  accession: string;
  /** Version that was newest when it was asked. */
  version: number;
  text: string;
  askerName: string;
  /** ISO 8601. */
  askedAt: string;
  answer?: string;
  answeredAt?: string;
  askerAgrees: boolean;
  authorAgrees: boolean;
  /** Answered, and both agree that everybody reads it. */
  isPublic: boolean;
}

/** Who sees questions of a study: nobody in particular, somebody, or somebody who answers for it. */
export interface Reader {
  userId?: string;
  isAuthor: boolean;
}

/** Most that one account, or one address, may ask within an hour and a day. */
const mostAsked = { hour: 5, day: 20 };
/** Days after which a question whose address nobody confirmed is dropped. */
const unconfirmedDays = 3;

function toQuestion(row: Row): Question {
  return {
    id: row.id,
    accession: row.accession,
    version: row.version,
    text: row.text,
    askerName: row.asker_name,
    askedAt: row.asked_at.toISOString(),
    ...(row.answer === null ? {} : { answer: row.answer }),
    ...(row.answered_at === null ? {} : { answeredAt: row.answered_at.toISOString() }),
    askerAgrees: row.asker_agrees,
    authorAgrees: row.author_agrees,
    isPublic: row.answer !== null && row.asker_agrees && row.author_agrees,
  };
}

/** Questions to the authors of studies: kept here, sent on by mail, with the addresses of both sides hidden from the other. */
export class Questions {
  private readonly db: Database;
  private readonly notices: Notices;

  constructor(db: Database, notices: Notices) {
    this.db = db;
    this.notices = notices;
  }

  /** Questions somebody may see, oldest first: the public ones, their own, and all where they answer for the study. */
  async list(accession: string, reader: Reader): Promise<(Question & { isMine: boolean })[]> {
    const rows = await this.db
      .selectFrom('study_question')
      .selectAll()
      .where('accession', '=', accession)
      .where('state', '<>', 'unconfirmed')
      .orderBy('asked_at')
      .limit(1000)
      .execute();
    return rows
      .map((row) => ({ ...toQuestion(row), isMine: reader.userId !== undefined && row.asked_by === reader.userId }))
      .filter(({ isPublic, isMine }) => isPublic || isMine || reader.isAuthor);
  }

  /** Seconds to wait where this asker asked as often as one may; 0 where not. Counted in the database: for all processes alike. */
  async waitOf(asker: { userId: string } | { email: string }): Promise<number> {
    const { rows } = await sql<{ hour: number; day: number }>`select
      count(*) filter (where asked_at > now() - interval '1 hour')::int as hour, count(*)::int as day
      from study_question where asked_at > now() - interval '1 day' and
      ${'userId' in asker ? sql`asked_by = ${asker.userId}` : sql`asker_email = ${asker.email}`}`.execute(this.db);
    const { hour, day } = rows[0]!;
    if (day >= mostAsked.day) return 86_400;
    return hour >= mostAsked.hour ? 3_600 : 0;
  }

  /** Takes a question of somebody with an account and sends it on. */
  async ask(question: {
    accession: string;
    version: number;
    text: string;
    askerAgrees: boolean;
    asker: { id: string; name: string };
  }): Promise<Question> {
    const { accession, version, text, askerAgrees, asker } = question;
    return await this.db.transaction().execute(async (tx) => {
      const row = await tx
        .insertInto('study_question')
        .values({
          id: randomUUID(),
          accession,
          version,
          text,
          asked_by: asker.id,
          asker_name: asker.name,
          asker_email: null,
          secret_hash: null,
          state: 'open',
          asker_agrees: askerAgrees,
        })
        .returningAll()
        .executeTakeFirstOrThrow();
      await this.sendOn(tx, row);
      return toQuestion(row);
    });
  }

  /**
   * Takes a question of a visitor. It waits until the address is confirmed; the mail for that holds no word of the visitor's, so that nobody
   * can have us write to others what they like.
   * @param page address of the page of questions, to which the secret is added behind `#`
   */
  async askByMail(
    question: {
      accession: string;
      version: number;
      text: string;
      askerAgrees: boolean;
      name: string;
      email: string;
    },
    page: string,
  ): Promise<void> {
    const { accession, version, text, askerAgrees, name, email } = question;
    const secret = newSecret();
    await this.db.transaction().execute(async (tx) => {
      await sql`delete from study_question where state = 'unconfirmed'
        and asked_at < now() - make_interval(days => ${unconfirmedDays})`.execute(tx);
      await tx
        .insertInto('study_question')
        .values({
          id: randomUUID(),
          accession,
          version,
          text,
          asked_by: null,
          asker_name: name,
          asker_email: email,
          secret_hash: secretHash(secret),
          state: 'unconfirmed',
          asker_agrees: askerAgrees,
        })
        .execute();
      const detail = { accession, title: await titleOf(tx, accession) };
      await this.notices.send(email, mailOf('question-confirm', detail, `${page}#token=${secret}`), tx);
    });
  }

  /** The question of a link that a visitor was sent; the first time it is opened the question goes to the authors. */
  async open(secret: string, askerAgrees?: boolean): Promise<Question | undefined> {
    return await this.db.transaction().execute(async (tx) => {
      const row = await tx
        .selectFrom('study_question')
        .selectAll()
        .where('secret_hash', '=', secretHash(secret))
        .forUpdate()
        .executeTakeFirst();
      if (!row) return undefined;
      const isNew = row.state === 'unconfirmed';
      const changed = {
        state: isNew ? ('open' as const) : row.state,
        asker_agrees: askerAgrees ?? row.asker_agrees,
      };
      await tx.updateTable('study_question').set(changed).where('id', '=', row.id).execute();
      if (isNew) await this.sendOn(tx, row);
      if (row.answer !== null) await askToKeep(tx, 'readers', row.accession);
      return toQuestion({ ...row, ...changed });
    });
  }

  /** Answers, or answers anew; the asker is told what the answer says. `false` where there is no such question. */
  async answer(
    accession: string,
    id: string,
    answer: { text: string; authorAgrees: boolean; by: { id: string; name: string } },
    page: string,
  ): Promise<boolean> {
    const { text, authorAgrees, by } = answer;
    return await this.db.transaction().execute(async (tx) => {
      const row = await tx
        .updateTable('study_question')
        .set({
          state: 'answered',
          answer: text,
          answered_by: by.id,
          answered_at: new Date(),
          author_agrees: authorAgrees,
        })
        .where('id', '=', id)
        .where('accession', '=', accession)
        .where('state', '<>', 'unconfirmed')
        .returningAll()
        .executeTakeFirst();
      if (!row) return false;
      const link = `/questions/${accession}`;
      const detail = { accession, name: by.name, title: await titleOf(tx, accession) };
      if (row.asker_email !== null)
        await this.notices.send(row.asker_email, mailOf('answer', detail, page, { quote: text }), tx);
      else await this.notices.tell([row.asked_by ?? undefined], { kind: 'answer', link, detail, quote: text }, tx);
      await askToKeep(tx, 'readers', accession);
      await noteEvent(tx, 'question.answer', accession, { question: id });
      return true;
    });
  }

  /** Says whether one side agrees that everybody reads it. `false` where there is no such question of theirs. */
  async agree(accession: string, id: string, reader: Reader, agrees: boolean): Promise<boolean> {
    const own = await this.own(accession, id, reader);
    if (!own) return false;
    // Who asks and answers for the study alike speaks for both.
    const changed = {
      ...(own.asked_by === reader.userId ? { asker_agrees: agrees } : {}),
      ...(reader.isAuthor ? { author_agrees: agrees } : {}),
    };
    await this.db.transaction().execute(async (tx) => {
      await tx.updateTable('study_question').set(changed).where('id', '=', id).execute();
      await askToKeep(tx, 'readers', accession);
    });
    return true;
  }

  /** Takes a question away, with its answer: for who asked, who answers for the study, and curators. */
  async remove(accession: string, id: string, reader: Reader): Promise<boolean> {
    if (!(await this.own(accession, id, reader))) return false;
    return await this.db.transaction().execute(async (tx) => {
      await tx.deleteFrom('study_question').where('id', '=', id).execute();
      await askToKeep(tx, 'readers', accession);
      await noteEvent(tx, 'question.remove', accession, { question: id });
      return true;
    });
  }

  private async own(accession: string, id: string, reader: Reader): Promise<Row | undefined> {
    const row = await this.db
      .selectFrom('study_question')
      .selectAll()
      .where('id', '=', id)
      .where('accession', '=', accession)
      .where('state', '<>', 'unconfirmed')
      .executeTakeFirst();
    return row && (reader.isAuthor || row.asked_by === reader.userId) ? row : undefined;
  }

  private async sendOn(tx: Kysely<Tables>, { accession, id, text, asker_name: name }: Row): Promise<void> {
    const detail = { accession, name, title: await titleOf(tx, accession) };
    const to = await authorsOf(tx, accession);
    await this.notices.tell(to, { kind: 'question', link: `/questions/${accession}`, detail, quote: text }, tx);
    await noteEvent(tx, 'question.ask', accession, { question: id });
  }
}
