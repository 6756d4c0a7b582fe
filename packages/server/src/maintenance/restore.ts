import { existsSync } from 'node:fs';
import { chmod, copyFile, mkdir, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { digestsOfFile, searchDocument, sideBySide } from '@micrarium/repository';
import { sql } from 'kysely';
import { actAs } from '../audit/acting.ts';
import { noteAlone } from '../audit/audit-log.ts';
import { auditHead } from '../audit/verify-audit.ts';
import type { ServerConfig } from '../config.ts';
import { openDatabase } from '../database/connect.ts';
import { startEmbeddedCluster } from '../database/embedded-cluster.ts';
import { stagedBlobs, stagedPlace } from '../fixity/fixity-units.ts';
import { PgBossQueue } from '../jobs/pg-boss-queue.ts';
import { takeDataLock } from '../start/data-lock.ts';
import { StartRefused } from '../start/start-refused.ts';
import { copyChecked, CopyRefused, mirrorObject } from '../storage/ocfl/mirror-object.ts';
import { objectFolders, openStorageRoot } from '../storage/ocfl/layout.ts';
import { fillBucket } from '../storage/s3/exchange.ts';
import { objectsAtOnce, readManifest } from './backup.ts';
import { loadDump } from './dump.ts';
import { demandRemains, type LostSince, lostSince } from './lost-since.ts';
import { demandOwner, type OpenData, openData } from './open-data.ts';

/** What a restore did. */
export interface RestoreReport {
  /** The moment the database was backed up. */
  madeAt: string;
  rows: number;
  objects: number;
  bytes: number;
  /** Versions that the archive of the backup holds and its database did not know yet: entered now. */
  entered: string[];
  /** Files of drafts that had not arrived in full; they are to be sent again. */
  toBeSentAgain: number;
  /** What could not be restored because its bytes in the backup are damaged. */
  failed: { place: string; message: string }[];
  /** What was acknowledged after the backup, as far as what is left of the lost machine tells. */
  lost: LostSince;
}

/**
 * Restores a backup into an empty data folder (and an empty database): every file is compared with its digest on the way.
 * @param remains what is left of the lost machine (`lostSince`)
 * @throws StartRefused where the folder or the database holds something, or the backup cannot be read
 */
export async function restore(
  config: ServerConfig,
  from: string,
  remains: readonly string[] = [],
): Promise<RestoreReport> {
  demandOwner(config.data);
  await demandRemains(remains);
  const manifest = await readManifest(from).catch((cause: unknown) => {
    throw new StartRefused(`There is no backup in ${from}: ${(cause as Error).message}`, { cause });
  });
  const dump = join(from, manifest.database.file);
  if (!existsSync(dump))
    throw new StartRefused(`The dump ${dump}, which backup.json names, is not there: copy the backup again, whole`);
  if ((await digestsOfFile(dump, ['sha256'])).digests[0] !== manifest.database.sha256)
    throw new StartRefused(`The dump ${dump} is damaged: it does not match the digest in backup.json`);
  await mkdir(config.data, { recursive: true, mode: 0o711 });
  if ((await readdir(config.data)).some((name) => name !== 'micrarium.lock'))
    throw new StartRefused(
      `The data folder ${config.data} is not empty. Name another with --data, or empty it if it is what a restore left that was killed.`,
    );
  const report: RestoreReport = {
    madeAt: manifest.madeAt,
    rows: 0,
    objects: 0,
    bytes: 0,
    entered: [],
    toBeSentAgain: 0,
    failed: [],
    lost: { lastEvent: 0, events: [], unlisted: 0, versions: [], looked: [] },
  };
  try {
    await copyBack(from, config.data, report);
    report.rows = await loadInto(config, dump);
  } catch (fault) {
    // It was empty: half of an installation is none, and the command can be run again.
    for (const name of (await readdir(config.data)).filter((one) => one !== 'micrarium.lock'))
      await rm(join(config.data, name), { recursive: true, force: true });
    throw fault;
  }
  return await actAs({ actor: 'micrarium', via: 'operator' }, async () => await settle(config, report, remains));
}

async function settle(config: ServerConfig, report: RestoreReport, remains: readonly string[]): Promise<RestoreReport> {
  const open = await openData(config, 'alone');
  try {
    const head = await auditHead(open.db);
    if (open.elsewhere) {
      await fillBucket(open.elsewhere.bucket, config.data);
      for (const name of ['archive', 'blobs']) await rm(join(config.data, name), { recursive: true, force: true });
    }
    await open.archive.noteAllBlobs();
    await enterNewer(open, report);
    await settleDrafts(open, report);
    report.lost = await lostSince(
      remains,
      head,
      async (accession, version) => (await open.studies.getVersion(accession, version)) !== undefined,
    );
    const { lastEvent, newest } = report.lost;
    await noteAlone(open.db, 'installation.restore', 'installation', {
      backupOf: report.madeAt,
      lastEvent,
      ...(newest && newest.seq > lastEvent ? { lostUntil: newest.seq } : {}),
    });
  } finally {
    await open.close();
  }
  return report;
}

async function copyBack(from: string, data: string, report: RestoreReport): Promise<void> {
  const work = join(data, 'work/restore');
  await openStorageRoot(join(data, 'archive'));
  const failed = (place: string, error: unknown) => {
    if (!(error instanceof CopyRefused)) throw error;
    report.failed.push({ place, message: error.message });
  };
  const objects: string[] = [];
  for await (const object of objectFolders(join(from, 'archive'))) objects.push(object);
  await sideBySide(
    objects,
    async (object) => {
      report.objects++;
      await mirrorObject(join(from, 'archive', object), join(data, 'archive', object), work).then(
        (done) => void (report.bytes += done.bytes),
        (error: unknown) => failed(`archive/${object}`, error),
      );
    },
    objectsAtOnce,
  );
  await sideBySide(await stagedBlobs(from), async (sha256) => {
    const expected = { algorithm: 'sha256', digest: sha256 };
    await copyChecked(stagedPlace(from, sha256), stagedPlace(data, sha256), work, expected).then(
      (bytes) => void (report.bytes += bytes),
      (error: unknown) => failed(`blobs/${sha256}`, error),
    );
  });
  for (const [name, mode] of [
    ['session-secret', 0o600],
    ['audit-heads.ndjson', 0o644],
  ] as const)
    if (existsSync(join(from, name))) {
      await copyFile(join(from, name), join(data, name));
      await chmod(join(data, name), mode);
    }
}

async function loadInto(config: ServerConfig, dump: string): Promise<number> {
  const lock = takeDataLock(config.data);
  const cluster = config.databaseUrl === undefined ? await startEmbeddedCluster(config.data, () => {}) : undefined;
  const db = openDatabase(config.databaseUrl ?? cluster!.url, 2);
  try {
    const { rows } = await sql<{ n: number }>`select count(*)::bigint as n from pg_tables
      where schemaname = 'public'`.execute(db);
    if (rows[0]!.n > 0) throw new StartRefused('The database at DATABASE_URL is not empty. Name an empty one.');
    return (await loadDump(db, dump)).rows;
  } finally {
    await db.destroy();
    await cluster?.stop();
    lock.release();
  }
}

/** Versions published while the backup was made are in its archive and not in its database: published is published. */
async function enterNewer({ db, archive, studies }: OpenData, report: RestoreReport): Promise<void> {
  for await (const { accession, versions } of archive.list((place, message) => report.failed.push({ place, message })))
    for (const version of versions) {
      if ((await studies.getVersion(accession, version)) !== undefined) continue;
      const document = await archive.readVersion(accession, version);
      const draft = await db
        .updateTable('draft')
        .set({ state: 'publishing' })
        .where('accession', '=', accession)
        .where('version', '=', version)
        .where('state', 'in', ['editing', 'publishing'])
        .returning('id')
        .executeTakeFirst();
      await studies.recordVersion(document, searchDocument(document), draft?.id);
      report.entered.push(`${accession} v${version}`);
    }
}

/** Uploads under way are not in a backup, and jobs neither: files are asked for again, and drafts looked through again. */
async function settleDrafts({ db, databaseUrl, blobs }: OpenData, report: RestoreReport): Promise<void> {
  await sql`delete from upload`.execute(db);
  const files = await sql<{ draft_id: string; path: string; sha256: string | null; state: string }>`
    select draft_id, path, sha256, draft_file.state from draft_file join draft on draft.id = draft_id
    where draft.state in ('editing', 'publishing')`.execute(db);
  for (const { draft_id, path, sha256, state } of files.rows) {
    if (state === 'verified' && sha256 !== null && (await blobs.has(sha256))) continue;
    if (state !== 'expected') report.toBeSentAgain++;
    await db
      .updateTable('draft_file')
      .set({ state: 'expected', received: 0, sha256: null })
      .where('draft_id', '=', draft_id)
      .where('path', '=', path)
      .execute();
  }
  const jobs = await PgBossQueue.open({ url: databaseUrl, isOnlyWorker: true, onFault: () => {} });
  try {
    const open = await db.selectFrom('draft').select('id').where('state', '=', 'editing').execute();
    for (const { id } of open) await jobs.send('recognise-draft', { draftId: id }, id);
  } finally {
    await jobs.stop();
  }
}
