import { noteEvent } from '../audit/audit-log.ts';
import type { Database } from '../database/connect.ts';
import type { AgreedTerms } from './access-requests.ts';

/** Accounts that accepted the terms of files which whoever accepts them may read (level `registered`), with the terms and the moment. */
export class AcceptedTerms {
  private readonly db: Database;

  constructor(db: Database) {
    this.db = db;
  }

  /** When an account accepted a state of the terms; `undefined` where it did not: terms that changed are accepted anew. */
  async acceptedAt(accession: string, userId: string, termsVersion: string): Promise<Date | undefined> {
    const row = await this.db
      .selectFrom('terms_accepted')
      .select('at')
      .where('accession', '=', accession)
      .where('user_id', '=', userId)
      .where('terms_version', '=', termsVersion)
      .executeTakeFirst();
    return row?.at;
  }

  /** Notes that an account accepts the terms. Accepting them again changes nothing. */
  async accept(accession: string, userId: string, { version, text, dataUse }: AgreedTerms): Promise<void> {
    await this.db.transaction().execute(async (tx) => {
      const row = {
        accession,
        user_id: userId,
        terms_version: version,
        terms: text,
        data_use: JSON.stringify(dataUse),
      };
      const made = await tx
        .insertInto('terms_accepted')
        .values(row)
        .onConflict((conflict) => conflict.doNothing())
        .returning('at')
        .executeTakeFirst();
      if (made) await noteEvent(tx, 'access.terms', accession, { terms: version });
    });
  }
}
