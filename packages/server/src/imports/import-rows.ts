import { sql } from 'kysely';
import type { Database } from '../database/connect.ts';
import type { Tables } from '../database/tables.ts';
import type { ImportReason } from './import-source.ts';

/** How far an import is. */
export interface ImportProgress {
  files: number;
  bytes: number;
  doneFiles: number;
  thereFiles: number;
  doneBytes: number;
  failedFiles: number;
  /** The first hundred. */
  failures: { path: string; message: string; reason?: ImportReason }[];
  /** Why all of it ended, where it did not come to its end and that has a code. */
  reason?: ImportReason;
}

/** An import as it is told. */
export interface ImportRun extends ImportProgress {
  state: 'running' | 'done' | 'failed' | 'cancelled' | 'interrupted';
  kind: Tables['draft_import']['kind'];
  place: string;
  startedAt: string;
  message?: string;
}

/** Milliseconds between two signs of life, and after which one that gives none has ended with its process. */
export const beatEvery = 3_000;
const silence = sql<Date>`now() - interval '30 seconds'`;

/** Notes that an import begins. @returns `false` where one is running */
export async function beginImport(
  db: Database,
  begun: {
    draftId: string;
    run: string;
    kind: Tables['draft_import']['kind'];
    place: string;
    startedBy: string;
    progress: ImportProgress;
  },
): Promise<boolean> {
  const { draftId, run, kind, place, startedBy } = begun;
  const values = {
    run,
    kind,
    place,
    started_by: startedBy,
    state: 'running' as const,
    progress: JSON.stringify(begun.progress),
    message: null,
    is_cancel_asked: false,
    started_at: sql<Date>`now()`,
    beat_at: sql<Date>`now()`,
  };
  const row = await db
    .insertInto('draft_import')
    .values({ draft_id: draftId, ...values })
    .onConflict((conflict) =>
      conflict
        .column('draft_id')
        .doUpdateSet(values)
        .where((where) =>
          where.or([where('draft_import.state', '<>', 'running'), where('draft_import.beat_at', '<', silence)]),
        ),
    )
    .returning('run')
    .executeTakeFirst();
  return row !== undefined;
}

/** Notes how far it is. @returns `cancel` where that was asked, `lost` where the draft is gone or another run took its place */
export async function noteImport(
  db: Database,
  draftId: string,
  run: string,
  progress: ImportProgress,
): Promise<'on' | 'cancel' | 'lost'> {
  const row = await db
    .updateTable('draft_import')
    .set({ progress: JSON.stringify(progress), beat_at: sql<Date>`now()` })
    .where('draft_id', '=', draftId)
    .where('run', '=', run)
    .where('state', '=', 'running')
    .returning('is_cancel_asked')
    .executeTakeFirst();
  if (!row) return 'lost';
  return row.is_cancel_asked ? 'cancel' : 'on';
}

/** Notes how it ended. */
export async function endImport(
  db: Database,
  draftId: string,
  run: string,
  end: { state: 'done' | 'failed' | 'cancelled'; progress: ImportProgress; message?: string; reason?: ImportReason },
): Promise<void> {
  await db
    .updateTable('draft_import')
    .set({
      state: end.state,
      progress: JSON.stringify({ ...end.progress, ...(end.reason ? { reason: end.reason } : {}) }),
      message: end.message ?? null,
    })
    .where('draft_id', '=', draftId)
    .where('run', '=', run)
    .execute();
}

/** Asks the process that runs it to stop. */
export async function askCancel(db: Database, draftId: string): Promise<void> {
  await db
    .updateTable('draft_import')
    .set({ is_cancel_asked: true })
    .where('draft_id', '=', draftId)
    .where('state', '=', 'running')
    .execute();
}

/** The import of a draft that runs or ran last. */
export async function findImport(db: Database, draftId: string): Promise<ImportRun | undefined> {
  const row = await db
    .selectFrom('draft_import')
    .selectAll()
    .select(sql<boolean>`beat_at < ${silence}`.as('is_silent'))
    .where('draft_id', '=', draftId)
    .executeTakeFirst();
  if (!row) return undefined;
  return {
    state: row.state === 'running' && row.is_silent ? 'interrupted' : row.state,
    kind: row.kind,
    place: row.place,
    startedAt: row.started_at.toISOString(),
    ...row.progress,
    ...(row.message === null ? {} : { message: row.message }),
  };
}
