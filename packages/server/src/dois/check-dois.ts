import { sql } from 'kysely';
import { noteEvent } from '../audit/audit-log.ts';
import type { Database } from '../database/connect.ts';
import { compareDoi, type DoiDifference } from './compared-record.ts';
import { type DataCite, DataCiteRefused } from './datacite.ts';
import { type DoiSources, recordOfDoi } from './doi-content.ts';
import { countDue, type DueDoi, settledDois } from './due-dois.ts';

/** Which DOIs are compared with what the registrar holds, and what becomes of those that differ. */
export interface DoiCheckOptions {
  /** DOIs of this study alone. */
  accession?: string | undefined;
  /** Only those that were compared before that, or never. */
  checkedBefore?: Date | undefined;
  /** At most so many. */
  most?: number | undefined;
  /** Shall the registrar be told again of those that differ? */
  repair: boolean;
  signal?: AbortSignal | undefined;
  /** Told of each as soon as it was compared. */
  onDoi?: ((doi: CheckedDoi) => Promise<void>) | undefined;
}

/** A DOI that the registrar holds otherwise than it should. */
export interface CheckedDoi {
  doi: string;
  accession: string;
  /** Of the DOI of a version. */
  version?: number;
  /** Of the DOI of a data set. */
  dataset?: string;
  differences: DoiDifference[];
  /** Is the registrar told again? Left out where that was not asked for; `false` where it would not help. */
  isToldAgain?: boolean;
}

/** What a comparison found. */
export interface DoiCheck {
  /** Did the registrar answer for each that was to be compared? */
  isWhole: boolean;
  checked: number;
  /** DOIs that are not compared, because the registrar is still to be told of them. */
  waiting: number;
  /** DOIs it gave no answer for. */
  unanswered: number;
  /** What it last said against answering. */
  fault?: string;
  /** Those that differ. */
  different: CheckedDoi[];
}

/** What comparing needs. */
export interface DoiCheckPorts {
  db: Database;
  sources: DoiSources;
  registrar: DataCite;
}

const pageSize = 200;
/** Answers that fail one after another until the registrar counts as not there. */
const mostRefusals = 3;

/**
 * Compares every DOI that the registrar was told of with what it holds: whether it knows it, its state, where its record and the resolver lead,
 * and what its record says. The registrar writes to the resolver after its own database and ignores events that do not fit, both without a word.
 * One after another, as its limits want it; what is found is kept with the DOI.
 */
export async function checkDois(ports: DoiCheckPorts, options: DoiCheckOptions): Promise<DoiCheck> {
  const { db } = ports;
  const { accession, checkedBefore, most = Infinity, signal } = options;
  const done: DoiCheck = { isWhole: true, checked: 0, waiting: 0, unanswered: 0, different: [] };
  let refusals = 0;
  for (let after: string | undefined; done.isWhole; ) {
    const limit = Math.min(pageSize, most - done.checked - done.unanswered);
    const rows = limit > 0 ? await settledDois(db, { accession }, { after, checkedBefore, limit }) : [];
    for (const row of rows) {
      const found = signal?.aborted ? undefined : await checkOne(ports, row).catch(unlessRefused);
      refusals = found instanceof DataCiteRefused ? refusals + 1 : 0;
      if (found instanceof DataCiteRefused) {
        done.unanswered++;
        done.fault = found.message;
      } else if (found) {
        done.checked++;
        if (found.length > 0) await take(ports, options, done, row, found);
      }
      done.isWhole = found !== undefined && refusals < mostRefusals;
      if (!done.isWhole) break;
    }
    after = rows.at(-1)?.doi;
    if (rows.length < pageSize) break;
  }
  done.isWhole &&= done.unanswered === 0;
  done.waiting = await countDue(db, { accession });
  return done;
}

function unlessRefused(fault: unknown): DataCiteRefused {
  if (fault instanceof DataCiteRefused) return fault;
  throw fault;
}

/** Compares one DOI, and keeps what was found. */
async function checkOne({ db, sources, registrar }: DoiCheckPorts, row: DueDoi): Promise<DoiDifference[]> {
  const record = row.state === 'findable' ? await recordOfDoi(sources, row) : undefined;
  const held = await registrar.read(row.doi);
  const target = record && held && held.state !== 'draft' ? await registrar.target(row.doi) : undefined;
  const found = compareDoi({ state: record ? 'findable' : 'draft', record }, held, target);
  // What was published meanwhile is told by itself, and is no difference.
  const isAsItWas = found.length === 0 || (await settledDois(db, { doi: row.doi }, { limit: 1 })).length > 0;
  const differences = isAsItWas ? found : [];
  const kept = differences.length > 0 ? JSON.stringify(differences) : null;
  await sql`update ${tableOf(row)} set checked_at = now(), differences = ${kept}::jsonb where doi = ${row.doi}`.execute(
    db,
  );
  return differences;
}

async function take(
  { db }: DoiCheckPorts,
  { repair, onDoi }: DoiCheckOptions,
  done: DoiCheck,
  row: DueDoi,
  differences: DoiDifference[],
): Promise<void> {
  const { doi, accession, version, dataset } = row;
  // What is known to everybody is never reserved again.
  const isToldAgain = repair ? row.state === 'findable' || differences[0]?.code === 'doi-missing' : undefined;
  if (isToldAgain) await tellAgain(db, row);
  const one: CheckedDoi = {
    doi,
    accession,
    ...(version > 0 ? { version } : {}),
    ...(dataset === '' ? {} : { dataset }),
    differences,
    ...(isToldAgain === undefined ? {} : { isToldAgain }),
  };
  done.different.push(one);
  await onDoi?.(one);
}

/** Puts a DOI to those the registrar is to be told of, at once. */
export async function tellAgain(
  db: Database,
  row: Pick<DueDoi, 'doi' | 'accession' | 'version' | 'dataset' | 'state'>,
): Promise<void> {
  const change = row.state === 'findable' ? sql`told_version = null` : sql`state = 'asked'`;
  await db.transaction().execute(async (tx) => {
    await sql`update ${tableOf(row)} set ${change}, tries = 0, fault = null, next_at = to_timestamp(0)
      where doi = ${row.doi}`.execute(tx);
    await noteEvent(tx, 'doi.again', row.accession, { doi: row.doi });
  });
}

const tableOf = ({ version, dataset }: Pick<DueDoi, 'version' | 'dataset'>) =>
  sql.table(version > 0 || dataset !== '' ? 'doi_part' : 'doi');
