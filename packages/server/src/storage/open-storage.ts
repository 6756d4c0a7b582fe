import { join } from 'node:path';
import type { BlobStore, DerivedStore, UploadArea } from '@micrarium/repository';
import { BlobsOnDisk } from './blobs-on-disk.ts';
import { DerivedOnDisk } from './derived-on-disk.ts';
import type { DiskReserve } from './disk-reserve.ts';
import { makeRoot } from './durable-files.ts';
import { ArchiveOnDisk } from './ocfl/archive-on-disk.ts';
import type { StudyArchive } from './ocfl/study-archive.ts';
import type { WriteStep } from './ocfl/write-version.ts';
import { UploadsOnDisk } from './uploads-on-disk.ts';

/** Everything that is stored outside the database. */
export interface Storage {
  blobs: BlobStore;
  archive: StudyArchive;
  derived: DerivedStore;
  uploads: UploadArea;
}

/** Storage that lies on disk below one data folder. */
export interface DiskStorage extends Storage {
  blobs: BlobsOnDisk;
  archive: ArchiveOnDisk;
  derived: DerivedOnDisk;
  uploads: UploadsOnDisk;
}

/**
 * Opens (or makes) the storage of a data folder: `archive` (the OCFL root), `blobs`, `uploads`, `derived`, `work` and `quarantine`, all on
 * one file system, because bytes move by rename and link. The server and its workers may have it open at once; only one process, the one that
 * runs `archive.recover()` first, may write to the archive and take uploads.
 * @param onStep see `ArchiveOnDisk.open`
 * @param reserve room on the disk that uploads leave
 */
export async function openStorage(
  dataFolder: string,
  onStep?: (step: WriteStep) => void | Promise<void>,
  reserve?: DiskReserve,
): Promise<DiskStorage> {
  await makeRoot(dataFolder);
  const archiveRoot = join(dataFolder, 'archive');
  const blobs = await BlobsOnDisk.open(join(dataFolder, 'blobs'), archiveRoot);
  const places = {
    root: archiveRoot,
    work: join(dataFolder, 'work/archive'),
    quarantine: join(dataFolder, 'quarantine'),
  };
  return {
    blobs,
    archive: await ArchiveOnDisk.open(places, blobs, onStep),
    derived: await DerivedOnDisk.open(join(dataFolder, 'derived'), join(dataFolder, 'work/derived')),
    uploads: await UploadsOnDisk.open(join(dataFolder, 'uploads'), reserve),
  };
}
