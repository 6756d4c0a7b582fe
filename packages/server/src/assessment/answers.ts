import type { Database } from '../database/connect.ts';
import { noteEvent } from '../audit/audit-log.ts';

/** How far a requirement is met, in the words of the certificate. */
export type Rating = 'in-progress' | 'implemented';

/** What the operator says about a requirement. */
export interface OperatorAnswer {
  text: string;
  rating: Rating | null;
}

/** All answers by requirement. */
export async function operatorAnswers(db: Database): Promise<Map<string, OperatorAnswer & { changedAt: string }>> {
  const rows = await db.selectFrom('assessment_answer').selectAll().execute();
  return new Map(
    rows.map(({ requirement, text, rating, changed_at }) => [
      requirement,
      { text, rating, changedAt: changed_at.toISOString() },
    ]),
  );
}

/**
 * Keeps an answer in place of the one before.
 * @param instead when the answer was given that this one replaces, `null` for none; left out, whatever is there
 * @returns `false` where another one is there: nothing is kept then
 */
export async function keepAnswer(
  db: Database,
  requirement: string,
  { text, rating }: OperatorAnswer,
  instead?: Date | null,
): Promise<boolean> {
  const row = { text, rating, changed_at: new Date() };
  return await db.transaction().execute(async (tx) => {
    const insert = tx.insertInto('assessment_answer').values({ requirement, ...row });
    const kept = instead
      ? await tx
          .updateTable('assessment_answer')
          .set(row)
          .where('requirement', '=', requirement)
          .where('changed_at', '=', instead)
          .returning('requirement')
          .executeTakeFirst()
      : await insert
          .onConflict((conflict) => {
            const one = conflict.column('requirement');
            return instead === null ? one.doNothing() : one.doUpdateSet(row);
          })
          .returning('requirement')
          .executeTakeFirst();
    if (!kept) return false;
    await noteEvent(tx, 'assessment.answer', requirement, { rating: rating ?? '' });
    return true;
  });
}
