import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { sideBySide } from '@micrarium/repository';
import { sql } from 'kysely';
import { noteEvent } from '../audit/audit-log.ts';
import type { Database } from '../database/connect.ts';
import { finding } from '../storage/ocfl/findings.ts';
import { checkUnit, type FixityPlaces, UnitBusy, type UnitChecked, type UnitWatch } from './check-unit.ts';
import { type FixityUnit, fixityUnits, isStillStaged, unitsDue } from './fixity-units.ts';
import { mendFromHere } from './mend-from-here.ts';
import { limitRate } from './rate.ts';
import { removeUnwantedCopies } from './unwanted-copies.ts';

/** How a check is run. */
export interface FixityOptions extends FixityPlaces {
  cause: 'schedule' | 'command' | 'page';
  /** Units last checked before this moment are due. */
  dueBefore: Date;
  /** Only this study. */
  accession?: string;
  /** Bytes read in a second, at most; left out, as fast as the disk gives. */
  bytesPerSecond?: number;
  /** Units read at the same time; left out, one. Large files need as many as there are cores to be read as fast as the disk gives. */
  unitsAtOnce?: number;
  signal?: AbortSignal;
  /** Told of every unit. */
  onUnit?(unit: FixityUnit, checked: UnitChecked): void | Promise<void>;
}

/** What a check did. */
export interface FixityRun {
  units: number;
  checked: number;
  bytes: number;
  /** Units in which something was found that could not be mended. */
  damaged: number;
  /** Units in which everything found was mended. */
  repaired: number;
  /** Units that were being written meanwhile; the next check takes them first. */
  busy: number;
}

/**
 * Checks every unit that is due, oldest first; what was found is noted unit by unit, so that a check that is stopped goes on where it was.
 */
export async function checkFixity(db: Database, options: FixityOptions): Promise<FixityRun> {
  const { data, copy, elsewhere, dueBefore, signal } = options;
  const all = await fixityUnits(db, data, elsewhere);
  const wanted = options.accession === undefined ? all : all.filter((one) => one.accession === options.accession);
  const due = await unitsDue(db, wanted, dueBefore);
  if (options.accession === undefined) await forgetGone(db, all);
  const done: FixityRun = { units: due.length, checked: 0, bytes: 0, damaged: 0, repaired: 0, busy: 0 };
  if (due.length === 0 && options.cause === 'schedule') return done;
  const run = await db
    .insertInto('fixity_run')
    .values({ cause: options.cause, due_before: dueBefore, units: due.length })
    .returning('id')
    .executeTakeFirstOrThrow();
  const onBytes = limitRate(options.bytesPerSecond ?? Number.POSITIVE_INFINITY, signal);
  const checkOne = async (unit: FixityUnit) => {
    if (signal?.aborted) return;
    try {
      const noted = await notedInventories(db, unit);
      const isManifestEnough = noted.size > 0 && (await areAsNoted(unit, noted, { data, elsewhere }));
      const checked = await withForgeries(
        unit,
        noted,
        { data, elsewhere },
        await checkAndMend(db, unit, { data, copy, elsewhere }, { onBytes, isManifestEnough }),
      );
      // Published or discarded meanwhile: the bytes are where they belong, and this unit is no more.
      if (unit.kind === 'blob' && checked.state === 'damaged' && !(await isStillStaged(db, unit)))
        return void done.busy++;
      done.checked++;
      done.bytes += checked.bytes;
      if (checked.state !== 'whole') done[checked.state]++;
      await noteUnit(db, run.id, unit, checked);
      await options.onUnit?.(unit, checked);
    } catch (error) {
      if (error instanceof UnitBusy) done.busy++;
      else if (signal?.aborted) return;
      else throw error;
    }
    const { checked, bytes, damaged, repaired } = done;
    await db.updateTable('fixity_run').set({ checked, bytes, damaged, repaired }).where('id', '=', run.id).execute();
  };
  await sideBySide(due, checkOne, options.unitsAtOnce ?? 1);
  if (signal?.aborted) return done;
  if (copy !== undefined && options.accession === undefined) {
    const keep = new Set(all.flatMap(({ kind, unit }) => (kind === 'blob' ? [unit.slice('sha256:'.length)] : [])));
    await removeUnwantedCopies(db, copy, { keep, isPublishedKept: true });
  }
  await db.updateTable('fixity_run').set({ ended_at: sql<Date>`now()` }).where('id', '=', run.id).execute();
  return done;
}

/** Checks a unit; what the second copy could not mend is mended from what else lies in the data folder, and read once more. */
async function checkAndMend(
  db: Database,
  unit: FixityUnit,
  places: FixityPlaces,
  watch: UnitWatch,
): Promise<UnitChecked> {
  const checked = await checkUnit(unit, places, watch);
  if (checked.state !== 'damaged' || places.elsewhere || unit.kind === 'blob') return checked;
  if ((await mendFromHere(db, places.data, unit, checked.findings)) === 0) return checked;
  const again = await checkUnit(unit, places, watch);
  const open = new Set(again.findings.flatMap(({ code, path, mended }) => (mended ? [] : [`${code} ${path}`])));
  const found = checked.findings.map((one) => ({ ...one, mended: !open.has(`${one.code} ${one.path}`) }));
  const known = new Set(found.map(({ code, path }) => `${code} ${path}`));
  const findings = [...found, ...again.findings.filter(({ code, path }) => !known.has(`${code} ${path}`))];
  return { ...again, findings, state: again.state === 'damaged' ? 'damaged' : 'repaired' };
}

