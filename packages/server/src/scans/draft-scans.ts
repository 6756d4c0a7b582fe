import { BlobMissing, type BlobStore, type DraftScanner, type FileScans } from '@micrarium/repository';
import { sql } from 'kysely';
import type { Database } from '../database/connect.ts';
import { type ClamdAddress, type ScanAnswer, scanByClamd, ScannerFault } from './clamd.ts';

/** Digests that are asked for at once. */
const batch = 1000;
/** Files that the scanner may fail at in one run before it is left alone until the next. */
const mostFaults = 3;
/** Files with a finding that are named; of more, only their number is told. */
const namedFindings = 20;

/**
 * What is to be searched: bytes nobody has searched, and a day later again those with a finding, or more than the scanner took: its list of
 * signatures, or its limit, may be another one.
 */
const isDue = sql<boolean>`file.state = 'verified' and file.sha256 is not null and draft.state = 'editing'
  and draft.minor is null
  and (scan.sha256 is null or (scan.state <> 'clean' and scan.scanned_at < now() - interval '1 day'))`;
const withScans = sql`draft_file as file join draft on draft.id = file.draft_id
  left join blob_scan as scan on scan.sha256 = file.sha256`;

/** Has a virus scanner search the files of drafts, and notes by digest what it said and when: the same bytes are searched once. */
export class DraftScans implements DraftScanner {
  private readonly db: Database;
  private readonly blobs: Pick<BlobStore, 'open'>;
  private readonly address: ClamdAddress;

  constructor(db: Database, blobs: Pick<BlobStore, 'open'>, address: ClamdAddress) {
    this.db = db;
    this.blobs = blobs;
    this.address = address;
  }

  /** Open drafts with files that are due. */
  async draftsDue(): Promise<string[]> {
    const { rows } = await sql<{ id: string }>`select distinct draft.id from ${withScans} where ${isDue}
      order by draft.id`.execute(this.db);
    return rows.map(({ id }) => id);
  }

  /**
   * Searches the files of a draft that are due. A file that the scanner fails at keeps no other one from being searched.
   * @throws ScannerFault, after the others, so that it is tried again
   */
  async scan(draftId: string, signal?: AbortSignal): Promise<void> {
    const faults: ScannerFault[] = [];
    for (let after = ''; ; ) {
      const due = await this.due(draftId, after);
      for (const sha256 of due) {
        const fault = await this.scanOne(sha256, signal);
        if (fault && faults.push(fault) >= mostFaults) throw fault;
      }
      if (due.length < batch) break;
      after = due.at(-1)!;
    }
    if (faults[0]) throw faults[0];
  }

  private async due(draftId: string, after: string): Promise<string[]> {
    const { rows } = await sql<{ sha256: string }>`select distinct file.sha256 from ${withScans}
      where file.draft_id = ${draftId} and ${isDue} and file.sha256 > ${after}
      order by file.sha256 limit ${batch}`.execute(this.db);
    return rows.map(({ sha256 }) => sha256);
  }

  private async scanOne(sha256: string, signal: AbortSignal | undefined): Promise<ScannerFault | undefined> {
    try {
      const bytes = await this.blobs.open(sha256);
      try {
        await this.note(sha256, await scanByClamd(this.address, bytes, signal));
      } finally {
        await bytes.close();
      }
    } catch (fault) {
      if (fault instanceof ScannerFault) return fault;
      // Taken out of the draft since; where it is not, publishing finds out.
      if (!(fault instanceof BlobMissing)) throw fault;
    }
    return undefined;
  }

  private async note(sha256: string, answer: ScanAnswer): Promise<void> {
    const row = {
      state: answer.state,
      signature: answer.state === 'found' ? answer.signature : null,
      scanned_at: sql<Date>`now()`,
    };
    await this.db
      .insertInto('blob_scan')
      .values({ sha256, ...row })
      .onConflict((conflict) => conflict.column('sha256').doUpdateSet(row))
      .execute();
  }
}

/**
 * What is known of the files of a draft.
 * @param isScanned is a scanner set up? Without one only what was found before counts
 */
export async function fileScans(db: Database, draftId: string, isScanned: boolean): Promise<FileScans> {
  const counts = isScanned ? await countScans(db, draftId) : { waiting: 0, clean: 0, tooLarge: 0 };
  const { rows } = await sql<{ path: string; signature: string; at: Date; total: number }>`select file.path,
      scan.signature, scan.scanned_at as at, count(*) over ()::bigint as total
    from blob_scan as scan join draft_file as file on file.sha256 = scan.sha256
    where scan.state = 'found' and file.draft_id = ${draftId} and file.state = 'verified'
    order by file.path limit ${namedFindings}`.execute(db);
  const found = rows.map(({ path, signature, at }) => ({ path, signature, at: at.toISOString() }));
  return { ...counts, found, foundCount: rows[0]?.total ?? 0 };
}

async function countScans(db: Database, draftId: string): Promise<Omit<FileScans, 'found' | 'foundCount'>> {
  const { rows } = await sql<{ waiting: number; clean: number; large: number; last: Date | null }>`select
      count(*) filter (where scan.sha256 is null)::bigint as waiting,
      count(*) filter (where scan.state = 'clean')::bigint as clean,
      count(*) filter (where scan.state = 'too-large')::bigint as large,
      max(scan.scanned_at) as last
    from draft_file as file left join blob_scan as scan on scan.sha256 = file.sha256
    where file.draft_id = ${draftId} and file.state = 'verified'`.execute(db);
  const { waiting, clean, large, last } = rows[0]!;
  return { waiting, clean, tooLarge: large, ...(last ? { lastAt: last.toISOString() } : {}) };
}
