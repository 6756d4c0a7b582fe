import { readdir, readFile, realpath, rm, chmod } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { BlobMissing, digestsOfFile, sideBySide } from '@micrarium/repository';
import { sql } from 'kysely';
import { noteAlone } from '../audit/audit-log.ts';
import { writeDailyHead } from '../audit/verify-audit.ts';
import type { ServerConfig } from '../config.ts';
import type { Database } from '../database/connect.ts';
import { stagedPlace } from '../fixity/fixity-units.ts';
import { removeUnwantedCopies } from '../fixity/unwanted-copies.ts';
import { StartRefused } from '../start/start-refused.ts';
import { isNotThere, makeFolder, replaceFile } from '../storage/durable-files.ts';
import { copyChecked, CopyRefused, mirrorObject, sizeOf } from '../storage/ocfl/mirror-object.ts';
import { objectFolders, openStorageRoot } from '../storage/ocfl/layout.ts';
import { dumpDatabase } from './dump.ts';
import type { BucketStorage } from '../storage/open-bucket-storage.ts';
import { fetchFile, fetchObject } from '../storage/s3/exchange.ts';
import { openData } from './open-data.ts';
import { destroyPurged } from './purged-in-backup.ts';

/** The file that describes a backup. */
export interface BackupManifest {
  format: 'micrarium-backup';
  version: 1;
  madeAt: string;
  database: { file: string; sha256: string; rows: number };
}

/** What a backup did. */
export interface BackupReport {
  madeAt: string;
  rows: number;
  /** Objects of the archive in the backup, and what of them was new. */
  objects: number;
  files: number;
  bytes: number;
  /** Files of drafts. */
  blobs: number;
  /** Files of drafts that were in the folder and no draft needs any more. */
  removed: number;
  /** What could not be copied because its bytes are damaged here. */
  failed: { place: string; message: string }[];
}

/** Objects that are copied at once: of small ones, most of the time goes by waiting for the disk to have them. */
export const objectsAtOnce = 8;
/** Dumps kept beside the newest. */
const keptDumps = 7;

/**
 * Brings a backup folder up to date: the moment of the database is fixed first, then the archive and the files of drafts are copied as far as
 * they are not there, each file compared with its digest on the way. Laid out as a data folder, so that it can serve as second copy too. The
 * server may run. An earlier backup in the folder stays usable until this one is complete; then files go that no draft needs any more.
 * @throws StartRefused
 */
export async function backup(config: ServerConfig, folder: string): Promise<BackupReport> {
  await demandOwnFolder(config.data, folder);
  const open = await openData(config, 'shared');
  try {
    await makeFolder(join(folder, 'database'));
    await chmod(folder, 0o700);
    await writeDailyHead(open.db, config.data);
    // Before the moment of the database: no head in the backup may be newer than its log.
    await copySmallFiles(config.data, folder);
    const madeAt = new Date().toISOString();
    const file = `database/${madeAt.replaceAll(':', '-')}.ndjson.gz`;
    const report: BackupReport = { madeAt, rows: 0, objects: 0, files: 0, bytes: 0, blobs: 0, removed: 0, failed: [] };
    ({ rows: report.rows } = await dumpDatabase(open.databaseUrl, join(folder, file)));
    const wanted = await draftBlobs(open.db);
    await destroyPurged(open.db, folder, new Set(wanted.flatMap(({ sha256, isOpen }) => (isOpen ? [sha256] : []))));
    if (open.elsewhere) await fetchArchive(open.elsewhere, folder, report);
    else await copyArchive(config.data, folder, report);
    await sideBySide(wanted, async ({ sha256 }) => {
      if (open.elsewhere) await fetchBlob(open.elsewhere, folder, sha256, report);
      else await copyBlob(config.data, folder, sha256, report);
    });
    const { digests } = await digestsOfFile(join(folder, file), ['sha256']);
    const manifest: BackupManifest = {
      format: 'micrarium-backup',
      version: 1,
      madeAt,
      database: { file, sha256: digests[0]!, rows: report.rows },
    };
    await replaceFile(join(folder, 'backup.json'), `${JSON.stringify(manifest, null, 1)}\n`);
    await dropOldDumps(folder);
    report.removed = await removeUnwantedCopies(open.db, folder, {
      keep: new Set(wanted.map(({ sha256 }) => sha256)),
      // What could not be copied into the archive may be whole nowhere else.
      isPublishedKept: report.failed.length > 0,
    });
    await noteAlone(open.db, 'installation.backup', 'installation', { objects: report.objects });
    return report;
  } finally {
    await open.close();
  }
}

/** Digests of the files of drafts: open ones, and those that can be taken back. */
async function draftBlobs(db: Database): Promise<{ sha256: string; isOpen: boolean }[]> {
  const { rows } = await sql<{ sha256: string; isOpen: boolean }>`select sha256,
      bool_or(draft.state in ('editing', 'publishing')) as "isOpen"
    from draft_file join draft on draft.id = draft_id
    where draft_file.state = 'verified' and (draft.state in ('editing', 'publishing')
      or draft.state = 'discarded' and exists (select 1 from draft_trash where draft_id = draft.id))
    group by sha256`.execute(db);
  return rows;
}

async function copySmallFiles(data: string, folder: string): Promise<void> {
  for (const name of ['session-secret', 'audit-heads.ndjson'])
    if (existsSync(join(data, name))) {
      // In one go: killed at any point, the backup of before still has its own.
      await replaceFile(join(folder, name), await readFile(join(data, name)), 0o600);
    }
}

