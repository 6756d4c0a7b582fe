import { join } from 'node:path';
import { DerivedOnDisk } from './derived-on-disk.ts';
import { makeRoot } from './durable-files.ts';
import type { Locks } from './locks.ts';
import type { Storage } from './open-storage.ts';
import { ArchiveInBucket } from './s3/archive-in-bucket.ts';
import { BlobsInBucket } from './s3/blobs-in-bucket.ts';
import { Bucket, type BucketSettings } from './s3/bucket.ts';
import { DerivedInBucket } from './s3/derived-in-bucket.ts';
import { LocalCopies } from './s3/local-copies.ts';
import { UploadsInBucket } from './s3/uploads-in-bucket.ts';

/** Storage whose bytes lie in a bucket. */
export interface BucketStorage extends Storage {
  bucket: Bucket;
  archive: ArchiveInBucket;
  blobs: BlobsInBucket;
}

/**
 * Opens the storage of a bucket. The data folder holds only what can be lost: forms while they are made (`work/forms`, `work/derived`) and
 * copies for programs that need a path (`work/copies`). Any number of processes may have it open, as long as they share the locks.
 * @param mostCopied bytes of copies kept on this machine
 */
export async function openBucketStorage(
  settings: BucketSettings,
  dataFolder: string,
  locks: Locks,
  mostCopied = 20e9,
): Promise<BucketStorage> {
  await makeRoot(dataFolder);
  const bucket = new Bucket(settings);
  const copies = new LocalCopies(bucket, join(dataFolder, 'work/copies'), mostCopied);
  const uploads = new UploadsInBucket(bucket, locks);
  const blobs = new BlobsInBucket(bucket, uploads, copies, locks);
  const workshop = await DerivedOnDisk.open(join(dataFolder, 'work/forms'), join(dataFolder, 'work/derived'));
  return {
    bucket,
    uploads,
    blobs,
    archive: await ArchiveInBucket.open(bucket, blobs, locks),
    derived: new DerivedInBucket(bucket, workshop, copies),
  };
}
