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

/** Keeps an answer in place of the one before. */
export async function keepAnswer(db: Database, requirement: string, { text, rating }: OperatorAnswer): Promise<void> {
  const row = { text, rating, changed_at: new Date() };
  await db.transaction().execute(async (tx) => {
    await tx
      .insertInto('assessment_answer')
      .values({ requirement, ...row })
      .onConflict((conflict) => conflict.column('requirement').doUpdateSet(row))
      .execute();
    await noteEvent(tx, 'assessment.answer', requirement, { rating: rating ?? '' });
  });
}
