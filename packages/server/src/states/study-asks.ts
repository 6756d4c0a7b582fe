import { randomUUID } from 'node:crypto';
import { closingGrounds, type ClosingGround } from '@micrarium/repository';
import { sql } from 'kysely';
import { whoActs } from '../audit/acting.ts';
import { noteEvent } from '../audit/audit-log.ts';
import type { Database } from '../database/connect.ts';
import type { Notices } from '../notices/notices.ts';
import { titleOf } from '../questions/authors.ts';
import { StateRefused } from './state-refused.ts';

/** A change of a published study that somebody asks for and somebody else decides on. */
export interface StudyAsk {
  id: string;
  accession: string;
  /** `withdraw` is asked for by the owner; `restrict` by a curator, for another; `purge` by an owner of the installation, for another. */
  change: 'restrict' | 'withdraw' | 'purge';
  ground?: ClosingGround;
  reason: string;
  replacedBy?: string;
  /** Name of who asked, as of now. */
  askedBy: string;
  /** Did who looks at it ask? */
  isMine: boolean;
  askedAt: string;
}

interface Ports {
  db: Database;
  notices: Notices;
}

/** What is asked for and not decided, of one study or of all, the oldest first. */
export async function openAsks(db: Database, accession?: string): Promise<StudyAsk[]> {
  const rows = await db
    .selectFrom('study_ask')
    .leftJoin('auth_user', 'auth_user.id', 'study_ask.asked_by')
    .selectAll('study_ask')
    .select('auth_user.name')
    .where('study_ask.state', '=', 'open')
    .$if(accession !== undefined, (query) => query.where('accession', '=', accession!))
    .orderBy('asked_at')
    .limit(1000)
    .execute();
  return rows.map((row) => ({
    id: row.id,
    accession: row.accession,
    change: row.change,
    ...(row.ground === null ? {} : { ground: row.ground as ClosingGround }),
    reason: row.reason,
    ...(row.replaced_by === null ? {} : { replacedBy: row.replaced_by }),
    askedBy: row.name ?? '',
    isMine: row.asked_by === whoActs().actor,
    askedAt: row.asked_at.toISOString(),
  }));
}

/** How many people there are with a role: a second one is asked for only where there is one. */
export async function peopleWithRole(db: Database, roles: readonly ('owner' | 'curator')[]): Promise<number> {
  const { rows } = await sql<{ n: number }>`select count(*)::int as n from auth_user
    where role = any(${[...roles]}) and disabled_at is null`.execute(db);
  return rows[0]!.n;
}

/**
 * Asks for a change; those who may decide on it are told.
 * @param tell accounts of those who decide
 * @throws StateRefused where the same is asked for already, or nothing is said
 */
export async function askForChange(
  { db, notices }: Ports,
  wanted: Pick<StudyAsk, 'accession' | 'change' | 'reason'> & {
    ground?: string | undefined;
    replacedBy?: string | undefined;
    name: string;
  },
  tell: readonly string[],
): Promise<void> {
  const { accession, change, reason, ground, replacedBy, name } = wanted;
  if (reason.trim() === '') throw new StateRefused('Say why.');
  if (change !== 'withdraw' && !closingGrounds.some((one) => one === ground))
    throw new StateRefused(`Name the ground: ${closingGrounds.join(', ')}.`);
  const { actor } = whoActs();
  await db.transaction().execute(async (tx) => {
    const made = await tx
      .insertInto('study_ask')
      .values({
        id: randomUUID(),
        accession,
        change,
        reason: reason.trim(),
        ground: ground ?? null,
        replaced_by: replacedBy ?? null,
        asked_by: actor,
      })
      .onConflict((conflict) => conflict.doNothing())
      .returning('id')
      .executeTakeFirst();
    if (!made) throw new StateRefused('This is asked for already.', ['confirm', 'decline']);
    const detail = { accession, name, title: await titleOf(tx, accession) };
    await notices.tell(
      tell.filter((id) => id !== actor),
      { kind: 'study-asked', link: `/study-state/${accession}`, detail, quote: reason.trim() },
      tx,
    );
    await noteEvent(tx, 'study.ask', accession, { change, ask: made.id, ...(ground ? { ground } : {}) });
  });
}

/** What somebody decides of an ask. */
export interface Decision {
  isConfirmed: boolean;
  answer: string;
  /** Of who decides, as the notice tells it. */
  name: string;
}

/**
 * Decides on what was asked for: nobody confirms what they asked for themselves, but they may take it back.
 * @param tx in which a confirmed change is made too, so that no ask is done of which nothing was done
 * @throws StateRefused
 */
export async function decideAsk(
  tx: Database,
  notices: Notices,
  ask: StudyAsk,
  { isConfirmed, answer, name }: Decision,
): Promise<void> {
  const { actor } = whoActs();
  const { id, accession } = ask;
  if (isConfirmed && ask.isMine) throw new StateRefused('Somebody else confirms what you asked for.', ['take back']);
  const row = await tx
    .updateTable('study_ask')
    .set({
      state: isConfirmed ? 'done' : ask.isMine ? 'taken back' : 'declined',
      decided_by: actor,
      decided_at: new Date(),
      answer,
    })
    .where('id', '=', id)
    .where('state', '=', 'open')
    .returning('asked_by')
    .executeTakeFirst();
  if (!row) throw new StateRefused('Somebody decided on this in this moment.', []);
  const decision = isConfirmed ? 'done' : 'declined';
  const detail = { accession, name, title: await titleOf(tx, accession), decision };
  const notice = { kind: 'study-ask-decided' as const, link: `/study-state/${accession}`, detail };
  if (row.asked_by !== actor)
    await notices.tell([row.asked_by], { ...notice, ...(answer === '' ? {} : { quote: answer }) }, tx);
  await noteEvent(tx, isConfirmed ? 'study.ask-confirmed' : 'study.ask-closed', accession, { ask: id });
}

/** Puts a confirmed purge back where it could not be carried out. */
export async function reopenAsk(db: Database, id: string): Promise<void> {
  await db
    .updateTable('study_ask')
    .set({ state: 'open', decided_by: null, decided_at: null })
    .where('id', '=', id)
    .where('state', '=', 'done')
    .execute();
}

/** Closes open asks for a change that was made by another way. */
export async function closeAsks(tx: Database, accession: string, change: StudyAsk['change']): Promise<void> {
  await tx
    .updateTable('study_ask')
    .set({ state: 'done', decided_by: whoActs().actor, decided_at: new Date() })
    .where('accession', '=', accession)
    .where('change', '=', change)
    .where('state', '=', 'open')
    .execute();
}