/** Blobs come and go with drafts: what is there no more is not counted as unchecked for ever. */
async function forgetGone(db: Database, units: readonly FixityUnit[]): Promise<void> {
  const there = units.map(({ unit }) => unit);
  await sql`delete from fixity_unit where kind = 'blob' and not (unit = any(${there}::text[]))`.execute(db);
  await sql`update fixity_finding set mended_at = now()
    where mended_at is null and unit like 'sha256:%' and not (unit = any(${there}::text[]))`.execute(db);
}

async function noteUnit(db: Database, runId: number, unit: FixityUnit, checked: UnitChecked): Promise<void> {
  await db.transaction().execute(async (tx) => {
    const row = {
      unit: unit.unit,
      kind: unit.kind,
      accession: unit.accession ?? null,
      checked_at: sql<Date>`now()`,
      files: checked.files,
      bytes: checked.bytes,
      state: checked.state,
    };
    await tx
      .insertInto('fixity_unit')
      .values(row)
      .onConflict((conflict) => conflict.column('unit').doUpdateSet(row))
      .execute();
    await noteFindings(tx, runId, unit, checked);
    if (checked.findings.length > 0)
      await noteEvent(
        tx,
        checked.state === 'repaired' ? 'fixity.mended' : 'fixity.damaged',
        unit.accession ?? unit.unit,
        {
          findings: checked.findings.length,
        },
      );
  });
}

/** Findings of a unit that are kept: an object of a hundred thousand lost files is named as damaged, with the first of them. */
const mostFindings = 1000;

/** What an earlier check found and this one did not is there no more; what it found too was found then. */
async function noteFindings(db: Database, runId: number, unit: FixityUnit, checked: UnitChecked): Promise<void> {
  const open = await db
    .selectFrom('fixity_finding')
    .select(['id', 'path', 'code'])
    .where('unit', '=', unit.unit)
    .where('mended_at', 'is', null)
    .execute();
  const before = Map.groupBy(open, ({ path, code }) => `${code} ${path}`);
  for (const { path, code, message, mended } of checked.findings.slice(0, mostFindings)) {
    const mending = mended ? { mended_at: sql<Date>`now()` } : {};
    const known = before.get(`${code} ${path}`)?.shift();
    if (known)
      await db
        .updateTable('fixity_finding')
        .set({ run_id: runId, message, ...mending })
        .where('id', '=', known.id)
        .execute();
    else {
      const { unit: name, accession = null } = unit;
      const row = { run_id: runId, unit: name, accession, path, code, message, ...mending };
      await db.insertInto('fixity_finding').values(row).execute();
    }
  }
  const gone = [...before.values()].flat().map(({ id }) => id);
  if (gone.length > 0)
    await db.updateTable('fixity_finding').set({ mended_at: sql<Date>`now()` }).where('id', 'in', gone).execute();
}

/** Digests of a study's inventories that the audit log noted when its versions were published here, by version. */
async function notedInventories(db: Database, { kind, accession }: FixityUnit): Promise<Map<number, string>> {
  if (accession === undefined || kind !== 'study') return new Map();
  const events = await db
    .selectFrom('audit_event')
    .select(['action', 'detail'])
    .where('target', '=', accession)
    .where('action', 'in', ['version.publish', 'study.purge'])
    .orderBy('seq')
    .execute();
  // What was published before a purge is there no longer.
  const purged = events.findLastIndex(({ action }) => action === 'study.purge');
  return new Map(
    events
      .slice(Math.max(0, purged))
      .flatMap(({ detail: { version, inventorySha512 } }) =>
        typeof inventorySha512 === 'string' ? [[Number(version), inventorySha512]] : [],
      ),
  );
}

/** SHA-512 of an inventory as it lies there now, by version; 0 is that of the object. `undefined` where it cannot be read. */
async function inventoryNow(
  { unit, accession }: FixityUnit,
  version: number,
  { data, elsewhere }: FixityPlaces,
): Promise<string | undefined> {
  if (elsewhere && version > 0) return await elsewhere.archive.inventoryDigest(accession ?? '', version);
  const path = version === 0 ? 'inventory.json' : `v${version}/inventory.json`;
  const read = async () =>
    elsewhere
      ? await (await elsewhere.archive.areaOf(unit)).read(path)
      : await readFile(join(data, 'archive', unit, path));
  return await read().then(
    (bytes) => createHash('sha512').update(bytes).digest('hex'),
    () => undefined,
  );
}

/**
 * Are all inventories of a study those that were noted when its versions were published? Then SHA-512 and SHA-256 in them were computed
 * together over the same bytes, and to hold a file to the first is to hold it to both.
 */
async function areAsNoted(
  unit: FixityUnit,
  noted: ReadonlyMap<number, string>,
  places: FixityPlaces,
): Promise<boolean> {
  const newest = Math.max(...noted.keys());
  for (let version = 1; version <= newest; version++)
    if (!noted.has(version) || (await inventoryNow(unit, version, places)) !== noted.get(version)) return false;
  return (await inventoryNow(unit, 0, places)) === noted.get(newest);
}

/**
 * Compares the inventories of a study with what the audit log noted when its versions were published: bytes, inventory and digest file changed
 * together fit each other, but not the log.
 */
async function withForgeries(
  unit: FixityUnit,
  noted: ReadonlyMap<number, string>,
  places: FixityPlaces,
  checked: UnitChecked,
): Promise<UnitChecked> {
  if (checked.state === 'damaged') return checked;
  const forged: UnitChecked['findings'] = [];
  const message = 'this is not the inventory that the audit log noted when the version was published';
  for (const [version, digest] of noted)
    if ((await inventoryNow(unit, version, places)) !== digest)
      forged.push({ ...finding('A001', `v${version}/inventory.json`, message), mended: false });
  if (forged.length === 0) return checked;
  return { ...checked, state: 'damaged', findings: [...checked.findings, ...forged] };
}
