import { noteEvent } from '../audit/audit-log.ts';
import type { Database } from './connect.ts';

/** Notes that files or references of a draft came or went: how many, for names may tell of persons. */
export async function noteOfDraft(tx: Database, action: string, draftId: string, count: number): Promise<void> {
  const draft = await tx.selectFrom('draft').select('accession').where('id', '=', draftId).executeTakeFirst();
  if (draft) await noteEvent(tx, action, draft.accession, { count });
}
