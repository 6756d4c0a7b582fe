import type { AccountTables } from './rows/accounts.ts';
import type { DraftTables } from './rows/drafts.ts';
import type { KeepingTables } from './rows/keeping.ts';
import type { NoticeTables } from './rows/notices.ts';
import type { ReaderTables } from './rows/readers.ts';
import type { StudyTables } from './rows/studies.ts';

/** Tables of the catalogue database; made by the migrations beside this file. */
export interface Tables extends DraftTables, StudyTables, ReaderTables, AccountTables, NoticeTables, KeepingTables {}
