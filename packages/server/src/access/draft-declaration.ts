import type { AccessDeclaration } from '@micrarium/repository';
import type { Database } from '../database/connect.ts';

/** What was declared of a draft; `undefined` where nothing was. */
export async function declarationOfDraft(db: Database, draftId: string): Promise<AccessDeclaration | undefined> {
  const row = await db
    .selectFrom('draft_access')
    .select('declaration')
    .where('draft_id', '=', draftId)
    .executeTakeFirst();
  return row?.declaration;
}

/** Are files of which this is declared opened by no role, before they are published? */
export const isOnRequest = ({ access, identifiable }: AccessDeclaration): boolean =>
  identifiable || access === 'controlled';
