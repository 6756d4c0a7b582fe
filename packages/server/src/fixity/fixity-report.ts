import { sql } from 'kysely';
import type { Database } from '../database/connect.ts';
import { isKnown } from '../states/known-studies.ts';

/** State of the stored bytes, as anybody may know it. */
export interface IntegritySummary {
  /** Published studies. */
  studies: number;
  /** Of these, read in full at least once. */
  verified: number;
  /** Of these, with damage that is not mended. */
  damaged: number;
  files: number;
  bytes: number;
  /** When the study was read whose last reading is longest ago; ISO 8601. */
  oldestCheck?: string;
  newestCheck?: string;
}

/** The state of the stored bytes of what is published, and everybody may know of. */
export async function integritySummary(db: Database): Promise<IntegritySummary> {
  const { rows } = await sql<{
    studies: number;
    verified: number;
    damaged: number;
    files: number;
    bytes: number;
    oldest: Date | null;
    newest: Date | null;
  }>`with published as (select distinct accession from study_version where ${isKnown('study_version.accession')})
    select count(*)::bigint as studies, count(unit.unit)::bigint as verified,
      count(*) filter (where unit.state = 'damaged')::bigint as damaged,
      coalesce(sum(unit.files), 0)::bigint as files, coalesce(sum(unit.bytes), 0)::bigint as bytes,
      min(unit.checked_at) as oldest, max(unit.checked_at) as newest
    from published left join fixity_unit as unit on unit.accession = published.accession and unit.kind = 'study'`.execute(
    db,
  );
  const { oldest, newest, ...counts } = rows[0]!;
  return {
    ...counts,
    ...(oldest ? { oldestCheck: oldest.toISOString() } : {}),
    ...(newest ? { newestCheck: newest.toISOString() } : {}),
  };
}

/** A published study with damage that no copy mends. */
export interface DamagedStudy {
  accession: string;
  /** Findings about its files; those beyond the first thousand are not counted. */
  findings: number;
  /** When the first of them was found, ISO 8601. */
  since: string;
}

/** Published studies with damage that is not mended, for everybody: of which everybody may know, that is longest known first; up to a hundred. */
export async function damagedStudies(db: Database): Promise<DamagedStudy[]> {
  const { rows } = await sql<{ accession: string; findings: number; since: Date }>`select finding.accession,
      count(*)::bigint as findings, min(finding.found_at) as since
    from fixity_finding as finding join fixity_unit as unit on unit.unit = finding.unit and unit.kind = 'study'
    where finding.mended_at is null and unit.state = 'damaged' and ${isKnown('finding.accession')}
      and exists (select 1 from study_version where study_version.accession = finding.accession)
    group by finding.accession order by since, finding.accession limit 100`.execute(db);
  return rows.map(({ since, ...row }) => ({ ...row, since: since.toISOString() }));
}

/** When the bytes of a study were last read in full, and whether they were whole; `undefined` before the first time. */
export async function lastVerified(
  db: Database,
  accession: string,
): Promise<{ at: string; isWhole: boolean } | undefined> {
  const row = await db
    .selectFrom('fixity_unit')
    .select(['checked_at', 'state'])
    .where('accession', '=', accession)
    .where('kind', '=', 'study')
    .executeTakeFirst();
  return row && { at: row.checked_at.toISOString(), isWhole: row.state !== 'damaged' };
}

/** One check, for the operator. */
export interface FixityRunRow {
  id: number;
  cause: 'schedule' | 'command' | 'page';
  beganAt: string;
  endedAt?: string;
  units: number;
  checked: number;
  bytes: number;
  damaged: number;
  repaired: number;
}

/** The last checks, newest first. */
export async function fixityRuns(db: Database, limit = 20): Promise<FixityRunRow[]> {
  const rows = await db.selectFrom('fixity_run').selectAll().orderBy('id', 'desc').limit(limit).execute();
  return rows.map(({ began_at, ended_at, due_before: _due, ...row }) => ({
    ...row,
    beganAt: began_at.toISOString(),
    ...(ended_at ? { endedAt: ended_at.toISOString() } : {}),
  }));
}

/** Something found in a file. */
export interface FixityFindingRow {
  id: number;
  accession?: string;
  path: string;
  code: string;
  message: string;
  foundAt: string;
  mendedAt?: string;
}

/** What was found: what is not mended first, then newest first. */
export async function fixityFindings(db: Database, limit = 200): Promise<FixityFindingRow[]> {
  const rows = await db
    .selectFrom('fixity_finding')
    .selectAll()
    .orderBy(sql`mended_at is not null`)
    .orderBy('id', 'desc')
    .limit(limit)
    .execute();
  return rows.map((row) => ({
    id: row.id,
    path: row.path,
    code: row.code,
    message: row.message,
    foundAt: row.found_at.toISOString(),
    ...(row.accession === null ? {} : { accession: row.accession }),
    ...(row.mended_at ? { mendedAt: row.mended_at.toISOString() } : {}),
  }));
}
