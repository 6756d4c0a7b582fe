import type { FileReference } from '@micrarium/model';
import { type Kysely, sql } from 'kysely';
import { referenceKey } from '../database/reference-tables.ts';
import type { Tables } from '../database/tables.ts';

/** What is known of a file that stays where it is. */
export interface CheckedReference extends FileReference {
  /** Left out before the first time. */
  check?: {
    state: 'there' | 'missing' | 'changed' | 'unreachable';
    note: string;
    /** ISO 8601. */
    lookedAt: string;
    /** When its bytes were last read whole and had the stated digest; left out where that was never so, or is no more. */
    verifiedAt?: string;
  };
}

/** References with what was found when they were last asked for. */
export async function withChecks(
  db: Kysely<Tables>,
  references: readonly FileReference[],
): Promise<CheckedReference[]> {
  if (references.length === 0) return [];
  const keys = references.map(referenceKey);
  const rows = await db.selectFrom('reference_check').selectAll().where('key', 'in', keys).execute();
  const byKey = new Map(rows.map((row) => [row.key, row]));
  return references.map((one, at) => {
    const row = byKey.get(keys[at]!);
    if (!row) return one;
    const verifiedAt = row.is_same === true && row.read_at !== null ? { verifiedAt: row.read_at.toISOString() } : {};
    const { state, note } = row;
    return { ...one, check: { state, note, lookedAt: row.looked_at.toISOString(), ...verifiedAt } };
  });
}

/** How many files of a version that stay elsewhere were not found, or not as they were, when they were last asked for. */
export async function wrongReferences(
  db: Kysely<Tables>,
  accession: string,
  version: number,
): Promise<{ missing: number; changed: number }> {
  const { rows } = await sql<{ missing: number; changed: number }>`
    select count(*) filter (where found.state = 'missing')::bigint as missing,
      count(*) filter (where found.state = 'changed')::bigint as changed
    from version_reference as named join reference_check as found on found.key = named.key
    where named.accession = ${accession} and named.version = ${version}`.execute(db);
  return rows[0]!;
}

/** Files of published studies that stay where they are, each address once; they are counted nowhere as held here. */
export interface ReferenceSummary {
  count: number;
  bytes: number;
  /** Asked for at least once. */
  looked: number;
  /** Read whole, with the stated digest. */
  verified: number;
  missing: number;
  changed: number;
  unreachable: number;
}

/** The state of all files of published studies that stay where they are. */
export async function referenceSummary(db: Kysely<Tables>): Promise<ReferenceSummary> {
  // A sum beyond 2^53 - 1 (9 PB) is no number any more.
  const { rows } = await sql<ReferenceSummary>`
    select count(*)::bigint as count,
      least(coalesce(sum(named.size), 0), ${String(Number.MAX_SAFE_INTEGER)}::numeric)::bigint as bytes, count(found.key)::bigint as looked,
      count(*) filter (where found.is_same)::bigint as verified,
      count(*) filter (where found.state = 'missing')::bigint as missing,
      count(*) filter (where found.state = 'changed')::bigint as changed,
      count(*) filter (where found.state = 'unreachable')::bigint as unreachable
    from (select distinct key, size from version_reference) as named
      left join reference_check as found on found.key = named.key`.execute(db);
  return rows[0]!;
}
