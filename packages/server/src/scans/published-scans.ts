import { BlobMissing, type BlobStore } from '@micrarium/repository';
import { sql } from 'kysely';
import { noteAlone } from '../audit/audit-log.ts';
import type { Database } from '../database/connect.ts';
import { type ClamdAddress, clamdSignatures, type ScanAnswer, scanByClamd } from './clamd.ts';

/** Digests that are asked for at once. */
const batch = 100;
/** Bytes that are sent to the scanner in one run, at most and one file more: nobody shall wait for what is searched again. */
const bytesOfRun = 20e9;
/** Findings that are named; of more, only their number is told. */
const namedFindings = 20;

/** A published file that the scanner took for malicious when it was searched again. */
export interface PublishedFinding {
  accession: string;
  version: number;
  path: string;
  signature: string;
  at: string;
}

/**
 * Has the scanner search published files again when it has other signatures, a week or more after the last time, those searched longest ago
 * first; and those that were published before there was a scanner. Nothing is closed by it: that is decided by who runs the installation.
 */
export class PublishedScans {
  private readonly db: Database;
  private readonly blobs: Pick<BlobStore, 'open'>;
  private readonly address: ClamdAddress;

  constructor(db: Database, blobs: Pick<BlobStore, 'open'>, address: ClamdAddress) {
    this.db = db;
    this.blobs = blobs;
    this.address = address;
  }

  /** One run. @returns files that were searched @throws ScannerFault */
  async run(mostBytes = bytesOfRun): Promise<number> {
    const signatures = await clamdSignatures(this.address);
    let searched = 0;
    let left = mostBytes;
    // Bytes that are gone, of a purged study or for the check of bytes to find: nothing is noted of them, clean least of all.
    const gone: string[] = [];
    const next = () => this.due(signatures, gone);
    for (let due = await next(); due.length > 0 && left > 0; due = await next())
      for (const { sha256, size } of due) {
        if (left <= 0) break;
        if (!(await this.search(sha256, signatures))) {
          gone.push(sha256);
          continue;
        }
        left -= size;
        searched++;
      }
    return searched;
  }

  private async due(signatures: string, without: readonly string[]): Promise<{ sha256: string; size: number }[]> {
    const { rows } = await sql<{ sha256: string; size: number }>`select file.sha256, min(file.size) as size
      from version_file as file left join blob_scan as scan on scan.sha256 = file.sha256
      where (scan.sha256 is null
        or (scan.signatures is distinct from ${signatures} and scan.scanned_at < now() - interval '7 days'))
        and not (file.sha256 = any(${[...without]}::text[]))
      group by file.sha256, scan.scanned_at order by scan.scanned_at nulls first, file.sha256 limit ${batch}`.execute(
      this.db,
    );
    return rows;
  }

  /** @returns `false` where the bytes are not there */
  private async search(sha256: string, signatures: string): Promise<boolean> {
    const answer = await this.answerFor(sha256);
    if (!answer) return false;
    const { state } = answer;
    const signature = answer.state === 'found' ? answer.signature : null;
    const row = { state, signature, signatures, scanned_at: sql<Date>`now()` };
    const before = await this.db
      .selectFrom('blob_scan')
      .select('state')
      .where('sha256', '=', sha256)
      .executeTakeFirst();
    await this.db
      .insertInto('blob_scan')
      .values({ sha256, ...row })
      .onConflict((conflict) => conflict.column('sha256').doUpdateSet(row))
      .execute();
    if (state !== 'found' || before?.state === 'found') return true;
    const first = await this.db
      .selectFrom('version_file')
      .select(['accession', 'version', 'path'])
      .where('sha256', '=', sha256)
      .orderBy('accession')
      .executeTakeFirst();
    if (first)
      await noteAlone(this.db, 'scan.found', first.accession, {
        version: first.version,
        path: first.path,
        signature: signature ?? '',
      });
    return true;
  }

  private async answerFor(sha256: string): Promise<ScanAnswer | undefined> {
    try {
      const bytes = await this.blobs.open(sha256);
      try {
        return await scanByClamd(this.address, bytes);
      } finally {
        await bytes.close();
      }
    } catch (fault) {
      if (fault instanceof BlobMissing) return undefined;
      throw fault;
    }
  }
}

/** Published files with a finding, of studies that are not withdrawn: with the newest version that has them, and how many there are. */
export async function publishedFindings(db: Database): Promise<{ count: number; named: PublishedFinding[] }> {
  const { rows } = await sql<Omit<PublishedFinding, 'at'> & { at: Date; total: number }>`select file.accession,
      max(file.version) as version, file.path, scan.signature, scan.scanned_at as at, count(*) over ()::bigint as total
    from blob_scan as scan join version_file as file on file.sha256 = scan.sha256
    where scan.state = 'found' and not exists (select 1 from study_state
      where study_state.accession = file.accession and study_state.state = 'withdrawn')
    group by file.accession, file.path, scan.signature, scan.scanned_at
    order by scan.scanned_at desc, file.accession, file.path limit ${namedFindings}`.execute(db);
  const named = rows.map(({ accession, version, path, signature, at }) => ({
    accession,
    version,
    path,
    signature,
    at: at.toISOString(),
  }));
  return { count: rows[0]?.total ?? 0, named };
}