async function fetchArchive({ archive }: BucketStorage, folder: string, report: BackupReport): Promise<void> {
  await openStorageRoot(join(folder, 'archive'));
  for await (const object of archive.objects()) {
    report.objects++;
    await fetchObject(archive, object, join(folder, 'archive', object)).then(
      (done) => {
        report.files += done.files;
        report.bytes += done.bytes;
      },
      (error: unknown) => {
        if (!(error instanceof CopyRefused)) throw error;
        report.failed.push({ place: `archive/${object}`, message: error.message });
      },
    );
  }
}

async function fetchBlob(
  { blobs, bucket }: BucketStorage,
  folder: string,
  sha256: string,
  report: BackupReport,
): Promise<void> {
  try {
    const { key, size, place } = await blobs.whereIs(sha256);
    // What is published meanwhile lies in the archive, which has been copied or will be with the next backup.
    if (place === 'archived') return;
    const expected = { algorithm: 'sha256', digest: sha256 };
    const fetched = await fetchFile(bucket.stream(key, 0, size), stagedPlace(folder, sha256), expected);
    report.blobs++;
    report.bytes += fetched ?? 0;
  } catch (error) {
    if (!(error instanceof CopyRefused) && !(error instanceof BlobMissing)) throw error;
    report.failed.push({ place: `blobs/${sha256}`, message: error.message });
  }
}

async function copyArchive(data: string, folder: string, report: BackupReport): Promise<void> {
  await openStorageRoot(join(folder, 'archive'));
  const objects: string[] = [];
  for await (const object of objectFolders(join(data, 'archive'))) objects.push(object);
  await sideBySide(
    objects,
    async (object) => {
      report.objects++;
      try {
        const from = join(data, 'archive', object);
        const done = await mirrorObject(from, join(folder, 'archive', object), join(folder, 'work'));
        report.files += done.files;
        report.bytes += done.bytes;
      } catch (error) {
        if (!(error instanceof CopyRefused)) throw error;
        report.failed.push({ place: `archive/${object}`, message: error.message });
      }
    },
    objectsAtOnce,
  );
}

async function copyBlob(data: string, folder: string, sha256: string, report: BackupReport): Promise<void> {
  const [from, to] = [stagedPlace(data, sha256), stagedPlace(folder, sha256)];
  const size = await sizeOf(from);
  // What was published meanwhile lies in the archive, which is copied.
  if (size === undefined) return;
  report.blobs++;
  if (size === (await sizeOf(to))) return;
  try {
    const copied = await copyChecked(from, to, join(folder, 'work'), { algorithm: 'sha256', digest: sha256 });
    report.bytes += copied;
    report.files++;
  } catch (error) {
    if (!(error instanceof CopyRefused)) throw error;
    report.failed.push({ place: `blobs/${sha256}`, message: error.message });
  }
}

async function dropOldDumps(folder: string): Promise<void> {
  const dumps = (await readdir(join(folder, 'database'))).filter((name) => name.endsWith('.ndjson.gz')).sort();
  for (const name of dumps.slice(0, -keptDumps)) await rm(join(folder, 'database', name));
}

/** The description of a backup. @throws Error with a sentence for the person at the terminal */
export async function readManifest(folder: string): Promise<BackupManifest> {
  const text = await readFile(join(folder, 'backup.json'), 'utf8');
  const manifest = parsed(text);
  const isKnown = manifest?.format === 'micrarium-backup' && manifest.version === 1;
  // Read as it was written: a name that leads out of the backup is none of ours.
  if (!isKnown || !/^database\/[\w.-]+$/.test(String(manifest.database?.file)))
    throw new CopyRefused(`${join(folder, 'backup.json')} describes no backup that this program knows`);
  return manifest;
}

function parsed(text: string): BackupManifest | undefined {
  try {
    return (JSON.parse(text) as BackupManifest | null) ?? undefined;
  } catch (cause) {
    if (cause instanceof SyntaxError) return undefined;
    throw cause;
  }
}

/**
 * A backup closes its folder to others: one that holds other things, or a data folder whose database another user must enter, would be cut off.
 * @throws StartRefused
 */
async function demandOwnFolder(data: string, folder: string): Promise<void> {
  const [mine, target] = await Promise.all([realPlace(data), realPlace(folder)]);
  if (`${target}/`.startsWith(`${mine}/`) || `${mine}/`.startsWith(`${target}/`))
    throw new StartRefused(`${folder} and the data folder ${data} lie in each other. Name a folder apart from it.`);
  const names = (await readdir(folder).catch(ifNotThere)).filter((name) => name !== 'lost+found');
  const isOfOthers =
    names.length > 0 && !['archive', 'blobs', 'database', 'backup.json'].some((one) => names.includes(one));
  if (isOfOthers) throw new StartRefused(`${folder} holds other things. Name a new folder, or one with a backup.`);
  if (names.includes('database-password') || names.includes('micrarium.lock'))
    throw new StartRefused(`${folder} is the data folder of an installation. Name another folder for the backup.`);
  // Accessions of two installations are alike: one would write over the studies of the other.
  const secrets = await Promise.all(
    [data, folder].map(async (one) => await readFile(join(one, 'session-secret'), 'utf8').catch(nothingIfNotThere)),
  );
  if (secrets.every((one) => one !== undefined) && secrets[0] !== secrets[1])
    throw new StartRefused(
      `${folder} is the backup of another installation (its secret differs). Name another folder.`,
    );
}

/** Where a path leads, as far as it is there. */
async function realPlace(path: string): Promise<string> {
  return await realpath(path).catch(async (error: unknown) => {
    const above = dirname(path);
    if (!isNotThere(error) || above === path) throw error;
    return join(await realPlace(above), basename(path));
  });
}

function nothingIfNotThere(error: unknown): undefined {
  if (!isNotThere(error)) throw error;
}

function ifNotThere(error: unknown): string[] {
  if (isNotThere(error)) return [];
  throw error;
}
